//! The milestones, in the order of the plan, each with every date that it ever had.

use minutebook_events::Period;
use minutebook_events::catalogue::{Rating, Standing};
use minutebook_papers::{Cell, Column, Section, Table};
use minutebook_projections::milestones::{Milestone as View, State, Verb};
use schemars::JsonSchema;
use serde::Serialize;

use super::asking::Asking;
use super::row::{Dates, Later, Named, Row, Who, moved};
use super::{cells, heading};
use crate::context::Context;

/// A milestone.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Milestone {
    /// The document's own word for it, such as `deliverable`.
    pub level: Option<String>,
    /// What it stands under in the plan.
    pub parent: Option<Named>,
    /// Who owns or delivers it, as far as is said.
    pub owner: Who,
    /// Every date.
    pub due: Dates,
    /// The date that slips are counted from: the newest agreed one, or else the first.
    pub baseline: Option<Period>,
    /// Whether it is open after its last date, on the day asked about.
    pub overdue: bool,
    /// When it was met, as written.
    pub completed: Option<Period>,
    /// What was achieved.
    pub result: Option<String>,
    /// Why it was given up.
    pub withdrawn_because: Option<String>,
    /// The state in the document's own words, such as `underway`.
    pub state_as_written: Option<String>,
    /// How strongly it is meant, such as `explore`.
    pub intent: Option<String>,
    /// How fast, in the document's words.
    pub pace: Option<String>,
    /// What it depends on.
    pub depends_on: Option<String>,
    /// Where it happens.
    pub place: Option<String>,
    /// True where it is only met once something is approved.
    pub needs_approval: bool,
    /// The newest report on it.
    pub report: Option<String>,
    /// The rating in words, `not rated` and `rating not stated` too; absent where there is no place
    /// for one.
    pub rating: Option<String>,
    /// The metrics that measure it.
    pub metrics: Vec<Named>,
}

/// The milestones in the order of the plan.
pub(crate) fn rows(asking: &Asking<'_>) -> Vec<Row<Milestone>> {
    let (as_of, day) = (asking.as_of, asking.day);
    let found = asking.each_of_plan().filter_map(|(id, _)| {
        let milestone = as_of.get(&as_of.views.milestones, id)?;
        let overdue = milestone.is_overdue(day);
        let verbs = milestone.changes.iter().map(|change| verb(change.verb));
        let words = verbs.chain([state(milestone), if overdue { "overdue" } else { "" }]);
        let wanted =
            asking.wants(id, []) && asking.wants_state(words) && asking.wants_overdue(overdue);
        wanted.then(|| {
            let places = std::iter::once(milestone.set.at)
                .chain(milestone.changes.iter().map(|change| change.at))
                .chain(milestone.reopened.iter().copied())
                .chain(match &milestone.state {
                    State::Open => None,
                    State::Completed { said, .. } => Some(said.at),
                    State::Withdrawn(said) => Some(said.at),
                });
            let places: Vec<_> = places.collect();
            let state = Some(state(milestone).to_owned());
            let fields = fields(asking, id, milestone, overdue);
            asking.row(id, milestone.title(), state, places, fields)
        })
    });
    found.collect()
}

fn fields(
    asking: &Asking<'_>,
    id: &minutebook_events::SubjectId,
    milestone: &View,
    overdue: bool,
) -> Milestone {
    let (as_of, set) = (asking.as_of, &milestone.set);
    let report = as_of.get(&as_of.views.status, id);
    let metrics = as_of.views.metrics.of.of(id);
    let metrics = metrics.filter(|id| as_of.get(&as_of.views.metrics.table, id).is_some());
    let (completed, result) = match &milestone.state {
        State::Completed { said, on } => (on.as_deref().cloned(), said.result.clone()),
        State::Open | State::Withdrawn(_) => (None, None),
    };
    Milestone {
        level: set.level.clone(),
        parent: asking.maybe(set.parent.as_ref().or(set.strategy.as_ref())),
        owner: Who {
            person: set.lead.clone(),
            post: set.owner.clone(),
            organisation: asking.maybe(set.organisation.as_ref()),
        },
        due: dates(asking, milestone),
        baseline: milestone.baseline().cloned(),
        overdue,
        completed,
        result,
        withdrawn_because: match &milestone.state {
            State::Withdrawn(said) => asking.said(said.at).and_then(|said| said.reason),
            State::Open | State::Completed { .. } => None,
        },
        state_as_written: set.state.clone(),
        intent: set.intent.clone(),
        pace: set.pace.clone(),
        depends_on: set.depends_on.clone(),
        place: set.place.clone(),
        needs_approval: set.needs_approval,
        report: report.map(|report| report.narrative.clone()),
        rating: report.and_then(|report| report.rating.as_ref().map(rating)),
        metrics: asking.all(metrics),
    }
}

