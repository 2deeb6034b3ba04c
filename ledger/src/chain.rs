//! What holds between an entry and all entries before it, whatever it says: time that does not run
//! back, no repeats, and a view of the past that is this log's.
//!
//! The log's writer and the auditor's replay use the same [`Chain`].

use std::collections::HashMap;

use minutebook_events::{Claims, Digest};

use crate::hash::Hash;

/// Why an entry may not follow the ones before it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChainError {
    /// Signed long before an entry that is already in.
    #[error("signed at {iat}, more than {allowed} seconds before an earlier entry ({newest})")]
    BackDated {
        /// When it was signed, in seconds since 1970.
        iat: i64,
        /// The newest time of signing so far.
        newest: i64,
        /// Twice the freshness window, in seconds.
        allowed: i64,
    },
    /// The statement's unique id stands in another entry.
    #[error("the statement's id (cti) was used before, by entry {entry}")]
    RepeatedId {
        /// The entry that has it.
        entry: u64,
    },
    /// The digest stands in another entry.
    #[error("this content was recorded before, by entry {entry}")]
    RepeatedDigest {
        /// The entry that has it.
        entry: u64,
    },
    /// The signer claims to have seen more than there was.
    #[error("the signer claims to have seen {claimed} entries before entry {entry}")]
    SeenAhead {
        /// The size claimed.
        claimed: u64,
        /// This entry's index.
        entry: u64,
    },
    /// The signer saw another history.
    #[error("the signer saw another history: root {claimed} at size {size}, which is {ours} here")]
    SeenElsewhere {
        /// The size claimed.
        size: u64,
        /// The root claimed.
        claimed: Hash,
        /// This log's root at that size.
        ours: Hash,
    },
}

/// The first 16 bytes of an id or digest. 128 bits leave no way to find a second one.
type Short = [u8; 16];

fn short(digest: &Digest) -> Short {
    let mut out = [0; 16];
    out.copy_from_slice(&digest.0[..16]);
    out
}

/// What is known of all entries so far.
#[derive(Debug, Default, Clone)]
pub struct Chain {
    size: u64,
    recorded_at: i64,
    newest_iat: i64,
    ids: HashMap<Short, u32>,
    digests: HashMap<Short, u32>,
}

/// What [`Chain::extend`] changed, so that a refused batch can be taken back.
#[derive(Debug)]
pub struct Undo {
    recorded_at: i64,
    newest_iat: i64,
    id: Short,
    digests: Vec<Short>,
}

impl Chain {
    /// How many entries there are.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// When the newest entry was recorded, in seconds since 1970.
    pub fn recorded_at(&self) -> i64 {
        self.recorded_at
    }

    /// The newest time of signing so far.
    pub fn newest_iat(&self) -> i64 {
        self.newest_iat
    }

    /// When an entry signed at `iat` counts as recorded: never before the entry before it.
    pub fn recorded_at_of(&self, iat: i64) -> i64 {
        self.recorded_at.max(iat)
    }

    /// The entry whose statement has this id.
    pub fn entry_with_id(&self, cti: &[u8; 16]) -> Option<u64> {
        self.ids.get(cti).map(|entry| u64::from(*entry))
    }

    /// The entry that committed to this digest, for its body or a sealed part.
    pub fn entry_with_digest(&self, digest: &Digest) -> Option<u64> {
        self.digests
            .get(&short(digest))
            .map(|entry| u64::from(*entry))
    }

