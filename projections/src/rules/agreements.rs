//! An agreement has parties that join and leave until it ends, and rests on complete sign-offs.

use minutebook_events::document::DocumentRef;
use minutebook_events::{Payload, Refusal, SubjectId};

use super::{Candidate, broken};
use crate::Views;
use crate::agreements::{Agreement, Move};
use crate::signoffs::SignOffState;

pub(super) fn judge(views: &Views, candidate: &Candidate) -> Result<(), Refusal> {
    let subject = &candidate.body.common.subject;
    let going_on = || match views.agreements.get(subject) {
        Some(agreement) => not_ended(subject, agreement).map(|()| Some(agreement)),
        None => Ok(None),
    };
    let signed = |by: &Option<SubjectId>, text: Option<&DocumentRef>| match by {
        Some(sign_off) => signed(views, subject, sign_off, text),
        None => Ok(()),
    };
    match &candidate.body.payload {
        Payload::AgreementMade(f) => signed(&f.sign_off, f.document.as_ref()),
        Payload::AgreementVaried(f) => {
            going_on()?;
            signed(&f.sign_off, f.document.as_ref())
        }
        Payload::PartyJoined(f) => {
            if let Some(agreement) = going_on()? {
                joins(subject, agreement, &f.party)?;
            }
            signed(&f.sign_off, None)
        }
        Payload::PartyLeft(f) => match going_on()? {
            Some(agreement) => leaves(subject, agreement, &f.party),
            None => Ok(()),
        },
        Payload::AgreementEnded(_) => going_on().map(|_| ()),
        _ => Ok(()),
    }
}

fn not_ended(subject: &SubjectId, agreement: &Agreement) -> Result<(), Refusal> {
    let Some(ended) = &agreement.ended else {
        return Ok(());
    };
    let entry = ended.at.position;
    let message = format!("{subject} ended in entry {entry}");
    Err(broken("agreement-ended", message)
        .because_of([entry])
        .instead(match &ended.replaced_by {
            Some(newer) => format!("record it for {newer}, which took its place"),
            None => "record a new agreement with AgreementMade".to_owned(),
        }))
}

fn joins(subject: &SubjectId, agreement: &Agreement, party: &SubjectId) -> Result<(), Refusal> {
    if !agreement.parties().contains(&party) {
        return Ok(());
    }
    let joined = agreement.moves.iter().find_map(|step| match step {
        Move::Joined(joined) if joined.party == *party => Some(joined.at),
        _ => None,
    });
    let entry = joined.unwrap_or(agreement.made.at).position;
    let message = format!("{party} is a party to {subject} since entry {entry}");
    Err(broken("party-joined", message)
        .because_of([entry])
        .instead("record what changes for it as AgreementVaried"))
}

fn leaves(subject: &SubjectId, agreement: &Agreement, party: &SubjectId) -> Result<(), Refusal> {
    let parties = agreement.parties();
    if parties.contains(&party) {
        return Ok(());
    }
    let left = agreement.moves.iter().find_map(|step| match step {
        Move::Left(left) if left.party == *party => Some(left.at.position),
        _ => None,
    });
    let message = format!("{party} is no party to {subject}, so it cannot leave");
    Err(broken("party-unknown", message).because_of(left).instead(
        match super::one_of(&parties).as_str() {
            "" => "it has no parties any more: record AgreementEnded".to_owned(),
            parties => format!("name the party as it joined: {parties}"),
        },
    ))
}

/// A sign-off by which something was agreed is complete, brings about this agreement, and was on
/// the text that was agreed. What a document attests was not signed here.
fn signed(
    views: &Views,
    subject: &SubjectId,
    id: &SubjectId,
    text: Option<&DocumentRef>,
) -> Result<(), Refusal> {
    let Some(sign_off) = views.signoffs.get(id) else {
        return Ok(());
    };
    let refuse = |rule, message: String, advice: &str| {
        Err(broken(rule, message)
            .because_of([sign_off.begun().position])
            .instead(advice))
    };
    match sign_off.state() {
        SignOffState::Complete => {}
        SignOffState::Attested => {
            let message = format!("{id} is attested by a document and was not signed here");
            let advice = "leave it out, or import the agreement from that document";
            return refuse("agreement-signed", message, advice);
        }
        state @ (SignOffState::Waiting | SignOffState::Cancelled) => {
            let (signed, needed) = sign_off.progress();
            let state = state.name();
            let message = format!("{id} is {state}: {signed} of {needed} have signed");
            let advice = "wait until the sign-off is complete";
            return refuse("agreement-signed", message, advice);
        }
    }
    if let Some(other) = sign_off.agreement().filter(|other| *other != subject) {
        let message = format!("{id} was signed to bring about {other}, not {subject}");
        let advice = "name the sign-off on this agreement";
        return refuse("agreement-signed", message, advice);
    }
    match (sign_off.request(), text) {
        (Some(request), Some(text)) if request.text != text.sha256 => {
            let message = format!("the text of {subject} is not the one that {id} signed");
            let advice = format!("give the document whose SHA-256 is {}", request.text);
            refuse("agreement-text", message, &advice)
        }
        _ => Ok(()),
    }
}
