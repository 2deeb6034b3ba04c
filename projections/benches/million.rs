//! The views of a million entries: how fast they are folded, what they take, how soon a snapshot of
//! them answers, and how long a look at one thing takes.
//!
//! `cargo bench -p minutebook-projections --bench million [-- ENTRIES]`
#![allow(clippy::unwrap_used, missing_docs)]

#[path = "support/measure.rs"]
mod measure;
#[path = "support/mix.rs"]
mod mix;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use measure::{between_meetings, fold, line, mb, on_processor, resident_mb, spread, timed};
use minutebook_events::{Confidentiality, Judge as _, Kind, SubjectId};
use minutebook_projections::changes::{Changes, Clock, Point, Question, Since};
use minutebook_projections::{AsOf, Views};
use mix::Mix;

/// Entries after a snapshot.
const TAIL: usize = 10_000;

/// Things looked at.
const LOOKS: usize = 2_000;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.iter().any(|argument| argument == "--test") {
        return;
    }
    if let [mode, path, ..] = &arguments[..]
        && mode == "child"
    {
        return load_alone(Path::new(path));
    }
    let entries: usize = arguments
        .iter()
        .find_map(|argument| argument.parse().ok())
        .unwrap_or(1_000_000);
    let (mut mix, mut views) = (Mix::new(), Views::default());
    let before = resident_mb();
    let took = fold(&mut views, &mut mix, entries);
    println!("{entries} entries about {} things", views.subjects.len());
    line(
        "fold",
        format!("{:.0} a second", entries as f64 / took.as_secs_f64()),
        "300,000",
    );
    line(
        "resident memory of the views",
        format!("{} MB", resident_mb() - before),
        "1024 MB",
    );
    let begun = on_processor();
    let saved = views.save();
    line(
        "save all",
        format!(
            "{:.2} s, {} MB",
            (on_processor() - begun).as_secs_f64(),
            mb(saved.len())
        ),
        "",
    );
    looks("folded", &views);
    changes("folded", &views);
    drop(views);

    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("million.snapshot");
    std::fs::write(&path, &saved).unwrap();
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["child".as_ref(), path.as_os_str()])
        .status();
    assert!(child.unwrap().success());
    std::fs::remove_file(&path).unwrap();

    let mut loaded = Views::load(saved.into()).unwrap();
    let took = fold(&mut loaded, &mut mix, TAIL);
    line(
        "fold a tail of 10,000 onto it",
        format!("{:.0} ms", took.as_secs_f64() * 1e3),
        "",
    );
    let begun = on_processor();
    let saved = loaded.save();
    line(
        "save that",
        format!(
            "{:.2} s, {} MB",
            (on_processor() - begun).as_secs_f64(),
            mb(saved.len())
        ),
        "",
    );
}

/// Loads a snapshot in a process of its own, and looks at things that nobody has asked for yet.
fn load_alone(path: &Path) {
    let begun = Instant::now();
    let bytes = std::fs::read(path).unwrap();
    let read = begun.elapsed().as_secs_f64();
    let views = Views::load(bytes.into()).unwrap();
    let took = begun.elapsed().as_secs_f64();
    line(
        "load",
        format!("{took:.2} s, of it {read:.2} s to read the file"),
        "2 s",
    );
    line(
        "resident memory after it",
        format!("{} MB", resident_mb()),
        "",
    );
    looks("loaded", &views);
    looks("loaded, again", &views);
    changes("loaded", &views);
    changes("loaded, again", &views);
    line("resident memory then", format!("{} MB", resident_mb()), "");
}

/// Looks at things of every kind as they stand now, then at others as they stood.
fn looks(what: &str, views: &Views) {
    let kinds = [
        Kind::Body,
        Kind::Meeting,
        Kind::Decision,
        Kind::Action,
        Kind::Milestone,
        Kind::Metric,
        Kind::SignOff,
    ];
    let ticks = views.entries.ticks();
    // Spread over all of them, the same each time.
    let sample = |start: u64| {
        let tick = move |n: u64| (start + n * 7_919_003) % ticks;
        (0..).map(tick).filter_map(|tick| {
            let said = views.entries.get(tick)?.said.as_ref()?;
            let subject: &SubjectId = &said.subject;
            kinds.contains(&subject.kind()).then(|| subject.clone())
        })
    };
    let ids: Vec<SubjectId> = sample(17).take(LOOKS).collect();
    let now = ids
        .iter()
        .map(|id| timed(|| look(views.now(Confidentiality::Public), id)));
    line(
        &format!("look at a thing ({what})"),
        spread(now.collect()),
        "100 us",
    );
    let then = sample(4_711).take(LOOKS).enumerate().map(|(n, id)| {
        let tick = ticks / LOOKS as u64 * n as u64;
        timed(|| look(views.as_of(tick, Confidentiality::Public), &id))
    });
    line(
        &format!("as it stood ({what})"),
        spread(then.collect()),
        "50 ms",
    );
}

/// What changed for a body between two of its meetings, spread over bodies and years.
fn changes(what: &str, views: &Views) {
    let reader = Confidentiality::Public;
    let now = views.now(reader);
    let mut took = Vec::new();
    let mut items = 0;
    for (body, since, until) in between_meetings(views) {
        let point = |id: &SubjectId| Point::recorded(now, &Since::Meeting(id.clone())).unwrap();
        took.push(timed(|| {
            let question = Question {
                body: Some(body.clone()),
                since: point(since),
                until: point(until),
                by: Clock::Recorded,
                reader,
            };
            let found = Changes::recorded(views, question);
            let groups = found.groups.iter();
            items += groups.map(|changed| changed.items.len()).sum::<usize>();
            items
        }));
    }
    let asked = took.len().max(1);
    line(
        &format!("changes between meetings ({what})"),
        format!("{}, {} items on average", spread(took), items / asked),
        "5,000 us",
    );
}

/// Everything that a page about one thing would show.
fn look(at: AsOf<'_>, id: &SubjectId) -> usize {
    let views = at.views;
    let versions = match id.kind() {
        Kind::Body => views.bodies.versions(id, at.moment).count(),
        Kind::Meeting => views.meetings.versions(id, at.moment).count(),
        Kind::Decision => views.decisions.versions(id, at.moment).count(),
        Kind::Milestone => {
            let status = views.status.versions(id, at.moment).count();
            status + views.milestones.versions(id, at.moment).count()
        }
        Kind::Metric => views.metrics.table.versions(id, at.moment).count(),
        Kind::SignOff => views.signoffs.versions(id, at.moment).count(),
        _ => views.actions.versions(id, at.moment).count(),
    };
    versions + at.history(id).count() + usize::from(at.body_of(id).is_some())
}
