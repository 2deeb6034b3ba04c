//! Every kind of bad submission gets its own error, and leaves the log as it was.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::sync::Arc;
use std::sync::atomic::Ordering;

use minutebook_events::cbor::{CborErrorKind, Writer};
use minutebook_events::{Event, EventError, RefusalKind, Role, Seen};
use minutebook_keys::SigningKey;
use minutebook_keys::rand_core::OsRng;
use minutebook_ledger::chain::ChainError;
use minutebook_ledger::disclosure::{Disclosure, DisclosureError, EVENT};
use minutebook_ledger::log::SubmitError;
use minutebook_ledger::state::JudgementError;
use minutebook_ledger::statement::{Statement, StatementError};
use minutebook_ledger::store::Store as _;
use minutebook_ledger::store::memory::MemoryStore;
use minutebook_ledger::submission::{BindingError, MalformedError};
use minutebook_ledger::{Author, Submission};
use minutebook_tests::{ORIGIN, TestLedger, TestOfficer};

/// Submits, expects a refusal, and checks that nothing changed by it.
fn refused(ledger: &TestLedger, submission: Submission) -> SubmitError {
    let before = ledger.log.published();
    let error = ledger.submit(vec![submission]).unwrap_err();
    let after = ledger.log.published();
    assert_eq!(before.head, after.head, "{error}");
    assert_eq!(before.checkpoint, after.checkpoint);
    assert_eq!(error.index, 0);
    error.error
}

fn malformed(ledger: &TestLedger, submission: Submission) -> MalformedError {
    match refused(ledger, submission) {
        SubmitError::Malformed(error) => error,
        other => panic!("{other:?}"),
    }
}

fn judged(ledger: &TestLedger, submission: Submission) -> JudgementError {
    match refused(ledger, submission) {
        SubmitError::Judgement(error) => error,
        other => panic!("{other:?}"),
    }
}

fn refusal(ledger: &TestLedger, submission: Submission) -> (RefusalKind, &'static str) {
    match judged(ledger, submission) {
        JudgementError::Refused(refusal) => (refusal.kind, refusal.rule),
        other => panic!("{other:?}"),
    }
}

fn good(ledger: &TestLedger) -> Submission {
    ledger.sign(&ledger.secretary, ledger.milestone("a", "25/26"), &[])
}

/// Signs whatever body, as an officer with a tool of their own could.
fn with_body(ledger: &TestLedger, content_type: &str, body: &[u8]) -> Submission {
    let template = Statement::parse(&good(ledger).statement).unwrap();
    let disclosure = Disclosure {
        salt: [9; 32],
        content_type: content_type.into(),
        body: body.to_vec(),
    }
    .encode();
    let mut claims = template.claims().clone();
    claims.digest = minutebook_events::Digest::of(&disclosure);
    let statement = Statement::sign(ORIGIN, &claims, &ledger.secretary.key).unwrap();
    Submission {
        statement: statement.bytes().to_vec(),
        disclosures: vec![disclosure],
    }
}

#[test]
fn the_statement_has_one_shape() {
    let ledger = TestLedger::in_memory();
    let ok = good(&ledger);
    let with = |statement: Vec<u8>| Submission {
        statement,
        ..ok.clone()
    };
    let statement_error = |statement| match malformed(&ledger, with(statement)) {
        MalformedError::Statement(error) => error,
        other => panic!("{other:?}"),
    };
    assert!(
        matches!(statement_error(vec![]), StatementError::Cbor(e) if e.kind == CborErrorKind::Truncated)
    );
    assert_eq!(
        statement_error(vec![0; 5000]),
        StatementError::TooLarge(5000)
    );
    let mut trailing = ok.statement.clone();
    trailing.push(0);
    assert!(
        matches!(statement_error(trailing), StatementError::Cbor(e) if e.kind == CborErrorKind::Trailing)
    );
    // The protected header's length in a longer form than needed says the same, and is refused.
    let at = 2;
    assert_eq!(ok.statement[at], 0x58, "a header of 24 to 255 bytes");
    let mut long = ok.statement[..at].to_vec();
    long.extend([0x59, 0x00]);
    long.extend(&ok.statement[at + 1..]);
    assert!(
        matches!(statement_error(long), StatementError::Cbor(e) if e.kind == CborErrorKind::NotShortest)
    );
    // Without its tag it is no COSE_Sign1 as we log it.
    assert!(matches!(
        statement_error(ok.statement[1..].to_vec()),
        StatementError::Cbor(_)
    ));
    // An unprotected header with anything in it.
    let unprotected = ok.statement.len() - 66 - 34 - 1;
    assert_eq!(ok.statement[unprotected], 0xa0);
    let mut filled = ok.statement[..unprotected].to_vec();
    filled.extend([0xa1, 0x00, 0x00]);
    filled.extend(&ok.statement[unprotected + 1..]);
    assert!(matches!(
        statement_error(filled),
        StatementError::Shape { .. }
    ));
}

