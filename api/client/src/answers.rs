//! What a server answers, in JSON. Fields that are not listed are left aside, so that a newer server
//! may say more.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use minutebook_events::catalogue::ledger::ReadPolicy;
use minutebook_events::{
    Blake3, Capacity, Confidentiality, Digest, Event, EventError, PersonId, SubjectId,
};
use minutebook_keys::{PublicKey, VerifierKey};
use minutebook_ledger::hash::Hash;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use crate::Keys;

/// What everyone may know of a ledger.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Brief {
    /// Its name in addresses.
    pub name: String,
    /// Its name among all logs.
    pub origin: String,
    /// The partnership, where the ledger is open to all.
    pub partnership: Option<String>,
    /// Who may read public items without signing in.
    pub read: ReadPolicy,
    /// How many entries it has.
    pub size: u64,
    /// The root of the tree over them.
    #[serde(deserialize_with = "hash")]
    pub root: Hash,
}

/// A ledger, as its server describes it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct About {
    /// What everyone may know of it.
    #[serde(flatten)]
    pub brief: Brief,
    /// The key that checks its checkpoints, as the server gives it.
    #[serde(deserialize_with = "vkey")]
    pub vkey: VerifierKey,
    /// The key that checks its receipts, as the server gives it.
    #[serde(deserialize_with = "public_key")]
    pub receipt_key: PublicKey,
    /// How far a signer's clock may be off, in seconds.
    pub freshness: u64,
    /// The newest checkpoint, a C2SP note.
    pub checkpoint: String,
    /// When the newest entry was recorded, in seconds since 1970.
    pub recorded_at: i64,
    /// How many of its entries this reader may read.
    pub readable: u64,
}

impl About {
    /// The ledger's keys, as the server gives them.
    pub fn keys(&self) -> Keys {
        Keys {
            vkey: self.vkey.clone(),
            receipt: self.receipt_key,
        }
    }
}

/// A challenge to sign.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Challenge {
    /// What stands in the signed text.
    pub challenge: String,
    /// The ledger's origin.
    pub origin: String,
    /// The addresses that the server goes by.
    pub addresses: Vec<String>,
}

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct SignedIn {
    /// Who it is.
    pub person: PersonId,
    /// Their name, where the record has one.
    pub name: Option<String>,
    /// The key that signed in, by its thumbprint.
    pub kid: String,
    /// The roles with authority that they hold now.
    pub capacities: Vec<Capacity>,
    /// The most confidential sort of entry that they may read now.
    pub reads: Confidentiality,
    /// When the session ends, in seconds since 1970.
    pub ends: i64,
}

/// A page of entries.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Page {
    /// The entries.
    pub entries: Vec<Entry>,
    /// How many entries the ledger has.
    pub size: u64,
    /// The address of the next page, where there is one.
    pub next: Option<String>,
    /// The address of the page before, where there is one.
    pub previous: Option<String>,
}

/// One entry of the record, as this reader may know it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Entry {
    /// Its index in the log, counted from 0.
    pub entry: u64,
    /// When it was recorded, in seconds since 1970.
    pub recorded_at: i64,
    /// Who signed it.
    pub signer: Signer,
    /// What its statement says.
    pub statement: Statement,
    /// What there is of its content for this reader. The fields from `event_type` to `sealed` are told
    /// only where it is held.
    pub content: Held,
    /// The type of the event, such as `DecisionMade`.
    #[serde(rename = "type")]
    pub event_type: Option<String>,
    /// What it is about.
    pub subject: Option<SubjectId>,
    /// Who may read it.
    pub confidentiality: Option<Confidentiality>,
    /// What it says, in a sentence.
    pub summary: Option<String>,
    /// The event in JSON; [`Entry::event`] reads it.
    #[serde(rename = "event")]
    pub event_json: Option<serde_json::Value>,
    /// The entries that correct it, oldest first.
    #[serde(default)]
    pub corrected_by: Vec<u64>,
    /// Its private parts.
    #[serde(default)]
    pub sealed: Vec<Sealed>,
    /// What erased its content, where it was erased.
    pub erased_by: Option<Erasure>,
}

impl Entry {
    /// The event, where this reader may know it.
    ///
    /// # Errors
    /// Where it is no event of the catalogue.
    pub fn event(&self) -> Result<Option<Event>, EventError> {
        self.event_json.clone().map(Event::from_json).transpose()
    }
}

/// What there is of a content, for this reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Held {
    /// It is there.
    Held,
    /// It was erased.
    Erased,
    /// It is not for this reader, or not in this copy.
    Withheld,
}

/// Who signed an entry.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Signer {
    /// The person, by opaque id.
    pub person: PersonId,
    /// The person's name, where the reader may know it.
    pub name: Option<String>,
}

/// What a statement says on its face.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Statement {
    /// The ledger that it was signed for.
    pub origin: String,
    /// The thumbprint of the key that signed.
    pub kid: String,
    /// When it was signed, in seconds since 1970.
    pub iat: i64,
    /// SHA-256 of the disclosure that holds the content.
    pub digest: Digest,
    /// The thumbprint of the key that it enrols.
    pub enrols: Option<String>,
    /// What the signer had seen of the record.
    pub seen: Seen,
}

/// What a signer had seen of the record.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Seen {
    /// How many entries.
    pub size: u64,
    /// The root over them.
    #[serde(deserialize_with = "hash")]
    pub root: Hash,
}

/// A private part of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Sealed {
    /// SHA-256 of the disclosure that holds it.
    pub digest: Digest,
    /// What there is of it.
    pub content: Held,
}

/// A document that a server keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct KeptDocument {
    /// BLAKE3 of its bytes.
    pub blake3: Blake3,
    /// SHA-256 of the same bytes.
    pub sha256: Digest,
    /// How many bytes it has.
    pub size: u64,
}

/// What erased a content.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Erasure {
    /// The entry that erased it.
    pub entry: u64,
    /// When that was recorded, in seconds since 1970.
    pub recorded_at: i64,
    /// The law or the retention rule that asked for it.
    pub basis: Option<String>,
}

pub(crate) fn hash<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Hash, D::Error> {
    let text = String::deserialize(deserializer)?;
    Hash::from_hex(&text).map_err(D::Error::custom)
}

fn vkey<'de, D: Deserializer<'de>>(deserializer: D) -> Result<VerifierKey, D::Error> {
    let text = String::deserialize(deserializer)?;
    VerifierKey::parse(&text).map_err(D::Error::custom)
}

fn public_key<'de, D: Deserializer<'de>>(deserializer: D) -> Result<PublicKey, D::Error> {
    let bytes = base64(&String::deserialize(deserializer)?).map_err(D::Error::custom)?;
    let bytes: [u8; 32] = bytes
        .try_into()
        .map_err(|_| D::Error::custom("a public key has 32 bytes"))?;
    PublicKey::from_bytes(&bytes).map_err(D::Error::custom)
}

pub(crate) fn base64(text: &str) -> Result<Vec<u8>, base64::DecodeError> {
    STANDARD.decode(text)
}
