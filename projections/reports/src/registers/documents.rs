//! The documents that were read into the record, and what was left out of them.

use minutebook_events::{Period, PersonId};
use minutebook_papers::{Cell, Column, Section, Table};
use schemars::JsonSchema;
use serde::Serialize;

use super::asking::Asking;
use super::row::Row;
use super::{cells, heading};
use crate::context::{Context, counted};

/// An imported document.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Document {
    /// What sort it is, such as `annual report chapter`.
    pub kind: Option<String>,
    /// Its date; absent where it has none.
    pub date: Option<Period>,
    /// A remark on the date.
    pub date_note: Option<String>,
    /// The year that it reports on.
    pub reporting_year: Option<Period>,
    /// To whom it was presented.
    pub presented_to: Option<String>,
    /// Where it was spoken, for a speech.
    pub spoken_at: Option<String>,
    /// The name of the file.
    pub file: String,
    /// SHA-256 of the file, in hex.
    pub sha256: String,
    /// How many records were made from it.
    pub records_made: u64,
    /// How many of each sort.
    pub record_counts: Vec<Count>,
    /// What was left out on purpose, and why.
    pub not_carried: Vec<String>,
    /// Who checked the import, by opaque id.
    pub reviewer: Option<PersonId>,
}

/// How many records of one sort.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Count {
    /// The sort, such as `milestones`.
    pub section: String,
    /// How many.
    pub count: u64,
}

/// The documents, in order of record.
pub(crate) fn rows(asking: &Asking<'_>) -> Vec<Row<Document>> {
    let as_of = asking.as_of;
    let mut rows = Vec::new();
    for (id, document) in asking.each(&as_of.views.records.documents) {
        if !asking.wants_state(["imported"]) {
            continue;
        }
        let counts = document.record_counts.iter().map(|one| Count {
            section: one.section.clone(),
            count: one.count,
        });
        let fields = Document {
            kind: document.kind.clone(),
            date: document.date.clone(),
            date_note: document.date_note.clone(),
            reporting_year: document.reporting_year.clone(),
            presented_to: document.presented_to.clone(),
            spoken_at: document.spoken_at.clone(),
            file: document.document.name.clone(),
            sha256: document.document.sha256.to_string(),
            records_made: document.records_made,
            record_counts: counts.collect(),
            not_carried: document.not_carried.clone(),
            reviewer: document.reviewer.clone(),
        };
        let (title, state) = (document.title.as_str(), Some("imported".to_owned()));
        rows.push(asking.row(id, title, state, [document.at], fields));
    }
    rows.sort_by_key(|row| row.entries.first().copied());
    rows
}

/// The documents as a table.
pub fn sections(context: &Context<'_>, rows: &[Row<Document>]) -> Vec<Section> {
    let mut table = Table::new([
        Column::text("Document"),
        Column::date("Date"),
        Column::text("Records made"),
        Column::text("Left out on purpose"),
        Column::text("Entry"),
    ]);
    for row in rows {
        let fields = &row.fields;
        let told = [&fields.kind, &fields.presented_to, &fields.spoken_at];
        let told = told.into_iter().flatten();
        let what = told.fold(cells::what(row), |cell, text| cell.note(text.as_str()));
        let date = match (&fields.date, &fields.date_note) {
            (Some(date), Some(note)) => Cell::new(date.to_string()).note(note.as_str()),
            (Some(date), None) => Cell::new(date.to_string()),
            (None, Some(note)) => Cell::new("no date").note(note.as_str()),
            (None, None) => Cell::new("no date"),
        };
        let made = counted(fields.records_made, "record", "records");
        let counts = fields.record_counts.iter();
        let counts = counts.map(|one| format!("{}: {}", one.section.replace('_', " "), one.count));
        let reviewer = fields.reviewer.as_ref();
        let reviewer = reviewer.map(|person| format!("checked by {}", context.person(person)));
        table = table.row([
            what,
            date,
            counts.chain(reviewer).fold(Cell::new(made), Cell::note),
            cells::list(fields.not_carried.iter().cloned()),
            cells::entry(row.said.as_ref()),
        ]);
    }
    vec![Section::new(heading("Documents", rows.len())).block(table.into())]
}
