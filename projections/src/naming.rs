//! Which things name a decision, a part of the plan, an agreement or a body: what follows from it, is
//! about it, was signed under it, or met as it.
//!
//! As in [`crate::under`], these are hints: whoever asks looks at what each thing says at their own
//! moment.

use minutebook_events::{Payload, SubjectId};

use crate::Noted;
use crate::milestones::Said;
use crate::under::Under;

pub(crate) fn fold(naming: &mut Under, noted: &Noted<'_>, payload: &Payload) {
    named(payload, |id| naming.add(id, noted.id));
}

/// Hands on each thing that an event names as what its subject follows from, is about, or stands
/// under, where no other view keeps that.
fn named<'a>(payload: &'a Payload, mut name: impl FnMut(&'a SubjectId)) {
    use Payload as P;
    if let Some(moved) = Said::of(payload) {
        moved.agreed_by.into_iter().for_each(name);
        return;
    }
    let [one, other] = match payload {
        P::ActionAssigned(f) => [f.decision.as_ref(), None],
        P::MilestoneReopened(f) => [f.decision.as_ref(), None],
        P::DecisionForeseen(f) => [f.parent.as_ref(), f.strategy.as_ref()],
        P::DecisionMade(f) => [f.parent.as_ref(), f.strategy.as_ref()],
        P::DecisionSuperseded(f) => [Some(&f.superseded_by), None],
        P::RiskRaised(f) => [f.objective.as_ref(), None],
        P::SignOffRequested(f) => [f.agreement.as_ref(), None],
        P::SignOffAttested(f) => [f.agreement.as_ref(), None],
        P::MeetingCalled(f) => [f.body.as_ref(), None],
        P::EvaluationReported(f) => return f.informs.iter().for_each(name),
        _ => [None, None],
    };
    [one, other].into_iter().flatten().for_each(&mut name);
}
