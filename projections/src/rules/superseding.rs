//! A decision that stands is superseded or taken back by a body that may: the one that made it, one
//! above it, what took its place, or one with a delegated authority.

use minutebook_events::catalogue::{DecisionMade, DecisionRescinded, DecisionSuperseded};
use minutebook_events::{Kind, Payload, Refusal, RefusalKind, SubjectId};

use super::decisions::{decided_by, ended_or_foreseen};
use super::{Candidate, broken, deciding, in_the_way, on_behalf};
use crate::Views;
use crate::decisions::{Decision, DecisionState};
use crate::stated::Stated;

/// How many decisions are followed that took one another's place. Imported history could hold a
/// circle.
const FURTHEST: usize = 1024;

pub(super) fn judge(views: &Views, candidate: &Candidate) -> Result<(), Refusal> {
    let id = &candidate.body.common.subject;
    match &candidate.body.payload {
        Payload::DecisionSuperseded(fields) => match views.decisions.get(id) {
            Some(old) => superseded(views, candidate, old, fields),
            None => Ok(()),
        },
        Payload::DecisionRescinded(fields) => match views.decisions.get(id) {
            Some(old) => rescinded(views, candidate, old, fields),
            None => Ok(()),
        },
        _ => Ok(()),
    }
}

fn superseded(
    views: &Views,
    candidate: &Candidate,
    old: &Decision,
    fields: &DecisionSuperseded,
) -> Result<(), Refusal> {
    let id = &candidate.body.common.subject;
    let made = stands(candidate, id, old)?;
    let new_id = &fields.superseded_by;
    let Some(new) = views.decisions.get(new_id) else {
        return Ok(()); // That it is there is asked of every reference.
    };
    let new_made = takes_its_place(views, id, new_id, new)?;
    let by = decided_by(views, new_made);
    if let (Some(named), Some(by)) = (&fields.body, by)
        && named != by
    {
        let message = format!("{new_id} was made by {by}, not by {named}");
        return Err(broken("superseding-body", message)
            .because_of([new_made.at.position])
            .instead(format!("name {by} in body, or leave body out")));
    }
    let body = decided_by(views, made);
    may_change(
        views,
        candidate,
        by,
        body,
        new_made.authority.as_ref(),
        "superseding-body",
    )
}

/// The old decision, where it was made and stands.
fn stands<'a>(
    candidate: &Candidate,
    id: &SubjectId,
    decision: &'a Decision,
) -> Result<&'a Stated<DecisionMade>, Refusal> {
    match (&decision.made, decision.state()) {
        (Some(made), DecisionState::Made) => Ok(made),
        (None, _) | (_, DecisionState::Foreseen) => {
            let message = format!("{id} is foreseen and was not made, so nothing takes its place");
            Err(broken("decision-foreseen", message)
                .because_of(ended_or_foreseen(decision))
                .instead("record DecisionMade with what was decided instead"))
        }
        (Some(made), state) => {
            let entry = ended_or_foreseen(decision).unwrap_or(made.at.position);
            let message = format!("{id} is {} since entry {entry}", state.name());
            let refusal = in_the_way(candidate, entry, "decision-stands", message);
            Err(match &decision.superseded {
                Some(superseded) => refusal.instead(format!(
                    "supersede or rescind {}, which took its place",
                    superseded.superseded_by
                )),
                None => refusal.instead("record DecisionMade for what is decided now"),
            })
        }
    }
}

/// The newer decision, where it was made, stands, and does not follow from the old one itself.
fn takes_its_place<'a>(
    views: &'a Views,
    old: &SubjectId,
    id: &'a SubjectId,
    new: &'a Decision,
) -> Result<&'a Stated<DecisionMade>, Refusal> {
    let Some(made) = &new.made else {
        let message = format!("{id} is foreseen and was not made, so it takes no other's place");
        return Err(broken("superseding-made", message)
            .because_of(ended_or_foreseen(new))
            .instead(format!("record DecisionMade for {id} first")));
    };
    if new.stands() {
        return Ok(made);
    }
    let next = |at: &&'a SubjectId| {
        let superseded = views.decisions.get(at)?.superseded.as_ref()?;
        Some(&superseded.superseded_by)
    };
    let chain = std::iter::successors(Some(id), next).take(FURTHEST);
    let mut newest = id;
    for at in chain {
        newest = at;
        if at == old {
            let message = format!("{old} took the place of {id}; the two cannot follow each other");
            return Err(broken("superseding-circle", message)
                .because_of(ended_or_foreseen(new))
                .instead("record the change of mind as a new decision, which supersedes the old"));
        }
    }
    let message = format!("{id} is {} itself", new.state().name());
    let refusal = broken("superseding-stands", message).because_of(ended_or_foreseen(new));
    Err(
        match views.decisions.get(newest).is_some_and(Decision::stands) {
            true => refusal.instead(format!("name {newest}, which took its place")),
            false => refusal.instead("name a decision that stands"),
        },
    )
}

