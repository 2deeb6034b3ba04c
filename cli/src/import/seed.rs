//! The format `minutebook-seed/1`: facts taken from one document, one struct a section.
//!
//! ```yaml
//! milestones:
//!   - id: m-key-worker
//!     title: Everyone under a mental health team has an assigned key worker
//!     due: {as_written: 25/26, from: 2025-04-01, to: 2026-03-31, precision: financial-year}
//!     parent: cmh-transformation
//!     source: {document: How we are transforming care, section: Speech}
//! ```
//!
//! A key that is not listed here refuses the file: what an importer does not know, it would lose.

use serde::Deserialize;

use super::date::SeedDate;

/// The one format that is read.
pub const FORMAT: &str = "minutebook-seed/1";

/// The keys that a record of any section may have, read apart from its own.
pub const SHARED: [&str; 6] = [
    "id",
    "source",
    "note",
    "link_inferred",
    "grouping_inferred",
    "reading_uncertain",
];

/// What a record of any section may say.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shared {
    pub id: String,
    pub source: Source,
    pub note: Option<String>,
    #[serde(default)]
    pub link_inferred: bool,
    #[serde(default)]
    pub grouping_inferred: bool,
    pub reading_uncertain: Option<String>,
}

/// Where a record stands.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    pub document: String,
    pub section: String,
}

/// Whom the file is about.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Partnership {
    pub id: String,
    pub name: String,
    pub area: Option<String>,
}

/// The document that the facts were taken from.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    pub id: String,
    pub title: String,
    pub kind: Option<String>,
    pub date: Option<SeedDate>,
    pub date_note: Option<String>,
    pub reporting_year: Option<SeedDate>,
    pub presented_to: Option<String>,
    pub spoken_at: Option<String>,
    pub seed_file: Option<String>,
}

/// An organisation, or a counted group of them.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Organisation {
    pub name: String,
    pub short_name: Option<String>,
    pub kind: Option<String>,
    pub count: Option<u32>,
    pub named: Option<bool>,
    #[serde(default)]
    pub members: Vec<String>,
    #[serde(default)]
    pub boroughs: Vec<String>,
    pub established: Option<SeedDate>,
}

/// A board, committee or group.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Body {
    pub name: String,
    pub short_name: Option<String>,
    pub kind: Option<String>,
    pub count: Option<u32>,
    pub parent: Option<String>,
    pub organisation: Option<String>,
    #[serde(default)]
    pub organisations: Vec<String>,
    #[serde(default)]
    pub members: Vec<String>,
    #[serde(default)]
    pub jointly_led_by: Vec<String>,
    pub chair: Option<String>,
    pub purpose: Option<String>,
    pub status: Option<String>,
    pub operating_for: Option<String>,
}

/// A person, with the posts that the document gives.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    pub name: String,
    #[serde(default)]
    pub roles: Vec<String>,
    pub organisation: Option<String>,
}

/// A post held for a body or for organisations by someone who is not named.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Membership {
    pub title: String,
    pub role: String,
    pub body: Option<String>,
    pub organisation: Option<String>,
    #[serde(default)]
    pub organisations: Vec<String>,
}

/// A body takes in new categories of members.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MembershipChange {
    pub title: String,
    pub body: String,
    pub kind: String,
    #[serde(default)]
    pub added: Vec<String>,
    pub when: Option<SeedDate>,
}

/// A meeting, conference or summit.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Meeting {
    pub title: String,
    pub kind: Option<String>,
    pub body: Option<String>,
    pub organisation: Option<String>,
    #[serde(default)]
    pub jointly_led_by: Vec<String>,
    pub when: Option<SeedDate>,
}

/// A strategy, plan or programme.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Strategy {
    pub title: String,
    pub kind: Option<String>,
    pub owner: Option<String>,
    pub led_by: Option<String>,
    pub parent: Option<String>,
    pub horizon: Option<SeedDate>,
    pub published: Option<SeedDate>,
    pub launched: Option<SeedDate>,
    pub duration: Option<String>,
    pub elapsed_at_speech: Option<String>,
    pub purpose: Option<String>,
    pub vision: Option<String>,
    pub covers_text: Option<String>,
    #[serde(default)]
    pub focus: Vec<String>,
    pub status: Option<String>,
}

/// A theme, ambition or aim.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Aim {
    pub title: String,
    pub level: String,
    pub strategy: Option<String>,
    pub parent: Option<String>,
    pub due: Option<SeedDate>,
}

