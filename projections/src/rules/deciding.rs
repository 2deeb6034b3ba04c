//! Whether a meeting could decide on an item, once what it decided asks to enter.

use minutebook_events::catalogue::{InterestHandling, MeetingHeld};
use minutebook_events::{Refusal, SubjectId};

use super::{Candidate, broken, days, meetings};
use crate::Views;
use crate::meetings::Meeting;
use crate::quorum::{Quoracy, Quorum, quorum};
use crate::stated::Stated;
use crate::table::Moment;

/// A meeting that could decide.
pub(super) struct Deciding<'a> {
    /// The body that met.
    pub body: Option<&'a SubjectId>,
    /// That it took place.
    pub held: &'a Stated<MeetingHeld>,
    /// The item that was decided on.
    pub item: Option<&'a str>,
    /// How it is known that it could.
    pub quorum: Option<Quorum>,
}

/// The meeting, where it was held by then, is the right one, and was quorate for the item that the
/// candidate was minuted under.
pub(super) fn in_meeting<'a>(
    views: &'a Views,
    candidate: &'a Candidate,
    id: &SubjectId,
    right: impl Fn(&Meeting) -> Result<(), Refusal>,
) -> Result<Deciding<'a>, Refusal> {
    let (meeting, held) = meetings::held(views, id)?;
    right(meeting)?;
    not_before(candidate, id, meeting)?;
    let item = item(views, candidate, id, held)?;
    let quorum = quorum(views.now(Moment::NOW.reader), id, item);
    if let Some(quorum) = &quorum {
        could_decide(views, id, held, item, quorum)?;
    }
    Ok(Deciding {
        body: meeting.body(),
        held,
        item,
        quorum,
    })
}

/// Nothing was decided before the meeting was held.
fn not_before(candidate: &Candidate, id: &SubjectId, meeting: &Meeting) -> Result<(), Refusal> {
    let (effective, date) = (candidate.body.common.effective.as_ref(), meeting.date());
    match (effective, date) {
        (Some(made), Some(met)) if days::is_before(effective, date) => {
            let message = format!("{id} was held on {met}, so it decided nothing on {made}");
            Err(broken("decision-before-meeting", message)
                .because_of(meeting.held.as_ref().map(|held| held.at.position))
                .instead(format!(
                    "write {met} in effective; what takes effect later stands in takes_effect"
                )))
        }
        _ => Ok(()),
    }
}

/// The item that was decided on. Where an interest kept someone out of one, a decision says which it
/// was under: otherwise their place would count again by leaving the number out.
fn item<'a>(
    views: &Views,
    candidate: &'a Candidate,
    id: &SubjectId,
    held: &Stated<MeetingHeld>,
) -> Result<Option<&'a str>, Refusal> {
    let item = candidate.body.common.minute.as_deref();
    if item.is_some() {
        return Ok(item);
    }
    let declared = views.interests.at_meeting.of(id);
    let declared = declared
        .filter_map(|id| views.interests.table.get(id))
        .filter(|interest| interest.declared.handling != InterestHandling::Noted)
        .map(|interest| interest.declared.at.position);
    let excluded = held.quorum.iter().any(|item| !item.excluded.is_empty());
    let excluded = excluded.then_some(held.at.position);
    let entries: Vec<u64> = declared.chain(excluded).collect();
    if entries.is_empty() {
        return Ok(None);
    }
    let message =
        format!("interests kept people out of items of {id}, and this does not say its item");
    Err(broken("decision-minute", message)
        .because_of(entries)
        .instead("give the number of the item in minute"))
}

fn could_decide(
    views: &Views,
    id: &SubjectId,
    held: &Stated<MeetingHeld>,
    item: Option<&str>,
    quorum: &Quorum,
) -> Result<(), Refusal> {
    let what = match item {
        Some(item) => format!("{id} for item {item}"),
        None => id.to_string(),
    };
    let (message, advice) = match quorum.quoracy {
        Quoracy::Quorate | Quoracy::NoRule => return Ok(()),
        Quoracy::Inquorate if quorum.missing.is_empty() => (
            format!("{what} was not quorate, says its record"),
            "put the matter to a quorate meeting, or record a written resolution",
        ),
        Quoracy::Inquorate => (
            format!("{what} was not quorate: {}", quorum.missing.join("; ")),
            "put the matter to a quorate meeting, or record a written resolution",
        ),
        Quoracy::NotStated => (
            format!("there is a quorum rule, and nothing says whether {what} met it"),
            "record it as made in a meeting whose MeetingHeld lists who was present, with voting \
             members marked, or says whether it was quorate; or record a written resolution",
        ),
    };
    let interests = views.interests.at_meeting.of(id).filter_map(|id| {
        let declared = &views.interests.table.get(id)?.declared;
        let counts = declared.handling != InterestHandling::Noted
            && item.is_some()
            && declared.item.as_deref() == item;
        counts.then_some(declared.at.position)
    });
    Err(broken("decision-quorate", message)
        .because_of(std::iter::once(held.at.position).chain(interests))
        .instead(advice))
}
