//! The judgement of entries in their order: chain, keys, and the views' own rules.
//!
//! The writer that lets entries in and the auditor that replays them run exactly this.

use minutebook_events::{
    Claims, Content, Digest, Event, Judge, Payload, Recorded, Refusal, RefusalKind,
};
use minutebook_keys::PublicKey;

use crate::chain::{Chain, ChainError, Undo};
use crate::hash::Hash;
use crate::statement::StatementError;

/// The freshness window of a ledger whose genesis is not known yet, in seconds.
pub const DEFAULT_FRESHNESS: i64 = 600;

/// Why an entry may not stand at its place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JudgementError {
    /// It does not fit the entries before it.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// Its signature does not verify.
    #[error(transparent)]
    Signature(#[from] StatementError),
    /// The views refuse it.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

/// Everything that entry after entry adds up to.
#[derive(Debug, Clone)]
pub struct State<J> {
    /// Order, time and repeats.
    pub chain: Chain,
    /// The views.
    pub views: J,
    /// The freshness window that the genesis set, in seconds.
    pub freshness: i64,
}

impl<J: Judge> State<J> {
    /// The state before entry 0.
    pub fn new(views: J) -> Self {
        Self {
            chain: Chain::default(),
            views,
            freshness: DEFAULT_FRESHNESS,
        }
    }

    /// Judges `event`, under a statement with these claims and verified signature, as the next entry
    /// and takes it in. `root_at` gives this log's root at a size up to the present.
    ///
    /// # Errors
    /// Why it may not; the state is then as before.
    pub fn admit(
        &mut self,
        claims: &Claims,
        sealed: &[Digest],
        event: Event,
        root_at: impl FnOnce(u64) -> Option<Hash>,
    ) -> Result<Admitted, JudgementError> {
        let candidate = self.place(claims, event);
        self.judge(&candidate, sealed, root_at)?;
        Ok(self.take_in(candidate.into_content(), sealed))
    }

    /// Whether a candidate, put at the next place by [`State::place`], may stand there.
    ///
    /// # Errors
    /// Why it may not.
    pub fn judge(
        &self,
        candidate: &Recorded<Event>,
        sealed: &[Digest],
        root_at: impl FnOnce(u64) -> Option<Hash>,
    ) -> Result<(), JudgementError> {
        let freshness = freshness_of(&candidate.body).unwrap_or(self.freshness);
        self.chain
            .check(&candidate.claims, sealed, freshness, root_at)?;
        Ok(self.views.admit(candidate)?)
    }

    /// Takes in an entry that was judged before, or whose content is not held.
    pub fn apply(&mut self, claims: &Claims, sealed: &[Digest], content: Content) -> Admitted {
        self.take_in(self.place(claims, content), sealed)
    }

    /// Puts a claim and its content at the next place.
    pub fn place<T>(&self, claims: &Claims, body: T) -> Recorded<T> {
        Recorded {
            position: self.chain.size(),
            recorded_at: self.chain.recorded_at_of(claims.iat),
            claims: claims.clone(),
            body,
        }
    }

    /// Takes in an entry at the next place, judged or not.
    pub fn take_in(&mut self, recorded: Recorded<Content>, sealed: &[Digest]) -> Admitted {
        if let Content::Event(event) = &recorded.body {
            self.freshness = freshness_of(event).unwrap_or(self.freshness);
        }
        self.views.apply(&recorded);
        let undo = self.chain.extend(&recorded.claims, sealed);
        Admitted {
            position: recorded.position,
            recorded_at: recorded.recorded_at,
            undo,
        }
    }

    /// The key that must have signed: one on record, or for the genesis one that it names itself.
    ///
    /// # Errors
    /// [`RefusalKind::UnknownKey`] where there is none.
    pub fn key_for(&self, event: &Event, claims: &Claims) -> Result<PublicKey, Refusal> {
        if self.chain.size() == 0
            && let Payload::LedgerOpened(genesis) = &event.payload
            && let Some(officer) = genesis.officers.iter().find(|o| o.key.kid() == claims.kid)
        {
            return Ok(officer.key.0);
        }
        self.views.key(&claims.kid).ok_or_else(|| {
            Refusal::new(
                RefusalKind::UnknownKey,
                "known-key",
                format!("key {} is not enrolled in this ledger", claims.kid.short()),
            )
            .instead("ask the registrar to enrol this key")
        })
    }
}

/// An entry that was taken in.
#[derive(Debug)]
pub struct Admitted {
    /// Its index.
    pub position: u64,
    /// When it counts as recorded, in seconds since 1970.
    pub recorded_at: i64,
    /// Takes the chain back to before it.
    pub undo: Undo,
}

fn freshness_of(event: &Event) -> Option<i64> {
    match &event.payload {
        Payload::LedgerOpened(genesis) => i64::try_from(genesis.freshness).ok(),
        _ => None,
    }
}
