//! Decisions: foreseen, made, superseded and rescinded.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Fields, reason_given};
use crate::event::Common;
use crate::id::SubjectId;
use crate::period::Period;

/// A decision that is expected and not made, such as an entry of a forward plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DecisionForeseen {
    /// The question in short own words.
    pub title: String,
    /// The question in full.
    #[serde(default)]
    pub text: Option<String>,
    /// The body expected to decide.
    #[serde(default)]
    pub body: Option<SubjectId>,
    /// When it is expected.
    #[serde(default)]
    pub expected: Option<Period>,
    /// The organisations concerned.
    #[serde(default)]
    pub organisations: Vec<SubjectId>,
    /// The strategy that it concerns.
    #[serde(default)]
    pub strategy: Option<SubjectId>,
    /// The aim, objective or other matter that it belongs to.
    #[serde(default)]
    pub parent: Option<SubjectId>,
    /// What it will rest on, such as an evaluation.
    #[serde(default)]
    pub evidence: Vec<SubjectId>,
    /// The state in the document's own words, such as `to be taken` or `signalled`.
    #[serde(default)]
    pub state: Option<String>,
}

impl Fields for DecisionForeseen {}

/// What a meeting did with a matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DecisionKind {
    /// It gave its approval.
    Approved,
    /// It agreed.
    Agreed,
    /// It took note.
    Noted,
    /// It received a paper or report.
    Received,
    /// It put the matter off.
    Deferred,
    /// It said no.
    Rejected,
}

/// How a decision came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DecisionManner {
    /// Without a vote.
    Consensus,
    /// By a vote at a meeting.
    Vote,
    /// By signatures, without a meeting.
    WrittenResolution,
    /// By the chair, reported to the next meeting.
    ChairsAction,
    /// By someone to whom the body delegated authority.
    Delegated,
}

/// The votes cast.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Votes {
    /// In favour.
    pub in_favour: u32,
    /// Against.
    pub against: u32,
    /// Abstained.
    pub abstained: u32,
}

/// An option that was considered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OptionConsidered {
    /// The option.
    pub title: String,
    /// True for the one chosen.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub chosen: bool,
    /// Why it was chosen or not.
    #[serde(default)]
    pub comment: Option<String>,
}

/// A body decided.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DecisionMade {
    /// The decision in short own words.
    pub title: String,
    /// The decision in full, as minuted.
    #[serde(default)]
    pub text: Option<String>,
    /// What the meeting did; needed for everything that is not imported.
    #[serde(default)]
    pub kind: Option<DecisionKind>,
    /// The document's own words for it, such as `received and noted`.
    #[serde(default)]
    pub kind_as_written: Option<String>,
    /// The state in the document's own words, such as `made`.
    #[serde(default)]
    pub state: Option<String>,
    /// The body that decided.
    #[serde(default)]
    pub body: Option<SubjectId>,
    /// The organisations that decided, or that it concerns.
    #[serde(default)]
    pub organisations: Vec<SubjectId>,
    /// The strategy that it concerns.
    #[serde(default)]
    pub strategy: Option<SubjectId>,
    /// The aim, objective or other matter that it belongs to.
    #[serde(default)]
    pub parent: Option<SubjectId>,
    /// How it came about.
    #[serde(default)]
    pub manner: Option<DecisionManner>,
    /// The delegated authority or the sign-off that it rests on, where there was no meeting.
    #[serde(default)]
    pub authority: Option<SubjectId>,
    /// The votes cast.
    #[serde(default)]
    pub votes: Option<Votes>,
    /// Dissent, as the dissenters asked to have it minuted.
    #[serde(default)]
    pub dissent: Vec<String>,
    /// The options considered.
    #[serde(default)]
    pub options: Vec<OptionConsidered>,
    /// What it rests on: papers, evaluations and other matters of the record.
    #[serde(default)]
    pub evidence: Vec<SubjectId>,
    /// When it takes effect, where later than it was made.
    #[serde(default)]
    pub takes_effect: Option<Period>,
}

impl Fields for DecisionMade {
    fn check(&self, common: &Common) -> Result<(), String> {
        if !common.imported && self.kind.is_none() {
            return Err(
                "kind is missing (approved, agreed, noted, received, deferred or rejected)".into(),
            );
        }
        if self.votes.is_some()
            && self
                .manner
                .is_some_and(|manner| manner != DecisionManner::Vote)
        {
            return Err("votes are given, so manner is vote".into());
        }
        if self.manner == Some(DecisionManner::Vote) && self.votes.is_none() && !common.imported {
            return Err("a decision by vote gives the votes".into());
        }
        let without_meeting = [DecisionManner::WrittenResolution, DecisionManner::Delegated];
        if self
            .manner
            .is_some_and(|manner| without_meeting.contains(&manner))
            && self.authority.is_none()
        {
            return Err(
                "authority is missing: the sign-off or the delegated authority it rests on".into(),
            );
        }
        if self.options.iter().filter(|option| option.chosen).count() > 1 {
            return Err("more than one option is marked as chosen".into());
        }
        Ok(())
    }
}

/// A newer decision takes the place of this one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DecisionSuperseded {
    /// The newer decision.
    pub superseded_by: SubjectId,
    /// The body that superseded it.
    #[serde(default)]
    pub body: Option<SubjectId>,
    /// What is different.
    #[serde(default)]
    pub changes: Option<String>,
}

impl Fields for DecisionSuperseded {
    fn check(&self, common: &Common) -> Result<(), String> {
        if self.superseded_by == common.subject {
            return Err("a decision cannot supersede itself".into());
        }
        Ok(())
    }
}

/// A body takes a decision back without another in its place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DecisionRescinded {
    /// The body that rescinded it.
    #[serde(default)]
    pub body: Option<SubjectId>,
    /// The decision by which it did so.
    #[serde(default)]
    pub decision: Option<SubjectId>,
}

impl Fields for DecisionRescinded {
    fn check(&self, common: &Common) -> Result<(), String> {
        reason_given("rescinding a decision", common)
    }
}
