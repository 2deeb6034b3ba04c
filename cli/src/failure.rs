//! A failed command, as one clear sentence and what to do next.

use std::error::Error;
use std::fmt;
use std::io;

use minutebook_documents::DocumentError;
use minutebook_events::{EventError, Refusal};
use minutebook_keys::{KeyError, KeyFileError};
use minutebook_ledger::bundle::BundleError;
use minutebook_ledger::log::{BatchError, OpenError, ReadError, SubmitError};
use minutebook_ledger::state::JudgementError;
use minutebook_ledger::store::StoreError;
use serde_json::{Value, json};

use crate::folder::{DocumentFileError, FolderError, OfficerError, RecordError};
use crate::passphrase::PassphraseError;

/// Exit code of a check or request that failed.
pub const FAILED: u8 = 1;
/// Exit code of a command that was not understood.
pub const USAGE: u8 = 2;

/// Why a command failed, for the person who gave it.
#[derive(Debug)]
pub struct Failure {
    /// One sentence, its causes included.
    pub message: String,
    /// More lines on the same, where they help.
    pub details: Vec<String>,
    /// What to do next, in one line.
    pub help: Option<String>,
    /// The exit code.
    pub code: u8,
    /// The reader went away (a closed pipe): nothing is to be said any more.
    pub silent: bool,
    /// What a script is told on standard output, with `--json`.
    pub json: Option<Box<Value>>,
}

impl Failure {
    /// A failure that is put right by `help`.
    pub fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            help: Some(help.into()),
            ..Self::bare(message)
        }
    }

    /// A command that was not understood.
    pub fn usage(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            code: USAGE,
            ..Self::new(message, help)
        }
    }

    /// A failure that says everything itself.
    pub fn bare(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            details: Vec::new(),
            help: None,
            code: FAILED,
            silent: false,
            json: None,
        }
    }

    /// Ends the program quietly with `code`: what there was to say has been said.
    pub fn silent(code: u8) -> Self {
        Self {
            silent: true,
            code,
            ..Self::bare("")
        }
    }

    /// An error with its causes, and what to do about it.
    pub fn of(error: &dyn Error, help: Option<String>) -> Self {
        Self {
            help,
            ..Self::bare(with_causes(error))
        }
    }

    /// A file that cannot be read or written.
    pub fn file(action: &str, path: &std::path::Path, error: &io::Error) -> Self {
        let help = match error.kind() {
            io::ErrorKind::NotFound => "check the path for a slip of the pen",
            io::ErrorKind::PermissionDenied => "check who owns the file and its folder",
            io::ErrorKind::AlreadyExists => "choose another name; nothing is overwritten",
            _ => "check the disk, and try again",
        };
        Self::new(format!("cannot {action} {}: {error}", path.display()), help)
    }

    /// The failure as a script gets it.
    pub fn to_json(&self) -> Value {
        let mut object = self.json.as_deref().cloned().unwrap_or_else(|| json!({}));
        object["error"] = self.message.clone().into();
        if let Some(help) = &self.help {
            object["help"] = help.clone().into();
        }
        object
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "error: {}", self.message)?;
        for detail in &self.details {
            writeln!(f, "  {detail}")?;
        }
        match &self.help {
            Some(help) => writeln!(f, "help: {help}"),
            None => Ok(()),
        }
    }
}

/// An error and its causes, where they add something.
fn with_causes(error: &dyn Error) -> String {
    let mut message = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        let text = next.to_string();
        if !message.contains(&text) {
            message = format!("{message}: {text}");
        }
        cause = next.source();
    }
    message
}

fn help_on_store(error: &StoreError) -> Option<String> {
    Some(match error {
        StoreError::Locked { .. } => {
            "close the other program that uses this ledger (a server, or another command), and try again"
                .into()
        }
        StoreError::Full { .. } => {
            "make room on the disk and run the command again; everything acknowledged before is kept"
                .into()
        }
        StoreError::Corrupt { .. } => {
            "`minutebook scrub` compares the two stored copies, and `scrub --mend` mends the wrong one".into()
        }
        StoreError::Io { .. } => "check the disk, and who owns the folder".into(),
        _ => return None,
    })
}

fn help_on_open(error: &OpenError) -> Option<String> {
    match error {
        OpenError::Store(error) => help_on_store(error),
        OpenError::Read(error) => help_on_read(error),
        OpenError::Differs { .. } | OpenError::Shorter { .. } => Some(
            "nothing is served from it; bring back the whole folder from a backup, and keep this one for \
             whoever looks into it"
                .into(),
        ),
        _ => Some("`minutebook scrub` says which stored copy is damaged".into()),
    }
}

