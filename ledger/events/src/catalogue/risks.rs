//! Risks, and the assurance that a board has about them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Fields, reason_given, some};
use crate::document::DocumentRef;
use crate::event::Common;
use crate::id::SubjectId;

/// A risk's score: likelihood times impact.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RiskScore {
    /// Likelihood, from 1 (rare) to 5 (almost certain).
    pub likelihood: u8,
    /// Impact, from 1 (slight) to 5 (catastrophic).
    pub impact: u8,
}

impl RiskScore {
    /// Likelihood times impact.
    pub fn product(&self) -> u32 {
        u32::from(self.likelihood) * u32::from(self.impact)
    }

    fn check(&self) -> Result<(), String> {
        let scale = 1..=5;
        if scale.contains(&self.likelihood) && scale.contains(&self.impact) {
            Ok(())
        } else {
            Err(format!(
                "score {} times {}: both run from 1 to 5",
                self.likelihood, self.impact
            ))
        }
    }
}

/// A risk to what the partners want to achieve.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RiskRaised {
    /// The risk in short own words.
    pub title: String,
    /// What sort it is, such as `external change` or `cause of slip`.
    #[serde(default)]
    pub kind: Option<String>,
    /// What would bring it about.
    #[serde(default)]
    pub cause: Option<String>,
    /// What would follow.
    #[serde(default)]
    pub effect: Option<String>,
    /// What it threatens: an objective, milestone or other matter.
    #[serde(default)]
    pub objective: Option<SubjectId>,
    /// The post that owns it.
    #[serde(default)]
    pub owner: Option<String>,
    /// How serious it is; absent where not stated.
    #[serde(default)]
    pub score: Option<RiskScore>,
    /// What is done about it.
    #[serde(default)]
    pub controls: Option<String>,
    /// The state in the document's own words.
    #[serde(default)]
    pub state: Option<String>,
}

impl Fields for RiskRaised {
    fn check(&self, _common: &Common) -> Result<(), String> {
        self.score.as_ref().map_or(Ok(()), RiskScore::check)
    }
}

/// A risk's score changes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RiskRescored {
    /// The score until now; absent where there was none.
    #[serde(default)]
    pub from: Option<RiskScore>,
    /// The new score.
    pub to: RiskScore,
    /// What is done about it now.
    #[serde(default)]
    pub controls: Option<String>,
}

impl Fields for RiskRescored {
    fn check(&self, _common: &Common) -> Result<(), String> {
        self.from.as_ref().map_or(Ok(()), RiskScore::check)?;
        self.to.check()
    }
}

/// A risk needs no more watching.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RiskClosed {
    /// The decision that closed it.
    #[serde(default)]
    pub decision: Option<SubjectId>,
}

impl Fields for RiskClosed {
    fn check(&self, common: &Common) -> Result<(), String> {
        reason_given("closing a risk", common)
    }
}

/// How far a source of assurance stands from the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AssuranceLine {
    /// Those who do the work.
    First,
    /// Those who oversee it.
    Second,
    /// Independent of it, such as internal audit or a regulator.
    Third,
}

/// How much assurance there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AssuranceLevel {
    /// Substantial.
    Substantial,
    /// Reasonable.
    Reasonable,
    /// Limited.
    Limited,
    /// None.
    None,
    /// The document does not say.
    NotStated,
}

/// A board is assured about something, or is not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AssuranceRecorded {
    /// The assurance in short.
    pub title: String,
    /// What it is about: risks, objectives or other matters.
    pub of: Vec<SubjectId>,
    /// How far its source stands from the work.
    #[serde(default)]
    pub line: Option<AssuranceLine>,
    /// Who gives it, such as `Internal audit`.
    #[serde(default)]
    pub given_by: Option<String>,
    /// How much assurance there is.
    pub level: AssuranceLevel,
    /// What is missing.
    #[serde(default)]
    pub gaps: Vec<String>,
    /// The report that it rests on.
    #[serde(default)]
    pub document: Option<DocumentRef>,
}

impl Fields for AssuranceRecorded {
    fn check(&self, _common: &Common) -> Result<(), String> {
        some("of", &self.of)
    }

    fn documents(&self) -> Vec<&DocumentRef> {
        self.document.iter().collect()
    }
}
