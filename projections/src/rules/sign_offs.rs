//! Signatures are asked for from each signatory apart, and the request ends before it is complete or
//! not at all. A text that changes is asked for anew: signatures never carry over.

use minutebook_events::catalogue::{SignOffRequested, Signatory};
use minutebook_events::{Payload, Refusal, SubjectId};

use super::{Candidate, broken};
use crate::Views;
use crate::signoffs::{SignOff, SignOffState};

pub(super) fn judge(views: &Views, candidate: &Candidate) -> Result<(), Refusal> {
    match &candidate.body.payload {
        Payload::SignOffRequested(fields) => {
            apart(&fields.signatories)?;
            not_only_oneself(candidate, &fields.signatories)?;
            match &fields.replaces {
                Some(old) => replaced(views, fields, old),
                None => Ok(()),
            }
        }
        _ => Ok(()),
    }
}

/// A document does not end a request of this record, so this binds imports too.
pub(super) fn cancelled(views: &Views, candidate: &Candidate) -> Result<(), Refusal> {
    let common = &candidate.body.common;
    let sign_off = match candidate.body.payload {
        Payload::SignOffCancelled(_) => views.signoffs.get(&common.subject),
        _ => None,
    };
    let Some(sign_off) = sign_off else {
        return Ok(());
    };
    open(&common.subject, sign_off)?;
    let asked = sign_off.begun();
    if common.imported && !views.entries.is_imported(asked) {
        let message = format!(
            "signatures on {} are asked for in this record, which no document ends",
            common.subject
        );
        return Err(broken("sign-off-open", message)
            .because_of([asked.position])
            .instead("record SignOffCancelled as an event of its own, not as imported"));
    }
    match sign_off.state() {
        SignOffState::Complete => Err(complete(
            &common.subject,
            sign_off,
            "record what changes as a decision or agreement of its own",
        )),
        _ => Ok(()),
    }
}

/// Whether a sign-off takes answers: it was asked for here, and is not cancelled.
pub(super) fn open(id: &SubjectId, sign_off: &SignOff) -> Result<(), Refusal> {
    if sign_off.request().is_none() {
        let message = format!("{id} is attested by a document: nobody is asked to sign it here");
        return Err(broken("sign-off-open", message)
            .because_of([sign_off.begun().position])
            .instead("ask for signatures with SignOffRequested"));
    }
    let Some(cancelled) = &sign_off.cancelled else {
        return Ok(());
    };
    let entry = cancelled.at.position;
    let message = format!("{id} was cancelled in entry {entry}");
    Err(broken("sign-off-open", message)
        .because_of([entry])
        .instead(match &cancelled.replacement {
            Some(newer) => format!("look at {newer}, which replaces it"),
            None => "ask for signatures anew with SignOffRequested".to_owned(),
        }))
}

/// What is complete stays so.
pub(super) fn complete(id: &SubjectId, sign_off: &SignOff, advice: &str) -> Refusal {
    let signed = sign_off.asked().filter(|one| one.has_signed());
    let mut entries: Vec<u64> = signed
        .filter_map(|one| Some(one.response?.at.position))
        .collect();
    entries.sort_unstable();
    entries.dedup();
    broken(
        "sign-off-complete",
        format!("{id} is complete, and stays so"),
    )
    .because_of(entries)
    .instead(advice)
}

/// Nobody's one signature counts for two signatories.
fn apart(signatories: &[Signatory]) -> Result<(), Refusal> {
    for (index, one) in signatories.iter().enumerate() {
        let Some(organisation) = &one.organisation else {
            continue;
        };
        let same = |other: &&Signatory| other.organisation.as_ref() == Some(organisation);
        let mut later = signatories
            .iter()
            .skip(index.saturating_add(1))
            .filter(same);
        if later.any(|other| one.person.is_none() || other.person.is_none()) {
            let message = format!("{organisation} is asked twice, and one signature answers both");
            return Err(broken("sign-off-apart", message)
                .instead("name the person of each signatory, or ask the organisation once"));
        }
    }
    Ok(())
}

fn not_only_oneself(candidate: &Candidate, signatories: &[Signatory]) -> Result<(), Refusal> {
    let signer = &candidate.claims.signer;
    match signatories {
        [only] if only.person.as_ref() == Some(signer) => Err(own(
            "whoever asks for signatures cannot be the only one to sign",
        )),
        _ => Ok(()),
    }
}

pub(super) fn own(message: &str) -> Refusal {
    broken("sign-off-own", message)
        .instead("have someone else ask for the signatures, or ask another signatory as well")
}

fn replaced(views: &Views, fields: &SignOffRequested, old: &SubjectId) -> Result<(), Refusal> {
    let Some(sign_off) = views.signoffs.get(old) else {
        return Ok(());
    };
    let refuse = |message: String, advice: &str| {
        Err(broken("sign-off-replaces", message)
            .because_of([sign_off.begun().position])
            .instead(advice))
    };
    let state = sign_off.state();
    if state != SignOffState::Cancelled {
        let message = format!("{old} is {}, so nothing replaces it", state.name());
        return match state {
            SignOffState::Waiting => refuse(message, "record SignOffCancelled for it first"),
            _ => refuse(message, "leave replaces out"),
        };
    }
    match sign_off.request() {
        Some(request) if request.text == fields.text => {
            let message = format!("this is the very text of {old}, which was cancelled");
            refuse(message, "give the new text, or leave replaces out")
        }
        _ => Ok(()),
    }
}
