//! What the record of a meeting says of its quorum and of interests agrees with who was there.

use std::sync::Arc;

use minutebook_events::catalogue::{InterestDeclared, MeetingHeld};
use minutebook_events::{Payload, Refusal};

use super::{Candidate, broken};
use crate::Views;
use crate::meetings::Meeting;
use crate::quorum::{Quoracy, quorum_of};
use crate::stated::{At, Stated};
use crate::table::Moment;

pub(super) fn judge(views: &Views, candidate: &Candidate) -> Result<(), Refusal> {
    match &candidate.body.payload {
        Payload::MeetingHeld(fields) => quorum_stated(views, candidate, fields),
        Payload::InterestDeclared(fields) => was_there(views, candidate, fields),
        _ => Ok(()),
    }
}

/// Where a meeting is said to be quorate and its own list of those present can be counted, the rule
/// is met.
fn quorum_stated(
    views: &Views,
    candidate: &Candidate,
    fields: &MeetingHeld,
) -> Result<(), Refusal> {
    let subject = &candidate.body.common.subject;
    let Some(found) = views.meetings.get(subject) else {
        return Ok(());
    };
    let whole = (fields.quorate == Some(true)).then_some(None);
    let items = fields.quorum.iter().filter(|item| item.quorate);
    let mut stated = whole
        .into_iter()
        .chain(items.map(|item| Some(item.item.as_str())))
        .peekable();
    if stated.peek().is_none() {
        return Ok(());
    }
    let at = At {
        position: candidate.position,
        tick: views.entries.ticks(),
    };
    let meeting = Meeting {
        held: Some(Stated {
            at,
            fields: Arc::new(fields.clone()),
        }),
        ..found.clone()
    };
    let now = views.now(Moment::NOW.reader);
    for item in stated {
        let quorum = quorum_of(now, subject, &meeting, item);
        let Some(quorum) = quorum.filter(|quorum| quorum.quoracy == Quoracy::Inquorate) else {
            continue;
        };
        let what = match item {
            Some(item) => format!("item {item} of {subject}"),
            None => subject.to_string(),
        };
        let message = format!(
            "{what} is said to be quorate, and by those present it is not: {}",
            quorum.missing.join("; ")
        );
        return Err(broken("quorum-stated", message).instead(
            "list everyone who was present, mark who votes with voting, and say quorate only \
             where the rule is met",
        ));
    }
    Ok(())
}

/// Who declares an interest in an item was there. Until the meeting is held, nobody knows.
fn was_there(
    views: &Views,
    candidate: &Candidate,
    fields: &InterestDeclared,
) -> Result<(), Refusal> {
    let meeting = candidate.body.common.meeting.as_ref();
    let meeting = meeting.filter(|_| fields.item.is_some());
    let Some((id, held)) = meeting.and_then(|id| {
        let held = views.meetings.get(id)?.held.as_ref()?;
        Some((id, held))
    }) else {
        return Ok(());
    };
    let mut there = held.present.iter().chain(&held.in_attendance).peekable();
    let person = fields.person.subject();
    // Someone who is listed by post alone may be the one; so may anyone where nobody is listed.
    if there.peek().is_none()
        || held.chaired_by.as_ref() == Some(&person)
        || there.any(|one| one.person.as_ref().is_none_or(|one| *one == fields.person))
    {
        return Ok(());
    }
    let entry = held.at.position;
    let message = format!("{person} was not at {id}, says entry {entry}");
    Err(broken("interest-attendance", message)
        .because_of([entry])
        .instead("name the meeting at which it was declared, or leave item out for a standing one"))
}
