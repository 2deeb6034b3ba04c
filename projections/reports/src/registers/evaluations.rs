//! Evaluations, reviews and audits: what is awaited first, then what was reported.

use minutebook_events::Period;
use minutebook_papers::{Cell, Column, Section, Table};
use schemars::JsonSchema;
use serde::Serialize;

use super::asking::Asking;
use super::row::{Named, Row, by_end};
use super::{cells, heading};
use crate::context::Context;

/// An evaluation.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Evaluation {
    /// What it looks at.
    pub evaluates: Vec<Named>,
    /// What it belongs to.
    pub parent: Option<Named>,
    /// Who carries it out.
    pub evaluator: Option<String>,
    /// Who commissioned it.
    pub commissioned_by: Option<Named>,
    /// The time in which it is carried out.
    pub period: Option<Period>,
    /// When it is due.
    pub due: Option<Period>,
    /// Whether it is not reported after its due date, on the day asked about.
    pub overdue: bool,
    /// What it found; absent where not stated.
    pub findings: Option<String>,
    /// The decisions that it informs.
    pub informs: Vec<Named>,
    /// The state in the document's own words.
    pub state_as_written: Option<String>,
}

/// The evaluations: those awaited by their due dates, then those reported.
pub(crate) fn rows(asking: &Asking<'_>) -> Vec<Row<Evaluation>> {
    let (as_of, day) = (asking.as_of, asking.day);
    let mut rows = Vec::new();
    for (id, evaluation) in asking.each(&as_of.views.evaluations) {
        let asked = evaluation.commissioned.as_ref();
        let reported = evaluation.reported.as_ref();
        let state = if reported.is_some() {
            "reported"
        } else {
            "commissioned"
        };
        let due = asked.and_then(|one| one.due.as_ref());
        let is_past = |due: &Period| minutebook_projections::is_past(due, day);
        let overdue = reported.is_none() && due.is_some_and(is_past);
        let parent = asked.and_then(|one| one.parent.as_ref());
        let parent = parent.or(reported.and_then(|one| one.parent.as_ref()));
        let evaluates = asked.map_or(&[][..], |one| &one.evaluates);
        if !asking.wants(id, evaluates.iter().map(Some).chain([parent]))
            || !asking.wants_state([state])
            || !asking.wants_overdue(overdue)
        {
            continue;
        }
        let period = asked.and_then(|one| one.period.clone());
        let own = reported.and_then(|one| one.state.clone());
        let fields = Evaluation {
            evaluates: asking.all(evaluates),
            parent: asking.maybe(parent),
            evaluator: asked.and_then(|one| one.evaluator.clone()),
            commissioned_by: asking.maybe(asked.and_then(|one| one.commissioned_by.as_ref())),
            period: period.or_else(|| reported?.period.clone()),
            due: due.cloned(),
            overdue,
            findings: reported.and_then(|one| one.findings.clone()),
            informs: reported.map_or_else(Vec::new, |one| asking.all(&one.informs)),
            state_as_written: own.or_else(|| asked?.state.clone()),
        };
        let places = [asked.map(|one| one.at), reported.map(|one| one.at)];
        let places = places.into_iter().flatten();
        let state = Some(state.to_owned());
        rows.push(asking.row(id, evaluation.title(), state, places, fields));
    }
    rows.sort_by_key(|row| {
        let reported = row.state.as_deref() == Some("reported");
        (reported, by_end(row.fields.due.as_ref()))
    });
    rows
}

/// The evaluations as a table.
pub fn sections(context: &Context<'_>, rows: &[Row<Evaluation>]) -> Vec<Section> {
    let mut table = Table::new([
        Column::text("Evaluation"),
        Column::date("When"),
        Column::text("How it stands"),
        Column::text("Entry"),
    ]);
    for row in rows {
        let fields = &row.fields;
        let about = fields.evaluates.iter().chain(&fields.parent);
        let about = about.map(|one| format!("of {}", context.called(&one.id)));
        let due = fields.due.iter().map(|due| format!("due {due}"));
        let when = fields.period.iter().map(Period::to_string).chain(due);
        let when: Vec<String> = when.collect();
        let overdue = fields.overdue.then(|| "overdue".to_owned());
        let by = fields.evaluator.as_ref().map(|who| format!("by {who}"));
        let stands = [
            row.state.clone(),
            overdue,
            fields.state_as_written.clone(),
            by,
        ];
        let informs = fields.informs.iter();
        let informs = informs.map(|one| format!("informs {}", context.called(&one.id)));
        let found = match (row.state.as_deref(), &fields.findings) {
            (Some("reported"), Some(findings)) => Some(findings.clone()),
            (Some("reported"), None) => Some("findings not stated".to_owned()),
            _ => None,
        };
        let stands = stands.into_iter().flatten().chain(found);
        table = table.row([
            about.fold(cells::what(row), Cell::note),
            match when.is_empty() {
                true => Cell::new("not stated"),
                false => cells::lines(when),
            },
            cells::lines(stands.chain(informs)),
            cells::entry(row.said.as_ref()),
        ]);
    }
    vec![Section::new(heading("Evaluations", rows.len())).block(table.into())]
}
