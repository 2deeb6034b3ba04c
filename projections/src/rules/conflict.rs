//! Nobody changes what someone else has changed since they last looked.
//!
//! A statement says in `seen` how much of the record its signer had verified. Where another person's
//! entry after that changed the same aspect of the same subject, the signer decided without knowing
//! it. One's own newer entries never conflict: several events recorded in one sitting are all signed
//! with what was seen at its start. Additions, such as status reports or the signatures of two
//! organisations, come in any order.

use minutebook_events::{Refusal, RefusalKind};

use super::Candidate;
use crate::subjects::Subject;
use crate::touch::{Touch, touch};

pub(super) fn judge(candidate: &Candidate, subject: Option<&Subject>) -> Result<(), Refusal> {
    let common = &candidate.body.common;
    let Touch::Changes(aspect) = touch(candidate.body.event_type(), common.subject.kind()) else {
        return Ok(());
    };
    let Some(subject) = subject else {
        return Ok(());
    };
    let (seen, signer) = (candidate.claims.seen.size, &candidate.claims.signer);
    let unseen = subject
        .changed(aspect)
        .filter(|change| change.position >= seen);
    match unseen.filter(|change| *change.by != *signer) {
        None => Ok(()),
        Some(change) => {
            let mut newer: Vec<u64> = subject
                .newest_first()
                .take_while(|position| *position >= seen)
                .collect();
            newer.reverse();
            let message = format!(
                "{} was changed by someone else in entry {}, which the signer had not seen",
                common.subject, change.position
            );
            Err(
                Refusal::new(RefusalKind::Conflict, "changed-since", message)
                    .because_of(newer)
                    .instead("look at the newer entries, then sign again if it still holds"),
            )
        }
    }
}
