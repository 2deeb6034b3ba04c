//! The history of one thing: every entry about it that the reader may read, oldest first.

use std::cell::OnceCell;
use std::collections::HashMap;

use minutebook_events::{Confidentiality, Content, Period, PersonId, Recorded, Role, SubjectId};
use minutebook_papers::{Cell, Column, Fact, Paper, Section, Table};
use minutebook_projections::AsOf;
use minutebook_projections::entries::{Entry, Said as View};
use minutebook_projections::stated::At;
use schemars::JsonSchema;
use serde::Serialize;

use crate::context::{Context, counted, date_words};
use crate::registers::row::{Named, Said};
use crate::sentence::sentence_with;

/// The history of something.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct History {
    /// What it is about.
    pub subject: SubjectId,
    /// What it is called.
    pub title: Option<String>,
    /// The entries about it, oldest first.
    pub entries: Vec<Line>,
}

/// An entry.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Line {
    /// Its index in the log.
    pub entry: u64,
    /// When it was recorded, in seconds since 1970.
    pub recorded_at: i64,
    /// When it was true in the world, as written.
    pub effective: Option<Period>,
    /// Who signed it.
    pub signer: PersonId,
    /// In which role.
    pub role: Role,
    /// For which body or organisation.
    #[serde(rename = "for")]
    pub of: Option<SubjectId>,
    /// The type of the event.
    pub event: &'static str,
    /// What it says, in a sentence.
    pub what: String,
    /// Why.
    pub reason: Option<String>,
    /// The meeting that it was made in.
    pub meeting: Option<Named>,
    /// The minute's number.
    pub minute: Option<String>,
    /// True for imported history, which counts as no signature.
    pub imported: bool,
    /// What is a reading and not stated.
    pub inferred: Vec<String>,
    /// What the source leaves open.
    pub not_stated: Vec<String>,
    /// The entries that correct it, oldest first.
    pub corrected_by: Vec<u64>,
}

/// Entries as they were known at a moment, found by their index in the log. On the effective clock
/// an entry stands elsewhere in the fold.
pub struct Known<'a> {
    as_of: AsOf<'a>,
    elsewhere: OnceCell<HashMap<u64, u64>>,
}

impl<'a> Known<'a> {
    /// What is known.
    pub fn new(as_of: AsOf<'a>) -> Self {
        Self {
            as_of,
            elsewhere: OnceCell::new(),
        }
    }

    /// The record that is asked.
    pub(crate) fn as_of(&self) -> AsOf<'a> {
        self.as_of
    }

    /// The most confidential sort of entry that the reader may read.
    pub(crate) fn reader(&self) -> Confidentiality {
        self.as_of.reader()
    }

    /// An entry, where it was known and the reader may read it. Costs a look at every entry once,
    /// where the fold is in another order than the log.
    pub fn entry(&self, position: u64) -> Option<(At, &'a Entry, &'a View)> {
        let entries = &self.as_of.views.entries;
        let in_place = entries
            .get(position)
            .is_none_or(|one| one.position == position);
        let tick = match in_place {
            true => position,
            false => *self.elsewhere().get(&position)?,
        };
        let at = At { position, tick };
        let (entry, said) = self.as_of.entry(at)?;
        (entry.position == position).then_some((at, entry, said))
    }

    fn elsewhere(&self) -> &HashMap<u64, u64> {
        self.elsewhere.get_or_init(|| {
            let all = self.as_of.entries(0..self.as_of.ticks());
            all.map(|(tick, entry, _)| (entry.position, tick)).collect()
        })
    }

    /// The entries about something, oldest first.
    pub fn about(&self, id: &SubjectId) -> Vec<u64> {
        let positions = self.as_of.views.subjects.history(id);
        positions.filter(|one| self.entry(*one).is_some()).collect()
    }

    /// Some things of this kind that are known, for whoever asked for one that is not.
    pub fn some(&self, kind: minutebook_events::Kind) -> Vec<SubjectId> {
        let subjects = self.as_of.views.subjects.of_kind(kind);
        let known = subjects.filter(|(_, subject)| {
            let mut positions = subject.newest_first();
            positions.any(|position| self.entry(position).is_some())
        });
        known.take(5).map(|(id, _)| id.clone()).collect()
    }
}

