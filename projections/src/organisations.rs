//! Organisations, named or only counted, and which one followed which.

use std::sync::Arc;

use minutebook_events::{Payload, Period, SubjectId};
use serde::{Deserialize, Serialize};

use crate::Noted;
use crate::table::Table;

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

pub(crate) fn fold(organisations: &mut Table<Organisation>, noted: &Noted<'_>, payload: &Payload) {
    match payload {
        Payload::OrganisationRegistered(fields) => organisations.begin(noted, || Organisation {
            name: Some(fields.name.clone()),
            short_name: fields.short_name.clone(),
            kind: fields.kind.clone(),
            count: fields.count,
            unnamed: !fields.named,
            members: fields.members.clone(),
            registered_at: noted.position,
            ..Organisation::default()
        }),
        Payload::OrganisationSucceeded(fields) => {
            organisations.begin(noted, || Organisation {
                registered_at: noted.position,
                ..Organisation::default()
            });
            organisations.change(noted, |successor| {
                successor
                    .predecessors
                    .extend(fields.predecessors.iter().cloned());
                if fields.name.is_some() {
                    successor.name.clone_from(&fields.name);
                }
            });
            for predecessor in &fields.predecessors {
                let predecessor = Arc::new(predecessor.clone());
                organisations.update(noted, &predecessor, |old| {
                    let mut old = old?.clone();
                    let since = noted.common.effective.clone();
                    let successor = SubjectId::clone(noted.id);
                    old.succeeded_by = Some((successor, noted.position, since));
                    Some(old)
                });
            }
        }
        _ => {}
    }
}
