//! Who people are. Names stand in sealed parts of entries, outside the views.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use minutebook_events::PersonId;
use minutebook_events::identity::{CONTENT_TYPE, Identity};
use minutebook_ledger::disclosure::Disclosure;
use minutebook_ledger::log::Log;
use minutebook_ledger::store::Held;
use minutebook_projections::Views;

/// The names of people, as far as this copy holds them and they were not erased.
#[derive(Debug, Default)]
pub struct Names {
    /// What was read, and how many erasures there were then.
    known: Mutex<(usize, HashMap<PersonId, Option<String>>)>,
}

impl Names {
    /// A person's name.
    pub fn of(&self, log: &Log<Views>, person: &PersonId) -> Option<String> {
        let erasures = log.published().views.records.erasures();
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.0 != erasures {
            *known = (erasures, HashMap::new());
        }
        if let Some(name) = known.1.get(person) {
            return name.clone();
        }
        let name = read(log, person);
        // A person who is not enrolled yet may be so in a moment.
        if name.is_some() {
            known.1.insert(person.clone(), name.clone());
        }
        name
    }
}

fn read(log: &Log<Views>, person: &PersonId) -> Option<String> {
    let published = log.published();
    let enrolled = published.views.people.get(person)?.enrolled_at?;
    let entry = log.entry(enrolled.position).ok()?;
    let mut parts = entry.record.disclosures.iter().skip(1);
    parts.find_map(|part| match &part.content {
        Held::Present(bytes) => name_in(bytes),
        Held::Erased | Held::Absent => None,
    })
}

fn name_in(bytes: &[u8]) -> Option<String> {
    let disclosure = Disclosure::decode(bytes).ok()?;
    if disclosure.content_type != CONTENT_TYPE {
        return None;
    }
    let identity = Identity::decode(&disclosure.body).ok()?;
    Some(identity.short_name.unwrap_or(identity.name))
}