#[test]
fn every_flipped_bit_of_a_statement_is_refused() {
    let ledger = TestLedger::in_memory();
    let ok = good(&ledger);
    for bit in 0..ok.statement.len() * 8 {
        let mut statement = ok.statement.clone();
        statement[bit / 8] ^= 1 << (bit % 8);
        refused(
            &ledger,
            Submission {
                statement,
                ..ok.clone()
            },
        );
    }
    ledger.submit(vec![ok]).unwrap();
}

#[test]
fn the_signature_is_the_officers_over_these_bytes_for_this_ledger() {
    let ledger = TestLedger::in_memory();
    let mut ok = good(&ledger);
    let last = ok.statement.len() - 1;
    ok.statement[last] ^= 1;
    assert_eq!(
        malformed(&ledger, ok),
        MalformedError::Statement(StatementError::BadSignature)
    );
    let officer = &ledger.secretary;
    let elsewhere = Author {
        origin: "minutebook.example/other",
        person: &officer.person,
        key: &officer.key,
    };
    let event = ledger.milestone("a", "25/26");
    let foreign = elsewhere
        .sign(event, &[], ledger.seen(), ledger.now(), &mut OsRng)
        .unwrap();
    assert_eq!(
        malformed(&ledger, foreign),
        MalformedError::Statement(StatementError::WrongLedger {
            expected: ORIGIN.into(),
            found: "minutebook.example/other".into()
        })
    );
}

#[test]
fn the_disclosure_is_what_the_statement_commits_to() {
    let ledger = TestLedger::in_memory();
    let ok = good(&ledger);
    let with = |disclosures| Submission {
        disclosures,
        ..ok.clone()
    };
    assert_eq!(
        malformed(&ledger, with(vec![])),
        MalformedError::NoDisclosure
    );
    let other = good(&ledger).disclosures;
    assert!(matches!(
        malformed(&ledger, with(other)),
        MalformedError::OtherDigest { .. }
    ));
    let large = vec![vec![0; 70_000]];
    assert_eq!(
        malformed(&ledger, with(large)),
        MalformedError::Disclosure(DisclosureError::TooLarge(70_000))
    );
    let extra = vec![ok.disclosures[0].clone(), ok.disclosures[0].clone()];
    assert_eq!(
        malformed(&ledger, with(extra)),
        MalformedError::SealedParts {
            listed: 0,
            came: 1,
            matching: 0
        }
    );
    assert_eq!(
        malformed(&ledger, with_body(&ledger, "text/plain", b"hello")),
        MalformedError::Disclosure(DisclosureError::ContentType("text/plain".into()))
    );
}

#[test]
fn the_body_is_an_event_of_the_catalogue_in_its_one_encoding() {
    let ledger = TestLedger::in_memory();
    let event_error = |body: &[u8]| match malformed(&ledger, with_body(&ledger, EVENT, body)) {
        MalformedError::Event(error) => error,
        other => panic!("{other:?}"),
    };
    assert!(matches!(event_error(&[0xff]), EventError::Cbor(_)));
    assert!(matches!(event_error(&[0x01]), EventError::NotAMap));
    let unknown = Writer::new()
        .map(2)
        .text("v")
        .uint(1)
        .text("type")
        .text("DragonSlain")
        .finish();
    assert_eq!(
        event_error(&unknown),
        EventError::UnknownType("DragonSlain".into())
    );
    let good = ledger.milestone("a", "25/26").encode().unwrap();
    assert!(Event::decode(&good).is_ok());
    let newer = {
        let at = good
            .windows(3)
            .position(|w| w == [0x61, b'v', 0x01])
            .unwrap();
        let mut newer = good.clone();
        newer[at + 2] = 0x09;
        newer
    };
    assert!(matches!(
        event_error(&newer),
        EventError::NewerVersion { found: 9, .. }
    ));
}

#[test]
fn time_is_now() {
    let ledger = TestLedger::in_memory();
    let at = |iat| {
        let event = ledger.milestone("a", "25/26");
        ledger.sign_at(&ledger.secretary, event, &[], ledger.seen(), iat)
    };
    for (iat, ahead) in [(ledger.now() - 601, false), (ledger.now() + 601, true)] {
        match refused(&ledger, at(iat)) {
            SubmitError::Stale {
                seconds: 601,
                ahead: found,
                window: 600,
            } => assert_eq!(found, ahead),
            other => panic!("{other:?}"),
        }
    }
    ledger.submit(vec![at(ledger.now() - 600)]).unwrap();
}

