//! How the plan stands, and what the record is made of.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;
use minutebook_events::{Digest, Period, SubjectId};
use minutebook_papers::{Cell, Column, Fact, Paper, Row as TableRow, Section, Table};
use minutebook_projections::AsOf;
use minutebook_projections::milestones::{Milestone, State, Verb};
use minutebook_projections::plan::Step;
use minutebook_projections::signoffs::Answer;
use schemars::JsonSchema;
use serde::Serialize;

use crate::context::{Context, counted, date_words, day_words};
use crate::registers::cells::{self, capitalised};
use crate::registers::metrics::{self, Metric};
use crate::registers::progress::{Report, reports};
use crate::registers::row::{Dates, Row};
use crate::registers::{Asking, Filter, milestones};

/// How the plan stands.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Status {
    /// The day for which overdue is worked out.
    pub on: Date,
    /// The part of the plan that was asked for; absent for the whole.
    pub under: Option<SubjectId>,
    /// When the newest entry was recorded, in seconds since 1970; absent before the first.
    pub newest_recorded_at: Option<i64>,
    /// What the reader may read, counted.
    pub counts: Counts,
    /// The plan, each part before those under it.
    pub plan: Vec<Part>,
}

/// The figures of the record, of what the reader may read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Counts {
    /// Entries, those that the reader may not read too.
    pub entries: u64,
    /// People who hold a role with authority.
    pub officers: u64,
    /// Milestones, met and withdrawn ones too.
    pub milestones: u64,
    /// Slips recorded.
    pub slipped: u64,
    /// Times that a milestone was brought forward.
    pub brought_forward: u64,
    /// Dates restated.
    pub restated: u64,
    /// Milestones that are completed.
    pub completed: u64,
    /// Milestones that are overdue.
    pub overdue: u64,
    /// Decisions made.
    pub decisions: u64,
    /// Sign-offs, attested ones too.
    pub sign_offs: u64,
    /// Signatures given in this record.
    pub signatures: u64,
    /// Entries whose content is not in this copy.
    pub withheld: u64,
    /// Entries whose content was erased.
    pub erased: u64,
}

/// A part of the plan.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Part {
    /// Its id.
    pub id: SubjectId,
    /// How many parts stand above it in this answer.
    pub depth: usize,
    /// The document's own word for it, or else its kind.
    pub level: String,
    /// What it is called.
    pub title: String,
    /// Who owns it.
    pub owner: Option<String>,
    /// How strongly it is meant.
    pub intent: Option<String>,
    /// By when it is to be achieved, or what it covers; a milestone has `due`.
    pub horizon: Option<Period>,
    /// Every date of a milestone.
    pub due: Option<Dates>,
    /// How it stands: `open`, `completed`, `withdrawn`, or the document's own words; absent where
    /// nothing says so.
    pub state: Option<String>,
    /// When a milestone was met, as written.
    pub completed: Option<Period>,
    /// Whether a milestone is open after its last date, on the day asked about.
    pub overdue: bool,
    /// The newest report about it.
    pub report: Option<Report>,
    /// The metrics that measure it.
    pub metrics: Vec<Row<Metric>>,
}

impl Status {
    /// How the plan, or the part of it under `under`, stands on `day`.
    pub fn new(as_of: AsOf<'_>, day: Date, under: Option<&SubjectId>) -> Self {
        let plan = &as_of.views.plan;
        let steps: Vec<Step<'_>> = match under {
            Some(under) => plan.walk_from(under, as_of.moment).collect(),
            None => plan.walk(as_of.moment).collect(),
        };
        let newest = as_of.ticks().checked_sub(1);
        let newest = newest.and_then(|newest| as_of.views.entries.get(newest));
        Self {
            on: day,
            under: under.cloned(),
            newest_recorded_at: newest.map(|entry| entry.recorded_at),
            counts: counts(as_of, day),
            plan: parts(as_of, day, &steps),
        }
    }
}

