//! What the tests of the whole share: a ledger with officers and a clock that the test sets, events
//! to record, and the crash test's child process.
// The names of a test's parts say what they are, and a test that fails is to panic.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::expect_used)]

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use minutebook_events::catalogue::ledger::{LedgerOpened, Officer, ReadPolicy};
use minutebook_events::catalogue::milestones::{MilestoneSlipped, Standing};
use minutebook_events::catalogue::people::{PersonEnrolled, RoleAppointed, SigningKeyEnrolled};
use minutebook_events::proof::enrol_challenge;
use minutebook_events::{
    Capacity, Common, CoseKey, Digest, DocumentRef, Event, Identity, Kind, Payload, Period,
    PersonId, Role, Seen, Signature64, SubjectId,
};
use minutebook_keys::rand_core::{OsRng, RngCore as _};
use minutebook_keys::{KeyName, NoteSigner, SigningKey, VerifierKey};
use minutebook_ledger::author::SealedPart;
use minutebook_ledger::log::{BatchError, Clock, OpenError};
use minutebook_ledger::store::Store;
use minutebook_ledger::store::memory::MemoryStore;
use minutebook_ledger::{Accepted, Author, LedgerKeys, Log, Submission};
use minutebook_projections::Views;

pub mod crash;
pub mod full_disk;
pub mod load;
pub mod meddled;

/// The origin of every test ledger.
pub const ORIGIN: &str = "minutebook.example/test";

/// When the tests take place: 14 May 2026, noon.
pub const NOON: i64 = 1_778_760_000;

/// For an export of a ledger that keeps no documents.
pub fn no_documents(_: &DocumentRef, _: &Path) -> std::io::Result<bool> {
    Ok(false)
}

/// An officer with a key.
pub struct TestOfficer {
    pub person: PersonId,
    pub key: SigningKey,
    pub role: Role,
}

impl TestOfficer {
    /// An officer whose id and key come from `seed`, so that another process can act for them.
    pub fn from_seed(seed: u8, role: Role) -> Self {
        Self {
            person: PersonId::from_random([seed; 16]),
            key: SigningKey::from_seed(&[seed; 32]),
            role,
        }
    }

    pub fn capacity(&self) -> Capacity {
        Capacity::ledger_wide(self.role)
    }
}

/// A ledger in a test.
pub struct TestLedger {
    pub log: Log<Views>,
    pub clock: Arc<AtomicI64>,
    pub registrar: TestOfficer,
    pub secretary: TestOfficer,
    pub lead: TestOfficer,
    /// The records officer, whom only [`TestLedger::enrol_keeper`] brings in.
    pub keeper: TestOfficer,
}

pub fn ledger_keys() -> LedgerKeys {
    LedgerKeys {
        log: NoteSigner::new(
            KeyName::new(ORIGIN).unwrap(),
            SigningKey::from_seed(&[201; 32]),
        ),
        receipt: SigningKey::from_seed(&[202; 32]),
    }
}

pub fn vkey() -> VerifierKey {
    ledger_keys().log.verifier()
}

/// A clock that stands still until the test moves it.
pub fn still_clock() -> (Clock, Arc<AtomicI64>) {
    let now = Arc::new(AtomicI64::new(NOON));
    let reads = now.clone();
    (Arc::new(move || reads.load(Ordering::Relaxed)), now)
}

impl TestLedger {
    /// A new ledger in memory, with registrar, secretary and lead.
    pub fn in_memory() -> Self {
        let ledger = Self::open(Arc::new(MemoryStore::new())).unwrap();
        ledger.found();
        ledger
    }

    /// Opens what is in `store`, which may be empty; a ledger that was founded stays as it is.
    pub fn open(store: Arc<dyn Store>) -> Result<Self, OpenError> {
        let (clock, now) = still_clock();
        Ok(Self {
            log: Log::open(store, ledger_keys(), Views::default(), clock)?,
            clock: now,
            registrar: TestOfficer::from_seed(1, Role::Registrar),
            secretary: TestOfficer::from_seed(2, Role::Secretary),
            lead: TestOfficer::from_seed(3, Role::Lead),
            keeper: TestOfficer::from_seed(4, Role::RecordsOfficer),
        })
    }

