//! Risks with their scores, and the assurance that a board has.

use minutebook_events::Payload;
use minutebook_events::catalogue::{
    AssuranceRecorded, RiskClosed, RiskRaised, RiskRescored, RiskScore,
};
use serde::{Deserialize, Serialize};

use crate::Noted;
use crate::stack::Stack;
use crate::stated::Stated;
use crate::table::Table;
use crate::under::Under;

/// A risk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Risk {
    /// What was raised.
    pub raised: Stated<RiskRaised>,
    /// Every later score.
    pub rescored: Stack<Stated<RiskRescored>>,
    /// That it needs no more watching.
    pub closed: Option<Stated<RiskClosed>>,
}

impl Risk {
    /// How serious it is now; absent where not stated.
    pub fn score(&self) -> Option<&RiskScore> {
        let rescored = self.rescored.newest().map(|rescored| &rescored.to);
        rescored.or(self.raised.score.as_ref())
    }

    /// What is done about it now.
    pub fn controls(&self) -> Option<&str> {
        let mut rescored = self.rescored.iter();
        rescored
            .find_map(|rescored| rescored.fields.controls.as_deref())
            .or(self.raised.controls.as_deref())
    }
}

/// Risks and assurance.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Risks {
    /// The risks.
    pub table: Table<Risk>,
    /// What the board was assured of, by its own ids.
    pub assurance: Table<Stated<AssuranceRecorded>>,
    /// The assurance about each thing.
    pub assurance_of: Under,
}

impl Risks {
    pub(crate) fn fold(&mut self, noted: &Noted<'_>, payload: &Payload) {
        match payload {
            Payload::RiskRaised(fields) => {
                let raised = noted.stated(fields);
                self.table.begin(noted, || Risk {
                    raised: raised.clone(),
                    rescored: Stack::new(),
                    closed: None,
                });
            }
            Payload::RiskRescored(fields) => {
                let rescored = noted.stated(fields);
                self.table
                    .change(noted, |risk| risk.rescored.push(rescored.clone()));
            }
            Payload::RiskClosed(fields) => {
                let closed = noted.stated(fields);
                self.table.change(noted, |risk| {
                    risk.closed.get_or_insert_with(|| closed.clone());
                });
            }
            Payload::AssuranceRecorded(fields) => {
                if self.assurance.get(noted.id).is_none() {
                    for of in &fields.of {
                        self.assurance_of.add(of, noted.id);
                    }
                }
                let assurance = noted.stated(fields);
                self.assurance.begin(noted, || assurance.clone());
            }
            _ => {}
        }
    }
}
