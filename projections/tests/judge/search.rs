//! Search: what is found, by whom, and as of when.

use minutebook_events::catalogue::example;
use minutebook_events::{Confidentiality, Content, Event, EventType, Judge, Kind, Recorded};
use minutebook_projections::search::{Hit, Hits, Query, SearchIndex};
use minutebook_projections::title::title;
use minutebook_projections::{AsOf, Views};
use serde_json::{Value, json};

use crate::given::{ANNA, BEN, DAN, Given, NOON, appointment, id, say};

pub const PUBLIC: Confidentiality = Confidentiality::Public;
pub const PART_2: Confidentiality = Confidentiality::Part2;
pub const RESTRICTED: Confidentiality = Confidentiality::Restricted;

/// A record, and the index over it.
#[derive(Default)]
pub struct Record {
    pub views: Views,
    pub index: SearchIndex,
}

impl Record {
    pub fn of(entries: impl IntoIterator<Item = Recorded<Content>>) -> Self {
        let mut record = Self::default();
        for entry in entries {
            record.views.apply(&entry);
            record.index.fold(&entry);
        }
        record
    }

    fn given(given: &Given) -> Self {
        Self::of(
            given
                .entries
                .iter()
                .map(|entry| entry.clone().into_content()),
        )
    }

    pub fn now(&self, words: &str) -> Hits {
        self.ask(self.views.now(PUBLIC), words)
    }

    pub fn ask(&self, as_of: AsOf<'_>, words: &str) -> Hits {
        self.index.search(as_of, &Query::parse(words).unwrap())
    }

    /// The subjects found now by the public.
    fn found(&self, words: &str) -> Vec<String> {
        subjects(&self.now(words))
    }

    fn found_by(&self, reader: Confidentiality, words: &str) -> Vec<String> {
        subjects(&self.ask(self.views.now(reader), words))
    }
}

fn subjects(hits: &Hits) -> Vec<String> {
    hits.hits
        .iter()
        .map(|hit| hit.subject.to_string())
        .collect()
}

pub fn marked(hit: &Hit) -> Vec<&str> {
    let snippet = &hit.snippet;
    snippet
        .marks
        .iter()
        .map(|mark| &snippet.text[mark.clone()])
        .collect()
}

fn private(mut event: Event, level: Confidentiality) -> Event {
    event.common.confidentiality = level;
    event
}

fn milestone(id: &str, fields: Value) -> Event {
    say("MilestoneSet", id, "secretary", fields)
}

fn report(id: &str, name: &str, narrative: &str) -> Event {
    let fields = json!({"report": name, "narrative": narrative});
    say("StatusReported", id, "secretary", fields)
}

/// A board with a delivery group under it, a plan and what became of it.
fn board() -> Given {
    let body =
        |id: &str, name: &str| say("BodyEstablished", id, "registrar", json!({"name": name}));
    let meeting = json!({"title": "Delivery Group, May 2025", "body": "body/pdg", "date": "14 May 2025",
        "place": "Town Hall"});
    let decision = json!({"title": "2025/26 delivery plan agreed", "body": "body/pdg", "kind": "agreed",
        "text": "The group agreed the plan, with additional capacity across partners."});
    let minutes = json!({"minutes_of": "meeting/may", "version": 1, "document": {"blake3": "11".repeat(32),
        "sha256": "22".repeat(32), "size": 1, "media_type": "application/pdf", "name": "m.pdf"}});
    Given::opened()
        .organisation("organisation/t")
        .said(ANNA, body("body/board", "Partnership Board"))
        .said(ANNA, body("body/pdg", "Partnership Delivery Group"))
        .said(
            ANNA,
            say("MeetingCalled", "meeting/may", "secretary", meeting),
        )
        .said(
            ANNA,
            say("MinutesDrafted", "minutes/may", "secretary", minutes),
        )
        .said(
            ANNA,
            say("DecisionMade", "decision/plan", "secretary", decision),
        )
        .said(
            ANNA,
            milestone(
                "milestone/line",
                json!({"title": "Children\u{2019}s crisis line", "due": "24/25"}),
            ),
        )
        .said(
            ANNA,
            milestone(
                "milestone/other",
                json!({"title": "Key workers in each borough", "due": "Q3 2025/26"}),
            ),
        )
        .said(
            ANNA,
            report(
                "milestone/line",
                "r1",
                "Recruitment for sign-off by the partners is slow.",
            ),
        )
        .person(DAN, "signatory", Some("organisation/t"))
}

