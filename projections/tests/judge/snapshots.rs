//! Snapshots: they say what was said, take room for what is new in each version, and are told apart
//! from those of another version.

use std::fmt::Debug;

use minutebook_events::catalogue::example;
use minutebook_events::{Confidentiality, Digest, EventType, Judge, Kind};
use minutebook_projections::Views;
use minutebook_projections::table::{Moment, Table};
use proptest::prelude::*;
use serde_json::json;

use crate::folds::{anything, fold};
use crate::given::{ANNA, Given, id, say};

/// All that a table says to a reader at a moment, in its order.
fn told<T: Debug>(table: &Table<T>, moment: Moment) -> Vec<String> {
    let now = table.iter().map(|(id, value)| format!("{id} {value:?}"));
    let then = table.iter_at(moment).flat_map(|(id, value)| {
        let versions = table.versions(id, moment).collect::<Vec<_>>();
        [format!("{id} {value:?}"), format!("{versions:?}")]
    });
    let kinds = [Kind::Milestone, Kind::Decision].into_iter();
    let by_kind = kinds.flat_map(|kind| table.of_kind(kind, moment));
    let by_kind = by_kind.map(|(id, value)| format!("{id} {value:?}"));
    now.chain(then).chain(by_kind).collect()
}

fn all_told(views: &Views, moment: Moment) -> Vec<String> {
    let entries = views.entries.readable(0..u64::MAX, moment);
    let subjects = Kind::ALL
        .iter()
        .flat_map(|kind| views.subjects.of_kind(*kind));
    let mut all: Vec<_> = entries.map(|entry| format!("{entry:?}")).collect();
    all.extend(subjects.map(|subject| format!("{subject:?}")));
    all.extend(views.plan.walk(moment).map(|step| format!("{step:?}")));
    all.extend(told(&views.decisions, moment));
    all.extend(told(&views.milestones, moment));
    all.extend(told(&views.metrics.table, moment));
    all.extend(told(&views.signoffs, moment));
    all.extend(told(&views.actions, moment));
    all.extend(told(&views.meetings, moment));
    all.extend(told(&views.minutes.table, moment));
    all.extend(told(&views.agreements, moment));
    all.extend(told(&views.risks.table, moment));
    all.extend(told(&views.bodies, moment));
    all.extend(told(&views.consultations, moment));
    all.extend(told(&views.records.remarks, moment));
    all.extend(told(&views.people.persons, moment));
    for (body, _) in views.bodies.iter() {
        let of = views.belonging.subjects_of(body, moment);
        all.extend(of.map(|id| format!("{id} of {body}")));
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_reader_is_told_the_same_of_every_moment_after_loading(
        entries in proptest::collection::vec(anything(), 0..60),
        cut in 0usize..60,
        ticks in 0u64..60,
    ) {
        let mut whole = Views::default();
        fold(&mut whole, &entries);
        let (first, rest) = entries.split_at(cut.min(entries.len()));
        let mut loaded = Views::default();
        fold(&mut loaded, first);
        loaded = Views::load(loaded.save().into()).unwrap();
        fold(&mut loaded, rest);
        for reader in [Confidentiality::Public, Confidentiality::Part2, Confidentiality::Restricted] {
            for ticks in [ticks, u64::MAX] {
                let moment = Moment { ticks, reader };
                prop_assert_eq!(all_told(&loaded, moment), all_told(&whole, moment));
            }
        }
    }
}

/// A milestone that slipped `n` times.
fn slipped(n: usize) -> Given {
    let mut given = Given::opened().milestone("milestone/m", Some("1 May 2025"));
    let day = |n: usize| format!("{} May {}", n % 28 + 1, 2025 + n / 28);
    for n in 0..n {
        let fields = json!({"from": day(n), "to": day(n + 1), "standing": "reported",
            "reason": format!("Reason number {n}, in the words of the paper.")});
        given = given.and(
            ANNA,
            say("MilestoneSlipped", "milestone/m", "secretary", fields),
        );
    }
    given
}

#[test]
fn a_snapshot_grows_with_what_each_version_adds() {
    let size = |n| slipped(n).views.save().len();
    let (none, some, more) = (size(0), size(100), size(400));
    assert!(
        more - none < 5 * (some - none),
        "{none} bytes, {some} after 100 slips, {more} after 400"
    );
}

#[test]
fn a_reader_of_the_public_part_is_told_no_more_after_loading() {
    let mut private = say(
        "MilestoneSlipped",
        "milestone/m",
        "secretary",
        json!({"from": "4 May 2025", "to": "20 June 2025", "standing": "reported", "reason": "Private."}),
    );
    private.common.confidentiality = Confidentiality::Part2;
    let given = slipped(3).and(ANNA, private);
    let loaded = Views::load(given.views.save().into()).unwrap();
    let milestone = id("milestone/m");
    for (reader, changes) in [(Confidentiality::Public, 3), (Confidentiality::Part2, 4)] {
        let moment = Moment {
            ticks: u64::MAX,
            reader,
        };
        let milestone = loaded.milestones.at(&milestone, moment).unwrap();
        assert_eq!(milestone.changes.len(), changes);
    }
}

/// A snapshot is read item by item, long after it was loaded; so one whose items have another shape
/// must not load at all.
#[test]
fn what_the_views_keep_goes_with_the_version() {
    let mut views = Views::default();
    for (position, event) in EventType::ALL.iter().enumerate() {
        let mut entry = Given::default()
            .signed(ANNA, example(*event))
            .into_content();
        entry.position = position as u64;
        views.apply(&entry);
    }
    let saved = views.save();
    let version = u32::from_le_bytes(saved[16..20].try_into().unwrap());
    let digest = Digest::of(&saved[52..]).to_string();
    assert_eq!(
        (version, &digest[..16]),
        (5, "eb4eb3401d8c458b"),
        "what the views keep has changed: raise VERSION in snapshot.rs, and note the digest here"
    );
}
