//! Every paper of any history: it can be made, and tells its reader nothing that is not for them.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod any;

use any::{SECRET, any_history};
use jiff::civil::date;
use minutebook_events::{Confidentiality, Content, Judge as _, Recorded};
use minutebook_papers::{Form, Paper};
use minutebook_projections::Views;
use minutebook_projections::changes::{Changes, Clock, Point, Question};
use minutebook_projections::effective::Effective;
use minutebook_projections::search::{Query, SearchIndex};
use minutebook_reports::history::{History, history};
use minutebook_reports::status::{Status, status};
use minutebook_reports::{Context, Filter, Register, changes, found};
use proptest::prelude::*;

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
