//! A data folder on this machine: one folder for each ledger, holding its store and its own keys.
//!
//! ```text
//! minutebook-data/
//!   nwl/                 a ledger, by the name that commands use
//!     ledger.json        {"format": "minutebook-ledger/1", "name": "nwl", "origin": "..."}
//!     keys/log.pem       signs checkpoints   \ the ledger's own two keys, mode 0600, unencrypted:
//!     keys/receipt.pem   signs receipts      / a service starts without a person to ask
//!     journal/, sled/ …  the store; see `minutebook_ledger::store::sled`
//!     documents/         the papers that entries name; see `minutebook_documents`
//! ```
//!
//! The ledger's own keys never sign an entry. Whoever holds a copy of them can sign another history,
//! which the officers' signatures contradict, but cannot add an entry to any. Officers' keys are not
//! kept here.
//!
//! This file and [`crate::clock`] are where the program meets the clock and the system's randomness;
//! everything below is given them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use minutebook_events::{Event, PersonId, Role, Seen};
use minutebook_keys::{KeyName, NoteSigner, PublicKey, SigningKey};
use minutebook_ledger::author::{Author, SealedPart};
use minutebook_ledger::log::{Accepted, LedgerKeys, Log, Published};
use minutebook_ledger::store::sled::SledStore;
use minutebook_projections::Views;
use rand_core::OsRng;

use self::layout::Manifest;
use crate::clock::{now, system_clock};

mod documents;
mod error;
mod founding;
mod layout;
mod officer;

pub use documents::{DocumentFileError, DocumentFiles, Doomed, reference};
pub use error::{FolderError, OfficerError, RecordError};
pub use founding::create_ledger;
pub use layout::{Layout, ledger_names};
pub use officer::{load_officer, read_key};

/// Someone who signs: a person of this ledger, and one of that person's keys.
#[derive(Debug)]
pub struct Officer {
    /// The person.
    pub person: PersonId,
    /// The person's key.
    pub key: SigningKey,
}

/// What a new ledger starts from.
pub struct Founding<'a> {
    /// The folder's name for it: letters, digits, dots, hyphens and underscores.
    pub name: &'a str,
    /// Its name among all logs, such as `board.example/nwl`.
    pub origin: &'a str,
    /// The partnership's name, in full.
    pub partnership: &'a str,
    /// The area it serves.
    pub area: Option<&'a str>,
    /// The founding officers: person, roles for the whole ledger, and public key.
    pub officers: Vec<(PersonId, Vec<Role>, PublicKey)>,
    /// The one of them who signs the first entry.
    pub signer: &'a Officer,
}

/// A ledger of a data folder, open for reading and writing. The folder is locked until it is closed.
pub struct OpenLedger {
    /// The folder's name for it.
    pub name: String,
    /// Its own folder.
    pub path: PathBuf,
    /// The log.
    pub log: Log<Views>,
    /// What was put right while opening, as sentences for a person.
    pub notices: Vec<String>,
}

/// One event to record: who signs it, what it says, and its sealed parts.
pub struct Item<'a> {
    /// Who signs.
    pub officer: &'a Officer,
    /// The event.
    pub event: Event,
    /// Private parts that get a disclosure of their own.
    pub sealed: Vec<SealedPart>,
}

/// Opens a ledger of the data folder `dir`. `name` may be left out where there is exactly one.
///
/// # Errors
/// Where there is no such ledger (naming those there are), another process has it open, or what is
/// stored is not what was signed.
pub fn open_ledger(dir: &Path, name: Option<&str>) -> Result<OpenLedger, FolderError> {
    let ledger = open_layout(Layout::find(dir, name)?)?;
    if ledger.log.published().head.size == 0 {
        return Err(FolderError::Unfinished { path: ledger.path });
    }
    Ok(ledger)
}

/// Opens the store and log of a folder whose files are all there; the log may still be empty.
fn open_layout(layout: Layout) -> Result<OpenLedger, FolderError> {
    let manifest = layout.manifest()?;
    let keys = service_keys(&layout, &manifest)?;
    let (store, notices) = SledStore::open(layout.path())?;
    let log = Log::open(Arc::new(store), keys, Views::default(), system_clock())?;
    let mut notices: Vec<String> = notices.iter().map(ToString::to_string).collect();
    let erased: Vec<String> = log.finished_erasures().iter().map(u64::to_string).collect();
    if !erased.is_empty() {
        notices.push(format!(
            "an erasure that was cut short is finished: the content of entry {} is gone",
            erased.join(", ")
        ));
    }
    Ok(OpenLedger {
        name: manifest.name,
        path: layout.path().to_owned(),
        log,
        notices,
    })
}

/// The ledger's own keys.
fn service_keys(layout: &Layout, manifest: &Manifest) -> Result<LedgerKeys, FolderError> {
    let origin = KeyName::new(manifest.origin.clone())?;
    Ok(LedgerKeys {
        log: NoteSigner::new(origin, layout.service_key(&layout.log_key())?),
        receipt: layout.service_key(&layout.receipt_key())?,
    })
}

