//! What began in private is published only where a decision releases it.

use minutebook_events::{Confidentiality, Kind, Payload, Refusal, SubjectId};

use super::{Candidate, broken};
use crate::Views;
use crate::subjects::Subject;

pub(super) fn judge(
    views: &Views,
    candidate: &Candidate,
    subject: Option<&Subject>,
) -> Result<(), Refusal> {
    let Payload::Published(fields) = &candidate.body.payload else {
        return Ok(());
    };
    let id = &candidate.body.common.subject;
    if !began_private(views, id, subject) {
        return Ok(());
    }
    let refused = |message: String, entry: Option<u64>| {
        Err(broken("published-by-decision", message)
            .because_of(entry)
            .instead("name in decision the decision that releases it, once it is made"))
    };
    let Some(decision) = &fields.decision else {
        let message = format!("{id} began in private, and no decision releases it");
        return refused(message, subject.and_then(Subject::newest));
    };
    match views.decisions.get(decision) {
        Some(found) if found.stands() => Ok(()),
        found => {
            let state = found.map_or("no decision", |found| found.state().name());
            let entry = found.and_then(super::decisions::ended_or_foreseen);
            refused(
                format!("{decision}, which is to release {id}, is {state}"),
                entry,
            )
        }
    }
}

fn began_private(views: &Views, id: &SubjectId, subject: Option<&Subject>) -> bool {
    let level = match id.kind() {
        Kind::Record => {
            // From its first entry on, an entry's tick is its index.
            let entry = id.name().parse().ok().and_then(|n| views.entries.get(n));
            entry.and_then(|entry| Some(entry.said.as_ref()?.confidentiality))
        }
        _ => subject.map(|subject| subject.confidentiality),
    };
    level.is_some_and(|level| level > Confidentiality::Public)
}
