//! How long a paper takes over a million entries, from the question to the bytes that go out.
//!
//! `cargo bench -p minutebook-reports --bench papers [-- ENTRIES]`
#![allow(clippy::unwrap_used, missing_docs)]

#[path = "../../benches/support/measure.rs"]
#[allow(dead_code)]
mod measure;
#[path = "../../benches/support/mix.rs"]
#[allow(dead_code)]
mod mix;

use std::path::{Path, PathBuf};
use std::process::Command;

use jiff::civil::{Date, date};
use measure::{between_meetings, fold, line, spread, timed};
use minutebook_events::{Confidentiality, Content, Judge as _, Kind, Recorded, SubjectId};
use minutebook_papers::{Form, Paper};
use minutebook_projections::Views;
use minutebook_projections::changes::Changes;
use minutebook_reports::asking::{ChangesAsked, changes_question};
use minutebook_reports::detail::detail;
use minutebook_reports::entry::{Entry, Stored};
use minutebook_reports::history::{History, Known};
use minutebook_reports::registers::Cursor;
use minutebook_reports::{Context, Filter, Moment, Register, changes};
use mix::Mix;

/// Things looked at, of each kind.
const LOOKS: usize = 500;

/// The entries among which single ones are read, and from which histories are told.
const HELD: usize = 50_000;

/// Rows of a page.
const ROWS: usize = 100;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.iter().any(|argument| argument == "--test") {
        return;
    }
    if let [mode, path, ..] = &arguments[..]
        && mode == "child"
    {
        return ask(Path::new(path));
    }
    let entries: usize = arguments
        .iter()
        .find_map(|argument| argument.parse().ok())
        .unwrap_or(1_000_000);
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("papers.snapshot");
    {
        let mut views = Views::default();
        fold(&mut views, &mut Mix::new(), entries);
        std::fs::write(&path, views.save()).unwrap();
    }
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["child".as_ref(), path.as_os_str()])
        .status();
    assert!(child.unwrap().success());
    std::fs::remove_file(&path).unwrap();
}

/// Asks in a process of its own, of views that are loaded and that nobody has asked yet.
fn ask(path: &Path) {
    let views = Views::load(std::fs::read(path).unwrap().into()).unwrap();
    println!("{} entries", views.entries.ticks());
    ask_changes(&views);
    ask_details(&views);
    ask_pages(&views);
    ask_entries(&views);
}

/// The day on which everything is asked, after the last meeting.
const fn today() -> Date {
    date(2032, 1, 1)
}

fn context(views: &Views) -> Context<'_> {
    let newest = views.entries.get(views.entries.ticks() - 1);
    Context {
        ledger: "region",
        origin: "region.example/minutes",
        as_of: views.now(Confidentiality::Public),
        entries: views.entries.ticks(),
        root: "",
        recorded_at: newest.map(|entry| entry.recorded_at),
        effective_at: None,
        question: "minutebook …",
        names: &|_| None,
    }
}

fn bytes(paper: &Paper, form: Form) -> usize {
    paper.set(form, 100).len()
}

/// What changed for a body between two of its meetings, and since its last one.
fn ask_changes(views: &Views) {
    let between = |body: &SubjectId, since: Option<&SubjectId>, until: Option<&SubjectId>| {
        let moment = |id: &SubjectId| Moment::Meeting(id.clone());
        ChangesAsked {
            body: Some(body.clone()),
            since: since.map(moment),
            until: until.map(moment),
        }
    };
    let paper = |asked: &ChangesAsked, form| {
        let context = context(views);
        let question = changes_question(context.as_of, asked, today()).unwrap();
        let found = Changes::recorded(views, question.question);
        bytes(&changes(&context, &found), form)
    };
    let last = |n| between(&mix::body(n), None, None);
    let took = timed(|| paper(&last(7), Form::Json));
    line("changes, first of all", format!("{took:.0} us"), "");
    let asked = between_meetings(views);
    let each = |what: &str, form| {
        let mut size = 0;
        let took = asked.iter().map(|(body, since, until)| {
            let asked = between(body, Some(since), Some(until));
            timed(|| {
                size += paper(&asked, form);
                size
            })
        });
        let took = spread(took.collect());
        let size = size / asked.len().max(1);
        line(what, format!("{took}, {size} bytes on average"), "");
    };
    each("changes between meetings, anew", Form::Json);
    each("changes between meetings", Form::Json);
    each("changes between meetings, HTML", Form::Html);
    let took = (0..mix::BODIES).map(|n| timed(|| paper(&last(n), Form::Json)));
    line("changes since the last", spread(took.collect()), "");
}

/// Details of things of a few kinds, as JSON, each with its history.
fn ask_details(views: &Views) {
    let held: Vec<Recorded<Content>> = Mix::new().take(HELD).collect();
    let kinds = [
        Kind::Milestone,
        Kind::Decision,
        Kind::Action,
        Kind::Meeting,
        Kind::SignOff,
        Kind::Metric,
    ];
    for kind in kinds {
        let register = Register::of(kind).unwrap();
        let subjects = held.iter().filter_map(|entry| match &entry.body {
            Content::Event(event) => Some(&event.common.subject),
            _ => None,
        });
        let mut ids: Vec<&SubjectId> = subjects.filter(|id| id.kind() == kind).collect();
        ids.sort();
        ids.dedup();
        let step = (ids.len() / LOOKS).max(1);
        let look = |what: &str| {
            let looks = ids.iter().step_by(step).map(|id| {
                timed(|| {
                    let context = context(views);
                    let about = Known::new(context.as_of).about(id).into_iter();
                    let about = about.filter_map(|at| held.get(at as usize)).cloned();
                    let history = History::new(context.as_of, id, &about.collect::<Vec<_>>());
                    let paper = detail(&context, register, today(), id, history);
                    paper.map_or(0, |paper| bytes(&paper, Form::Json))
                })
            });
            let what = format!("detail: {}{what}", kind.name());
            line(&what, spread(looks.collect()), "");
        };
        look(", anew");
        look("");
    }
}

/// Pages of the action log.
fn ask_pages(views: &Views) {
    let as_of = views.now(Confidentiality::Public);
    let filter = Filter::default();
    let ids: Vec<&SubjectId> = as_of.all(&views.actions).map(|(id, _)| id).collect();
    for (what, part) in [("early", 0.02), ("late", 0.95)] {
        let from = (ids.len() as f64 * part) as usize;
        let took = (0..100).map(|n| {
            let after = Cursor::After(ids[from + n * ROWS % (ids.len() / 50)].clone());
            timed(|| {
                let register = Register::Actions;
                let page = register.page(as_of, today(), &filter, &after, ROWS);
                bytes(&register.page_paper(&context(views), &page), Form::Json)
            })
        });
        let what = format!("{ROWS} actions, {what}");
        line(&what, spread(took.collect()), "");
    }
}

/// Single entries, as they are told.
fn ask_entries(views: &Views) {
    let as_of = views.now(Confidentiality::Public);
    let held: Vec<Recorded<Content>> = Mix::new().take(HELD).step_by(HELD / LOOKS).collect();
    let took = held.iter().map(|entry| {
        timed(|| {
            let stored = Stored {
                position: entry.position,
                recorded_at: entry.recorded_at,
                origin: "region.example/minutes",
                claims: &entry.claims,
                signature: &[0; 64],
                size_bytes: 300,
                leaf_hash: [0; 32],
                content: &entry.body,
                sealed: &[],
            };
            let entry = Entry::new(as_of, &stored, &|_| None);
            serde_json::to_string(&entry).unwrap().len()
        })
    });
    line("an entry", spread(took.collect()), "");
}
