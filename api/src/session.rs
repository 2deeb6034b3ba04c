//! Signing in: a challenge, signed with an enrolled key, gives a short session.
//!
//! What is signed is text that no statement can be:
//!
//! ```text
//! minutebook.session.v1 NL  <the ledger's origin> NL  <the server's address> NL  <challenge> NL
//! ```
//!
//! The address is in it so that another server, shown the challenge of this one, cannot pass on what
//! is signed for itself. The server keeps no challenge: each carries its own end and a check made with
//! a secret of this process, and a challenge that was used is remembered until it ends. A session is a
//! random token, of which the server keeps a hash, in memory only. What it may read is worked out from
//! the record at every request, so that a revoked key or an ended role ends it at once.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use minutebook_events::{Confidentiality, PersonId};
use minutebook_keys::{Kid, PublicKey};
use minutebook_projections::Views;
use minutebook_projections::reading::reading_level;
use rand_core::{OsRng, RngCore as _};

/// How long a challenge may be signed, in seconds.
pub const CHALLENGE_SECONDS: i64 = 120;

/// How long a session lasts, in seconds.
pub const SESSION_SECONDS: i64 = 3600;

/// The most sessions at once; the one that ends first makes room.
const MAX_SESSIONS: usize = 10_000;

/// The most sessions of one key.
const MAX_OF_KEY: usize = 20;

/// Who is signed in.
pub struct Sessions {
    secret: [u8; 32],
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    /// Challenges that were used, and when they end.
    used: HashMap<[u8; 16], i64>,
    /// Sessions by the hash of their token.
    sessions: HashMap<[u8; 32], Session>,
}

/// Someone who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The ledger's name.
    pub ledger: String,
    /// The key that signed.
    pub kid: Kid,
    /// Whose it is.
    pub person: PersonId,
    /// When it ends, in seconds since 1970.
    pub ends: i64,
}

/// Why someone is not signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignInError {
    /// Not one of this server's, or run out, or used before.
    #[error("the challenge is not one of this server's, or has run out, or was used before")]
    Challenge,
    /// Signed for another address than this server's.
    #[error("the address that was signed is not one of this server's")]
    Address,
    /// No such key, or not usable any more, or the signature does not verify. Which of these is not
    /// said to whoever cannot sign.
    #[error("the key is not enrolled and usable, or its signature does not verify")]
    Key,
}

impl Default for Sessions {
    fn default() -> Self {
        let mut secret = [0; 32];
        OsRng.fill_bytes(&mut secret);
        Self {
            secret,
            kept: Mutex::default(),
        }
    }
}

/// What is signed to answer a challenge.
pub fn signed_text(origin: &str, address: &str, challenge: &str) -> String {
    format!("minutebook.session.v1\n{origin}\n{address}\n{challenge}\n")
}

/// What someone answers to a challenge.
pub struct Response<'a> {
    /// The ledger's name.
    pub ledger: &'a str,
    /// Its origin.
    pub origin: &'a str,
    /// The challenge.
    pub challenge: &'a str,
    /// The server's address, as signed.
    pub address: &'a str,
    /// The key.
    pub kid: Kid,
    /// The signature.
    pub signature: &'a [u8; 64],
}

impl Sessions {
    /// A new challenge for a ledger, good for [`CHALLENGE_SECONDS`].
    pub fn challenge(&self, ledger: &str, now: i64) -> String {
        let mut bytes = [0; 56];
        OsRng.fill_bytes(&mut bytes[..16]);
        bytes[16..24].copy_from_slice(&(now.saturating_add(CHALLENGE_SECONDS)).to_be_bytes());
        let check = self.check(ledger, &bytes[..24]);
        bytes[24..].copy_from_slice(&check);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    fn check(&self, ledger: &str, bytes: &[u8]) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new_keyed(&self.secret);
        hasher.update(bytes).update(ledger.as_bytes());
        *hasher.finalize().as_bytes()
    }

