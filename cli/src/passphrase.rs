//! Where the passphrase of a key file comes from: a file, the environment, or the person.

use std::ffi::OsString;
use std::io::{self, IsTerminal as _};
use std::path::PathBuf;

use minutebook_keys::{KeyFileError, Zeroizing, read_secret_file};

/// The environment variable that holds a passphrase.
pub const VARIABLE: &str = "MINUTEBOOK_PASSPHRASE";

/// How to get a passphrase, tried in this order: the file, the environment, a question on the
/// terminal.
#[derive(Debug, Default, Clone, clap::Args)]
pub struct Passphrase {
    /// File whose first line is the key's passphrase; else MINUTEBOOK_PASSPHRASE, else it is asked
    #[arg(long, value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
}

/// Why there is no passphrase.
#[derive(Debug, thiserror::Error)]
pub enum PassphraseError {
    /// Nobody can be asked.
    #[error("a passphrase is needed, and there is no terminal to ask on")]
    NoTerminal,
    /// The file cannot be read.
    #[error(transparent)]
    File(#[from] KeyFileError),
    /// The variable is not text.
    #[error("{VARIABLE} is not text")]
    NotText,
    /// An empty passphrase protects nothing.
    #[error("the passphrase is empty")]
    Empty,
    /// Two different answers.
    #[error("the two passphrases differ")]
    Differ,
    /// The terminal failed.
    #[error("cannot read the passphrase from the terminal")]
    Terminal(#[source] io::Error),
}

impl Passphrase {
    /// The passphrase of a key that exists.
    ///
    /// # Errors
    /// Where there is none to be had.
    pub fn ask(&self, question: &str) -> Result<Zeroizing<String>, PassphraseError> {
        match self.given()? {
            Some(secret) => Ok(secret),
            None => prompt(question).and_then(not_empty),
        }
    }

    /// The passphrase for a new key; on the terminal it is asked for twice.
    ///
    /// # Errors
    /// Where there is none to be had, it is empty, or the two answers differ.
    pub fn choose(&self, what: &str) -> Result<Zeroizing<String>, PassphraseError> {
        if let Some(secret) = self.given()? {
            return Ok(secret);
        }
        let first = prompt(&format!("New passphrase for {what}: ")).and_then(not_empty)?;
        let again = prompt("The same again: ")?;
        if *first == *again { Ok(first) } else { Err(PassphraseError::Differ) }
    }

    fn given(&self) -> Result<Option<Zeroizing<String>>, PassphraseError> {
        if let Some(path) = &self.passphrase_file {
            let text = read_secret_file(path)?;
            let line = Zeroizing::new(text.lines().next().unwrap_or_default().to_owned());
            return not_empty(line).map(Some);
        }
        match std::env::var_os(VARIABLE).map(OsString::into_string) {
            None => Ok(None),
            Some(Ok(secret)) => not_empty(Zeroizing::new(secret)).map(Some),
            Some(Err(_)) => Err(PassphraseError::NotText),
        }
    }
}

fn not_empty(secret: Zeroizing<String>) -> Result<Zeroizing<String>, PassphraseError> {
    if secret.is_empty() { Err(PassphraseError::Empty) } else { Ok(secret) }
}

fn prompt(question: &str) -> Result<Zeroizing<String>, PassphraseError> {
    if !io::stdin().is_terminal() {
        return Err(PassphraseError::NoTerminal);
    }
    rpassword::prompt_password(question).map(Zeroizing::new).map_err(PassphraseError::Terminal)
}
