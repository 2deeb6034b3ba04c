//! What the board was assured of, by whom, and what is missing.

use minutebook_events::catalogue::AssuranceLevel;
use minutebook_papers::{Cell, Column, Section, Table};
use schemars::JsonSchema;
use serde::Serialize;

use super::asking::Asking;
use super::row::{Named, Row};
use super::{cells, heading};
use crate::context::Context;

/// An assurance.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Assurance {
    /// What it is about.
    pub of: Vec<Named>,
    /// How much there is; `not-stated` is a value of its own.
    pub level: AssuranceLevel,
    /// How far its source stands from the work: `first`, `second`, `third`.
    pub line: Option<String>,
    /// Who gives it.
    pub given_by: Option<String>,
    /// What is missing.
    pub gaps: Vec<String>,
}

/// The assurances, the newest first.
pub(crate) fn rows(asking: &Asking<'_>) -> Vec<Row<Assurance>> {
    let as_of = asking.as_of;
    let mut rows = Vec::new();
    for (id, assurance) in asking.each(&as_of.views.risks.assurance) {
        let level = cells::word(&assurance.level);
        let about = assurance.of.iter().map(Some);
        if !asking.wants(id, about) || !asking.wants_state([level.as_str()]) {
            continue;
        }
        let fields = Assurance {
            of: asking.all(&assurance.of),
            level: assurance.level,
            line: assurance.line.as_ref().map(cells::word),
            given_by: assurance.given_by.clone(),
            gaps: assurance.gaps.clone(),
        };
        rows.push(asking.row(
            id,
            assurance.title.as_str(),
            Some(level),
            [assurance.at],
            fields,
        ));
    }
    rows.sort_by_key(|row| std::cmp::Reverse(row.entries.first().copied()));
    rows
}

/// The assurances as a table.
pub fn sections(context: &Context<'_>, rows: &[Row<Assurance>]) -> Vec<Section> {
    let mut table = Table::new([
        Column::text("Assurance"),
        Column::text("Of"),
        Column::text("How much"),
        Column::text("What is missing"),
        Column::text("Entry"),
    ]);
    for row in rows {
        let fields = &row.fields;
        let level = match fields.level {
            AssuranceLevel::NotStated => "not stated".to_owned(),
            _ => row.state.clone().unwrap_or_default(),
        };
        let line = fields.line.as_ref().map(|line| format!("{line} line"));
        let notes = fields.given_by.clone().into_iter().chain(line);
        table = table.row([
            cells::what_of(context, row),
            cells::names(context, &fields.of),
            notes.fold(Cell::new(level), Cell::note),
            cells::list(fields.gaps.iter().cloned()),
            cells::entry(row.said.as_ref()),
        ]);
    }
    vec![Section::new(heading("Assurance", rows.len())).block(table.into())]
}
