//! The HTTP interface to the ledgers: submit signed events, ask the record, watch it live.
//!
//! A request is answered by one handler of [`routes`], each described beside itself by a
//! [`route::Route`], from which the router and the OpenAPI document are made. [`asked`] says who asks
//! and what they may read; [`looking`] answers every question as a paper; [`problem`] is the one place
//! where errors become answers. The server holds no officer's key and signs no entry.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::routing::MethodRouter;

mod answer;
pub mod answers;
pub mod asked;
pub mod checks;
pub mod docs;
pub mod documents;
pub mod entry;
pub mod export;
mod extract;
pub mod feeds;
pub mod folds;
mod limiter;
pub mod looking;
pub mod metrics;
pub mod names;
pub mod openapi;
mod outside;
pub mod problem;
pub mod route;
pub mod routes;
pub mod serve;
pub mod server;
pub mod session;
pub mod tiles;

pub use server::{Ledger, Server, Settings};

/// The routes of a server, as a value, so that tests need no socket.
pub fn router(server: Arc<Server>) -> Router {
    let mut paths: BTreeMap<String, MethodRouter<Arc<Server>>> = BTreeMap::new();
    for route in routes::all() {
        let path = paths.entry(route.path).or_default();
        *path = std::mem::take(path).merge(route.handler);
    }
    let mut router = Router::new();
    for (path, methods) in paths {
        router = router.route(&path, methods);
    }
    outside::wrap(router, server)
}
