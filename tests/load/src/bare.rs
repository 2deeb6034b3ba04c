//! The least that can be served: a handler that returns the same bytes each time. What any answer of the
//! same length is measured against.

use std::net::Ipv4Addr;
use std::path::Path;
use std::process::Stdio;

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use bytes::Bytes;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::net::TcpListener;
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;

use crate::error::LoadError;

/// A bare server in this process.
pub struct Bare {
    /// Where it listens, as `http://127.0.0.1:PORT`.
    pub url: String,
    /// Ends only where it fails.
    pub serving: JoinHandle<std::io::Result<()>>,
}

/// A bare server in a process of its own, as the server it is compared with is. Ends when dropped.
pub struct BareProcess {
    /// Where it listens.
    pub url: String,
    _child: Child,
}

/// Serves `bytes` bytes at every path, on a free port of this machine alone.
///
/// # Errors
/// Where there is no port.
pub async fn serve(bytes: usize) -> Result<Bare, LoadError> {
    let failed = |source| LoadError::Connect {
        address: "127.0.0.1:0".into(),
        source,
    };
    let body = Bytes::from(vec![b'x'; bytes]);
    let answer = get(move || {
        let body = body.clone();
        async move { ([(CONTENT_TYPE, "application/octet-stream")], body) }
    });
    let router = Router::new()
        .route("/", answer.clone())
        .route("/{*path}", answer);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .await
        .map_err(failed)?;
    let url = format!("http://{}", listener.local_addr().map_err(failed)?);
    let serving = tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(Bare { url, serving })
}

/// Starts this program again as a bare server.
///
/// # Errors
/// Where it does not start.
pub async fn spawn(program: &Path, bytes: u64) -> Result<BareProcess, LoadError> {
    let mut child = Command::new(program)
        .args(["bare", "--bytes", &bytes.to_string()])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(LoadError::file("run", program))?;
    let mut url = String::new();
    if let Some(stdout) = child.stdout.take() {
        BufReader::new(stdout)
            .read_line(&mut url)
            .await
            .map_err(LoadError::file("read the output of", program))?;
    }
    Ok(BareProcess {
        url: url.trim_end().to_owned(),
        _child: child,
    })
}