    /// Whether an entry with these claims and sealed digests may be the next. `freshness` is the
    /// ledger's window in seconds; `root_at` gives this log's root at a size up to the present.
    ///
    /// # Errors
    /// The first thing that stands against it.
    pub fn check(
        &self,
        claims: &Claims,
        sealed: &[Digest],
        freshness: i64,
        root_at: impl FnOnce(u64) -> Option<Hash>,
    ) -> Result<(), ChainError> {
        let allowed = freshness.saturating_mul(2);
        if claims.iat < self.newest_iat.saturating_sub(allowed) {
            return Err(ChainError::BackDated {
                iat: claims.iat,
                newest: self.newest_iat,
                allowed,
            });
        }
        if let Some(entry) = self.entry_with_id(&claims.cti) {
            return Err(ChainError::RepeatedId { entry });
        }
        for (i, digest) in std::iter::once(&claims.digest).chain(sealed).enumerate() {
            let repeated_here =
                i > 0 && (*digest == claims.digest || sealed[..i - 1].contains(digest));
            if repeated_here {
                return Err(ChainError::RepeatedDigest { entry: self.size });
            }
            if let Some(entry) = self.entry_with_digest(digest) {
                return Err(ChainError::RepeatedDigest { entry });
            }
        }
        let (size, claimed) = (claims.seen.size, Hash(claims.seen.root));
        match root_at(size) {
            _ if size > self.size => Err(ChainError::SeenAhead {
                claimed: size,
                entry: self.size,
            }),
            None => Err(ChainError::SeenAhead {
                claimed: size,
                entry: self.size,
            }),
            Some(ours) if ours != claimed => Err(ChainError::SeenElsewhere {
                size,
                claimed,
                ours,
            }),
            Some(_) => Ok(()),
        }
    }

    /// Takes in the next entry, checked or not.
    pub fn extend(&mut self, claims: &Claims, sealed: &[Digest]) -> Undo {
        // 4 billion entries are 400 years of a national service's 10 million a year.
        let entry = u32::try_from(self.size).unwrap_or(u32::MAX);
        let digests = std::iter::once(&claims.digest).chain(sealed).map(short);
        let fresh: Vec<Short> = digests
            .filter(|digest| !self.digests.contains_key(digest))
            .collect();
        self.digests
            .extend(fresh.iter().map(|digest| (*digest, entry)));
        self.ids.entry(claims.cti).or_insert(entry);
        let undo = Undo {
            recorded_at: self.recorded_at,
            newest_iat: self.newest_iat,
            id: claims.cti,
            digests: fresh,
        };
        self.size += 1;
        self.recorded_at = self.recorded_at_of(claims.iat);
        self.newest_iat = self.newest_iat.max(claims.iat);
        undo
    }

    /// Takes back the newest entry.
    pub fn retract(&mut self, undo: Undo) {
        self.size -= 1;
        self.recorded_at = undo.recorded_at;
        self.newest_iat = undo.newest_iat;
        self.ids.remove(&undo.id);
        for digest in &undo.digests {
            self.digests.remove(digest);
        }
    }

    /// Takes in an entry of which nothing is known, because its bytes are damaged.
    pub(crate) fn skip(&mut self) {
        self.size += 1;
    }

    /// A chain that continues after `size` entries and knows their times. Of repeats it knows nothing
    /// until [`Chain::remember`] has been told.
    pub(crate) fn after(size: u64, recorded_at: i64, newest_iat: i64) -> Self {
        Self {
            size,
            recorded_at,
            newest_iat,
            ..Self::default()
        }
    }

    /// Takes in the ids and digests of the first `size` entries, as index pages hold them.
    pub(crate) fn remember<'p, I>(&mut self, size: u64, entries: impl Fn() -> I + Sync)
    where
        I: Iterator<Item = (&'p Short, &'p [u8])>,
    {
        let count = usize::try_from(size).unwrap_or(0);
        let numbered = || entries().zip(0_u32..).take(count);
        let (ids, digests) = (&mut self.ids, &mut self.digests);
        rayon::join(
            || {
                ids.reserve(count);
                ids.extend(numbered().map(|((id, _), entry)| (*id, entry)));
            },
            || {
                digests.reserve(count);
                for ((_, own), entry) in numbered() {
                    let own = own
                        .chunks_exact(16)
                        .filter_map(|digest| digest.try_into().ok());
                    digests.extend(own.map(|digest: Short| (digest, entry)));
                }
            },
        );
    }
}

