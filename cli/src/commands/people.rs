//! Officers as the commands meet them: who signs, in which role, and by what name.

use std::collections::HashMap;

use minutebook_events::identity::{CONTENT_TYPE, Identity};
use minutebook_events::{Capacity, EventType, PersonId, Role, SubjectId};
use minutebook_ledger::author::SealedPart;
use minutebook_ledger::disclosure::Disclosure;
use minutebook_ledger::store::Held;
use minutebook_projections::Views;
use serde_json::Value;

use crate::failure::Failure;
use crate::folder::OpenLedger;
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

/// The roles with authority that a person holds now.
pub fn capacities(views: &Views, person: &PersonId) -> Vec<Capacity> {
    let mut held: Vec<Capacity> = Vec::new();
    for holding in views
        .people
        .get(person)
        .into_iter()
        .flat_map(|person| &person.holdings)
    {
        if let Some(role) = holding.role.filter(|_| holding.gives_authority()) {
            let capacity = Capacity {
                role,
                of: holding.of.clone(),
            };
            if !held.contains(&capacity) {
                held.push(capacity);
            }
        }
    }
    held
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

/// The names of signers, as far as this folder holds them and they were not erased.
pub struct Names<'a> {
    ledger: &'a OpenLedger,
    known: HashMap<PersonId, Option<String>>,
}

impl<'a> Names<'a> {
    /// Of a ledger's people.
    pub fn new(ledger: &'a OpenLedger) -> Self {
        Self {
            ledger,
            known: HashMap::new(),
        }
    }

    /// A person's name.
    pub fn name(&mut self, person: &PersonId) -> Option<String> {
        if let Some(name) = self.known.get(person) {
            return name.clone();
        }
        let name = self.read(person);
        self.known.insert(person.clone(), name.clone());
        name
    }

    fn read(&self, person: &PersonId) -> Option<String> {
        let views = self.ledger.views();
        let enrolled = views.views.people.get(person)?.enrolled_at?;
        let entry = self.ledger.log.entry(enrolled.position).ok()?;
        entry
            .record
            .disclosures
            .iter()
            .skip(1)
            .find_map(|part| match &part.content {
                Held::Present(bytes) => identity_name(bytes),
                Held::Erased | Held::Absent => None,
            })
    }
}

fn identity_name(bytes: &[u8]) -> Option<String> {
    let disclosure = Disclosure::decode(bytes).ok()?;
    if disclosure.content_type != CONTENT_TYPE {
        return None;
    }
    let identity = Identity::decode(&disclosure.body).ok()?;
    Some(identity.short_name.unwrap_or(identity.name))
}
