#![allow(clippy::unwrap_used, clippy::panic)]
//! The five seed files, by hand: what each must become, and what each must never say.

use std::collections::BTreeMap;

use minutebook_events::catalogue::status::Rating;
use minutebook_events::period::compare;
use minutebook_events::{Event, EventType, Payload, PersonId};

use super::*;
use crate::output::Page;

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

#[test]
fn swl_slips_a_year_with_its_reason_and_the_tie_is_inferred() {
    let plan = planned(SWL);
    let events = about(&plan, "milestone/m-mhpc-in-place");
    assert_eq!(types(&events), ["MilestoneSet", "MilestoneSlipped"]);
    let Payload::MilestoneSet(set) = &events[0].payload else {
        panic!()
    };
    let due = set.due.as_ref().unwrap();
    assert_eq!(
        (due.from, due.to),
        (
            Some("2024-04-01".parse().unwrap()),
            Some("2025-03-31".parse().unwrap())
        )
    );
    assert_eq!(due.as_written, None);
    assert_eq!(events[0].common.inferred, ["date"]);
    let Payload::MilestoneSlipped(slip) = &events[1].payload else {
        panic!()
    };
    assert_eq!(slip.to.as_written.as_deref(), Some("25/26"));
    assert_eq!(
        compare(&slip.from, &slip.to).to_string(),
        "slipped one year (24/25 to 25/26)"
    );
    assert_eq!(
        events[1].common.reason.as_deref(),
        Some("system-wide capacity constraints and ICB restructure")
    );
    assert_eq!(events[1].common.inferred, ["link", "date"]);
    assert_eq!(
        slip.standing,
        minutebook_events::catalogue::milestones::Standing::Reported
    );
    assert_eq!(
        of_type(&plan, EventType::MilestoneSlipped).len(),
        1,
        "no other slip is named"
    );
}

#[test]
fn swl_prints_a_rating_column_without_a_value() {
    let plan = planned(SWL);
    let ratings: Vec<_> = of_type(&plan, EventType::StatusReported)
        .into_iter()
        .filter_map(|event| match &event.payload {
            Payload::StatusReported(fields) => {
                Some((fields.report.as_str(), fields.rating.clone()?))
            }
            _ => None,
        })
        .collect();
    assert_eq!(ratings, [("st-adp2", Rating::NotStated)]);
}

#[test]
fn nlmhp_brings_a_milestone_forward_six_months() {
    let events = about(&planned(CANDI), "milestone/m-key-worker");
    assert_eq!(types(&events), ["MilestoneSet", "MilestoneBroughtForward"]);
    let Payload::MilestoneBroughtForward(fields) = &events[1].payload else {
        panic!()
    };
    assert_eq!(
        compare(&fields.from, &fields.to).to_string(),
        "brought forward six months"
    );
    assert_eq!(fields.by.as_deref(), Some("six months"));
    assert_eq!(events[1].common.inferred, ["year", "date"]);
    assert!(
        events[1]
            .common
            .reason
            .as_deref()
            .unwrap()
            .starts_with("make sure everyone")
    );

    let events = about(&planned(CANDI), "milestone/m-vcs-first");
    assert_eq!(types(&events), ["MilestoneSet", "MilestoneCompleted"]);
    assert_eq!(
        events[1]
            .common
            .effective
            .as_ref()
            .unwrap()
            .as_written
            .as_deref(),
        Some("last week")
    );
}

#[test]
fn nwl_narrows_two_dates_under_a_wider_heading() {
    let plan = planned(NWL);
    let restated: Vec<_> = of_type(&plan, EventType::MilestoneDateRestated)
        .into_iter()
        .map(|event| match &event.payload {
            Payload::MilestoneDateRestated(fields) => {
                assert_eq!(event.common.inferred, ["heading"]);
                (
                    event.common.subject.to_string(),
                    fields.from.to_string(),
                    fields.to.to_string(),
                )
            }
            _ => panic!(),
        })
        .collect();
    let wide = "2025/26 and beyond".to_owned();
    assert_eq!(
        restated,
        [
            (
                "milestone/m2526-03-3".into(),
                wide.clone(),
                "December 2025".into()
            ),
            ("milestone/m2526-05-3".into(), wide, "Q3/4 2025/26".into()),
        ]
    );
    assert!(of_type(&plan, EventType::MilestoneSlipped).is_empty());
}

