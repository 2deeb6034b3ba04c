//! "What changed since the last meeting", as a paper.

use minutebook_papers::{Block, Cell, Column, Fact, Paper, Row, Section, Table};
use minutebook_projections::changes::{Behind, Changed, Changes, Clock, Group, Item, Point};

use crate::context::{Context, counted, date_words, day_words};

/// The paper. Its context is the record as it stands at the later moment.
pub fn changes(context: &Context<'_>, found: &Changes) -> Paper {
    let question = &found.question;
    let mut facts = Vec::new();
    if let Some(body) = &question.body {
        facts.push(Fact::new(
            "Body",
            format!("{} ({body})", context.called(body)),
        ));
    }
    facts.push(Fact::new("Since", point(context, &question.since)));
    facts.push(Fact::new("Until", point(context, &question.until)));
    facts.push(Fact::new(
        "Counted by",
        match question.by {
            Clock::Recorded => "when it became known (recorded)",
            Clock::Effective => "when it was true (effective)",
        },
    ));
    let mut sections = vec![in_short(found)];
    sections.extend(found.groups.iter().map(|changed| section(context, changed)));
    sections.extend(undated(context, &found.undated));
    let since = match &question.since {
        Point {
            meeting: Some(meeting),
            ..
        } => context.called(meeting),
        Point { day: Some(day), .. } => day_words(*day),
        Point { ticks, .. } => format!("entry {ticks}"),
    };
    context.paper(
        format!("What changed since {since}"),
        facts,
        sections,
        found,
    )
}

fn point(context: &Context<'_>, point: &Point) -> String {
    let mut words = Vec::new();
    words.extend(
        point
            .meeting
            .as_ref()
            .map(|meeting| context.called(meeting)),
    );
    words.extend(point.day.map(day_words));
    let position = point.position;
    words.extend(position.map(|count| format!("after {}", counted(count, "entry", "entries"))));
    words.join(", ")
}

fn in_short(found: &Changes) -> Section {
    let items = || {
        let groups = found.groups.iter().chain(&found.undated);
        groups.flat_map(|changed| &changed.items)
    };
    let mut lines = Vec::new();
    if !found.groups.is_empty() {
        lines.push(counts(found.groups.iter()));
    }
    let told = found
        .undated
        .iter()
        .filter(|changed| !is_structure(changed.group));
    if told.clone().next().is_some() {
        lines.push(format!("Without a date in the documents: {}", counts(told)));
    }
    let late = items().filter(|item| is_late(item)).count() as u64;
    if late > 0 {
        lines.push(format!(
            "{} so before and recorded only since; marked late below",
            counted(late, "entry was", "entries were")
        ));
    }
    if found.private_entries > 0 {
        lines.push(counted(
            found.private_entries,
            "private entry",
            "private entries",
        ));
    }
    if items().any(|item| item.behind.as_ref().is_some_and(|behind| behind.imported)) {
        lines.push(
            "Imported entries say what a document reports; those who decided it did not sign here"
                .to_owned(),
        );
    }
    Section::new("In short")
        .block(Block::List(lines))
        .when_empty("Nothing changed.")
}

/// `Decisions made 3; milestones slipped 1`.
fn counts<'a>(groups: impl Iterator<Item = &'a Changed>) -> String {
    let mut words: Vec<String> = groups
        .map(|changed| {
            format!(
                "{} {}",
                changed.group.heading().to_lowercase(),
                changed.items.len()
            )
        })
        .collect();
    if let Some(first) = words.first_mut()
        && let Some(initial) = first.get(..1)
    {
        *first = format!("{}{}", initial.to_uppercase(), &first[1..]);
    }
    words.join("; ")
}

fn is_late(item: &Item) -> bool {
    item.behind.as_ref().is_some_and(|behind| behind.late)
}

fn section(context: &Context<'_>, changed: &Changed) -> Section {
    Section::new(heading(changed)).block(table(context, &changed.items).into())
}

fn heading(changed: &Changed) -> String {
    format!("{} ({})", changed.group.heading(), changed.items.len())
}

