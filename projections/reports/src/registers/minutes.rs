//! The minutes: drafted, amended, approved word for word.

use minutebook_papers::{Cell, Column, Section, Table};
use minutebook_projections::minutes::Minutes as View;
use schemars::JsonSchema;
use serde::Serialize;

use super::asking::Asking;
use super::row::{Named, Row, Said, by_end};
use super::{cells, heading};
use crate::context::Context;

/// The minutes of a meeting.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Minutes {
    /// The meeting that they record.
    pub meeting: Option<Named>,
    /// The version of the newest text; absent where it has none.
    pub version: Option<u32>,
    /// SHA-256 of the newest text, in hex.
    pub text_sha256: Option<String>,
    /// The changes asked for, oldest first; after approval, the corrections minuted later.
    pub amendments: Vec<Amendment>,
    /// The meeting that approved them.
    pub approved_at: Option<Named>,
    /// SHA-256 of the text that was approved, in hex.
    pub approved_text_sha256: Option<String>,
    /// The corrections made before approval.
    pub corrections: Vec<String>,
    /// The entry that approved them.
    pub approval: Option<Said>,
}

/// A change of minutes.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Amendment {
    /// What changes.
    pub changes: String,
    /// The post of whoever asked for it.
    pub asked_by: Option<String>,
    /// The entry.
    pub said: Option<Said>,
}

/// How far minutes are.
pub(super) fn state(minutes: &View) -> &'static str {
    match (&minutes.approved, minutes.amendments.is_empty()) {
        (Some(_), _) => "approved",
        (None, false) => "amended",
        (None, true) => "drafted",
    }
}

/// The minutes, those of the newest meeting first.
pub(crate) fn rows(asking: &Asking<'_>) -> Vec<Row<Minutes>> {
    let as_of = asking.as_of;
    let mut found = Vec::new();
    for (id, minutes) in asking.each(&as_of.views.minutes.table) {
        let state = state(minutes);
        if !asking.wants(id, []) || !asking.wants_state([state]) {
            continue;
        }
        let places = minutes
            .drafts
            .iter()
            .map(|one| one.at)
            .chain(minutes.amendments.iter().map(|one| one.at))
            .chain(minutes.approved.iter().map(|one| one.at));
        let places: Vec<_> = places.collect();
        let approved = minutes.approved.as_ref();
        let approval = approved.and_then(|one| asking.said(one.at));
        let amendments = minutes.amendments.oldest_first().map(|one| Amendment {
            changes: one.changes.clone(),
            asked_by: one.asked_by.clone(),
            said: asking.said(one.at),
        });
        let fields = Minutes {
            meeting: asking.maybe(minutes.of()),
            version: minutes.version(),
            text_sha256: minutes.text().map(|text| text.to_string()),
            amendments: amendments.collect(),
            approved_at: approval.as_ref().and_then(|one| one.meeting.clone()),
            approved_text_sha256: approved.map(|one| one.text.to_string()),
            corrections: approved.map_or_else(Vec::new, |one| one.corrections.clone()),
            approval,
        };
        let title = minutebook_projections::title::title(as_of, id).unwrap_or_default();
        let meeting = minutes
            .of()
            .and_then(|id| as_of.get(&as_of.views.meetings, id));
        let (undated, end) = by_end(meeting.and_then(|meeting| meeting.date()));
        let row = asking.row(id, title, Some(state.to_owned()), places, fields);
        found.push(((undated, std::cmp::Reverse(end)), row));
    }
    found.sort_by_key(|(date, _)| *date);
    found.into_iter().map(|(_, row)| row).collect()
}

/// The minutes as a table.
pub fn sections(context: &Context<'_>, rows: &[Row<Minutes>]) -> Vec<Section> {
    let mut table = Table::new([
        Column::text("Minutes"),
        Column::text("How far"),
        Column::text("Changes"),
        Column::text("Text"),
        Column::text("Entry"),
    ]);
    for row in rows {
        let fields = &row.fields;
        let state = row.state.clone().unwrap_or_default();
        let approved = fields.approved_text_sha256.as_ref();
        let is_other = approved.is_some_and(|text| Some(text) != fields.text_sha256.as_ref());
        let state = match fields.version {
            Some(version) if is_other => {
                Cell::new(format!("{state}; since then version {version}"))
            }
            Some(version) => Cell::new(format!("{state}, version {version}")),
            None => Cell::new(state),
        };
        let at = fields.approved_at.as_ref();
        let at = at.map(|meeting| format!("at {}", context.called(&meeting.id)));
        let changes = fields.amendments.iter().map(|one| match &one.asked_by {
            Some(post) => format!("{} (asked by {post})", one.changes),
            None => one.changes.clone(),
        });
        let text = fields
            .text_sha256
            .as_deref()
            .map(|text| text.get(..16).unwrap_or(text));
        table = table.row([
            cells::what_of(context, row),
            at.into_iter().fold(state, Cell::note),
            cells::lines(changes.chain(fields.corrections.iter().cloned())),
            Cell::new(text.map_or_else(String::new, |text| format!("sha256 {text}…"))),
            cells::entry(row.said.as_ref()),
        ]);
    }
    vec![Section::new(heading("Minutes", rows.len())).block(table.into())]
}
