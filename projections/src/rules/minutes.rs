//! Minutes record a meeting that took place, and a later one approves them word for word. After that
//! they change only by a correction that a later meeting minutes.

use minutebook_events::catalogue::{MinutesAmended, MinutesApproved, MinutesDrafted};
use minutebook_events::{Payload, Period, Refusal, SubjectId};

use super::{Candidate, broken, days, in_the_way, meetings, on_behalf};
use crate::Views;
use crate::meetings::Meeting;
use crate::minutes::Minutes;
use crate::stated::At;

pub(super) fn judge(views: &Views, candidate: &Candidate) -> Result<(), Refusal> {
    let minutes = || views.minutes.table.get(&candidate.body.common.subject);
    match &candidate.body.payload {
        Payload::MinutesDrafted(fields) => drafted(views, candidate, minutes(), fields),
        Payload::MinutesAmended(fields) => match minutes() {
            Some(minutes) => amended(views, candidate, minutes, fields),
            None => Ok(()),
        },
        Payload::MinutesApproved(fields) => match minutes() {
            Some(minutes) => approved(views, candidate, minutes, fields),
            None => Ok(()),
        },
        _ => Ok(()),
    }
}

fn drafted(
    views: &Views,
    candidate: &Candidate,
    minutes: Option<&Minutes>,
    fields: &MinutesDrafted,
) -> Result<(), Refusal> {
    let subject = &candidate.body.common.subject;
    meetings::held(views, &fields.minutes_of)?;
    let Some(minutes) = minutes else {
        only_ones(views, candidate, fields)?;
        return version(candidate, None, fields.version);
    };
    if let Some(draft) = minutes.drafts.newest()
        && draft.minutes_of != fields.minutes_of
    {
        let message = format!(
            "{subject} record {}, not {}",
            draft.minutes_of, fields.minutes_of
        );
        return Err(broken("minutes-meeting", message)
            .because_of([draft.at.position])
            .instead("give the minutes of another meeting an id of their own"));
    }
    if let Some(approved) = &minutes.approved {
        return Err(once_approved(candidate, approved.at.position));
    }
    version(candidate, Some(minutes), fields.version)
}

/// A meeting has one set of minutes for each circle of readers: those of its private part stand
/// apart.
fn only_ones(views: &Views, candidate: &Candidate, fields: &MinutesDrafted) -> Result<(), Refusal> {
    let level = candidate.body.common.confidentiality;
    let mut others = views.minutes.of_meeting.of(&fields.minutes_of);
    let other = others.find_map(|id| {
        let subject = views.subjects.get(id)?;
        let begun = subject.begun.as_ref()?.position;
        (subject.confidentiality == level).then_some((id, begun))
    });
    let Some((other, entry)) = other else {
        return Ok(());
    };
    let message = format!("the minutes of {} are {other}", fields.minutes_of);
    Err(in_the_way(candidate, entry, "minutes-once", message)
        .instead(format!("record the next version of {other}")))
}

/// Versions count up by one, through drafts and the amendments that bring a text.
fn version(candidate: &Candidate, minutes: Option<&Minutes>, version: u32) -> Result<(), Refusal> {
    let newest = minutes.and_then(newest_version);
    let next = newest.map_or(1, |(newest, _)| newest.saturating_add(1));
    if version == next {
        return Ok(());
    }
    let subject = &candidate.body.common.subject;
    let refusal = match newest {
        Some((newest, at)) => {
            let message = format!("the newest text of {subject} is version {newest}");
            in_the_way(candidate, at.position, "minutes-version", message)
        }
        None => broken("minutes-version", format!("{subject} have no draft yet")),
    };
    Err(refusal.instead(format!("give it version {next}")))
}

fn newest_version(minutes: &Minutes) -> Option<(u32, At)> {
    let draft = minutes.drafts.newest();
    let draft = draft.map(|draft| (draft.version, draft.at));
    let mut amended = minutes.amendments.iter();
    let amended = amended.find_map(|amended| Some((amended.version?, amended.at)));
    [draft, amended]
        .into_iter()
        .flatten()
        .max_by_key(|(_, at)| *at)
}

fn amended(
    views: &Views,
    candidate: &Candidate,
    minutes: &Minutes,
    fields: &MinutesAmended,
) -> Result<(), Refusal> {
    if let Some(approved) = &minutes.approved {
        let Some(meeting) = &candidate.body.common.meeting else {
            return Err(once_approved(candidate, approved.at.position));
        };
        later(views, minutes, meeting, "minutes-correction")?;
    }
    match fields.version {
        Some(given) => version(candidate, Some(minutes), given),
        None => Ok(()),
    }
}

