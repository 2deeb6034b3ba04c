//! The metrics: from which baseline, to which target, by when, and the value found last.

use minutebook_events::Period;
use minutebook_events::catalogue::{ChangeBasis, TargetKind};
use minutebook_events::quantity::Quantity;
use minutebook_papers::{Cell, Column, Section, Table};
use minutebook_projections::metrics::Metric as View;
use schemars::JsonSchema;
use serde::Serialize;

use super::asking::Asking;
use super::row::{Named, Row, Said};
use super::{cells, heading};
use crate::context::Context;

/// A metric.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Metric {
    /// What sort of figure it is, such as `context`; absent for a metric of the plan.
    pub kind: Option<String>,
    /// The milestone, aim or strategy that it measures.
    pub parent: Option<Named>,
    /// The unit, such as `%`.
    pub unit: Option<String>,
    /// Which way is better: `up`, `down`, `hold`, `improve`.
    pub direction: Option<String>,
    /// The baseline; absent where none is agreed.
    pub baseline: Option<Value>,
    /// How the baseline stands where there is none, such as `to be agreed`.
    pub baseline_state: Option<String>,
    /// The target now.
    pub target: Option<Target>,
    /// The targets before, oldest first, as written.
    pub earlier_targets: Vec<Quantity>,
    /// The target after this one.
    pub eventual_target: Option<Quantity>,
    /// The value found last.
    pub latest: Option<Value>,
    /// How many values were found.
    pub measured: usize,
    /// By what it is broken down, such as `ethnicity`.
    pub breakdown: Option<String>,
    /// How it is measured, such as `Staff Survey`.
    pub measured_by: Option<String>,
    /// The post that owns it.
    pub owner: Option<String>,
    /// How strongly the target is meant.
    pub intent: Option<String>,
}

/// A target.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Target {
    /// The figure.
    pub value: Quantity,
    /// What sort of target it is: `absolute`, `change`, `rank`, `zero`, `not-stated`.
    pub kind: Option<TargetKind>,
    /// For a change in per cent, what it refers to.
    pub change_basis: Option<ChangeBasis>,
    /// By when.
    pub due: Option<Period>,
    /// Whose target it is, such as `national target`.
    pub basis: Option<String>,
}

/// A value found, or a baseline.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Value {
    /// The figure.
    pub value: Quantity,
    /// The day or time that it was measured for.
    pub period: Option<Period>,
    /// Where it comes from.
    pub data_source: Option<String>,
    /// True where it may still change.
    pub provisional: bool,
    /// The entry.
    pub said: Option<Said>,
}

/// The metrics: those of the plan in its order, then the others.
pub(crate) fn rows(asking: &Asking<'_>) -> Vec<Row<Metric>> {
    let as_of = asking.as_of;
    let mut places = std::collections::HashMap::new();
    if asking.only().is_none() {
        let plan = as_of.views.plan.walk(as_of.moment);
        places.extend(plan.enumerate().map(|(i, step)| (step.id, i)));
    }
    let place = |metric: &View| {
        let place = metric.parent().and_then(|parent| places.get(parent));
        place.copied().unwrap_or(usize::MAX)
    };
    let metrics = asking.each(&as_of.views.metrics.table);
    let wanted = metrics.filter(|(id, metric)| {
        asking.wants(id, [metric.parent()]) && asking.wants_state([state(metric)])
    });
    let mut wanted: Vec<_> = wanted.collect();
    wanted.sort_by_key(|(_, metric)| place(metric));
    let row = |(id, metric): (_, &View)| {
        let places = std::iter::once(metric.defined.at)
            .chain(metric.baselines.iter().map(|one| one.at))
            .chain(metric.targets.iter().map(|one| one.at))
            .chain(metric.measurements.iter().map(|one| one.at));
        let places: Vec<_> = places.collect();
        let (title, state) = (metric.defined.title.as_str(), state(metric).to_owned());
        asking.row(id, title, Some(state), places, fields(asking, metric))
    };
    wanted.into_iter().map(row).collect()
}

fn state(metric: &View) -> &'static str {
    match (metric.latest(), metric.baseline()) {
        (Some(_), _) => "measured",
        (None, Some(_)) => "not measured",
        (None, None) => "no baseline",
    }
}

fn fields(asking: &Asking<'_>, metric: &View) -> Metric {
    let defined = &metric.defined;
    let target = metric.target().map(|target| Target {
        value: target.value.clone(),
        kind: target.kind,
        change_basis: target.change_basis,
        due: target.due.cloned(),
        basis: defined.target_basis.clone(),
    });
    let earlier = metric.targets.oldest_first();
    let earlier = earlier.filter_map(|target| target.fields.from.clone());
    Metric {
        kind: defined.kind.clone(),
        parent: asking.maybe(metric.parent()),
        unit: defined.unit.clone(),
        direction: defined.direction.as_ref().map(cells::word),
        baseline: metric.baseline().map(|one| Value {
            value: one.value.clone(),
            period: one.period.clone(),
            data_source: None,
            provisional: false,
            said: asking.said(one.at),
        }),
        baseline_state: defined.baseline_state.clone(),
        target,
        earlier_targets: earlier.collect(),
        eventual_target: defined.eventual_target.clone(),
        latest: metric.latest().map(|one| Value {
            value: one.value.clone(),
            period: one.period.clone(),
            data_source: one.data_source.clone(),
            provisional: one.provisional,
            said: asking.said(one.at),
        }),
        measured: metric.measurements.len(),
        breakdown: defined.breakdown.clone(),
        measured_by: defined.measured_by.clone(),
        owner: defined.owner.clone(),
        intent: defined.intent.clone(),
    }
}

