//! The action log: what is open comes first, the soonest due first.

use minutebook_events::Period;
use minutebook_papers::{Cell, Column, Section, Table};
use minutebook_projections::actions::ActionState;
use schemars::JsonSchema;
use serde::Serialize;

use super::asking::Asking;
use super::row::{Dates, Later, Named, Row, Who, by_end, moved};
use super::{cells, heading};
use crate::context::Context;

/// An action.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Action {
    /// Who owns it: the post, and the person and organisation where they are given.
    pub owner: Who,
    /// Every due date.
    pub due: Dates,
    /// Whether it is open after its last due date, on the day asked about.
    pub overdue: bool,
    /// The decision that it follows from.
    pub decision: Option<Named>,
    /// The newest report on it.
    pub progress: Option<String>,
    /// When its owner had done it, as written.
    pub completed: Option<Period>,
    /// What came of it.
    pub result: Option<String>,
    /// The meeting that closed it.
    pub closed_at: Option<Named>,
    /// The outcome that the body accepted.
    pub outcome: Option<String>,
}

/// The log: open actions by their due dates, then those done, then those closed.
pub(crate) fn rows(asking: &Asking<'_>) -> Vec<Row<Action>> {
    let (as_of, day) = (asking.as_of, asking.day);
    let mut rows = Vec::new();
    for (id, action) in asking.each(&as_of.views.actions) {
        let assigned = &action.assigned;
        let (state, overdue) = (action.state(), action.is_overdue(day));
        let words = [state.name(), if overdue { "overdue" } else { state.name() }];
        let decision = assigned.decision.as_ref();
        if !asking.wants(id, [decision])
            || !asking.wants_state(words)
            || !asking.wants_overdue(overdue)
        {
            continue;
        }
        let mut until = assigned.due.as_ref();
        let mut later = Vec::new();
        for change in action.moved.oldest_first() {
            later.push(Later {
                verb: "moved",
                to: change.to.clone(),
                moved: moved(until, Some(&change.to)),
                standing: None,
                agreed_by: asking.maybe(change.fields.decision.as_ref()),
                said: asking.said(change.at),
            });
            until = Some(&change.fields.to);
        }
        let completed = action.completed.as_ref();
        let closed = action.closed.as_ref();
        let fields = Action {
            owner: Who {
                person: assigned.lead.clone(),
                post: Some(assigned.owner.clone()),
                organisation: asking.maybe(assigned.organisation.as_ref()),
            },
            due: Dates::new(assigned.due.as_ref(), later),
            overdue,
            decision: asking.maybe(decision),
            progress: action.progress.as_ref().map(|one| one.narrative.clone()),
            completed: completed.and_then(|one| asking.said(one.at)?.effective),
            result: completed.and_then(|one| one.result.clone()),
            closed_at: closed.and_then(|one| asking.said(one.at)?.meeting),
            outcome: closed.and_then(|one| one.outcome.clone()),
        };
        let places = std::iter::once(assigned.at)
            .chain(action.moved.iter().map(|one| one.at))
            .chain(action.progress.iter().map(|one| one.at))
            .chain(completed.map(|one| one.at))
            .chain(closed.map(|one| one.at));
        let state = Some(state.name().to_owned());
        rows.push(asking.row(id, assigned.text.as_str(), state, places, fields));
    }
    rows.sort_by_key(|row| (place(row), by_end(row.fields.due.now.as_ref())));
    rows
}

fn place(row: &Row<Action>) -> u8 {
    match row.state.as_deref() {
        Some(state) if state == ActionState::Open.name() => 0,
        Some(state) if state == ActionState::Completed.name() => 1,
        _ => 2,
    }
}

/// The log as a table.
pub fn sections(context: &Context<'_>, rows: &[Row<Action>]) -> Vec<Section> {
    let mut table = Table::new([
        Column::text("Action"),
        Column::text("Owner"),
        Column::date("Due"),
        Column::text("How it stands"),
        Column::text("From"),
    ]);
    for row in rows {
        table = table.row([
            cells::what_of(context, row),
            Cell::new(cells::who(context, &row.fields.owner)),
            due(row),
            standing(context, row),
            from(context, row),
        ]);
    }
    vec![Section::new(heading("Actions", rows.len())).block(table.into())]
}

fn due(row: &Row<Action>) -> Cell {
    let cell = cells::dates(&row.fields.due, "no date");
    let reasons = row.fields.due.later.iter();
    let reasons = reasons.filter_map(|later| later.said.as_ref()?.reason.clone());
    reasons.fold(cell, |cell, reason| cell.note(format!("because: {reason}")))
}

fn standing(context: &Context<'_>, row: &Row<Action>) -> Cell {
    let fields = &row.fields;
    let mut lines: Vec<String> = Vec::new();
    match (fields.overdue, &row.state) {
        (true, _) => lines.push("open, overdue".to_owned()),
        (false, state) => lines.extend(state.clone()),
    }
    lines.extend(fields.completed.as_ref().map(|when| format!("done {when}")));
    if let Some(meeting) = &fields.closed_at {
        lines.push(format!("closed at {}", context.called(&meeting.id)));
    }
    let told = [&fields.progress, &fields.result, &fields.outcome];
    lines.extend(told.into_iter().flatten().cloned());
    cells::lines(lines)
}

fn from(context: &Context<'_>, row: &Row<Action>) -> Cell {
    let decision = row.fields.decision.as_ref();
    let decision = decision.map(|one| context.called(&one.id));
    let minuted = cells::minuted(context, row.said.as_ref());
    let cell = cells::lines(decision.into_iter().chain(minuted));
    let said = row.said.iter();
    said.fold(cell, |cell, said| cell.entry(said.entry))
}
