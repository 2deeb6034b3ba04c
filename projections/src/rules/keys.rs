//! Keys are enrolled once, for someone who is there, and ended by the registrar or their owner.

use minutebook_events::catalogue::{SigningKeyEnrolled, SigningKeyRevoked};
use minutebook_events::{Payload, Refusal, RefusalKind};
use minutebook_keys::Kid;

use super::{Candidate, broken};
use crate::Views;
use crate::keyring::Key;

pub(super) fn judge(views: &Views, candidate: &Candidate) -> Result<(), Refusal> {
    match &candidate.body.payload {
        Payload::SigningKeyEnrolled(fields) => enrolled(views, candidate, fields),
        Payload::SigningKeyRevoked(fields) => revoked(views, candidate, fields),
        // A key in the statement alone would be enrolled without a word on whose it is.
        _ if candidate.claims.enrols.is_some() => {
            let name = candidate.body.event_type().name();
            let message = format!("the statement enrols a key, and {name} does not");
            Err(broken("key-in-statement", message))
        }
        _ => Ok(()),
    }
}

fn enrolled(
    views: &Views,
    candidate: &Candidate,
    fields: &SigningKeyEnrolled,
) -> Result<(), Refusal> {
    if candidate.claims.enrols != Some(fields.key.0) {
        let message = "the key in the event is not the one that the statement enrols";
        return Err(broken("key-in-statement", message));
    }
    let kid = fields.key.kid();
    if let Some(key) = views.keyring.get(&kid) {
        let short = kid.short();
        let message = format!(
            "key {short} was enrolled in entry {} already",
            key.enrolled_at
        );
        return Err(broken("key-enrolled-once", message)
            .because_of([key.enrolled_at])
            .instead("make a new key; a key that ended is never enrolled again"));
    }
    let Some(old) = fields.replaces else {
        return Ok(());
    };
    let old = Kid::from(old);
    let key = usable(views, candidate, &old)?;
    if old != candidate.claims.kid || key.person.as_deref() != Some(&candidate.claims.signer) {
        let message = "a key is replaced by its owner, who signs with the key that is replaced";
        return Err(
            Refusal::new(RefusalKind::NotAuthorised, "key-rotation", message).instead(
                "sign with the old key; where it is lost, have it revoked and a new one enrolled",
            ),
        );
    }
    Ok(())
}

fn revoked(
    views: &Views,
    candidate: &Candidate,
    fields: &SigningKeyRevoked,
) -> Result<(), Refusal> {
    usable(views, candidate, &fields.kid.into()).map(|_| ())
}

/// The key, where it is enrolled for the person whom the event is about and has not ended.
fn usable<'a>(views: &'a Views, candidate: &Candidate, kid: &Kid) -> Result<&'a Key, Refusal> {
    let short = || kid.short();
    let subject = &candidate.body.common.subject;
    let Some(key) = views.keyring.get(kid) else {
        let message = format!("key {} is not enrolled in this ledger", short());
        return Err(Refusal::new(RefusalKind::NotFound, "key-known", message)
            .instead("check the key's short form with its owner"));
    };
    if key.person.is_none() || key.person.as_deref() != subject.person().as_ref() {
        let message = format!("key {} does not belong to {subject}", short());
        return Err(broken("key-owner", message).because_of([key.enrolled_at]));
    }
    match &key.ended {
        Some((entry, _)) => {
            let message = format!("key {} came to its end in entry {entry} already", short());
            let kind = if *entry >= candidate.claims.seen.size {
                RefusalKind::Conflict
            } else {
                RefusalKind::RuleBroken
            };
            Err(Refusal::new(kind, "key-ended", message).because_of([*entry]))
        }
        None => Ok(key),
    }
}
