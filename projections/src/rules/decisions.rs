//! A decision is made by someone who could make it: a quorate meeting of the body, all who signed a
//! written resolution, whoever has a delegated authority, or the chair.
//!
//! A chair's action is reported to the next meeting. Whether it was follows from the record and is
//! asked of the views, not here: the meeting is still to come.

use minutebook_events::catalogue::{DecisionMade, DecisionManner, InterestHandling};
use minutebook_events::{Payload, Refusal, RefusalKind, Role, SubjectId};

use super::{Candidate, broken, days, meetings, on_behalf};
use crate::Views;
use crate::decisions::Decision;
use crate::meetings::Meeting;
use crate::quorum::{Quoracy, Quorum, quorum};
use crate::signoffs::SignOffState;
use crate::stated::{At, Stated};
use crate::table::Moment;

pub(super) fn judge(views: &Views, candidate: &Candidate) -> Result<(), Refusal> {
    let Payload::DecisionMade(fields) = &candidate.body.payload else {
        return Ok(());
    };
    match fields.manner {
        Some(DecisionManner::WrittenResolution) => written_resolution(views, fields),
        Some(DecisionManner::Delegated) => delegated(views, candidate, fields),
        Some(DecisionManner::ChairsAction) if fields.authority.is_some() => {
            delegated(views, candidate, fields)
        }
        Some(DecisionManner::ChairsAction) => chairs_action(views, candidate, fields),
        Some(DecisionManner::Consensus | DecisionManner::Vote) | None => {
            in_a_meeting(views, candidate, fields)
        }
    }
}

/// The body that decided: the one that the decision names, or whose meeting it was made in.
pub(super) fn body_of<'a>(
    views: &'a Views,
    id: &SubjectId,
    made: &'a Stated<DecisionMade>,
) -> Option<&'a SubjectId> {
    made.body
        .as_ref()
        .or_else(|| meeting_body(views, made.at))
        .or_else(|| views.belonging.body_of(id, Moment::NOW))
}

/// The body in whose meeting an entry was made.
pub(super) fn meeting_body(views: &Views, at: At) -> Option<&SubjectId> {
    let said = views.entries.get(at.tick)?.said.as_ref()?;
    views.meetings.get(said.meeting.as_ref()?)?.body()
}

/// The entry because of which a decision does not stand: the one that ended it, or else foresaw it.
pub(super) fn ended_or_foreseen(decision: &Decision) -> Option<u64> {
    let ended = decision.rescinded.as_ref().map(|said| said.at);
    let ended = ended.or(decision.superseded.as_ref().map(|said| said.at));
    let foreseen = || decision.foreseen.as_ref().map(|said| said.at);
    ended.or_else(foreseen).map(|at| at.position)
}

fn written_resolution(views: &Views, fields: &DecisionMade) -> Result<(), Refusal> {
    let Some(id) = &fields.authority else {
        return Ok(()); // The event's own checks ask for it.
    };
    let Some(sign_off) = views.signoffs.get(id) else {
        let message = format!("a written resolution rests on a sign-off, and {id} is none");
        return Err(broken("written-resolution", message)
            .instead("name in authority the sign-off by which the members signed"));
    };
    let refused = |message: String, advice: &str| {
        Err(broken("written-resolution", message)
            .because_of([sign_off.begun().position])
            .instead(advice))
    };
    match sign_off.state() {
        SignOffState::Complete => Ok(()),
        SignOffState::Waiting => {
            let (signed, needed) = sign_off.progress();
            refused(
                format!("{id} has {signed} of the {needed} signatures that it needs"),
                "record the decision when the sign-off is complete",
            )
        }
        SignOffState::Cancelled => refused(
            format!("{id} was cancelled"),
            "request signatures again, and name that sign-off",
        ),
        SignOffState::Attested => refused(
            format!("{id} is attested by a document and was not signed in this record"),
            "record the decision as imported, with its source, or request signatures here",
        ),
    }
}

fn delegated(views: &Views, candidate: &Candidate, fields: &DecisionMade) -> Result<(), Refusal> {
    let Some(id) = &fields.authority else {
        return Ok(()); // The event's own checks ask for it.
    };
    let authority = on_behalf::delegation(views, candidate, id)?;
    if on_behalf::fits(authority, candidate, fields.body.as_ref()) {
        return Ok(());
    }
    let delegated = &authority.delegated;
    let by = match &delegated.by {
        Some(by) => format!(" by {by}"),
        None => String::new(),
    };
    let message = format!(
        "{id} was given{by} to {}, which is neither the body that decides here nor the signer",
        delegated.to
    );
    Err(
        Refusal::new(RefusalKind::NotAuthorised, "authority-fits", message)
            .because_of([delegated.at.position])
            .instead(format!(
                "name in body who decided, or have {} record it",
                delegated.to
            )),
    )
}