fn counts(as_of: AsOf<'_>, day: Date) -> Counts {
    let views = as_of.views;
    let mut counts = Counts {
        entries: as_of.ticks(),
        ..Counts::default()
    };
    count_gaps(as_of, &mut counts);
    for (_, person) in as_of.all(&views.people.persons) {
        counts.officers += u64::from(person.holdings.iter().any(|one| one.gives_authority()));
    }
    for (_, milestone) in as_of.all(&views.milestones) {
        counts.milestones += 1;
        counts.overdue += u64::from(milestone.is_overdue(day));
        counts.completed += u64::from(matches!(milestone.state, State::Completed { .. }));
        for change in &milestone.changes {
            match change.verb {
                Verb::Slipped => counts.slipped += 1,
                Verb::BroughtForward => counts.brought_forward += 1,
                Verb::Restated => counts.restated += 1,
                Verb::Reopened => {}
            }
        }
    }
    let made = as_of.all(&views.decisions);
    counts.decisions = made.filter(|(_, one)| one.made.is_some()).count() as u64;
    for (_, sign_off) in as_of.all(&views.signoffs) {
        counts.sign_offs += 1;
        let given = sign_off.responses.iter();
        counts.signatures += given.filter(|one| one.answer == Answer::Given).count() as u64;
    }
    counts
}

/// What is not here, as it was known: what was erased only later counts for nothing yet, so that the
/// same question has the same answer.
fn count_gaps(as_of: AsOf<'_>, counts: &mut Counts) {
    let (entries, records) = (&as_of.views.entries, &as_of.views.records);
    if records.gaps().is_empty() {
        return;
    }
    let mut erased: HashSet<&Digest> = HashSet::new();
    for (_, remarks) in as_of.all(&records.remarks) {
        erased.extend(remarks.erased.iter().map(|one| &one.digest));
        erased.extend(remarks.disposed.iter().flat_map(|one| &one.digests));
    }
    let all = (0..as_of.ticks()).filter_map(|tick| entries.get(tick));
    for entry in all.filter(|entry| entry.said.is_none()) {
        if erased.contains(&entry.digest) {
            counts.erased += 1;
        } else if records.erased_by(&entry.digest).is_none() {
            counts.withheld += 1;
        }
    }
}

fn parts(as_of: AsOf<'_>, day: Date, steps: &[Step<'_>]) -> Vec<Part> {
    let filter = Filter::default();
    let asking = Asking::new(as_of, day, &filter);
    let mut measured: HashMap<SubjectId, Vec<Row<Metric>>> = HashMap::new();
    for row in metrics::rows(&asking) {
        if let Some(parent) = &row.fields.parent {
            measured.entry(parent.id.clone()).or_default().push(row);
        }
    }
    let mut parts = Vec::new();
    for step in steps {
        let milestone = as_of.get(&as_of.views.milestones, step.id);
        let node = step.node;
        let text = |text: &Option<minutebook_projections::Text>| text.as_deref().map(str::to_owned);
        parts.push(Part {
            id: step.id.clone(),
            depth: step.depth,
            level: text(&node.level).unwrap_or_else(|| step.id.kind().name().to_owned()),
            title: node.title.as_ref().to_owned(),
            owner: text(&node.owner),
            intent: text(&node.intent),
            horizon: node.horizon.as_deref().cloned(),
            due: milestone.map(|one| milestones::dates(&asking, one)),
            state: state(milestone, node.withdrawn_at.is_some(), text(&node.state)),
            completed: milestone.and_then(|one| match &one.state {
                State::Completed { on, .. } => on.as_deref().cloned(),
                State::Open | State::Withdrawn(_) => None,
            }),
            overdue: milestone.is_some_and(|one| one.is_overdue(day)),
            report: reports(&asking, step.id).pop(),
            metrics: measured.remove(step.id).unwrap_or_default(),
        });
    }
    parts
}

/// What is recorded wins over the words of a document.
fn state(milestone: Option<&Milestone>, withdrawn: bool, own: Option<String>) -> Option<String> {
    match milestone.map(|milestone| &milestone.state) {
        Some(State::Completed { .. }) => Some("completed".to_owned()),
        Some(State::Withdrawn(_)) => Some("withdrawn".to_owned()),
        Some(State::Open) => own.or_else(|| Some("open".to_owned())),
        None if withdrawn => Some("withdrawn".to_owned()),
        None => own,
    }
}

/// How the plan stands, as a paper.
pub fn status(context: &Context<'_>, status: &Status) -> Paper {
    let title = match &status.under {
        Some(under) => format!("Status of {}", context.called(under)),
        None => "Status".to_owned(),
    };
    let section = Section::new("The plan")
        .block(table(status).into())
        .when_empty("There is no plan yet. `minutebook record StrategyAdopted --help` begins one.");
    context.paper(title, facts(context, status), vec![section], status)
}

