//! Papers lodged for meetings, each with its newest version.

use minutebook_events::Payload;
use minutebook_events::catalogue::PaperLodged;
use serde::{Deserialize, Serialize};

use crate::Noted;
use crate::stated::Stated;
use crate::table::Table;
use crate::under::Under;

/// All papers.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Papers {
    /// The newest version of each.
    pub table: Table<Stated<PaperLodged>>,
    /// The papers for each meeting.
    pub for_meeting: Under,
}

impl Papers {
    pub(crate) fn fold(&mut self, noted: &Noted<'_>, payload: &Payload) {
        let Payload::PaperLodged(fields) = payload else {
            return;
        };
        if let Some(meeting) = fields.for_meeting.as_ref()
            && self.table.get(noted.id).is_none()
        {
            self.for_meeting.add(meeting, noted.id);
        }
        let lodged = noted.stated(fields);
        self.table.update(noted, noted.id, |_| Some(lodged.clone()));
    }
}
