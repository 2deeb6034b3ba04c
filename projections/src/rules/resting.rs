//! What rests on a decision: one that was made in this record, carries it, and still stands.

use minutebook_events::catalogue::DecisionKind;
use minutebook_events::{Payload, Refusal, SubjectId};

use super::{Candidate, broken};
use crate::Views;
use crate::decisions::Decision;
use crate::table::Moment;

pub(super) fn judge(views: &Views, candidate: &Candidate) -> Result<(), Refusal> {
    match named(&candidate.body.payload) {
        Some(decision) => stands(
            views,
            decision,
            "rests-on-decision",
            "leave the decision out where it does not rest on one",
        ),
        None => Ok(()),
    }
}

/// The decision by which something was done. What meetings do, and what is published, has rules of
/// its own.
fn named(payload: &Payload) -> Option<&SubjectId> {
    use Payload as P;
    match payload {
        P::BodyTermsAmended(f) => f.decision.as_ref(),
        P::BodyDissolved(f) => f.decision.as_ref(),
        P::MembershipBroadened(f) => f.decision.as_ref(),
        P::RoleAppointed(f) => f.decision.as_ref(),
        P::RoleEnded(f) => f.decision.as_ref(),
        P::StrategyAdopted(f) => f.decision.as_ref(),
        P::StrategyRefreshed(f) => f.decision.as_ref(),
        P::ObjectiveWithdrawn(f) => f.decision.as_ref(),
        P::MilestoneCompleted(f) => f.decision.as_ref(),
        P::MilestoneReopened(f) => f.decision.as_ref(),
        P::MilestoneWithdrawn(f) => f.decision.as_ref(),
        P::BaselineAgreed(f) => f.decision.as_ref(),
        P::TargetRevised(f) => f.decision.as_ref(),
        P::RiskClosed(f) => f.decision.as_ref(),
        P::AgreementVaried(f) => f.decision.as_ref(),
        P::PartyJoined(f) => f.decision.as_ref(),
        P::PartyLeft(f) => f.decision.as_ref(),
        P::AgreementEnded(f) => f.decision.as_ref(),
        P::HoldLifted(f) => f.decision.as_ref(),
        P::RecordDisposed(f) => Some(&f.decision),
        _ => None,
    }
}

/// Whether something may rest on a decision. `otherwise` is what to do where there is no better one.
pub(super) fn stands(
    views: &Views,
    id: &SubjectId,
    rule: &'static str,
    otherwise: &str,
) -> Result<(), Refusal> {
    made(views, id, rule, otherwise)?;
    let Some(decision) = views.decisions.get(id) else {
        return Ok(());
    };
    let refuse = |message: String, entry: u64, better: &str| {
        Err(broken(rule, message)
            .because_of([entry])
            .instead(format!("{better}, or {otherwise}")))
    };
    if let Some(said) = &decision.rescinded {
        let message = format!("{id} was rescinded, so nothing rests on it any more");
        return refuse(message, said.at.position, "name a decision that stands");
    }
    if let Some(said) = &decision.superseded {
        let newer = &said.superseded_by;
        let message = format!("{id} was superseded by {newer}, so nothing rests on it any more");
        return refuse(message, said.at.position, &format!("name {newer}"));
    }
    let Some(made) = &decision.made else {
        return Ok(());
    };
    let against = match made.kind {
        Some(DecisionKind::Deferred) => "put the matter off",
        Some(DecisionKind::Rejected) => "said no",
        _ if views.entries.is_imported(made.at) => {
            let message = format!("{id} is imported history, which gives no authority here");
            return refuse(message, made.at.position, "name a decision of this record");
        }
        _ => return Ok(()),
    };
    let message = format!("{id} {against}, so nothing rests on it");
    refuse(message, made.at.position, "name the decision that agreed")
}

/// Whether a decision was made at all.
pub(super) fn made(
    views: &Views,
    id: &SubjectId,
    rule: &'static str,
    otherwise: &str,
) -> Result<(), Refusal> {
    match views.decisions.get(id) {
        Some(Decision {
            made: None,
            foreseen,
            ..
        }) => {
            let message = format!("{id} is foreseen and not made, so nothing rests on it yet");
            Err(broken(rule, message)
                .because_of(foreseen.as_ref().map(|said| said.at.position))
                .instead(format!("record DecisionMade first, or {otherwise}")))
        }
        _ => Ok(()),
    }
}

/// Whether a decision was made by the body that a thing belongs to, by one above it, or by the body
/// that took over from it. A thing that belongs to no body is nobody's to keep.
pub(super) fn by_owner(
    views: &Views,
    subject: &SubjectId,
    id: &SubjectId,
    otherwise: &str,
) -> Result<(), Refusal> {
    let body_of = |id| views.belonging.body_of(id, Moment::NOW);
    let (Some(owner), Some(decision)) = (body_of(subject), views.decisions.get(id)) else {
        return Ok(());
    };
    let decided_by = decision.body().or_else(|| body_of(id));
    if decided_by.is_some_and(|body| is_over(views, body, owner)) {
        return Ok(());
    }
    let who = match decided_by {
        Some(body) => format!("is a decision of {body}"),
        None => "names no body".to_owned(),
    };
    let message = format!("{id} {who}, and {subject} belongs to {owner}");
    Err(broken("decided-by-owner", message)
        .because_of(decision.made.as_ref().map(|made| made.at.position))
        .instead(format!(
            "name a decision of {owner} or of a body above it, or {otherwise}"
        )))
}

fn is_over(views: &Views, body: &SubjectId, owner: &SubjectId) -> bool {
    let now = views.now(Moment::NOW.reader);
    let mut owner = owner;
    for _ in 0..=views.bodies.len() {
        if now.stands_under(owner, body) {
            return true;
        }
        match views.bodies.get(owner).and_then(|one| one.successor()) {
            Some(successor) => owner = successor,
            None => return false,
        }
    }
    false
}
