//! A decision is made by someone who could make it: a quorate meeting of the body, all who signed a
//! written resolution, whoever has a delegated authority, or the chair.
//!
//! A chair's action is reported to the next meeting. Whether it was follows from the record and is
//! asked of the views, not here: the meeting is still to come.

use minutebook_events::catalogue::{DecisionMade, DecisionManner};
use minutebook_events::{Kind, Payload, Refusal, RefusalKind, Role, SubjectId};

use super::deciding::{self, Deciding};
use super::{Candidate, broken, on_behalf};
use crate::Views;
use crate::decisions::Decision;
use crate::meetings::Meeting;
use crate::signoffs::SignOffState;
use crate::stated::{At, Stated};

pub(super) fn judge(views: &Views, candidate: &Candidate) -> Result<(), Refusal> {
    let Payload::DecisionMade(fields) = &candidate.body.payload else {
        return Ok(());
    };
    match fields.manner {
        Some(DecisionManner::WrittenResolution) => written_resolution(views, fields),
        Some(DecisionManner::Delegated) => {
            delegated(views, candidate, fields, fields.body.as_ref())
        }
        Some(DecisionManner::ChairsAction) if fields.authority.is_some() => {
            delegated(views, candidate, fields, fields.body.as_ref())
        }
        Some(DecisionManner::ChairsAction) => chairs_action(views, candidate, fields),
        Some(DecisionManner::Consensus | DecisionManner::Vote) | None => {
            in_a_meeting(views, candidate, fields)
        }
    }
}

/// The body that decided: the one that the decision names, or in whose meeting it was made, or for
/// which it was signed where there was no meeting.
pub(super) fn decided_by<'a>(
    views: &'a Views,
    made: &'a Stated<DecisionMade>,
) -> Option<&'a SubjectId> {
    if let Some(body) = &made.body {
        return Some(body);
    }
    let said = views.entries.get(made.at.tick)?.said.as_ref()?;
    match &said.meeting {
        Some(meeting) => views.meetings.get(meeting)?.body(),
        None if said.imported => None,
        None => said.of.as_deref().filter(|of| of.kind() == Kind::Body),
    }
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

fn delegated(
    views: &Views,
    candidate: &Candidate,
    fields: &DecisionMade,
    body: Option<&SubjectId>,
) -> Result<(), Refusal> {
    let Some(id) = &fields.authority else {
        return Ok(()); // The event's own checks ask for it.
    };
    let authority = on_behalf::delegation(views, candidate, id)?;
    if on_behalf::fits(authority, candidate, body) {
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
    let decided = deciding::in_meeting(views, candidate, id, |meeting| {
        of_the_body(id, meeting, fields)
    })?;
    // An authority that is named is what another body's decision may later be superseded under.
    if fields
        .authority
        .as_ref()
        .is_some_and(|id| id.kind() == Kind::Authority)
    {
        let body = fields.body.as_ref().or(decided.body);
        delegated(views, candidate, fields, body)?;
    }
    votes(id, &decided, fields)
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

/// No more votes than voters, where it is known who could vote.
fn votes(id: &SubjectId, decided: &Deciding<'_>, fields: &DecisionMade) -> Result<(), Refusal> {
    let Some(votes) = &fields.votes else {
        return Ok(());
    };
    let stated = || {
        let mut items = decided.held.quorum.iter();
        let of_item = items.find(|one| decided.item == Some(&one.item))?;
        of_item.voting.map(u64::from)
    };
    let counted = decided.quorum.as_ref().and_then(|quorum| quorum.voting);
    let Some(voters) = counted.map(|voting| voting as u64).or_else(stated) else {
        return Ok(());
    };
    let cast = [votes.in_favour, votes.against, votes.abstained];
    let cast: u64 = cast.into_iter().map(u64::from).sum();
    if cast <= voters {
        return Ok(());
    }
    let message = format!("{cast} votes are given, and {voters} could vote at {id}");
    Err(broken("decision-votes", message)
        .because_of([decided.held.at.position])
        .instead("count again; who left for an interest or does not vote has no vote"))
}
