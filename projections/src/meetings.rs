//! Meetings: called, cancelled, held.

use std::sync::Arc;

use imbl::{OrdMap, Vector};
use minutebook_events::{Payload, Period, SubjectId};
use serde::{Deserialize, Serialize};

use crate::{Id, Noted};

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

/// Every meeting.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Meetings {
    map: OrdMap<Id, Arc<Meeting>>,
    of_body: OrdMap<SubjectId, Vector<Id>>,
}

impl Meetings {
    /// A meeting.
    pub fn get(&self, id: &SubjectId) -> Option<&Meeting> {
        self.map.get(id).map(Arc::as_ref)
    }

    /// Every meeting, in order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = (&SubjectId, &Meeting)> {
        self.map
            .iter()
            .map(|(id, meeting)| (id.as_ref(), meeting.as_ref()))
    }

    /// The meetings of a body, in the order in which they were called.
    pub fn of_body(&self, body: &SubjectId) -> impl DoubleEndedIterator<Item = &SubjectId> {
        self.of_body
            .get(body)
            .into_iter()
            .flatten()
            .map(Arc::as_ref)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.map.len()
    }

    /// True where none was called.
    pub fn is_empty(&self) -> bool {
        self.map.is_empty()
    }

    pub(crate) fn fold(&mut self, noted: &Noted<'_>, payload: &Payload) {
        match payload {
            Payload::MeetingCalled(fields) if !self.map.contains_key(noted.id) => {
                let meeting = Meeting {
                    title: fields.title.clone(),
                    body: fields.body.clone(),
                    date: fields.date.clone(),
                    called_at: noted.position,
                    cancelled_at: None,
                    held_at: None,
                    quorate: None,
                };
                self.map.insert(noted.id.clone(), Arc::new(meeting));
                if let Some(body) = &fields.body {
                    self.of_body
                        .entry(body.clone())
                        .or_default()
                        .push_back(noted.id.clone());
                }
            }
            Payload::MeetingCancelled(_) => self.update(noted.id, |meeting| {
                meeting.cancelled_at.get_or_insert(noted.position);
            }),
            Payload::MeetingHeld(fields) => self.update(noted.id, |meeting| {
                meeting.held_at.get_or_insert(noted.position);
                meeting.quorate = fields.quorate;
            }),
            _ => {}
        }
    }

    fn update(&mut self, id: &Id, change: impl FnOnce(&mut Meeting)) {
        if let Some(meeting) = self.map.get_mut(id) {
            change(Arc::make_mut(meeting));
        }
    }
}
