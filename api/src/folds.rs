//! Folds other than the views: the record in the order in which things were true, and the index of
//! its words. Made when they are first asked for, and kept.

use std::ops::Range;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock, RwLockReadGuard};

use minutebook_events::{Content, Recorded};
use minutebook_ledger::log::{Log, ReadError};
use minutebook_projections::Views;
use minutebook_projections::effective::Effective;
use minutebook_projections::search::SearchIndex;

/// How many entries are read at a time.
const CHUNK: u64 = 4096;

/// How many folds on the effective clock are kept: that of the newest entries, and one that looks back.
const KEPT: usize = 2;

/// The folds of a ledger.
#[derive(Default)]
pub struct Folds {
    effective: Mutex<Vec<Slot>>,
    /// The words of the record.
    pub search: Follower<SearchIndex>,
}

struct Slot {
    known: u64,
    erasures: usize,
    told: Arc<Mutex<Option<Arc<Told>>>>,
}

/// The record in the order in which things were true.
pub struct Told {
    /// The fold.
    pub effective: Effective,
    search: OnceLock<SearchIndex>,
}

impl Told {
    /// The words of the same entries, in the same order.
    ///
    /// # Errors
    /// Where an entry cannot be read.
    pub fn search(&self, log: &Log<Views>) -> Result<&SearchIndex, ReadError> {
        if let Some(index) = self.search.get() {
            return Ok(index);
        }
        let folded = &self.effective.views.entries;
        let mut index = SearchIndex::default();
        for tick in 0..folded.ticks() {
            let position = folded.get(tick).map_or(0, |entry| entry.position);
            for entry in recorded(log, position..position.saturating_add(1))? {
                index.fold(&entry);
            }
        }
        Ok(self.search.get_or_init(|| index))
    }
}

impl Folds {
    /// The first `known` entries in the order in which they were true. Costs a whole fold where it is
    /// not kept; whoever asks for the same meanwhile waits for that one.
    ///
    /// # Errors
    /// Where an entry cannot be read.
    pub fn effective(&self, log: &Log<Views>, known: u64) -> Result<Arc<Told>, ReadError> {
        let erasures = log.published().views.records.erasures();
        let slot = self.slot(known, erasures);
        let mut told = slot.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(told) = &*told {
            return Ok(told.clone());
        }
        let entries = read_all(log, 0..known)?;
        let made = Arc::new(Told {
            effective: Effective::fold(entries),
            search: OnceLock::new(),
        });
        *told = Some(made.clone());
        Ok(made)
    }

    /// Lets go of what was folded before something was erased.
    pub fn forget(&self) {
        self.effective
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }

    fn slot(&self, known: u64, erasures: usize) -> Arc<Mutex<Option<Arc<Told>>>> {
        let mut slots = self
            .effective
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        // What was erased since is not to be kept a moment longer.
        slots.retain(|slot| slot.erasures == erasures);
        if let Some(at) = slots.iter().position(|slot| slot.known == known) {
            let slot = slots.remove(at);
            let told = slot.told.clone();
            slots.push(slot);
            return told;
        }
        if slots.len() >= KEPT {
            slots.remove(0);
        }
        let told = Arc::default();
        slots.push(Slot {
            known,
            erasures,
            told: Arc::clone(&told),
        });
        told
    }
}

/// A fold over the entries that is brought up to date when it is asked.
pub struct Follower<T> {
    at: RwLock<(T, u64)>,
}

impl<T: Default> Default for Follower<T> {
    fn default() -> Self {
        Self {
            at: RwLock::default(),
        }
    }
}

/// What a [`Follower`] folds.
pub trait Follows: Default {
    /// Takes in the next entry.
    fn fold(&mut self, recorded: &Recorded<Content>);

    /// Whether it knows something that was erased since, and is to be folded anew.
    fn is_stale(&self, views: &Views) -> bool;
}

impl Follows for SearchIndex {
    fn fold(&mut self, recorded: &Recorded<Content>) {
        Self::fold(self, recorded);
    }

    fn is_stale(&self, views: &Views) -> bool {
        Self::is_stale(self, views)
    }
}

impl<T: Follows> Follower<T> {
    /// How many entries were folded so far.
    pub fn folded(&self) -> u64 {
        self.at.read().map_or(0, |at| at.1)
    }

    /// The fold over all that is published, or more.
    ///
    /// # Errors
    /// Where an entry cannot be read.
    pub fn up_to_date(&self, log: &Log<Views>) -> Result<RwLockReadGuard<'_, (T, u64)>, ReadError> {
        let published = log.published();
        let fits = |at: &(T, u64)| at.1 >= published.head.size && !at.0.is_stale(&published.views);
        // A fold that a panic cut short would be half an entry behind: it is thrown away below.
        if let Ok(at) = self.at.read()
            && fits(&at)
        {
            return Ok(at);
        }
        {
            let mut at = self.at.write().unwrap_or_else(|poisoned| {
                let mut at = poisoned.into_inner();
                *at = (T::default(), 0);
                at
            });
            self.at.clear_poison();
            if at.0.is_stale(&published.views) {
                *at = (T::default(), 0);
            }
            while at.1 < published.head.size {
                let upto = (at.1 + CHUNK).min(published.head.size);
                for entry in recorded(log, at.1..upto)? {
                    at.0.fold(&entry);
                }
                at.1 = upto;
            }
        }
        Ok(self.at.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Entries as the views take them in.
///
/// # Errors
/// Where an entry cannot be read.
pub fn recorded(log: &Log<Views>, range: Range<u64>) -> Result<Vec<Recorded<Content>>, ReadError> {
    let published = log.published();
    let entries = &published.views.entries;
    let stored = log.entries(range)?.into_iter();
    Ok(stored
        .map(|entry| Recorded {
            position: entry.position,
            recorded_at: entries.get(entry.position).map_or(0, |one| one.recorded_at),
            claims: entry.statement.claims().clone(),
            body: entry.content,
        })
        .collect())
}

fn read_all(log: &Log<Views>, range: Range<u64>) -> Result<Vec<Recorded<Content>>, ReadError> {
    let mut all = Vec::new();
    for start in range.clone().step_by(CHUNK as usize) {
        all.extend(recorded(log, start..(start + CHUNK).min(range.end))?);
    }
    Ok(all)
}