/// Every date of a milestone, with what happened to it and why.
pub(crate) fn dates(asking: &Asking<'_>, milestone: &View) -> Dates {
    let later = milestone.changes.oldest_first().map(|change| Later {
        verb: verb(change.verb),
        to: Period::clone(&change.to),
        moved: moved(change.from.as_deref(), Some(&change.to)),
        standing: change.standing.map(|standing| match standing {
            Standing::Reported => "reported",
            Standing::Agreed => "agreed",
        }),
        agreed_by: asking.maybe(change.agreed_by.as_deref()),
        said: asking.said(change.at),
    });
    Dates::new(milestone.first(), later.collect())
}

fn verb(verb: Verb) -> &'static str {
    match verb {
        Verb::Slipped => "slipped",
        Verb::BroughtForward => "brought forward",
        Verb::Restated => "restated",
        Verb::Reopened => "reopened",
    }
}

fn state(milestone: &View) -> &'static str {
    match milestone.state {
        State::Open => "open",
        State::Completed { .. } => "completed",
        State::Withdrawn(_) => "withdrawn",
    }
}

/// A rating in words. That there is none is a value of its own.
pub(crate) fn rating(rating: &Rating) -> String {
    match rating {
        Rating::Value(value) => format!("rated {value}"),
        Rating::NotRated => "not rated".to_owned(),
        Rating::NotStated => "rating not stated".to_owned(),
    }
}

/// The milestones as a table.
pub fn sections(context: &Context<'_>, rows: &[Row<Milestone>]) -> Vec<Section> {
    let mut table = Table::new([
        Column::text("Milestone"),
        Column::date("Due"),
        Column::text("How it stands"),
        Column::text("Why it moved"),
    ]);
    for row in rows {
        let fields = &row.fields;
        let parent = fields.parent.as_ref();
        let parent = parent.map(|parent| format!("under {}", context.called(&parent.id)));
        let owner = cells::who(context, &fields.owner);
        let owner = (!owner.is_empty()).then(|| format!("owner: {owner}"));
        let notes = parent.into_iter().chain(owner);
        table = table.row([
            notes.fold(cells::what(row), Cell::note),
            cells::dates(&fields.due, "no date"),
            standing(row),
            why(context, &fields.due),
        ]);
    }
    vec![Section::new(heading("Milestones", rows.len())).block(table.into())]
}

fn standing(row: &Row<Milestone>) -> Cell {
    let fields = &row.fields;
    let mut lines = Vec::new();
    lines.push(match (&fields.completed, &row.state) {
        _ if fields.overdue => "open, overdue".to_owned(),
        (Some(when), _) => format!("completed {when}"),
        (None, state) => state.clone().unwrap_or_default(),
    });
    let own = [
        &fields.state_as_written,
        &fields.rating,
        &fields.result,
        &fields.withdrawn_because,
    ];
    lines.extend(own.into_iter().flatten().cloned());
    cells::lines(lines)
}

/// Each change of a date: what happened, why, and whether it was agreed.
pub(crate) fn why(context: &Context<'_>, dates: &Dates) -> Cell {
    let mut lines = Vec::new();
    let mut entries = Vec::new();
    for later in &dates.later {
        let reason = later.said.as_ref().and_then(|said| said.reason.clone());
        let what = later.moved.as_deref().unwrap_or(later.verb);
        lines.push(match reason {
            Some(reason) => format!("{what}: {reason}"),
            None => what.to_owned(),
        });
        lines.extend(match &later.agreed_by {
            Some(decision) => Some(format!("agreed by {}", context.called(&decision.id))),
            None => later.standing.map(str::to_owned),
        });
        if let Some(said) = &later.said {
            if !said.inferred.is_empty() {
                lines.push(format!("inferred: {}", said.inferred.join(", ")));
            }
            entries.push(said.entry);
        }
    }
    let cell = cells::lines(lines);
    entries.into_iter().fold(cell, Cell::entry)
}
