//! Progress by ambition: for each part of the plan, what was planned, what was reported of it, and
//! what is next, side by side.

use jiff::civil::Date;
use minutebook_events::period::Precision;
use minutebook_events::{Kind, Period, SubjectId};
use minutebook_papers::{Block, Cell, Column, Section, Table};
use minutebook_projections::milestones::State;
use minutebook_projections::plan::Node;
use minutebook_projections::status;
use schemars::JsonSchema;
use serde::Serialize;

use super::asking::{Asking, Filter};
use super::row::{Dates, Named, Row, Said};
use super::{cells, milestones};
use crate::context::Context;

/// An ambition, aim or plan that has steps or reports of its own.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Progress {
    /// The document's own word for it, such as `ambition`.
    pub level: Option<String>,
    /// What it stands under.
    pub parent: Option<Named>,
    /// By when it is to be achieved, or what it covers.
    pub horizon: Option<Period>,
    /// What it is to bring about.
    pub outcomes: Vec<Step>,
    /// The time that the reports are about; absent where nothing is reported.
    pub reported_period: Option<Period>,
    /// What was due in that time or before.
    pub planned: Vec<Step>,
    /// What was reported, oldest first.
    pub reported: Vec<Report>,
    /// What is due after that time, or has no date.
    pub next: Vec<Step>,
}

/// A milestone, or an objective that has none below it.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Step {
    /// Its id.
    pub id: SubjectId,
    /// What it is called.
    pub title: String,
    /// Every date.
    pub due: Dates,
    /// How it stands, in a word or two; absent where nothing says so.
    pub state: Option<String>,
    /// Whether it is open after its last date, on the day asked about.
    pub overdue: bool,
    /// What is a reading and not stated, such as `grouping`.
    pub inferred: Vec<String>,
}

/// A report.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Report {
    /// The report's own name.
    pub report: String,
    /// How it stands, in the report's words.
    pub narrative: String,
    /// The time that it is about, or on which it stood so.
    pub period: Option<Period>,
    /// The day or month on which it stood so.
    pub as_of: Option<Period>,
    /// The time ahead that it speaks of.
    pub focus_period: Option<Period>,
    /// The state read from the words.
    pub state: Option<String>,
    /// The rating in words, `not rated` and `rating not stated` too; absent where there is no place
    /// for one.
    pub rating: Option<String>,
    /// The entry.
    pub said: Option<Said>,
}

/// The parts of the plan that have steps or reports of their own, in the order of the plan.
pub(crate) fn rows(asking: &Asking<'_>) -> Vec<Row<Progress>> {
    let as_of = asking.as_of;
    let mut rows = Vec::new();
    for (id, node) in asking.each_of_plan() {
        let wanted = matches!(id.kind(), Kind::Aim | Kind::Strategy);
        if !wanted || !asking.wants(id, []) {
            continue;
        }
        let reported = reports(asking, id);
        let (outcomes, steps) = steps(asking, id);
        if reported.is_empty() && steps.is_empty() {
            continue;
        }
        let reported_period = reported.iter().rev().find_map(|one| one.period.clone());
        let until = reported_period.as_ref().and_then(Period::end);
        let is_planned = |step: &Step| match (&step.due.now, until) {
            (Some(due), Some(until)) => {
                !due.open_ended && due.end().is_some_and(|end| end <= until)
            }
            _ => false,
        };
        let (planned, next): (Vec<Step>, Vec<Step>) = steps.into_iter().partition(is_planned);
        let mut places = vec![node.set_at];
        places.extend(
            as_of
                .views
                .status
                .versions(id, as_of.moment)
                .map(|(_, one)| one.at),
        );
        let fields = Progress {
            level: node.level.as_deref().map(str::to_owned),
            parent: asking.maybe(as_of.views.plan.parent_of(node, as_of.moment)),
            horizon: node.horizon.as_deref().cloned(),
            outcomes,
            reported_period,
            planned,
            reported,
            next,
        };
        let state = fields.reported.last().and_then(|one| one.state.clone());
        rows.push(asking.row(id, &*node.title, state, places, fields));
    }
    rows
}