#[test]
fn the_concordat_is_attested_by_25_of_25() {
    let plan = planned(CONCORDAT);
    let [event] = of_type(&plan, EventType::SignOffAttested)[..] else {
        panic!()
    };
    let Payload::SignOffAttested(fields) = &event.payload else {
        panic!()
    };
    assert_eq!((fields.signed, fields.required), (Some(25), Some(25)));
    assert_eq!(event.common.effective, None, "the page is undated");
    assert!(plan.steps.iter().all(|step| {
        let subject = step.event.common.subject.to_string();
        step.event.common.effective.is_none() || subject == "agreement/national-concordat"
    }));
    let Payload::DocumentImported(document) = &plan.steps.last().unwrap().event.payload else {
        panic!()
    };
    assert_eq!(document.date, None);
    assert_eq!(
        document.date_note.as_deref(),
        Some("undated; written as \"today\"")
    );
    // The chair is an appointment of a person without a name, to the body and to the organisation.
    let chairs: Vec<_> = of_type(&plan, EventType::RoleAppointed)
        .into_iter()
        .filter_map(|event| match &event.payload {
            Payload::RoleAppointed(fields) => {
                assert_eq!(fields.role, None, "a post gives no authority");
                Some(fields.of.as_ref()?.to_string())
            }
            _ => None,
        })
        .collect();
    assert_eq!(
        chairs,
        [
            "body/nwl-mh-programme-board",
            "organisation/west-london-ccg",
            "organisation/mind",
            "organisation/met-police"
        ]
    );
}

fn decisions(plan: &ImportPlan, event: EventType) -> Vec<String> {
    of_type(plan, event)
        .into_iter()
        .map(|one| one.common.subject.name().to_owned())
        .collect()
}

#[test]
fn what_is_still_to_be_decided_is_never_a_decision_made() {
    let lists = ALL.map(|file| {
        let plan = planned(file);
        (
            decisions(&plan, EventType::DecisionMade),
            decisions(&plan, EventType::DecisionForeseen),
        )
    });
    let made: Vec<_> = lists.iter().flat_map(|(made, _)| made).collect();
    let foreseen: Vec<_> = lists.iter().flat_map(|(_, foreseen)| foreseen).collect();
    assert_eq!(
        made,
        [
            "dec-commission-12",
            "dec-plan-agreed",
            "dec-plan-approved",
            "dec-complex-care-board",
            "dec-launch",
            "dec-plan-2526",
            "dec-received-output",
            "dec-mhpc-reset",
        ]
    );
    assert_eq!(
        foreseen,
        [
            "dec-org-form",
            "dec-name",
            "dec-lead-provider",
            "dec-model-of-care",
            "dec-strategy-refresh"
        ]
    );
    let plan = planned(SWL);
    let bodies: Vec<_> = of_type(&plan, EventType::DecisionMade)
        .into_iter()
        .filter_map(|event| match &event.payload {
            Payload::DecisionMade(fields) => Some(fields.body.as_ref()?.to_string()),
            _ => None,
        })
        .collect();
    assert_eq!(
        bodies,
        ["body/swl-mh-pdg"],
        "only where it was made at the body's own meeting"
    );
}

#[test]
fn meetings_are_held_only_where_the_document_says_so() {
    let held = |file| decisions(&planned(file), EventType::MeetingHeld);
    assert_eq!(held(CANDI), ["cmh-summit-2021"]);
    assert_eq!(held(SWL), ["pdg-2025-03", "conf-2024", "board-2025-05"]);
    assert!(
        held(NWL).is_empty(),
        "a paper for a meeting does not say that it met"
    );
    assert_eq!(decisions(&planned(SWL), EventType::MeetingCalled).len(), 4);
}

#[test]
fn an_application_to_be_submitted_stays_to_be_submitted() {
    let plan = planned(CANDI);
    let [event] = of_type(&plan, EventType::FundingApplied)[..] else {
        panic!()
    };
    let Payload::FundingApplied(fields) = &event.payload else {
        panic!()
    };
    assert_eq!(fields.state.as_deref(), Some("to be submitted"));
    assert_eq!(event.common.effective, None);
    assert_eq!(event.common.not_stated, ["amount", "funder"]);
}

#[test]
fn metrics_keep_what_is_printed_apart() {
    let plan = planned(NLMHP);
    assert_eq!(decisions(&plan, EventType::BaselineAgreed), ["met-2.1.2"]);
    assert_eq!(decisions(&plan, EventType::MetricMeasured), ["population"]);
    assert_eq!(
        decisions(&planned(CANDI), EventType::MetricMeasured),
        ["hired"]
    );
    assert_eq!(
        decisions(&planned(CANDI), EventType::BaselineAgreed),
        ["islington-forms"]
    );
}

