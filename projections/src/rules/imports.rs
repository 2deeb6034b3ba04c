//! Imported history: who may bring it in, what it may be, and each record only once.

use minutebook_events::{EventType, Refusal, RefusalKind, Role};

use super::Candidate;
use crate::Views;

pub(super) fn judge(views: &Views, candidate: &Candidate) -> Result<(), Refusal> {
    let event = &candidate.body;
    let kind = event.event_type();
    if !event.common.imported {
        return match kind {
            EventType::SignOffAttested => {
                let message = "only imported history is attested; \
                               what is signed in this record is signed by the signatories";
                Err(Refusal::new(RefusalKind::RuleBroken, "attested-imported", message).instead(
                    "record SignOffRequested, or mark the event as imported and give its source",
                ))
            }
            _ => Ok(()),
        };
    }
    let role = event.common.capacity.role;
    if !matches!(role, Role::Registrar | Role::Secretary) {
        let message = format!(
            "imported history is brought in by a registrar or a secretary, not by a {}",
            role.name()
        );
        return Err(
            Refusal::new(RefusalKind::NotAuthorised, "imported-by", message)
                .instead("ask the secretary to import it"),
        );
    }
    // Keys and approvals act on this record, which no document written before it can do.
    let acts_here = [
        EventType::SigningKeyEnrolled,
        EventType::SigningKeyRevoked,
        EventType::ApprovalGiven,
    ];
    if acts_here.contains(&kind) {
        let message = format!("{} acts on this record and cannot be imported", kind.name());
        return Err(
            Refusal::new(RefusalKind::RuleBroken, "imported-type", message)
                .instead("record it as an event of its own, not as imported"),
        );
    }
    if let Some(entry) = views.records.repeated(event) {
        let source = event.common.source.as_ref();
        let record = source
            .and_then(|source| source.record.as_deref())
            .unwrap_or_default();
        let message = format!(
            "record {record} is in the ledger already, as entry {entry}; importing it again adds \
             nothing"
        );
        return Err(
            Refusal::new(RefusalKind::RuleBroken, "already-imported", message)
                .because_of([entry])
                .instead("leave it out, or record CorrectionRecorded where it was read wrongly"),
        );
    }
    Ok(())
}
