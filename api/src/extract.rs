//! What handlers take from a request, with refusals as problems.

use std::sync::Arc;
use std::time::Duration;

use axum::BoxError;
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use futures_util::stream::{self, Stream, StreamExt as _};
use serde::de::DeserializeOwned;

use crate::problem::{Kind, Problem};
use crate::server::Server;

/// The most bytes of a request's body, but for a document's.
pub const MAX_BODY: usize = 16 << 20;

/// The query, whose unknown parameters are refused by its type.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let query = axum::extract::Query::<T>::try_from_uri(&parts.uri);
        match query {
            Ok(query) => Ok(Self(query.0)),
            Err(error) => Err(Problem::malformed(format!(
                "the query: {}",
                error.body_text()
            ))),
        }
    }
}

/// A body of JSON.
pub struct Json<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Arc<Server>> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, server: &Arc<Server>) -> Result<Self, Problem> {
        check_type(request.headers(), "application/json")?;
        let bytes = body(request, server).await?;
        match serde_json::from_slice(&bytes) {
            Ok(value) => Ok(Self(value)),
            Err(error) => Err(Problem::malformed(format!("the body: {error}"))),
        }
    }
}

/// The whole body, up to [`MAX_BODY`].
///
/// # Errors
/// Where it is larger, does not arrive whole, or takes longer than the settings allow.
pub async fn body(request: Request, server: &Arc<Server>) -> Result<Bytes, Problem> {
    let too_large = || {
        Problem::new(
            Kind::TooLarge,
            format!("the body has more than {MAX_BODY} bytes"),
        )
    };
    if content_length(request.headers()).is_some_and(|length| length > MAX_BODY as u64) {
        return Err(too_large());
    }
    let whole = Bytes::from_request(request, server);
    match tokio::time::timeout(server.settings.patience, whole).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(rejection)) if rejection.status() == 413 => Err(too_large()),
        Ok(Err(_)) => Err(Problem::malformed("the body did not arrive whole")),
        Err(_) => Err(too_slow(server)),
    }
}

/// The body took too long.
pub fn too_slow(server: &Server) -> Problem {
    let seconds = server.settings.patience.as_secs();
    Problem::new(
        Kind::TooSlow,
        format!("the body did not arrive within {seconds} s"),
    )
}

/// The length that a request says its body has.
pub fn content_length(headers: &HeaderMap) -> Option<u64> {
    headers
        .get(header::CONTENT_LENGTH)?
        .to_str()
        .ok()?
        .parse()
        .ok()
}

/// Refuses a body that is packed: unpacking what strangers pack is a way to be made to work.
///
/// # Errors
/// [`Kind::UnsupportedType`].
pub fn refuse_packed(headers: &HeaderMap) -> Result<(), Problem> {
    let packed = headers.get(header::CONTENT_ENCODING);
    match packed.is_some_and(|coding| coding != "identity") {
        true => Err(Problem::new(
            Kind::UnsupportedType,
            "send the body as it is, without a Content-Encoding",
        )),
        false => Ok(()),
    }
}

/// Refuses a body of another media type, and one that is packed.
///
/// # Errors
/// [`Kind::UnsupportedType`].
pub fn check_type(headers: &HeaderMap, wanted: &str) -> Result<(), Problem> {
    refuse_packed(headers)?;
    let given = headers.get(header::CONTENT_TYPE);
    let given = given.and_then(|value| value.to_str().ok()).unwrap_or("");
    let essence = given.split(';').next().unwrap_or("").trim();
    if essence.eq_ignore_ascii_case(wanted) {
        return Ok(());
    }
    Err(Problem::new(
        Kind::UnsupportedType,
        format!("this address takes {wanted}"),
    ))
}

/// The pieces of a body, each of which has to arrive within `patience` after the one before it.
pub fn paced<S>(pieces: S, patience: Duration) -> impl Stream<Item = Result<Bytes, BoxError>> + Send
where
    S: Stream<Item = Result<Bytes, axum::Error>> + Send + Unpin + 'static,
{
    stream::unfold(Some(pieces), move |pieces| async move {
        let mut pieces = pieces?;
        match tokio::time::timeout(patience, pieces.next()).await {
            Ok(None) => None,
            Ok(Some(Ok(piece))) => Some((Ok(piece), Some(pieces))),
            Ok(Some(Err(error))) => Some((Err(error.into()), None)),
            Err(late) => Some((Err(late.into()), None)),
        }
    })
}