#[test]
fn a_second_file_says_again_or_corrects_what_the_first_said() {
    let first = planned(CANDI);
    let known = recorded(&[&first]);
    let second = import(&known, NLMHP).unwrap();
    assert_eq!(second.counts(), (189, 0, 1));
    let omitted: Vec<_> = second
        .records
        .iter()
        .filter_map(|one| match &one.outcome {
            Outcome::Omitted(reason) => Some((one.record.as_str(), reason.as_str())),
            _ => None,
        })
        .collect();
    assert_eq!(
        omitted,
        [(
            "organisations/beh",
            "already recorded as organisation/beh by entry 1"
        )]
    );
    let corrections: Vec<_> = of_type(&second, EventType::CorrectionRecorded)
        .into_iter()
        .map(|event| match &event.payload {
            Payload::CorrectionRecorded(fields) => {
                assert!(event.common.reason.is_some());
                (
                    fields.entry,
                    fields.field.as_str(),
                    fields.value.as_deref().unwrap(),
                )
            }
            _ => panic!(),
        })
        .collect();
    assert_eq!(
        corrections,
        [
            (2, "name", "Camden and Islington NHS Foundation Trust"),
            (2, "short_name", "C&I"),
            (2, "kind", "NHS foundation trust"),
            (2, "named", "true"),
            (3, "established", "2021"),
        ]
    );
    // Both again: nothing to add, and the report says so.
    let known = recorded(&[&first, &second]);
    for file in [CANDI, NLMHP] {
        let again = import(&known, file).unwrap();
        assert!(again.is_empty());
        assert!(said(&again).contains("nothing to add"), "{}", said(&again));
    }
}

#[test]
fn an_interrupted_import_goes_on_where_it_stopped() {
    let whole = planned(SWL);
    for taken in [1, 20, 60, whole.steps.len() - 1] {
        // Only whole records are ever recorded.
        let taken = (taken..)
            .find(|&at| whole.steps[at - 1].record != whole.steps[at].record)
            .unwrap();
        let mut known = Known::default();
        for (position, step) in whole.steps[..taken].iter().enumerate() {
            known.learn(position as u64, &step.event);
        }
        let rest = import(&known, SWL).unwrap();
        assert_eq!(rest.steps.len(), whole.steps.len() - taken);
        let Payload::DocumentImported(fields) = &rest.steps.last().unwrap().event.payload else {
            panic!()
        };
        assert_eq!(fields.records_made, 70, "whenever they were recorded");
    }
}

#[test]
fn people_keep_their_id_when_a_file_is_read_again() {
    let first = planned(CONCORDAT);
    let mut known = Known::default();
    known.learn(
        1,
        &first
            .steps
            .iter()
            .find(|step| step.record == "people/1")
            .unwrap()
            .event,
    );
    let mut asked = 0;
    let again = plan_import(CONCORDAT.0, CONCORDAT.1, &known, &mut || {
        asked += 1;
        PersonId::from_random([200 + asked; 16])
    });
    assert!(again.is_ok());
    assert_eq!(asked, 4);
}

#[test]
fn batches_are_cut_between_records() {
    for plan in ALL.map(planned) {
        assert_eq!(plan.batches(1000).len(), 1, "a file enters at once");
        for most in [1, 7] {
            let batches = plan.batches(most);
            assert_eq!(batches.iter().map(|batch| batch.len()).sum::<usize>(), plan.steps.len());
            for batch in &batches {
                let one_record = batch.iter().all(|step| step.record == batch[0].record);
                assert!(!batch.is_empty() && (batch.len() <= most || one_record));
            }
            for pair in batches.windows(2) {
                assert_ne!(pair[0].last().unwrap().record, pair[1][0].record);
            }
        }
    }
}

/// Changes one line of a file and gives what is then said.
fn refused(file: (&str, &str), from: &str, to: &str) -> String {
    assert!(file.1.contains(from), "{from:?} stands in {}", file.0);
    let changed = file.1.replacen(from, to, 1);
    lines(&import(&Known::default(), (file.0, &changed)).unwrap_err())
}

fn line_of(file: (&str, &str), text: &str) -> usize {
    file.1[..file.1.find(text).unwrap()].lines().count() + usize::from(text.starts_with(' '))
}

