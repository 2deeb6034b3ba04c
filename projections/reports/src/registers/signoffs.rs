//! The sign-off board: what waits for whom, who signed, who said no and why.

use minutebook_events::Period;
use minutebook_papers::{Cell, Column, Section, Table};
use minutebook_projections::signoffs::{Answer, Basis, SignOff as View, SignOffState};
use schemars::JsonSchema;
use serde::Serialize;

use super::asking::Asking;
use super::row::{Named, Row, Said, Who, by_end};
use super::{cells, heading};
use crate::context::Context;

/// A sign-off.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct SignOff {
    /// When it is complete: `all named`, `n of m`, `each organisation once`; absent where attested.
    pub rule: Option<String>,
    /// How many signatures there are: given here, or attested by a document; absent where not
    /// stated.
    pub signed: Option<usize>,
    /// How many its rule needs; absent where not stated.
    pub needed: Option<usize>,
    /// Everyone who was asked here, in the order of the request, with the answer that counts.
    pub signatories: Vec<Signatory>,
    /// Whose signature is missing.
    pub missing: Vec<Who>,
    /// By when.
    pub deadline: Option<Period>,
    /// Whether signatures are missing after the deadline, on the day asked about.
    pub overdue: bool,
    /// Those who signed as a document reports it, which may be a counted group.
    pub attested: Vec<Named>,
    /// Those of them that the document names.
    pub attested_named: Vec<Named>,
    /// SHA-256 of the text, in hex; absent where attested.
    pub text_sha256: Option<String>,
    /// The agreement that it brings about.
    pub agreement: Option<Named>,
    /// What it belongs to.
    pub parent: Option<Named>,
    /// The state in the document's own words.
    pub state_as_written: Option<String>,
    /// Why it was cancelled.
    pub cancelled_because: Option<String>,
    /// The request that replaces it.
    pub replacement: Option<Named>,
}

/// Someone who was asked.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Signatory {
    /// Who was asked.
    pub who: Who,
    /// `signed`, `declined` or `waiting`.
    pub answer: &'static str,
    /// Who answered, by opaque id.
    pub by: Option<minutebook_events::PersonId>,
    /// Why, where the answer has a reason.
    pub reason: Option<String>,
    /// The entry whose signature it is.
    pub said: Option<Said>,
}

/// The board: what waits by its deadlines, then what is complete, attested, and cancelled.
pub(crate) fn rows(asking: &Asking<'_>) -> Vec<Row<SignOff>> {
    let (as_of, day) = (asking.as_of, asking.day);
    let mut rows = Vec::new();
    for (id, sign_off) in asking.each(&as_of.views.signoffs) {
        let (state, overdue) = (sign_off.state(), sign_off.is_overdue(day));
        let words = [
            state.name(),
            if overdue { "overdue" } else { state.name() },
            short(state),
        ];
        if !asking.wants(id, [parent(sign_off), sign_off.agreement()])
            || !asking.wants_state(words)
            || !asking.wants_overdue(overdue)
        {
            continue;
        }
        let places = std::iter::once(sign_off.begun())
            .chain(sign_off.responses.iter().map(|one| one.at))
            .chain(sign_off.cancelled.iter().map(|one| one.at));
        let places: Vec<_> = places.collect();
        let fields = fields(asking, sign_off, overdue);
        let state = Some(state.name().to_owned());
        rows.push(asking.row(id, sign_off.title(), state, places, fields));
    }
    rows.sort_by_key(|row| (place(row), by_end(row.fields.deadline.as_ref())));
    rows
}

fn short(state: SignOffState) -> &'static str {
    match state {
        SignOffState::Attested => "attested",
        other => other.name(),
    }
}

fn place(row: &Row<SignOff>) -> u8 {
    let states = [
        SignOffState::Waiting,
        SignOffState::Complete,
        SignOffState::Attested,
    ];
    let found = states.iter().zip(0..).find(|(state, _)| {
        let name = state.name();
        row.state.as_deref() == Some(name)
    });
    found.map_or(u8::MAX, |(_, place)| place)
}

fn parent(sign_off: &View) -> Option<&minutebook_events::SubjectId> {
    match &sign_off.basis {
        Basis::Requested(requested) => requested.parent.as_ref(),
        Basis::Attested(attested) => attested.parent.as_ref(),
    }
}

