//! The private part of a meeting: what is recorded as private was taken in private.
//!
//! A meeting is open unless it resolves to exclude the public for an item. Papers come before the
//! meeting, so theirs is an item that the agenda marks as private, or a meeting called with a private
//! part, and the exemption that they rely on. A body that does not meet in public has nobody to
//! exclude. What a person declares of their own affairs is no business of the meeting, and may be
//! kept from others whatever the item.

use minutebook_events::catalogue::PaperLodged;
use minutebook_events::{Confidentiality, Kind, Payload, Refusal, SubjectId};

use super::{Candidate, broken, privacy};
use crate::Views;
use crate::meetings::Meeting;

pub(super) fn judge(views: &Views, candidate: &Candidate) -> Result<(), Refusal> {
    let common = &candidate.body.common;
    if common.confidentiality == Confidentiality::Public || common.subject.kind() == Kind::Meeting {
        return Ok(());
    }
    match &candidate.body.payload {
        Payload::InterestDeclared(_) => Ok(()),
        Payload::PaperLodged(fields) => paper(views, candidate, fields),
        Payload::MinutesDrafted(fields) => minutes(views, candidate, &fields.minutes_of),
        _ => match &common.meeting {
            Some(meeting) => item(views, candidate, meeting, common.minute.as_deref()),
            None => Ok(()),
        },
    }
}

/// A meeting whose items are open unless it says otherwise.
fn open<'a>(views: &'a Views, meeting: &SubjectId) -> Option<&'a Meeting> {
    let found = views.meetings.get(meeting)?;
    let body = found.body().and_then(|body| views.bodies.get(body));
    (body.and_then(|body| body.is_public()) != Some(false)).then_some(found)
}

fn item(
    views: &Views,
    candidate: &Candidate,
    meeting: &SubjectId,
    item: Option<&str>,
) -> Result<(), Refusal> {
    let Some(found) = open(views, meeting) else {
        return Ok(());
    };
    let level = privacy::name(candidate.body.common.confidentiality);
    let Some(item) = item else {
        let message = format!("a {level} entry of {meeting} says under which item it was taken");
        return Err(broken("private-item", message)
            .instead("give the number of the item that was taken in private in minute"));
    };
    if found.is_private(item) {
        return Ok(());
    }
    let message = format!("{meeting} did not exclude the public for item {item}");
    Err(broken("private-item", message)
        .because_of(resolutions(found))
        .instead(format!(
            "record PublicExcluded for item {item} first, or record this as public"
        )))
}

/// Minutes of a private part record all of it.
fn minutes(views: &Views, candidate: &Candidate, meeting: &SubjectId) -> Result<(), Refusal> {
    match open(views, meeting) {
        Some(found) if found.excluded.is_empty() => {
            let level = privacy::name(candidate.body.common.confidentiality);
            let message =
                format!("{meeting} did not exclude the public, so none of its minutes are {level}");
            Err(broken("private-item", message)
                .instead("record PublicExcluded first, or record the minutes as public"))
        }
        _ => Ok(()),
    }
}

fn paper(views: &Views, candidate: &Candidate, fields: &PaperLodged) -> Result<(), Refusal> {
    if fields.exemption.is_none() {
        let level = privacy::name(candidate.body.common.confidentiality);
        let message = format!("a {level} paper names the exemption that it relies on");
        return Err(broken("private-paper", message)
            .instead("give the exemption, such as FOIA s43, or lodge the paper as public"));
    }
    let meeting = fields.for_meeting.as_ref();
    let Some(meeting) = meeting.or(candidate.body.common.meeting.as_ref()) else {
        return Ok(());
    };
    let Some(found) = open(views, meeting) else {
        return Ok(());
    };
    let item = fields.item.as_deref();
    let agenda = found.agenda.as_ref();
    let marked = agenda.is_some_and(|agenda| {
        let mut items = agenda.items.iter();
        items.any(|one| one.part_2 && item.is_none_or(|item| one.number == item))
    });
    let excluded = match item {
        Some(item) => found.is_private(item),
        None => !found.excluded.is_empty(),
    };
    if found.called.part_2 || marked || excluded {
        return Ok(());
    }
    let what = match item {
        Some(item) => format!("item {item} of {meeting}"),
        None => meeting.to_string(),
    };
    let message = format!("nothing says that {what} is to be taken in private");
    let entries = [Some(found.called.at), agenda.map(|agenda| agenda.at)];
    Err(broken("private-paper", message)
        .because_of(entries.into_iter().flatten().map(|at| at.position))
        .instead("mark the item as part_2 in AgendaPublished first, or lodge the paper as public"))
}

fn resolutions(meeting: &Meeting) -> impl Iterator<Item = u64> {
    let resolutions = meeting.excluded.oldest_first();
    resolutions.map(|resolution| resolution.at.position)
}
