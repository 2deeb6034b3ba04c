//! What was published, and what was given out on request.

use minutebook_events::Payload;
use minutebook_events::catalogue::{Disclosed, Published};
use serde::{Deserialize, Serialize};

use crate::Noted;
use crate::stack::Stack;
use crate::stated::Stated;
use crate::table::Table;

/// What left the record about one thing.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Releases {
    /// What was published.
    pub published: Stack<Stated<Published>>,
    /// What was given out, or refused, on request.
    pub disclosed: Stack<Stated<Disclosed>>,
}

pub(crate) fn fold(releases: &mut Table<Releases>, noted: &Noted<'_>, payload: &Payload) {
    match payload {
        Payload::Published(fields) => {
            let published = noted.stated(fields);
            releases.upsert(noted, |releases| releases.published.push(published.clone()));
        }
        Payload::Disclosed(fields) => {
            let disclosed = noted.stated(fields);
            releases.upsert(noted, |releases| releases.disclosed.push(disclosed.clone()));
        }
        _ => {}
    }
}
