//! Delegated authorities: who may decide or sign in a body's name.

use minutebook_events::Payload;
use minutebook_events::catalogue::{AuthorityDelegated, AuthorityWithdrawn};
use serde::{Deserialize, Serialize};

use crate::Noted;
use crate::stated::Stated;
use crate::table::Table;

/// A delegated authority.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Delegation {
    /// What was delegated, by whom, to whom.
    pub delegated: Stated<AuthorityDelegated>,
    /// That it ended.
    pub withdrawn: Option<Stated<AuthorityWithdrawn>>,
}

pub(crate) fn fold(authorities: &mut Table<Delegation>, noted: &Noted<'_>, payload: &Payload) {
    match payload {
        Payload::AuthorityDelegated(fields) => {
            let delegated = noted.stated(fields);
            authorities.begin(noted, || Delegation {
                delegated: delegated.clone(),
                withdrawn: None,
            });
        }
        Payload::AuthorityWithdrawn(fields) => {
            let withdrawn = noted.stated(fields);
            authorities.change(noted, |authority| {
                authority.withdrawn.get_or_insert_with(|| withdrawn.clone());
            });
        }
        _ => {}
    }
}