/// An outcome.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    pub title: String,
    pub parent: Option<String>,
    pub due: Option<SeedDate>,
}

/// An objective.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Objective {
    pub title: String,
    pub kind: Option<String>,
    pub strategy: Option<String>,
    pub aim: Option<String>,
    pub body: Option<String>,
    pub period: Option<SeedDate>,
}

/// A commitment.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Commitment {
    pub title: String,
    pub kind: Option<String>,
    pub strategy: Option<String>,
    pub aim: Option<String>,
    pub parent: Option<String>,
    pub due: Option<SeedDate>,
}

/// A deliverable, with its date where one is printed.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Milestone {
    pub title: String,
    pub kind: Option<String>,
    pub parent: Option<String>,
    pub strategy: Option<String>,
    pub organisation: Option<String>,
    pub due: Option<SeedDate>,
    pub when: Option<SeedDate>,
    pub state: Option<String>,
    pub place: Option<String>,
    pub pace: Option<String>,
    pub depends_on: Option<String>,
    #[serde(default)]
    pub needs_approval: bool,
    pub wording: Option<String>,
}

/// A milestone's date moved.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MilestoneChange {
    pub milestone: String,
    pub kind: String,
    pub by: Option<String>,
    pub previous_due: Option<SeedDate>,
    pub new_due: Option<SeedDate>,
    pub reason: Option<String>,
}

/// Something measured.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Metric {
    pub title: String,
    pub kind: Option<String>,
    pub unit: Option<String>,
    pub direction: Option<String>,
    pub target: Option<String>,
    pub target_kind: Option<String>,
    pub target_count: Option<String>,
    pub eventual_target: Option<String>,
    pub baseline: Option<String>,
    pub baseline_state: Option<String>,
    pub value: Option<String>,
    pub measured: Option<SeedDate>,
    pub due: Option<SeedDate>,
    pub breakdown: Option<String>,
    pub measured_by: Option<String>,
    pub programme: Option<String>,
    pub milestone: Option<String>,
    pub parent: Option<String>,
    pub wording: Option<String>,
}

/// How something stands, in the document's narrative.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatusReport {
    pub subject: String,
    pub text: String,
    pub state: Option<String>,
    pub period: Option<SeedDate>,
    pub as_of: Option<SeedDate>,
    pub focus_period: Option<SeedDate>,
    pub meeting: Option<String>,
    pub place: Option<String>,
    pub rating: Option<String>,
    pub rating_note: Option<String>,
    pub rated_by: Option<String>,
}

/// A decision, made or foreseen.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    pub title: String,
    pub kind: Option<String>,
    pub state: Option<String>,
    pub body: Option<String>,
    pub meeting: Option<String>,
    #[serde(default)]
    pub organisations: Vec<String>,
    pub strategy: Option<String>,
    pub parent: Option<String>,
    #[serde(default)]
    pub evidence: Vec<String>,
    pub when: Option<SeedDate>,
    pub period: Option<SeedDate>,
}

/// A sign-off that the document reports.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignOff {
    pub title: String,
    pub agreement: Option<String>,
    pub parent: Option<String>,
    pub required: Option<u32>,
    pub signed: Option<u32>,
    #[serde(default)]
    pub signatories: Vec<String>,
    #[serde(default)]
    pub signatories_named: Vec<String>,
    pub state: Option<String>,
    pub period: Option<SeedDate>,
}

/// An agreement between organisations.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agreement {
    pub title: String,
    pub kind: String,
    #[serde(default)]
    pub parties: Vec<String>,
    pub signed: Option<SeedDate>,
    pub signatory_count: Option<u32>,
    pub state: Option<String>,
}

/// An application for money.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Funding {
    pub title: String,
    pub state: Option<String>,
    pub when: Option<SeedDate>,
}

/// An evaluation, review or audit.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evaluation {
    pub title: String,
    pub parent: Option<String>,
    pub state: String,
    pub period: Option<SeedDate>,
    pub due: Option<SeedDate>,
}

/// An engagement activity, or an answer to what people said.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consultation {
    pub title: Option<String>,
    pub kind: String,
    pub strategy: Option<String>,
    pub you_said: Option<String>,
    pub we_will: Option<String>,
    pub read_more_page: Option<u32>,
}

/// A risk.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Risk {
    pub title: String,
    pub kind: Option<String>,
}
