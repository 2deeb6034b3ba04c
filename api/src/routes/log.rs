//! The log as static files (C2SP tlog-tiles): checkpoint, tiles and entry bundles. Statements only, in
//! which nothing can be read; open to everyone, whatever the read policy, so that anyone can watch the
//! log grow.

use axum::body::Bytes;
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use minutebook_ledger::tile::{EntriesId, TILE_WIDTH, TileId, encode_bundle, partial_width};

use crate::asked::Open;
use crate::problem::Problem;
use crate::route::{Route, Session, Shape};
use crate::server::Ledger;

const TAG: &str = "The log as static files (C2SP tlog-tiles)";
const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// The routes.
pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/log/{ledger}/checkpoint", "getCheckpoint", checkpoint)
            .about(
                TAG,
                "The newest checkpoint",
                "A signed note (C2SP tlog-checkpoint) over the size and the root of the tree.",
            )
            .gives(200, "The note", [("text/plain; charset=utf-8", Shape::Text)])
            .session(Session::None),
        Route::get("/log/{ledger}/tile/{*path}", "getTile", tile)
            .about(
                TAG,
                "A tile of the tree, or a bundle of entries",
                "`<level>/<index>` or `entries/<index>`, the index in groups of three digits with `x` \
                 before all but the last, and `.p/<width>` after it where it is partial. A partial tile \
                 is given for every width that the published tree has.",
            )
            .gives(
                200,
                "The hashes, or the entries each after its length in two bytes",
                [("application/octet-stream", Shape::Bytes)],
            )
            .with_header("Cache-Control", "A tile never changes")
            .session(Session::None),
    ]
}

async fn checkpoint(open: Open) -> Response {
    let published = open.ledger.published();
    (
        [
            (
                header::CONTENT_TYPE,
                HeaderValue::from_static("text/plain; charset=utf-8"),
            ),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
        ],
        published.checkpoint.to_string(),
    )
        .into_response()
}

/// The address below the log's prefix, as it was sent: a tile has exactly one.
struct TilePath(String);

impl<S: Send + Sync> FromRequestParts<S> for TilePath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let params = Path::<(String, String)>::from_request_parts(parts, state).await;
        match params {
            Ok(Path((_, path))) => Ok(Self(format!("tile/{path}"))),
            Err(_) => Err(Problem::not_found("such tile")),
        }
    }
}

async fn tile(open: Open, TilePath(path): TilePath) -> Result<Response, Problem> {
    let bytes = match open.ledger.tiles.get(&path) {
        Some(bytes) => bytes,
        None => read(&open.ledger, path)?,
    };
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/octet-stream"),
        ),
        (header::CACHE_CONTROL, IMMUTABLE),
    ];
    Ok((headers, bytes).into_response())
}

/// A tile or bundle from the store. A full one is kept: it has had its last change.
fn read(ledger: &Ledger, path: String) -> Result<Bytes, Problem> {
    let (log, size) = (&ledger.log, ledger.published().head.size);
    let (bytes, full) = if let Ok(id) = EntriesId::parse(&path) {
        if !is_of(0, id.index, id.width, size) {
            return Err(Problem::not_found("such bundle of entries yet"));
        }
        let entries = log.entries(id.positions())?;
        let entries: Vec<&[u8]> = entries.iter().map(|one| one.statement.bytes()).collect();
        let bundle = encode_bundle(&entries).map_err(|error| Problem::internal(&error))?;
        (bundle, id.width == TILE_WIDTH)
    } else {
        match TileId::parse(&path) {
            Ok(id) if is_of(id.level, id.index, id.width, size) => (log.tile(id)?, id.is_full()),
            _ => return Err(Problem::not_found("such tile yet")),
        }
    };
    let bytes = Bytes::from(bytes);
    if full {
        ledger.tiles.keep(path, bytes.clone());
    }
    Ok(bytes)
}

/// Whether the tree of `size` has this tile: a full one, or a partial one up to its present width.
fn is_of(level: u8, index: u64, width: u16, size: u64) -> bool {
    let full = minutebook_ledger::tile::full_tiles(level, size);
    index < full || (index == full && width <= partial_width(level, size))
}
