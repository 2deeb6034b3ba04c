//! An organisation is succeeded once, and never by one that it succeeded.

use minutebook_events::{Payload, Refusal, SubjectId};

use super::{Candidate, broken};
use crate::Views;

pub(super) fn judge(views: &Views, candidate: &Candidate) -> Result<(), Refusal> {
    let Payload::OrganisationSucceeded(fields) = &candidate.body.payload else {
        return Ok(());
    };
    let successor = &candidate.body.common.subject;
    for predecessor in &fields.predecessors {
        once(views, predecessor)?;
        no_circle(views, successor, predecessor)?;
    }
    Ok(())
}

fn once(views: &Views, predecessor: &SubjectId) -> Result<(), Refusal> {
    let organisation = views.organisations.get(predecessor);
    let Some((by, said)) = organisation.and_then(|one| one.successor.as_ref()) else {
        return Ok(());
    };
    let entry = said.at.position;
    let message = format!("{predecessor} was succeeded by {by} in entry {entry}");
    Err(broken("organisation-succeeded", message)
        .because_of([entry])
        .instead(format!(
            "name {by} as the predecessor where that was replaced in its turn"
        )))
}

/// Walks from the successor along those that succeeded it.
fn no_circle(views: &Views, successor: &SubjectId, predecessor: &SubjectId) -> Result<(), Refusal> {
    let mut at = successor;
    let mut entries = Vec::new();
    // No further than there are organisations: documents may have been imported that say a circle.
    for _ in 0..=views.organisations.len() {
        let organisation = views.organisations.get(at);
        let Some((by, said)) = organisation.and_then(|one| one.successor.as_ref()) else {
            return Ok(());
        };
        entries.push(said.at.position);
        if **by == *predecessor {
            let message = format!("{predecessor} succeeded {successor}, not the other way round");
            return Err(broken("succession-circle", message)
                .because_of(entries)
                .instead("register the organisation that came back under an id of its own"));
        }
        at = by;
    }
    Ok(())
}
