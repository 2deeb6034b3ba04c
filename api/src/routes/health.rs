//! Whether the server lives, whether it is ready, and its figures.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;

use crate::answer;
use crate::metrics::exposition;
use crate::route::{Route, Session, Shape};
use crate::server::{Ledger, Server};

const TAG: &str = "Operations";

/// Whether the server is ready, and each of its ledgers.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Readiness {
    /// Whether every ledger takes entries.
    pub ready: bool,
    /// Whether the server is about to end.
    pub closing: bool,
    /// The ledgers.
    pub ledgers: Vec<LedgerState>,
}

/// How a ledger is.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct LedgerState {
    /// Its name.
    pub name: String,
    /// How it is.
    pub state: State_,
    /// Whether its disk has little room left; absent where that cannot be told.
    pub disk_low: Option<bool>,
    /// Whether the check in the background found entries that are not as they were signed.
    pub damaged: bool,
    /// What was put right when it was opened.
    pub repaired: bool,
}

/// How a ledger is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum State_ {
    /// It takes entries.
    Ready,
    /// It is read, and takes no entries.
    ReadOnly,
}

/// The routes.
pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/healthz", "isAlive", || async { "ok\n" })
            .about(TAG, "Whether the server lives", "")
            .gives(200, "It does", [("text/plain; charset=utf-8", Shape::Text)])
            .session(Session::None),
        Route::get("/readyz", "isReady", ready)
            .about(
                TAG,
                "Whether the server is ready, and each of its ledgers",
                "Not ready while a ledger takes no entries, its disk is low, some of its \
                 entries are damaged, or the server is closing.",
            )
            .gives_json::<Readiness>(200, "It is")
            .gives_json::<Readiness>(503, "It is not")
            .session(Session::None),
        Route::get("/metrics", "getFigures", metrics)
            .about(
                TAG,
                "Figures for Prometheus",
                "Numbers and the ledgers' names, nothing that they say.",
            )
            .gives(200, "OpenMetrics text", [(METRICS, Shape::Text)])
            .session(Session::None),
    ]
}

const METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

async fn ready(State(server): State<Arc<Server>>) -> Response {
    let ledgers: Vec<LedgerState> = server
        .ledgers
        .values()
        .map(|ledger| state(ledger, server.settings.disk_low))
        .collect();
    let fine = |one: &LedgerState| {
        one.state == State_::Ready && one.disk_low != Some(true) && !one.damaged
    };
    let closing = server.is_closing();
    let ready = !closing && ledgers.iter().all(fine);
    let status = match ready {
        true => StatusCode::OK,
        false => StatusCode::SERVICE_UNAVAILABLE,
    };
    answer::json(
        status,
        &Readiness {
            ready,
            closing,
            ledgers,
        },
    )
}

fn state(ledger: &Ledger, low: u64) -> LedgerState {
    LedgerState {
        name: ledger.name.clone(),
        state: match ledger.log.read_only() {
            None => State_::Ready,
            Some(_) => State_::ReadOnly,
        },
        damaged: ledger.checks.found_damage(),
        disk_low: ledger.free_bytes().map(|free| free < low),
        repaired: !ledger.notices.is_empty(),
    }
}

async fn metrics(State(server): State<Arc<Server>>) -> Response {
    // Sizes of folders are read from the disk.
    let text = tokio::task::spawn_blocking(move || exposition(&server)).await;
    match text {
        Ok(text) => {
            let kind = HeaderValue::from_static(METRICS);
            ([(header::CONTENT_TYPE, kind)], text).into_response()
        }
        Err(error) => crate::problem::Problem::internal(&error).into_response(),
    }
}
