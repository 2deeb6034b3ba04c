//! Organisations, named or only counted, and which one followed which.

use std::sync::Arc;

use minutebook_events::Payload;
use minutebook_events::catalogue::{OrganisationRegistered, OrganisationSucceeded};
use serde::{Deserialize, Serialize};

use crate::stated::Stated;
use crate::table::Table;
use crate::{Id, Noted};

/// An organisation, or a counted group of them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Organisation {
    /// What was registered; absent where it is known only as a successor.
    pub registered: Option<Stated<OrganisationRegistered>>,
    /// What it replaced, newest.
    pub succeeded: Option<Stated<OrganisationSucceeded>>,
    /// The organisation that replaced it, and the entry that says so.
    pub successor: Option<(Id, Stated<OrganisationSucceeded>)>,
}

impl Organisation {
    /// The name in full; absent where only the entry of a succession is held.
    pub fn name(&self) -> Option<&str> {
        let renamed = self.succeeded.as_ref().and_then(|one| one.name.as_deref());
        renamed.or(self.registered.as_ref().map(|one| one.name.as_str()))
    }

    /// How many organisations an unnamed group stands for.
    pub fn count(&self) -> Option<u32> {
        self.registered.as_ref().and_then(|one| one.count)
    }

    /// True where the document never gives the name.
    pub fn is_unnamed(&self) -> bool {
        self.registered.as_ref().is_some_and(|one| !one.named)
    }
}

pub(crate) fn fold(organisations: &mut Table<Organisation>, noted: &Noted<'_>, payload: &Payload) {
    match payload {
        Payload::OrganisationRegistered(fields) => {
            let registered = noted.stated(fields);
            organisations.upsert(noted, |organisation| {
                organisation
                    .registered
                    .get_or_insert_with(|| registered.clone());
            });
        }
        Payload::OrganisationSucceeded(fields) => {
            let succeeded = noted.stated(fields);
            organisations.upsert(noted, |successor| {
                successor.succeeded = Some(succeeded.clone());
            });
            for predecessor in &fields.predecessors {
                let predecessor = Arc::new(predecessor.clone());
                organisations.update(noted, &predecessor, |old| {
                    let mut old = old?.clone();
                    old.successor = Some((noted.id.clone(), succeeded.clone()));
                    Some(old)
                });
            }
        }
        _ => {}
    }
}
