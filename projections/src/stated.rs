//! What an entry said, kept whole: a view holds the fields of the catalogue and does not copy them
//! into fields of its own.

use std::ops::Deref;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// An entry's place: in the log, and in the fold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct At {
    /// Its index in the log.
    pub position: u64,
    /// How many entries were folded before it: where [`crate::entries`] has it.
    pub tick: u64,
}

/// What an entry said. Derefs to its fields; copies share them.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub struct Stated<F> {
    /// The entry.
    pub at: At,
    /// The fields of its type.
    pub fields: Arc<F>,
}

impl<F> Clone for Stated<F> {
    fn clone(&self) -> Self {
        Self {
            at: self.at,
            fields: self.fields.clone(),
        }
    }
}

impl<F> Deref for Stated<F> {
    type Target = F;

    fn deref(&self) -> &F {
        &self.fields
    }
}