#[test]
fn a_repeat_gets_the_same_answer_and_a_second_use_is_refused() {
    let ledger = TestLedger::in_memory();
    let ok = good(&ledger);
    let first = ledger.submit(vec![ok.clone()]).unwrap();
    let before = ledger.log.published().head;
    let again = ledger.submit(vec![ok.clone()]).unwrap();
    assert_eq!(ledger.log.published().head, before);
    assert_eq!(
        (again[0].position, again[0].recorded_at),
        (first[0].position, None)
    );
    assert_eq!(first[0].recorded_at, Some(ledger.now()));

    let statement = Statement::parse(&ok.statement).unwrap();
    let resign = |change: &dyn Fn(&mut minutebook_events::Claims)| {
        let mut claims = statement.claims().clone();
        change(&mut claims);
        let signed = Statement::sign(ORIGIN, &claims, &ledger.secretary.key).unwrap();
        Submission {
            statement: signed.bytes().to_vec(),
            ..ok.clone()
        }
    };
    let position = first[0].position;
    let same_digest = judged(&ledger, resign(&|claims| claims.cti = [7; 16]));
    assert_eq!(
        same_digest,
        JudgementError::Chain(ChainError::RepeatedDigest { entry: position })
    );
    let same_id = judged(&ledger, resign(&|claims| claims.iat += 1));
    assert_eq!(
        same_id,
        JudgementError::Chain(ChainError::RepeatedId { entry: position })
    );
}

#[test]
fn a_signer_has_seen_this_history() {
    let ledger = TestLedger::in_memory();
    let seen = |seen| {
        let event = ledger.milestone("a", "25/26");
        ledger.sign_at(&ledger.secretary, event, &[], seen, ledger.now())
    };
    let size = ledger.seen().size;
    let ahead = seen(Seen {
        size: size + 1,
        root: [0; 32],
    });
    assert!(matches!(
        judged(&ledger, ahead),
        JudgementError::Chain(ChainError::SeenAhead { .. })
    ));
    let elsewhere = seen(Seen {
        size,
        root: [0; 32],
    });
    assert!(matches!(
        judged(&ledger, elsewhere),
        JudgementError::Chain(ChainError::SeenElsewhere { .. })
    ));
    let earlier = seen(Seen {
        size: 3,
        root: ledger.log.root_at(3).unwrap().0,
    });
    ledger.submit(vec![earlier]).unwrap();
}

#[test]
fn the_signer_has_a_key_and_a_role_here() {
    let ledger = TestLedger::in_memory();
    let stranger = TestOfficer::from_seed(77, Role::Secretary);
    let event = ledger.milestone("a", "25/26");
    let unknown = refusal(&ledger, ledger.sign(&stranger, event, &[]));
    assert_eq!(unknown.0, RefusalKind::UnknownKey);

    // A known key, used in someone else's name.
    let borrowed = TestOfficer {
        person: ledger.registrar.person.clone(),
        key: SigningKey::from_seed(&[2; 32]),
        role: Role::Registrar,
    };
    let body = ledger.enrolment(&stranger).remove(0);
    let (kind, _) = refusal(&ledger, ledger.sign(&borrowed, body.0, &body.1));
    assert_eq!(kind, RefusalKind::UnknownKey);

    // The secretary cannot enrol people, nor claim to be the registrar.
    let (mut event, sealed) = ledger.enrolment(&stranger).remove(0);
    let (kind, _) = refusal(
        &ledger,
        ledger.sign(&ledger.secretary, event.clone(), &sealed),
    );
    assert_eq!(kind, RefusalKind::NotAuthorised);
    event.common.capacity = ledger.secretary.capacity();
    let (kind, _) = refusal(&ledger, ledger.sign(&ledger.secretary, event, &sealed));
    assert_eq!(kind, RefusalKind::NotAuthorised);
}

