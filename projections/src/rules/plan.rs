//! Aims and objectives are given up once.

use minutebook_events::{Payload, Refusal};

use super::{Candidate, broken};
use crate::Views;

pub(super) fn judge(views: &Views, candidate: &Candidate) -> Result<(), Refusal> {
    let Payload::ObjectiveWithdrawn(_) = &candidate.body.payload else {
        return Ok(());
    };
    let subject = &candidate.body.common.subject;
    match views.plan.get(subject).and_then(|node| node.withdrawn_at) {
        Some(at) => {
            let message = format!("{subject} was withdrawn in entry {} already", at.position);
            let set = match subject.kind() {
                minutebook_events::Kind::Aim => "AimSet",
                _ => "ObjectiveSet",
            };
            Err(broken("objective-withdrawn", message)
                .because_of([at.position])
                .instead(format!(
                    "where it is taken up again, set it anew with {set}"
                )))
        }
        None => Ok(()),
    }
}
