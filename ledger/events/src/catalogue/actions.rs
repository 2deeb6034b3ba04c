//! Actions: who does what by when, and how it went.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Fields, reason_given};
use crate::event::Common;
use crate::id::{PersonId, SubjectId};
use crate::period::Period;

/// A meeting gives someone something to do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ActionAssigned {
    /// What is to be done.
    pub text: String,
    /// The post that owns it, such as `Director of Strategy`.
    pub owner: String,
    /// The person who owns it, by opaque id.
    #[serde(default)]
    pub lead: Option<PersonId>,
    /// The organisation that the owner acts for.
    #[serde(default)]
    pub organisation: Option<SubjectId>,
    /// The body that assigned it and will close it.
    #[serde(default)]
    pub body: Option<SubjectId>,
    /// When it is due.
    #[serde(default)]
    pub due: Option<Period>,
    /// The decision that it follows from.
    #[serde(default)]
    pub decision: Option<SubjectId>,
}

impl Fields for ActionAssigned {}

/// How an action stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ActionProgressReported {
    /// How it stands.
    pub narrative: String,
    /// The state in a word or two, such as `in progress`.
    #[serde(default)]
    pub state: Option<String>,
    /// What shows it.
    #[serde(default)]
    pub evidence: Vec<SubjectId>,
}

impl Fields for ActionProgressReported {}

/// An action's due date moves. Every earlier date is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ActionDueChanged {
    /// The date until now; absent where there was none.
    #[serde(default)]
    pub from: Option<Period>,
    /// The new date.
    pub to: Period,
    /// The decision that agreed it.
    #[serde(default)]
    pub decision: Option<SubjectId>,
}

impl Fields for ActionDueChanged {
    fn check(&self, common: &Common) -> Result<(), String> {
        reason_given("changing a due date", common)
    }
}

/// The owner says that an action is done. The day is `effective`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ActionCompleted {
    /// What came of it.
    #[serde(default)]
    pub result: Option<String>,
    /// What shows that it is done.
    #[serde(default)]
    pub evidence: Vec<SubjectId>,
}

impl Fields for ActionCompleted {}

/// The body accepts that an action needs no more work. The closing meeting stands in `meeting`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ActionClosed {
    /// The outcome in short.
    #[serde(default)]
    pub outcome: Option<String>,
    /// What the body relied on.
    #[serde(default)]
    pub evidence: Vec<SubjectId>,
}

impl Fields for ActionClosed {
    fn check(&self, common: &Common) -> Result<(), String> {
        if common.meeting.is_none() {
            return Err("closing names the closing meeting in meeting".into());
        }
        Ok(())
    }
}
