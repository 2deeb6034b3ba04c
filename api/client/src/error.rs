//! Why something could not be had from a server.

use minutebook_ledger::checkpoint::CheckpointError;
use minutebook_ledger::receipt::ReceiptError;
use minutebook_ledger::statement::StatementError;
use minutebook_ledger::tlog_proof::TlogProofError;
use serde::Deserialize;

/// Why a request gave no answer that can be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClientError {
    /// Not the address of a server.
    #[error("{0:?} is not the address of a server")]
    Address(String),
    /// No ledger can be called that.
    #[error("no ledger is called {0:?}")]
    Name(String),
    /// A file of certificate authorities without any.
    #[error("there is no certificate in PEM")]
    NoCertificate,
    /// No server answers there, or the connection broke and did not come back.
    #[error("no answer from {address}")]
    Unreachable {
        /// The server.
        address: String,
        /// Why.
        #[source]
        source: Box<ureq::Error>,
    },
    /// Whoever is between here and the server could read along.
    #[error("{address} is reached without TLS, so others on the way could read along")]
    NotPrivate {
        /// The server.
        address: String,
    },
    /// The server refused, and says why (RFC 9457).
    #[error("{}", .0.detail)]
    Refused(Box<Problem>),
    /// An answer without an explanation: perhaps it is another sort of server.
    #[error("{address} answers with status {status}, as no Minutebook server does")]
    Status {
        /// What was asked.
        address: String,
        /// The HTTP status.
        status: u16,
    },
    /// An answer of another shape than is described.
    #[error("what {address} answers cannot be read: {reason}")]
    Unreadable {
        /// What was asked.
        address: String,
        /// What is wrong with it.
        reason: String,
    },
    /// An answer that is larger than one of its sort can be.
    #[error("what {address} answers is larger than {limit} bytes")]
    TooLarge {
        /// What was asked.
        address: String,
        /// The most that is read.
        limit: u64,
    },
    /// The server goes by another address than the one it was reached at.
    #[error("the server is reached at {reached}, and signs people in at {}", .served.join(", "))]
    OtherAddress {
        /// The address it was reached at.
        reached: String,
        /// Those it goes by.
        served: Vec<String>,
    },
    /// The answer does not prove what it says.
    #[error(transparent)]
    Unproved(#[from] Unproved),
}

/// How an answer fails to prove what it says.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Unproved {
    /// The checkpoint is not the log's.
    #[error("the server's checkpoint does not hold")]
    Checkpoint(#[from] CheckpointError),
    /// The receipt is not the log's, or for another entry.
    #[error("the server's receipt does not hold")]
    Receipt(#[from] ReceiptError),
    /// The proof is not the log's, or for another entry.
    #[error("the server's proof does not hold")]
    Proof(#[from] TlogProofError),
    /// The entry is not one.
    #[error("what the server gives as an entry is none")]
    Statement(#[from] StatementError),
    /// Two things that the server says contradict each other.
    #[error("the server contradicts itself: {0}")]
    Contradiction(String),
}

/// Problem details (RFC 9457), as a server gives them.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Problem {
    /// The sort of problem: a reference such as `/problems/conflict`.
    #[serde(rename = "type")]
    pub of: String,
    /// The sort of problem in words.
    #[serde(default)]
    pub title: String,
    /// The HTTP status.
    #[serde(default)]
    pub status: u16,
    /// What is wrong this time.
    #[serde(default)]
    pub detail: String,
    /// Of a batch: the index of the first submission that was refused, counted from 0.
    #[serde(default)]
    pub index: Option<usize>,
    /// The rule that refuses it, by its stable name.
    #[serde(default)]
    pub rule: Option<String>,
    /// The entries that stand in the way.
    #[serde(default)]
    pub entries: Vec<u64>,
    /// The right way to say it.
    #[serde(default)]
    pub instead: Option<String>,
}

impl Problem {
    /// The sort of problem: the last part of its type, such as `conflict`.
    pub fn kind(&self) -> &str {
        self.of.rsplit('/').next().unwrap_or(&self.of)
    }
}

impl ClientError {
    /// The problem that the server named, where it named one.
    pub fn problem(&self) -> Option<&Problem> {
        match self {
            Self::Refused(problem) => Some(problem),
            _ => None,
        }
    }

    /// Whether the server refused with a problem of this kind, such as `withheld`.
    pub fn is(&self, kind: &str) -> bool {
        self.problem().is_some_and(|problem| problem.kind() == kind)
    }
}