fn chairs_action(
    views: &Views,
    candidate: &Candidate,
    fields: &DecisionMade,
) -> Result<(), Refusal> {
    let body = fields.body.as_ref();
    let body = body.or(candidate.body.common.capacity.of.as_ref());
    if views
        .people
        .holds(&candidate.claims.signer, Role::Chair, body)
    {
        return Ok(());
    }
    let of = body.map_or("the whole ledger".to_owned(), SubjectId::to_string);
    let message = format!("the signer does not chair {of}, so this is not its chair's action");
    Err(
        Refusal::new(RefusalKind::NotAuthorised, "chairs-action", message)
            .instead("have the chair sign it, or name in authority the delegation it rests on"),
    )
}

fn in_a_meeting(
    views: &Views,
    candidate: &Candidate,
    fields: &DecisionMade,
) -> Result<(), Refusal> {
    let common = &candidate.body.common;
    let Some(id) = &common.meeting else {
        let message = "a decision is made in a meeting, and this names none";
        return Err(broken("decision-meeting", message).instead(
            "name in meeting where it was made; or give the manner written-resolution, with the \
             sign-off, or delegated, with the authority; or chairs-action",
        ));
    };
    let meeting = meetings::held(views, id)?;
    of_the_body(id, meeting, fields)?;
    not_before(candidate, id, meeting)?;
    let item = item(views, candidate, id, meeting)?;
    let Some(quorum) = quorum(views.now(Moment::NOW.reader), id, item) else {
        return Ok(()); // Only a meeting that was not held has none.
    };
    could_decide(views, id, meeting, item, &quorum)?;
    votes(id, meeting, item, &quorum, fields)
}

fn of_the_body(id: &SubjectId, meeting: &Meeting, fields: &DecisionMade) -> Result<(), Refusal> {
    let Some(body) = fields.body.as_ref() else {
        return Ok(());
    };
    if meeting.body() == Some(body) {
        return Ok(());
    }
    let (message, advice) = match meeting.body() {
        Some(met) => (
            format!("{id} is a meeting of {met}, not of {body}"),
            format!("name {met} in body, or the meeting of {body} in meeting"),
        ),
        None => (
            format!("{id} is not called as a meeting of {body}"),
            format!("name the meeting of {body} in meeting"),
        ),
    };
    Err(broken("decision-body", message)
        .because_of([meeting.called.at.position])
        .instead(advice))
}

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
    meeting: &Meeting,
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
    let held = meeting.held.as_ref();
    let excluded = held
        .filter(|held| held.quorum.iter().any(|item| !item.excluded.is_empty()))
        .map(|held| held.at.position);
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
    meeting: &Meeting,
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
    let held = meeting.held.as_ref().map(|held| held.at.position);
    let interests = views.interests.at_meeting.of(id).filter_map(|id| {
        let declared = &views.interests.table.get(id)?.declared;
        let counts = declared.handling != InterestHandling::Noted
            && item.is_some()
            && declared.item.as_deref() == item;
        counts.then_some(declared.at.position)
    });
    Err(broken("decision-quorate", message)
        .because_of(held.into_iter().chain(interests))
        .instead(advice))
}

/// No more votes than voters, where it is known who could vote.
fn votes(
    id: &SubjectId,
    meeting: &Meeting,
    item: Option<&str>,
    quorum: &Quorum,
    fields: &DecisionMade,
) -> Result<(), Refusal> {
    let Some(votes) = &fields.votes else {
        return Ok(());
    };
    let stated = || {
        let held = meeting.held.as_ref()?;
        let of_item = held.quorum.iter().find(|one| item == Some(&one.item))?;
        of_item.voting.map(u64::from)
    };
    let counted = quorum.voting.map(|voting| voting as u64);
    let Some(voters) = counted.or_else(stated) else {
        return Ok(());
    };
    let cast = [votes.in_favour, votes.against, votes.abstained];
    let cast: u64 = cast.into_iter().map(u64::from).sum();
    if cast <= voters {
        return Ok(());
    }
    let message = format!("{cast} votes are given, and {voters} could vote at {id}");
    Err(broken("decision-votes", message)
        .because_of(meeting.held.as_ref().map(|held| held.at.position))
        .instead("count again; who left for an interest or does not vote has no vote"))
}
