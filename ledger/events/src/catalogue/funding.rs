//! Funding: applied for, awarded and refused.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Fields;
use crate::document::DocumentRef;
use crate::id::SubjectId;
use crate::period::Period;
use crate::quantity::Quantity;

/// Money is asked for, or will be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FundingApplied {
    /// The application in short own words.
    pub title: String,
    /// What the money is for.
    #[serde(default)]
    pub purpose: Option<String>,
    /// Who is asked; absent where not stated.
    #[serde(default)]
    pub funder: Option<String>,
    /// The funder, where it is registered here.
    #[serde(default)]
    pub funder_organisation: Option<SubjectId>,
    /// The organisation or body that applies.
    #[serde(default)]
    pub applicant: Option<SubjectId>,
    /// How much; absent where not stated.
    #[serde(default)]
    pub amount: Option<Quantity>,
    /// When it is or will be submitted.
    #[serde(default)]
    pub submission: Option<Period>,
    /// The funder's deadline.
    #[serde(default)]
    pub deadline: Option<Period>,
    /// The strategy or programme that it serves.
    #[serde(default)]
    pub strategy: Option<SubjectId>,
    /// The state in the document's own words, such as `to be submitted`.
    #[serde(default)]
    pub state: Option<String>,
}

impl Fields for FundingApplied {}

/// Money is granted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FundingAwarded {
    /// How much; absent where not stated.
    #[serde(default)]
    pub amount: Option<Quantity>,
    /// For what time.
    #[serde(default)]
    pub term: Option<Period>,
    /// On what conditions.
    #[serde(default)]
    pub conditions: Option<String>,
    /// The award letter.
    #[serde(default)]
    pub document: Option<DocumentRef>,
}

impl Fields for FundingAwarded {
    fn documents(&self) -> Vec<&DocumentRef> {
        self.document.iter().collect()
    }
}

/// An application fails.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FundingRefused {
    /// The letter of refusal.
    #[serde(default)]
    pub document: Option<DocumentRef>,
    /// When it may be made again.
    #[serde(default)]
    pub may_reapply: Option<Period>,
}

impl Fields for FundingRefused {
    fn documents(&self) -> Vec<&DocumentRef> {
        self.document.iter().collect()
    }
}
