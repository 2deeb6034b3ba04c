//! Holds, which keep records from being erased or disposed of.

use minutebook_events::catalogue::{HoldLifted, HoldPlaced};
use minutebook_events::{Payload, SubjectId};
use serde::{Deserialize, Serialize};

use crate::Noted;
use crate::as_of::AsOf;
use crate::stated::Stated;
use crate::table::Table;

/// A hold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Hold {
    /// What was placed.
    pub placed: Stated<HoldPlaced>,
    /// That it was lifted.
    pub lifted: Option<Stated<HoldLifted>>,
}

impl Hold {
    /// Whether it keeps what is said about `subject`. A hold without a scope keeps everything.
    pub fn covers(&self, subject: &SubjectId) -> bool {
        let scope = &self.placed.scope;
        self.lifted.is_none() && (scope.is_empty() || scope.contains(subject))
    }

    /// Whether it keeps, or kept, something of one of these bodies. A hold without a scope concerns
    /// them all.
    pub fn concerns(&self, as_of: AsOf<'_>, is_one: impl Fn(&SubjectId) -> bool) -> bool {
        let scope = &self.placed.scope;
        let mut bodies = scope.iter().filter_map(|id| as_of.body_of(id));
        scope.is_empty() || bodies.any(is_one)
    }
}

pub(crate) fn fold(holds: &mut Table<Hold>, noted: &Noted<'_>, payload: &Payload) {
    match payload {
        Payload::HoldPlaced(fields) => {
            let placed = noted.stated(fields);
            holds.begin(noted, || Hold {
                placed: placed.clone(),
                lifted: None,
            });
        }
        Payload::HoldLifted(fields) => {
            let lifted = noted.stated(fields);
            holds.change(noted, |hold| {
                hold.lifted.get_or_insert_with(|| lifted.clone());
            });
        }
        _ => {}
    }
}
