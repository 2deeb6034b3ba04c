//! Organisations: named ones, and counted groups that a document does not name.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Fields, distinct, is_yes, some, yes};
use crate::event::Common;
use crate::id::SubjectId;
use crate::period::Period;

/// An organisation, or a group of organisations that is only counted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OrganisationRegistered {
    /// The name in full, or the document's words for an unnamed group.
    pub name: String,
    /// The short name, such as `SLaM`.
    #[serde(default)]
    pub short_name: Option<String>,
    /// What sort of organisation it is, such as `NHS foundation trust` or `borough`.
    #[serde(default)]
    pub kind: Option<String>,
    /// How many organisations an unnamed group stands for.
    #[serde(default)]
    pub count: Option<u32>,
    /// False where the document never gives the name or names.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    #[schemars(extend("default" = true))]
    pub named: bool,
    /// The organisations it is made of.
    #[serde(default)]
    pub members: Vec<SubjectId>,
    /// The boroughs it works in.
    #[serde(default)]
    pub boroughs: Vec<SubjectId>,
    /// When it was established.
    #[serde(default)]
    pub established: Option<Period>,
}

impl Fields for OrganisationRegistered {
    fn check(&self, _common: &Common) -> Result<(), String> {
        match (self.count, self.named) {
            (Some(0), _) => Err("count is 0; leave it out where no number is given".into()),
            _ => distinct("members: the organisation", self.members.iter()),
        }
    }
}

/// One organisation takes the place of others, so that questions about a past date find the right
/// one. It is about the successor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OrganisationSucceeded {
    /// The organisations that it replaces.
    pub predecessors: Vec<SubjectId>,
    /// The successor's name, where it was not registered before.
    #[serde(default)]
    pub name: Option<String>,
    /// How it came about, such as `merger` or `renamed`.
    #[serde(default)]
    pub manner: Option<String>,
}

impl Fields for OrganisationSucceeded {
    fn check(&self, common: &Common) -> Result<(), String> {
        some("predecessors", &self.predecessors)?;
        if self.predecessors.contains(&common.subject) {
            return Err(format!("{} cannot succeed itself", common.subject));
        }
        distinct("predecessors: the organisation", self.predecessors.iter())
    }
}
