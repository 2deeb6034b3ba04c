//! Subscribers of a small stand-in: it numbers what is posted and tells everyone.
#![allow(clippy::unwrap_used)]

use std::convert::Infallible;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router};
use http_body_util::channel::Channel;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::broadcast;

use super::*;

const FIRST: u64 = 7;

#[derive(Clone)]
struct StandIn {
    /// Held while an entry is told, so that events come in order.
    next: Arc<Mutex<u64>>,
    /// The entry with this number is told to nobody.
    silent: Option<u64>,
    told: broadcast::Sender<u64>,
}

async fn stand_in(silent: Option<u64>) -> Server {
    let state = StandIn {
        next: Arc::new(Mutex::new(FIRST)),
        silent,
        told: broadcast::channel(64).0,
    };
    let router = Router::new()
        .route("/v1/ledgers/l/entries", post(entry))
        .route("/v1/ledgers/l/events", get(events))
        .with_state(state);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    Server::parse(&url).unwrap()
}

async fn entry(State(state): State<StandIn>) -> (StatusCode, Json<Value>) {
    let mut next = state.next.lock().unwrap();
    let position = *next;
    *next += 1;
    if state.silent != Some(position) {
        state.told.send(position).unwrap();
    }
    let answer = json!({ "entries": [{ "position": position }] });
    (StatusCode::CREATED, Json(answer))
}

async fn events(State(state): State<StandIn>) -> impl IntoResponse {
    let mut told = state.told.subscribe();
    let (mut sender, body) = Channel::<Bytes, Infallible>::new(1);
    tokio::spawn(async move {
        while let Ok(position) = told.recv().await {
            let text = format!("id: {position}\nevent: entry\ndata: {{}}\n\n");
            if sender.send_data(text.into()).await.is_err() {
                break;
            }
        }
    });
    ([(CONTENT_TYPE, "text/event-stream")], Body::new(body))
}

async fn run_with(silent: Option<u64>) -> Report {
    let server = stand_in(silent).await;
    let bodies = vec![Bytes::from_static(b"{}"); 10];
    run(&server, "l", 5, 200.0, bodies, None).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_subscriber_hears_of_each_entry() {
    let report = run_with(None).await;
    assert_eq!((report.entries, report.missing), (10, 0));
    assert_eq!(report.heard.requests, 50);
    assert_eq!(report.acknowledged.requests, 10);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_entry_that_nobody_hears_of_is_missing_to_all() {
    let report = run_with(Some(FIRST + 4)).await;
    assert_eq!((report.entries, report.missing), (10, 5));
    assert_eq!(report.heard.requests, 45);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ledger_without_events_is_no_measurement() {
    let server = stand_in(None).await;
    let refused = run(&server, "other", 1, 1.0, Vec::new(), None).await;
    assert!(matches!(
        refused,
        Err(LoadError::Refused { status: 404, .. })
    ));
}
