//! Engagement: asking people, and saying what will be done about the answers.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Fields;
use crate::document::DocumentRef;
use crate::id::SubjectId;
use crate::period::Period;

/// People are asked: a consultation, survey or engagement session.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsultationOpened {
    /// The activity in short own words.
    pub title: String,
    /// What sort it is, such as `engagement activity`.
    #[serde(default)]
    pub kind: Option<String>,
    /// Who is asked.
    #[serde(default)]
    pub audience: Option<String>,
    /// The strategy or plan that it is about.
    #[serde(default)]
    pub strategy: Option<SubjectId>,
    /// When it takes place.
    #[serde(default)]
    pub period: Option<Period>,
    /// The body that asks.
    #[serde(default)]
    pub body: Option<SubjectId>,
}

impl Fields for ConsultationOpened {}

/// What was said, and what will be done about it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsultationResponded {
    /// What people said.
    pub you_said: String,
    /// What will be done.
    pub we_will: String,
    /// The theme in short.
    #[serde(default)]
    pub title: Option<String>,
    /// What sort of answer it is, such as `You said / We will`.
    #[serde(default)]
    pub kind: Option<String>,
    /// The strategy or plan that it is about.
    #[serde(default)]
    pub strategy: Option<SubjectId>,
    /// The objective or commitment that keeps the promise.
    #[serde(default)]
    pub commitment: Option<SubjectId>,
    /// The page of the document that says more.
    #[serde(default)]
    pub read_more_page: Option<u32>,
}

impl Fields for ConsultationResponded {}

/// A consultation is over.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsultationClosed {
    /// How many answered.
    #[serde(default)]
    pub responses: Option<u32>,
    /// The result in short.
    #[serde(default)]
    pub summary: Option<String>,
    /// The report.
    #[serde(default)]
    pub document: Option<DocumentRef>,
}

impl Fields for ConsultationClosed {
    fn documents(&self) -> Vec<&DocumentRef> {
        self.document.iter().collect()
    }
}
