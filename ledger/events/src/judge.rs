//! The one judge: whether an event may enter, and what the record says once it has.
//!
//! The log's writer and an auditor who replays the log use the same two functions, so whatever was
//! let in can be judged again by anyone, from the log alone.

use bytes::Bytes;

use crate::digest::Digest;
use crate::event::Event;
use crate::recorded::{Content, Recorded};

/// Views of the record that decide what may enter it. Clones are cheap: a batch is admitted against
/// a copy, and only shown once it is durable.
pub trait Judge: Clone + Send + Sync + 'static {
    /// Whether `candidate` may be the next entry. Pure: no clock, no randomness, no I/O.
    ///
    /// # Errors
    /// The rule it breaks and the right way to say it.
    fn admit(&self, candidate: &Recorded<Event>) -> Result<(), Refusal>;

    /// Takes in an entry. Total: whatever the sequence, it does not panic.
    fn apply(&mut self, recorded: &Recorded<Content>);

    /// How many entries of this history erase content. Cheap: the log's writer asks after every group.
    fn erasing_entries(&self) -> u64;

    /// The contents that those entries erase: the index of the entry that each is about, and the digest
    /// of what goes there. An entry may name what is not there: that erases nothing. In any order, and
    /// not necessarily each once.
    fn erasures(&self) -> Vec<(u64, Digest)>;

    /// The public key with this thumbprint, where the record has ever enrolled it.
    fn key(&self, kid: &minutebook_keys::Kid) -> Option<minutebook_keys::PublicKey>;

    /// These views as bytes, for a snapshot; [`Judge::load`] reads them back.
    fn save(&self) -> Vec<u8>;

    /// Views that [`Judge::save`] wrote; `None` where the bytes are not such. They may keep the bytes,
    /// and read from them what is asked for later.
    fn load(bytes: Bytes) -> Option<Self>;
}

/// What sort of refusal it is, as the API's problem types name them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RefusalKind {
    /// No such key was ever enrolled, or not for this person.
    UnknownKey,
    /// The key was enrolled and is revoked or rotated away.
    RevokedKey,
    /// The signer does not hold a role that this event needs.
    NotAuthorised,
    /// A rule of the field is broken.
    RuleBroken,
    /// Something the signer had not seen stands in the way.
    Conflict,
    /// The event speaks of something that is not in the record.
    NotFound,
}

/// Why an event may not enter.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Refusal {
    /// What sort of refusal it is.
    pub kind: RefusalKind,
    /// The rule's stable name, such as `milestone-date-verb`.
    pub rule: &'static str,
    /// What is wrong, in plain words that name the values.
    pub message: String,
    /// The entries that stand in the way.
    pub entries: Vec<u64>,
    /// The right way to say it, where there is one.
    pub instead: Option<String>,
}

impl Refusal {
    /// A refusal without entries or advice.
    pub fn new(kind: RefusalKind, rule: &'static str, message: impl Into<String>) -> Self {
        Self {
            kind,
            rule,
            message: message.into(),
            entries: Vec::new(),
            instead: None,
        }
    }

    /// Adds the right way.
    #[must_use]
    pub fn instead(mut self, advice: impl Into<String>) -> Self {
        self.instead = Some(advice.into());
        self
    }

    /// Adds entries that stand in the way.
    #[must_use]
    pub fn because_of(mut self, entries: impl IntoIterator<Item = u64>) -> Self {
        self.entries.extend(entries);
        self
    }
}
