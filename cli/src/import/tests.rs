#![allow(clippy::unwrap_used, clippy::panic)]
//! The five seed files, by hand: what each must become, and what each must never say.

use std::collections::BTreeMap;

use minutebook_events::{Event, EventType, Payload, PersonId};

use super::*;
use crate::output::Page;

mod again;
mod refusals;
mod stories;

const CANDI: (&str, &str) = (
    "candi-transformation.yaml",
    include_str!("../../seeds/candi-transformation.yaml"),
);
const NLMHP: (&str, &str) = (
    "nlmhp-strategy.yaml",
    include_str!("../../seeds/nlmhp-strategy.yaml"),
);
const CONCORDAT: (&str, &str) = (
    "nwl-concordat.yaml",
    include_str!("../../seeds/nwl-concordat.yaml"),
);
const NWL: (&str, &str) = (
    "nwl-strategy.yaml",
    include_str!("../../seeds/nwl-strategy.yaml"),
);
const SWL: (&str, &str) = (
    "swl-partnerships.yaml",
    include_str!("../../seeds/swl-partnerships.yaml"),
);
const ALL: [(&str, &str); 5] = [CANDI, NLMHP, CONCORDAT, NWL, SWL];

fn import(known: &Known, (name, text): (&str, &str)) -> Result<ImportPlan, Vec<ImportError>> {
    let mut count = 0u8;
    plan_import(name, text, known, &mut || {
        count += 1;
        PersonId::from_random([count; 16])
    })
}

fn planned(file: (&str, &str)) -> ImportPlan {
    import(&Known::default(), file).unwrap_or_else(|errors| panic!("{}", lines(&errors)))
}

fn lines(errors: &[ImportError]) -> String {
    errors.iter().map(|error| format!("{error}\n")).collect()
}

/// What a ledger knows once these plans are recorded, one entry after another.
fn recorded(plans: &[&ImportPlan]) -> Known {
    let mut known = Known::default();
    for (position, step) in plans.iter().flat_map(|plan| &plan.steps).enumerate() {
        // Entry 0 is the genesis.
        known.learn(position as u64 + 1, &step.event);
    }
    known
}

fn said(plan: &ImportPlan) -> String {
    let mut page = Page::new(100);
    plan.tell(&mut page);
    page.text().to_owned()
}

fn of_type(plan: &ImportPlan, event: EventType) -> Vec<&Event> {
    plan.steps
        .iter()
        .map(|step| &step.event)
        .filter(|one| one.event_type() == event)
        .collect()
}

fn about(plan: &ImportPlan, subject: &str) -> Vec<Event> {
    let about = plan.steps.iter().map(|step| &step.event);
    about
        .filter(|event| event.common.subject.to_string() == subject)
        .cloned()
        .collect()
}

fn types(events: &[Event]) -> Vec<&'static str> {
    events
        .iter()
        .map(|event| event.event_type().name())
        .collect()
}

fn encoded(step: &Step) -> Vec<u8> {
    let mut event = step.event.clone();
    event.common.sealed = step
        .sealed
        .iter()
        .map(|part| minutebook_events::Digest::of(&part.body))
        .collect();
    event.encode().unwrap()
}

/// `record_counts` of each file, copied by hand.
const COUNTS: [(&str, usize); 5] = [
    ("candi-transformation", 37),
    ("nlmhp-strategy", 190),
    ("nwl-concordat", 34),
    ("nwl-strategy", 93),
    ("swl-partnerships", 70),
];

#[test]
fn every_record_is_events_or_an_explained_omission() {
    for (file, (id, count)) in ALL.into_iter().zip(COUNTS) {
        let plan = planned(file);
        assert_eq!((plan.document_id.as_str(), plan.records.len()), (id, count));
        assert_eq!(plan.counts(), (count, 0, 0), "{id}");
        // Every record stands in the source of at least one event, and no event stands apart.
        let mut by_record: BTreeMap<&str, usize> = BTreeMap::new();
        for step in &plan.steps {
            let source = step.event.common.source.as_ref().unwrap();
            assert_eq!(
                source.record.as_deref(),
                Some(format!("{id}/{}", step.record).as_str())
            );
            assert!(step.event.common.imported);
            *by_record.entry(&step.record).or_default() += 1;
        }
        assert_eq!(by_record.len(), count + 1, "the records and the document");
        for handled in &plan.records {
            assert_eq!(
                handled.outcome,
                Outcome::Events(by_record[handled.record.as_str()])
            );
        }
        let Payload::DocumentImported(document) = &plan.steps.last().unwrap().event.payload else {
            panic!("the document comes last")
        };
        assert_eq!(document.records_made, count as u64);
        assert_eq!(document.document.size, file.1.len() as u64);
    }
}

#[test]
fn every_event_can_be_signed_by_the_officer_it_is_given_to() {
    for plan in ALL.map(planned) {
        for step in &plan.steps {
            let bytes = encoded(step);
            assert!(bytes.len() < 8 * 1024, "{}", step.record);
            let decoded = Event::decode(&bytes).unwrap();
            assert_eq!(decoded.payload, step.event.payload);
            assert_eq!(step.event.common.capacity.role, step.signer.role());
            assert!(
                step.event.authority().roles.contains(&step.signer.role()),
                "{}",
                step.record
            );
        }
    }
}

#[test]
fn what_is_referred_to_comes_first() {
    for plan in ALL.map(planned) {
        let subjects: Vec<_> = plan
            .steps
            .iter()
            .map(|step| &step.event.common.subject)
            .collect();
        for (at, step) in plan.steps.iter().enumerate() {
            let mut json = step.event.to_json();
            json["sealed"] = serde_json::Value::Null;
            let text = json.to_string();
            for later in &subjects[at + 1..] {
                let quoted = format!("\"{later}\"");
                assert!(
                    subjects[..=at].contains(later) || !text.contains(&quoted),
                    "{} refers to {later}, which comes later",
                    step.record
                );
            }
        }
    }
}

#[test]
fn no_name_of_a_person_stands_in_the_open_record() {
    let mut sealed_names = 0;
    for (file, text) in ALL {
        let plan = planned((file, text));
        let root = node::Node::parse(text).unwrap();
        let people = root
            .get("people")
            .and_then(node::Node::items)
            .unwrap_or_default();
        let names: Vec<&str> = people
            .iter()
            .filter_map(|one| one.get("name")?.text())
            .collect();
        for step in &plan.steps {
            let bytes = encoded(step);
            let open = String::from_utf8_lossy(&bytes);
            for name in &names {
                let surname = name.split(' ').next_back().unwrap();
                for part in [name, surname] {
                    assert!(!open.contains(part), "{part} in {}", step.record);
                    assert!(
                        !open.contains(&part.to_lowercase()),
                        "{part} in {}",
                        step.record
                    );
                }
            }
            sealed_names += step.sealed.len();
        }
        let report = format!("{}{}", said(&plan), plan.to_json());
        assert!(names.iter().all(|name| !report.contains(name)), "{report}");
    }
    assert_eq!(sealed_names, 6);
    let section = planned(CONCORDAT)
        .steps
        .into_iter()
        .find(|step| step.record == "milestones/national-coverage");
    let section = section.unwrap().event.common.source.unwrap().section;
    assert_eq!(
        section.as_deref(),
        Some("Quotation, Care and Support Minister")
    );
}
