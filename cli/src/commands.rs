//! The commands, one a file.

use std::path::PathBuf;

use minutebook_keys::VerifierKey;

use crate::failure::Failure;
use crate::folder::{self, OpenLedger};
use crate::output::Output;

pub mod changes;
pub mod demo;
pub mod document;
pub mod export;
pub mod history;
pub mod import;
pub mod init;
pub mod key;
pub mod people;
pub mod prove;
pub mod record;
pub mod registers;
pub mod scrub;
pub mod search;
pub mod serve;
pub mod show;
pub mod status;
pub mod verify;

/// What every command is told beside its own arguments.
#[derive(Debug, Clone)]
pub struct Context {
    /// The data folder.
    pub dir: PathBuf,
    /// The server, where the command works at one instead.
    pub server: Option<String>,
    /// The ledger, where it was named.
    pub ledger: Option<String>,
    /// The certificate authorities that a server is trusted under, where they are not the public ones.
    pub ca: Option<PathBuf>,
    /// The log's key, as it reached the person.
    pub vkey: Option<VerifierKey>,
    /// Where to print.
    pub out: Output,
}

impl Context {
    /// Opens the ledger that the command works on, and says what had to be put right for it.
    ///
    /// # Errors
    /// Where it cannot be opened.
    pub fn open(&self) -> Result<OpenLedger, Failure> {
        let ledger = folder::open_ledger(&self.dir, self.ledger.as_deref())?;
        for notice in &ledger.notices {
            self.out.note(&format!("note: {notice}"));
        }
        Ok(ledger)
    }

    /// The options that name this ledger again, for a command that is suggested.
    pub fn again(&self) -> String {
        let mut options = String::new();
        if let Some(server) = &self.server {
            if std::env::var_os("MINUTEBOOK_SERVER").is_none() {
                options.push_str(&format!(" --server {}", server));
            }
        } else if self.dir.as_os_str() != "./minutebook-data"
            && std::env::var_os("MINUTEBOOK_DIR").is_none()
        {
            options.push_str(&format!(" --dir {}", self.dir.display()));
        }
        if let Some(ledger) = &self.ledger {
            options.push_str(&format!(" --ledger {ledger}"));
        }
        options
    }
}

/// Reads a log's verifier key.
///
/// # Errors
/// Where it is none.
pub fn vkey(text: &str) -> Result<VerifierKey, String> {
    VerifierKey::parse(text.trim()).map_err(|error| error.to_string())
}

/// `entry 3`, or `entries 3 to 5`.
pub fn entries_words(entries: &[u64]) -> String {
    match entries {
        [] => "no entry".into(),
        [only] => format!("entry {only}"),
        [first, .., last] => format!("entries {first} to {last}"),
    }
}

/// The first 8 bytes of a hash in groups of four digits, for people to compare.
pub fn short_hex(bytes: &[u8; 32]) -> String {
    minutebook_keys::Kid::from_bytes(*bytes).short()
}