/// The newest of each report about something, oldest first.
pub(crate) fn reports(asking: &Asking<'_>, id: &SubjectId) -> Vec<Report> {
    let as_of = asking.as_of;
    let mut reports: Vec<Report> = Vec::new();
    for (_, one) in as_of.views.status.versions(id, as_of.moment) {
        if reports.iter().any(|newer| newer.report == one.report) {
            continue;
        }
        reports.push(Report {
            report: one.report.clone(),
            narrative: one.narrative.clone(),
            period: status::period(one).cloned(),
            as_of: one.fields.as_of.clone(),
            focus_period: one.focus_period.clone(),
            state: one.state.clone(),
            rating: one.rating.as_ref().map(milestones::rating),
            said: asking.said(one.at),
        });
    }
    reports.reverse();
    reports
}

/// The outcomes directly under a part of the plan; and the milestones and lone objectives under it
/// that stand under no nearer aim or strategy.
fn steps(asking: &Asking<'_>, id: &SubjectId) -> (Vec<Step>, Vec<Step>) {
    let as_of = asking.as_of;
    let (plan, moment) = (&as_of.views.plan, as_of.moment);
    let (mut outcomes, mut steps) = (Vec::new(), Vec::new());
    let mut todo: Vec<&SubjectId> = plan.children(id, moment).rev().collect();
    while let Some(id) = todo.pop() {
        let Some(node) = as_of.get(&plan.nodes, id) else {
            continue;
        };
        let below: Vec<&SubjectId> = plan.children(id, moment).rev().collect();
        match id.kind() {
            Kind::Milestone => steps.push(step(asking, id, node)),
            Kind::Objective if node.level.as_deref() == Some("outcome") => {
                outcomes.push(step(asking, id, node));
            }
            Kind::Objective if below.is_empty() => steps.push(step(asking, id, node)),
            _ => {}
        }
        if !matches!(id.kind(), Kind::Aim | Kind::Strategy) {
            todo.extend(below);
        }
    }
    (outcomes, steps)
}

fn step(asking: &Asking<'_>, id: &SubjectId, node: &Node) -> Step {
    let milestone = asking.as_of.get(&asking.as_of.views.milestones, id);
    let own = node.state.as_deref().map(str::to_owned);
    let state = match milestone.map(|milestone| &milestone.state) {
        Some(State::Completed { .. }) => Some("completed".to_owned()),
        Some(State::Withdrawn(_)) => Some("withdrawn".to_owned()),
        Some(State::Open) | None => own,
    };
    Step {
        id: id.clone(),
        title: node.title.as_ref().to_owned(),
        due: match milestone {
            Some(milestone) => milestones::dates(asking, milestone),
            None => Dates::new(node.horizon.as_deref(), Vec::new()),
        },
        state,
        overdue: milestone.is_some_and(|milestone| milestone.is_overdue(asking.day)),
        inferred: asking
            .said(node.set_at)
            .map_or_else(Vec::new, |said| said.inferred),
    }
}

/// A table for each part that others stand under, with what it is to bring about.
pub fn sections(context: &Context<'_>, rows: &[Row<Progress>]) -> Vec<Section> {
    let mut parts: Vec<(Option<&Named>, Vec<&Row<Progress>>)> = Vec::new();
    for row in rows {
        let parent = row.fields.parent.as_ref();
        match parts.iter_mut().find(|(other, _)| *other == parent) {
            Some((_, rows)) => rows.push(row),
            None => parts.push((parent, vec![row])),
        }
    }
    let period = common_period(rows);
    let part = |(parent, rows): (Option<&Named>, Vec<&Row<Progress>>)| {
        let heading = parent.map(|one| context.called(&one.id));
        let mut section = Section::new(heading.unwrap_or_else(|| "The plan".to_owned()));
        if let Some(parent) = parent {
            let outcomes = outcomes(context, parent);
            if !outcomes.is_empty() {
                section = section.intro("What it is to bring about:");
                section = section.block(Block::List(outcomes));
            }
        }
        section.block(table(&rows, period).into())
    };
    parts.into_iter().map(part).collect()
}

