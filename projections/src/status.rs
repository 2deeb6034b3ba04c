//! Status reports: the newest about each thing; the earlier ones are its older versions.

use minutebook_events::catalogue::{Rating, ReportKind};
use minutebook_events::{Payload, Period};
use serde::{Deserialize, Serialize};

use crate::Noted;
use crate::table::Table;

/// A status report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The entry.
    pub position: u64,
    /// The report's own name.
    pub name: String,
    /// How it stands, in words.
    pub narrative: String,
    /// In-year or year-end; absent where not stated.
    pub kind: Option<ReportKind>,
    /// The time that it reports on, or on which it stood so.
    pub period: Option<Period>,
    /// The state read from the words; never a rating.
    pub state: Option<String>,
    /// The rating as printed: a word of the scale, not rated, or not stated. Absent where the report
    /// has no place for one.
    pub rating: Option<Rating>,
    /// Who reports; absent where not stated.
    pub reporter: Option<String>,
}

pub(crate) fn fold(status: &mut Table<Report>, noted: &Noted<'_>, payload: &Payload) {
    let Payload::StatusReported(fields) = payload else {
        return;
    };
    status.update(noted, noted.id, |_| {
        Some(Report {
            position: noted.position,
            name: fields.report.clone(),
            narrative: fields.narrative.clone(),
            kind: fields.kind,
            period: fields.period.as_ref().or(fields.as_of.as_ref()).cloned(),
            state: fields.state.clone(),
            rating: fields.rating.clone(),
            reporter: fields.reporter.clone(),
        })
    });
}