    /// A new ledger in a folder, on the real store.
    pub fn in_folder(folder: &Path) -> Self {
        let (store, notices) = minutebook_ledger::store::sled::SledStore::open(folder).unwrap();
        assert!(notices.is_empty(), "{notices:?}");
        let ledger = Self::open(Arc::new(store)).unwrap();
        ledger.found();
        ledger
    }

    /// Records the genesis and enrols the secretary and the lead; goes on where an earlier attempt
    /// was cut short.
    pub fn found(&self) {
        let officers = [&self.secretary, &self.lead];
        let events: Vec<_> = std::iter::once((self.genesis(), Vec::new()))
            .chain(
                officers
                    .into_iter()
                    .flat_map(|officer| self.enrolment(officer)),
            )
            .collect();
        let done = usize::try_from(self.log.published().head.size).unwrap();
        for (event, sealed) in events.into_iter().skip(done) {
            self.submit(vec![self.sign(&self.registrar, event, &sealed)])
                .unwrap();
        }
    }

    /// Brings in the records officer.
    pub fn enrol_keeper(&self) {
        for (event, sealed) in self.enrolment(&self.keeper) {
            self.submit(vec![self.sign(&self.registrar, event, &sealed)])
                .unwrap();
        }
    }

    pub fn genesis(&self) -> Event {
        let keys = ledger_keys();
        let subject = SubjectId::new(Kind::Ledger, "test").unwrap();
        event(
            Common::new(subject, self.registrar.capacity()),
            LedgerOpened {
                origin: ORIGIN.into(),
                log_vkey: keys.log.verifier().to_string(),
                receipt_key: CoseKey(keys.receipt.public()),
                officers: vec![Officer {
                    person: self.registrar.person.clone(),
                    roles: vec![Role::Registrar],
                    key: CoseKey(self.registrar.key.public()),
                }],
                read: ReadPolicy::Public,
                freshness: 600,
                witness_policy: "quorum none\n".into(),
                partnership: "Test partnership".into(),
                area: None,
                year_start: None,
                quorum: None,
            },
        )
    }

    /// The events that make someone an officer: person, key, role.
    pub fn enrolment(&self, officer: &TestOfficer) -> Vec<(Event, Vec<SealedPart>)> {
        let common = || Common::new(officer.person.subject(), self.registrar.capacity());
        let name = format!("The {}", officer.role.name());
        let identity = Identity {
            name,
            short_name: None,
            contact: None,
        };
        let sealed = vec![SealedPart {
            content_type: minutebook_events::identity::CONTENT_TYPE.into(),
            body: identity.encode().unwrap(),
        }];
        let key = officer.key.public();
        let proof = officer.key.sign(&enrol_challenge(ORIGIN, key.kid().into()));
        let enrolled = PersonEnrolled {
            attested_by: None,
            attestation: None,
        };
        let key = SigningKeyEnrolled {
            key: CoseKey(key),
            proof: Signature64(proof),
            replaces: None,
        };
        let role = RoleAppointed {
            role: Some(officer.role),
            title: None,
            statement: None,
            of: None,
            organisations: Vec::new(),
            voting: None,
            term: None,
            decision: None,
        };
        vec![
            (event(common(), enrolled), sealed),
            (event(common(), key), Vec::new()),
            (event(common(), role), Vec::new()),
        ]
    }

    /// What the log has now, as a signer would have seen it.
    pub fn seen(&self) -> Seen {
        let head = self.log.published().head;
        Seen {
            size: head.size,
            root: head.root.0,
        }
    }

    pub fn now(&self) -> i64 {
        self.clock.load(Ordering::Relaxed)
    }

    /// Signs over what the log has now.
    pub fn sign(&self, officer: &TestOfficer, event: Event, sealed: &[SealedPart]) -> Submission {
        self.sign_at(officer, event, sealed, self.seen(), self.now())
    }