#[test]
fn words_prefixes_and_phrases_are_found() {
    let record = Record::given(&board());
    for (words, expected) in [
        ("crisis", vec!["milestone/line"]),
        ("CRISIS Líne", vec!["milestone/line"]),
        ("childrens", vec!["milestone/line"]),
        ("children's", vec!["milestone/line"]),
        ("children", vec!["milestone/line"]),
        // In two entries about one subject.
        ("crisis recruitment", vec!["milestone/line"]),
        ("crisis workers", vec![]),
        (
            "partnership",
            vec!["body/pdg", "body/board", "ledger/north"],
        ),
        (
            "partner",
            vec![
                "body/pdg",
                "body/board",
                "ledger/north",
                "milestone/line",
                "decision/plan",
            ],
        ),
        ("partnerships", vec![]),
        ("sign-off", vec!["milestone/line"]),
        ("signoff", vec!["milestone/line"]),
        ("\"by the partners\"", vec!["milestone/line"]),
        ("\"the partners by\"", vec![]),
        ("\"for sign-off by\"", vec!["milestone/line"]),
        // A phrase does not go on from the due date into the title, or the other way.
        ("\"line 24/25\"", vec![]),
        ("\"24/25 children's\"", vec![]),
        ("24/25", vec!["milestone/line"]),
        ("2024-25", vec!["milestone/line"]),
        ("25/26", vec!["decision/plan", "milestone/other"]),
        ("FY26", vec!["decision/plan", "milestone/other"]),
        (
            "2025",
            vec![
                "decision/plan",
                "meeting/may",
                "milestone/other",
                "ledger/north",
            ],
        ),
        ("town hall", vec!["meeting/may"]),
        ("signatory", vec![&*DAN.subject()]),
        ("", vec![]),
        ("11111111", vec![]),
        ("pdf secretary", vec![]),
    ] {
        assert_eq!(record.found(words), expected, "{words}");
    }
}

#[test]
fn a_hit_says_what_where_and_how_often() {
    let given = board().said(
        ANNA,
        report(
            "milestone/line",
            "r2",
            "The line is open to every partner. Recruitment ends.",
        ),
    );
    let record = Record::given(&given);
    let hits = record.now("recruitment partner crisis").hits;
    let [hit] = hits.as_slice() else {
        panic!("{hits:?}")
    };
    assert_eq!(hit.title.as_deref(), Some("Children\u{2019}s crisis line"));
    assert_eq!(hit.position, given.size() - 1);
    assert_eq!(hit.recorded_at, NOON + given.size() as i64 - 1);
    assert_eq!(hit.entries, 3);
    assert_eq!(
        hit.snippet.text,
        "The line is open to every partner. Recruitment ends."
    );
    assert_eq!(marked(hit), ["partner", "Recruitment"]);
}

#[test]
fn titles_come_first_then_more_entries_then_newer_ones() {
    let aim = |name: &str, title: &str| {
        say(
            "AimSet",
            &format!("aim/{name}"),
            "secretary",
            json!({"title": title, "level": "aim"}),
        )
    };
    let given = Given::opened()
        .said(ANNA, aim("a", "Housing"))
        .said(ANNA, aim("b", "Work"))
        .said(ANNA, aim("c", "Wellbeing"))
        .said(ANNA, aim("d", "Work and wellbeing"))
        .said(ANNA, report("aim/a", "r1", "Wellbeing first."))
        .said(ANNA, report("aim/a", "r2", "Wellbeing, again."))
        .said(ANNA, report("aim/b", "r1", "Wellbeing counts."));
    let record = Record::given(&given);
    assert_eq!(
        record.found("wellbeing"),
        ["aim/d", "aim/c", "aim/a", "aim/b"]
    );
    assert_eq!(record.found("work wellbeing"), ["aim/d", "aim/b"]);
    let mut query = Query::parse("wellbeing").unwrap();
    query.limit = 3;
    let hits = record.index.search(record.views.now(PUBLIC), &query);
    assert_eq!((subjects(&hits).len(), hits.more), (3, true));
    query.limit = 4;
    assert!(!record.index.search(record.views.now(PUBLIC), &query).more);
}