    /// The id of a challenge and when it ends, where it is one of this server's for this ledger.
    fn read(&self, ledger: &str, challenge: &str) -> Option<([u8; 16], i64)> {
        let bytes: [u8; 56] = URL_SAFE_NO_PAD.decode(challenge).ok()?.try_into().ok()?;
        let id = *bytes.first_chunk()?;
        let ends = i64::from_be_bytes(bytes[16..24].try_into().ok()?);
        // Both are hashes under a secret: comparing them in constant time is blake3's own business.
        let check = blake3::Hash::from_bytes(self.check(ledger, &bytes[..24]));
        (check == blake3::Hash::from_bytes(bytes[24..].try_into().ok()?)).then_some((id, ends))
    }

    /// Signs someone in and returns the token and the session.
    ///
    /// # Errors
    /// Why not. A refused response leaves the challenge unused.
    pub fn sign_in(
        &self,
        views: &Views,
        addresses: &[String],
        response: &Response<'_>,
        now: i64,
    ) -> Result<(String, Session), SignInError> {
        let (id, ends) = self
            .read(response.ledger, response.challenge)
            .filter(|(_, ends)| now < *ends)
            .ok_or(SignInError::Challenge)?;
        if !addresses.iter().any(|one| one == response.address) {
            return Err(SignInError::Address);
        }
        let (key, person) = usable_key(views, &response.kid).ok_or(SignInError::Key)?;
        let text = signed_text(response.origin, response.address, response.challenge);
        key.verify_strict(text.as_bytes(), response.signature)
            .map_err(|_| SignInError::Key)?;
        let mut kept = self.kept();
        kept.used.retain(|_, ends| now < *ends);
        if kept.used.insert(id, ends).is_some() {
            return Err(SignInError::Challenge);
        }
        let mut secret = [0; 32];
        OsRng.fill_bytes(&mut secret);
        let token = URL_SAFE_NO_PAD.encode(secret);
        let session = Session {
            ledger: response.ledger.to_owned(),
            kid: response.kid,
            person,
            ends: now.saturating_add(SESSION_SECONDS),
        };
        kept.make_room(&response.kid, now);
        kept.sessions.insert(hash(&token), session.clone());
        Ok((token, session))
    }

    /// The session of a token, where it has not ended.
    pub fn get(&self, token: &str, now: i64) -> Option<Session> {
        let kept = self.kept();
        let session = kept.sessions.get(&hash(token))?;
        (now < session.ends).then(|| session.clone())
    }

    /// Ends a session.
    pub fn end(&self, token: &str) {
        self.kept().sessions.remove(&hash(token));
    }

    /// How many sessions are kept.
    pub fn count(&self) -> usize {
        self.kept().sessions.len()
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        // Every change under the lock is a single one, so a panic leaves nothing half done.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn make_room(&mut self, kid: &Kid, now: i64) {
        self.sessions.retain(|_, session| now < session.ends);
        let of_key = |session: &Session| session.kid == *kid;
        if self.sessions.values().filter(|one| of_key(one)).count() >= MAX_OF_KEY {
            self.end_first(of_key);
        }
        if self.sessions.len() >= MAX_SESSIONS {
            self.end_first(|_| true);
        }
    }

    fn end_first(&mut self, of: impl Fn(&Session) -> bool) {
        let sessions = self.sessions.iter().filter(|(_, session)| of(session));
        let first = sessions.min_by_key(|(_, session)| session.ends);
        if let Some(token) = first.map(|(token, _)| *token) {
            self.sessions.remove(&token);
        }
    }
}

fn hash(token: &str) -> [u8; 32] {
    *blake3::hash(token.as_bytes()).as_bytes()
}

/// A key that may sign the next entry, and whose it is.
fn usable_key(views: &Views, kid: &Kid) -> Option<(PublicKey, PersonId)> {
    let key = views.key_of(kid)?;
    let person = key.person.as_ref()?;
    key.usable_at(views.records.size())
        .then(|| (key.public.0, (**person).clone()))
}

/// What someone who is signed in may read now; `None` where the key may not sign any more.
pub fn reads(views: &Views, session: &Session) -> Option<Confidentiality> {
    usable_key(views, &session.kid).map(|(_, person)| reading_level(views, &person))
}
