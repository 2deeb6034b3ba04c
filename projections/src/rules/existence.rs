//! What an event is about is in the record, or is not, as its type needs.

use minutebook_events::{Event, Kind, Payload, Refusal, RefusalKind};

use super::Candidate;
use crate::Views;
use crate::subjects::Subject;
use crate::touch::{Touch, touch};

pub(super) fn judge(
    views: &Views,
    candidate: &Candidate,
    known: Option<&Subject>,
) -> Result<(), Refusal> {
    let event = &candidate.body;
    let subject = &event.common.subject;
    match touch(event.event_type(), subject.kind()) {
        Touch::Creates => match known.and_then(|known| known.begun.as_ref()) {
            Some(begun) => Err(exists(candidate, begun.position)),
            None => Ok(()),
        },
        Touch::Opens => match begun_once(views, event) {
            Some(entry) => Err(exists(candidate, entry)),
            None => Ok(()),
        },
        Touch::Changes(_) | Touch::Adds if views.is_there(subject, || known) => {
            corrected(candidate)
        }
        Touch::Changes(_) | Touch::Adds => Err(missing(candidate)),
    }
}

/// The entry that did what may be done only once to a subject that may be there before.
fn begun_once(views: &Views, event: &Event) -> Option<u64> {
    let subject = &event.common.subject;
    match event.payload {
        Payload::PersonEnrolled(_) => views
            .people
            .get(&subject.person()?)?
            .enrolled_at
            .map(|at| at.position),
        Payload::DecisionMade(_) => views
            .decisions
            .get(subject)?
            .made
            .as_ref()
            .map(|made| made.at.position),
        _ => None,
    }
}

fn exists(candidate: &Candidate, entry: u64) -> Refusal {
    let subject = &candidate.body.common.subject;
    let name = candidate.body.event_type().name();
    // Another person may have taken the id since; the signer is not to blame for that.
    let kind = if entry >= candidate.claims.seen.size {
        RefusalKind::Conflict
    } else {
        RefusalKind::RuleBroken
    };
    let message = format!("{subject} is in the record already, since entry {entry}");
    Refusal::new(kind, "already-exists", message)
        .because_of([entry])
        .instead(format!(
            "give {name} an id of its own, or record the change to {subject}"
        ))
}

fn missing(candidate: &Candidate) -> Refusal {
    let subject = &candidate.body.common.subject;
    let name = candidate.body.event_type().name();
    let message = format!("{subject} is not in the record, so {name} cannot be about it");
    let advice = match subject.kind() {
        Kind::Record => "give the number of an entry that is in the record".to_owned(),
        kind => format!("check the id, or record the {} first", kind.name()),
    };
    Refusal::new(RefusalKind::NotFound, "subject-exists", message).instead(advice)
}

/// What is corrected is an entry, which must be there as well.
fn corrected(candidate: &Candidate) -> Result<(), Refusal> {
    match &candidate.body.payload {
        Payload::CorrectionRecorded(fields) if fields.entry >= candidate.position => {
            let message = format!("there is no entry {} to correct", fields.entry);
            Err(
                Refusal::new(RefusalKind::NotFound, "subject-exists", message)
                    .instead("give the number of the entry that holds the mistake"),
            )
        }
        _ => Ok(()),
    }
}
