//! The views of a million entries: how fast they are folded, what they take, and how long a look at
//! one thing takes.
//!
//! `cargo bench -p minutebook-projections --bench million [-- ENTRIES]`
#![allow(clippy::unwrap_used, missing_docs)]

#[path = "support/mix.rs"]
mod mix;

use std::time::{Duration, Instant};

use minutebook_events::{Content, Judge as _, Recorded};
use minutebook_projections::Views;
use mix::Mix;

/// Entries made at a time, so that making them is neither timed nor kept.
const CHUNK: usize = 10_000;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.iter().any(|argument| argument == "--test") {
        return;
    }
    let entries: usize = arguments
        .iter()
        .find_map(|argument| argument.parse().ok())
        .unwrap_or(1_000_000);
    let mut mix = Mix::new();
    let before = resident_mb();
    let mut views = Views::default();
    let took = fold(&mut views, &mut mix, entries);
    println!("fold {:.0}/s", entries as f64 / took.as_secs_f64());
    println!("resident {} MB", resident_mb() - before);
    println!("subjects {}", views.subjects.len());
    let begun = Instant::now();
    let saved = views.save();
    println!(
        "save {:.2} s, {} MB",
        begun.elapsed().as_secs_f64(),
        saved.len() >> 20
    );
}

/// Folds so many entries; gives the time that it took, without making them.
fn fold(views: &mut Views, mix: &mut Mix, entries: usize) -> Duration {
    let mut took = Duration::ZERO;
    let mut left = entries;
    while left > 0 {
        let chunk: Vec<Recorded<Content>> = mix.take(CHUNK.min(left)).collect();
        left -= chunk.len();
        let begun = Instant::now();
        chunk.iter().for_each(|entry| views.apply(entry));
        took += begun.elapsed();
    }
    took
}

fn resident_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let kb = line.unwrap().split_whitespace().nth(1).unwrap();
    kb.parse::<u64>().unwrap() / 1024
}
