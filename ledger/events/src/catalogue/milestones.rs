//! Milestones: deliverables, and every date they ever had.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Fields, reason_given};
use crate::event::Common;
use crate::id::{PersonId, SubjectId};
use crate::period::Period;

/// A deliverable of the plan, with the date it is due where one is known.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MilestoneSet {
    /// The milestone, in short own words.
    pub title: String,
    /// The strategy, aim, objective or milestone it belongs to.
    #[serde(default)]
    pub parent: Option<SubjectId>,
    /// The strategy it belongs to, where `parent` is something else.
    #[serde(default)]
    pub strategy: Option<SubjectId>,
    /// When it is due.
    #[serde(default)]
    pub due: Option<Period>,
    /// The document's own word for it, such as `deliverable` or `initiative`.
    #[serde(default)]
    pub level: Option<String>,
    /// The organisation that delivers it.
    #[serde(default)]
    pub organisation: Option<SubjectId>,
    /// The owner's role, such as `Director of Strategy`.
    #[serde(default)]
    pub owner: Option<String>,
    /// The person who owns it, by opaque id.
    #[serde(default)]
    pub lead: Option<PersonId>,
    /// How strongly it is meant, such as `seeking to ensure`.
    #[serde(default)]
    pub intent: Option<String>,
    /// How fast it is to be reached, in the document's words, such as `incrementally`.
    #[serde(default)]
    pub pace: Option<String>,
    /// True where it is only met once something is approved.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub needs_approval: bool,
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

/// Whether a date change is what someone reports, or what the owning body agreed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// It changes the forecast.
    Reported,
    /// It moves the baseline, by a decision of the owning body.
    Agreed,
}

/// A milestone's date moves later.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MilestoneSlipped {
    /// The date until now.
    pub from: Period,
    /// The new date.
    pub to: Period,
    /// How far, where the document says it, such as `one year`.
    #[serde(default)]
    pub by: Option<String>,
    /// Reported, or agreed by the owning body.
    pub standing: Standing,
    /// The decision that agreed it.
    #[serde(default)]
    pub agreed_by: Option<SubjectId>,
}

impl Fields for MilestoneSlipped {
    fn check(&self, common: &Common) -> Result<(), String> {
        reason_given("a slip", common)?;
        date_change(self.standing, self.agreed_by.as_ref())
    }
}

/// A milestone's date moves earlier.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MilestoneBroughtForward {
    /// The date until now.
    pub from: Period,
    /// The new date.
    pub to: Period,
    /// How far, where the document says it, such as `six months`.
    #[serde(default)]
    pub by: Option<String>,
    /// Reported, or agreed by the owning body.
    pub standing: Standing,
    /// The decision that agreed it.
    #[serde(default)]
    pub agreed_by: Option<SubjectId>,
}

impl Fields for MilestoneBroughtForward {
    fn check(&self, common: &Common) -> Result<(), String> {
        reason_given("bringing a milestone forward", common)?;
        date_change(self.standing, self.agreed_by.as_ref())
    }
}

/// A milestone's date is said more or less exactly, and is neither later nor earlier.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MilestoneDateRestated {
    /// The date until now.
    pub from: Period,
    /// The same date, said otherwise.
    pub to: Period,
    /// Reported, or agreed by the owning body.
    pub standing: Standing,
    /// The decision that agreed it.
    #[serde(default)]
    pub agreed_by: Option<SubjectId>,
}

impl Fields for MilestoneDateRestated {
    fn check(&self, _common: &Common) -> Result<(), String> {
        date_change(self.standing, self.agreed_by.as_ref())
    }
}

fn date_change(standing: Standing, agreed_by: Option<&SubjectId>) -> Result<(), String> {
    match (standing, agreed_by) {
        (Standing::Agreed, None) => Err("an agreed change names the decision in agreed_by".into()),
        (Standing::Reported, Some(decision)) => Err(format!(
            "a change that {decision} agreed has the standing agreed, not reported"
        )),
        _ => Ok(()),
    }
}

/// A milestone is met. The day is `effective`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MilestoneCompleted {
    /// What was achieved.
    #[serde(default)]
    pub result: Option<String>,
    /// What shows it.
    #[serde(default)]
    pub evidence: Vec<SubjectId>,
    /// The decision that accepted it as met.
    #[serde(default)]
    pub decision: Option<SubjectId>,
}

impl Fields for MilestoneCompleted {}

/// A milestone that was called complete is not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MilestoneReopened {
    /// When it is due now.
    #[serde(default)]
    pub due: Option<Period>,
    /// The decision that reopened it.
    #[serde(default)]
    pub decision: Option<SubjectId>,
}

impl Fields for MilestoneReopened {
    fn check(&self, common: &Common) -> Result<(), String> {
        reason_given("reopening a milestone", common)
    }
}

/// A milestone is given up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MilestoneWithdrawn {
    /// What takes its place.
    #[serde(default)]
    pub replaced_by: Option<SubjectId>,
    /// The decision that withdrew it.
    #[serde(default)]
    pub decision: Option<SubjectId>,
}

impl Fields for MilestoneWithdrawn {
    fn check(&self, common: &Common) -> Result<(), String> {
        reason_given("withdrawing a milestone", common)
    }
}
