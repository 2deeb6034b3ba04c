//! Entries as they are told to a reader.

use std::ops::Range;
use std::sync::Arc;

use minutebook_events::{Confidentiality, Digest, PersonId};
use minutebook_ledger::hash::leaf_hash;
use minutebook_ledger::log::{Log, Published, StoredEntry};
use minutebook_ledger::store;
use minutebook_projections::Views;
use minutebook_reports::entry::{Entry, Held, Stored};
use quick_cache::sync::Cache;

use crate::asked::Reader;
use crate::names::Names;
use crate::problem::Problem;
use crate::server::Ledger;

/// How many entries are remembered as they were told: enough for those who watch, and for a page.
const KEPT: usize = 4096;

/// An entry as it is told.
#[derive(Debug, Clone)]
pub struct Line {
    /// Its index.
    pub position: u64,
    /// What is told of it, as JSON.
    pub json: Arc<str>,
}

/// What a line follows from: the entry, what was published then, and who reads. A later entry may
/// correct or erase an earlier one, so a line is right for one head.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    position: u64,
    head: u64,
    level: Confidentiality,
    names: bool,
}

/// Entries as they were told before, so that a thousand who watch cost one telling.
pub struct Lines(Cache<Key, Arc<str>>);

impl Default for Lines {
    fn default() -> Self {
        Self(Cache::new(KEPT))
    }
}

impl Lines {
    /// Entries as they are told to a reader.
    ///
    /// # Errors
    /// Where an entry cannot be read.
    pub fn of(
        &self,
        ledger: &Ledger,
        published: &Published<Views>,
        reader: &Reader,
        range: Range<u64>,
    ) -> Result<Vec<Line>, Problem> {
        range
            .map(|position| self.one(ledger, published, reader, position))
            .collect()
    }

    /// One entry as it is told to a reader.
    ///
    /// # Errors
    /// Where there is no such entry, or it cannot be read.
    pub fn one(
        &self,
        ledger: &Ledger,
        published: &Published<Views>,
        reader: &Reader,
        position: u64,
    ) -> Result<Line, Problem> {
        let key = Key {
            position,
            head: published.head.size,
            level: reader.level,
            names: reader.knows_names(),
        };
        if let Some(json) = self.0.get(&key) {
            return Ok(Line { position, json });
        }
        let entry = ledger.log.entry(position)?;
        let told = told(
            &ledger.log,
            published,
            reader.level,
            reader.names(ledger),
            &entry,
        );
        let json = serde_json::to_string(&told).map_err(|error| Problem::internal(&error))?;
        let json: Arc<str> = json.into();
        self.0.insert(key, json.clone());
        Ok(Line { position, json })
    }

    /// Forgets everything, since something was erased.
    pub fn forget(&self) {
        self.0.clear();
    }
}

/// An entry as a reader of this level may know it, and the names of people where they are given.
pub fn told(
    log: &Log<Views>,
    published: &Published<Views>,
    level: Confidentiality,
    names: Option<&Names>,
    entry: &StoredEntry,
) -> Entry {
    let statement = &entry.statement;
    let recorded = published.views.entries.get(entry.position);
    let parts = entry.record.disclosures.iter().skip(1);
    let held = |content: &store::Held| match content {
        // Sealed parts are given to nobody by this address, but those who may read everything.
        store::Held::Present(_) if level == Confidentiality::Restricted => Held::Held,
        store::Held::Present(_) | store::Held::Absent => Held::Withheld,
        store::Held::Erased => Held::Erased,
    };
    let sealed: Vec<(Digest, Held)> = parts
        .map(|part| (Digest(part.digest), held(&part.content)))
        .collect();
    let stored = Stored {
        position: entry.position,
        recorded_at: recorded.map_or(0, |one| one.recorded_at),
        origin: statement.origin(),
        claims: statement.claims(),
        signature: statement.signature(),
        size_bytes: statement.bytes().len() as u64,
        leaf_hash: leaf_hash(statement.bytes()).0,
        content: &entry.content,
        sealed: &sealed,
    };
    let name = |person: &PersonId| names.and_then(|names| names.of(log, person));
    Entry::new(published.views.now(level), &stored, &name)
}
