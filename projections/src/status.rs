//! Status reports: the newest in full, the earlier ones by their entries.
//!
//! Reports are long and many, so the views do not keep them all: whoever shows an earlier one reads
//! its entry.

use std::sync::Arc;

use imbl::{OrdMap, Vector};
use minutebook_events::catalogue::{Rating, ReportKind};
use minutebook_events::{Payload, Period, SubjectId};
use serde::{Deserialize, Serialize};

use crate::{Id, Noted};

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

/// What was reported about one subject.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reports {
    /// The newest report.
    pub newest: Arc<Report>,
    positions: Vector<u64>,
}

impl Reports {
    /// The entries of all reports, oldest first.
    pub fn positions(&self) -> impl DoubleEndedIterator<Item = u64> + ExactSizeIterator + '_ {
        self.positions.iter().copied()
    }
}

/// The status of everything that was reported on.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Status {
    map: OrdMap<Id, Reports>,
}

impl Status {
    /// What was reported about a subject.
    pub fn get(&self, id: &SubjectId) -> Option<&Reports> {
        self.map.get(id)
    }

    /// Every subject that was reported on, in order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = (&SubjectId, &Reports)> {
        self.map.iter().map(|(id, reports)| (id.as_ref(), reports))
    }

    pub(crate) fn fold(&mut self, noted: &Noted<'_>, payload: &Payload) {
        let Payload::StatusReported(fields) = payload else {
            return;
        };
        let newest = Arc::new(Report {
            position: noted.position,
            name: fields.report.clone(),
            narrative: fields.narrative.clone(),
            kind: fields.kind,
            period: fields.period.as_ref().or(fields.as_of.as_ref()).cloned(),
            state: fields.state.clone(),
            rating: fields.rating.clone(),
            reporter: fields.reporter.clone(),
        });
        match self.map.get_mut(noted.id) {
            Some(reports) => {
                reports.newest = newest;
                reports.positions.push_back(noted.position);
            }
            None => {
                let positions = Vector::unit(noted.position);
                self.map
                    .insert(noted.id.clone(), Reports { newest, positions });
            }
        }
    }
}