#[test]
fn an_enrolled_key_is_proven_and_carried_in_the_header() {
    let ledger = TestLedger::in_memory();
    let newcomer = TestOfficer::from_seed(50, Role::Secretary);
    let mut steps = ledger.enrolment(&newcomer).into_iter();
    let (person, sealed) = steps.next().unwrap();
    ledger
        .submit(vec![ledger.sign(&ledger.registrar, person, &sealed)])
        .unwrap();
    let (enrol, _) = steps.next().unwrap();
    let ok = ledger.sign(&ledger.registrar, enrol.clone(), &[]);

    let mut wrong_proof = enrol.clone();
    if let minutebook_events::Payload::SigningKeyEnrolled(fields) = &mut wrong_proof.payload {
        Arc::make_mut(fields).proof.0[5] ^= 1;
    }
    let wrong_proof = ledger.sign(&ledger.registrar, wrong_proof, &[]);
    assert_eq!(
        malformed(&ledger, wrong_proof),
        MalformedError::Binding(BindingError::Proof)
    );

    let without = {
        let statement = Statement::parse(&ok.statement).unwrap();
        let mut claims = statement.claims().clone();
        claims.enrols = None;
        let signed = Statement::sign(ORIGIN, &claims, &ledger.registrar.key).unwrap();
        Submission {
            statement: signed.bytes().to_vec(),
            ..ok.clone()
        }
    };
    assert_eq!(
        malformed(&ledger, without),
        MalformedError::Binding(BindingError::EnrolmentWithoutKey)
    );

    let around_another = {
        let milestone = good(&ledger);
        let statement = Statement::parse(&milestone.statement).unwrap();
        let mut claims = statement.claims().clone();
        claims.enrols = Some(newcomer.key.public());
        let signed = Statement::sign(ORIGIN, &claims, &ledger.secretary.key).unwrap();
        Submission {
            statement: signed.bytes().to_vec(),
            ..milestone
        }
    };
    assert_eq!(
        malformed(&ledger, around_another),
        MalformedError::Binding(BindingError::KeyWithoutEnrolment)
    );
    ledger.submit(vec![ok]).unwrap();
}

#[test]
fn a_batch_enters_whole_or_not_at_all() {
    let ledger = TestLedger::in_memory();
    let sign = |event| ledger.sign(&ledger.secretary, event, &[]);
    let before = ledger.log.published().head;
    let error = ledger
        .submit(vec![
            sign(ledger.milestone("a", "24/25")),
            sign(ledger.slip("a", "24/25", "25/26")),
            sign(ledger.slip("a", "24/25", "26/27")),
        ])
        .unwrap_err();
    assert_eq!(error.index, 2);
    assert_eq!(ledger.log.published().head, before);
    // Nothing of it lingers: the very same events can still be recorded.
    let batch = vec![
        sign(ledger.milestone("a", "24/25")),
        sign(ledger.slip("a", "24/25", "25/26")),
    ];
    assert_eq!(ledger.submit(batch).unwrap().len(), 2);
    let too_many = (0..1001).map(|_| good(&ledger)).collect();
    assert!(matches!(
        ledger.submit(too_many).unwrap_err().error,
        SubmitError::BatchTooLarge(1001)
    ));
}

#[test]
fn the_wrong_verb_for_a_date_is_refused_with_the_right_one() {
    let ledger = TestLedger::in_memory();
    ledger.record(ledger.milestone("a", "25/26")).unwrap();
    let earlier = ledger.slip("a", "25/26", "24/25");
    match judged(&ledger, ledger.sign(&ledger.secretary, earlier, &[])) {
        JudgementError::Refused(refusal) => {
            assert_eq!(refusal.kind, RefusalKind::RuleBroken);
            assert!(refusal.instead.unwrap().contains("MilestoneBroughtForward"));
        }
        other => panic!("{other:?}"),
    }
    ledger.clock.fetch_add(5, Ordering::Relaxed);
    ledger.record(ledger.slip("a", "25/26", "26/27")).unwrap();
}

#[test]
fn a_repeat_is_known_after_reopening_whether_from_a_page_or_the_tail() {
    let store = Arc::new(MemoryStore::new());
    let ledger = TestLedger::open(store.clone()).unwrap();
    ledger.found();
    let sign = |n: u64| {
        let event = ledger.milestone(&format!("m{n}"), "25/26");
        ledger.sign(&ledger.secretary, event, &[])
    };
    let batch: Vec<Submission> = (0..300).map(sign).collect();
    ledger.submit(batch.clone()).unwrap();
    drop(ledger);
    assert!(store.snapshot().unwrap().is_some() && store.page(0).unwrap().is_some());

    let reopened = TestLedger::open(store).unwrap();
    let size = reopened.log.published().head.size;
    for n in [0, 100, 299] {
        let again = reopened.submit(vec![batch[n].clone()]).unwrap();
        assert_eq!(
            (again[0].position, again[0].recorded_at),
            (7 + n as u64, None)
        );
        let mut claims = Statement::parse(&batch[n].statement)
            .unwrap()
            .claims()
            .clone();
        claims.cti = [n as u8; 16];
        let signed = Statement::sign(ORIGIN, &claims, &reopened.secretary.key).unwrap();
        let statement = signed.bytes().to_vec();
        let repeated = Submission {
            statement,
            ..batch[n].clone()
        };
        assert_eq!(
            judged(&reopened, repeated),
            JudgementError::Chain(ChainError::RepeatedDigest {
                entry: 7 + n as u64
            })
        );
    }
    assert_eq!(reopened.log.published().head.size, size);
}
