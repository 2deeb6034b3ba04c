//! Importing into a ledger that holds something already.

use minutebook_events::{EventType, Payload, PersonId};

use super::*;

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
            assert_eq!(
                batches.iter().map(|batch| batch.len()).sum::<usize>(),
                plan.steps.len()
            );
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
