//! One entry, as a reader may know it.
//!
//! What the statement says is public, for every entry. What the entry is about and says is told only
//! to who may read it; whoever may not cannot tell whether this copy of the record holds it.

use minutebook_events::{Claims, Confidentiality, Content, Digest, Event, PersonId, SubjectId};
use minutebook_projections::AsOf;
use schemars::JsonSchema;
use serde::Serialize;

use crate::context::Names;
use crate::history::Known;
use crate::registers::row::Named;
use crate::sentence::sentence;

mod event;
mod filter;

pub use event::EventJson;
pub use filter::Filter;

/// An entry as it is stored, before it is known who reads it.
#[derive(Debug, Clone, Copy)]
pub struct Stored<'a> {
    /// Its index in the log.
    pub position: u64,
    /// When it was recorded, in seconds since 1970.
    pub recorded_at: i64,
    /// The ledger that the statement names.
    pub origin: &'a str,
    /// What the statement says.
    pub claims: &'a Claims,
    /// The signature over the statement.
    pub signature: &'a [u8],
    /// How many bytes the statement has.
    pub size_bytes: u64,
    /// The statement's hash as a leaf of the tree (RFC 6962, section 2.1).
    pub leaf_hash: [u8; 32],
    /// The event, or why this copy does not hold it.
    pub content: &'a Content,
    /// The digests of its private parts, each with what this copy holds of it.
    pub sealed: &'a [(Digest, Held)],
}

/// What there is of a content, for this reader in this copy of the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Held {
    /// It is here.
    Held,
    /// It was here, and was erased.
    Erased,
    /// It is not for this reader, or not in this copy.
    Withheld,
}

/// One entry of the record.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Entry {
    /// Its index in the log, counted from 0.
    pub entry: u64,
    /// When it was recorded, in seconds since 1970.
    pub recorded_at: i64,
    /// Who signed it.
    pub signer: Signer,
    /// What its statement says, which is public and permanent.
    pub statement: Statement,
    /// The statement's hash as a leaf of the tree (RFC 6962, section 2.1), in lower-case hex.
    pub leaf_hash: String,
    /// The Ed25519 signature over the statement, in lower-case hex.
    pub signature: String,
    /// What there is of its content. The fields from `type` to `sealed` are told only where it is
    /// held.
    pub content: Held,
    /// The type of the event, such as `DecisionMade`.
    #[serde(rename = "type")]
    pub event_type: Option<&'static str>,
    /// What it is about.
    pub subject: Option<SubjectId>,
    /// The body that this belongs to.
    pub body: Option<Named>,
    /// Who may read it.
    pub confidentiality: Option<Confidentiality>,
    /// What it says, in a sentence.
    pub summary: Option<String>,
    /// The event, as it was recorded.
    pub event: Option<EventJson>,
    /// The entries that correct it, as far as the reader may read them, oldest first.
    pub corrected_by: Vec<u64>,
    /// Its private parts, each a content of its own.
    pub sealed: Vec<Sealed>,
    /// What erased its content, where it was erased.
    pub erased_by: Option<Erasure>,
}

/// Who signed an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Signer {
    /// The person, by opaque id.
    pub person: PersonId,
    /// The person's name, where the reader may know it; left out otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// What a statement says on its face.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Statement {
    /// The ledger that it was signed for.
    pub origin: String,
    /// The thumbprint of the key that signed (COSE `kid`).
    pub kid: String,
    /// When it was signed, in seconds since 1970 (CWT claim `iat`).
    pub iat: i64,
    /// Random bytes that make it unique (CWT claim `cti`), in lower-case hex.
    pub cti: String,
    /// SHA-256 of the disclosure that holds the content.
    pub digest: Digest,
    /// The thumbprint of the key that it enrols (CWT claim `cnf`).
    pub enrols: Option<String>,
    /// What the signer had seen of the record.
    pub seen: Seen,
    /// How many bytes it has.
    pub size_bytes: u64,
}

/// What a signer had seen of the record: the newest checkpoint that was verified when signing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Seen {
    /// How many entries the tree held.
    pub size: u64,
    /// The root of the tree at that size: SHA-256 in lower-case hex.
    pub root: String,
}

/// A private part of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Sealed {
    /// SHA-256 of the disclosure that holds it.
    pub digest: Digest,
    /// What there is of it.
    pub content: Held,
}

