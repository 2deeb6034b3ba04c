//! Folds: total on anything, and the same however they are cut.

use minutebook_events::catalogue::example;
use minutebook_events::{
    Bytes, Capacity, Confidentiality, Content, EventType, Judge, Recorded, Role, SubjectId,
};
use minutebook_projections::Views;
use proptest::prelude::*;
use serde_json::json;

use crate::board::{CALLED, MAY, board, document, held, made, voting};
use crate::given::{ANNA, BEN, CARA, DAN, Given, say};

/// Any type of event about any of a few subjects, at any position, by any of a few people.
pub fn anything() -> impl Strategy<Value = Recorded<Content>> {
    let event = 0..EventType::ALL.len();
    let subject = (0usize..8, 0..EventType::ALL.len(), 0..3u8);
    let how = (0..10u8, any::<bool>(), 0..8u8);
    (event, subject, 0u64..40, 0..4u8, how).prop_map(
        |(event, (keep, other, name), position, who, (gone, imported, level))| {
            let mut event = example(EventType::ALL[event]);
            if keep == 0 {
                event.common.subject = example(EventType::ALL[other]).common.subject;
            } else if keep < 4 {
                let kind = event.common.subject.kind();
                event.common.subject = SubjectId::new(kind, &format!("n{name}")).unwrap();
            }
            event.common.imported = imported;
            event.common.confidentiality = match level {
                0 => Confidentiality::Restricted,
                1 | 2 => Confidentiality::Part2,
                _ => Confidentiality::Public,
            };
            let who = [ANNA, BEN, CARA, DAN][usize::from(who)];
            let mut entry = Given::default().signed(who, event).into_content();
            entry.position = position;
            match gone {
                0 => entry.body = Content::Withheld,
                1 => entry.body = Content::Erased,
                _ => {}
            }
            entry
        },
    )
}

