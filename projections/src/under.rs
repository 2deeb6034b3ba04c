//! Which things name which: the actions of a meeting, the metrics of a milestone.
//!
//! Hints, in order of record: what is named here may not be known at a moment, or not to a reader.
//! Whoever asks looks each thing up at their own moment.

use std::sync::Arc;

use imbl::Vector;
use minutebook_events::SubjectId;
use serde::{Deserialize, Serialize};

use crate::Id;
use crate::shelf::Shelf;

/// For each thing, those that name it as what they stand under.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Under(Shelf<Vector<Id>>);

impl Under {
    /// Those that name `above`, in order of record.
    pub fn of(&self, above: &SubjectId) -> impl DoubleEndedIterator<Item = &SubjectId> {
        self.0.get(above).into_iter().flatten().map(Arc::as_ref)
    }

    pub(crate) fn add(&mut self, above: &SubjectId, id: &Id) {
        self.0.edit(above, |ids| ids.push_back(id.clone()));
    }
}