impl History {
    /// The history of something, from the entries about it; `None` where nothing is known of it, or
    /// not to this reader. Of `entries`, those that are about something else or that the reader may
    /// not read are left out.
    pub fn new(
        as_of: AsOf<'_>,
        subject: &SubjectId,
        entries: &[Recorded<Content>],
    ) -> Option<Self> {
        let known = Known::new(as_of);
        let lines = entries.iter().filter_map(|one| line(&known, subject, one));
        let mut lines: Vec<Line> = lines.collect();
        lines.sort_by_key(|line| line.entry);
        (!lines.is_empty()).then(|| Self {
            subject: subject.clone(),
            title: minutebook_projections::title::title(as_of, subject),
            entries: lines,
        })
    }
}

fn line(known: &Known<'_>, subject: &SubjectId, one: &Recorded<Content>) -> Option<Line> {
    let Content::Event(event) = &one.body else {
        return None;
    };
    let (at, _, said) = known.entry(one.position)?;
    if *said.subject != *subject || event.common.subject != *subject {
        return None;
    }
    let as_of = known.as_of;
    let said = Said::at(as_of, at)?;
    let called = |id: &SubjectId| match minutebook_projections::title::title(as_of, id) {
        Some(title) => format!("{title} ({id})"),
        None => id.to_string(),
    };
    let corrections = as_of.views.records.corrections(one.position).iter();
    let corrections = corrections.filter(|correction| known.entry(**correction).is_some());
    Some(Line {
        entry: said.entry,
        recorded_at: said.recorded_at,
        effective: said.effective,
        signer: said.signer,
        role: said.role,
        of: said.of,
        event: event.event_type().name(),
        what: sentence_with(event, &called),
        reason: said.reason,
        meeting: said.meeting,
        minute: said.minute,
        imported: said.imported,
        inferred: said.inferred,
        not_stated: event.common.not_stated.clone(),
        corrected_by: corrections.copied().collect(),
    })
}

/// The history as a paper.
pub fn history(context: &Context<'_>, history: &History) -> Paper {
    let subject = &history.subject;
    let title = format!("History of {}", context.called(subject));
    let mut facts = vec![Fact::new("About", subject.to_string())];
    if let Some(body) = context
        .as_of
        .body_of(subject)
        .filter(|body| *body != subject)
    {
        facts.push(Fact::new(
            "Body",
            format!("{} ({body})", context.called(body)),
        ));
    }
    context.paper(title, facts, vec![section(context, history)], history)
}

/// The history as a section of a paper.
pub(crate) fn section(context: &Context<'_>, history: &History) -> Section {
    let count = counted(history.entries.len() as u64, "entry", "entries");
    let mut table = Table::new([
        Column::text("Recorded"),
        Column::date("True"),
        Column::text("What"),
        Column::text("Signed by"),
    ]);
    for line in &history.entries {
        table = table.row([
            Cell::new(date_words(line.recorded_at)).entry(line.entry),
            match &line.effective {
                Some(when) => Cell::new(when.to_string()),
                None => Cell::new("not stated"),
            },
            what(context, line),
            signed(context, line),
        ]);
    }
    Section::new(format!("History ({count})")).block(table.into())
}

fn what(context: &Context<'_>, line: &Line) -> Cell {
    let mut cell = Cell::new(line.what.as_str());
    if let Some(reason) = line
        .reason
        .as_ref()
        .filter(|reason| !line.what.contains(*reason))
    {
        cell = cell.note(format!("because: {reason}"));
    }
    if let Some(meeting) = &line.meeting {
        cell = cell.note(match &line.minute {
            Some(minute) => format!("at {}, minute {minute}", context.called(&meeting.id)),
            None => format!("at {}", context.called(&meeting.id)),
        });
    }
    if !line.inferred.is_empty() {
        cell = cell.note(format!("inferred: {}", line.inferred.join(", ")));
    }
    if !line.not_stated.is_empty() {
        let words: Vec<String> = line
            .not_stated
            .iter()
            .map(|one| one.replace('_', " "))
            .collect();
        cell = cell.note(format!("not stated: {}", words.join(", ")));
    }
    for correction in &line.corrected_by {
        cell = cell.note(format!("corrected by entry {correction}: see that one too"));
    }
    cell
}

fn signed(context: &Context<'_>, line: &Line) -> Cell {
    let role = match &line.of {
        Some(of) => format!("{} of {}", line.role.name(), context.called(of)),
        None => line.role.name().to_owned(),
    };
    let cell = Cell::new(context.person(&line.signer)).note(role);
    match line.imported {
        true => cell.note("imported"),
        false => cell,
    }
}
