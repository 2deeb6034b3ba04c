//! What one entry costs, step by step.
//!
//! `cargo bench -p minutebook-ledger --bench micro`
#![allow(clippy::unwrap_used)]

use divan::{Bencher, black_box};
use minutebook_events::{Digest, Event};
use minutebook_ledger::Submission;
use minutebook_ledger::disclosure::Disclosure;
use minutebook_ledger::hash::{Hash, leaf_hash};
use minutebook_ledger::state::State;
use minutebook_ledger::statement::Statement;
use minutebook_ledger::submission::open_event;
use minutebook_ledger::tile::TileBuilder;
use minutebook_projections::Views;
use minutebook_tests::{TestLedger, load};

fn main() {
    divan::main();
}

fn one() -> (TestLedger, Submission) {
    let ledger = TestLedger::in_memory();
    load::prepare(&ledger);
    let submission = load::signed(&ledger, ledger.seen(), 0, 1).remove(0);
    (ledger, submission)
}

#[divan::bench]
fn parse_a_statement(bencher: Bencher) {
    let (_, submission) = one();
    bencher.bench(|| Statement::parse(black_box(&submission.statement)).unwrap());
}

#[divan::bench]
fn verify_a_signature(bencher: Bencher) {
    let (ledger, submission) = one();
    let (statement, key) = (
        Statement::parse(&submission.statement).unwrap(),
        ledger.secretary.key.public(),
    );
    bencher.bench(|| statement.verify(black_box(&key)).unwrap());
}

#[divan::bench]
fn digest_a_disclosure(bencher: Bencher) {
    let (_, submission) = one();
    bencher.bench(|| Digest::of(black_box(&submission.disclosures[0])));
}

#[divan::bench]
fn open_a_disclosure_and_its_event(bencher: Bencher) {
    let (_, submission) = one();
    let statement = Statement::parse(&submission.statement).unwrap();
    bencher.bench(|| open_event(&statement, black_box(&submission.disclosures[0])).unwrap());
}

#[divan::bench]
fn decode_an_event(bencher: Bencher) {
    let (_, submission) = one();
    let disclosure = Disclosure::decode(&submission.disclosures[0]).unwrap();
    bencher.bench(|| Event::decode(black_box(&disclosure.body)).unwrap());
}

#[divan::bench]
fn hash_a_leaf(bencher: Bencher) {
    let (_, submission) = one();
    bencher.bench(|| leaf_hash(black_box(&submission.statement)));
}

#[divan::bench]
fn append_a_leaf_to_the_tiles(bencher: Bencher) {
    let mut tiles = TileBuilder::new();
    bencher.bench_local(|| tiles.push(black_box(Hash([7; 32]))));
}

/// Chain, rules and views, without the signature.
#[divan::bench]
fn admit_and_apply(bencher: Bencher) {
    let (ledger, submission) = one();
    let statement = Statement::parse(&submission.statement).unwrap();
    let event = open_event(&statement, &submission.disclosures[0]).unwrap();
    let published = ledger.log.published();
    let mut state = State::new(Views::default());
    for entry in ledger.log.entries(0..published.head.size).unwrap() {
        state.apply(entry.statement.claims(), &[], entry.content);
    }
    let mut claims = statement.claims().clone();
    let mut n = 0_u64;
    bencher.bench_local(|| {
        n += 1;
        claims.cti[..8].copy_from_slice(&n.to_be_bytes());
        claims.digest.0[..8].copy_from_slice(&n.to_be_bytes());
        let root = Hash(claims.seen.root);
        state
            .admit(&claims, &[], event.clone(), |_| Some(root))
            .unwrap()
    });
}
