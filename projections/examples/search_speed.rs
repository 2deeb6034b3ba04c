//! Measures the search index: what folding an entry costs in time and memory, and how long
//! questions take. Times are those on a processor, since others may use the machine.
//!
//! `cargo run --release -p minutebook-projections --example search_speed -- [ENTRIES]`
#![allow(clippy::unwrap_used)]

use std::time::Duration;

use minutebook_events::{Confidentiality, Content, Event, Judge, Kind, Recorded};
use minutebook_projections::Views;
use minutebook_projections::search::{Query, SearchIndex};
use serde_json::json;

#[allow(dead_code, missing_docs, clippy::panic)]
#[path = "../tests/judge/given.rs"]
mod given;

use given::{ANNA, Given, id, say};

const CHUNK: u64 = 10_000;
const BODIES: u64 = 20;
const WORDS: u64 = 8_000;

/// The same numbers in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
        (self.0 >> 33) % n
    }

    /// A word; the first ones come often, the last ones hardly ever, as in any language.
    fn word(&mut self) -> String {
        let most = 1 << self.below(64 - u64::from(WORDS.leading_zeros()) + 1);
        word(self.below(most).min(WORDS - 1))
    }

    fn text(&mut self, words: u64) -> String {
        let words: Vec<_> = (0..words).map(|_| self.word()).collect();
        words.join(" ")
    }
}

/// The `n`th word: syllables.
fn word(n: u64) -> String {
    const COMMON: [&str; 8] = [
        "the",
        "of",
        "and",
        "partnership",
        "board",
        "plan",
        "care",
        "to",
    ];
    if let Some(word) = COMMON.get(n as usize) {
        return (*word).to_owned();
    }
    let (mut n, mut word) = (n, String::new());
    while n > 0 {
        word.push(b"bcdfglmnprst"[(n % 12) as usize] as char);
        word.push(b"aeiou"[(n / 12 % 5) as usize] as char);
        n /= 23;
    }
    word
}

/// The `n`th entry: a tenth are new milestones, the others say how things stand and what was decided.
fn event(n: u64) -> Event {
    let mut dice = Dice(n * 7919);
    if n < BODIES {
        let name = dice.text(3);
        return say(
            "BodyEstablished",
            &format!("body/b{n}"),
            "registrar",
            json!({"name": name}),
        );
    }
    let milestone = format!("milestone/m{}", dice.below(n / 10 + 1) * 10);
    let mut event = match n % 10 {
        0 => {
            let due = ["24/25", "25/26", "Q3 2025/26", "14 May 2025"][dice.below(4) as usize];
            let capacity = format!("secretary body/b{}", dice.below(BODIES));
            let fields = json!({"title": dice.text(6), "due": due, "level": "deliverable"});
            say(
                "MilestoneSet",
                &format!("milestone/m{n}"),
                &capacity,
                fields,
            )
        }
        1 | 2 => {
            let fields = json!({"title": dice.text(8), "text": dice.text(30), "kind": "agreed",
                "body": format!("body/b{}", dice.below(BODIES))});
            say(
                "DecisionMade",
                &format!("decision/d{n}"),
                "secretary",
                fields,
            )
        }
        3 => {
            let fields = json!({"text": dice.text(12), "owner": "Director of Workforce",
                "body": format!("body/b{}", dice.below(BODIES)), "due": "July 2025"});
            say(
                "ActionAssigned",
                &format!("action/a{n}"),
                "secretary",
                fields,
            )
        }
        4 => {
            let fields = json!({"from": "24/25", "to": "25/26", "standing": "reported",
                "reason": dice.text(10)});
            say("MilestoneSlipped", &milestone, "secretary", fields)
        }
        _ => {
            let fields = json!({"report": format!("r{n}"), "narrative": dice.text(20)});
            say("StatusReported", &milestone, "secretary", fields)
        }
    };
    event.common.confidentiality = match n % 17 {
        0 => Confidentiality::Restricted,
        1 | 2 => Confidentiality::Part2,
        _ => Confidentiality::Public,
    };
    event
}

