//! An office with a ledger: its folder, and three officers with keys.

use std::collections::BTreeMap;
use std::path::PathBuf;

use minutebook_events::{Event, PersonId, Role};
use minutebook_keys::{SigningKey, read_secret_file};
use serde_json::json;

use super::common::Desk;
use super::signing::Officer;

/// The name of the ledger, and its origin.
pub const LEDGER: &str = "live";
pub const ORIGIN: &str = "board.example/live";

pub struct Office {
    pub desk: Desk,
    pub officers: BTreeMap<Role, Officer>,
}

impl Office {
    /// A new ledger with registrar, secretary and lead.
    pub fn open() -> Self {
        let desk = Desk::new();
        let made = desk.json(&format!(
            "init --ledger {LEDGER} --origin {ORIGIN} --unencrypted --name Ada --key registrar.pem"
        ));
        let mut people = vec![(Role::Registrar, made["registrar"]["person"].clone())];
        for role in [Role::Secretary, Role::Lead] {
            let name = role.name();
            desk.good(&format!("key new --out {name}.pem --unencrypted"));
            let made = desk.json(&format!(
                "key enrol --new-key {name}.pem --name The-{name} --role {name} \
                 --key registrar.pem --yes"
            ));
            people.push((role, made["person"].clone()));
        }
        let officers = people.into_iter().map(|(role, person)| {
            let pem = read_secret_file(&desk.path(&format!("{}.pem", role.name()))).unwrap();
            let person: PersonId = serde_json::from_value(person).unwrap();
            let key = SigningKey::from_pem(&pem, None).unwrap();
            (role, Officer { person, key })
        });
        let officers = officers.collect();
        Self { desk, officers }
    }

    /// The folder of its ledgers.
    pub fn folder(&self) -> PathBuf {
        self.desk.path("minutebook-data")
    }

    pub fn secretary(&self) -> &Officer {
        &self.officers[&Role::Secretary]
    }

    pub fn lead(&self) -> &Officer {
        &self.officers[&Role::Lead]
    }
}

/// A milestone as someone sets it in a role.
pub fn milestone(role: Role, name: &str) -> Event {
    let event = json!({
        "type": "MilestoneSet",
        "subject": format!("milestone/{name}"),
        "capacity": {"role": role.name()},
        "title": format!("Deliver {name}"),
    });
    Event::from_json(event).unwrap()
}
