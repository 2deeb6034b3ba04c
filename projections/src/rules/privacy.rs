//! An entry speaks only of what its readers may know of.
//!
//! A public entry that is about a private decision, or names it in a field, would tell everyone that
//! there is such a decision. What a thing began with decides: to release it later is `Published`,
//! the one public entry that may be about it.
//!
//! Entries and people are apart. That there is an entry with some number is public of every entry,
//! and so is the opaque id of whoever signed it.

use minutebook_events::{Confidentiality, EventType, Kind, Refusal, SubjectId};

use super::{Candidate, broken, tells_history};
use crate::subjects::Subject;

/// Whether the candidate may be about its subject.
pub(super) fn judge(candidate: &Candidate, subject: Option<&Subject>) -> Result<(), Refusal> {
    if candidate.body.event_type() == EventType::Published {
        return Ok(());
    }
    named(candidate, &candidate.body.common.subject, subject)
}

/// Whether the candidate may name this.
pub(super) fn named(
    candidate: &Candidate,
    id: &SubjectId,
    known: Option<&Subject>,
) -> Result<(), Refusal> {
    let level = candidate.body.common.confidentiality;
    let Some(known) = known.filter(|known| known.confidentiality > level) else {
        return Ok(());
    };
    if matches!(id.kind(), Kind::Person | Kind::Record) || tells_history(candidate) {
        return Ok(());
    }
    let (private, level) = (name(known.confidentiality), name(level));
    let message = format!(
        "{id} began as {private}, and a {level} entry that speaks of it would tell more people \
         that it exists"
    );
    Err(broken("private-subject", message)
        .because_of(known.begun.as_ref().map(|begun| begun.position))
        .instead(format!(
            "record it as {private}, or give what is {level} an id of its own; to release {id}, \
             record Published"
        )))
}

/// The word for it, as it stands in events.
pub(super) fn name(level: Confidentiality) -> &'static str {
    match level {
        Confidentiality::Public => "public",
        Confidentiality::Part2 => "part-2",
        Confidentiality::Restricted => "restricted",
    }
}
