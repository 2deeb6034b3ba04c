//! The decision register: foreseen, made, superseded, rescinded.

use minutebook_events::catalogue::{
    DecisionForeseen, DecisionMade, DecisionRescinded, DecisionSuperseded,
};
use minutebook_events::{Payload, SubjectId};
use serde::{Deserialize, Serialize};

use crate::Noted;
use crate::stated::Stated;
use crate::table::Table;

/// A decision.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// That it was foreseen, newest.
    pub foreseen: Option<Stated<DecisionForeseen>>,
    /// That it was made; absent while it is only foreseen.
    pub made: Option<Stated<DecisionMade>>,
    /// That another took its place.
    pub superseded: Option<Stated<DecisionSuperseded>>,
    /// That it was taken back.
    pub rescinded: Option<Stated<DecisionRescinded>>,
}

/// How a decision stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DecisionState {
    /// Expected, not made.
    Foreseen,
    /// Made, and it stands.
    Made,
    /// Another took its place.
    Superseded,
    /// Taken back.
    Rescinded,
}

impl DecisionState {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Foreseen => "foreseen",
            Self::Made => "made",
            Self::Superseded => "superseded",
            Self::Rescinded => "rescinded",
        }
    }
}

impl Decision {
    /// The decision, or the question, in short own words.
    pub fn title(&self) -> &str {
        let made = self.made.as_ref().map(|made| &made.title);
        let title = made.or_else(|| self.foreseen.as_ref().map(|foreseen| &foreseen.title));
        title.map_or("", String::as_str)
    }

    /// The body that decided or is expected to.
    pub fn body(&self) -> Option<&SubjectId> {
        match (&self.made, &self.foreseen) {
            (Some(made), _) => made.body.as_ref(),
            (None, Some(foreseen)) => foreseen.body.as_ref(),
            (None, None) => None,
        }
    }

    /// How it stands.
    pub fn state(&self) -> DecisionState {
        if self.rescinded.is_some() {
            DecisionState::Rescinded
        } else if self.superseded.is_some() {
            DecisionState::Superseded
        } else if self.made.is_some() {
            DecisionState::Made
        } else {
            DecisionState::Foreseen
        }
    }

    /// Whether it was made, and neither superseded nor rescinded since.
    pub fn stands(&self) -> bool {
        self.state() == DecisionState::Made
    }
}

pub(crate) fn fold(decisions: &mut Table<Decision>, noted: &Noted<'_>, payload: &Payload) {
    match payload {
        Payload::DecisionForeseen(fields) => {
            let foreseen = noted.stated(fields);
            decisions.upsert(noted, |decision| {
                decision.foreseen = Some(foreseen.clone());
            });
        }
        Payload::DecisionMade(fields) => {
            let made = noted.stated(fields);
            decisions.upsert(noted, |decision| {
                decision.made.get_or_insert_with(|| made.clone());
            });
        }
        Payload::DecisionSuperseded(fields) => {
            let superseded = noted.stated(fields);
            decisions.change(noted, |decision| {
                decision
                    .superseded
                    .get_or_insert_with(|| superseded.clone());
            });
        }
        Payload::DecisionRescinded(fields) => {
            let rescinded = noted.stated(fields);
            decisions.change(noted, |decision| {
                decision.rescinded.get_or_insert_with(|| rescinded.clone());
            });
        }
        _ => {}
    }
}
