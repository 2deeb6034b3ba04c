//! The signer acts in a role that this event needs, and holds it.

use minutebook_events::{Payload, Refusal, RefusalKind, Role};

use super::{Candidate, one_of};
use crate::Views;

pub(super) fn judge(views: &Views, candidate: &Candidate) -> Result<(), Refusal> {
    let capacity = &candidate.body.common.capacity;
    let authority = candidate.body.payload.authority();
    if !authority.roles.contains(&capacity.role) && !own_key(candidate) {
        let event = candidate.body.event_type().name();
        let roles = one_of(authority.roles.iter().map(|role| role.name()));
        let message = format!(
            "{event} needs the role {roles}, not {}",
            capacity.role.name()
        );
        return Err(
            Refusal::new(RefusalKind::NotAuthorised, "role-needed", message).instead(format!(
                "ask someone who holds the role {roles} to record it"
            )),
        );
    }
    let (signer, of) = (&candidate.claims.signer, capacity.of.as_ref());
    if views.people.holds(signer, capacity.role, of) {
        return Ok(());
    }
    Err(not_held(views, candidate))
}

/// Anyone may end the use of their own key, whatever their role: a lost key cannot wait.
fn own_key(candidate: &Candidate) -> bool {
    let subject = &candidate.body.common.subject;
    matches!(candidate.body.payload, Payload::SigningKeyRevoked(_))
        && subject
            .person()
            .is_some_and(|person| person == candidate.claims.signer)
}

fn not_held(views: &Views, candidate: &Candidate) -> Refusal {
    let capacity = &candidate.body.common.capacity;
    let scope = match &capacity.of {
        Some(of) => format!(" for {of}"),
        None => " for the whole ledger".to_owned(),
    };
    let message = format!(
        "the signer does not hold the role {}{scope}",
        capacity.role.name()
    );
    let refusal = Refusal::new(RefusalKind::NotAuthorised, "role-held", message);
    let holdings = views.people.get(&candidate.claims.signer);
    let holdings = holdings.map_or(&[][..], |person| &person.holdings);
    let ended = holdings
        .iter()
        .filter(|holding| holding.role == Some(capacity.role));
    let refusal =
        refusal.because_of(ended.filter_map(|holding| Some(holding.until.as_ref()?.0.position)));
    let held: Vec<String> = holdings
        .iter()
        .filter(|holding| holding.gives_authority())
        .map(|holding| {
            let role = holding.role.map_or("", Role::name);
            match &holding.of {
                Some(of) => format!("{role} for {of}"),
                None => format!("{role} for the whole ledger"),
            }
        })
        .collect();
    if held.is_empty() {
        refusal.instead("ask the registrar to appoint the signer to the role first")
    } else {
        refusal.instead(format!(
            "act in a role that the signer holds: {}",
            one_of(held)
        ))
    }
}
