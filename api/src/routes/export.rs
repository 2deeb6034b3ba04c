//! The auditor's bundle, whole.

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;

use crate::asked::Asked;
use crate::export::{folder, pipe, write};
use crate::problem::{Kind, Problem};
use crate::route::{Route, Shape};

const TAR: &str = "application/x-tar";

/// The route.
pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/v1/ledgers/{ledger}/export", "exportLedger", export)
            .about(
                "Entries",
                "The auditor's bundle: everything that is needed to check the ledger offline",
                "A tar archive of one folder, which `minutebook verify` and C2SP tools read. It proves \
                 every entry and holds the content that this reader may read, with the documents that \
                 it names; what is left out is listed as withheld or erased. An archive that is cut \
                 short has no MANIFEST.json. One is given out at a time.",
            )
            .gives(200, "The archive", [(TAR, Shape::Bytes)])
            .with_header("Content-Disposition", "A name for it: the ledger's, and the size")
            .refuses(&[Kind::SignInNeeded, Kind::Busy]),
    ]
}

async fn export(asked: Asked) -> Result<Response, Problem> {
    let busy = || Problem::new(Kind::Busy, "another bundle is being given out").retry_after(10);
    let turn = asked.server.exports.clone().try_acquire_owned();
    let turn = turn.map_err(|_| busy())?;
    let name = folder(&asked.ledger, &asked.published);
    let keep = match asked.reader.session {
        Some(_) => "private, no-store",
        None => "no-store",
    };
    let (pipe, pieces) = pipe();
    tokio::task::spawn_blocking(move || {
        let patience = asked.server.settings.patience;
        let (ledger, level) = (&asked.ledger, asked.reader.level);
        write(ledger, &asked.published, level, patience, &pipe);
        // Before the stream ends: whoever has all of it may ask for the next.
        drop(turn);
        drop(pipe);
    });
    let body = stream::unfold(pieces, |mut pieces| async move {
        let piece = pieces.recv().await?;
        Some((piece, pieces))
    });
    let mut response = Body::from_stream(body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(TAR));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    if let Ok(value) = HeaderValue::try_from(format!("attachment; filename={name}.tar")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}
