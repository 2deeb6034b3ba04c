//! Every paper of any history: it can be made, and tells its reader nothing that is not for them.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

#[allow(dead_code)]
#[path = "../../tests/judge/given.rs"]
mod given;

use given::{ANNA, Given};
use jiff::civil::date;
use minutebook_events::catalogue::{EventType, example};
use minutebook_events::{Confidentiality, Content, Judge as _, Kind, Recorded, SubjectId};
use minutebook_papers::{Form, Paper};
use minutebook_projections::Views;
use minutebook_projections::changes::{Changes, Clock, Point, Question};
use minutebook_projections::effective::Effective;
use minutebook_projections::search::{Query, SearchIndex};
use minutebook_reports::history::{History, history};
use minutebook_reports::status::{Status, status};
use minutebook_reports::{Context, Filter, Register, changes, found};
use proptest::prelude::*;

/// A word that stands in private entries alone.
const SECRET: &str = "zzsecretzz";

/// Any types of event in a row, about a few things, some of them private. Private ones hold the
/// secret word, and are about things of their own or about those of others.
fn any_history() -> impl Strategy<Value = Vec<Recorded<Content>>> {
    let entry = (0..EventType::ALL.len(), 0..4u8, 0..3u8, any::<bool>());
    proptest::collection::vec(entry, 0..50).prop_map(|entries| {
        let mut history = Vec::new();
        for (position, (event, level, name, imported)) in entries.into_iter().enumerate() {
            let mut event = example(EventType::ALL[event]);
            let kind = event.common.subject.kind();
            event.common.imported = imported;
            let name = match level {
                0 | 1 => format!("n{name}"),
                _ => {
                    event.common.confidentiality = match level {
                        2 => Confidentiality::Part2,
                        _ => Confidentiality::Restricted,
                    };
                    event.common.reason = Some(format!("because {SECRET}"));
                    event.common.note = Some(SECRET.into());
                    event.common.minute = Some(SECRET.into());
                    match name {
                        0 => "n0".to_owned(),
                        name => format!("{SECRET}-{name}"),
                    }
                }
            };
            if kind != Kind::Person {
                event.common.subject = SubjectId::new(kind, &name).unwrap();
            }
            let mut entry = Given::default().signed(ANNA, event).into_content();
            entry.position = position as u64;
            history.push(entry);
        }
        history
    })
}

/// Every paper there is, on a clock.
fn papers(context: &Context<'_>, entries: &[Recorded<Content>], by: Clock) -> Vec<Paper> {
    let day = date(2026, 1, 1);
    let as_of = context.as_of;
    let mut all: Vec<Paper> = Register::ALL
        .iter()
        .map(|register| register.paper(context, day, &Filter::default()))
        .collect();
    all.push(status(context, &Status::new(as_of, day, None)));
    let question = Question {
        body: None,
        since: Point::at_position(0, None, None),
        until: Point::newest(as_of, day),
        by,
        reader: as_of.reader(),
    };
    all.push(changes(context, &Changes::recorded(as_of.views, question)));
    for (id, _) in as_of.all(&as_of.views.milestones) {
        let told = History::new(as_of, id, entries);
        all.extend(told.map(|told| history(context, &told)));
    }
    let mut index = SearchIndex::default();
    entries.iter().for_each(|entry| index.fold(entry));
    let hits = index.search(as_of, &Query::parse("board partnership 2025").unwrap());
    all.push(found(context, "board partnership 2025", &hits));
    all
}

fn texts(
    views: &Views,
    entries: &[Recorded<Content>],
    reader: Confidentiality,
    by: Clock,
) -> Vec<String> {
    let context = Context {
        ledger: "l",
        origin: "board.example/l",
        as_of: views.now(reader),
        entries: entries.len() as u64,
        root: "00",
        recorded_at: entries.last().map(|entry| entry.recorded_at),
        effective_at: (by == Clock::Effective).then(|| date(2026, 1, 1)),
        question: "minutebook …",
        names: &|_| None,
    };
    let papers = papers(&context, entries, by);
    let forms = |paper: &Paper| Form::ALL.map(|form| paper.set(form, 80));
    papers.iter().flat_map(forms).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn papers_of_any_history_tell_the_public_nothing_private(entries in any_history()) {
        let mut views = Views::default();
        entries.iter().for_each(|entry| views.apply(entry));
        let effective = Effective::fold(entries.clone());
        let clocks = [(&views, Clock::Recorded), (&effective.views, Clock::Effective)];
        for (views, by) in clocks {
            for text in texts(views, &entries, Confidentiality::Public, by) {
                prop_assert!(!text.contains(SECRET), "{}", text);
            }
            // The others can be made as well.
            prop_assert!(!texts(views, &entries, Confidentiality::Restricted, by).is_empty());
        }
    }
}
