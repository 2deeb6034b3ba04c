//! Reading documents into the record: a seed file in, events to sign out.
//!
//! [`plan_import`] is a pure function. It reads the whole file, names every mistake with its line and
//! field, and gives either all of the events in the order in which they are to be recorded, or
//! nothing. Each record of the file becomes one or more events, or a listed and explained omission.
//!
//! | section | events |
//! |---|---|
//! | organisations, bodies | `OrganisationRegistered`, `BodyEstablished`; a known organisation told otherwise by a later document: `CorrectionRecorded` |
//! | people | `PersonEnrolled` (the name sealed), `RoleAppointed` for each post |
//! | memberships, membership_changes | `RoleAppointed` about a post, `MembershipBroadened` |
//! | meetings | `MeetingCalled`, and `MeetingHeld` where the document says that it took place |
//! | strategies, aims | `StrategyAdopted`, `AimSet` |
//! | outcomes, objectives, commitments | `ObjectiveSet` with the section's word as `level` |
//! | milestones | `MilestoneSet`; `MilestoneDateRestated` under a heading with a wider date; `MilestoneCompleted` |
//! | milestone_changes | `MilestoneSlipped`, `MilestoneBroughtForward`, `MilestoneDateRestated`, all reported |
//! | metrics | `MetricDefined`, `BaselineAgreed`, `MetricMeasured` |
//! | status_reports | `StatusReported` |
//! | decisions | `DecisionMade`, or `DecisionForeseen` for what is still to come |
//! | sign_offs | `SignOffAttested` |
//! | agreements, funding | `AgreementMade`, `FundingApplied` |
//! | evaluations | `EvaluationReported`, `EvaluationCommissioned` |
//! | consultations | `ConsultationOpened`, `ConsultationResponded` |
//! | risks | `RiskRaised` |
//! | the file | `DocumentImported`, last |
//!
//! Nothing enters that the document does not say. What it leaves open is left empty and listed in the
//! event's `not_stated`; what is a reading is marked in `inferred`: `link`, `grouping`, `year`,
//! `reading` as the file marks them, `date` for a date that was derived, and `heading` for a date
//! taken from the heading above a record. A date counts as `effective` only where the record gives
//! its own.
//!
//! An event's `source.record` names the record that it came from, such as
//! `swl-partnerships/milestones/m-mhpc-in-place`. A record whose name is in the ledger already is
//! left alone, so that importing again adds nothing and goes on where an interrupted import stopped.
//!
//! [`apply`] signs and records a plan. Out of scope: CSV registers.

use minutebook_events::{DocumentRef, Event, Period, PersonId};
use minutebook_ledger::author::SealedPart;

pub mod apply;
mod date;
mod file;
mod known;
mod map;
mod names;
mod node;
mod order;
mod plan;
mod report;
mod section;
mod seed;

#[cfg(test)]
mod tests;

pub use known::Known;
pub use plan::plan_import;
pub use section::{Section, Signer};

/// A mistake in a file. The file is then refused whole.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct ImportError {
    /// The file.
    pub file: String,
    /// The line, counted from 1.
    pub line: u64,
    /// The record, such as `milestones/m-1`; empty for the header.
    pub record: String,
    /// The field, such as `due.from`; empty for the record as a whole.
    pub field: String,
    /// What is wrong.
    pub message: String,
}

impl std::fmt::Display for ImportError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}: ", self.file, self.line)?;
        for part in [&self.record, &self.field]
            .into_iter()
            .filter(|part| !part.is_empty())
        {
            write!(f, "{part}: ")?;
        }
        f.write_str(&self.message)
    }
}

/// An event to be signed.
#[derive(Debug, Clone)]
pub struct Step {
    /// The event.
    pub event: Event,
    /// Its private parts.
    pub sealed: Vec<SealedPart>,
    /// Who signs it.
    pub signer: Signer,
    /// The record that it comes from, as `section/id`.
    pub record: String,
}

/// What becomes of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// This many events.
    Events(usize),
    /// Nothing: it was imported before, as this entry.
    Known(u64),
    /// Nothing, for this reason.
    Omitted(String),
}

/// A record of the file, and what becomes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handled {
    /// Its section.
    pub section: Section,
    /// Its name in the file; a person's is a number.
    pub record: String,
    /// What becomes of it.
    pub outcome: Outcome,
    /// The fields that the document leaves open.
    pub left_empty: Vec<String>,
    /// What is a reading and not stated.
    pub inferred: Vec<String>,
}

/// Everything that importing a file will do.
#[derive(Debug, Clone)]
pub struct ImportPlan {
    /// The file's name.
    pub file: String,
    /// The partnership that the file is about.
    pub partnership: String,
    /// The area that the partnership serves, in its own words.
    pub area: Option<String>,
    /// The document's id in the file.
    pub document_id: String,
    /// The document's title.
    pub title: String,
    /// Its date, or the year that it reports on.
    pub date: Option<Period>,
    /// The file by its content.
    pub document: DocumentRef,
    /// The events, in the order in which they are to be recorded; the document itself comes last.
    pub steps: Vec<Step>,
    /// Every record of the file, in the file's order.
    pub records: Vec<Handled>,
    /// What the document leaves open, in its maker's words.
    pub not_stated: Vec<String>,
    /// What was left out on purpose, in its maker's words.
    pub not_carried: Vec<String>,
    /// In how many texts the post stands for a person's name.
    pub names_replaced: usize,
    /// The entry by which this document is in already, from a file of other content.
    pub other_content: Option<u64>,
}

impl ImportPlan {
    /// The steps as batches of at most `most` events, cut between records only, so that a record is
    /// recorded as a whole or not at all. A record of more events than that is a batch of its own.
    pub fn batches(&self, most: usize) -> Vec<&[Step]> {
        let mut batches = Vec::new();
        let (mut start, mut cut) = (0, 0);
        for at in 1..=self.steps.len() {
            if at - start > most && cut > start {
                batches.push(&self.steps[start..cut]);
                start = cut;
            }
            let next = self.steps.get(at);
            if next.is_none_or(|next| next.record != self.steps[at - 1].record) {
                cut = at;
            }
        }
        if start < self.steps.len() {
            batches.push(&self.steps[start..]);
        }
        batches
    }

    /// How many records there are of each outcome: turned into events, known, omitted.
    pub fn counts(&self) -> (usize, usize, usize) {
        let count = |test: fn(&Outcome) -> bool| {
            self.records
                .iter()
                .filter(|record| test(&record.outcome))
                .count()
        };
        (
            count(|outcome| matches!(outcome, Outcome::Events(_))),
            count(|outcome| matches!(outcome, Outcome::Known(_))),
            count(|outcome| matches!(outcome, Outcome::Omitted(_))),
        )
    }

    /// Whether there is nothing to record.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }
}

/// Makes the id of a person whom a document names: random, and asked for once a person.
pub type NewPerson<'a> = &'a mut dyn FnMut() -> PersonId;
