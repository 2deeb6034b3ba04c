//! `minutebook serve`: the API of every ledger in the data folder.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use minutebook_api::documents::sweep as sweep_documents;
use minutebook_api::server::{Ledger, Server};
use minutebook_api::{checks, router, serve};
use minutebook_documents::Documents;
use tokio::net::TcpListener;

use super::Context;
use crate::clock::system_clock;
use crate::failure::Failure;
use crate::folder::{DocumentFileError, ledger_names, open_ledger};
use crate::output::plural;

mod config;
mod tls;

pub use config::Args;
use config::Config;

/// Runs the command: until it is told to end by Ctrl-C or SIGTERM; or only looks at the settings.
///
/// # Errors
/// Where the settings do not fit together, or a ledger or the address cannot be opened.
pub fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    let config = Config::read(args)?;
    if args.check {
        config.check()?;
        config.tls.as_ref().map(tls::acceptor).transpose()?;
        context.out.note("the settings are fine");
        return Ok(());
    }
    serve_folder(&config, context)
}

/// Serves the data folder's ledgers with the settings that a demonstration needs.
///
/// # Errors
/// As [`run`].
pub fn run_demo(listen: SocketAddr, context: &Context) -> Result<(), Failure> {
    serve_folder(&Config::on(listen), context)
}

fn serve_folder(config: &Config, context: &Context) -> Result<(), Failure> {
    config.check()?;
    config.log.begin();
    let tls = match &config.tls {
        Some(files) => Some(tls::acceptor(files)?),
        None => None,
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::of(&error, None))?;
    // Before the ledgers are opened: an address that is taken costs nobody a wait.
    let listener = runtime
        .block_on(TcpListener::bind(config.listen))
        .map_err(|error| {
            Failure::new(
                format!("cannot listen on {}: {error}", config.listen),
                "choose another address with --listen, such as --listen 127.0.0.1:8081",
            )
        })?;
    let address = listener
        .local_addr()
        .map_err(|error| Failure::of(&error, None))?;
    let ledgers = open_all(&context.dir, context)?;
    let count = ledgers.len() as u64;
    let settings = config.settings(address);
    serve::make_room(settings.connections);
    let server = Server::new(ledgers, settings, system_clock());
    let app = router(server.clone());
    let url = format!(
        "{}://{address}",
        if tls.is_some() { "https" } else { "http" }
    );
    context.out.note(&format!(
        "serving {} at {url}; Ctrl-C ends it",
        plural(count, "ledger", "ledgers")
    ));
    tracing::info!(%address, ledgers = count, "serving");
    runtime
        .block_on(async {
            sweep(&server).await;
            tokio::spawn(checks::run(server.clone()));
            let ended = serve::serve(server.clone(), app, listener, tls, told_to_end());
            ended.await
        })
        .map_err(|error| Failure::of(&error, None))?;
    // Answers that are still being worked out hold ledgers; they end before those are closed.
    drop(runtime);
    close_all(server)
}

fn open_all(dir: &Path, context: &Context) -> Result<Vec<Ledger>, Failure> {
    let mut ledgers = Vec::new();
    for name in ledger_names(dir)? {
        if context.ledger.as_ref().is_some_and(|only| *only != name) {
            continue;
        }
        let open = open_ledger(dir, Some(&name))?;
        for notice in &open.notices {
            context.out.note(&format!("note: {name}: {notice}"));
            tracing::warn!(ledger = name, notice, "opened");
        }
        let documents = Documents::open(&open.path).map_err(DocumentFileError::from)?;
        ledgers.push(Ledger {
            folder: Some(open.path),
            notices: open.notices,
            documents: Some(documents),
            ..Ledger::new(open.name, open.log)
        });
    }
    if ledgers.is_empty() {
        // Says what there is, or how to make one.
        open_ledger(dir, context.ledger.as_deref())?;
    }
    Ok(ledgers)
}

/// Removes documents that an erasure that was cut short has left.
async fn sweep(server: &Server) {
    for ledger in server.ledgers.values() {
        let Some(documents) = &ledger.documents else {
            continue;
        };
        match sweep_documents(&ledger.log, &ledger.documents_named, documents).await {
            Ok(0) => {}
            Ok(removed) => {
                tracing::warn!(ledger = ledger.name, removed, "documents of erased entries")
            }
            Err(error) => tracing::error!(ledger = ledger.name, %error, "documents not swept"),
        }
    }
}

fn close_all(server: Arc<Server>) -> Result<(), Failure> {
    let Some(server) = Arc::into_inner(server) else {
        return Err(Failure::bare(
            "the server did not end; its ledgers are closed with the process",
        ));
    };
    let mut failed = None;
    for ledger in server.ledgers.into_values() {
        let Some(ledger) = Arc::into_inner(ledger) else {
            continue;
        };
        tracing::info!(ledger = ledger.name, "closing");
        if let Err(error) = ledger.log.close() {
            failed = Some(Failure::from(error));
        }
    }
    failed.map_or(Ok(()), Err)
}

/// Waits for Ctrl-C or SIGTERM.
async fn told_to_end() {
    let interrupt = async {
        // Without the signal's handler the process ends at once, which loses nothing either.
        let _ = tokio::signal::ctrl_c().await;
    };
    #[cfg(unix)]
    let terminate = async {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}
