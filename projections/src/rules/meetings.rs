//! Meetings are called by bodies that are there, and take place once or not at all.

use minutebook_events::catalogue::{AgendaPublished, MeetingCalled, MeetingHeld};
use minutebook_events::{Payload, Refusal, SubjectId};

use super::{Candidate, broken, days, in_the_way};
use crate::Views;
use crate::meetings::Meeting;
use crate::stated::Stated;

pub(super) fn judge(views: &Views, candidate: &Candidate) -> Result<(), Refusal> {
    let subject = &candidate.body.common.subject;
    let meeting = || views.meetings.get(subject);
    match &candidate.body.payload {
        Payload::MeetingCalled(fields) => called(views, fields),
        Payload::MeetingCancelled(_) => meeting().map_or(Ok(()), |meeting| {
            not_held(candidate, meeting)?;
            not_cancelled(subject, meeting)
        }),
        Payload::MeetingHeld(_) => meeting().map_or(Ok(()), |meeting| {
            not_held(candidate, meeting)?;
            not_cancelled(subject, meeting)?;
            not_ahead(candidate, meeting)
        }),
        Payload::AgendaPublished(fields) => meeting().map_or(Ok(()), |meeting| {
            not_cancelled(subject, meeting)?;
            agenda(candidate, meeting, fields)
        }),
        _ => Ok(()),
    }
}

/// A meeting that took place, in which something can have been done, and that it did.
pub(super) fn held<'a>(
    views: &'a Views,
    id: &SubjectId,
) -> Result<(&'a Meeting, &'a Stated<MeetingHeld>), Refusal> {
    let refused = |message: String| broken("meeting-held", message);
    let Some(meeting) = views.meetings.get(id) else {
        // It is in the record, and these views have not seen its call.
        return Err(refused(format!("nothing is known of {id}")).instead("record MeetingCalled"));
    };
    if let Some(held) = &meeting.held {
        return Ok((meeting, held));
    }
    Err(match &meeting.cancelled {
        Some(cancelled) => {
            let entry = cancelled.at.position;
            refused(format!("{id} was cancelled in entry {entry}"))
                .because_of([entry])
                .instead("name the meeting that took place")
        }
        None => refused(format!("{id} was called, and is not recorded as held"))
            .because_of([meeting.called.at.position])
            .instead("record MeetingHeld first"),
    })
}

fn called(views: &Views, fields: &MeetingCalled) -> Result<(), Refusal> {
    let Some(id) = fields.body.as_ref() else {
        return Ok(());
    };
    let Some(dissolved) = views
        .bodies
        .get(id)
        .and_then(|body| body.dissolved.as_ref())
    else {
        return Ok(());
    };
    // What it did while it was there may be recorded late.
    let entry = views.entries.get(dissolved.at.tick);
    let ended = entry.and_then(|entry| entry.said.as_ref()?.effective.as_deref());
    if days::is_before(fields.date.as_ref(), ended) {
        return Ok(());
    }
    let entry = dissolved.at.position;
    let message = format!("{id} was dissolved in entry {entry}, so it does not meet");
    let refusal = broken("body-dissolved", message).because_of([entry]);
    Err(match &dissolved.successor {
        Some(successor) => refusal.instead(format!("call a meeting of {successor}, its successor")),
        None => refusal.instead("call a meeting of the body that took over its work"),
    })
}

fn not_held(candidate: &Candidate, meeting: &Meeting) -> Result<(), Refusal> {
    let Some(held) = &meeting.held else {
        return Ok(());
    };
    let (subject, entry) = (&candidate.body.common.subject, held.at.position);
    let message = format!("{subject} took place, says entry {entry}");
    let refusal = in_the_way(candidate, entry, "meeting-held-already", message);
    Err(refusal.instead("record CorrectionRecorded where that entry is wrong"))
}

fn not_cancelled(subject: &SubjectId, meeting: &Meeting) -> Result<(), Refusal> {
    let Some(cancelled) = &meeting.cancelled else {
        return Ok(());
    };
    let entry = cancelled.at.position;
    let message = format!("{subject} was cancelled in entry {entry}");
    Err(broken("meeting-cancelled", message)
        .because_of([entry])
        .instead("call a meeting with an id of its own"))
}

/// Nothing was held before its day.
fn not_ahead(candidate: &Candidate, meeting: &Meeting) -> Result<(), Refusal> {
    let common = &candidate.body.common;
    let date = common.effective.as_ref().or(meeting.date());
    let Some(date) = date.filter(|date| days::lies_ahead(candidate, date)) else {
        return Ok(());
    };
    let message = format!(
        "{} cannot have been held on {date}, which has not come yet",
        common.subject
    );
    Err(broken("held-in-future", message)
        .because_of([meeting.called.at.position])
        .instead(
            "record it when the day has come, or give the day on which it was held in effective",
        ))
}

fn agenda(
    candidate: &Candidate,
    meeting: &Meeting,
    fields: &AgendaPublished,
) -> Result<(), Refusal> {
    let newest = meeting.agenda.as_ref();
    let next = newest.map_or(1, |agenda| agenda.version.saturating_add(1));
    if fields.version == next {
        return Ok(());
    }
    let subject = &candidate.body.common.subject;
    let refusal = match newest {
        Some(Stated { at, fields }) => {
            let message = format!(
                "the newest agenda of {subject} is version {}",
                fields.version
            );
            in_the_way(candidate, at.position, "agenda-version", message)
        }
        None => broken("agenda-version", format!("{subject} has no agenda yet")),
    };
    Err(refusal.instead(format!("give it version {next}")))
}
