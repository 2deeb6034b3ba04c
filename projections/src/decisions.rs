//! Decisions: foreseen, made, superseded, rescinded.

use std::sync::Arc;

use imbl::OrdMap;
use minutebook_events::catalogue::DecisionKind;
use minutebook_events::{Payload, SubjectId};
use serde::{Deserialize, Serialize};

use crate::{Id, Noted};

/// A decision.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// The decision, or the question, in short own words.
    pub title: String,
    /// The body that decided or is expected to.
    pub body: Option<SubjectId>,
    /// The meeting that it was made in.
    pub meeting: Option<SubjectId>,
    /// The minute's number.
    pub minute: Option<String>,
    /// What the meeting did.
    pub kind: Option<DecisionKind>,
    /// The entry that foresaw it.
    pub foreseen_at: Option<u64>,
    /// The entry that made it; absent while it is only foreseen.
    pub made_at: Option<u64>,
    /// The decision that took its place, and the entry that says so.
    pub superseded_by: Option<(SubjectId, u64)>,
    /// The entry that rescinded it.
    pub rescinded_at: Option<u64>,
}

impl Decision {
    /// Whether it was made, and neither superseded nor rescinded since.
    pub fn stands(&self) -> bool {
        self.made_at.is_some() && self.superseded_by.is_none() && self.rescinded_at.is_none()
    }
}

/// Every decision.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Decisions {
    map: OrdMap<Id, Arc<Decision>>,
}

impl Decisions {
    /// A decision, made or foreseen.
    pub fn get(&self, id: &SubjectId) -> Option<&Decision> {
        self.map.get(id).map(Arc::as_ref)
    }

    /// Every decision, in order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = (&SubjectId, &Decision)> {
        self.map
            .iter()
            .map(|(id, decision)| (id.as_ref(), decision.as_ref()))
    }

    /// How many there are, foreseen ones too.
    pub fn len(&self) -> usize {
        self.map.len()
    }

    /// True where there is none.
    pub fn is_empty(&self) -> bool {
        self.map.is_empty()
    }

    pub(crate) fn fold(&mut self, noted: &Noted<'_>, payload: &Payload) {
        match payload {
            Payload::DecisionForeseen(fields) => {
                let decision = Arc::make_mut(self.map.entry(noted.id.clone()).or_default());
                decision.foreseen_at.get_or_insert(noted.position);
                if decision.made_at.is_none() {
                    decision.title.clone_from(&fields.title);
                    decision.body.clone_from(&fields.body);
                }
            }
            Payload::DecisionMade(fields) => {
                let decision = Arc::make_mut(self.map.entry(noted.id.clone()).or_default());
                if decision.made_at.is_none() {
                    decision.made_at = Some(noted.position);
                    decision.title.clone_from(&fields.title);
                    decision.body.clone_from(&fields.body);
                    decision.meeting.clone_from(&noted.common.meeting);
                    decision.minute.clone_from(&noted.common.minute);
                    decision.kind = fields.kind;
                }
            }
            Payload::DecisionSuperseded(fields) => self.update(noted.id, |decision| {
                let successor = || (fields.superseded_by.clone(), noted.position);
                decision.superseded_by.get_or_insert_with(successor);
            }),
            Payload::DecisionRescinded(_) => self.update(noted.id, |decision| {
                decision.rescinded_at.get_or_insert(noted.position);
            }),
            _ => {}
        }
    }

    fn update(&mut self, id: &Id, change: impl FnOnce(&mut Decision)) {
        if let Some(decision) = self.map.get_mut(id) {
            change(Arc::make_mut(decision));
        }
    }
}