fn once_approved(candidate: &Candidate, entry: u64) -> Refusal {
    let subject = &candidate.body.common.subject;
    let message = format!("{subject} were approved in entry {entry}");
    in_the_way(candidate, entry, "minutes-approved", message).instead(
        "record MinutesAmended and name in meeting the later meeting that minuted the correction",
    )
}

fn approved(
    views: &Views,
    candidate: &Candidate,
    minutes: &Minutes,
    fields: &MinutesApproved,
) -> Result<(), Refusal> {
    let common = &candidate.body.common;
    if let Some(approved) = &minutes.approved {
        return Err(once_approved(candidate, approved.at.position));
    }
    let Some(id) = &common.meeting else {
        return Ok(()); // The event's own checks ask for it.
    };
    let meeting = later(views, minutes, id, "minutes-later-meeting")?;
    not_before_draft(views, candidate, minutes, meeting)?;
    let Some(text) = minutes.text().filter(|text| *text != fields.text) else {
        return Ok(());
    };
    let newest = newest_text(minutes);
    let message = format!(
        "the newest text of {} is {text}, not the one approved",
        common.subject
    );
    let refusal = match newest {
        Some(at) => in_the_way(candidate, at.position, "minutes-text", message),
        None => broken("minutes-text", message),
    };
    Err(refusal
        .instead("approve the newest text, or record as MinutesAmended the text that was approved"))
}

/// The entry that brought the newest text.
fn newest_text(minutes: &Minutes) -> Option<At> {
    let mut amended = minutes.amendments.iter();
    let amended = amended.find(|amended| amended.document.is_some());
    let amended = amended.map(|amended| amended.at);
    let draft = minutes.drafts.newest().map(|draft| draft.at);
    amended.max(draft)
}

/// A meeting that was held after the one that the minutes record, of the same body or of what took
/// its place.
fn later<'a>(
    views: &'a Views,
    minutes: &Minutes,
    id: &SubjectId,
    rule: &'static str,
) -> Result<&'a Meeting, Refusal> {
    let (meeting, _) = meetings::held(views, id)?;
    let Some((of, minuted)) = minutes
        .of()
        .and_then(|of| Some((of, views.meetings.get(of)?)))
    else {
        return Ok(meeting);
    };
    let entry = minuted.called.at.position;
    let refused = |message: String, advice: &str| {
        Err(broken(rule, message).because_of([entry]).instead(advice))
    };
    if id == of {
        let message = format!("{id} does not approve or correct its own minutes");
        return refused(message, "name the later meeting that did");
    }
    if days::is_no_later(meeting.date(), minuted.date()) {
        let date = |meeting: &Meeting| meeting.date().map(Period::to_string).unwrap_or_default();
        let message = format!(
            "{id}, on {}, was not held after {of}, on {}",
            date(meeting),
            date(minuted)
        );
        return refused(
            message,
            "name the later meeting that approved or corrected them",
        );
    }
    match (minuted.body(), meeting.body()) {
        (Some(body), by) if !by.is_some_and(|by| on_behalf::continues(views, by, body)) => {
            let message = format!("{of} is a meeting of {body}, and {id} is not");
            let advice = format!("name a later meeting of {body}, or of its successor");
            refused(message, &advice)
        }
        _ => Ok(meeting),
    }
}

/// What was not drafted yet was not approved.
fn not_before_draft(
    views: &Views,
    candidate: &Candidate,
    minutes: &Minutes,
    meeting: &Meeting,
) -> Result<(), Refusal> {
    let Some(draft) = minutes.drafts.newest() else {
        return Ok(());
    };
    let entry = views.entries.get(draft.at.tick);
    let drafted = entry.and_then(|entry| entry.said.as_ref()?.effective.as_deref());
    let effective = candidate.body.common.effective.as_ref();
    let approved = effective.or(meeting.date());
    match (approved, drafted) {
        (Some(on), Some(after)) if days::is_before(approved, drafted) => {
            let message = format!("the draft is of {after}, so it was not approved on {on}");
            Err(broken("minutes-before-draft", message)
                .because_of([draft.at.position])
                .instead("name the meeting that approved this draft, and its date in effective"))
        }
        _ => Ok(()),
    }
}
