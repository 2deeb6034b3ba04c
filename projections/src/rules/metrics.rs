//! A target moves from the target there is, and a baseline is replaced by a decision.

use minutebook_events::quantity::Quantity;
use minutebook_events::{Payload, Refusal, RefusalKind};

use super::{Candidate, broken};
use crate::Views;

pub(super) fn judge(views: &Views, candidate: &Candidate) -> Result<(), Refusal> {
    let payload = &candidate.body.payload;
    if !matches!(
        payload,
        Payload::BaselineAgreed(_) | Payload::TargetRevised(_)
    ) {
        return Ok(());
    }
    let subject = &candidate.body.common.subject;
    let Some(metric) = views.metrics.table.get(subject) else {
        return Ok(());
    };
    match payload {
        Payload::BaselineAgreed(fields) => match metric.baseline() {
            Some(agreed) if fields.decision.is_none() => {
                let value = &agreed.value.as_written;
                let message = format!("{subject} has the baseline {value} already");
                Err(broken("baseline-again", message)
                    .because_of([agreed.at.position])
                    .instead("name the decision that replaced it in decision"))
            }
            _ => Ok(()),
        },
        Payload::TargetRevised(fields) => {
            let now = metric.target().map(|target| target.value);
            let same = match (now, &fields.from) {
                (Some(now), Some(from)) => is_same(now, from),
                (now, from) => now.is_none() && from.is_none(),
            };
            if same {
                return Ok(());
            }
            let entry = metric.targets.newest().map(|target| target.at);
            let entry = entry.unwrap_or(metric.defined.at).position;
            let (message, advice) = match now {
                Some(now) => {
                    let now = &now.as_written;
                    let message = format!("the target of {subject} is {now} now");
                    (message, format!("write {now} in from"))
                }
                None => {
                    let message = format!("{subject} has no target yet");
                    (message, "leave from out".to_owned())
                }
            };
            Err(
                Refusal::new(RefusalKind::Conflict, "metric-target-from", message)
                    .because_of([entry])
                    .instead(advice),
            )
        }
        _ => Ok(()),
    }
}

/// Whether two figures say the same: the same number, or the same words where there is none.
fn is_same(one: &Quantity, other: &Quantity) -> bool {
    match (one.value, other.value) {
        (Some(a), Some(b)) => a == b && !crate::metrics::other_unit(one, other),
        _ => one.as_written.trim() == other.as_written.trim(),
    }
}