fn outcomes(context: &Context<'_>, part: &Named) -> Vec<String> {
    let filter = Filter::default();
    let asking = Asking::new(context.as_of, Date::default(), &filter);
    let (outcomes, _) = steps(&asking, &part.id);
    let words = |step: &Step| {
        let inferred = step.inferred.join(", ");
        let inferred = (!inferred.is_empty()).then(|| format!("inferred: {inferred}"));
        let more: Vec<String> = step.due.chain().into_iter().chain(inferred).collect();
        match more.is_empty() {
            true => step.title.clone(),
            false => format!("{} ({})", step.title, more.join("; ")),
        }
    };
    outcomes.iter().map(words).collect()
}

/// The time that the reports are about, where all of them are about the same.
fn common_period(rows: &[Row<Progress>]) -> Option<&Period> {
    let mut periods = rows
        .iter()
        .flat_map(|row| &row.fields.reported)
        .map(|report| report.period.as_ref());
    let first = periods.next()??;
    periods.all(|other| other == Some(first)).then_some(first)
}

/// `2025/26` after `2024/25`; nothing where that is no single financial year.
fn next_year(period: &Period) -> Option<String> {
    if period.precision != Some(Precision::FinancialYear) || period.open_ended {
        return None;
    }
    let start = period.end()?.year();
    Some(format!("{start}/{:02}", (start + 1).rem_euclid(100)))
}

fn table(rows: &[&Row<Progress>], period: Option<&Period>) -> Table {
    let next = match period.and_then(next_year) {
        Some(year) => format!("{year} next steps"),
        None => "Next steps".to_owned(),
    };
    let (planned, reported) = match period {
        Some(period) => (format!("{period} plan"), format!("{period} as reported")),
        None => ("Planned".to_owned(), "As reported".to_owned()),
    };
    let mut table = Table::new([
        Column::text("Ambition"),
        Column::text(planned),
        Column::text(reported),
        Column::text(next),
    ]);
    for row in rows {
        let fields = &row.fields;
        let what = cells::what(row);
        let said = fields.reported.iter().map(|one| report(one, period));
        let entries = fields.reported.iter().filter_map(|one| one.said.as_ref());
        let said = match fields.reported.is_empty() {
            true => Cell::new("nothing reported"),
            false => cells::list(said),
        };
        table = table.row([
            fields
                .horizon
                .iter()
                .fold(what, |cell, when| cell.note(when.to_string())),
            cells::list(fields.planned.iter().map(|step| words(step, period))),
            entries.fold(said, |cell, said| cell.entry(said.entry)),
            cells::list(fields.next.iter().map(|step| words(step, None))),
        ]);
    }
    table
}

fn report(report: &Report, period: Option<&Period>) -> String {
    let other = report.period.as_ref().filter(|one| Some(*one) != period);
    let more = [
        report.state.clone(),
        report.rating.clone(),
        other.map(|period| period.to_string()),
        report
            .focus_period
            .as_ref()
            .map(|when| format!("of {when}")),
    ];
    let more: Vec<String> = more.into_iter().flatten().collect();
    match more.is_empty() {
        true => format!("• {}", report.narrative),
        false => format!("• {} ({})", report.narrative, more.join("; ")),
    }
}

/// A step with its dates, where they are not those of the column.
fn words(step: &Step, period: Option<&Period>) -> String {
    let dates = step.due.chain();
    let same = step.due.later.is_empty() && step.due.now.as_ref() == period;
    let more = [
        dates.filter(|_| !same),
        step.due.moved.clone(),
        step.state.clone(),
        step.overdue.then(|| "overdue".to_owned()),
    ];
    let more: Vec<String> = more.into_iter().flatten().collect();
    match more.is_empty() {
        true => format!("• {}", step.title),
        false => format!("• {} ({})", step.title, more.join("; ")),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_next_year_is_named_only_after_a_single_one() {
        let next = |words: &str| next_year(&Period::parse(words).unwrap());
        assert_eq!(next("2024/25").as_deref(), Some("2025/26"));
        assert_eq!(next("2098/99").as_deref(), Some("2099/00"));
        assert_eq!(next("July 2025"), None);
        assert_eq!(next("2025/26 and beyond"), None);
    }
}