#[test]
fn filters_narrow_what_is_found() {
    let given = board();
    let record = Record::given(&given);
    let as_of = record.views.now(PUBLIC);
    let with = |edit: &dyn Fn(&mut Query)| {
        let mut query = Query::parse("partner").unwrap();
        edit(&mut query);
        subjects(&record.index.search(as_of, &query))
    };
    assert_eq!(
        with(&|query| query.kinds = vec![Kind::Milestone]),
        ["milestone/line"]
    );
    assert_eq!(
        with(&|query| query.kinds = vec![Kind::Decision, Kind::Milestone]),
        ["milestone/line", "decision/plan"]
    );
    assert_eq!(
        with(&|query| query.bodies = vec![id("body/pdg")]),
        ["body/pdg", "decision/plan"]
    );
    assert_eq!(with(&|query| query.bodies = vec![id("body/none")]), [""; 0]);
    let reported = NOON + 9;
    assert_eq!(given.entries[9].recorded_at, reported);
    assert_eq!(
        with(&|query| query.from = Some(reported)),
        ["milestone/line"]
    );
    assert_eq!(
        with(&|query| query.before = Some(reported)),
        ["body/pdg", "body/board", "ledger/north", "decision/plan"]
    );
    assert_eq!(
        with(&|query| (query.from, query.before) = (Some(reported), Some(reported))),
        [""; 0]
    );
}

#[test]
fn an_earlier_moment_has_the_earlier_wording() {
    let strategy = json!({"title": "Five-year strategy"});
    let refreshed = json!({"title": "Health and care strategy", "changes": "Adds housing."});
    let given = Given::opened().said(
        ANNA,
        say("StrategyAdopted", "strategy/s", "secretary", strategy),
    );
    let before = given.size();
    let given = given.said(
        ANNA,
        say("StrategyRefreshed", "strategy/s", "secretary", refreshed),
    );
    let record = Record::given(&given);
    let then = record.views.as_of(before, PUBLIC);
    let hit = &record.ask(then, "strategy").hits[0];
    assert_eq!(hit.title.as_deref(), Some("Five-year strategy"));
    assert_eq!((hit.entries, hit.position), (1, before - 1));
    assert!(record.ask(then, "housing").hits.is_empty());
    assert!(record.ask(then, "care").hits.is_empty());
    assert!(
        record
            .ask(record.views.as_of(0, PUBLIC), "strategy")
            .hits
            .is_empty()
    );
    let hit = &record.now("strategy").hits[0];
    assert_eq!(hit.title.as_deref(), Some("Health and care strategy"));
    assert_eq!(hit.entries, 2);
    // What was once said is found, though it is not the title now.
    assert_eq!(record.found("five-year strategy"), ["strategy/s"]);
}

#[test]
fn private_entries_are_found_by_their_readers_alone() {
    let given = board()
        .said(
            ANNA,
            private(
                report("milestone/line", "p", "The landlord withdrew; crisis."),
                PART_2,
            ),
        )
        .said(
            ANNA,
            private(
                report("milestone/line", "q", "A grievance is open."),
                RESTRICTED,
            ),
        )
        .said(
            ANNA,
            private(
                milestone("milestone/secret", json!({"title": "Closure of the ward"})),
                PART_2,
            ),
        )
        .said(ANNA, report("milestone/secret", "s", "On course."));
    let record = Record::given(&given);
    for (words, readers) in [
        ("landlord", 1),
        ("grievance", 2),
        ("closure", 1),
        ("withdrew grievance", 2),
    ] {
        for (rank, reader) in [PUBLIC, PART_2, RESTRICTED].into_iter().enumerate() {
            let found = record.found_by(reader, words);
            assert_eq!(!found.is_empty(), rank >= readers, "{words} {reader:?}");
        }
    }
    assert_eq!(record.now("crisis").hits[0].entries, 1);
    assert_eq!(
        record.ask(record.views.now(PART_2), "crisis").hits[0].entries,
        2
    );
    // An entry that is public is found; the title of what it is about is not shown.
    let hits = record.now("\"on course\"").hits;
    assert_eq!(hits[0].subject, id("milestone/secret"));
    assert_eq!(hits[0].title, None);
    let hits = record.ask(record.views.now(PART_2), "\"on course\"").hits;
    assert_eq!(hits[0].title.as_deref(), Some("Closure of the ward"));
}

