//! What one person alone must not do: appoint a registrar, erase, dispose of records.
//!
//! The second person records ApprovalGiven with the digest of the disclosure that asks to enter, as
//! its statement names it; the statement enters afterwards. An erasure may rest instead on an
//! approval that names the digest to be erased and is about the same entry, by the person whom the
//! erasure names as approver: officers agree on what goes before they agree on words. Such an
//! approval must be newer than that entry, since an older one approved its coming in.
//!
//! A ledger with one registrar could never get a second if that needed two: while only one person
//! holds the role, that person's word is enough.

use minutebook_events::{Digest, Payload, Refusal, RefusalKind, Role};

use super::Candidate;
use crate::Views;
use crate::records::Approval;

pub(super) fn judge(views: &Views, candidate: &Candidate) -> Result<(), Refusal> {
    let payload = &candidate.body.payload;
    if !payload.authority().second_person {
        return Ok(());
    }
    let approver_role = match payload {
        Payload::RoleAppointed(_) => Some(Role::Registrar),
        _ => None,
    };
    if approver_role.is_some() && views.people.registrars().count() < 2 {
        return Ok(());
    }
    let approvals = views.records.approvals(&candidate.claims.digest).iter();
    let counts = |approval: &&Approval| {
        *approval.by != candidate.claims.signer
            && approver_role.is_none_or(|role| approval.role == role)
            && named_approver(payload).is_none_or(|person| *approval.by == *person)
    };
    if approvals.clone().any(|approval| counts(&approval)) {
        return Ok(());
    }
    let of_content = match payload {
        Payload::ContentErased(fields) => approved_erasure(views, candidate, &fields.digest),
        _ => false,
    };
    if of_content {
        return Ok(());
    }
    let name = candidate.body.event_type().name();
    let who = match approver_role {
        Some(_) => "another registrar",
        None => "another person",
    };
    let message = format!("{name} needs the approval of {who}, and none is in the record");
    Err(
        Refusal::new(RefusalKind::NotAuthorised, "second-person", message)
            .because_of(approvals.map(|approval| approval.position))
            .instead(format!(
                "have {who} record ApprovalGiven for digest {}, then submit this again",
                candidate.claims.digest
            )),
    )
}

fn named_approver(payload: &Payload) -> Option<&minutebook_events::PersonId> {
    match payload {
        Payload::ContentErased(fields) => Some(&fields.approver),
        Payload::RecordDisposed(fields) => Some(&fields.approver),
        _ => None,
    }
}

fn approved_erasure(views: &Views, candidate: &Candidate, digest: &Digest) -> bool {
    let subject = &candidate.body.common.subject;
    let approver = named_approver(&candidate.body.payload);
    let Ok(entry) = subject.name().parse::<u64>() else {
        return false;
    };
    views.records.approvals(digest).iter().any(|approval| {
        *approval.by != candidate.claims.signer
            && approver.is_some_and(|person| *approval.by == *person)
            && *approval.subject == *subject
            && approval.position > entry
    })
}
