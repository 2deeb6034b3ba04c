//! The key that signed is enrolled, is the signer's, and works at this position.

use minutebook_events::{Refusal, RefusalKind};

use super::Candidate;
use crate::Views;
use crate::keyring::KeyEnd;

pub(super) fn judge(views: &Views, candidate: &Candidate) -> Result<(), Refusal> {
    let claims = &candidate.claims;
    let unknown = |message: String| {
        Refusal::new(RefusalKind::UnknownKey, "known-key", message)
            .instead("ask the registrar to enrol this key")
    };
    let Some(key) = views.keyring.get(&claims.kid) else {
        let short = claims.kid.short();
        return Err(unknown(format!(
            "key {short} is not enrolled in this ledger"
        )));
    };
    // A key whose owner is not known here speaks for nobody: else its holder could be anyone.
    if key.person.as_deref() != Some(&claims.signer) {
        let short = claims.kid.short();
        return Err(unknown(format!(
            "key {short} is not enrolled for the person who signs"
        ))
        .because_of([key.enrolled_at]));
    }
    if key.usable_at(candidate.position) {
        return Ok(());
    }
    let short = claims.kid.short();
    let revoked = |message, entry| {
        Refusal::new(RefusalKind::RevokedKey, "key-usable", message).because_of([entry])
    };
    Err(match &key.ended {
        Some((entry, KeyEnd::Revoked(_))) => {
            revoked(format!("key {short} was revoked in entry {entry}"), *entry)
                .instead("ask the registrar to enrol a new key")
        }
        Some((entry, KeyEnd::Replaced(_))) => {
            revoked(format!("key {short} was replaced in entry {entry}"), *entry)
                .instead("sign with the key that replaced it")
        }
        None => unknown(format!(
            "key {short} works only after entry {}",
            key.enrolled_at
        ))
        .because_of([key.enrolled_at]),
    })
}