fn erasure(given: &Given, position: u64) -> Recorded<Content> {
    let digest = given.entries[usize::try_from(position).unwrap()]
        .claims
        .digest;
    let mut event = example(EventType::ContentErased);
    if let minutebook_events::Payload::ContentErased(fields) = &mut event.payload {
        std::sync::Arc::make_mut(fields).digest = digest;
    }
    given.signed(BEN, event).into_content()
}

#[test]
fn what_is_erased_or_withheld_is_never_found() {
    let given = board().said(ANNA, report("milestone/line", "r2", "About a grievance."));
    let at = given.size() - 1;
    for gone in [Content::Erased, Content::Withheld] {
        let entries = given.entries.iter().map(|entry| {
            let mut entry = entry.clone().into_content();
            if entry.position == at {
                entry.body = gone.clone();
            }
            entry
        });
        let record = Record::of(entries.chain([erasure(&given, at)]));
        assert!(record.found_by(RESTRICTED, "grievance").is_empty());
        assert!(!record.index.is_stale(&record.views), "it never held it");
    }
}

#[test]
fn an_index_that_has_seen_what_was_erased_finds_it_no_more_and_is_stale() {
    let given = board().said(
        ANNA,
        report("milestone/line", "r2", "About a grievance; crisis."),
    );
    let mut record = Record::given(&given);
    assert_eq!(record.found("grievance"), ["milestone/line"]);
    assert!(!record.index.is_stale(&record.views));
    let erased = erasure(&given, given.size() - 1);
    record.views.apply(&erased);
    assert!(record.index.is_stale(&record.views), "the views know more");
    record.index.fold(&erased);
    assert!(
        record.index.is_stale(&record.views),
        "its words are still there"
    );
    for reader in [PUBLIC, RESTRICTED] {
        assert!(record.found_by(reader, "grievance").is_empty());
        let hits = record.ask(record.views.now(reader), "crisis").hits;
        assert_eq!(hits[0].entries, 1);
    }
    // Not at a moment before the erasure either.
    let before = record.views.as_of(given.size(), RESTRICTED);
    assert!(record.ask(before, "grievance").hits.is_empty());
    // What another entry says under the same subject stays.
    assert_eq!(record.found("recruitment"), ["milestone/line"]);
}

#[test]
fn titles_are_those_of_the_moment_and_the_reader() {
    let given = board()
        .said(ANNA, appointment(BEN, "chair", Some("body/pdg")))
        .said(
            ANNA,
            private(appointment(DAN, "member", Some("body/board")), PART_2),
        );
    let views = &given.views;
    let as_of = views.now(PUBLIC);
    let called = |as_of, name: &str| title(as_of, &id(name));
    assert_eq!(
        called(as_of, "body/pdg").as_deref(),
        Some("Partnership Delivery Group")
    );
    assert_eq!(
        called(as_of, "minutes/may").as_deref(),
        Some("Minutes of Delivery Group, May 2025")
    );
    assert_eq!(
        called(as_of, &DAN.subject()).as_deref(),
        Some("signatory, North Mental Health Trust")
    );
    assert_eq!(
        called(views.now(PART_2), &DAN.subject()).as_deref(),
        Some("signatory, North Mental Health Trust; member, Partnership Board")
    );
    assert_eq!(called(views.as_of(1, PUBLIC), "body/pdg"), None);
    assert_eq!(called(as_of, "record/1"), None);
    assert_eq!(called(as_of, "body/none"), None);
}

#[test]
fn every_example_has_the_title_that_its_words_find() {
    for event in EventType::ALL {
        for level in [PUBLIC, PART_2] {
            let mut event = example(*event);
            event.common.confidentiality = level;
            let subject = event.common.subject.clone();
            let record = Record::of([Given::default().signed(ANNA, event).into_content()]);
            let shown = title(record.views.now(PUBLIC), &subject);
            assert!(level == PUBLIC || shown.is_none(), "{subject}: {shown:?}");
            let Some(called) = title(record.views.now(PART_2), &subject) else {
                continue;
            };
            if subject.kind() == Kind::Minutes {
                continue;
            }
            let words = called.replace("registrar; ", "");
            let hits = record.ask(record.views.now(PART_2), &format!("\"{words}\""));
            assert_eq!(subjects(&hits), [subject.to_string()], "{called}");
            assert_eq!(hits.hits[0].title.as_deref(), Some(&*called));
        }
    }
}
