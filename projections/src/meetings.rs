//! Meetings: called, prepared, held or cancelled. Whether one could decide is in [`crate::quorum`].

use minutebook_events::catalogue::{
    AgendaPublished, MeetingCalled, MeetingCancelled, MeetingHeld, PublicExcluded,
};
use minutebook_events::{Payload, Period, SubjectId};
use serde::{Deserialize, Serialize};

use crate::stack::Stack;
use crate::stated::Stated;
use crate::table::Table;
use crate::{Noted, When};

/// A meeting.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Meeting {
    /// What was called.
    pub called: Stated<MeetingCalled>,
    /// That it will not take place.
    pub cancelled: Option<Stated<MeetingCancelled>>,
    /// The newest agenda.
    pub agenda: Option<Stated<AgendaPublished>>,
    /// That it took place, and who was there.
    pub held: Option<Stated<MeetingHeld>>,
    /// The day that the entry on its being held gives.
    pub held_on: Option<When>,
    /// The resolutions to exclude the public.
    pub excluded: Stack<Stated<PublicExcluded>>,
}

impl Meeting {
    /// The meeting in short.
    pub fn title(&self) -> &str {
        &self.called.title
    }

    /// The body that meets.
    pub fn body(&self) -> Option<&SubjectId> {
        self.called.body.as_ref()
    }

    /// When it took place, or is to.
    pub fn date(&self) -> Option<&Period> {
        let held = self.held_on.as_deref();
        held.or(self.called.date.as_ref())
    }

    /// Whether the public was excluded for an item.
    pub fn is_private(&self, item: &str) -> bool {
        let mut resolutions = self.excluded.iter();
        resolutions.any(|resolution| resolution.items.iter().any(|one| one == item))
    }
}

pub(crate) fn fold(meetings: &mut Table<Meeting>, noted: &Noted<'_>, payload: &Payload) {
    match payload {
        Payload::MeetingCalled(fields) => {
            let called = noted.stated(fields);
            meetings.begin(noted, || Meeting {
                called: called.clone(),
                cancelled: None,
                agenda: None,
                held: None,
                held_on: None,
                excluded: Stack::new(),
            });
        }
        Payload::MeetingCancelled(fields) => {
            let cancelled = noted.stated(fields);
            meetings.change(noted, |meeting| {
                meeting.cancelled.get_or_insert_with(|| cancelled.clone());
            });
        }
        Payload::AgendaPublished(fields) => {
            let agenda = noted.stated(fields);
            meetings.change(noted, |meeting| meeting.agenda = Some(agenda.clone()));
        }
        Payload::MeetingHeld(fields) => {
            let held = noted.stated(fields);
            let on = noted.effective();
            meetings.change(noted, |meeting| {
                if meeting.held.is_none() {
                    meeting.held = Some(held.clone());
                    meeting.held_on.clone_from(&on);
                }
            });
        }
        Payload::PublicExcluded(fields) => {
            let excluded = noted.stated(fields);
            meetings.change(noted, |meeting| meeting.excluded.push(excluded.clone()));
        }
        _ => {}
    }
}
