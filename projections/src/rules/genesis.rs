//! The first entry opens the ledger, and no other does. One of the officers it names signs it.

use minutebook_events::{Payload, Refusal, RefusalKind};

use super::Candidate;

/// Whether these rules, and no others, decide.
pub(super) fn concerns(candidate: &Candidate) -> bool {
    candidate.position == 0 || matches!(candidate.body.payload, Payload::LedgerOpened(_))
}

pub(super) fn judge(candidate: &Candidate) -> Result<(), Refusal> {
    let Payload::LedgerOpened(genesis) = &candidate.body.payload else {
        let name = candidate.body.event_type().name();
        let message = format!("the first entry of a ledger is LedgerOpened, not {name}");
        return Err(
            Refusal::new(RefusalKind::RuleBroken, "genesis-first", message)
                .instead("open the ledger first"),
        );
    };
    if candidate.position != 0 {
        let message = "the ledger was opened already; it is opened only once";
        return Err(
            Refusal::new(RefusalKind::RuleBroken, "genesis-once", message)
                .because_of([0])
                .instead("record the change as an event of its own, such as RoleAppointed"),
        );
    }
    let claims = &candidate.claims;
    let Some(officer) = genesis
        .officers
        .iter()
        .find(|one| one.person == claims.signer)
    else {
        let message = "the first entry is signed by one of the founding officers that it names";
        return Err(Refusal::new(
            RefusalKind::NotAuthorised,
            "genesis-officer",
            message,
        ));
    };
    if officer.key.kid() != claims.kid {
        let message = "the signing officer's key is not the one that the first entry names";
        return Err(
            Refusal::new(RefusalKind::UnknownKey, "genesis-officer", message)
                .instead("sign with the key that stands beside the officer's name"),
        );
    }
    let capacity = &candidate.body.common.capacity;
    if capacity.of.is_some() || !officer.roles.contains(&capacity.role) {
        let message = format!(
            "the signing officer is not named as {} of the whole ledger",
            capacity.role.name()
        );
        return Err(Refusal::new(
            RefusalKind::NotAuthorised,
            "genesis-officer",
            message,
        ));
    }
    if claims.enrols.is_some() || candidate.body.common.imported {
        let message = "the first entry enrols no key of its own and is not imported; \
                       the officers' keys stand in its list of officers";
        return Err(Refusal::new(
            RefusalKind::RuleBroken,
            "genesis-officer",
            message,
        ));
    }
    Ok(())
}
