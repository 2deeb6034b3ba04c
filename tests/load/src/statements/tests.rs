//! What is signed here is accepted by a ledger, directly and in the form in which it travels.
#![allow(clippy::unwrap_used)]

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use minutebook_tests::{ORIGIN, TestLedger, TestOfficer};
use tokio::net::TcpListener;

use super::*;
use crate::drive::{Plan, Requests, drive};
use crate::http::Server;

/// The officers of the test ledger.
fn officer(seed: u8, role: Role) -> Officer {
    let TestOfficer { person, key, role } = TestOfficer::from_seed(seed, role);
    Officer { person, role, key }
}

fn registrar() -> Officer {
    officer(1, Role::Registrar)
}

fn secretary() -> Officer {
    officer(2, Role::Secretary)
}

fn lead() -> Officer {
    officer(3, Role::Lead)
}

fn signing<'a>(ledger: &TestLedger, officers: &'a [Officer], run: u32) -> Signing<'a> {
    Signing {
        origin: ORIGIN.into(),
        seen: ledger.seen(),
        iat: ledger.now(),
        run,
        officers,
    }
}

#[test]
fn a_ledger_accepts_what_is_signed_in_every_run() {
    let ledger = TestLedger::in_memory();
    let officers = [registrar(), secretary(), lead()];
    for run in [1, 2] {
        let before = ledger.seen().size;
        let signing = signing(&ledger, &officers, run);
        ledger.submit(signing.actions().unwrap()).unwrap();
        for one in signing.reports(250).unwrap() {
            ledger.submit(vec![one]).unwrap();
        }
        assert_eq!(ledger.seen().size, before + ACTIONS + 250);
    }
}

#[test]
fn reports_have_about_a_kibibyte() {
    let ledger = TestLedger::in_memory();
    let officers = [secretary()];
    for one in signing(&ledger, &officers, 1).reports(3).unwrap() {
        let bytes = one.disclosures[0].len();
        assert!((900..1200).contains(&bytes), "{bytes}");
    }
}

#[test]
fn without_officers_nothing_is_signed() {
    let ledger = TestLedger::in_memory();
    let officers = [registrar()];
    let signing = signing(&ledger, &officers, 1);
    assert!(matches!(signing.actions(), Err(LoadError::NoOfficer(_))));
    assert!(matches!(signing.reports(1), Err(LoadError::NoOfficer(_))));
}

#[test]
fn a_body_carries_the_bytes_that_were_signed() {
    let batch = [
        Submission {
            statement: vec![0xfb, 0xff],
            disclosures: vec![vec![1], vec![]],
        },
        Submission {
            statement: vec![2],
            disclosures: vec![vec![3]],
        },
    ];
    let expected = concat!(
        r#"{"submissions":[{"statement":"+/8=","disclosures":["AQ==",""]},"#,
        r#"{"statement":"Ag==","disclosures":["Aw=="]}]}"#
    );
    assert_eq!(body(&batch), expected);
}

#[test]
fn a_published_checkpoint_is_read() {
    let ledger = TestLedger::in_memory();
    let found = checkpoint(ledger.log.published().checkpoint.as_bytes()).unwrap();
    assert_eq!(found.origin, ORIGIN);
    assert_eq!(found.head, ledger.log.published().head);
    assert!(checkpoint(b"not a note").is_err());
}

/// Takes submissions in the agreed form into the test ledger, whatever the ledger's name.
async fn served(ledger: &Arc<TestLedger>) -> Server {
    let router = Router::new()
        .route("/log/{ledger}/checkpoint", get(published))
        .route("/v1/ledgers/{ledger}/entries", post(entries))
        .with_state(ledger.clone());
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    Server::parse(&url).unwrap()
}

async fn published(State(ledger): State<Arc<TestLedger>>, _: Path<String>) -> String {
    ledger.log.published().checkpoint.to_string()
}

async fn entries(
    State(ledger): State<Arc<TestLedger>>,
    _: Path<String>,
    Json(body): Json<Value>,
) -> (StatusCode, String) {
    let bytes = |text: &Value| STANDARD.decode(text.as_str().unwrap()).unwrap();
    let batch = body["submissions"].as_array().unwrap().iter();
    let batch = batch
        .map(|one| Submission {
            statement: bytes(&one["statement"]),
            disclosures: one["disclosures"]
                .as_array()
                .unwrap()
                .iter()
                .map(bytes)
                .collect(),
        })
        .collect();
    match ledger.submit(batch) {
        Ok(_) => (StatusCode::CREATED, String::new()),
        Err(error) => (StatusCode::CONFLICT, error.to_string()),
    }
}

async fn submitted(ledger: &Arc<TestLedger>, batch: usize) -> (u64, u64) {
    let server = served(ledger).await;
    let officers = [registrar(), secretary(), lead()];
    let mut connection = server.connect().await.unwrap();
    let bodies = prepare(&mut connection, "load", &officers, 30, batch)
        .await
        .unwrap();
    let requests = Arc::new(Requests::Post {
        path: entries_path("load"),
        bodies,
    });
    let plan = Plan {
        connections: 4,
        seconds: 60.0,
        warm_up: 0.0,
        rate: None,
    };
    let driven = drive(&server, &requests, plan).await.unwrap();
    let summary = driven.samples.summary(driven.seconds, batch as u64);
    assert!(summary.errors.is_empty(), "{}", summary.errors());
    (summary.requests, ledger.seen().size)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ledger_behind_http_accepts_single_statements_and_batches() {
    let ledger = Arc::new(TestLedger::in_memory());
    ledger.clock.store(now(), Ordering::Relaxed);
    let founded = ledger.seen().size;
    for (batch, expected) in [(1, ACTIONS + 30), (7, 2 * ACTIONS + 30 + 210)] {
        let (requests, size) = submitted(&ledger, batch).await;
        assert_eq!((requests, size), (30, founded + expected), "{batch}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ledger_that_refuses_the_actions_is_not_measured() {
    // Its clock stands far from ours, so nothing that is signed now is fresh.
    let ledger = Arc::new(TestLedger::in_memory());
    let server = served(&ledger).await;
    let mut connection = server.connect().await.unwrap();
    let refused = prepare(&mut connection, "load", &[secretary()], 1, 1).await;
    assert!(matches!(
        refused,
        Err(LoadError::Refused { status: 409, .. })
    ));
}
