//! Evaluations: commissioned and reported.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Fields;
use crate::document::DocumentRef;
use crate::id::SubjectId;
use crate::period::Period;

/// An evaluation, review or audit that is planned or under way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EvaluationCommissioned {
    /// The evaluation in short own words.
    pub title: String,
    /// The aim, milestone or other matter that it belongs to.
    #[serde(default)]
    pub parent: Option<SubjectId>,
    /// What it looks at.
    #[serde(default)]
    pub evaluates: Vec<SubjectId>,
    /// Who carries it out.
    #[serde(default)]
    pub evaluator: Option<String>,
    /// The body or organisation that commissioned it.
    #[serde(default)]
    pub commissioned_by: Option<SubjectId>,
    /// The time in which it is carried out.
    #[serde(default)]
    pub period: Option<Period>,
    /// When it is due.
    #[serde(default)]
    pub due: Option<Period>,
    /// The state in the document's own words, such as `underway`.
    #[serde(default)]
    pub state: Option<String>,
}

impl Fields for EvaluationCommissioned {}

/// An evaluation is finished.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EvaluationReported {
    /// The evaluation in short own words, where it was not commissioned in this record.
    #[serde(default)]
    pub title: Option<String>,
    /// The aim, milestone or other matter that it belongs to.
    #[serde(default)]
    pub parent: Option<SubjectId>,
    /// The time in which it was carried out.
    #[serde(default)]
    pub period: Option<Period>,
    /// What it found; absent where not stated.
    #[serde(default)]
    pub findings: Option<String>,
    /// The decisions that it informs.
    #[serde(default)]
    pub informs: Vec<SubjectId>,
    /// The report.
    #[serde(default)]
    pub document: Option<DocumentRef>,
    /// The state in the document's own words, such as `undertaken`.
    #[serde(default)]
    pub state: Option<String>,
}

impl Fields for EvaluationReported {
    fn documents(&self) -> Vec<&DocumentRef> {
        self.document.iter().collect()
    }
}
