//! Submitting what was signed.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use minutebook_ledger::author::Submission;
use minutebook_ledger::hash::Hash;
use minutebook_ledger::tree::TreeHead;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::answers::{base64, hash};
use crate::ledger::MAX_ANSWER;
use crate::transport::Method;
use crate::{ClientError, LedgerClient};

/// What entered, as the server says; [`crate::Keys::check`] says whether that is proved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entered {
    /// An answer for each submission, in their order.
    pub entries: Vec<EnteredEntry>,
    /// The tree that the checkpoint is over.
    pub head: TreeHead,
    /// The checkpoint, a C2SP note.
    pub checkpoint: String,
}

/// A submission that is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnteredEntry {
    /// Its index in the log.
    pub position: u64,
    /// When it counts as recorded, in seconds since 1970.
    pub recorded_at: i64,
    /// Whether exactly these bytes had been submitted before.
    pub repeated: bool,
    /// A COSE receipt; a log of one entry has none.
    pub receipt: Option<Vec<u8>>,
}

#[derive(Deserialize)]
struct Answer {
    entries: Vec<One>,
    size: u64,
    #[serde(deserialize_with = "hash")]
    root: Hash,
    checkpoint: String,
}

#[derive(Deserialize)]
struct One {
    position: u64,
    recorded_at: i64,
    repeated: bool,
    receipt: Option<String>,
}

impl LedgerClient {
    /// Submits a batch of up to 1,000, which enters whole or not at all. Where the connection breaks
    /// or the ledger is busy it is sent again: the same bytes enter once.
    ///
    /// # Errors
    /// Where one of them is refused (its place is in [`crate::Problem::index`]), or no answer comes. In
    /// the latter case it is not known whether the batch is in: submitting it again tells.
    pub fn submit(&self, batch: &[Submission]) -> Result<Entered, ClientError> {
        let submissions: Vec<Value> = batch
            .iter()
            .map(|one| {
                let parts = one.disclosures.iter();
                let parts: Vec<String> = parts.map(|part| STANDARD.encode(part)).collect();
                json!({"statement": STANDARD.encode(&one.statement), "disclosures": parts})
            })
            .collect();
        let body = json!({ "submissions": submissions }).to_string();
        let request = self.request(Method::Post(body.as_bytes()), "/entries", MAX_ANSWER);
        let answer: Answer = self.transport.json(&request)?;
        let entries = answer.entries.into_iter().map(|one| {
            let receipt = one.receipt.as_deref().map(base64).transpose();
            Ok(EnteredEntry {
                position: one.position,
                recorded_at: one.recorded_at,
                repeated: one.repeated,
                receipt: receipt.map_err(|error| self.transport.unreadable(&request, &error))?,
            })
        });
        Ok(Entered {
            entries: entries.collect::<Result<_, ClientError>>()?,
            head: TreeHead {
                size: answer.size,
                root: answer.root,
            },
            checkpoint: answer.checkpoint,
        })
    }
}