fn help_on_read(error: &ReadError) -> Option<String> {
    match error {
        ReadError::NoSuchEntry { size: 0, .. } => None,
        ReadError::NoSuchEntry { size, .. } => {
            Some(format!("entries are numbered from 0 to {}", size - 1))
        }
        ReadError::Store(error) => help_on_store(error),
        ReadError::Receipt(_) => {
            Some("record something more first: a tree of one entry has no receipts".into())
        }
        ReadError::Damaged { .. } | ReadError::Tree(_) => {
            Some("`minutebook scrub` compares the two stored copies and can mend one".into())
        }
    }
}

fn help_on_key(error: &KeyError) -> Option<String> {
    Some(match error {
        KeyError::PassphraseNeeded => {
            "give --passphrase-file, set MINUTEBOOK_PASSPHRASE, or run the command on a terminal"
                .into()
        }
        KeyError::WrongPassphrase => "try again; a forgotten passphrase cannot be recovered".into(),
        KeyError::WrongLabel { .. } | KeyError::Malformed { .. } | KeyError::NotEd25519 { .. } => {
            "`minutebook key new --out FILE` makes a key".into()
        }
        _ => return None,
    })
}

fn help_on_key_file(error: &KeyFileError) -> Option<String> {
    Some(match error {
        KeyFileError::Exists { .. } => "choose another file name".into(),
        KeyFileError::Io { source, .. } if source.kind() == io::ErrorKind::NotFound => {
            "check the path; `minutebook key new --out FILE` makes a key".into()
        }
        KeyFileError::TooLarge { .. } | KeyFileError::NotText { .. } => {
            "give the PEM file that `minutebook key new` made".into()
        }
        _ => "check who owns the file and its folder".into(),
    })
}

impl From<FolderError> for Failure {
    fn from(error: FolderError) -> Self {
        const INIT: &str = "`minutebook init --ledger NAME --origin ORIGIN` makes a ledger; --dir names another folder";
        let help = match &error {
            FolderError::Missing { .. } | FolderError::Empty { .. } => Some(INIT.into()),
            FolderError::Several { names, .. } => {
                Some(format!("say which one, such as --ledger {}", names[0]))
            }
            FolderError::Unknown { names, .. } if names.is_empty() => Some(INIT.into()),
            FolderError::Unknown { .. } => Some("give one of these names to --ledger".into()),
            FolderError::Name { .. } => Some("choose a short name, such as nwl".into()),
            FolderError::Origin { .. } => Some(
                "an origin is like a web address without its scheme, such as board.example/nwl"
                    .into(),
            ),
            FolderError::Exists { .. } => Some(
                "`minutebook status` shows it; choose another --ledger name for a new one".into(),
            ),
            FolderError::OtherOrigin { found, .. } => Some(format!(
                "finish it with --origin {found}, or choose another --ledger name"
            )),
            FolderError::NotALedger { .. } => {
                Some("choose another --ledger name, or another --dir".into())
            }
            FolderError::Unfinished { .. } => Some(
                "run the same `minutebook init` again: it goes on where it was cut short".into(),
            ),
            FolderError::Manifest { .. } | FolderError::Key { .. } => {
                Some("bring the file back from a backup of this folder".into())
            }
            FolderError::Format { .. } => Some("use a newer minutebook".into()),
            FolderError::Io { .. } => Some("check the disk, and who owns the folder".into()),
            FolderError::KeyFile(error) => help_on_key_file(error),
            FolderError::Store(error) => help_on_store(error),
            FolderError::Open(error) => help_on_open(error),
            FolderError::Documents(error) => help_on_document(error),
            FolderError::SignerNotFounder | FolderError::KeyName(_) | FolderError::Genesis(_) => {
                None
            }
        };
        Self::of(&error, help)
    }
}

fn help_on_document(error: &DocumentError) -> Option<String> {
    Some(match error {
        DocumentError::TooLarge { .. } => {
            "split it, or save it smaller: 64 MiB are the most".into()
        }
        DocumentError::Empty => "check that it is the right file".into(),
        DocumentError::Mismatch { .. } => {
            "the file changed meanwhile; run the command again".into()
        }
        DocumentError::Damaged(_) => {
            "`minutebook document add` with the same file mends it; or bring it back from a backup"
                .into()
        }
        DocumentError::Full => "make room on the disk and run the command again".into(),
        DocumentError::Receiving(_) | DocumentError::Store(_) | DocumentError::Io { .. } => {
            "check the disk, and who owns the folder".into()
        }
    })
}

