//! There is always a registrar with a key that works: without one, nobody could be given a role or a
//! key ever again.
//!
//! This goes for the key as well as for the role, and for a compromised key too. Whoever can sign the
//! end of the last such key holds it, and can as well sign the enrolment of another one first, in the
//! same sitting. A key that is lost signs nothing, and nobody else could sign for it.

use minutebook_events::{Payload, PersonId, Refusal, Role};
use minutebook_keys::Kid;

use super::{Candidate, broken};
use crate::Views;
use crate::people::{Holding, Person};

pub(super) fn judge(views: &Views, candidate: &Candidate) -> Result<(), Refusal> {
    let payload = &candidate.body.payload;
    if !matches!(
        payload,
        Payload::RoleEnded(_) | Payload::SigningKeyRevoked(_)
    ) {
        return Ok(());
    }
    let Some(person) = candidate.body.common.subject.person() else {
        return Ok(());
    };
    let is_registrar =
        |holding: &&Holding| holding.gives_authority() && holding.role == Some(Role::Registrar);
    let holdings = views.people.get(&person).map(|one| &one.holdings);
    let mut registrar = holdings.into_iter().flatten().filter(is_registrar);
    match payload {
        Payload::RoleEnded(fields) => {
            let stays = registrar.clone().any(|holding| !holding.ends_with(fields));
            let Some(ending) = registrar.next().filter(|_| !stays) else {
                return Ok(());
            };
            if others(views, candidate, &person) {
                return Ok(());
            }
            let message = "this is the only registrar, and there would be none";
            Err(broken("last-registrar", message)
                .because_of([ending.since.0.position])
                .instead("appoint another registrar who has a key first"))
        }
        Payload::SigningKeyRevoked(fields) => {
            let kid = Kid::from(fields.kid);
            let usable = |other: &Kid| is_usable(views, candidate, other);
            let keys = views.people.get(&person).map(|one| &one.keys);
            let mut keys = keys.into_iter().flatten().map(|key| Kid::from(*key));
            let remains = keys.any(|other| other != kid && usable(&other));
            if registrar.next().is_none() || remains || !usable(&kid) {
                return Ok(());
            }
            if others(views, candidate, &person) {
                return Ok(());
            }
            let message =
                "this is the last key of a registrar, and none could be enrolled after it";
            Err(broken("last-registrar", message)
                .instead("enrol a new key with SigningKeyEnrolled first, then revoke this one"))
        }
        _ => Ok(()),
    }
}

/// Whether anyone else is a registrar with a key that works.
fn others(views: &Views, candidate: &Candidate, person: &PersonId) -> bool {
    let can_sign = |one: &Person| {
        let mut keys = one.keys.iter().map(|key| Kid::from(*key));
        keys.any(|kid| is_usable(views, candidate, &kid))
    };
    let mut registrars = views.people.registrars();
    registrars.any(|(other, one)| other != *person && can_sign(one))
}

/// A key enrolled by the entry before works as well: the candidate's place is the next one.
fn is_usable(views: &Views, candidate: &Candidate, kid: &Kid) -> bool {
    let key = views.keyring.get(kid);
    key.is_some_and(|key| key.ended.is_none() && key.usable_at(candidate.position))
}