/// What an index page holds of one entry: its id and the digests it committed to.
pub(crate) fn index_entry(claims: &Claims, sealed: &[Digest]) -> (Short, Vec<Short>) {
    (
        claims.cti,
        std::iter::once(&claims.digest)
            .chain(sealed)
            .map(short)
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::hash::EMPTY_ROOT;
    use minutebook_events::Seen;
    use minutebook_keys::Kid;

    fn claims(n: u8, iat: i64) -> Claims {
        Claims {
            signer: "00ff00ff00ff00ff".parse().unwrap(),
            kid: Kid::from_bytes([1; 32]),
            iat,
            cti: [n; 16],
            digest: Digest([n; 32]),
            enrols: None,
            seen: Seen {
                size: 0,
                root: EMPTY_ROOT.0,
            },
        }
    }

    fn check(chain: &Chain, claims: &Claims) -> Result<(), ChainError> {
        chain.check(claims, &[], 600, |size| (size == 0).then_some(EMPTY_ROOT))
    }

    #[test]
    fn recorded_time_never_runs_back_and_a_late_signature_has_a_limit() {
        let mut chain = Chain::default();
        chain.extend(&claims(1, 10_000), &[]);
        assert_eq!(chain.recorded_at_of(9_000), 10_000);
        assert_eq!(check(&chain, &claims(2, 8_800)), Ok(()));
        assert!(matches!(
            check(&chain, &claims(2, 8_799)),
            Err(ChainError::BackDated { .. })
        ));
        chain.extend(&claims(2, 8_800), &[]);
        assert_eq!((chain.recorded_at(), chain.newest_iat()), (10_000, 10_000));
    }

    #[test]
    fn nothing_is_recorded_twice() {
        let mut chain = Chain::default();
        chain.extend(&claims(1, 0), &[Digest([9; 32])]);
        let same_id = Claims {
            digest: Digest([2; 32]),
            ..claims(1, 0)
        };
        assert_eq!(
            check(&chain, &same_id),
            Err(ChainError::RepeatedId { entry: 0 })
        );
        let same_digest = Claims {
            cti: [2; 16],
            ..claims(1, 0)
        };
        assert_eq!(
            check(&chain, &same_digest),
            Err(ChainError::RepeatedDigest { entry: 0 })
        );
        let sealed_again = Claims {
            digest: Digest([9; 32]),
            ..claims(2, 0)
        };
        assert_eq!(
            check(&chain, &sealed_again),
            Err(ChainError::RepeatedDigest { entry: 0 })
        );
        let twice_in_one =
            chain.check(&claims(3, 0), &[Digest([3; 32])], 600, |_| Some(EMPTY_ROOT));
        assert_eq!(twice_in_one, Err(ChainError::RepeatedDigest { entry: 1 }));
    }

    #[test]
    fn a_signer_sees_this_history_and_no_more() {
        let chain = Chain::default();
        let ahead = Claims {
            seen: Seen {
                size: 1,
                root: [0; 32],
            },
            ..claims(1, 0)
        };
        assert!(matches!(
            check(&chain, &ahead),
            Err(ChainError::SeenAhead { .. })
        ));
        let elsewhere = Claims {
            seen: Seen {
                size: 0,
                root: [0; 32],
            },
            ..claims(1, 0)
        };
        assert!(matches!(
            check(&chain, &elsewhere),
            Err(ChainError::SeenElsewhere { .. })
        ));
    }

    #[test]
    fn what_is_taken_back_leaves_no_trace() {
        let mut chain = Chain::default();
        chain.extend(&claims(1, 5), &[]);
        let before = format!("{chain:?}");
        let undo = chain.extend(&claims(2, 9), &[Digest([3; 32])]);
        chain.retract(undo);
        assert_eq!(format!("{chain:?}"), before);
    }
}
