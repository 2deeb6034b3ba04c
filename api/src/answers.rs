//! Answers worked out before, for as long as they are right.
//!
//! An answer follows from what was known, as of which day, for whom, in which form, and the question.
//! All of that is its key, so that it is never out of date: a ledger that grows is asked under another
//! key. What was erased must not be kept: the number of erasures is part of the key, and old answers
//! are dropped when it grows.

use std::sync::Arc;

use axum::body::Bytes;
use jiff::civil::Date;
use minutebook_events::Confidentiality;
use quick_cache::Weighter;
use quick_cache::sync::Cache;

/// What an answer follows from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Key {
    /// The ledger's name.
    pub ledger: Arc<str>,
    /// How many entries were known.
    pub known: u64,
    /// How many erasures there were by now.
    pub erasures: usize,
    /// The day that the answer is about.
    pub day: Date,
    /// The most confidential sort of entry that the reader may read.
    pub level: Confidentiality,
    /// Whether the reader may know the names of people.
    pub names: bool,
    /// The form.
    pub form: &'static str,
    /// The question, in its one spelling.
    pub question: Arc<str>,
}

impl Key {
    /// The answer's tag.
    pub fn tag(&self) -> String {
        let key = format!("{self:?}");
        format!(
            "{}-{}",
            self.known,
            &blake3::hash(key.as_bytes()).to_hex()[..16]
        )
    }
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Kept {
    /// Its bytes.
    pub body: Bytes,
    /// Its tag.
    pub tag: Arc<str>,
    /// The `Link` to the pages beside it, where there are some.
    pub links: Option<Arc<str>>,
}

/// How many bytes of answers are kept.
const BYTES: u64 = 64 << 20;

/// The largest answer that is kept.
const LARGEST: usize = 4 << 20;

#[derive(Debug, Clone)]
struct ByBytes;

impl Weighter<Key, Kept> for ByBytes {
    fn weight(&self, key: &Key, kept: &Kept) -> u64 {
        (kept.body.len() + key.question.len() + 256) as u64
    }
}

/// Answers worked out before.
pub struct Answers(Cache<Key, Kept, ByBytes>);

impl Default for Answers {
    fn default() -> Self {
        Self(Cache::with_weighter(1024, BYTES, ByBytes))
    }
}

impl Answers {
    /// The answer to a question, where it is kept.
    pub fn get(&self, key: &Key) -> Option<Kept> {
        self.0.get(key)
    }

    /// Keeps an answer.
    pub fn keep(&self, key: Key, kept: Kept) {
        if kept.body.len() <= LARGEST {
            self.0.insert(key, kept);
        }
    }

    /// Drops the answers of a ledger that were worked out before its last erasure.
    pub fn forget(&self, ledger: &str, erasures: usize) {
        self.0
            .retain(|key, _| &*key.ledger != ledger || key.erasures == erasures);
    }
}
