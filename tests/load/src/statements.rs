//! What is submitted: reports of progress on actions, of about 1 KiB each, signed beforehand by the
//! ledger's secretary and leads in turn.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use hyper::Method;
use minutebook_events::{Event, Role, Seen};
use minutebook_ledger::checkpoint::Checkpoint;
use minutebook_ledger::{Author, Submission};
use minutebook_tests::load::{ACTIONS, action, report};
use rand_core::{OsRng, RngCore as _};
use rayon::prelude::*;
use serde_json::{Value, json};

use crate::error::LoadError;
use crate::http::Connection;
use crate::officers::Officer;

/// What all statements of one run have in common.
pub struct Signing<'a> {
    /// The ledger's origin.
    pub origin: String,
    /// What the signers say they have seen of the log.
    pub seen: Seen,
    /// When they sign, in seconds since 1970.
    pub iat: i64,
    /// Sets the actions of this run apart from those of earlier ones.
    pub run: u32,
    /// The ledger's officers; those who may not report are passed over.
    pub officers: &'a [Officer],
}

impl Signing<'_> {
    /// The actions that the reports are about. They have to be in the ledger before the first report.
    ///
    /// # Errors
    /// Where no officer may assign actions.
    pub fn actions(&self) -> Result<Vec<Submission>, LoadError> {
        let signer = self
            .officers
            .iter()
            .find(|officer| matches!(officer.role, Role::Secretary | Role::Chair))
            .ok_or(LoadError::NoOfficer("secretary or chair"))?;
        (0..ACTIONS)
            .map(|n| self.sign(signer, action(signer.capacity(), &self.action_name(n))))
            .collect()
    }

    /// Signs `count` reports on all cores.
    ///
    /// # Errors
    /// Where no officer may report.
    pub fn reports(&self, count: u64) -> Result<Vec<Submission>, LoadError> {
        let signers: Vec<_> = self
            .officers
            .iter()
            .filter(|officer| matches!(officer.role, Role::Secretary | Role::Lead))
            .collect();
        if signers.is_empty() {
            return Err(LoadError::NoOfficer("secretary or lead"));
        }
        (0..count)
            .into_par_iter()
            .map(|n| {
                let signer = signers[n as usize % signers.len()];
                let event = report(signer.capacity(), &self.action_name(n % ACTIONS), n);
                self.sign(signer, event)
            })
            .collect()
    }

    fn action_name(&self, n: u64) -> String {
        format!("load-{:08x}-{n}", self.run)
    }

    fn sign(&self, officer: &Officer, event: Event) -> Result<Submission, LoadError> {
        let author = Author {
            origin: &self.origin,
            person: &officer.person,
            key: &officer.key,
        };
        Ok(author.sign(event, &[], self.seen, self.iat, &mut OsRng)?)
    }
}

/// The body of a request that submits `batch`, all or nothing.
pub fn body(batch: &[Submission]) -> Bytes {
    let submissions: Vec<Value> = batch
        .iter()
        .map(|one| {
            let disclosures: Vec<String> =
                one.disclosures.iter().map(|d| STANDARD.encode(d)).collect();
            json!({ "statement": STANDARD.encode(&one.statement), "disclosures": disclosures })
        })
        .collect();
    json!({ "submissions": submissions }).to_string().into()
}

/// Records the actions in the ledger, then signs `requests` requests with `batch` reports each.
///
/// # Errors
/// Where the server refuses the actions, or there is nobody to sign.
pub async fn prepare(
    connection: &mut Connection,
    ledger: &str,
    officers: &[Officer],
    requests: u64,
    batch: usize,
) -> Result<Vec<Bytes>, LoadError> {
    let path = format!("/log/{ledger}/checkpoint");
    let note = connection
        .expect(Method::GET, &path, Bytes::new(), 200)
        .await?;
    let seen = checkpoint(&note)?;
    let signing = Signing {
        origin: seen.origin,
        seen: Seen {
            size: seen.head.size,
            root: seen.head.root.0,
        },
        iat: now(),
        run: OsRng.next_u32(),
        officers,
    };
    let path = entries_path(ledger);
    let actions = body(&signing.actions()?);
    connection.expect(Method::POST, &path, actions, 201).await?;
    let reports = signing.reports(requests * batch as u64)?;
    Ok(reports.par_chunks(batch).map(body).collect())
}

/// Where statements are submitted.
pub fn entries_path(ledger: &str) -> String {
    format!("/v1/ledgers/{ledger}/entries")
}

/// What a checkpoint says. Its signature is not looked at: this program measures and trusts.
fn checkpoint(note: &[u8]) -> Result<Checkpoint, LoadError> {
    const WHAT: &str = "the checkpoint";
    let note = std::str::from_utf8(note).map_err(|error| LoadError::form(WHAT, error))?;
    let (text, _) = note
        .split_once("\n\n")
        .ok_or_else(|| LoadError::form(WHAT, "no signatures"))?;
    Checkpoint::parse(&format!("{text}\n")).map_err(|error| LoadError::form(WHAT, error))
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |time| time.as_secs() as i64)
}

#[cfg(test)]
mod tests;
