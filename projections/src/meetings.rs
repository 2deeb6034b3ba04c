//! Meetings: called, cancelled, held.

use minutebook_events::{Payload, Period, SubjectId};
use serde::{Deserialize, Serialize};

use crate::Noted;
use crate::table::Table;

/// A meeting.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Meeting {
    /// The meeting in short.
    pub title: String,
    /// The body that meets.
    pub body: Option<SubjectId>,
    /// When it takes place.
    pub date: Option<Period>,
    /// The entry that called it.
    pub called_at: u64,
    /// The entry that cancelled it.
    pub cancelled_at: Option<u64>,
    /// The entry that says it was held.
    pub held_at: Option<u64>,
    /// Whether it was quorate; absent where not stated.
    pub quorate: Option<bool>,
}

pub(crate) fn fold(meetings: &mut Table<Meeting>, noted: &Noted<'_>, payload: &Payload) {
    match payload {
        Payload::MeetingCalled(fields) => meetings.begin(noted, || Meeting {
            title: fields.title.clone(),
            body: fields.body.clone(),
            date: fields.date.clone(),
            called_at: noted.position,
            cancelled_at: None,
            held_at: None,
            quorate: None,
        }),
        Payload::MeetingCancelled(_) => meetings.change(noted, |meeting| {
            meeting.cancelled_at.get_or_insert(noted.position);
        }),
        Payload::MeetingHeld(fields) => meetings.change(noted, |meeting| {
            meeting.held_at.get_or_insert(noted.position);
            meeting.quorate = fields.quorate;
        }),
        _ => {}
    }
}
