//! A ledger over HTTP as a copy to audit: the log's static files, and the contents that this reader may
//! have.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use minutebook_events::{Digest, Payload};
use minutebook_keys::VerifierKey;
use minutebook_ledger::checkpoint::Checkpoint;
use minutebook_ledger::statement::Statement;
use minutebook_ledger::store::Held;
use minutebook_ledger::tile::{EntriesId, TILE_WIDTH, TileId, decode_bundle};
use minutebook_ledger::verify::{Check, Chunk, Committed, Evidence, Kept, Report};

use crate::{About, ClientError, LedgerClient, Unproved};

/// A ledger of a server, held at one signed checkpoint. `minutebook_ledger::verify::verify` audits it.
pub struct Copy {
    ledger: LedgerClient,
    about: About,
    note: String,
    size: u64,
    /// Contents that could not be had although nobody withholds them, and why.
    missing: Mutex<BTreeMap<u64, String>>,
}

impl Copy {
    /// Holds the ledger at its newest checkpoint. How large the ledger is, is believed under the log's
    /// key only.
    ///
    /// # Errors
    /// Where the checkpoint cannot be had, or is not signed with that key.
    pub fn open(ledger: LedgerClient, trusted: &VerifierKey) -> Result<Self, ClientError> {
        let note = ledger.checkpoint_note()?;
        let head = Checkpoint::open(&note, trusted)
            .map_err(Unproved::from)?
            .head;
        Ok(Self {
            about: ledger.about()?,
            ledger,
            note,
            size: head.size,
            missing: Mutex::default(),
        })
    }

    fn entries(&self, id: EntriesId) -> Result<Vec<Vec<u8>>, String> {
        let bytes = self.ledger.entries_bundle(id).map_err(|e| words(&e))?;
        let entries =
            decode_bundle(&bytes, id.width).map_err(|error| format!("{}: {error}", id.path()))?;
        Ok(entries.into_iter().map(<[u8]>::to_vec).collect())
    }

    /// What there is of a content for this reader.
    fn content(&self, position: u64, given: Result<Vec<u8>, ClientError>) -> Held {
        match given {
            Ok(bytes) => Held::Present(bytes),
            Err(error) if error.is("erased") => Held::Erased,
            Err(error) if error.is("withheld") => Held::Absent,
            Err(error) => {
                let mut missing = self.missing.lock().unwrap_or_else(PoisonError::into_inner);
                missing.insert(position, words(&error));
                Held::Absent
            }
        }
    }
}

/// An error with its causes.
fn words(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        text = format!("{text}: {next}");
        cause = next.source();
    }
    text
}

impl Evidence for Copy {
    fn checkpoint(&self) -> Result<String, String> {
        Ok(self.note.clone())
    }

    fn size(&self) -> Result<u64, String> {
        Ok(self.size)
    }

    fn chunk(&self, range: Range<u64>) -> Result<Box<dyn Chunk + '_>, String> {
        let width = u64::from(TILE_WIDTH);
        let mut entries = Vec::new();
        let mut at = range.start;
        while at < range.end {
            let index = at / width;
            let first = index * width;
            let held = (self.size - first).min(width);
            let id = EntriesId {
                index,
                width: u16::try_from(held).unwrap_or(TILE_WIDTH),
            };
            let bundle = self.entries(id)?;
            let upto = range.end.min(first + held);
            let wanted = bundle.into_iter().zip(first..upto);
            entries.extend(wanted.filter(|(_, position)| *position >= at));
            at = upto.max(at + 1);
        }
        Ok(Box::new(CopyChunk {
            copy: self,
            entries,
        }))
    }

    fn tile(&self, id: TileId) -> Result<Option<Vec<u8>>, String> {
        self.ledger.tile(id).map(Some).map_err(|e| words(&e))
    }

    /// What the server says of itself against what the entries committed to.
    fn own_checks(&self, committed: &Committed, report: &mut Report) {
        let missing = self.missing.lock().unwrap_or_else(PoisonError::into_inner);
        for (position, why) in missing.iter() {
            let message = format!("its content cannot be had: {why}");
            report.find::<()>(Some(*position), Check::Disclosure, message);
        }
        for (digest, (entry, kept)) in &committed.digests {
            if *kept == Kept::Erased && !committed.erased_by.contains_key(digest) {
                let message = format!("{digest} is said to be erased, and no entry erases it");
                report.find::<()>(Some(*entry), Check::Manifest, message);
            }
        }
        let genesis = committed.genesis.as_ref().map(|event| &event.payload);
        if let Some(Payload::LedgerOpened(genesis)) = genesis {
            let given = [
                ("vkey", genesis.log_vkey == self.about.vkey.to_string()),
                (
                    "receipt key",
                    genesis.receipt_key.0 == self.about.receipt_key,
                ),
            ];
            for (what, _) in given.iter().filter(|(_, same)| !same) {
                let message = format!("the server gives another {what} than the genesis names");
                report.find::<()>(None, Check::Manifest, message);
            }
        }
    }
}

/// Some consecutive entries, and a way to their contents.
struct CopyChunk<'a> {
    copy: &'a Copy,
    entries: Vec<(Vec<u8>, u64)>,
}

impl Chunk for CopyChunk<'_> {
    fn entry(&self, nth: usize) -> Result<&[u8], String> {
        match self.entries.get(nth) {
            Some((bytes, _)) => Ok(bytes),
            None => Err("the entry is missing".into()),
        }
    }

    fn disclosure(&self, nth: usize, digest: &Digest) -> Held {
        let Some((bytes, position)) = self.entries.get(nth) else {
            return Held::Absent;
        };
        let ledger = &self.copy.ledger;
        let of_event =
            Statement::parse(bytes).is_ok_and(|statement| statement.claims().digest == *digest);
        match of_event {
            true => self.copy.content(*position, ledger.disclosure(*position)),
            false => self
                .copy
                .content(*position, ledger.sealed(*position, digest)),
        }
    }
}
