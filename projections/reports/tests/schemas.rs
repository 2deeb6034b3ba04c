//! The JSON Schemas say what is written, all of it and nothing else: every answer of any history is
//! valid under its schema, and has no field that the schema does not name.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod any;
mod closed;

use any::any_history;
use closed::closed;
use jiff::civil::date;
use jsonschema::Validator;
use minutebook_events::{Confidentiality, Content, Judge as _, Recorded, SubjectId};
use minutebook_papers::{Envelope, Form, Paper};
use minutebook_projections::Views;
use minutebook_projections::changes::{Changes, Clock, Point, Question};
use minutebook_projections::effective::Effective;
use minutebook_projections::search::{Query, SearchIndex};
use minutebook_reports::detail::detail;
use minutebook_reports::history::{History, history};
use minutebook_reports::registers::Cursor;
use minutebook_reports::status::{Status, status};
use minutebook_reports::{Context, Filter, Found, Register, changes, found};
use proptest::prelude::*;
use serde_json::Value;

struct Validators {
    registers: Vec<(Register, Validator, Validator)>,
    pages: Vec<(Register, Validator)>,
    changes: Validator,
    history: Validator,
    status: Validator,
    found: Validator,
}

impl Validators {
    fn new() -> Self {
        let both = |register: &Register| {
            (
                *register,
                closed(|generator| register.paper_schema(generator)),
                closed(|generator| register.detail_schema(generator)),
            )
        };
        let page = |register: &Register| {
            let validator = closed(|generator| register.page_schema(generator));
            (*register, validator)
        };
        Self {
            registers: Register::ALL.iter().map(both).collect(),
            pages: Register::ALL.iter().map(page).collect(),
            changes: closed(|one| one.subschema_for::<Envelope<'static, Changes>>()),
            history: closed(|one| one.subschema_for::<Envelope<'static, History>>()),
            status: closed(|one| one.subschema_for::<Envelope<'static, Status>>()),
            found: closed(|one| one.subschema_for::<Envelope<'static, Found<'static>>>()),
        }
    }

    /// Checks every answer there is, on a clock. Gives how many there were.
    fn check(&self, context: &Context<'_>, entries: &[Recorded<Content>]) -> usize {
        let day = date(2026, 1, 1);
        let as_of = context.as_of;
        let mut count = 0;
        let mut valid = |validator: &Validator, paper: &Paper| {
            let json: Value = serde_json::from_str(&paper.set(Form::Json, 80)).unwrap();
            let wrong: Vec<String> = validator
                .iter_errors(&json)
                .map(|error| format!("{} at {}", error, error.instance_path()))
                .collect();
            assert!(wrong.is_empty(), "{}: {wrong:#?}\n{json:#}", paper.title);
            count += 1;
        };
        for (register, validator) in &self.pages {
            let all = Filter::default();
            let page = register.page(as_of, day, &all, &Cursor::First, 3);
            valid(validator, &register.page_paper(context, &page));
        }
        let mut ids: Vec<&SubjectId> = entries
            .iter()
            .filter_map(|entry| match &entry.body {
                Content::Event(event) => Some(&event.common.subject),
                Content::Withheld | Content::Erased => None,
            })
            .collect();
        ids.sort();
        ids.dedup();
        for (register, rows, row) in &self.registers {
            valid(rows, &register.paper(context, day, &Filter::default()));
            for id in &ids {
                if register.kinds().contains(&id.kind()) {
                    let told = History::new(as_of, id, entries);
                    let paper = detail(context, *register, day, id, told);
                    paper.iter().for_each(|paper| valid(row, paper));
                }
            }
        }
        for id in ids {
            let told = History::new(as_of, id, entries);
            let paper = told.map(|told| history(context, &told));
            paper.iter().for_each(|paper| valid(&self.history, paper));
        }
        valid(
            &self.status,
            &status(context, &Status::new(as_of, day, None)),
        );
        let mut index = SearchIndex::default();
        entries.iter().for_each(|entry| index.fold(entry));
        for words in ["board", "partnership", "the", "a", "zzsecretzz"] {
            let hits = index.search(as_of, &Query::parse(words).unwrap());
            valid(&self.found, &found(context, words, &hits));
        }
        count
    }
}

fn context<'a>(views: &'a Views, reader: Confidentiality) -> Context<'a> {
    Context {
        ledger: "l",
        origin: "board.example/l",
        as_of: views.now(reader),
        entries: views.entries.ticks(),
        root: "00",
        recorded_at: None,
        effective_at: None,
        question: "minutebook …",
        names: &|_| None,
    }
}

fn question(context: &Context<'_>, by: Clock) -> Question {
    Question {
        body: None,
        since: Point::at_position(0, None, None),
        until: Point::newest(context.as_of, date(2026, 1, 1)),
        by,
        reader: context.as_of.reader(),
    }
}

fn check_all(validators: &Validators, entries: &[Recorded<Content>]) -> usize {
    let mut views = Views::default();
    entries.iter().for_each(|entry| views.apply(entry));
    let effective = Effective::fold(entries.to_vec());
    let mut count = 0;
    for reader in [Confidentiality::Public, Confidentiality::Restricted] {
        let known = context(&views, reader);
        let was_true = context(&effective.views, reader);
        count += validators.check(&known, entries);
        count += validators.check(&was_true, entries);
        let found = [
            Changes::recorded(&views, question(&known, Clock::Recorded)),
            Changes::effective(&effective, question(&was_true, Clock::Effective)),
        ];
        for (context, found) in [&known, &was_true].into_iter().zip(&found) {
            let paper = changes(context, found);
            let json: Value = serde_json::from_str(&paper.set(Form::Json, 80)).unwrap();
            let wrong = validators.changes.iter_errors(&json).next();
            assert!(wrong.is_none(), "{wrong:?}\n{json:#}");
            count += 1;
        }
    }
    count
}

#[test]
fn the_schemas_say_what_is_written_of_any_history() {
    let validators = Validators::new();
    // Of a history of any length, each register, its first page and the other four twice for each of two readers.
    let at_least = 4 * (2 * Register::ALL.len() + 3);
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(32));
    let checked = runner.run(&any_history(), |entries| {
        prop_assert!(check_all(&validators, &entries) >= at_least);
        Ok(())
    });
    checked.unwrap();
}

#[test]
fn a_field_that_a_schema_does_not_name_is_found() {
    let validator = closed(|generator| Register::Decisions.schema(generator));
    let row = serde_json::json!({
        "id": "decision/d-1", "title": "One", "secret": true
    });
    let errors = validator.iter_errors(&row).map(|error| error.to_string());
    assert!(errors.into_iter().any(|error| error.contains("secret")));
}
