#![allow(clippy::unwrap_used, clippy::panic)]

use super::*;
use proptest::prelude::*;

fn present(content: &[u8]) -> Disclosed {
    Disclosed {
        digest: Sha256::digest(content).into(),
        content: Held::Present(content.to_vec()),
    }
}

fn two_records() -> Vec<Record> {
    let absent = Disclosed {
        digest: [0xaa; 32],
        content: Held::Absent,
    };
    vec![
        Record {
            entry: b"first".to_vec(),
            disclosures: vec![present(b"body"), absent],
        },
        Record {
            entry: Vec::new(),
            disclosures: Vec::new(),
        },
    ]
}

/// If this moves, no journal ever written can be read any more.
#[test]
fn the_format_stays() {
    let frame = Frame::encode(7, &two_records(), Hash([0x11; 32]), [0x22; 32]).unwrap();
    let mut expected = b"MBFRAME\x01".to_vec();
    expected.extend([0, 0, 0, 0, 0, 0, 0, 7]);
    expected.extend([0, 0, 0, 2]);
    expected.extend([0, 0, 0, 83]);
    expected.extend([0, 0, 0, 4]);
    expected.extend([0x11; 32]);
    expected.extend([0x22; 32]);
    expected.extend(crc32c::crc32c(b"body").to_be_bytes());
    let mut permanent = b"\x00\x05first\x02".to_vec();
    permanent.extend(Sha256::digest(b"body"));
    permanent.extend([0, 0, 0, 4]);
    permanent.extend([0xaa; 32]);
    permanent.extend([0, 0, 0, 0]);
    permanent.extend([0, 0, 0]);
    let crc = crc32c::crc32c_append(crc32c::crc32c(&expected), &permanent);
    expected.extend(crc.to_be_bytes());
    expected.extend(permanent);
    expected.extend(b"body");
    assert_eq!(frame, expected);
    let digest = blake3::hash(&frame).to_string();
    assert_eq!(digest, GOLDEN);
}

/// BLAKE3 of the frame above.
const GOLDEN: &str = "b490b3b08f7b8185c9bc904c7072894247bdd981f4273e9358ae3e519a74fb16";

#[test]
fn reads_back_what_was_written() {
    let records = two_records();
    let bytes = Frame::encode(7, &records, Hash([1; 32]), [2; 32]).unwrap();
    let frame = Frame::parse(&bytes).unwrap();
    let found: Vec<_> = frame.records().map(RecordView::to_record).collect();
    assert_eq!(found, records);
    assert_eq!(frame.header.end(), 9);
    assert!(frame.check_contents().is_ok());
}

#[test]
fn erased_content_is_sound_and_damaged_content_is_not() {
    let mut bytes = Frame::encode(0, &two_records(), Hash([1; 32]), [0; 32]).unwrap();
    let at = Frame::parse(&bytes).unwrap().erasable_at();
    let chain = Frame::parse(&bytes).unwrap().chain();
    bytes[at] ^= 1;
    let content = Frame::parse(&bytes).unwrap().check_contents().unwrap_err();
    assert_eq!((content.position, content.offset), (0, at));
    bytes[at..].fill(0);
    let frame = Frame::parse(&bytes).unwrap();
    assert!(frame.check_contents().is_ok());
    assert_eq!(frame.chain(), chain);
    let record = frame.records().next().unwrap().to_record();
    assert_eq!(record.disclosures[0].content, Held::Erased);
    assert_eq!(record.disclosures[1].content, Held::Absent);
}

fn any_record() -> impl Strategy<Value = Record> {
    let content = prop_oneof![
        prop::collection::vec(1u8.., 1..40).prop_map(|content| present(&content)),
        any::<[u8; 32]>().prop_map(|digest| Disclosed {
            digest,
            content: Held::Absent
        }),
        any::<[u8; 32]>().prop_map(|digest| Disclosed {
            digest,
            content: Held::Erased
        }),
    ];
    let contents = prop::collection::vec(content, 0..4);
    (prop::collection::vec(any::<u8>(), 0..60), contents)
        .prop_map(|(entry, disclosures)| Record { entry, disclosures })
}

proptest! {
    #[test]
    fn frames_and_records_are_inverses(
        records in prop::collection::vec(any_record(), 1..9),
        first in 0..u64::MAX - 9,
        root: [u8; 32],
        prev: [u8; 32],
        after in prop::collection::vec(any::<u8>(), 0..9),
    ) {
        let bytes = Frame::encode(first, &records, Hash(root), prev).unwrap();
        let mut longer = bytes.clone();
        longer.extend(after);
        let frame = Frame::parse(&longer).unwrap();
        prop_assert_eq!(frame.bytes, &bytes[..]);
        prop_assert_eq!(&frame.header.format()[..], &bytes[..HEADER_BYTES]);
        let found: Vec<_> = frame.records().map(RecordView::to_record).collect();
        prop_assert_eq!(&found, &records);
        let again = Frame::encode(first, &found, frame.header.root, frame.header.prev).unwrap();
        prop_assert_eq!(again, bytes);
    }

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = Frame::parse(&bytes);
        let records = Records::new(u64::MAX - 1, &bytes, &bytes);
        for record in records {
            let _ = record.to_record();
        }
    }

    /// With the right magic and checksum, so that the layout itself is reached.
    #[test]
    fn no_layout_panics_and_what_is_accepted_prints_back(
        permanent in prop::collection::vec(prop_oneof![Just(0u8), 0..4u8, any::<u8>()], 0..200),
        erasable in prop::collection::vec(any::<u8>(), 0..50),
        count in 0..5u32,
        first: u64,
    ) {
        let mut header = Header {
            first,
            count,
            permanent_len: permanent.len() as u32,
            erasable_len: erasable.len() as u32,
            root: Hash([0; 32]),
            prev: [0; 32],
            erasable_crc: 0,
            crc: 0,
        };
        let crc = crc32c::crc32c(&header.format()[..HEADER_BYTES - 4]);
        header.crc = crc32c::crc32c_append(crc, &permanent);
        let mut bytes = header.format().to_vec();
        bytes.extend(&permanent);
        bytes.extend(&erasable);
        if let Ok(frame) = Frame::parse(&bytes) {
            let _ = frame.check_contents();
            let mut printed = frame.header.format().to_vec();
            let mut contents: Vec<u8> = Vec::new();
            for record in frame.records() {
                printed.extend((record.entry.len() as u16).to_be_bytes());
                printed.extend(record.entry);
                printed.push(record.contents().count() as u8);
                for (digest, content) in record.contents() {
                    printed.extend(digest);
                    printed.extend((content.len() as u32).to_be_bytes());
                    contents.extend(content);
                }
            }
            printed.extend(contents);
            prop_assert_eq!(printed, bytes);
        }
    }

    #[test]
    fn every_flip_in_the_permanent_part_is_seen(
        records in prop::collection::vec(any_record(), 1..5),
        at: prop::sample::Index,
        bit in 0..8u8,
    ) {
        let mut bytes = Frame::encode(3, &records, Hash([1; 32]), [2; 32]).unwrap();
        let end = Frame::parse(&bytes).unwrap().erasable_at();
        bytes[at.index(end)] ^= 1u8 << bit;
        prop_assert!(Frame::parse(&bytes).is_err());
    }
}
