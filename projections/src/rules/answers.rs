//! Those who were asked sign the exact text, each once, while the request is open. Declines stay
//! visible; a signature is taken back only before the sign-off is complete.

use minutebook_events::catalogue::{SignOffRequested, Signatory};
use minutebook_events::{Digest, Payload, Refusal, RefusalKind, SubjectId};

use super::{Candidate, broken, one_of, sign_offs};
use crate::Views;
use crate::signoffs::{Answer, Asked, Response, SignOff, SignOffState, answers_for};

pub(super) fn judge(views: &Views, candidate: &Candidate) -> Result<(), Refusal> {
    let (answer, text) = match &candidate.body.payload {
        Payload::SignOffGiven(fields) => (Answer::Given, Some(&fields.text)),
        Payload::SignOffDeclined(fields) => (Answer::Declined, fields.text.as_ref()),
        Payload::SignOffWithdrawn(fields) => (Answer::Withdrawn, fields.text.as_ref()),
        _ => return Ok(()),
    };
    let id = &candidate.body.common.subject;
    let Some(sign_off) = views.signoffs.get(id) else {
        return Ok(());
    };
    sign_offs::open(id, sign_off)?;
    let Some(request) = sign_off.request() else {
        return Ok(());
    };
    let asked_in = sign_off.begun().position;
    exact(id, request, text).map_err(|refusal| refusal.because_of([asked_in]))?;
    let asked = asked(candidate, sign_off);
    if asked.is_empty() {
        return Err(not_asked(candidate, request).because_of([asked_in]));
    }
    match answer {
        Answer::Given => {
            once(id, &asked)?;
            not_by_oneself(views, candidate, sign_off)
        }
        Answer::Declined => match signature(&asked) {
            Some(given) => {
                let entry = given.at.position;
                let message = format!("{id} is signed for this signatory in entry {entry}");
                Err(broken("sign-off-once", message)
                    .because_of([entry])
                    .instead("take the signature back with SignOffWithdrawn"))
            }
            None => Ok(()),
        },
        Answer::Withdrawn if signature(&asked).is_none() => {
            let message = format!("there is no signature of this signatory on {id} to take back");
            Err(broken("sign-off-not-signed", message)
                .because_of(
                    asked
                        .iter()
                        .filter_map(|one| Some(one.response?.at.position)),
                )
                .instead("record SignOffDeclined to say no"))
        }
        Answer::Withdrawn if sign_off.state() == SignOffState::Complete => Err(
            sign_offs::complete(id, sign_off, "ask the body to change what was signed"),
        ),
        Answer::Withdrawn => Ok(()),
    }
}

/// The signatories that this answer speaks for.
fn asked<'a>(candidate: &Candidate, sign_off: &'a SignOff) -> Vec<Asked<'a>> {
    let (person, of) = (
        &candidate.claims.signer,
        candidate.body.common.capacity.of.as_ref(),
    );
    let speaks = |one: &Asked<'_>| answers_for(one.signatory, person, of);
    sign_off.asked().filter(speaks).collect()
}

/// A signature that is there for any of them.
fn signature<'a>(asked: &[Asked<'a>]) -> Option<&'a Response> {
    let mut signed = asked.iter().filter(|one| one.has_signed());
    signed.find_map(|one| one.response)
}

fn exact(id: &SubjectId, request: &SignOffRequested, text: Option<&Digest>) -> Result<(), Refusal> {
    match text {
        Some(text) if *text != request.text => {
            let message = format!("{id} asks for signatures on another text than {text}");
            Err(broken("sign-off-text", message).instead(format!(
                "read the text whose SHA-256 is {}, and answer to that",
                request.text
            )))
        }
        _ => Ok(()),
    }
}

fn not_asked(candidate: &Candidate, request: &SignOffRequested) -> Refusal {
    let common = &candidate.body.common;
    let whom = match &common.capacity.of {
        Some(of) => format!(
            "the signer was not asked to sign {} for {of}",
            common.subject
        ),
        None => format!("the signer was not asked to sign {}", common.subject),
    };
    let words = |one: &Signatory| match (&one.organisation, &one.person) {
        (Some(organisation), Some(person)) => format!("person {person} for {organisation}"),
        (Some(organisation), None) => format!("a signatory of {organisation}"),
        (None, Some(person)) => format!("person {person}"),
        (None, None) => "a signatory".to_owned(),
    };
    let asked = one_of(request.signatories.iter().map(words));
    Refusal::new(RefusalKind::NotAuthorised, "sign-off-asked", whom)
        .instead(format!("those who are asked sign themselves: {asked}"))
}

/// Once for each signatory: for an organisation, whoever signs for it.
fn once(id: &SubjectId, asked: &[Asked<'_>]) -> Result<(), Refusal> {
    if !asked.iter().all(Asked::has_signed) {
        return Ok(());
    }
    let Some(given) = signature(asked) else {
        return Ok(());
    };
    let entry = given.at.position;
    let whom = given.of.as_ref().map(|of| format!(" for {of}"));
    let whom = whom.unwrap_or_default();
    let message = format!("{id} was signed{whom} in entry {entry} already");
    Err(broken("sign-off-once", message)
        .because_of([entry])
        .instead("nothing more is needed; the first signature counts"))
}

/// Whoever asked for the signatures does not make the sign-off complete alone.
fn not_by_oneself(views: &Views, candidate: &Candidate, sign_off: &SignOff) -> Result<(), Refusal> {
    let signer = &candidate.claims.signer;
    let requester = views.entries.get(sign_off.begun().tick);
    if requester.is_none_or(|entry| *entry.signer != *signer) {
        return Ok(());
    }
    let of = candidate.body.common.capacity.of.as_ref();
    let (signed, needed) = sign_off.progress();
    let more = sign_off
        .asked()
        .filter(|one| !one.has_signed() && answers_for(one.signatory, signer, of))
        .count();
    let others = sign_off.asked().any(|one| {
        let by_other = |response: &Response| *response.person != *signer;
        one.has_signed() && one.response.is_some_and(by_other)
    });
    if others || signed.saturating_add(more) < needed {
        return Ok(());
    }
    Err(
        sign_offs::own("whoever asks for signatures cannot be the only one to sign")
            .because_of([sign_off.begun().position]),
    )
}
