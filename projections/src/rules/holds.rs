//! What a hold covers is neither erased nor disposed of, and a hold is lifted once.
//!
//! A hold covers an entry by its subject, by its number, by the body that the subject belongs to, and
//! by the meeting it was made in and that meeting's body. What cannot be tied to the entry that the
//! erasure is about could stand under any hold, so every hold keeps it.

use minutebook_events::catalogue::HoldGround;
use minutebook_events::{Digest, Payload, Refusal, SubjectId};

use super::{Candidate, broken};
use crate::Views;
use crate::entries::Entry;
use crate::table::Moment;

pub(super) fn judge(views: &Views, candidate: &Candidate) -> Result<(), Refusal> {
    match &candidate.body.payload {
        Payload::ContentErased(fields) => {
            free(views, candidate, std::slice::from_ref(&fields.digest))
        }
        Payload::RecordDisposed(fields) => free(views, candidate, &fields.digests),
        Payload::HoldLifted(_) => lifted_once(views, candidate),
        _ => Ok(()),
    }
}

fn lifted_once(views: &Views, candidate: &Candidate) -> Result<(), Refusal> {
    let subject = &candidate.body.common.subject;
    let hold = views.holds.get(subject);
    let Some(lifted) = hold.and_then(|hold| hold.lifted.as_ref()) else {
        return Ok(());
    };
    let entry = lifted.at.position;
    let message = format!("{subject} was lifted in entry {entry}");
    Err(broken("hold-lifted", message).because_of([entry]))
}

fn free(views: &Views, candidate: &Candidate, digests: &[Digest]) -> Result<(), Refusal> {
    let mut held = views.holds.iter().filter(|(_, hold)| hold.lifted.is_none());
    // There is none most of the time.
    let Some(first) = held.next() else {
        return Ok(());
    };
    let record = &candidate.body.common.subject;
    let entry = entry(views, record);
    let tied = entry.is_some_and(|entry| digests.iter().all(|digest| entry.commits_to(digest)));
    let about = about(views, record, entry);
    let found = std::iter::once(first)
        .chain(held)
        .find(|(_, hold)| !tied || about.iter().any(|subject| hold.covers(subject)));
    let Some((id, hold)) = found else {
        return Ok(());
    };
    let (title, entry) = (&hold.placed.title, hold.placed.at.position);
    let ground = match hold.placed.ground {
        HoldGround::Inquiry => "an inquiry",
        HoldGround::Litigation => "a case in court",
        HoldGround::OpenRequest => "an open request for information",
        HoldGround::Other => "a hold",
    };
    let refuse = |message: String, advice: String| {
        Err(broken("hold", message).because_of([entry]).instead(advice))
    };
    if tied {
        let message = format!("{record} is kept for {ground}: {id} ({title})");
        refuse(
            message,
            format!("wait until {id} is lifted with HoldLifted"),
        )
    } else {
        let message = format!(
            "the content is not that of {record}, so it may be what is kept for {ground}: {id} ({title})"
        );
        let advice = "record it about the entry whose content goes, one entry at a time";
        refuse(message, advice.to_owned())
    }
}

/// The entry that is named, as `record/<index>`.
fn entry<'a>(views: &'a Views, record: &SubjectId) -> Option<&'a Entry> {
    let index = record.name().parse::<u64>().ok()?;
    let entry = views.entries.get(index)?;
    (entry.position == index).then_some(entry)
}

/// Everything by which a hold may cover an entry.
fn about<'a>(
    views: &'a Views,
    record: &'a SubjectId,
    entry: Option<&'a Entry>,
) -> Vec<&'a SubjectId> {
    let body_of = |id| views.belonging.body_of(id, Moment::NOW);
    let mut about = vec![record];
    if let Some(said) = entry.and_then(|entry| entry.said.as_ref()) {
        let meeting = said.meeting.as_deref();
        about.push(&said.subject);
        about.extend(body_of(&said.subject));
        about.extend(meeting);
        about.extend(meeting.and_then(body_of));
    }
    about
}
