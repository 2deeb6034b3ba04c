//! What the benches over a million entries share: folding, timing, and which questions are asked.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use minutebook_events::{Confidentiality, Content, Judge as _, Recorded, SubjectId};
use minutebook_projections::Views;

use crate::mix::Mix;

/// Entries made at a time, so that making them is neither timed nor kept.
const CHUNK: usize = 10_000;

/// Folds so many entries; gives the processor time that it took, without making them.
pub fn fold(views: &mut Views, mix: &mut Mix, entries: usize) -> Duration {
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
pub fn on_processor() -> Duration {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    let nanos = stat.split_whitespace().next().unwrap().parse().unwrap();
    Duration::from_nanos(nanos)
}

/// Bodies with two meetings of each that follow one another, spread over bodies and years.
pub fn between_meetings(views: &Views) -> Vec<(&SubjectId, &SubjectId, &SubjectId)> {
    let mut all: BTreeMap<&SubjectId, Vec<&SubjectId>> = BTreeMap::new();
    let now = views.now(Confidentiality::Public);
    for (id, meeting) in now.all(&views.meetings) {
        if let Some(body) = meeting.body().filter(|_| meeting.held.is_some()) {
            all.entry(body).or_default().push(id);
        }
    }
    let date = |id: &SubjectId| views.meetings.get(id)?.date()?.end();
    let mut asked = Vec::new();
    for (n, (body, meetings)) in all.iter_mut().enumerate() {
        meetings.sort_by_key(|id| date(id));
        let pairs = meetings.windows(2).skip(n % 40).step_by(40);
        asked.extend(pairs.map(|pair| (*body, pair[0], pair[1])));
    }
    asked
}

/// Microseconds that a look takes.
pub fn timed(look: impl FnOnce() -> usize) -> f64 {
    let begun = Instant::now();
    std::hint::black_box(look());
    begun.elapsed().as_secs_f64() * 1e6
}

/// The median and the 99th percentile.
pub fn spread(mut micros: Vec<f64>) -> String {
    micros.sort_by(f64::total_cmp);
    let at = |part: f64| micros[((micros.len() - 1) as f64 * part) as usize];
    format!("p50 {:.1} us, p99 {:.1} us", at(0.5), at(0.99))
}

/// Prints what was found.
pub fn line(what: &str, found: String, target: &str) {
    let target = if target.is_empty() {
        String::new()
    } else {
        format!(" (target {target})")
    };
    println!("{what:<34}{found}{target}");
}

/// Bytes as MB.
pub fn mb(bytes: usize) -> usize {
    bytes >> 20
}

/// The memory that this process takes.
pub fn resident_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let kb = line.unwrap().split_whitespace().nth(1).unwrap();
    kb.parse::<u64>().unwrap() / 1024
}