pub fn fold(views: &mut Views, entries: &[Recorded<Content>]) {
    entries.iter().for_each(|entry| views.apply(entry));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_fold_cut_anywhere_saved_and_loaded_is_the_same_fold(
        entries in proptest::collection::vec(anything(), 0..60),
        cut in 0usize..60,
    ) {
        let mut whole = Views::default();
        fold(&mut whole, &entries);

        let (first, rest) = entries.split_at(cut.min(entries.len()));
        let mut prefix = Views::default();
        fold(&mut prefix, first);
        let saved = prefix.save();
        let mut loaded = Views::load(saved.clone().into()).unwrap();
        prop_assert_eq!(loaded.save(), saved.clone());
        fold(&mut loaded, rest);
        prop_assert_eq!(loaded.save(), whole.save());
        // The copy is apart from what it was copied from.
        let mut copy = prefix.clone();
        fold(&mut copy, rest);
        prop_assert_eq!(prefix.save(), saved);
        prop_assert_eq!(copy.save(), whole.save());
    }

    #[test]
    fn judging_never_panics_and_says_the_same_after_loading(
        entries in proptest::collection::vec(anything(), 0..40),
        candidate in anything(),
    ) {
        let mut views = Views::default();
        fold(&mut views, &entries);
        let loaded = Views::load(views.save().into()).unwrap();
        if let Content::Event(event) = &candidate.body {
            let candidate = Recorded {
                position: candidate.position,
                recorded_at: candidate.recorded_at,
                claims: candidate.claims.clone(),
                body: (**event).clone(),
            };
            prop_assert_eq!(views.admit(&candidate), loaded.admit(&candidate));
        }
    }

    #[test]
    fn judging_what_officers_say_never_panics_whatever_there_is(
        entries in proptest::collection::vec(anything(), 0..40),
        candidates in proptest::collection::vec(anything(), 1..10),
    ) {
        // Everything that the examples name is there, so that the rules behind that one are asked.
        let mut given = Given::opened();
        for event in EventType::ALL {
            if *event != EventType::LedgerOpened {
                given.views.apply(&given.signed(ANNA, example(*event)).into_content());
            }
        }
        fold(&mut given.views, &entries);
        let loaded = Views::load(given.views.save().into()).unwrap();
        for candidate in candidates {
            let Content::Event(event) = candidate.body else { continue };
            let mut entry = given.signed(CARA, *event);
            entry.position = candidate.position;
            for role in [Role::Secretary, Role::Chair] {
                entry.body.common.capacity = Capacity::ledger_wide(role);
                prop_assert_eq!(given.views.admit(&entry), loaded.admit(&entry));
            }
        }
    }

    #[test]
    fn what_was_admitted_is_admitted_again(steps in proptest::collection::vec((0..12u8, 0..4u8), 0..60)) {
        let mut given = board();
        for (step, n) in steps {
            let milestone = format!("milestone/m{n}");
            let event = match step {
                0 | 1 => say("MilestoneSet", &milestone, "secretary", json!({"title": "T", "due": "24/25"})),
                2 => say("MilestoneSlipped", &milestone, "secretary", json!({"from": "24/25",
                    "to": "25/26", "standing": "reported", "reason": "R"})),
                3 => say("MilestoneCompleted", &milestone, "secretary", json!({})),
                4 => say("MilestoneReopened", &milestone, "secretary", json!({"reason": "R"})),
                5 | 6 => made(&format!("decision/d{n}"), json!({"meeting": (if n % 2 == 0 { MAY } else { CALLED })})),
                7 => held(CALLED, json!({"present": voting(&[ANNA, BEN])})),
                8 => say("DecisionSuperseded", &format!("decision/d{n}"), "secretary",
                    json!({"superseded_by": format!("decision/d{}", (n + 1) % 4)})),
                9 => say("DecisionRescinded", &format!("decision/d{n}"), "secretary",
                    json!({"reason": "R", "meeting": MAY})),
                10 => say("MinutesDrafted", &format!("minutes/m{n}"), "secretary",
                    json!({"minutes_of": CALLED, "document": document('a'), "version": n + 1})),
                _ => say("StatusReported", &milestone, "secretary", json!({"report": "r", "narrative": "N"})),
            };
            let entry = given.signed(if n % 2 == 0 { ANNA } else { CARA }, event);
            if given.views.admit(&entry).is_ok() {
                given = given.and_entry(entry);
            }
        }
        let mut replay = Views::default();
        for entry in &given.entries {
            prop_assert_eq!(replay.admit(entry), Ok(()));
            replay.apply(&entry.clone().into_content());
            replay = Views::load(replay.save().into()).unwrap();
        }
        prop_assert_eq!(replay.save(), given.views.save());
    }
}

#[test]
fn every_example_folds_and_is_counted() {
    let mut views = Views::default();
    for (position, event) in EventType::ALL.iter().enumerate() {
        let mut entry = Given::default()
            .signed(ANNA, example(*event))
            .into_content();
        entry.position = position as u64;
        views.apply(&entry);
    }
    assert!(
        EventType::ALL
            .iter()
            .all(|event| views.records.count(*event) == 1)
    );
    assert_eq!(views.records.counts().iter().count(), EventType::ALL.len());
    assert!(Views::load(views.save().into()).is_some());
}

#[test]
fn what_is_no_snapshot_is_not_loaded() {
    let saved = Given::opened().views.save();
    assert!(Views::load(saved.clone().into()).is_some());
    assert!(Views::load(Bytes::new()).is_none());
    assert!(Views::load(saved[..saved.len() - 1].to_vec().into()).is_none());
    let longer = [saved.as_slice(), &[0]].concat();
    assert!(Views::load(longer.into()).is_none());
    // Of another version.
    let mut other = saved.clone();
    other[16] += 1;
    assert!(Views::load(other.into()).is_none());
    // Damaged anywhere: what is read later would not be what was written.
    for at in 0..saved.len() {
        let mut damaged = saved.clone();
        damaged[at] ^= 1;
        assert!(Views::load(damaged.into()).is_none(), "at byte {at}");
    }
}
