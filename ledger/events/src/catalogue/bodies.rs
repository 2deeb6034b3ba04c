//! Bodies: boards, committees and groups, their terms and their membership.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Fields, some};
use crate::document::DocumentRef;
use crate::event::Common;
use crate::id::SubjectId;
use crate::period::Period;

/// A share of the members, such as one third.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Share {
    /// How many parts are needed.
    pub numerator: u32,
    /// Of how many.
    pub denominator: u32,
}

/// Who must be there for a body to decide. Where several parts are given, all of them hold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct QuorumRule {
    /// The least number of voting members.
    #[serde(default)]
    pub at_least: Option<u32>,
    /// The least share of the voting members, such as one third.
    #[serde(default)]
    pub share: Option<Share>,
    /// The least number of organisations that must be there.
    #[serde(default)]
    pub organisations: Option<u32>,
    /// Posts of which one holder each must be there, such as `Chair or Vice Chair`.
    #[serde(default)]
    pub must_include: Vec<String>,
    /// The rule in the words of the terms of reference.
    #[serde(default)]
    pub as_written: Option<String>,
}

impl QuorumRule {
    pub(crate) fn check(&self) -> Result<(), String> {
        if let Some(share) = &self.share
            && (share.numerator == 0 || share.numerator > share.denominator)
        {
            return Err(format!(
                "quorum share {}/{} is no share",
                share.numerator, share.denominator
            ));
        }
        let counts =
            self.at_least.is_some() || self.share.is_some() || self.organisations.is_some();
        if !counts && self.must_include.is_empty() && self.as_written.is_none() {
            return Err("a quorum rule says at least one of its parts".into());
        }
        Ok(())
    }
}

/// A board, committee or group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BodyEstablished {
    /// The name in full.
    pub name: String,
    /// The short name, such as `PDG`.
    #[serde(default)]
    pub short_name: Option<String>,
    /// What sort of body it is, such as `committee in common`.
    #[serde(default)]
    pub kind: Option<String>,
    /// The body, organisation or aim that it answers to.
    #[serde(default)]
    pub parent: Option<SubjectId>,
    /// The organisation whose body it is.
    #[serde(default)]
    pub organisation: Option<SubjectId>,
    /// The organisations whose body it is, where there are several.
    #[serde(default)]
    pub organisations: Vec<SubjectId>,
    /// The organisations that sit on it.
    #[serde(default)]
    pub members: Vec<SubjectId>,
    /// The organisations that lead it together.
    #[serde(default)]
    pub jointly_led_by: Vec<SubjectId>,
    /// What it is for.
    #[serde(default)]
    pub purpose: Option<String>,
    /// Who chairs it: a person or a post.
    #[serde(default)]
    pub chair: Option<SubjectId>,
    /// How many bodies it stands for, where a document only counts them.
    #[serde(default)]
    pub count: Option<u32>,
    /// The terms of reference.
    #[serde(default)]
    pub terms_of_reference: Option<DocumentRef>,
    /// Who must be there for it to decide; the ledger's default where absent.
    #[serde(default)]
    pub quorum: Option<QuorumRule>,
    /// Whether it meets in public; absent where not stated.
    #[serde(default)]
    pub public: Option<bool>,
    /// How long it has worked, in the document's words, such as `8 years`.
    #[serde(default)]
    pub operating_for: Option<String>,
    /// When it was established.
    #[serde(default)]
    pub established: Option<Period>,
    /// The status in the document's own words, such as `in development`.
    #[serde(default)]
    pub status: Option<String>,
}

impl Fields for BodyEstablished {
    fn check(&self, _common: &Common) -> Result<(), String> {
        self.quorum.as_ref().map_or(Ok(()), QuorumRule::check)
    }

    fn documents(&self) -> Vec<&DocumentRef> {
        self.terms_of_reference.iter().collect()
    }
}

/// A body's terms of reference, quorum or name change. What is left out stays as it was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BodyTermsAmended {
    /// What changes, in short.
    pub changes: String,
    /// The new name.
    #[serde(default)]
    pub name: Option<String>,
    /// The new purpose.
    #[serde(default)]
    pub purpose: Option<String>,
    /// The new terms of reference.
    #[serde(default)]
    pub terms_of_reference: Option<DocumentRef>,
    /// The new quorum rule.
    #[serde(default)]
    pub quorum: Option<QuorumRule>,
    /// Whether it meets in public from now on.
    #[serde(default)]
    pub public: Option<bool>,
    /// The body that it answers to from now on.
    #[serde(default)]
    pub parent: Option<SubjectId>,
    /// The decision that made the change.
    #[serde(default)]
    pub decision: Option<SubjectId>,
}

impl Fields for BodyTermsAmended {
    fn check(&self, _common: &Common) -> Result<(), String> {
        self.quorum.as_ref().map_or(Ok(()), QuorumRule::check)
    }

    fn documents(&self) -> Vec<&DocumentRef> {
        self.terms_of_reference.iter().collect()
    }
}

/// A body ends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BodyDissolved {
    /// The body that takes over its decisions and actions.
    #[serde(default)]
    pub successor: Option<SubjectId>,
    /// The decision that ended it.
    #[serde(default)]
    pub decision: Option<SubjectId>,
}

impl Fields for BodyDissolved {
    fn check(&self, common: &Common) -> Result<(), String> {
        match &self.successor {
            Some(successor) if *successor == common.subject => {
                Err(format!("{successor} cannot succeed itself"))
            }
            _ => Ok(()),
        }
    }
}

/// New categories of members join a body, such as `patient and carer representatives`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MembershipBroadened {
    /// The categories that were added, in the document's words.
    pub added: Vec<String>,
    /// The change in short own words.
    #[serde(default)]
    pub title: Option<String>,
    /// The organisations that were added, where they are known.
    #[serde(default)]
    pub members: Vec<SubjectId>,
    /// The decision that added them.
    #[serde(default)]
    pub decision: Option<SubjectId>,
}

impl Fields for MembershipBroadened {
    fn check(&self, _common: &Common) -> Result<(), String> {
        some("added", &self.added)
    }
}
