//! The accept loop: connections, their limits, TLS, and an end that finishes what was begun.
//!
//! Whoever sends slowly, sends nothing, or opens connections without end gets no more than a
//! connection each, up to a limit, and for a limited time.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::{Request, service};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt as _;

use crate::server::Server;

/// How long answers that were begun may take to end once the server is closing.
const LAST_ANSWERS: Duration = Duration::from_secs(20);

/// The most headers of a request, and bytes of its head.
const HEADERS: usize = 64;
const HEAD_BYTES: usize = 16 << 10;

/// Open files that a server needs beside its connections: ledgers, their journals and documents.
const OTHER_FILES: u64 = 512;

/// Raises the limit of open files so that so many connections fit, as far as the system lets anyone.
/// A connection is an open file, and what a process begins with is often far less.
pub fn make_room(connections: usize) {
    let limit = getrlimit(Resource::Nofile);
    let wanted = (connections as u64).saturating_add(OTHER_FILES);
    let most = limit.maximum.map_or(wanted, |most| wanted.min(most));
    if limit.current.is_some_and(|now| now < most) {
        let raised = setrlimit(
            Resource::Nofile,
            Rlimit {
                current: Some(most),
                maximum: limit.maximum,
            },
        );
        if let Err(error) = raised {
            tracing::warn!(cause = %error, "the limit of open files stays low");
        }
    }
    if most < wanted {
        tracing::info!(
            files = most,
            "the system's limit of open files limits connections too"
        );
    }
}

/// Serves until `end` is there, then takes no more connections, lets answers that were begun be
/// finished, and returns.
///
/// # Errors
/// Where the listener fails for good.
pub async fn serve(
    server: Arc<Server>,
    router: Router,
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    end: impl Future<Output = ()>,
) -> io::Result<()> {
    let places = Arc::new(Semaphore::new(server.settings.connections));
    let graceful = GracefulShutdown::new();
    tokio::pin!(end);
    loop {
        let (stream, address) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    // The caller went away, or there are too many open files: either passes.
                    tracing::warn!(cause = %error, "a connection could not be taken");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
            () = &mut end => break,
        };
        let Ok(place) = places.clone().try_acquire_owned() else {
            server.metrics.refused.inc();
            continue;
        };
        // Small answers are not to wait for more.
        let _ = stream.set_nodelay(true);
        let (server, router, tls) = (server.clone(), router.clone(), tls.clone());
        let (watcher, patience) = (graceful.watcher(), server.settings.head_patience);
        tokio::spawn(async move {
            let _place = place;
            server.metrics.connections.inc();
            match tls {
                None => connection(router, stream, address, patience, watcher).await,
                Some(tls) => {
                    let shaken = tokio::time::timeout(patience, tls.accept(stream)).await;
                    if let Ok(Ok(stream)) = shaken {
                        connection(router, stream, address, patience, watcher).await;
                    }
                }
            }
            server.metrics.connections.dec();
        });
    }
    drop(listener);
    server.close();
    if tokio::time::timeout(LAST_ANSWERS, graceful.shutdown())
        .await
        .is_err()
    {
        tracing::warn!("some answers were not finished in time");
    }
    Ok(())
}

async fn connection(
    router: Router,
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    address: SocketAddr,
    patience: Duration,
    watcher: hyper_util::server::graceful::Watcher,
) {
    let service = service::service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(address));
        router.clone().oneshot(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(patience)
        .max_headers(HEADERS)
        .max_buf_size(HEAD_BYTES)
        .serve_connection(TokioIo::new(stream), service);
    // A caller that breaks off, or sends what is no HTTP, is its own business.
    let _ = watcher.watch(connection).await;
}
