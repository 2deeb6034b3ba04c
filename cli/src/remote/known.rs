//! The vkeys of ledgers at servers, remembered from their first use, as `ssh` remembers hosts.
//!
//! A line of the file `known-logs` is `<server> <ledger> <vkey>`, parted by single spaces. The file is
//! in `$XDG_CONFIG_HOME/minutebook`, or else in `.config/minutebook` of the home folder. It is private
//! to its owner's trust, not secret.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::PathBuf;

use minutebook_client::LedgerClient;
use minutebook_keys::VerifierKey;

use crate::failure::Failure;
use crate::output::Output;

/// Holds a ledger's vkey against the one it had when it was first used; remembers it where this is the
/// first time, and says so.
///
/// # Errors
/// Where it is another one, or the file cannot be used.
pub fn check(ledger: &LedgerClient, vkey: &VerifierKey, out: Output) -> Result<(), Failure> {
    let whose = format!("{} {} ", ledger.address(), ledger.name());
    let Some(path) = file() else {
        out.note(&format!(
            "note: the vkey is taken from the server itself: {vkey}"
        ));
        return Ok(());
    };
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(Failure::file("read", &path, &error)),
    };
    let mut lines = text.lines();
    match lines.find_map(|line| line.strip_prefix(&whose)) {
        Some(known) if known == vkey.to_string() => Ok(()),
        Some(known) => Err(Failure {
            details: vec![format!("it was    {known}"), format!("it is now {vkey}")],
            ..Failure::new(
                format!(
                    "the log of {} at {} has another key than before: it may be another's record",
                    ledger.name(),
                    ledger.address()
                ),
                format!(
                    "ask the partnership; where the key was changed on purpose, remove its line from {}",
                    path.display()
                ),
            )
        }),
        None => {
            remember(&path, &format!("{whose}{vkey}\n"))
                .map_err(|error| Failure::file("write", &path, &error))?;
            out.note(&format!(
                "note: the vkey of {} is taken from the server, this first time, and kept in {}. Compare \
                 it with the partnership's: {vkey}",
                ledger.name(),
                path.display()
            ));
            Ok(())
        }
    }
}

fn file() -> Option<PathBuf> {
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty());
    let config = set("XDG_CONFIG_HOME").map(PathBuf::from);
    let config = config.or_else(|| Some(PathBuf::from(set("HOME")?).join(".config")))?;
    Some(config.join("minutebook/known-logs"))
}

fn remember(path: &std::path::Path, line: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    // One write: two commands at a time leave two whole lines.
    let mut file = OpenOptions::new().append(true).create(true).open(path)?;
    file.write_all(line.as_bytes())
}