#[test]
fn a_refusal_names_file_line_and_field() {
    let at = |text: &str| line_of(SWL, text);
    let said = refused(SWL, "    purpose: strategic", "    porpoise: strategic");
    let line = at("    purpose: strategic");
    assert!(
        said.starts_with(&format!(
            "swl-partnerships.yaml:{line}: bodies/swl-mh-pdg: porpoise: unknown key"
        )),
        "{said}"
    );

    let said = refused(
        SWL,
        "    organisation: swl-ics",
        "    organisation: swl-icz",
    );
    let line = at("    organisation: swl-ics");
    assert!(
        said.starts_with(&format!(
            "swl-partnerships.yaml:{line}: bodies/icp: organisation: \"swl-icz\" is no id"
        )),
        "{said}"
    );

    let said = refused(
        SWL,
        "    organisation: swl-ics",
        "    organisation: pdg-2025-03",
    );
    assert!(said.contains("meetings/pdg-2025-03 (line"), "{said}");

    let said = refused(
        SWL,
        "      to: 2025-03-31\n      precision: month",
        "      to: 2025-03-30\n      precision: month",
    );
    let line = at("      to: 2025-03-31\n      precision: month");
    assert!(
        said.starts_with(&format!(
            "swl-partnerships.yaml:{line}: meetings/pdg-2025-03: when."
        )),
        "{said}"
    );

    let said = refused(SWL, "  - id: slam", "  - id: swl-icb");
    assert!(said.contains("organisations/swl-icb: id: \"swl-icb\" is already the id of organisations/swl-icb (line"), "{said}");

    let said = refused(SWL, "  milestones: 5", "  milestones: 6");
    let line = at("  milestones: 5");
    assert!(
        said.starts_with(&format!(
            "swl-partnerships.yaml:{line}: record_counts.milestones: says 6; the file has 5"
        )),
        "{said}"
    );

    let said = refused(SWL, "    kind: slipped", "    kind: brought forward");
    assert!(
        said.contains("milestone_changes/mc-mhpc: kind: from 2024/25 to 25/26 is slipped"),
        "{said}"
    );

    let said = refused(SWL, "    state: made", "    state: hoped for");
    assert!(
        said.contains("decisions/dec-launch: state: \"hoped for\" is none of"),
        "{said}"
    );

    let said = refused(
        SWL,
        "format: minutebook-seed/1",
        "format: minutebook-seed/2",
    );
    assert!(
        said.starts_with("swl-partnerships.yaml:5: format:"),
        "{said}"
    );
}

#[test]
fn every_mistake_of_a_file_is_named() {
    let changed = SWL
        .1
        .replacen("    purpose: strategic", "    porpoise: strategic", 1)
        .replacen("  milestones: 5", "  milestones: 6", 1)
        .replacen("    organisation: swl-ics", "    organisation: swl-icz", 1)
        .replacen("    state: made", "    state: hoped for", 1);
    let errors = import(&Known::default(), (SWL.0, &changed)).unwrap_err();
    // The total agrees with the file, and the one wrong body is missing to those that refer to it.
    assert!(errors.len() >= 4, "{}", lines(&errors));
    assert!(errors.is_sorted_by_key(|error| error.line));
}

#[test]
fn what_refers_back_to_itself_is_refused() {
    let said = refused(
        SWL,
        "    title: Prevention and early support\n",
        "    title: Prevention and early support\n    parent: th-1-1\n",
    );
    assert!(said.contains("refers back"), "{said}");
}

mod properties {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

        /// Whatever one line becomes, the importer answers, and an error names a line of the file.
        #[test]
        fn a_changed_line_is_answered(
            file in 0usize..5,
            line in any::<prop::sample::Index>(),
            change in 0u8..6,
            junk in "[ -~\\n\\t:\\-#&*!|>{}\\[\\]'\"é]{0,12}",
        ) {
            let (name, text) = ALL[file];
            let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
            let at = line.index(lines.len());
            match change {
                0 => { lines.remove(at); }
                1 => { let again = lines[at].clone(); lines.insert(at, again); }
                2 => lines[at] = junk,
                3 => lines[at].push_str(&junk),
                4 => lines[at] = lines[at].trim_start().to_owned(),
                _ => { let half = lines[at].chars().count() / 2; lines[at] = lines[at].chars().take(half).collect(); }
            }
            let changed = lines.join("\n");
            if let Err(errors) = import(&Known::default(), (name, &changed)) {
                prop_assert!(!errors.is_empty());
                for error in errors {
                    prop_assert!(error.line >= 1 && error.line <= lines.len() as u64 + 14, "{}", error);
                }
            }
        }

        #[test]
        fn any_text_is_answered(text in "\\PC{0,200}") {
            prop_assert!(import(&Known::default(), ("any.yaml", &text)).is_err());
        }
    }
}
