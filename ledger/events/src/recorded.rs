//! An event with its place in the record.

use minutebook_keys::{Kid, PublicKey};

use crate::digest::Digest;
use crate::event::Event;
use crate::id::PersonId;

/// The newest checkpoint that a signer had verified when signing: the tree's size and root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// How many entries the tree held.
    pub size: u64,
    /// The tree's root at that size.
    pub root: [u8; 32],
}

/// What a statement says on its face: public and permanent, and without meaning to a reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    /// The person who signed (CWT claim `iss`).
    pub signer: PersonId,
    /// The thumbprint of the key that signed (COSE `kid`).
    pub kid: Kid,
    /// When it was signed, in seconds since 1970 (CWT claim `iat`).
    pub iat: i64,
    /// 16 random bytes that make the statement unique (CWT claim `cti`).
    pub cti: [u8; 16],
    /// SHA-256 of the disclosure that holds the event.
    pub digest: Digest,
    /// The key that this statement enrols (CWT claim `cnf`).
    pub enrols: Option<PublicKey>,
    /// What the signer had seen of the log.
    pub seen: Seen,
}

/// What is left of an entry's content for this reader.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// The event.
    Event(Box<Event>),
    /// It exists, and this copy of the record does not hold it.
    Withheld,
    /// It was erased by a later entry.
    Erased,
}

/// An entry in its place: `T` is [`Event`] for one that asks to enter, [`Content`] once recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded<T> {
    /// The entry's index in the log, counted from 0.
    pub position: u64,
    /// Seconds since 1970, never less than the entry before it.
    pub recorded_at: i64,
    /// The statement's claims.
    pub claims: Claims,
    /// What was said.
    pub body: T,
}

impl Recorded<Event> {
    /// The same entry, once it is in.
    pub fn into_content(self) -> Recorded<Content> {
        Recorded {
            position: self.position,
            recorded_at: self.recorded_at,
            claims: self.claims,
            body: Content::Event(Box::new(self.body)),
        }
    }
}