/// What erased a content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Erasure {
    /// The index of the entry that erased it.
    pub entry: u64,
    /// When that was recorded, in seconds since 1970.
    pub recorded_at: i64,
    /// The law or the retention rule that asked for it; absent where this copy does not say.
    pub basis: Option<String>,
}

impl Entry {
    /// An entry as the reader of `as_of` may know it. On the effective clock each costs a look at all
    /// entries: take the record in its own order.
    pub fn new(as_of: AsOf<'_>, stored: &Stored<'_>, names: Names<'_>) -> Self {
        let (claims, known) = (stored.claims, Known::new(as_of));
        let event = open(&known, stored);
        let content = match (stored.content, event) {
            (_, Some(_)) => Held::Held,
            (Content::Erased, None) => Held::Erased,
            (Content::Event(_) | Content::Withheld, None) => Held::Withheld,
        };
        // Of what this copy does not hold, nobody can say for whom it was: only who may read
        // everything is told what is around it.
        let tells = event.is_some() || as_of.reader() == Confidentiality::Restricted;
        let corrections = as_of.views.records.corrections(stored.position).iter();
        let corrections = corrections.filter(|one| tells && known.entry(**one).is_some());
        let sealed = stored.sealed.iter().filter(|_| tells);
        let erased = (content == Held::Erased).then(|| erasure_of(&known, &claims.digest));
        let common = event.map(|event| &event.common);
        Self {
            entry: stored.position,
            recorded_at: stored.recorded_at,
            signer: Signer {
                person: claims.signer.clone(),
                name: names(&claims.signer),
            },
            statement: Statement::new(stored),
            leaf_hash: hex(&stored.leaf_hash),
            signature: hex(stored.signature),
            content,
            event_type: event.map(|event| event.event_type().name()),
            subject: common.map(|common| common.subject.clone()),
            body: common
                .and_then(|common| as_of.body_of(&common.subject))
                .map(|body| Named::new(as_of, body)),
            confidentiality: common.map(|common| common.confidentiality),
            summary: event.map(sentence),
            event: event.map(|event| EventJson(event.to_json())),
            corrected_by: corrections.copied().collect(),
            sealed: sealed
                .map(|(digest, content)| Sealed {
                    digest: *digest,
                    content: *content,
                })
                .collect(),
            erased_by: erased.flatten(),
        }
    }
}

/// The event, where it is held, was known, and is for this reader.
fn open<'a>(known: &Known<'_>, stored: &Stored<'a>) -> Option<&'a Event> {
    let Content::Event(event) = stored.content else {
        return None;
    };
    // The level stands in what was signed; that the views know the entry says that it was known.
    let may_read = event.common.confidentiality <= known.reader();
    (may_read && known.entry(stored.position).is_some()).then_some(event)
}

impl Statement {
    fn new(stored: &Stored<'_>) -> Self {
        let claims = stored.claims;
        Self {
            origin: stored.origin.to_owned(),
            kid: claims.kid.to_string(),
            iat: claims.iat,
            cti: hex(&claims.cti),
            digest: claims.digest,
            enrols: claims.enrols.as_ref().map(|key| key.kid().to_string()),
            seen: Seen {
                size: claims.seen.size,
                root: hex(&claims.seen.root),
            },
            size_bytes: stored.size_bytes,
        }
    }
}

/// By which entry a content was erased, when and on which basis; `None` where that was not known, or
/// the reader may not know.
pub fn erasure(as_of: AsOf<'_>, digest: &Digest) -> Option<Erasure> {
    erasure_of(&Known::new(as_of), digest)
}

fn erasure_of(known: &Known<'_>, digest: &Digest) -> Option<Erasure> {
    let as_of = known.as_of();
    let by = as_of.views.records.erased_by(digest)?;
    let (_, entry, said) = known.entry(by)?;
    let remarks = as_of.get(&as_of.views.records.remarks, &said.subject);
    let basis = remarks.and_then(|remarks| {
        let mut erased = remarks.erased.iter();
        let mut disposed = remarks.disposed.iter();
        let erased = erased.find(|one| one.at.position == by);
        let disposed = disposed.find(|one| one.at.position == by);
        let rule = disposed.map(|one| one.retention_rule.clone());
        erased.map(|one| one.legal_basis.clone()).or(rule)
    });
    Some(Erasure {
        entry: by,
        recorded_at: entry.recorded_at,
        basis,
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