impl OpenLedger {
    /// Signs `events` one after another as `officer` and records all of them or none.
    ///
    /// # Errors
    /// Which event could not be signed, or was refused and why.
    pub fn record(
        &self,
        officer: &Officer,
        events: Vec<(Event, Vec<SealedPart>)>,
    ) -> Result<Vec<Accepted>, RecordError> {
        let items = events.into_iter();
        self.record_all(
            items
                .map(|(event, sealed)| Item {
                    officer,
                    event,
                    sealed,
                })
                .collect(),
        )
    }

    /// Signs the items, each as its own officer, and records all of them or none: at most 1,000.
    ///
    /// # Errors
    /// Which item could not be signed, or was refused and why.
    pub fn record_all(&self, items: Vec<Item<'_>>) -> Result<Vec<Accepted>, RecordError> {
        let head = self.views().head;
        let seen = Seen {
            size: head.size,
            root: head.root.0,
        };
        let iat = now();
        let mut batch = Vec::with_capacity(items.len());
        for (index, item) in items.into_iter().enumerate() {
            let author = Author {
                origin: self.log.origin(),
                person: &item.officer.person,
                key: &item.officer.key,
            };
            let signed = author.sign(item.event, &item.sealed, seen, iat, &mut OsRng);
            batch.push(signed.map_err(|error| RecordError::Unsigned { index, error })?);
        }
        Ok(self.log.submit_batch(batch)?)
    }

    /// What the ledger says now: its views, tree and checkpoint.
    pub fn views(&self) -> Arc<Published<Views>> {
        self.log.published()
    }

    /// Closes the ledger, so that the next opening is quick. Nothing recorded depends on it.
    ///
    /// # Errors
    /// Where the store cannot be closed cleanly.
    pub fn close(self) -> Result<(), FolderError> {
        Ok(self.log.close()?)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use minutebook_events::Content;
    use minutebook_tests::meddled::{Meddled, Step};
    use serde_json::json;

    use super::*;

    #[test]
    fn an_erasure_that_was_cut_short_is_finished_by_the_next_opening() {
        let dir = tempfile::tempdir().unwrap();
        let officer = |n: u8| Officer {
            person: PersonId::from_random([n; 16]),
            key: SigningKey::from_seed(&[n; 32]),
        };
        let (secretary, eraser) = (officer(1), officer(2));
        let founder = |officer: &Officer, roles: &[Role]| {
            (officer.person.clone(), roles.to_vec(), officer.key.public())
        };
        let ledger = create_ledger(
            dir.path(),
            &Founding {
                name: "nwl",
                origin: "board.example/nwl",
                partnership: "NWL",
                area: None,
                officers: vec![
                    founder(&secretary, &[Role::Registrar, Role::Secretary]),
                    founder(&eraser, &[Role::RecordsOfficer]),
                ],
                signer: &secretary,
            },
        )
        .unwrap();
        let record = |ledger: &OpenLedger, officer: &Officer, event: serde_json::Value| {
            let event = Event::from_json(event).unwrap();
            ledger.record(officer, vec![(event, Vec::new())])
        };
        let by = |role: &str| json!({ "role": role });
        record(
            &ledger,
            &secretary,
            json!({"type": "MilestoneSet", "subject": "milestone/m", "title": "Kept too long",
                "capacity": by("secretary")}),
        )
        .unwrap();
        let digest = ledger.log.entry(1).unwrap().statement.claims().digest;
        record(
            &ledger,
            &secretary,
            json!({"type": "ApprovalGiven", "subject": "record/1", "digest": digest,
                "capacity": by("secretary")}),
        )
        .unwrap();
        // A disk that takes the entry and fails before the content is gone.
        ledger.close().unwrap();
        let layout = Layout::find(dir.path(), None).unwrap();
        let keys = service_keys(&layout, &layout.manifest().unwrap()).unwrap();
        let (store, _) = SledStore::open(layout.path()).unwrap();
        let store = Arc::new(Meddled::stopped_before(Step::Erase, Arc::new(store)));
        let ledger = OpenLedger {
            name: "nwl".into(),
            path: layout.path().to_owned(),
            log: Log::open(store, keys, Views::default(), system_clock()).unwrap(),
            notices: Vec::new(),
        };
        record(
            &ledger,
            &eraser,
            json!({"type": "ContentErased", "subject": "record/1", "digest": digest,
                "legal_basis": "UK GDPR Art 17(1)(d)", "requester": eraser.person,
                "approver": secretary.person, "capacity": by("records-officer")}),
        )
        .unwrap_err();
        drop(ledger);

        let ledger = open_ledger(dir.path(), None).unwrap();
        assert_eq!(
            ledger.notices,
            ["an erasure that was cut short is finished: the content of entry 1 is gone"]
        );
        assert_eq!(ledger.log.entry(1).unwrap().content, Content::Erased);
        let plan = &ledger.views().views.plan;
        assert!(plan.nodes.is_empty(), "no snapshot remembers what it said");
        ledger.close().unwrap();
        let again = open_ledger(dir.path(), None).unwrap();
        assert!(again.log.finished_erasures().is_empty());
    }
}
