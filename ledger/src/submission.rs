//! What can be checked of a submission alone, before its place in the log is known: shape, sizes,
//! digests, what the statement's header and the event's body say of each other, and the signature
//! where the key is known. All of it runs in parallel, on the callers' threads.

use minutebook_events::proof::{enrol_challenge, rotate_challenge};
use minutebook_events::{Claims, Digest, Event, EventError, Payload};
use minutebook_keys::{Kid, PublicKey};

use crate::author::Submission;
use crate::disclosure::{self, Disclosure, DisclosureError};
use crate::hash::{Hash, leaf_hash};
use crate::statement::{Statement, StatementError};

/// The most disclosures that one entry may have: the event's and its sealed parts.
pub const MAX_DISCLOSURES: usize = 255;

/// Why a submission can never enter, wherever it stands.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum MalformedError {
    /// The statement is not one, or not for this ledger, or wrongly signed.
    #[error(transparent)]
    Statement(#[from] StatementError),
    /// A disclosure is not one.
    #[error(transparent)]
    Disclosure(#[from] DisclosureError),
    /// The body is no event of the catalogue.
    #[error(transparent)]
    Event(#[from] EventError),
    /// There is no disclosure at all.
    #[error("the submission has no disclosure")]
    NoDisclosure,
    /// More than [`MAX_DISCLOSURES`].
    #[error("the submission has {0} disclosures; at most {MAX_DISCLOSURES} are allowed")]
    TooManyDisclosures(usize),
    /// The statement commits to other bytes.
    #[error("the disclosure's digest is {found}, and the statement commits to {committed}")]
    OtherDigest {
        /// What the statement says.
        committed: Digest,
        /// What came.
        found: Digest,
    },
    /// The sealed parts that came are not those that the event lists.
    #[error(
        "the event lists {listed} sealed parts in its order, and {matching} of {came} that came match"
    )]
    SealedParts {
        /// How many digests the event lists.
        listed: usize,
        /// How many disclosures came with it.
        came: usize,
        /// How many of them are the listed ones.
        matching: usize,
    },
    /// Header and body disagree about the key that is enrolled.
    #[error(transparent)]
    Binding(#[from] BindingError),
}

/// What a statement's header and its event must say of each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BindingError {
    /// A header with a key around another event.
    #[error("the statement carries a key (cnf), and its event enrols none")]
    KeyWithoutEnrolment,
    /// An enrolment whose header has no key.
    #[error("the event enrols a key, and the statement carries none (cnf)")]
    EnrolmentWithoutKey,
    /// Two different keys.
    #[error("the key in the statement (cnf) is not the key that the event enrols")]
    OtherKey,
    /// A rotation signed by another key than the one it replaces.
    #[error("a rotation is signed with the key that it replaces")]
    NotTheOldKey,
    /// The new key's owner did not prove that they hold it.
    #[error("the enrolled key's proof of possession does not verify")]
    Proof,
    /// The genesis names another origin than its statement.
    #[error("the genesis names another origin than its statement")]
    OtherOrigin,
}

/// A submission that can enter, if its place in the log allows it.
#[derive(Debug, Clone)]
pub struct Prepared {
    /// The parsed statement.
    pub statement: Statement,
    /// The event in its disclosure.
    pub event: Event,
    /// The digests of the sealed parts.
    pub sealed: Vec<Digest>,
    /// The disclosures' bytes: the event's, then the sealed parts.
    pub disclosures: Vec<Vec<u8>>,
    /// The Merkle leaf.
    pub leaf: Hash,
    /// Whether the signature was verified already. A kid is its key's own hash, so a signature that
    /// verified under any key of that name has verified for good.
    pub verified: bool,
}

impl Prepared {
    /// The statement's claims.
    pub fn claims(&self) -> &Claims {
        self.statement.claims()
    }

    /// How many bytes came: the statement's and the disclosures'.
    pub fn size(&self) -> usize {
        let disclosures = self.disclosures.iter().map(Vec::len);
        self.statement.bytes().len() + disclosures.sum::<usize>()
    }

    /// Checks the signature, unless that was done.
    ///
    /// # Errors
    /// [`StatementError::BadSignature`].
    pub fn verify(&mut self, key: &PublicKey) -> Result<(), StatementError> {
        if !self.verified {
            self.statement.verify(key)?;
            self.verified = true;
        }
        Ok(())
    }
}

/// Checks a submission to the ledger `origin`; `key` finds public keys that are known so far.
///
/// # Errors
/// The first thing that keeps it from ever entering.
pub fn prepare(
    submission: Submission,
    origin: &str,
    key: impl FnOnce(&Kid) -> Option<PublicKey>,
) -> Result<Prepared, MalformedError> {
    let statement = Statement::parse(&submission.statement)?;
    statement.check_origin(origin)?;
    if submission.disclosures.len() > MAX_DISCLOSURES {
        return Err(MalformedError::TooManyDisclosures(
            submission.disclosures.len(),
        ));
    }
    let Some((body, parts)) = submission.disclosures.split_first() else {
        return Err(MalformedError::NoDisclosure);
    };
    let event = open_event(&statement, body)?;
    let sealed = event.common.sealed.clone();
    let matching = sealed
        .iter()
        .zip(parts)
        .filter(|(d, part)| disclosure::digest(part) == **d)
        .count();
    if matching != sealed.len() || sealed.len() != parts.len() {
        return Err(MalformedError::SealedParts {
            listed: sealed.len(),
            came: parts.len(),
            matching,
        });
    }
    for part in parts {
        Disclosure::decode(part)?;
    }
    let mut prepared = Prepared {
        leaf: leaf_hash(statement.bytes()),
        statement,
        event,
        sealed,
        disclosures: submission.disclosures,
        verified: false,
    };
    if let Some(key) = key(&prepared.claims().kid) {
        prepared.verify(&key)?;
    }
    Ok(prepared)
}

/// The event in `bytes`, where they are the disclosure that `statement` commits to, and header and
/// body fit each other.
///
/// # Errors
/// What does not fit.
pub fn open_event(statement: &Statement, bytes: &[u8]) -> Result<Event, MalformedError> {
    let disclosed = Disclosure::decode(bytes)?;
    let (committed, found) = (statement.claims().digest, disclosure::digest(bytes));
    if committed != found {
        return Err(MalformedError::OtherDigest { committed, found });
    }
    let event = Event::decode(disclosed.event_body()?)?;
    check_binding(statement, &event)?;
    Ok(event)
}

fn check_binding(statement: &Statement, event: &Event) -> Result<(), BindingError> {
    let claims = statement.claims();
    if let Payload::LedgerOpened(genesis) = &event.payload
        && genesis.origin != statement.origin()
    {
        return Err(BindingError::OtherOrigin);
    }
    let (key, fields) = match (&claims.enrols, &event.payload) {
        (Some(key), Payload::SigningKeyEnrolled(fields)) => (key, fields),
        (None, Payload::SigningKeyEnrolled(_)) => return Err(BindingError::EnrolmentWithoutKey),
        (Some(_), _) => return Err(BindingError::KeyWithoutEnrolment),
        (None, _) => return Ok(()),
    };
    if fields.key.0 != *key {
        return Err(BindingError::OtherKey);
    }
    let challenge = match &fields.replaces {
        None => enrol_challenge(statement.origin(), key.kid().into()),
        Some(old) if *old == claims.kid.into() => {
            rotate_challenge(statement.origin(), *old, key.kid().into())
        }
        Some(_) => return Err(BindingError::NotTheOldKey),
    };
    key.verify_strict(&challenge, &fields.proof.0)
        .map_err(|_| BindingError::Proof)
}
