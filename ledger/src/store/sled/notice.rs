//! What a store has to tell that is no error.

use std::fmt;
use std::path::PathBuf;

/// Something that was put right, or should be looked at. Nothing acknowledged is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Notice {
    /// The process before did not close the store.
    NotClosed,
    /// A write that a crash had cut short, and that nobody was told about, was cut off.
    TailCut {
        /// The segment file.
        segment: PathBuf,
        /// Its length since, in bytes.
        offset: u64,
        /// Bytes that were cut off.
        bytes: u64,
    },
    /// sled lagged behind the journal, and was brought up to it.
    Replayed {
        /// First position that it lacked.
        from: u64,
        /// Size that it has since.
        to: u64,
    },
    /// sled was made anew from the journal.
    SledRebuilt {
        /// What was wrong with it.
        reason: String,
        /// Where its old files are, if there were any.
        aside: Option<PathBuf>,
        /// Records put in.
        records: u64,
    },
    /// Erasures that had been begun were finished, and every copy was rid of them.
    ErasureFinished {
        /// How many.
        count: usize,
    },
    /// No slot of `HEAD` is readable: a history that became shorter would go unseen here.
    CheckpointUnreadable {
        /// The file.
        path: PathBuf,
    },
    /// sled could not give something back, and the journal did. A scrub is due.
    ReadFromJournal {
        /// First position concerned.
        position: u64,
        /// What sled's answer was.
        reason: String,
    },
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotClosed => write!(f, "the ledger was not closed; everything was checked"),
            Self::TailCut {
                segment,
                offset,
                bytes,
            } => write!(
                f,
                "cut {bytes} bytes of an unfinished, unacknowledged write off {} at byte {offset}",
                segment.display()
            ),
            Self::Replayed { from, to } => {
                write!(f, "brought sled from {from} to {to} records")
            }
            Self::SledRebuilt {
                reason,
                aside,
                records,
            } => {
                write!(
                    f,
                    "rebuilt sled with {records} records from the journal: {reason}"
                )?;
                match aside {
                    Some(aside) => write!(f, "; its old files are in {}", aside.display()),
                    None => Ok(()),
                }
            }
            Self::ErasureFinished { count } => {
                write!(f, "finished {count} erasures in all copies")
            }
            Self::CheckpointUnreadable { path } => {
                write!(f, "{} holds no readable checkpoint", path.display())
            }
            Self::ReadFromJournal { position, reason } => {
                write!(f, "read record {position} from the journal: {reason}")
            }
        }
    }
}
