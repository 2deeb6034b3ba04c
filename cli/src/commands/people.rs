//! Officers as the commands meet them: who signs, in which role, and by what name.

use minutebook_events::identity::{CONTENT_TYPE, Identity};
use minutebook_events::{Capacity, EventType, PersonId, Role, SubjectId};
use minutebook_ledger::author::SealedPart;
use minutebook_projections::Views;
use serde_json::Value;

use crate::failure::Failure;
use crate::narrate;

/// Who a person is, as the registrar typed it.
#[derive(Debug, Clone, Default)]
pub struct Identified {
    /// The full name.
    pub name: String,
    /// The name as minutes print it.
    pub short_name: Option<String>,
    /// How to reach the person.
    pub contact: Option<String>,
}

/// The sealed part that says who someone is.
///
/// # Errors
/// Where a text is empty or too long.
pub fn sealed_identity(who: &Identified) -> Result<SealedPart, Failure> {
    let identity = Identity {
        name: who.name.clone(),
        short_name: who.short_name.clone(),
        contact: who.contact.clone(),
    };
    match identity.encode() {
        Ok(body) => Ok(SealedPart {
            content_type: CONTENT_TYPE.into(),
            body,
        }),
        Err(error) => Err(Failure::usage(
            error.to_string(),
            "give the full name to --name",
        )),
    }
}

/// Reads a role as typed: `records-officer`, `Records officer`.
///
/// # Errors
/// Where there is no such role, with those there are.
pub fn role(text: &str) -> Result<Role, String> {
    let plain = text.trim().to_lowercase().replace([' ', '_'], "-");
    Role::ALL
        .into_iter()
        .find(|role| role.name() == plain)
        .ok_or_else(|| {
            let names: Vec<&str> = Role::ALL.iter().map(|role| role.name()).collect();
            format!("there are the roles {}", names.join(", "))
        })
}

/// The capacity to sign this type of event in, where exactly one of the roles `held` may.
///
/// # Errors
/// Where none may, or several, saying which.
pub fn fitting_capacity(held: &[Capacity], event: EventType) -> Result<Capacity, Failure> {
    let may = event.authority().roles;
    let fitting: Vec<&Capacity> = held
        .iter()
        .filter(|held| may.contains(&held.role))
        .collect();
    let words = |capacities: &[&Capacity]| {
        capacities
            .iter()
            .map(|held| narrate::capacity(held))
            .collect::<Vec<_>>()
            .join(", ")
    };
    match fitting.as_slice() {
        [only] => Ok((*only).clone()),
        [] => {
            let held = match words(&held.iter().collect::<Vec<_>>()).as_str() {
                "" => "holds no role now".to_owned(),
                held => format!("is {held}"),
            };
            let may: Vec<&str> = may.iter().map(|role| role.name()).collect();
            Err(Failure::new(
                format!(
                    "this officer {held}, and {} is signed by: {}",
                    event.name(),
                    may.join(", ")
                ),
                "sign with the key of an officer who holds that role, or ask the registrar for it",
            ))
        }
        several => Err(Failure::usage(
            format!(
                "this officer may sign {} as {}",
                event.name(),
                words(several)
            ),
            format!(
                "say as which, such as --capacity \"{}\"",
                narrate::capacity(several[0])
            ),
        )),
    }
}

/// What something is until now, for an event that changes it.
pub fn what_is_now(event: EventType, views: &Views, subject: &SubjectId) -> Option<Value> {
    let now = match event {
        EventType::MilestoneSlipped
        | EventType::MilestoneBroughtForward
        | EventType::MilestoneDateRestated => {
            serde_json::to_value(views.milestones.get(subject)?.due()?)
        }
        EventType::ActionDueChanged => serde_json::to_value(views.actions.get(subject)?.due()?),
        EventType::TargetRevised => {
            serde_json::to_value(views.metrics.table.get(subject)?.target()?.value)
        }
        EventType::RiskRescored => serde_json::to_value(views.risks.table.get(subject)?.score()?),
        _ => return None,
    };
    now.ok()
}

/// A person for a reader who may not know the name: the beginning of the id.
pub fn label_without_name(person: &PersonId) -> String {
    format!("person {}…", &person.as_str()[..8])
}
