//! The HTTP interface to the ledgers. Thin for now: it says that it is there. Entries, views and live
//! tails follow, each resource in a file of its own under `routes/`.

use axum::Router;
use axum::routing::get;

/// The routes, as a value, so that tests need no socket.
pub fn router() -> Router {
    Router::new().route("/healthz", get(|| async { "ok\n" }))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use axum::body::Body;
    use axum::http::{Request, StatusCode};
    use tower::ServiceExt as _;

    #[tokio::test]
    async fn says_that_it_is_there() {
        let request = |path| Request::get(path).body(Body::empty()).unwrap();
        let answer = router().oneshot(request("/healthz")).await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        let answer = router().oneshot(request("/nothing")).await.unwrap();
        assert_eq!(answer.status(), StatusCode::NOT_FOUND);
    }
}
