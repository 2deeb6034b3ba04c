//! Metrics: what is measured, against which baseline and target, and the values found.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Fields, distinct};
use crate::event::Common;
use crate::id::SubjectId;
use crate::period::Period;
use crate::quantity::Quantity;

/// Which way is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// More is better.
    Up,
    /// Less is better.
    Down,
    /// It should stay.
    Hold,
    /// It should improve; the document does not say which way that is.
    Improve,
}

/// What sort of target it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TargetKind {
    /// A level to reach, such as 90%, 225 or `every borough`.
    Absolute,
    /// A change from the baseline, such as `reduce by 20%`.
    Change,
    /// A place among others, such as `top quartile`.
    Rank,
    /// None at all, such as `0`, `none` or `eliminate`.
    Zero,
    /// The document gives words and no measure, such as `commitments agreed with partners`.
    NotStated,
}

/// What a change in per cent refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ChangeBasis {
    /// Per cent of the baseline.
    Relative,
    /// Percentage points.
    PercentagePoints,
    /// The document does not say.
    NotStated,
}

/// Something that is measured, with its target where there is one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MetricDefined {
    /// What is measured.
    pub title: String,
    /// What sort of figure it is, such as `context`; absent for a metric of the plan.
    #[serde(default)]
    pub kind: Option<String>,
    /// The unit, such as `%` or `posts`.
    #[serde(default)]
    pub unit: Option<String>,
    /// Which way is better.
    #[serde(default)]
    pub direction: Option<Direction>,
    /// The target.
    #[serde(default)]
    pub target: Option<Quantity>,
    /// What sort of target it is; needed with a target.
    #[serde(default)]
    pub target_kind: Option<TargetKind>,
    /// Whose target it is, such as `national target`.
    #[serde(default)]
    pub target_basis: Option<String>,
    /// The target as a number of people or things, where the document gives both.
    #[serde(default)]
    pub target_count: Option<Quantity>,
    /// The target after this one.
    #[serde(default)]
    pub eventual_target: Option<Quantity>,
    /// For a change in per cent, what it refers to.
    #[serde(default)]
    pub change_basis: Option<ChangeBasis>,
    /// By when the target is to be reached.
    #[serde(default)]
    pub due: Option<Period>,
    /// How the baseline stands where there is none yet, such as `to be agreed`.
    #[serde(default)]
    pub baseline_state: Option<String>,
    /// By what it is broken down, such as `ethnicity`.
    #[serde(default)]
    pub breakdown: Option<String>,
    /// How it is measured, such as `Staff Survey`.
    #[serde(default)]
    pub measured_by: Option<String>,
    /// The strategy or programme that it belongs to.
    #[serde(default)]
    pub strategy: Option<SubjectId>,
    /// The milestone that it measures.
    #[serde(default)]
    pub milestone: Option<SubjectId>,
    /// What else it measures, such as an aim or outcome.
    #[serde(default)]
    pub parent: Option<SubjectId>,
    /// How strongly the target is meant, such as `seeking to ensure`.
    #[serde(default)]
    pub intent: Option<String>,
    /// The post that owns it.
    #[serde(default)]
    pub owner: Option<String>,
}

impl Fields for MetricDefined {
    fn check(&self, _common: &Common) -> Result<(), String> {
        target_has_kind(self.target.as_ref(), self.target_kind)?;
        if self.change_basis.is_some() && self.target_kind != Some(TargetKind::Change) {
            return Err("change_basis belongs to a target of the kind change".into());
        }
        Ok(())
    }
}

fn target_has_kind(target: Option<&Quantity>, kind: Option<TargetKind>) -> Result<(), String> {
    match (target, kind) {
        (Some(_), None) => {
            Err("target_kind is missing (absolute, change, rank, zero or not-stated)".into())
        }
        (None, Some(_)) => Err("target_kind is given without a target".into()),
        (Some(target), Some(TargetKind::Zero)) if target.value.is_some_and(|v| v != 0.into()) => {
            Err(format!("target {:?} is not zero", target.as_written))
        }
        _ => Ok(()),
    }
}

/// The value from which progress is counted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BaselineAgreed {
    /// The baseline.
    pub value: Quantity,
    /// The time that it was measured for.
    #[serde(default)]
    pub period: Option<Period>,
    /// With whom it was agreed.
    #[serde(default)]
    pub agreed_with: Vec<SubjectId>,
    /// The decision that agreed it.
    #[serde(default)]
    pub decision: Option<SubjectId>,
}

impl Fields for BaselineAgreed {}

/// A target changes. The old one is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TargetRevised {
    /// The target until now; absent where there was none.
    #[serde(default)]
    pub from: Option<Quantity>,
    /// The new target.
    pub to: Quantity,
    /// What sort of target the new one is.
    pub target_kind: TargetKind,
    /// For a change in per cent, what it refers to.
    #[serde(default)]
    pub change_basis: Option<ChangeBasis>,
    /// By when the new target is to be reached.
    #[serde(default)]
    pub due: Option<Period>,
    /// The decision that revised it.
    #[serde(default)]
    pub decision: Option<SubjectId>,
}

impl Fields for TargetRevised {
    fn check(&self, _common: &Common) -> Result<(), String> {
        target_has_kind(Some(&self.to), Some(self.target_kind))?;
        if self.change_basis.is_some() && self.target_kind != TargetKind::Change {
            return Err("change_basis belongs to a target of the kind change".into());
        }
        Ok(())
    }
}

/// The value of one group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PartValue {
    /// The group, such as a borough.
    pub group: String,
    /// Its value.
    pub value: Quantity,
}

/// A value found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MetricMeasured {
    /// The value.
    pub value: Quantity,
    /// The day or time that it was measured for.
    #[serde(default)]
    pub period: Option<Period>,
    /// Where the data come from, such as `Staff Survey 2023`.
    #[serde(default)]
    pub data_source: Option<String>,
    /// The values of the groups that it is broken down by.
    #[serde(default)]
    pub parts: Vec<PartValue>,
    /// True where it may still change.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub provisional: bool,
}

impl Fields for MetricMeasured {
    fn check(&self, _common: &Common) -> Result<(), String> {
        distinct(
            "parts: the group",
            self.parts.iter().map(|part| &part.group),
        )
    }
}