impl From<DocumentFileError> for Failure {
    fn from(error: DocumentFileError) -> Self {
        let help = match &error {
            DocumentFileError::File {
                action,
                path,
                source,
            } => {
                return Self::file(action, path, source);
            }
            DocumentFileError::Read(error) => help_on_read(error),
            DocumentFileError::Unknown(_) => Some(
                "an entry names it by its BLAKE3 digest: `minutebook show ENTRY --json` has it"
                    .into(),
            ),
            DocumentFileError::Refused { source, .. } | DocumentFileError::Store(source) => {
                help_on_document(source)
            }
        };
        Self::of(&error, help)
    }
}

impl From<OfficerError> for Failure {
    fn from(error: OfficerError) -> Self {
        let help = match &error {
            OfficerError::KeyFile(error) => help_on_key_file(error),
            OfficerError::Key { source, .. } => help_on_key(source),
            OfficerError::Passphrase(error) => return Self::of(error, help_on_passphrase(error)),
            OfficerError::NotEnrolled { .. } => Some(
                "make a request with `minutebook key request` and give it to the registrar, who runs \
                 `minutebook key enrol --request`"
                    .into(),
            ),
        };
        Self::of(&error, help)
    }
}

fn help_on_passphrase(error: &PassphraseError) -> Option<String> {
    Some(match error {
        PassphraseError::NoTerminal => {
            "give --passphrase-file FILE or set MINUTEBOOK_PASSPHRASE".into()
        }
        PassphraseError::Differ => "nothing was written; try again".into(),
        PassphraseError::Empty => "choose one; only --unencrypted makes a key without".into(),
        PassphraseError::File(error) => return help_on_key_file(error),
        PassphraseError::NotText | PassphraseError::Terminal(_) => {
            "give --passphrase-file FILE".into()
        }
    })
}

impl From<PassphraseError> for Failure {
    fn from(error: PassphraseError) -> Self {
        Self::of(&error, help_on_passphrase(&error))
    }
}

impl From<KeyFileError> for Failure {
    fn from(error: KeyFileError) -> Self {
        Self::of(&error, help_on_key_file(&error))
    }
}

impl From<KeyError> for Failure {
    fn from(error: KeyError) -> Self {
        Self::of(&error, help_on_key(&error))
    }
}

impl From<ReadError> for Failure {
    fn from(error: ReadError) -> Self {
        Self::of(&error, help_on_read(&error))
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::of(&error, help_on_store(&error))
    }
}

impl From<BundleError> for Failure {
    fn from(error: BundleError) -> Self {
        let help = match &error {
            BundleError::Read(error) => help_on_read(error),
            BundleError::Io { .. } => Some("check the disk, and who owns the folder".into()),
            BundleError::Exists(_) => None,
            BundleError::NotABundle { .. } => {
                Some("give a folder that `minutebook export` wrote, or a data folder".into())
            }
        };
        Self::of(&error, help)
    }
}

impl From<EventError> for Failure {
    fn from(error: EventError) -> Self {
        Self::of(&error, None)
    }
}

impl From<RecordError> for Failure {
    fn from(error: RecordError) -> Self {
        match error {
            RecordError::Unsigned { error, .. } => Self::of(&error, None),
            RecordError::Refused(error) => error.into(),
        }
    }
}

impl From<BatchError> for Failure {
    fn from(error: BatchError) -> Self {
        match &error.error {
            SubmitError::Judgement(JudgementError::Refused(refusal)) => refused(refusal),
            SubmitError::Stale { .. } => Self::of(
                &error.error,
                Some("set this machine's clock right, and try again".into()),
            ),
            SubmitError::Store(store) => Self::of(&error.error, help_on_store(store)),
            other => Self::of(other, None),
        }
    }
}

/// A refusal by a rule: what is wrong, the entries that stand in the way, and the right way.
fn refused(refusal: &Refusal) -> Failure {
    let mut details = vec![format!("rule: {}", refusal.rule)];
    let entries: Vec<String> = refusal.entries.iter().map(u64::to_string).collect();
    if let Some(first) = entries.first() {
        let what = if entries.len() == 1 {
            "entry"
        } else {
            "entries"
        };
        details.push(format!(
            "see {what} {} (`minutebook show {first}`)",
            entries.join(", ")
        ));
    }
    details.push("nothing was recorded".into());
    let json = json!({
        "refused": {
            "kind": format!("{:?}", refusal.kind),
            "rule": refusal.rule,
            "message": refusal.message,
            "entries": refusal.entries,
            "instead": refusal.instead,
        }
    });
    Failure {
        details,
        help: refusal.instead.clone(),
        json: Some(Box::new(json)),
        ..Failure::bare(refusal.message.clone())
    }
}