fn rescinded(
    views: &Views,
    candidate: &Candidate,
    old: &Decision,
    fields: &DecisionRescinded,
) -> Result<(), Refusal> {
    let common = &candidate.body.common;
    let made = stands(candidate, &common.subject, old)?;
    let (by, authority) = match (&fields.decision, &common.meeting) {
        (Some(decision), _) => by_decision(views, &common.subject, decision)?,
        (None, Some(meeting)) => {
            let decided = deciding::in_meeting(views, candidate, meeting, |_| Ok(()))?;
            (decided.body, None)
        }
        (None, None) => {
            let message = "a decision is taken back in a meeting or by a decision; this names none";
            return Err(broken("rescinding-body", message)
                .instead("name the meeting in meeting, or the decision in decision"));
        }
    };
    if let (Some(named), Some(by)) = (&fields.body, by)
        && named != by
    {
        let message = format!("it was taken back by {by}, not by {named}");
        return Err(broken("rescinding-body", message)
            .instead(format!("name {by} in body, or leave body out")));
    }
    let body = decided_by(views, made);
    may_change(views, candidate, by, body, authority, "rescinding-body")
}

/// The body that decided to take something back, and the authority that it named.
type Deciding<'a> = (Option<&'a SubjectId>, Option<&'a SubjectId>);

fn by_decision<'a>(
    views: &'a Views,
    old: &SubjectId,
    id: &SubjectId,
) -> Result<Deciding<'a>, Refusal> {
    let found = views.decisions.get(id).filter(|_| id != old);
    if let Some(decision) = found.filter(|decision| decision.stands())
        && let Some(made) = &decision.made
    {
        return Ok((decided_by(views, made), made.authority.as_ref()));
    }
    let message = match found {
        Some(decision) => format!(
            "{id} is {}, so it takes nothing back",
            decision.state().name()
        ),
        None => format!("{id} does not take itself back"),
    };
    Err(broken("rescinding-made", message)
        .because_of(found.and_then(ended_or_foreseen))
        .instead("name the decision by which it was taken back, once it is made"))
}

/// Whether the body that decides now may change what another decided.
fn may_change(
    views: &Views,
    candidate: &Candidate,
    by: Option<&SubjectId>,
    body: Option<&SubjectId>,
    authority: Option<&SubjectId>,
    rule: &'static str,
) -> Result<(), Refusal> {
    let Some(body) = body else {
        return Ok(()); // Nobody knows whose decision it was.
    };
    if by.is_some_and(|by| on_behalf::answers_for(views, by, body)) {
        return Ok(());
    }
    let authority = authority.filter(|id| id.kind() == Kind::Authority);
    if let Some(id) = authority {
        let delegation = on_behalf::delegation(views, candidate, id)?;
        let from = delegation.delegated.by.as_ref();
        if from.is_some_and(|from| on_behalf::answers_for(views, from, body)) {
            return Ok(());
        }
    }
    let subject = &candidate.body.common.subject;
    let by = by.map_or("nobody that is named".to_owned(), SubjectId::to_string);
    let message = format!(
        "{subject} was decided by {body}, and {by} is neither that body nor one above it, \
         nor acts with its authority"
    );
    Err(Refusal::new(RefusalKind::NotAuthorised, rule, message)
        .because_of(made_at(views, subject))
        .instead(format!(
            "have {body} decide, the body that it answers to, or its successor; or name in \
             authority of the newer decision the AuthorityDelegated by which it was made"
        )))
}

fn made_at(views: &Views, id: &SubjectId) -> Option<u64> {
    let made = views.decisions.get(id)?.made.as_ref()?;
    Some(made.at.position)
}
