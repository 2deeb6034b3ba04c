//! Strategy and delivery: strategies, aims, objectives, milestones and their dates, status.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Fields;
use crate::event::Common;
use crate::id::SubjectId;
use crate::period::Period;

/// Whether a date change is what someone reports, or what the owning body agreed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// It changes the forecast.
    Reported,
    /// It moves the baseline, by a decision of the owning body.
    Agreed,
}

/// A deliverable of the plan, with the date it is due where one is known.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MilestoneSet {
    /// The milestone, in short own words.
    pub title: String,
    /// The strategy, aim, objective or milestone it belongs to.
    #[serde(default)]
    pub parent: Option<SubjectId>,
    /// When it is due.
    #[serde(default)]
    pub due: Option<Period>,
    /// The document's own word for it, such as `deliverable` or `initiative`.
    #[serde(default)]
    pub level: Option<String>,
    /// The owner's role, such as `Director of Strategy`.
    #[serde(default)]
    pub owner: Option<String>,
    /// How strongly it is meant, such as `seeking to ensure`.
    #[serde(default)]
    pub intent: Option<String>,
    /// What it depends on.
    #[serde(default)]
    pub depends_on: Option<String>,
    /// Where it happens.
    #[serde(default)]
    pub place: Option<String>,
    /// The state in the document's own words, such as `underway`.
    #[serde(default)]
    pub state: Option<String>,
}

impl Fields for MilestoneSet {}

/// A milestone's date moves later.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MilestoneSlipped {
    /// The date until now.
    pub from: Period,
    /// The new date.
    pub to: Period,
    /// Reported, or agreed by the owning body.
    pub standing: Standing,
    /// The decision that agreed it.
    #[serde(default)]
    pub agreed_by: Option<SubjectId>,
}

impl Fields for MilestoneSlipped {
    fn check(&self, common: &Common) -> Result<(), String> {
        date_change(common, self.standing, self.agreed_by.as_ref())
    }
}

fn date_change(
    common: &Common,
    standing: Standing,
    agreed_by: Option<&SubjectId>,
) -> Result<(), String> {
    if common.reason.as_deref().is_none_or(|reason| reason.trim().is_empty()) {
        return Err("a change of date needs a reason".into());
    }
    if standing == Standing::Agreed && agreed_by.is_none() {
        return Err("an agreed change names the decision in agreed_by".into());
    }
    Ok(())
}
