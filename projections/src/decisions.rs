//! Decisions: foreseen, made, superseded, rescinded.

use minutebook_events::catalogue::DecisionKind;
use minutebook_events::{Payload, SubjectId};
use serde::{Deserialize, Serialize};

use crate::Noted;
use crate::table::Table;

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

pub(crate) fn fold(decisions: &mut Table<Decision>, noted: &Noted<'_>, payload: &Payload) {
    match payload {
        Payload::DecisionForeseen(fields) => decisions.upsert(noted, |decision| {
            decision.foreseen_at.get_or_insert(noted.position);
            if decision.made_at.is_none() {
                decision.title.clone_from(&fields.title);
                decision.body.clone_from(&fields.body);
            }
        }),
        Payload::DecisionMade(fields) => decisions.upsert(noted, |decision| {
            if decision.made_at.is_none() {
                decision.made_at = Some(noted.position);
                decision.title.clone_from(&fields.title);
                decision.body.clone_from(&fields.body);
                decision.meeting.clone_from(&noted.common.meeting);
                decision.minute.clone_from(&noted.common.minute);
                decision.kind = fields.kind;
            }
        }),
        Payload::DecisionSuperseded(fields) => decisions.change(noted, |decision| {
            let successor = || (fields.superseded_by.clone(), noted.position);
            decision.superseded_by.get_or_insert_with(successor);
        }),
        Payload::DecisionRescinded(_) => decisions.change(noted, |decision| {
            decision.rescinded_at.get_or_insert(noted.position);
        }),
        _ => {}
    }
}
