//! What is here: the ledgers, and one of them.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use minutebook_events::Confidentiality;
use minutebook_events::catalogue::ledger::ReadPolicy;
use minutebook_projections::Summary;
use schemars::JsonSchema;
use serde::Serialize;

use crate::answer;
use crate::asked::Asked;
use crate::problem::{Kind, Problem};
use crate::route::{Route, Session};
use crate::server::{Ledger, Server};

const TAG: &str = "Ledgers";

/// The ledgers of a server.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Ledgers {
    /// Each of them, in order of their names.
    pub ledgers: Vec<Brief>,
}

/// What everyone may know of a ledger.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Brief {
    /// Its name in addresses.
    pub name: String,
    /// Its name among all logs.
    pub origin: String,
    /// The partnership, where the ledger is open to all.
    pub partnership: Option<String>,
    /// Who may read public items without signing in.
    pub read: ReadPolicy,
    /// How many entries it has.
    pub size: u64,
    /// The root of the tree over them: SHA-256 in lower-case hex.
    pub root: String,
}

/// A ledger.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct About {
    /// What everyone may know of it.
    #[serde(flatten)]
    pub brief: Brief,
    /// The key that checks its checkpoints: a C2SP vkey.
    pub vkey: String,
    /// The Ed25519 key that checks its receipts: 32 bytes in base64.
    #[schemars(extend("contentEncoding" = "base64"))]
    pub receipt_key: String,
    /// How far a signer's clock may be off, in seconds.
    pub freshness: u64,
    /// The newest checkpoint, a C2SP note.
    pub checkpoint: String,
    /// When the newest entry was recorded, in seconds since 1970.
    pub recorded_at: i64,
    /// How many of its entries this reader may read.
    pub readable: u64,
    /// What it holds, for readers who may read all of it.
    pub counts: Option<Summary>,
}

/// The routes.
pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/v1/ledgers", "listLedgers", list)
            .about(TAG, "List the ledgers", "")
            .gives_json::<Ledgers>(200, "The ledgers of this server")
            .session(Session::None),
        Route::get("/v1/ledgers/{ledger}", "getLedger", one)
            .about(TAG, "A ledger: its keys, its head, what it holds", "")
            .gives_json::<About>(200, "The ledger")
            .with_header("ETag", "Changes with the head")
            .refuses(&[Kind::SignInNeeded]),
    ]
}

async fn list(State(server): State<Arc<Server>>) -> Response {
    let ledgers = server.ledgers.values();
    answer::json(
        StatusCode::OK,
        &Ledgers {
            ledgers: ledgers.map(|ledger| brief(ledger)).collect(),
        },
    )
}

fn brief(ledger: &Ledger) -> Brief {
    let published = ledger.published();
    let opened = published.views.records.opened();
    let read = opened.map_or(ReadPolicy::Members, |opened| opened.read);
    Brief {
        name: ledger.name.clone(),
        origin: ledger.log.origin().to_owned(),
        partnership: opened
            .filter(|_| read == ReadPolicy::Public)
            .map(|opened| opened.partnership.clone()),
        read,
        size: published.head.size,
        root: published.head.root.to_string(),
    }
}

async fn one(asked: Asked, headers: HeaderMap) -> Result<Response, Problem> {
    let (published, log) = (&asked.published, &asked.ledger.log);
    let views = &published.views;
    let opened = views.records.opened();
    let now = asked.now();
    let readable = now.ticks() - now.private(0..now.ticks());
    let about = About {
        brief: Brief {
            partnership: opened.map(|opened| opened.partnership.clone()),
            size: published.head.size,
            root: published.head.root.to_string(),
            ..brief(&asked.ledger)
        },
        vkey: log.vkey().to_string(),
        receipt_key: STANDARD.encode(log.receipt_key().as_bytes()),
        freshness: opened.map_or(0, |opened| opened.freshness),
        checkpoint: published.checkpoint.to_string(),
        recorded_at: published.recorded_at,
        readable,
        // Of what is private not even the number of each sort is told.
        counts: (asked.reader.level == Confidentiality::Restricted || readable == now.ticks())
            .then(|| views.summary()),
    };
    let tag = format!("{}-{:?}", published.head.size, asked.reader.level);
    let body = serde_json::to_vec(&about).map_err(|error| Problem::internal(&error))?;
    Ok(answer::tagged(
        &headers,
        &asked.reader,
        &tag,
        "application/json",
        body,
    ))
}
