//! One thing asked for alone has the row that it has among all.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod any;

use any::any_history;
use jiff::civil::date;
use minutebook_events::catalogue::{EventType, example};
use minutebook_events::{
    Confidentiality, Content, Event, Judge as _, Kind, Payload, Recorded, SubjectId,
};
use minutebook_projections::Views;
use minutebook_projections::effective::Effective;
use minutebook_reports::detail::detail;
use minutebook_reports::registers::Cursor;
use minutebook_reports::{Context, Filter, Register};
use proptest::prelude::*;

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

/// Compares every row of every register with the one that its detail has. Gives how many there were.
fn compare(views: &Views, reader: Confidentiality) -> usize {
    let context = context(views, reader);
    let day = date(2026, 1, 1);
    let mut count = 0;
    for register in Register::ALL {
        let paper = register.paper(&context, day, &Filter::default());
        let rows = paper.data["rows"].as_array().unwrap();
        let all = (0..views.entries.ticks()).filter_map(|tick| views.entries.get(tick));
        let about = all.filter_map(|entry| entry.said.as_ref());
        for id in about.map(|said| &*said.subject) {
            if !register.kinds().contains(&id.kind()) {
                continue;
            }
            let row = rows.iter().find(|row| row["id"] == id.to_string());
            let one = detail(&context, *register, day, id, None);
            assert_eq!(one.as_ref().map(|paper| &paper.data["row"]), row, "{id}");
            count += usize::from(row.is_some());
        }
    }
    count
}

/// Compares the pages of every register, as filtered and either way, with the whole of it.
fn compare_pages(views: &Views, reader: Confidentiality, filter: &Filter) {
    let (as_of, day) = (views.now(reader), date(2026, 1, 1));
    let context = context(views, reader);
    let id = |row: &serde_json::Value| row["id"].as_str().unwrap().parse::<SubjectId>().unwrap();
    for register in Register::ALL {
        let paper = register.paper(&context, day, filter);
        let mut all = paper.data["rows"].as_array().unwrap().clone();
        let page = |from: &Cursor| register.page(as_of, day, filter, from, 2);
        let mut at = page(&Cursor::First);
        assert_eq!(at.previous, None);
        if *register == Register::Records {
            assert_eq!(at.rows, all);
            assert_eq!(at.next, None);
            continue;
        }
        all.sort_by_key(id);
        let mut rows = at.rows;
        while let Some(next) = at.next {
            at = page(&Cursor::After(next));
            assert!((1..=2).contains(&at.rows.len()));
            // The other way lies what came before.
            let back = page(&Cursor::Before(at.previous.unwrap()));
            let before: Vec<_> = rows.iter().rev().take(2).cloned().collect();
            assert_eq!(back.rows, before);
            rows.append(&mut at.rows);
        }
        assert_eq!(rows, all, "{}", register.name());
        let Some(last) = rows.last().map(id) else {
            continue;
        };
        at = page(&Cursor::Before(last));
        let mut back: Vec<_> = rows.pop().into_iter().chain(at.rows).collect();
        while let Some(next) = at.next {
            at = page(&Cursor::Before(next));
            assert!((1..=2).contains(&at.rows.len()));
            back.append(&mut at.rows);
        }
        all.reverse();
        assert_eq!(back, all, "{}, backward", register.name());
    }
}

fn compare_all(entries: &[Recorded<Content>]) -> usize {
    let mut views = Views::default();
    entries.iter().for_each(|entry| views.apply(entry));
    let effective = Effective::fold(entries.to_vec());
    let readers = [
        Confidentiality::Public,
        Confidentiality::Part2,
        Confidentiality::Restricted,
    ];
    let both = |reader| compare(&views, reader) + compare(&effective.views, reader);
    readers.into_iter().map(both).sum()
}

/// A body, or a part of the plan, that names another of a few as what it stands under.
fn nested(event: EventType, name: u8, parent: Option<u8>, private: bool) -> Event {
    let mut event = example(event);
    let id = |kind, name: u8| SubjectId::new(kind, &format!("n{name}")).unwrap();
    let under = |kind| parent.map(|parent| id(kind, parent));
    let kind = event.common.subject.kind();
    match &mut event.payload {
        Payload::BodyEstablished(fields) => {
            std::sync::Arc::make_mut(fields).parent = under(Kind::Body);
        }
        Payload::BodyTermsAmended(fields) => {
            std::sync::Arc::make_mut(fields).parent = under(Kind::Body);
        }
        Payload::AimSet(fields) => {
            let fields = std::sync::Arc::make_mut(fields);
            (fields.parent, fields.strategy) = (under(Kind::Aim), None);
        }
        Payload::MilestoneSet(fields) => {
            let fields = std::sync::Arc::make_mut(fields);
            (fields.parent, fields.strategy) = (under(Kind::Aim), None);
        }
        _ => {}
    }
    event.common.subject = id(kind, name);
    if private {
        event.common.confidentiality = Confidentiality::Part2;
    }
    event
}

fn any_nesting() -> impl Strategy<Value = Vec<Recorded<Content>>> {
    let events = proptest::sample::select(vec![
        EventType::BodyEstablished,
        EventType::BodyTermsAmended,
        EventType::AimSet,
        EventType::MilestoneSet,
        EventType::StatusReported,
    ]);
    let one = (events, 0..5u8, proptest::option::of(0..5u8), any::<bool>());
    proptest::collection::vec(one, 0..40).prop_map(|all| {
        let events = all.into_iter();
        let events =
            events.map(|(event, name, parent, private)| nested(event, name, parent, private));
        events
            .enumerate()
            .map(|(position, event)| any::entry(position as u64, event))
            .collect()
    })
}

#[test]
fn a_body_in_a_circle_has_the_row_that_it_has_among_all() {
    let events = [
        (EventType::BodyEstablished, 0, None),
        (EventType::BodyEstablished, 1, Some(0)),
        (EventType::BodyEstablished, 2, Some(1)),
        (EventType::BodyTermsAmended, 0, Some(1)),
    ];
    let entries: Vec<_> = events
        .into_iter()
        .enumerate()
        .map(|(position, (event, name, parent))| {
            any::entry(position as u64, nested(event, name, parent, false))
        })
        .collect();
    // Four entries about three bodies, on two clocks, to three readers.
    assert_eq!(compare_all(&entries), 4 * 2 * 3);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_thing_alone_has_the_row_that_it_has_among_all(entries in any_history()) {
        compare_all(&entries);
    }

    #[test]
    fn so_has_what_stands_under_others(entries in any_nesting()) {
        compare_all(&entries);
    }

    #[test]
    fn pages_are_the_whole_register_in_order_of_ids(
        entries in prop_oneof![any_history(), any_nesting()],
        body in proptest::option::of(0..3u8),
        state in proptest::option::of(proptest::sample::select(vec!["open", "held", "officer"])),
        overdue in any::<bool>(),
        cut in 0usize..40,
    ) {
        let mut views = Views::default();
        let (first, rest) = entries.split_at(cut.min(entries.len()));
        first.iter().for_each(|entry| views.apply(entry));
        views = Views::load(views.save().into()).unwrap();
        rest.iter().for_each(|entry| views.apply(entry));
        let filter = Filter {
            body: body.map(|body| SubjectId::new(Kind::Body, &format!("n{body}")).unwrap()),
            state: state.map(str::to_owned),
            under: None,
            overdue,
        };
        for filter in [&Filter::default(), &filter] {
            compare_pages(&views, Confidentiality::Public, filter);
            compare_pages(&views, Confidentiality::Restricted, filter);
        }
    }
}
