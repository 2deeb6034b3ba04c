//! Making a submission: an officer's event, sealed, digested and signed.

use minutebook_events::{Claims, Event, EventError, Payload, PersonId, Seen};
use minutebook_keys::SigningKey;
use minutebook_keys::rand_core::CryptoRngCore;

use crate::disclosure::{self, Disclosure, DisclosureError, MAX_DISCLOSURE};
use crate::statement::{Statement, StatementError};

/// What goes to the log: a statement and the disclosures that it commits to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission {
    /// The signed statement's bytes.
    pub statement: Vec<u8>,
    /// The event's disclosure, then each sealed part in the order of the event's `sealed` list.
    pub disclosures: Vec<Vec<u8>>,
}

/// A private part of a public event, which gets a disclosure of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedPart {
    /// The media type of the body.
    pub content_type: String,
    /// The body's bytes.
    pub body: Vec<u8>,
}

/// Why an event cannot be signed.
#[derive(Debug, thiserror::Error)]
pub enum AuthorError {
    /// The event does not pass its own checks.
    #[error(transparent)]
    Event(#[from] EventError),
    /// The disclosure would be too large.
    #[error(transparent)]
    Disclosure(#[from] DisclosureError),
    /// The statement cannot be made.
    #[error(transparent)]
    Statement(#[from] StatementError),
}

/// An officer, ready to sign for one ledger.
pub struct Author<'a> {
    /// The ledger's origin.
    pub origin: &'a str,
    /// The officer.
    pub person: &'a PersonId,
    /// The officer's key.
    pub key: &'a SigningKey,
}

impl Author<'_> {
    /// Signs `event` at `iat` (seconds since 1970), vouching for what was `seen` of the log. The
    /// digests of `sealed` are added to the event's own list.
    ///
    /// # Errors
    /// Where the event does not pass its checks or is too large.
    pub fn sign(
        &self,
        mut event: Event,
        sealed: &[SealedPart],
        seen: Seen,
        iat: i64,
        rng: &mut impl CryptoRngCore,
    ) -> Result<Submission, AuthorError> {
        let mut disclosures = vec![Vec::new()];
        for part in sealed {
            let bytes = envelope(&part.content_type, &part.body, rng)?;
            event.common.sealed.push(disclosure::digest(&bytes));
            disclosures.push(bytes);
        }
        disclosures[0] = envelope(disclosure::EVENT, &event.encode()?, rng)?;
        let mut cti = [0; 16];
        rng.fill_bytes(&mut cti);
        let claims = Claims {
            signer: self.person.clone(),
            kid: self.key.kid(),
            iat,
            cti,
            digest: disclosure::digest(&disclosures[0]),
            enrols: match &event.payload {
                Payload::SigningKeyEnrolled(fields) => Some(fields.key.0),
                _ => None,
            },
            seen,
        };
        let statement = Statement::sign(self.origin, &claims, self.key)?;
        Ok(Submission {
            statement: statement.bytes().to_vec(),
            disclosures,
        })
    }
}

fn envelope(
    content_type: &str,
    body: &[u8],
    rng: &mut impl CryptoRngCore,
) -> Result<Vec<u8>, DisclosureError> {
    let mut salt = [0; 32];
    rng.fill_bytes(&mut salt);
    let bytes = Disclosure {
        salt,
        content_type: content_type.into(),
        body: body.to_vec(),
    }
    .encode();
    if bytes.len() > MAX_DISCLOSURE {
        return Err(DisclosureError::TooLarge(bytes.len()));
    }
    Ok(bytes)
}