fn fields(asking: &Asking<'_>, sign_off: &View, overdue: bool) -> SignOff {
    let signatories: Vec<Signatory> = signatories(asking, sign_off);
    let is_open = sign_off.state() == SignOffState::Waiting;
    let missing = signatories.iter().filter(|one| one.answer != "signed");
    let missing = missing.filter(|_| is_open).map(|one| one.who.clone());
    let cancelled = sign_off.cancelled.as_ref();
    let (signed, needed) = match &sign_off.basis {
        Basis::Requested(_) => {
            let (signed, needed) = sign_off.progress();
            (Some(signed), Some(needed))
        }
        Basis::Attested(one) => (
            one.signed.map(|n| n as usize),
            one.required.map(|n| n as usize),
        ),
    };
    let request = sign_off.request();
    let attested = match &sign_off.basis {
        Basis::Attested(attested) => Some(attested),
        Basis::Requested(_) => None,
    };
    SignOff {
        rule: request.map(|one| cells::word(&one.rule)),
        signed,
        needed,
        missing: missing.collect(),
        signatories,
        deadline: request.and_then(|one| one.deadline.clone()),
        overdue,
        attested: attested.map_or_else(Vec::new, |one| asking.all(&one.signatories)),
        attested_named: attested.map_or_else(Vec::new, |one| asking.all(&one.signatories_named)),
        text_sha256: request.map(|one| one.text.to_string()),
        agreement: asking.maybe(sign_off.agreement()),
        parent: asking.maybe(parent(sign_off)),
        state_as_written: attested.and_then(|one| one.state.clone()),
        cancelled_because: cancelled.and_then(|one| asking.said(one.at)?.reason),
        replacement: asking.maybe(cancelled.and_then(|one| one.replacement.as_ref())),
    }
}

fn signatories(asking: &Asking<'_>, sign_off: &View) -> Vec<Signatory> {
    let asked = sign_off.asked().map(|asked| {
        let signatory = asked.signatory;
        let said = asked.response.and_then(|one| asking.said(one.at));
        Signatory {
            who: Who {
                person: signatory.person.clone(),
                post: signatory.post.clone(),
                organisation: asking.maybe(signatory.organisation.as_ref()),
            },
            answer: match asked.response.map(|one| one.answer) {
                Some(Answer::Given) => "signed",
                Some(Answer::Declined) => "declined",
                Some(Answer::Withdrawn) | None => "waiting",
            },
            by: asked.response.map(|one| (*one.person).clone()),
            reason: said.as_ref().and_then(|said| said.reason.clone()),
            said,
        }
    });
    asked.collect()
}

/// The board as a table.
pub fn sections(context: &Context<'_>, rows: &[Row<SignOff>]) -> Vec<Section> {
    let mut table = Table::new([
        Column::text("Sign-off"),
        Column::text("Signed"),
        Column::date("By"),
        Column::text("Missing, declined"),
        Column::text("Entry"),
    ]);
    for row in rows {
        let fields = &row.fields;
        let agreement = fields.agreement.as_ref();
        let agreement = agreement.map(|one| format!("for {}", context.called(&one.id)));
        table = table.row([
            agreement
                .into_iter()
                .fold(cells::what_of(context, row), Cell::note),
            progress(context, row),
            match (&fields.deadline, fields.overdue) {
                (Some(deadline), true) => Cell::new(deadline.to_string()).note("overdue"),
                (Some(deadline), false) => Cell::new(deadline.to_string()),
                (None, _) => Cell::new("no date"),
            },
            open(context, fields),
            cells::entry(row.said.as_ref()),
        ]);
    }
    vec![Section::new(heading("Sign-offs", rows.len())).block(table.into())]
}

/// `17 of 25 signed`, or `25 of 25 attested, not signed`.
fn progress(context: &Context<'_>, row: &Row<SignOff>) -> Cell {
    let fields = &row.fields;
    let count = match (fields.signed, fields.needed) {
        (Some(signed), Some(needed)) => format!("{signed} of {needed}"),
        (Some(signed), None) => signed.to_string(),
        (None, Some(needed)) => format!("number not stated, of {needed}"),
        (None, None) => "number not stated".to_owned(),
    };
    let attested = row.state.as_deref() == Some(SignOffState::Attested.name());
    let mut cell = match attested {
        true => Cell::new(format!("{count} attested, not signed")),
        false => Cell::new(format!("{count} signed")),
    };
    if !attested {
        cell = row
            .state
            .iter()
            .fold(cell, |cell, state| cell.note(state.as_str()));
    }
    cell = fields
        .state_as_written
        .iter()
        .fold(cell, |cell, state| cell.note(state.as_str()));
    let groups = fields.attested.iter().map(|one| context.called(&one.id));
    let named = fields.attested_named.iter();
    let named = named.map(|one| format!("named: {}", context.called(&one.id)));
    groups.chain(named).fold(cell, Cell::note)
}

fn open(context: &Context<'_>, fields: &SignOff) -> Cell {
    let mut lines = Vec::new();
    for one in &fields.signatories {
        let who = cells::who(context, &one.who);
        match (one.answer, &one.reason) {
            ("declined", Some(reason)) => lines.push(format!("{who}: declined, {reason}")),
            ("declined", None) => lines.push(format!("{who}: declined")),
            ("waiting", _) if !fields.missing.is_empty() => lines.push(who),
            _ => {}
        }
    }
    lines.extend(fields.cancelled_because.clone());
    if let Some(one) = &fields.replacement {
        lines.push(format!("replaced by {}", context.called(&one.id)));
    }
    cells::list(lines)
}
