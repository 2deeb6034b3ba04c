//! Consultations, and what will be done about the answers: "You said, we will".

use minutebook_events::Period;
use minutebook_papers::{Cell, Column, Section, Table};
use minutebook_projections::consultations::Consultation as View;
use schemars::JsonSchema;
use serde::Serialize;

use super::asking::Asking;
use super::row::{Named, Row, Said};
use super::{cells, heading};
use crate::context::{Context, counted};

/// A consultation, or a promise that answers one.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Consultation {
    /// What sort it is, such as `engagement activity`.
    pub kind: Option<String>,
    /// Who is asked.
    pub audience: Option<String>,
    /// When it takes place.
    pub period: Option<Period>,
    /// The strategy that it is about.
    pub strategy: Option<Named>,
    /// What people said, and what will be done, oldest first.
    pub answers: Vec<Answer>,
    /// How many answered; absent where not stated.
    pub responses: Option<u32>,
    /// The result in short.
    pub summary: Option<String>,
}

/// What people said, and what will be done.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Answer {
    /// The theme in short.
    pub title: Option<String>,
    /// What people said.
    pub you_said: String,
    /// What will be done.
    pub we_will: String,
    /// The objective or commitment that keeps the promise.
    pub commitment: Option<Named>,
    /// The page of the document that says more.
    pub read_more_page: Option<u32>,
    /// The entry.
    pub said: Option<Said>,
}

/// The consultations, in order of their ids.
pub(crate) fn rows(asking: &Asking<'_>) -> Vec<Row<Consultation>> {
    let as_of = asking.as_of;
    let mut rows = Vec::new();
    for (id, consultation) in asking.each(&as_of.views.consultations) {
        let opened = consultation.opened.as_ref();
        let closed = consultation.closed.as_ref();
        let answers = consultation.responses.oldest_first();
        let strategy = opened.and_then(|one| one.strategy.as_ref());
        let answered = consultation.responses.newest();
        let strategy = strategy.or(answered.and_then(|one| one.strategy.as_ref()));
        let commitment = answered.and_then(|one| one.commitment.as_ref());
        let state = state(consultation);
        if !asking.wants(id, [strategy, commitment]) || !asking.wants_state([state]) {
            continue;
        }
        let kind = opened.and_then(|one| one.kind.clone());
        let fields = Consultation {
            kind: kind.or_else(|| answered?.kind.clone()),
            audience: opened.and_then(|one| one.audience.clone()),
            period: opened.and_then(|one| one.period.clone()),
            strategy: asking.maybe(strategy),
            answers: answers
                .map(|one| Answer {
                    title: one.title.clone(),
                    you_said: one.you_said.clone(),
                    we_will: one.we_will.clone(),
                    commitment: asking.maybe(one.commitment.as_ref()),
                    read_more_page: one.read_more_page,
                    said: asking.said(one.at),
                })
                .collect(),
            responses: closed.and_then(|one| one.responses),
            summary: closed.and_then(|one| one.summary.clone()),
        };
        let places = opened
            .map(|one| one.at)
            .into_iter()
            .chain(consultation.responses.iter().map(|one| one.at))
            .chain(closed.map(|one| one.at));
        let places: Vec<_> = places.collect();
        let state = Some(state.to_owned());
        // A promise has no title where its document gives none; what was said then names it.
        let said = answered.map_or("", |one| one.you_said.as_str());
        let title = Some(consultation.title()).filter(|title| !title.is_empty());
        rows.push(asking.row(id, title.unwrap_or(said), state, places, fields));
    }
    rows
}

fn state(consultation: &View) -> &'static str {
    match (&consultation.closed, consultation.responses.is_empty()) {
        (Some(_), _) => "closed",
        (None, false) => "answered",
        (None, true) => "open",
    }
}

/// The consultations as tables: the promises, and the activities.
pub fn sections(context: &Context<'_>, rows: &[Row<Consultation>]) -> Vec<Section> {
    let mut sections = Vec::new();
    let mut promises = Table::new([
        Column::text("You said"),
        Column::text("We will"),
        Column::text("Kept by"),
    ]);
    for row in rows {
        for answer in &row.fields.answers {
            let said = Cell::new(answer.you_said.as_str()).subject(row.id.clone());
            let commitment = answer.commitment.as_ref();
            let mut kept = commitment.map_or_else(
                || Cell::new("no commitment is linked"),
                |one| Cell::new(context.called(&one.id)).subject(one.id.clone()),
            );
            let page = answer.read_more_page.iter();
            kept = page.fold(kept, |cell, page| cell.note(format!("page {page}")));
            kept = answer
                .said
                .iter()
                .fold(kept, |cell, said| cell.entry(said.entry));
            promises = promises.row([
                answer
                    .title
                    .iter()
                    .fold(said, |cell, title| cell.note(title.as_str())),
                Cell::new(answer.we_will.as_str()),
                kept,
            ]);
        }
    }
    if !promises.rows.is_empty() {
        let heading = heading("You said, we will", promises.rows.len());
        sections.push(Section::new(heading).block(promises.into()));
    }
    let mut activities = Table::new([
        Column::text("Activity"),
        Column::text("Who was asked"),
        Column::date("When"),
        Column::text("How it stands"),
        Column::text("Entry"),
    ]);
    for row in rows.iter().filter(|row| is_activity(row)) {
        let fields = &row.fields;
        let responses = fields.responses;
        let responses = responses.map(|n| counted(n.into(), "answer", "answers"));
        let stands = [row.state.clone(), responses, fields.summary.clone()];
        let what = cells::what_of(context, row);
        activities = activities.row([
            fields
                .kind
                .iter()
                .fold(what, |cell, kind| cell.note(kind.as_str())),
            cells::stated(fields.audience.as_ref()),
            cells::stated(fields.period.as_ref()),
            cells::lines(stands.into_iter().flatten()),
            cells::entry(row.said.as_ref()),
        ]);
    }
    if !activities.rows.is_empty() {
        let heading = heading("Activities", activities.rows.len());
        sections.push(Section::new(heading).block(activities.into()));
    }
    sections
}

/// Whether people were asked, and there is more than a promise.
fn is_activity(row: &Row<Consultation>) -> bool {
    let fields = &row.fields;
    fields.answers.is_empty() || fields.audience.is_some() || fields.period.is_some()
}