fn chunk(from: u64, to: u64) -> Vec<Recorded<Content>> {
    let given = Given::default();
    let entries = (from..to).map(|n| {
        let mut entry = given.signed(ANNA, event(n));
        entry.position = n;
        entry.recorded_at += n as i64 * 60;
        entry.claims.digest = minutebook_events::Digest::of(&n.to_be_bytes());
        entry.into_content()
    });
    entries.collect()
}

fn each_chunk(entries: u64, mut fold: impl FnMut(&[Recorded<Content>])) {
    let mut from = 0;
    while from < entries {
        let to = (from + CHUNK).min(entries);
        fold(&chunk(from, to));
        from = to;
    }
}

/// How long this thread has been on a processor.
fn busy() -> Duration {
    // The kernel brings the figure up to date when the thread gives way.
    std::thread::yield_now();
    let times = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    let nanoseconds = times.split(' ').next().unwrap();
    Duration::from_nanos(nanoseconds.parse().unwrap())
}

/// Memory in use, in bytes.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmRSS:"))
        .unwrap();
    let kilobytes = line.split_whitespace().nth(1).unwrap();
    kilobytes.parse::<u64>().unwrap() * 1024
}

fn main() {
    let entries = std::env::args()
        .nth(1)
        .map_or(100_000, |n| n.parse().unwrap());
    let mut views = Views::default();
    each_chunk(entries, |chunk| {
        chunk.iter().for_each(|entry| views.apply(entry))
    });

    let before = memory();
    let mut index = SearchIndex::default();
    let mut folding = Duration::ZERO;
    each_chunk(entries, |chunk| {
        let start = busy();
        chunk.iter().for_each(|entry| index.fold(entry));
        folding += busy() - start;
    });
    println!(
        "{entries} entries: fold {:.2} µs, {} bytes an entry",
        folding.as_secs_f64() * 1e6 / entries as f64,
        memory().saturating_sub(before) / entries
    );

    let mut all = Vec::new();
    for (name, ask) in QUESTIONS {
        let mut dice = Dice(42);
        let mut times = Vec::new();
        let mut found = 0;
        for _ in 0..200 {
            let query = ask(&mut dice, entries);
            let reader =
                [Confidentiality::Public, Confidentiality::Restricted][dice.below(2) as usize];
            let start = busy();
            found += index.search(views.now(reader), &query).hits.len();
            times.push(busy() - start);
        }
        all.extend_from_slice(&times);
        report(name, &mut times, found);
    }
    report("all", &mut all, 0);
}

fn report(name: &str, times: &mut [Duration], found: usize) {
    times.sort();
    let at = |share: usize| times[(times.len() - 1) * share / 100].as_secs_f64() * 1e3;
    println!(
        "{name:<28} median {:>7.3} ms  p99 {:>7.3} ms  most {:>7.3} ms  hits {found}",
        at(50),
        at(99),
        at(100)
    );
}

type Ask = fn(&mut Dice, u64) -> Query;

fn parse(text: &str) -> Query {
    Query::parse(text).unwrap()
}

const QUESTIONS: [(&str, Ask); 9] = [
    ("any word", |dice, _| parse(&dice.word())),
    ("the most common word", |_, _| parse("partnership")),
    ("a rare word", |dice, _| {
        parse(&word(4_000 + dice.below(4_000)))
    }),
    ("two letters", |dice, _| {
        parse(&word(10 + dice.below(20))[..2])
    }),
    ("three words", |dice, _| parse(&dice.text(3))),
    ("eight words", |dice, _| parse(&dice.text(8))),
    ("a phrase that occurs", |dice, entries| {
        let said = event(dice.below(entries) / 10 * 10 + 5).to_json();
        let words = said["narrative"].as_str().unwrap().to_owned();
        let words: Vec<_> = words.split(' ').skip(2).take(3).collect();
        parse(&format!("\"{}\"", words.join(" ")))
    }),
    ("a phrase of common words", |_, _| {
        parse("\"of the partnership\"")
    }),
    ("a word, kind, body and time", |dice, entries| {
        let mut query = parse(&dice.word());
        query.kinds = vec![Kind::Decision, Kind::Milestone];
        query.bodies = vec![id(&format!("body/b{}", dice.below(BODIES)))];
        query.from = Some(given::NOON + (entries / 2) as i64 * 60);
        query
    }),
];
