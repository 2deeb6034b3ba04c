//! Minutes: drafted, amended, approved word for word.

use minutebook_events::catalogue::{MinutesAmended, MinutesApproved, MinutesDrafted};
use minutebook_events::{Digest, Payload, SubjectId};
use serde::{Deserialize, Serialize};

use crate::Noted;
use crate::stack::Stack;
use crate::stated::Stated;
use crate::table::Table;
use crate::under::Under;

/// The minutes of a meeting.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Minutes {
    /// The drafts.
    pub drafts: Stack<Stated<MinutesDrafted>>,
    /// The changes asked for, and after approval the corrections minuted by later meetings.
    pub amendments: Stack<Stated<MinutesAmended>>,
    /// Their approval.
    pub approved: Option<Stated<MinutesApproved>>,
}

impl Minutes {
    /// The meeting that they record.
    pub fn of(&self) -> Option<&SubjectId> {
        self.drafts.newest().map(|draft| &draft.minutes_of)
    }

    /// SHA-256 of the newest text: of the newest draft, or of an amendment after it that brought a
    /// text.
    pub fn text(&self) -> Option<Digest> {
        let draft = self.drafts.newest()?;
        let amended = self.amended_text();
        let amended = amended.and_then(|amended| amended.document.as_ref());
        Some(amended.unwrap_or(&draft.document).sha256)
    }

    /// The version of the newest text; absent where an amendment brought one without a number.
    pub fn version(&self) -> Option<u32> {
        match self.amended_text() {
            Some(amended) => amended.version,
            None => Some(self.drafts.newest()?.version),
        }
    }

    /// The newest amendment that brought a text, where no draft came after it.
    fn amended_text(&self) -> Option<&Stated<MinutesAmended>> {
        let draft = self.drafts.newest()?;
        let mut amended = self.amendments.iter();
        let amended = amended.find(|amended| amended.document.is_some());
        amended.filter(|amended| amended.at > draft.at)
    }
}

/// All minutes.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct AllMinutes {
    /// The minutes, by their own ids.
    pub table: Table<Minutes>,
    /// The minutes of each meeting.
    pub of_meeting: Under,
}

impl AllMinutes {
    pub(crate) fn fold(&mut self, noted: &Noted<'_>, payload: &Payload) {
        match payload {
            Payload::MinutesDrafted(fields) => {
                if self.table.get(noted.id).is_none() {
                    self.of_meeting.add(&fields.minutes_of, noted.id);
                }
                let draft = noted.stated(fields);
                self.table.update(noted, noted.id, |old| {
                    let mut minutes = old.cloned().unwrap_or(Minutes {
                        drafts: Stack::new(),
                        amendments: Stack::new(),
                        approved: None,
                    });
                    minutes.drafts.push(draft.clone());
                    Some(minutes)
                });
            }
            Payload::MinutesAmended(fields) => {
                let amended = noted.stated(fields);
                self.table
                    .change(noted, |minutes| minutes.amendments.push(amended.clone()));
            }
            Payload::MinutesApproved(fields) => {
                let approved = noted.stated(fields);
                self.table.change(noted, |minutes| {
                    minutes.approved.get_or_insert_with(|| approved.clone());
                });
            }
            _ => {}
        }
    }
}