/// What the documents leave undated: each change, but only a count of what was merely written down.
fn undated(context: &Context<'_>, undated: &[Changed]) -> Vec<Section> {
    if undated.is_empty() {
        return Vec::new();
    }
    let (written_down, told): (Vec<&Changed>, Vec<&Changed>) = undated
        .iter()
        .partition(|changed| is_structure(changed.group));
    let counts = written_down
        .iter()
        .map(|changed| heading(changed))
        .collect();
    let intro = "The documents give no date for these. Some may lie before the time asked about; \
                 they are given no date here.";
    let mut sections = vec![Section::new("Without a date").intro(intro)];
    for changed in told {
        sections.push(Section::part(heading(changed)).block(table(context, &changed.items).into()));
    }
    sections.push(Section::part("Only counted here").block(Block::List(counts)));
    sections
}

/// What the record is built on, which changes nothing by being written down.
fn is_structure(group: Group) -> bool {
    matches!(
        group,
        Group::MilestonesSet
            | Group::PlanSet
            | Group::MetricsSet
            | Group::Bodies
            | Group::People
            | Group::Members
            | Group::Consultations
            | Group::Records
    )
}

fn table(context: &Context<'_>, items: &[Item]) -> Table {
    let mut table = Table::new([
        Column::text("What"),
        Column::text("Change"),
        Column::text("Why, and more"),
    ]);
    // What came about by the passing of time has no entry.
    let entries = items.iter().any(|item| item.behind.is_some());
    if entries {
        table.columns.push(Column::text("Entry"));
    }
    table.rows = items.iter().map(|item| row(context, item)).collect();
    table
}

fn row(context: &Context<'_>, item: &Item) -> Row {
    let mut what = Cell::new(match item.subject.person() {
        Some(person) => context.person(&person),
        None => item.title.clone(),
    });
    if let Some(interest) = context
        .as_of
        .get(&context.views().interests.table, &item.subject)
    {
        what = what.note(context.person(&interest.declared.person));
    }
    if let Some(body) = item.body.as_ref().filter(|body| **body != item.subject) {
        what = what.note(context.called(body));
    }
    let mut change = match (&item.before, &item.after) {
        (Some(before), Some(after)) => Cell::change(before, after),
        (None, Some(after)) => Cell::new(after.as_str()),
        (Some(before), None) => Cell::new(format!("was {before}")),
        (None, None) => Cell::default(),
    };
    for moved in item.moved.iter().chain(&item.in_all) {
        change = change.note(moved.as_str());
    }
    let missing: Vec<String> = item.missing.iter().map(|id| context.called(id)).collect();
    let missing = (!missing.is_empty()).then(|| format!("missing: {}", missing.join(", ")));
    let said = item
        .behind
        .as_ref()
        .map(|behind| circumstances(context, behind));
    let said = said.unwrap_or_default();
    let mut more = item
        .reason
        .iter()
        .chain(&item.notes)
        .chain(&missing)
        .chain(&said);
    let mut why = Cell::new(more.next().map_or("", String::as_str));
    for line in more {
        why = why.note(line.as_str());
    }
    let behind = item.behind.as_ref();
    let entry = behind
        .map(|behind| entry(context, behind))
        .unwrap_or_default();
    Row::new([what.subject(item.subject.clone()), change, why, entry])
}

/// Where it was said, when it was true, and how far it is to be believed.
fn circumstances(context: &Context<'_>, behind: &Behind) -> Vec<String> {
    let mut lines = Vec::new();
    match (&behind.meeting, &behind.minute) {
        (Some(meeting), Some(minute)) => {
            lines.push(format!("{}, minute {minute}", context.called(meeting)));
        }
        (Some(meeting), None) => lines.push(context.called(meeting)),
        (None, Some(minute)) => lines.push(format!("minute {minute}")),
        (None, None) => {}
    }
    lines.extend(
        behind
            .effective
            .as_ref()
            .map(|when| format!("when: {when}")),
    );
    if behind.late {
        lines.push("late: it was so before, and was recorded only since".to_owned());
    }
    if !behind.inferred.is_empty() {
        lines.push(format!("inferred: {}", behind.inferred.join(", ")));
    }
    lines
}

/// Which entry says so, when it was recorded and by whom.
fn entry(context: &Context<'_>, behind: &Behind) -> Cell {
    let signer = context.person(&behind.signer);
    let role = match &behind.of {
        Some(of) => format!("{signer}, {} of {}", behind.role.name(), context.called(of)),
        None => format!("{signer}, {}", behind.role.name()),
    };
    let mut cell = Cell::new(date_words(behind.recorded_at))
        .entry(behind.entry)
        .note(role);
    if behind.imported {
        cell = cell.note("imported");
    }
    cell
}