/// The metrics as a table.
pub fn sections(context: &Context<'_>, rows: &[Row<Metric>]) -> Vec<Section> {
    let mut table = Table::new([
        Column::text("Metric"),
        Column::text("Baseline"),
        Column::text("Target"),
        Column::text("Latest value"),
    ]);
    for row in rows {
        table = table.row(cells(context, row));
    }
    vec![Section::new(heading("Metrics", rows.len())).block(table.into())]
}

fn cells(context: &Context<'_>, row: &Row<Metric>) -> [Cell; 4] {
    let fields = &row.fields;
    let parent = fields.parent.as_ref();
    let parent = parent.map(|parent| format!("of {}", context.called(&parent.id)));
    let notes = parent.into_iter().chain(fields.kind.clone());
    [
        notes.fold(cells::what(row), Cell::note),
        baseline(fields),
        target(fields),
        match &fields.latest {
            Some(value) => found(value, fields.unit.as_deref()),
            None => Cell::new("no value yet"),
        },
    ]
}

/// `no baseline: to be agreed`, or the baseline.
pub(crate) fn baseline(metric: &Metric) -> Cell {
    match (&metric.baseline, &metric.baseline_state) {
        (Some(value), _) => found(value, metric.unit.as_deref()),
        (None, Some(state)) => Cell::new(format!("no baseline: {state}")),
        (None, None) => Cell::new("no baseline"),
    }
}

/// The target: the figure, by when, and what sort it is.
pub(crate) fn target(metric: &Metric) -> Cell {
    let Some(target) = &metric.target else {
        return Cell::new("no target");
    };
    let mut cell = Cell::new(figure(&target.value, metric.unit.as_deref()));
    if let Some(due) = &target.due {
        cell = cell.note(by(due));
    }
    cell = match (target.kind, target.change_basis) {
        (Some(TargetKind::Change), None | Some(ChangeBasis::NotStated)) => {
            cell.note("a change; of what is not stated")
        }
        (Some(TargetKind::Change), Some(ChangeBasis::Relative)) => {
            cell.note("a change, relative to the baseline")
        }
        (Some(TargetKind::Change), Some(ChangeBasis::PercentagePoints)) => {
            cell.note("a change, in percentage points")
        }
        (Some(TargetKind::NotStated), _) => cell.note("what sort of target is not stated"),
        (Some(kind), _) => cell.note(cells::word(&kind)),
        (None, _) => cell,
    };
    let notes = target.basis.clone().into_iter();
    let notes = notes.chain(metric.intent.clone());
    let eventual = metric.eventual_target.as_ref();
    let eventual = eventual.map(|value| format!("in the end {}", value.as_written));
    let earlier = metric.earlier_targets.iter();
    let earlier = earlier.map(|value| format!("before: {}", value.as_written));
    notes.chain(eventual).chain(earlier).fold(cell, Cell::note)
}

fn found(value: &Value, unit: Option<&str>) -> Cell {
    let mut cell = Cell::new(figure(&value.value, unit));
    cell = value
        .period
        .iter()
        .fold(cell, |cell, period| cell.note(period.to_string()));
    cell = value
        .data_source
        .iter()
        .fold(cell, |cell, text| cell.note(text.as_str()));
    if value.provisional {
        cell = cell.note("provisional");
    }
    value
        .said
        .iter()
        .fold(cell, |cell, said| cell.entry(said.entry))
}

/// A figure in the words of its document, with the unit where the words have none.
fn figure(value: &Quantity, unit: Option<&str>) -> String {
    let words = &value.as_written;
    let bare = words
        .chars()
        .all(|c| c.is_ascii_digit() || ".,-".contains(c));
    match unit.or(value.unit.as_deref()) {
        Some(unit) if bare && unit.starts_with('%') => format!("{words}{unit}"),
        Some(unit) if bare => format!("{words} {unit}"),
        _ => words.clone(),
    }
}

/// `by 2023/24`, where the words do not begin so themselves.
fn by(due: &Period) -> String {
    let words = due.to_string();
    match words.get(..3) {
        Some(start) if start.eq_ignore_ascii_case("by ") => words,
        _ => format!("by {words}"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_figure_gets_its_unit_only_where_its_words_have_none() {
        let said = |words: &str, unit| figure(&Quantity::from_words(words), unit);
        assert_eq!(said("90", Some("%")), "90%");
        assert_eq!(said("30", Some("% improvement")), "30% improvement");
        assert_eq!(said("200", Some("posts")), "200 posts");
        assert_eq!(said("90 per cent", None), "90 per cent");
        assert_eq!(said("every borough", Some("boroughs")), "every borough");
        assert_eq!(said("1,200", None), "1,200");
    }

    #[test]
    fn by_is_said_once() {
        let said = |words: &str| by(&Period::parse(words).unwrap());
        assert_eq!(said("by Q4 2023/24"), "by Q4 2023/24");
        assert_eq!(said("By 2028/29"), "By 2028/29");
        assert_eq!(said("2023/24"), "by 2023/24");
    }
}
