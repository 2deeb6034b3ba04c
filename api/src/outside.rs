//! What surrounds every handler: a request's id, its log line and its count, packing, and the answers
//! for addresses and methods that there are not.

use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::{Extensions, HeaderMap, HeaderName, HeaderValue, StatusCode, Version, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate as _, SizeAbove};
use tracing::Instrument as _;

use crate::extract::MAX_BODY;
use crate::problem::{Kind, Problem};
use crate::server::Server;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Puts a router into its surroundings.
pub fn wrap(router: Router<Arc<Server>>, server: Arc<Server>) -> Router {
    let packing = SizeAbove::new(1024)
        .and(NotForContentType::const_new("application/octet-stream"))
        .and(NotForContentType::SSE)
        .and(is_no_file);
    router
        .fallback(|| async { Problem::not_found("such address") })
        .method_not_allowed_fallback(|| async {
            Problem::new(
                Kind::MethodNotAllowed,
                "this address does not take that method",
            )
        })
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(CompressionLayer::new().compress_when(packing))
        .layer(middleware::from_fn_with_state(server.clone(), observe))
        .with_state(server)
}

/// Files to save (documents, bundles) are sent as they come: packing would hold back what is there, and
/// most are packed already.
fn is_no_file(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    !headers.contains_key(header::CONTENT_DISPOSITION)
}

/// Counts and logs a request. Its address and query stay out of the log, since people search for what
/// they know; so does everything that is sent or answered.
async fn observe(
    State(server): State<Arc<Server>>,
    route: Option<MatchedPath>,
    request: Request,
    next: Next,
) -> Response {
    let (id, began) = (server.next_id(), Instant::now());
    let method = request.method().clone();
    let route = route
        .as_ref()
        .map_or("none", |route| route.as_str())
        .to_owned();
    let span = tracing::info_span!("request", id, %method, route);
    let mut response = next.run(request).instrument(span.clone()).await;
    let (took, status) = (began.elapsed(), response.status());
    server.metrics.answered(&method, &route, status, took);
    span.in_scope(|| {
        let (status, milliseconds) = (status.as_u16(), took.as_millis());
        if status >= 500 {
            tracing::warn!(status, milliseconds, "answered");
        } else if method.is_safe() && status < 400 {
            tracing::debug!(status, milliseconds, "answered");
        } else {
            tracing::info!(status, milliseconds, "answered");
        }
    });
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::try_from(id) {
        headers.insert(REQUEST_ID, id);
    }
    let fixed = [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("x-frame-options", "DENY"),
    ];
    for (name, value) in fixed {
        headers.insert(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        );
    }
    response.into_response()
}