    pub fn sign_at(
        &self,
        officer: &TestOfficer,
        event: Event,
        sealed: &[SealedPart],
        seen: Seen,
        iat: i64,
    ) -> Submission {
        let author = Author {
            origin: ORIGIN,
            person: &officer.person,
            key: &officer.key,
        };
        author.sign(event, sealed, seen, iat, &mut OsRng).unwrap()
    }

    /// Submits and waits, on a thread of its own: so an asynchronous test may do it too.
    pub fn submit(&self, batch: Vec<Submission>) -> Result<Vec<Accepted>, BatchError> {
        std::thread::scope(|scope| scope.spawn(|| self.log.submit_batch(batch)).join().unwrap())
    }

    /// Records one event of the secretary's.
    pub fn record(&self, event: Event) -> Result<u64, BatchError> {
        let submission = self.sign(&self.secretary, event, &[]);
        Ok(self.submit(vec![submission])?[0].position)
    }

    /// What erases the content of entry `position` that has this digest; the secretary's approval, which
    /// it needs, is recorded here.
    pub fn erasure(&self, position: u64, digest: Digest) -> Submission {
        let approval = self.approval(position, digest, self.seen());
        self.submit(vec![approval]).unwrap();
        self.erasing(position, digest, self.seen())
    }

    /// The secretary's approval of that.
    pub fn approval(&self, position: u64, digest: Digest, seen: Seen) -> Submission {
        let event = serde_json::json!({
            "type": "ApprovalGiven",
            "subject": format!("record/{position}"),
            "capacity": self.secretary.capacity(),
            "digest": digest,
        });
        let event = Event::from_json(event).unwrap();
        self.sign_at(&self.secretary, event, &[], seen, self.now())
    }

    /// The erasure alone.
    pub fn erasing(&self, position: u64, digest: Digest, seen: Seen) -> Submission {
        let event = serde_json::json!({
            "type": "ContentErased",
            "subject": format!("record/{position}"),
            "capacity": self.keeper.capacity(),
            "digest": digest,
            "legal_basis": "UK GDPR Art 17(1)(d)",
            "requester": self.keeper.person,
            "approver": self.secretary.person,
        });
        let event = Event::from_json(event).unwrap();
        self.sign_at(&self.keeper, event, &[], seen, self.now())
    }

    /// A milestone `milestone/{name}` due `due`.
    pub fn milestone(&self, name: &str, due: &str) -> Event {
        milestone(self.secretary.capacity(), name, due)
    }

    /// That milestone's slip.
    pub fn slip(&self, name: &str, from: &str, to: &str) -> Event {
        let subject = SubjectId::new(Kind::Milestone, name).unwrap();
        let mut common = Common::new(subject, self.secretary.capacity());
        common.reason = Some("capacity".into());
        event(
            common,
            MilestoneSlipped {
                from: Period::parse(from).unwrap(),
                to: Period::parse(to).unwrap(),
                by: None,
                standing: Standing::Reported,
                agreed_by: None,
            },
        )
    }
}

/// A milestone `milestone/{name}` due `due`.
pub fn milestone(capacity: Capacity, name: &str, due: &str) -> Event {
    let subject = SubjectId::new(Kind::Milestone, name).unwrap();
    let json = serde_json::json!({
        "type": "MilestoneSet",
        "subject": subject.to_string(),
        "capacity": capacity,
        "title": format!("Deliver {name}"),
        "due": due,
    });
    let event = Event::from_json(json).unwrap();
    assert!(matches!(event.payload, Payload::MilestoneSet(_)));
    event
}

/// An event from its two parts.
pub fn event(common: Common, payload: impl Into<Payload>) -> Event {
    Event {
        common,
        payload: payload.into(),
    }
}

/// A random number below `limit`.
pub fn below(limit: usize) -> usize {
    (OsRng.next_u64() % limit.max(1) as u64) as usize
}
