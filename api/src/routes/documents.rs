//! Documents: board papers, minutes and the like, by their content.

use axum::body::Body;
use axum::extract::{Path, Request};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::TryStreamExt as _;
use minutebook_documents::{DocumentError, Documents, Limits, MAX_DOCUMENT};
use minutebook_events::{Blake3, Digest, DocumentRef};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use schemars::JsonSchema;
use serde::Serialize;
use tokio::time::error::Elapsed;

use crate::answer;
use crate::asked::Asked;
use crate::extract::{content_length, paced, refuse_packed, too_slow};
use crate::problem::{Kind, Problem};
use crate::route::{Route, Session, Shape};

const TAG: &str = "Documents";

/// A document that is kept, durably.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Kept {
    /// BLAKE3 of its bytes, by which it is kept: lower-case hex.
    pub blake3: Blake3,
    /// SHA-256 of the same bytes, in lower-case hex.
    pub sha256: Digest,
    /// How many bytes it has.
    pub size: u64,
}

/// The routes.
pub fn routes() -> Vec<Route> {
    vec![
        Route::post("/v1/ledgers/{ledger}/documents", "putDocument", put)
            .about(
                TAG,
                "Upload a document",
                "The body is the document itself, up to 64 MiB. It is durable when the answer comes; \
                 then record an event that names it, with these digests, its media type and its name. \
                 Until then nobody can read it. Uploading the same bytes again changes nothing.",
            )
            .takes("application/octet-stream", Shape::Bytes)
            .gives_json::<Kept>(201, "The document is kept")
            .with_header("Location", "The document")
            .refuses(&[Kind::SignInNeeded, Kind::TooLarge, Kind::UnsupportedType, Kind::ReadOnly])
            .session(Session::Needed),
        Route::get("/v1/ledgers/{ledger}/documents/by-digest/{blake3}", "getDocumentContent", get)
            .about(
                TAG,
                "A document",
                "Given to whoever may read an entry that names it, as a file to save. Its bytes are \
                 checked against its name while they are sent; a damaged document breaks off.",
            )
            .gives(200, "The document, in its own media type", [("*/*", Shape::Bytes)])
            .with_header("Content-Disposition", "Its file name")
            .with_header("ETag", "Its name: it never changes")
            .refuses(&[Kind::SignInNeeded, Kind::NotFound]),
    ]
}

fn store(asked: &Asked) -> Result<&Documents, Problem> {
    let documents = asked.ledger.documents.as_ref();
    documents.ok_or_else(|| Problem::new(Kind::ReadOnly, "this ledger keeps no documents here"))
}

async fn put(asked: Asked, request: Request) -> Result<Response, Problem> {
    asked.session()?;
    refuse_packed(request.headers())?;
    if content_length(request.headers()).is_some_and(|length| length > MAX_DOCUMENT) {
        return Err(too_large());
    }
    let patience = asked.server.settings.patience;
    let pieces = paced(request.into_body().into_data_stream(), patience);
    let stored = store(&asked)?
        .put(pieces, Limits::default())
        .await
        .map_err(|error| match error {
            DocumentError::TooLarge { .. } => too_large(),
            DocumentError::Empty => Problem::malformed("the document is empty"),
            DocumentError::Receiving(cause) if cause.is::<Elapsed>() => too_slow(&asked.server),
            DocumentError::Receiving(_) => Problem::malformed("the document did not arrive whole"),
            DocumentError::Full => {
                Problem::new(Kind::ReadOnly, "the server's disk is full").retry_after(30)
            }
            other => Problem::internal(&other),
        })?;
    let kept = Kept {
        blake3: stored.blake3,
        sha256: stored.sha256,
        size: stored.size,
    };
    let mut response = answer::json(StatusCode::CREATED, &kept);
    let location = format!(
        "/v1/ledgers/{}/documents/by-digest/{}",
        asked.ledger.name, kept.blake3
    );
    if let Ok(location) = HeaderValue::try_from(location) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}

fn too_large() -> Problem {
    Problem::new(Kind::TooLarge, "a document has at most 64 MiB")
}

async fn get(
    asked: Asked,
    Path((_, blake3)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let missing = || Problem::not_found("such document");
    let blake3: Blake3 = blake3.parse().map_err(|_| missing())?;
    let (ledger, level) = (asked.ledger.clone(), asked.reader.level);
    // Bringing the index up to date may read the whole record.
    let named = move || {
        let index = ledger.documents_named.up_to_date(&ledger.log)?;
        let naming = index.0.referenced(&blake3, level, index.0.ticks());
        Ok::<_, Problem>(naming.map(|naming| naming.document.clone()))
    };
    let named = match tokio::task::spawn_blocking(named).await {
        Ok(named) => named?.ok_or_else(missing)?,
        Err(error) => return Err(Problem::internal(&error)),
    };
    let found = store(&asked)?.get(&blake3).await;
    let found = found
        .map_err(|error| Problem::internal(&error))?
        .ok_or_else(missing)?;
    let body = Body::from_stream(found.bytes.map_err(std::io::Error::other));
    let tag = blake3.to_string();
    let mut response = answer::tagged(
        &headers,
        &asked.reader,
        &tag,
        "application/octet-stream",
        body,
    );
    if response.status() == StatusCode::OK {
        let answer = response.headers_mut();
        answer.insert(header::CONTENT_LENGTH, found.size.into());
        describe(answer, &named);
    }
    Ok(response.into_response())
}

/// As a file to save, and never as a page of this server: what stands in it is not this server's.
fn describe(headers: &mut HeaderMap, document: &DocumentRef) {
    if let Ok(media_type) = HeaderValue::try_from(&document.media_type) {
        headers.insert(header::CONTENT_TYPE, media_type);
    }
    let name = utf8_percent_encode(&document.name, NON_ALPHANUMERIC);
    if let Ok(value) = HeaderValue::try_from(format!("attachment; filename*=UTF-8''{name}")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    let policy = HeaderValue::from_static("default-src 'none'; sandbox");
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
}
