//! The worked log of `docs/formats.md`, made by `docs/vectors/make.py` from that document alone: the
//! program accepts its entries and makes the same bytes. If one of these moves, ledgers that exist can
//! no longer be verified.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::sync::Arc;

use minutebook_events::{Digest, Event};
use minutebook_keys::{KeyName, NoteSigner, SigningKey};
use minutebook_ledger::disclosure::Disclosure;
use minutebook_ledger::hash::leaf_hash;
use minutebook_ledger::store::memory::MemoryStore;
use minutebook_ledger::verify::verify;
use minutebook_ledger::{LedgerKeys, Log, Statement, Submission};
use minutebook_projections::Views;
use proptest::prelude::*;

const WORKED: &str = include_str!("../data/worked-log.txt");
const ORIGIN: &str = "board.example/minutes";

/// The hex value under a name, such as `entry 0`.
fn value(name: &str) -> Vec<u8> {
    let mut lines = WORKED.lines();
    let heading = format!("{name} (");
    lines.find(|line| line.starts_with(&heading)).unwrap();
    let digits = lines.next().unwrap().trim().as_bytes();
    digits
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}

/// The text under a name, up to the next text's name or the end.
fn text(name: &str, next: &str) -> String {
    let (_, rest) = WORKED.split_once(&format!("\n{name}\n")).unwrap();
    rest.split_once(&format!("\n{next}\n"))
        .map_or(rest, |(text, _)| text)
        .to_owned()
        + "\n"
}

fn submission(n: usize) -> Submission {
    Submission {
        statement: value(&format!("entry {n}")),
        disclosures: vec![value(&format!("disclosure {n}"))],
    }
}

#[test]
fn each_layer_reads_and_writes_the_worked_bytes() {
    let officer = SigningKey::from_seed(&[3; 32]);
    assert_eq!(officer.public().as_bytes()[..], value("officer public key"));
    assert_eq!(officer.kid().as_bytes()[..], value("officer kid"));
    for n in 0..2 {
        let Submission {
            statement: entry,
            disclosures,
        } = submission(n);
        let disclosure = Disclosure::decode(&disclosures[0]).unwrap();
        assert_eq!(disclosure.encode(), disclosures[0]);
        assert_eq!(
            Digest::of(&disclosures[0]).0[..],
            value(&format!("digest {n}"))
        );
        let body = value(&format!("body {n}"));
        assert_eq!(disclosure.body, body);
        assert_eq!(Event::decode(&body).unwrap().encode().unwrap(), body);
        let statement = Statement::parse(&entry).unwrap();
        statement.verify(&officer.public()).unwrap();
        let signed = Statement::sign(ORIGIN, statement.claims(), &officer).unwrap();
        assert_eq!(signed.bytes(), entry);
    }
    let statement = Statement::parse(&value("entry 1")).unwrap();
    assert_eq!(statement.signed_bytes(), value("Sig_structure 1"));
    assert_eq!(leaf_hash(&value("entry 1")).0[..], value("leaf hash 1"));
}

#[test]
fn the_log_takes_the_entries_and_signs_the_same_checkpoint() {
    let first = Statement::parse(&value("entry 0")).unwrap();
    let now = first.claims().iat;
    let keys = LedgerKeys {
        log: NoteSigner::new(
            KeyName::new(ORIGIN).unwrap(),
            SigningKey::from_seed(&[1; 32]),
        ),
        receipt: SigningKey::from_seed(&[5; 32]),
    };
    let vkey = keys.log.verifier();
    assert_eq!(format!("{vkey}\n"), text("vkey", "checkpoint"));
    let store = Arc::new(MemoryStore::new());
    let log = Log::open(store, keys, Views::default(), Arc::new(move || now)).unwrap();
    for n in 0..2 {
        log.submit_batch(vec![submission(n)]).unwrap();
    }
    let published = log.published();
    assert_eq!(published.head.root.0[..], value("root 2"));
    assert!(text("checkpoint", "proof file").starts_with(&*published.checkpoint));
    let report = verify(&log, &vkey, Views::default(), &|_, _| ());
    assert!(report.is_good(), "{:#?}", report.findings);
}

proptest! {
    #[test]
    fn no_bytes_make_the_statement_parser_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        if let Ok(statement) = Statement::parse(&bytes) {
            prop_assert_eq!(statement.bytes(), bytes);
        }
    }

    /// Cut, flipped, or grown somewhere: refused, or still exactly the bytes given.
    #[test]
    fn a_damaged_statement_or_disclosure_is_harmless(
        n in 0..2_usize, at in any::<prop::sample::Index>(), byte in any::<u8>(), how in 0..3
    ) {
        let Submission { statement, disclosures } = submission(n);
        for good in [statement, disclosures[0].clone(), value(&format!("body {n}"))] {
            let mut bytes = good;
            let at = at.index(bytes.len());
            match how {
                0 => bytes[at] = byte,
                1 => bytes.truncate(at),
                _ => bytes.insert(at, byte),
            }
            if let Ok(statement) = Statement::parse(&bytes) {
                prop_assert_eq!(statement.bytes(), &bytes);
            }
            if let Ok(disclosure) = Disclosure::decode(&bytes) {
                prop_assert_eq!(disclosure.encode(), bytes.clone());
            }
            let _ = Event::decode(&bytes);
        }
    }
}
