//! The plan: strategies, aims and objectives.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Fields, reason_given};
use crate::document::DocumentRef;
use crate::event::Common;
use crate::id::SubjectId;
use crate::period::Period;

/// A strategy, plan or programme.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StrategyAdopted {
    /// The title.
    pub title: String,
    /// What sort of plan it is, such as `enabling strategy`.
    #[serde(default)]
    pub kind: Option<String>,
    /// The organisation or body that owns it.
    #[serde(default)]
    pub owner: Option<SubjectId>,
    /// The body that leads it.
    #[serde(default)]
    pub led_by: Option<SubjectId>,
    /// The strategy, body or aim that it belongs to.
    #[serde(default)]
    pub parent: Option<SubjectId>,
    /// The time that it covers, or by when it is to be achieved.
    #[serde(default)]
    pub horizon: Option<Period>,
    /// How long it runs, in the document's words, such as `36 months`.
    #[serde(default)]
    pub duration: Option<String>,
    /// How much of that had passed when the document was written, in its words.
    #[serde(default)]
    pub elapsed: Option<String>,
    /// When it was launched.
    #[serde(default)]
    pub launched: Option<Period>,
    /// When it was published.
    #[serde(default)]
    pub published: Option<Period>,
    /// Its purpose.
    #[serde(default)]
    pub purpose: Option<String>,
    /// Its vision.
    #[serde(default)]
    pub vision: Option<String>,
    /// Whom it covers, in the document's words.
    #[serde(default)]
    pub covers: Option<String>,
    /// What it concentrates on.
    #[serde(default)]
    pub focus: Vec<String>,
    /// The status in the document's own words, such as `in force`.
    #[serde(default)]
    pub status: Option<String>,
    /// The strategy itself.
    #[serde(default)]
    pub document: Option<DocumentRef>,
    /// The decision that adopted it.
    #[serde(default)]
    pub decision: Option<SubjectId>,
}

impl Fields for StrategyAdopted {
    fn documents(&self) -> Vec<&DocumentRef> {
        self.document.iter().collect()
    }
}

/// A strategy is renewed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StrategyRefreshed {
    /// What changed.
    pub changes: String,
    /// The new title.
    #[serde(default)]
    pub title: Option<String>,
    /// The strategy that it replaces, where that is another one.
    #[serde(default)]
    pub supersedes: Option<SubjectId>,
    /// The new horizon.
    #[serde(default)]
    pub horizon: Option<Period>,
    /// The new text.
    #[serde(default)]
    pub document: Option<DocumentRef>,
    /// The decision that refreshed it.
    #[serde(default)]
    pub decision: Option<SubjectId>,
}

impl Fields for StrategyRefreshed {
    fn documents(&self) -> Vec<&DocumentRef> {
        self.document.iter().collect()
    }
}

/// A theme, ambition or aim of a strategy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AimSet {
    /// The aim in short own words.
    pub title: String,
    /// The aim in full.
    #[serde(default)]
    pub text: Option<String>,
    /// The document's own word for it, such as `theme`, `ambition` or `sub-theme`.
    pub level: String,
    /// The strategy that it belongs to.
    #[serde(default)]
    pub strategy: Option<SubjectId>,
    /// The aim above it.
    #[serde(default)]
    pub parent: Option<SubjectId>,
    /// By when it is to be achieved.
    #[serde(default)]
    pub due: Option<Period>,
    /// The post that owns it.
    #[serde(default)]
    pub owner: Option<String>,
}

impl Fields for AimSet {}

/// An objective, outcome or commitment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ObjectiveSet {
    /// The objective in short own words.
    pub title: String,
    /// The objective in full.
    #[serde(default)]
    pub text: Option<String>,
    /// The document's own word for it, such as `objective`, `outcome` or `commitment`.
    pub level: String,
    /// What sort it is, such as `medium and long term` or `national priority`.
    #[serde(default)]
    pub kind: Option<String>,
    /// The strategy that it belongs to.
    #[serde(default)]
    pub strategy: Option<SubjectId>,
    /// The aim that it serves.
    #[serde(default)]
    pub aim: Option<SubjectId>,
    /// What it stands under, where that is something else.
    #[serde(default)]
    pub parent: Option<SubjectId>,
    /// The body that takes it on.
    #[serde(default)]
    pub body: Option<SubjectId>,
    /// The time that it is set for.
    #[serde(default)]
    pub period: Option<Period>,
    /// By when it is to be achieved.
    #[serde(default)]
    pub due: Option<Period>,
    /// The post that owns it.
    #[serde(default)]
    pub owner: Option<String>,
    /// How strongly it is meant, such as `explore` or `consider`.
    #[serde(default)]
    pub intent: Option<String>,
    /// The state in the document's own words.
    #[serde(default)]
    pub state: Option<String>,
}

impl Fields for ObjectiveSet {}

/// An aim or objective is given up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ObjectiveWithdrawn {
    /// What takes its place.
    #[serde(default)]
    pub replaced_by: Option<SubjectId>,
    /// The decision that withdrew it.
    #[serde(default)]
    pub decision: Option<SubjectId>,
}

impl Fields for ObjectiveWithdrawn {
    fn check(&self, common: &Common) -> Result<(), String> {
        reason_given("withdrawing an objective", common)
    }
}
