//! Evaluations, reviews and audits: commissioned and reported.

use minutebook_events::Payload;
use minutebook_events::catalogue::{EvaluationCommissioned, EvaluationReported};
use serde::{Deserialize, Serialize};

use crate::Noted;
use crate::stated::Stated;
use crate::table::Table;

/// An evaluation.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// What was commissioned; absent where it was only reported here.
    pub commissioned: Option<Stated<EvaluationCommissioned>>,
    /// What it found, newest report.
    pub reported: Option<Stated<EvaluationReported>>,
}

impl Evaluation {
    /// The evaluation in short own words.
    pub fn title(&self) -> &str {
        let commissioned = self.commissioned.as_ref().map(|one| one.title.as_str());
        let reported = self.reported.as_ref().and_then(|one| one.title.as_deref());
        commissioned.or(reported).unwrap_or_default()
    }
}

pub(crate) fn fold(evaluations: &mut Table<Evaluation>, noted: &Noted<'_>, payload: &Payload) {
    match payload {
        Payload::EvaluationCommissioned(fields) => {
            let commissioned = noted.stated(fields);
            evaluations.upsert(noted, |evaluation| {
                evaluation
                    .commissioned
                    .get_or_insert_with(|| commissioned.clone());
            });
        }
        Payload::EvaluationReported(fields) => {
            let reported = noted.stated(fields);
            evaluations.upsert(noted, |evaluation| {
                evaluation.reported = Some(reported.clone());
            });
        }
        _ => {}
    }
}
