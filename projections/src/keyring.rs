//! Which key speaks for whom, from which entry on, and until which.

use std::sync::Arc;

use imbl::OrdMap;
use minutebook_events::catalogue::RevocationCause;
use minutebook_events::digest::Thumbprint;
use minutebook_events::{Claims, CoseKey, Payload, Period, PersonId, SubjectId};
use minutebook_keys::{Kid, PublicKey};
use serde::{Deserialize, Serialize};

/// How a key came to its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyEnd {
    /// It was revoked.
    Revoked(RevocationCause),
    /// Its owner put this key in its place.
    Replaced(Thumbprint),
}

/// A signing key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    /// Whose it is; absent where the entry that said so is not held and nothing was signed since.
    pub person: Option<Arc<PersonId>>,
    /// The public key.
    pub public: CoseKey,
    /// The entry that enrolled it. It works from the next one on.
    pub enrolled_at: u64,
    /// The entry that ended it, and how. It does not work from the next one on.
    pub ended: Option<(u64, KeyEnd)>,
    /// Since when someone else may have held it.
    pub suspect_since: Option<Period>,
}

impl Key {
    /// Whether it may sign the entry at `position`.
    pub fn usable_at(&self, position: u64) -> bool {
        self.enrolled_at < position && self.ended.as_ref().is_none_or(|(at, _)| position <= *at)
    }
}

/// Every key that was ever enrolled.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Keyring {
    keys: OrdMap<Thumbprint, Arc<Key>>,
}

impl Keyring {
    /// The key with this thumbprint, usable or not.
    pub fn get(&self, kid: &Kid) -> Option<&Key> {
        self.keys.get(&Thumbprint::from(*kid)).map(Arc::as_ref)
    }

    /// The public key with this thumbprint, usable or not.
    pub fn public(&self, kid: &Kid) -> Option<PublicKey> {
        self.get(kid).map(|key| key.public.0)
    }

    /// Whose key this is.
    pub fn person_of(&self, kid: &Kid) -> Option<&Arc<PersonId>> {
        self.get(kid)?.person.as_ref()
    }

    /// Every key with its thumbprint, in order of thumbprints.
    pub fn iter(&self) -> impl Iterator<Item = (Kid, &Key)> {
        self.keys
            .iter()
            .map(|(kid, key)| (Kid::from(*kid), key.as_ref()))
    }

    /// Learns from a statement alone, whose content may not be held: a key that it enrols, and to
    /// whom a key belongs that nobody was known to own.
    pub(crate) fn fold_claims(&mut self, position: u64, claims: &Claims) {
        if let Some(key) = claims.enrols {
            self.enrol(position, CoseKey(key), None);
        }
        if self
            .get(&claims.kid)
            .is_some_and(|key| key.person.is_none())
        {
            self.update(&claims.kid, |key| {
                key.person = Some(Arc::new(claims.signer.clone()))
            });
        }
    }

    pub(crate) fn fold(&mut self, position: u64, subject: &SubjectId, payload: &Payload) {
        match payload {
            Payload::LedgerOpened(genesis) => {
                for officer in &genesis.officers {
                    self.enrol(
                        position,
                        officer.key,
                        Some(Arc::new(officer.person.clone())),
                    );
                }
            }
            Payload::SigningKeyEnrolled(fields) => {
                let kid = fields.key.kid();
                // The statement's claim has enrolled it; this entry says for whom.
                if self
                    .get(&kid)
                    .is_some_and(|key| key.enrolled_at == position)
                {
                    self.update(&kid, |key| key.person = subject.person().map(Arc::new));
                }
                if let Some(old) = fields.replaces {
                    self.end(&old.into(), position, KeyEnd::Replaced(kid.into()));
                }
            }
            Payload::SigningKeyRevoked(fields) => {
                let kid = fields.kid.into();
                self.end(&kid, position, KeyEnd::Revoked(fields.cause));
                self.update(&kid, |key| key.suspect_since = fields.suspect_since.clone());
            }
            _ => {}
        }
    }

    /// The first enrolment of a key stands: whatever follows, it was known from then on.
    fn enrol(&mut self, position: u64, public: CoseKey, person: Option<Arc<PersonId>>) {
        let kid = Thumbprint::from(public.kid());
        if !self.keys.contains_key(&kid) {
            let key = Key {
                person,
                public,
                enrolled_at: position,
                ended: None,
                suspect_since: None,
            };
            self.keys.insert(kid, Arc::new(key));
        }
    }

    fn end(&mut self, kid: &Kid, position: u64, how: KeyEnd) {
        self.update(kid, |key| {
            key.ended.get_or_insert((position, how));
        });
    }

    fn update(&mut self, kid: &Kid, change: impl FnOnce(&mut Key)) {
        if let Some(key) = self.keys.get_mut(&Thumbprint::from(*kid)) {
            change(Arc::make_mut(key));
        }
    }
}
