//! The views of a million entries: how fast they are folded, what they take, how soon a snapshot of
//! them answers, and how long a look at one thing takes.
//!
//! `cargo bench -p minutebook-projections --bench million [-- ENTRIES]`
#![allow(clippy::unwrap_used, missing_docs)]

#[path = "support/mix.rs"]
mod mix;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use minutebook_events::{Confidentiality, Content, Judge as _, Kind, Recorded, SubjectId};
use minutebook_projections::changes::{Changes, Clock, Point, Question, Since};
use minutebook_projections::{AsOf, Views};
use mix::Mix;

/// Entries made at a time, so that making them is neither timed nor kept.
const CHUNK: usize = 10_000;

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

/// Folds so many entries; gives the processor time that it took, without making them.
fn fold(views: &mut Views, mix: &mut Mix, entries: usize) -> Duration {
    let mut took = Duration::ZERO;
    let mut left = entries;
    while left > 0 {
        let chunk: Vec<Recorded<Content>> = mix.take(CHUNK.min(left)).collect();
        left -= chunk.len();
        let begun = on_processor();
        chunk.iter().for_each(|entry| views.apply(entry));
        took += on_processor() - begun;
    }
    took
}

/// For how long this thread has run. On a machine that is shared, waiting is not work.
fn on_processor() -> Duration {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    let nanos = stat.split_whitespace().next().unwrap().parse().unwrap();
    Duration::from_nanos(nanos)
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
    let mut meetings: BTreeMap<&SubjectId, Vec<&SubjectId>> = BTreeMap::new();
    for (id, meeting) in now.all(&views.meetings) {
        if let Some(body) = meeting.body().filter(|_| meeting.held.is_some()) {
            meetings.entry(body).or_default().push(id);
        }
    }
    let date = |id: &SubjectId| views.meetings.get(id)?.date()?.end();
    let mut took = Vec::new();
    let mut items = 0;
    for (n, (body, meetings)) in meetings.iter_mut().enumerate() {
        meetings.sort_by_key(|id| date(id));
        for pair in meetings.windows(2).skip(n % 40).step_by(40) {
            let point = |id: &SubjectId| Point::recorded(now, &Since::Meeting(id.clone())).unwrap();
            took.push(timed(|| {
                let question = Question {
                    body: Some((*body).clone()),
                    since: point(pair[0]),
                    until: point(pair[1]),
                    by: Clock::Recorded,
                    reader,
                };
                let found = Changes::recorded(views, question);
                items += found
                    .groups
                    .iter()
                    .map(|changed| changed.items.len())
                    .sum::<usize>();
                items
            }));
        }
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

fn timed(look: impl FnOnce() -> usize) -> f64 {
    let begun = Instant::now();
    std::hint::black_box(look());
    begun.elapsed().as_secs_f64() * 1e6
}

fn spread(mut micros: Vec<f64>) -> String {
    micros.sort_by(f64::total_cmp);
    let at = |part: f64| micros[((micros.len() - 1) as f64 * part) as usize];
    format!("p50 {:.1} us, p99 {:.1} us", at(0.5), at(0.99))
}

fn line(what: &str, found: String, target: &str) {
    let target = if target.is_empty() {
        String::new()
    } else {
        format!(" (target {target})")
    };
    println!("{what:<34}{found}{target}");
}

fn mb(bytes: usize) -> usize {
    bytes >> 20
}

fn resident_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let kb = line.unwrap().split_whitespace().nth(1).unwrap();
    kb.parse::<u64>().unwrap() / 1024
}
