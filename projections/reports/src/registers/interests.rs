//! The register of interests, the newest first.

use minutebook_events::{Period, PersonId};
use minutebook_papers::{Cell, Column, Section, Table};
use schemars::JsonSchema;
use serde::Serialize;

use super::asking::Asking;
use super::row::{Named, Row};
use super::{cells, heading};
use crate::context::Context;

/// A declared interest.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Interest {
    /// Whose interest it is, by opaque id.
    pub person: PersonId,
    /// The interest; absent where it stands only in a sealed part.
    pub interest: Option<String>,
    /// What sort it is, such as `financial`.
    pub kind: Option<String>,
    /// The organisation that it concerns.
    pub organisation: Option<Named>,
    /// The meeting that it was declared at.
    pub meeting: Option<Named>,
    /// The agenda item that it bears on; absent for a standing interest.
    pub item: Option<String>,
    /// What was done about it: `noted`, `stayed without vote`, `left`.
    pub handling: String,
    /// When it ended or will end.
    pub ends: Option<Period>,
}

/// The interests, the newest first.
pub(crate) fn rows(asking: &Asking<'_>) -> Vec<Row<Interest>> {
    let (as_of, day) = (asking.as_of, asking.day);
    let mut rows = Vec::new();
    for (id, interest) in asking.each(&as_of.views.interests.table) {
        let declared = &interest.declared;
        let ended = declared.ends.as_ref();
        let ended = ended.is_some_and(|ends| minutebook_projections::is_past(ends, day));
        let state = if ended { "ended" } else { "declared" };
        let handling = cells::word(&declared.handling);
        if !asking.wants(id, []) || !asking.wants_state([state, &handling]) {
            continue;
        }
        let fields = Interest {
            person: declared.fields.person.clone(),
            interest: declared.interest.clone(),
            kind: declared.kind.as_ref().map(cells::word),
            organisation: asking.maybe(declared.organisation.as_ref()),
            meeting: asking.maybe(interest.meeting.as_deref()),
            item: declared.item.clone(),
            handling,
            ends: declared.ends.clone(),
        };
        let title = declared.interest.as_deref().unwrap_or("An interest");
        rows.push(asking.row(id, title, Some(state.to_owned()), [declared.at], fields));
    }
    rows.sort_by_key(|row| std::cmp::Reverse(row.entries.first().copied()));
    rows
}

/// The interests as a table.
pub fn sections(context: &Context<'_>, rows: &[Row<Interest>]) -> Vec<Section> {
    let mut table = Table::new([
        Column::text("Who"),
        Column::text("Interest"),
        Column::text("Declared at"),
        Column::text("What was done"),
        Column::text("Entry"),
    ]);
    for row in rows {
        let fields = &row.fields;
        let interest = fields.interest.clone();
        let interest = interest.unwrap_or_else(|| "in a sealed part".to_owned());
        let organisation = fields.organisation.as_ref();
        let organisation = organisation.map(|one| context.called(&one.id));
        let notes = fields.kind.clone().into_iter().chain(organisation);
        let meeting = fields.meeting.as_ref().map(|one| context.called(&one.id));
        let item = match &fields.item {
            Some(item) => format!("item {item}"),
            None => "standing".to_owned(),
        };
        let done = Cell::new(fields.handling.as_str());
        let ends = fields.ends.iter().map(|ends| match row.state.as_deref() {
            Some("ended") => format!("ended {ends}"),
            _ => format!("ends {ends}"),
        });
        table = table.row([
            Cell::new(context.person(&fields.person)).subject(row.id.clone()),
            notes.fold(Cell::new(interest), Cell::note),
            cells::lines(meeting.into_iter().chain([item])),
            ends.fold(done, Cell::note),
            cells::entry(row.said.as_ref()),
        ]);
    }
    vec![Section::new(heading("Interests", rows.len())).block(table.into())]
}
