//! Organisations, named or only counted, and which one followed which.

use std::sync::Arc;

use imbl::OrdMap;
use minutebook_events::{Payload, Period, SubjectId};
use serde::{Deserialize, Serialize};

use crate::{Id, Noted};

/// An organisation, or a counted group of them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Organisation {
    /// The name in full; absent where only the entry of a succession is held.
    pub name: Option<String>,
    /// The short name.
    pub short_name: Option<String>,
    /// What sort of organisation it is.
    pub kind: Option<String>,
    /// How many organisations an unnamed group stands for.
    pub count: Option<u32>,
    /// True where the document never gives the name.
    pub unnamed: bool,
    /// The organisations that it is made of.
    pub members: Vec<SubjectId>,
    /// The entry that registered it.
    pub registered_at: u64,
    /// The organisations that it replaced.
    pub predecessors: Vec<SubjectId>,
    /// The organisation that replaced it, the entry that says so, and since when.
    pub succeeded_by: Option<(SubjectId, u64, Option<Period>)>,
}

/// Every organisation.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Organisations {
    map: OrdMap<Id, Arc<Organisation>>,
}

impl Organisations {
    /// An organisation.
    pub fn get(&self, id: &SubjectId) -> Option<&Organisation> {
        self.map.get(id).map(Arc::as_ref)
    }

    /// Every organisation, in order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = (&SubjectId, &Organisation)> {
        self.map
            .iter()
            .map(|(id, organisation)| (id.as_ref(), organisation.as_ref()))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.map.len()
    }

    /// True where none is registered.
    pub fn is_empty(&self) -> bool {
        self.map.is_empty()
    }

    pub(crate) fn fold(&mut self, noted: &Noted<'_>, payload: &Payload) {
        match payload {
            Payload::OrganisationRegistered(fields) if !self.map.contains_key(noted.id) => {
                let organisation = Organisation {
                    name: Some(fields.name.clone()),
                    short_name: fields.short_name.clone(),
                    kind: fields.kind.clone(),
                    count: fields.count,
                    unnamed: !fields.named,
                    members: fields.members.clone(),
                    registered_at: noted.position,
                    ..Organisation::default()
                };
                self.map.insert(noted.id.clone(), Arc::new(organisation));
            }
            Payload::OrganisationSucceeded(fields) => {
                let fresh = || Organisation {
                    registered_at: noted.position,
                    ..Default::default()
                };
                let entry = self.map.entry(noted.id.clone());
                let successor = Arc::make_mut(entry.or_insert_with(|| Arc::new(fresh())));
                successor
                    .predecessors
                    .extend(fields.predecessors.iter().cloned());
                if fields.name.is_some() {
                    successor.name.clone_from(&fields.name);
                }
                for predecessor in &fields.predecessors {
                    if let Some(old) = self.map.get_mut(predecessor) {
                        let since = noted.common.effective.clone();
                        let successor = SubjectId::clone(noted.id);
                        Arc::make_mut(old).succeeded_by = Some((successor, noted.position, since));
                    }
                }
            }
            _ => {}
        }
    }
}
