//! The bytes of events: those that must never move, and those that must never do harm.
#![allow(clippy::unwrap_used)]

use minutebook_events::catalogue::{EventType, example};
use minutebook_events::{Event, cbor};
use proptest::prelude::*;
use serde_json::json;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn encoded(json: serde_json::Value) -> String {
    hex(&Event::from_json(json).unwrap().encode().unwrap())
}

/// If these bytes move, the digests of events recorded so far no longer match what the same form
/// gives today: give the event a new version and a lift instead.
#[test]
fn golden_bytes_of_a_slip() {
    let slip = json!({
        "type": "MilestoneSlipped",
        "subject": "milestone/m-1",
        "capacity": {"role": "lead", "of": "organisation/a"},
        "reason": "capacity",
        "from": {
            "as_written": "24/25", "from": "2024-04-01", "to": "2025-03-31",
            "precision": "financial-year"
        },
        "to": {
            "as_written": "25/26", "from": "2025-04-01", "to": "2026-03-31",
            "precision": "financial-year"
        },
        "standing": "reported"
    });
    assert_eq!(
        encoded(slip),
        "a961760162746fa462746f6a323032362d30332d33316466726f6d6a323032352d30342d30316970\
         7265636973696f6e6e66696e616e6369616c2d796561726a61735f7772697474656e6532352f3236\
         6466726f6da462746f6a323032352d30332d33316466726f6d6a323032342d30342d303169707265\
         636973696f6e6e66696e616e6369616c2d796561726a61735f7772697474656e6532342f32356474\
         797065704d696c6573746f6e65536c697070656466726561736f6e68636170616369747967737562\
         6a6563746d6d696c6573746f6e652f6d2d31686361706163697479a2626f666e6f7267616e697361\
         74696f6e2f6164726f6c65646c656164687374616e64696e67687265706f727465646f636f6e6669\
         64656e7469616c697479667075626c6963"
    );
}

/// As above; this one fixes figures, flags and byte strings.
#[test]
fn golden_bytes_of_an_import() {
    let import = json!({
        "type": "DocumentImported",
        "subject": "document/d",
        "capacity": {"role": "secretary"},
        "confidentiality": "part-2",
        "imported": true,
        "source": {"document": "D"},
        "title": "D",
        "document": {
            "blake3": "01".repeat(32), "sha256": "02".repeat(32), "size": 300,
            "media_type": "text/plain", "name": "d.txt"
        },
        "records_made": 1,
        "not_carried": ["x"]
    });
    assert_eq!(
        encoded(import),
        "ab617601647479706570446f63756d656e74496d706f72746564657469746c65614466736f757263\
         65a168646f63756d656e746144677375626a6563746a646f63756d656e742f646863617061636974\
         79a164726f6c656973656372657461727968646f63756d656e74a5646e616d6565642e7478746473\
         697a6519012c66626c616b6533582001010101010101010101010101010101010101010101010101\
         01010101010101667368613235365820020202020202020202020202020202020202020202020202\
         02020202020202026a6d656469615f747970656a746578742f706c61696e68696d706f72746564f5\
         6b6e6f745f636172726965648161786c7265636f7264735f6d616465016f636f6e666964656e7469\
         616c69747966706172742d32"
    );
    let measured = json!({
        "type": "MetricMeasured",
        "subject": "metric/m",
        "capacity": {"role": "lead"},
        "value": 62.8,
        "provisional": true
    });
    assert_eq!(
        encoded(measured),
        "a761760164747970656e4d65747269634d656173757265646576616c7565a26576616c7565643632\
         2e386a61735f7772697474656e6436322e38677375626a656374686d65747269632f6d6863617061\
         63697479a164726f6c65646c6561646b70726f766973696f6e616cf56f636f6e666964656e746961\
         6c697479667075626c6963"
    );
}

/// Whatever decodes is canonical, and today's encoding of it decodes to the same event.
fn holds_for(bytes: &[u8]) -> Result<(), TestCaseError> {
    if let Ok(event) = Event::decode(bytes) {
        prop_assert_eq!(cbor::encode(&cbor::decode(bytes).unwrap()).unwrap(), bytes);
        let again = event.encode().unwrap();
        prop_assert_eq!(Event::decode(&again).unwrap(), event.clone());
        prop_assert_eq!(Event::from_json(event.to_json()).unwrap(), event);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn arbitrary_bytes_do_no_harm(bytes in prop::collection::vec(any::<u8>(), 0..256)) {
        holds_for(&bytes)?;
    }

    #[test]
    fn damaged_events_do_no_harm(
        index in 0..EventType::ALL.len(),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        cut in prop::option::weighted(0.1, any::<prop::sample::Index>()),
    ) {
        let mut bytes = example(EventType::ALL[index]).encode().unwrap();
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        holds_for(&bytes)?;
    }

    /// Damage that leaves the CBOR whole gets further: values swapped for others of any type.
    #[test]
    fn events_with_foreign_values_do_no_harm(
        index in 0..EventType::ALL.len(),
        field in any::<prop::sample::Index>(),
        donor in 0..EventType::ALL.len(),
        donated in any::<prop::sample::Index>(),
    ) {
        let fields = |index: usize| {
            let bytes = example(EventType::ALL[index]).encode().unwrap();
            cbor::decode(&bytes).unwrap().into_map().unwrap()
        };
        let (mut pairs, donor) = (fields(index), fields(donor));
        let field = field.index(pairs.len());
        pairs[field].1 = donor[donated.index(donor.len())].1.clone();
        holds_for(&cbor::encode(&ciborium::Value::Map(pairs)).unwrap())?;
    }
}

#[test]
fn a_null_is_refused_wherever_it_stands() {
    let bytes = example(EventType::MilestoneSet).encode().unwrap();
    let mut pairs = cbor::decode(&bytes).unwrap().into_map().unwrap();
    pairs.retain(|(key, _)| key.as_text() != Some("due"));
    let null = ciborium::Value::Map(vec![("as_written".into(), ciborium::Value::Null)]);
    pairs.push(("due".into(), null));
    let error = Event::decode(&cbor::encode(&ciborium::Value::Map(pairs)).unwrap()).unwrap_err();
    assert!(error.to_string().contains("due"), "{error}");
}
