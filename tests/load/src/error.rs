//! What can go wrong before or beside the measuring; what goes wrong in it is counted.

use std::io;
use std::path::{Path, PathBuf};

/// Why there is no measurement.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// Only plain HTTP is measured, and without a path in front.
    #[error("{0:?} is no address of the form http://HOST:PORT")]
    Url(String),
    /// A file could not be used.
    #[error("cannot {action} {}", path.display())]
    File {
        /// What was tried.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// The server cannot be reached.
    #[error("cannot connect to {address} (for many connections see `ulimit -n`)")]
    Connect {
        /// Host and port.
        address: String,
        /// The system's answer.
        source: io::Error,
    },
    /// The connection broke, or what came is not HTTP.
    #[error("the connection failed")]
    Http(#[from] hyper::Error),
    /// A request could not be made from these parts.
    #[error("no request can be made of this")]
    Request(#[from] hyper::http::Error),
    /// The server refused something that has to work before measuring.
    #[error("{what} was answered with {status}: {body}")]
    Refused {
        /// What was asked.
        what: String,
        /// The HTTP status.
        status: u16,
        /// The answer's beginning.
        body: String,
    },
    /// The server's answer is not of the form that was agreed.
    #[error("{what} is not of the expected form: {detail}")]
    Form {
        /// What was read.
        what: &'static str,
        /// What is wrong.
        detail: String,
    },
    /// The officers' file has nobody for this.
    #[error("no officer with the role {0} is in the officers' file")]
    NoOfficer(&'static str),
    /// A key file cannot be read.
    #[error(transparent)]
    KeyFile(#[from] minutebook_keys::KeyFileError),
    /// A key file has no such key, or its passphrase is missing or wrong.
    #[error("{} gives no key", path.display())]
    Key {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: minutebook_keys::KeyError,
    },
    /// An event cannot be signed.
    #[error(transparent)]
    Author(#[from] minutebook_ledger::author::AuthorError),
    /// The `minutebook` program refused.
    #[error("{command} failed:\n{stderr}")]
    Program {
        /// What was run.
        command: String,
        /// What it printed.
        stderr: String,
    },
    /// A task of this program ended early.
    #[error("a task of the load generator failed")]
    Task(#[from] tokio::task::JoinError),
    /// Writing JSON.
    #[error("cannot write JSON")]
    Json(#[from] serde_json::Error),
}

impl LoadError {
    /// A [`LoadError::File`], for `map_err`.
    pub fn file(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::File {
            action,
            path,
            source,
        }
    }

    /// A [`LoadError::Form`].
    pub fn form(what: &'static str, detail: impl ToString) -> Self {
        Self::Form {
            what,
            detail: detail.to_string(),
        }
    }
}