fn facts(context: &Context<'_>, status: &Status) -> Vec<Fact> {
    let counts = &status.counts;
    let newest = status.newest_recorded_at.map(date_words);
    let newest = newest.map_or_else(String::new, |day| format!(", the newest recorded {day}"));
    let some = |figures: &[(u64, &str)]| {
        let some = figures.iter().filter(|(count, _)| *count > 0);
        let words: Vec<String> = some
            .map(|(count, what)| format!("{count} {what}"))
            .collect();
        match words.is_empty() {
            true => String::new(),
            false => format!(" ({})", words.join(", ")),
        }
    };
    let moved = some(&[
        (counts.slipped, "slipped"),
        (counts.brought_forward, "brought forward"),
        (counts.restated, "restated"),
        (counts.completed, "completed"),
        (counts.overdue, "overdue"),
    ]);
    let root: Vec<&str> = (0..4)
        .filter_map(|i| context.root.get(4 * i..4 * i + 4))
        .collect();
    let signatures = counted(counts.signatures, "signature", "signatures");
    let mut facts = vec![
        Fact::new("As it stands on", day_words(status.on)),
        Fact::new("Entries", format!("{}{newest}", counts.entries)),
        Fact::new("Fingerprint", root.join(" ")),
        Fact::new("Officers", counts.officers.to_string()),
        Fact::new("Milestones", format!("{}{moved}", counts.milestones)),
        Fact::new("Decisions", counts.decisions.to_string()),
        Fact::new(
            "Sign-offs",
            format!("{}, with {signatures}", counts.sign_offs),
        ),
    ];
    if counts.withheld + counts.erased > 0 {
        let gaps = format!("{} withheld, {} erased", counts.withheld, counts.erased);
        facts.push(Fact::new("Not here", gaps));
    }
    facts
}

fn table(status: &Status) -> Table {
    let mut table = Table::new([
        Column::text("Part of the plan"),
        Column::date("When"),
        Column::text("How it stands"),
    ]);
    for part in &status.plan {
        let depth = u8::try_from(part.depth).unwrap_or(u8::MAX);
        let title = format!("{}: {}", capitalised(&part.level), part.title);
        let dates = match &part.due {
            Some(due) => cells::dates(due, "no date"),
            None => Cell::new(
                part.horizon
                    .as_ref()
                    .map_or_else(String::new, Period::to_string),
            ),
        };
        table.rows.push(
            TableRow::new([
                Cell::new(title).subject(part.id.clone()),
                dates,
                standing(part),
            ])
            .under(depth),
        );
        for row in &part.metrics {
            table.rows.push(metric(row).under(depth.saturating_add(1)));
        }
    }
    table
}

fn standing(part: &Part) -> Cell {
    let mut lines = Vec::new();
    match (&part.completed, &part.state) {
        (Some(when), _) => lines.push(format!("completed {when}")),
        (None, Some(state)) => lines.push(state.clone()),
        (None, None) => {}
    }
    if part.overdue {
        lines.push("overdue".to_owned());
    }
    if let Some(report) = &part.report {
        let said = report.rating.clone().or_else(|| report.state.clone());
        lines.extend(said.filter(|said| !lines.contains(said)));
    }
    cells::lines(lines)
}

/// A metric beneath what it measures: target, by when, baseline and value.
fn metric(row: &Row<Metric>) -> TableRow {
    let fields = &row.fields;
    let target = fields.target.as_ref();
    let due = target.and_then(|target| target.due.as_ref());
    let value = match &fields.latest {
        Some(value) => format!("now {}", value.value.as_written),
        None => "no value yet".to_owned(),
    };
    let target = match target {
        Some(_) => format!("target {}", metrics::target(fields).text),
        None => "no target".to_owned(),
    };
    let baseline = match &fields.baseline {
        Some(_) => format!("baseline {}", metrics::baseline(fields).text),
        None => metrics::baseline(fields).text,
    };
    TableRow::new([
        Cell::new(format!("Metric: {}", row.title)).subject(row.id.clone()),
        Cell::new(due.map_or_else(String::new, Period::to_string)),
        Cell::new(target).note(baseline).note(value),
    ])
}
