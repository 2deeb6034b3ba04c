//! Agreements between organisations.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Fields, distinct, some};
use crate::document::DocumentRef;
use crate::event::Common;
use crate::id::SubjectId;
use crate::period::Period;

/// Organisations agree on something.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AgreementMade {
    /// The agreement in short own words.
    pub title: String,
    /// What sort it is, such as `memorandum of understanding`, `concordat`, `declaration` or
    /// `commission`.
    pub kind: String,
    /// The parties, which may be a counted group.
    pub parties: Vec<SubjectId>,
    /// The text.
    #[serde(default)]
    pub document: Option<DocumentRef>,
    /// When it was signed; absent where not stated.
    #[serde(default)]
    pub signed: Option<Period>,
    /// How many signed it, where the document only counts them.
    #[serde(default)]
    pub signatory_count: Option<u32>,
    /// For how long it holds.
    #[serde(default)]
    pub term: Option<Period>,
    /// When it is to be reviewed.
    #[serde(default)]
    pub review: Option<Period>,
    /// The sign-off by which it was signed.
    #[serde(default)]
    pub sign_off: Option<SubjectId>,
    /// The agreement or strategy under which it stands.
    #[serde(default)]
    pub parent: Option<SubjectId>,
    /// The state in the document's own words, such as `signed and published`.
    #[serde(default)]
    pub state: Option<String>,
}

impl Fields for AgreementMade {
    fn check(&self, _common: &Common) -> Result<(), String> {
        some("parties", &self.parties)?;
        distinct("parties: the party", self.parties.iter())
    }

    fn documents(&self) -> Vec<&DocumentRef> {
        self.document.iter().collect()
    }
}

/// The text or terms of an agreement change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AgreementVaried {
    /// What changes.
    pub changes: String,
    /// The new text.
    #[serde(default)]
    pub document: Option<DocumentRef>,
    /// The new term.
    #[serde(default)]
    pub term: Option<Period>,
    /// The new date of review.
    #[serde(default)]
    pub review: Option<Period>,
    /// The sign-off by which the change was signed.
    #[serde(default)]
    pub sign_off: Option<SubjectId>,
    /// The decision that made the change.
    #[serde(default)]
    pub decision: Option<SubjectId>,
}

impl Fields for AgreementVaried {
    fn documents(&self) -> Vec<&DocumentRef> {
        self.document.iter().collect()
    }
}

/// A party joins an agreement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PartyJoined {
    /// The party.
    pub party: SubjectId,
    /// The sign-off by which it joined.
    #[serde(default)]
    pub sign_off: Option<SubjectId>,
    /// The decision that let it join.
    #[serde(default)]
    pub decision: Option<SubjectId>,
}

impl Fields for PartyJoined {}

/// A party leaves an agreement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PartyLeft {
    /// The party.
    pub party: SubjectId,
    /// The decision by which it left.
    #[serde(default)]
    pub decision: Option<SubjectId>,
}

impl Fields for PartyLeft {}

/// An agreement ends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AgreementEnded {
    /// The agreement that takes its place.
    #[serde(default)]
    pub replaced_by: Option<SubjectId>,
    /// The decision that ended it.
    #[serde(default)]
    pub decision: Option<SubjectId>,
}

impl Fields for AgreementEnded {}
