//! Search over what the record says, by words.
//!
//! A [`SearchIndex`] is folded from the entries like the views and apart from them: the writer does
//! not wait for it. It says in which entries a word stands; what a subject is called, and whether it
//! belongs to a body, it asks the views.
//!
//! ```
//! # use minutebook_events::{Confidentiality, Judge as _};
//! # use minutebook_projections::{Views, search::{Query, SearchIndex}};
//! # let entries: Vec<minutebook_events::Recorded<minutebook_events::Content>> = Vec::new();
//! let (mut views, mut index) = (Views::default(), SearchIndex::default());
//! for entry in &entries {
//!     views.apply(entry);
//!     index.fold(entry);
//! }
//! let query = Query::parse("crisis line \"terms of reference\"")?;
//! let found = index.search(views.now(Confidentiality::Public), &query);
//! assert!(found.hits.is_empty());
//! # Ok::<(), minutebook_projections::search::QueryError>(())
//! ```
//!
//! **Who finds what.** The words of public, part 2 and restricted entries stand in three
//! vocabularies. A search looks only into those that its reader may read, so neither an answer nor
//! the work done for it depends on the words of others.
//!
//! **Erasure.** Where an entry erases content or disposes of it, the index lets go of that content's
//! text at once and finds it no more. Its words are still in the vocabulary, in memory, and
//! [`SearchIndex::is_stale`] says so from then on: the index is then to be thrown away and folded
//! anew from what the ledger still holds, as are views (see
//! [`Records::erasures`](crate::records::Records::erasures)). An index is never stored.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{BuildHasherDefault, DefaultHasher};
use std::sync::Arc;

use minutebook_events::{Confidentiality, Content, Digest, Event, Payload, Recorded, SubjectId};

use crate::{AsOf, Views};

mod find;
mod hits;
mod query;
mod reader;
mod texts;
mod words;

pub use hits::{Hit, Hits, Snippet};
pub use query::{MAX_TERMS, Query, QueryError};

use words::Splitter;

/// Hashes the same way in every run.
type Map<K, V> = HashMap<K, V, BuildHasherDefault<DefaultHasher>>;

/// Where every word of the record stands.
#[derive(Debug, Default)]
pub struct SearchIndex {
    /// What there is of each entry, by its tick.
    notes: Vec<Note>,
    subjects: Vec<Arc<SubjectId>>,
    numbers: Map<Arc<SubjectId>, u32>,
    public: Vocabulary,
    part_2: Vocabulary,
    restricted: Vocabulary,
    erased: BTreeSet<Short>,
    stale: bool,
    splitter: Splitter,
}

/// The first bytes of a digest, which are enough to know it by.
type Short = [u8; 16];

/// What the index keeps of an entry.
#[derive(Debug)]
struct Note {
    position: u64,
    recorded_at: i64,
    digest: Short,
    said: Option<Said>,
}

/// What an entry says.
#[derive(Debug)]
struct Said {
    /// The subject's number.
    subject: u32,
    /// The texts, with [`hits::BETWEEN`] between them.
    texts: Box<str>,
}

/// The words of entries that are equally confidential.
#[derive(Debug, Default)]
struct Vocabulary {
    numbers: Map<Arc<str>, u32>,
    sorted: BTreeMap<Arc<str>, u32>,
    /// Where each word stands, by its number, in order.
    postings: Vec<Vec<Posting>>,
}

/// A place where a word stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Posting {
    tick: u32,
    /// How many plain words stand before it in the entry.
    place: u16,
    /// Whether its text may be part of the subject's title.
    titles: bool,
}

impl SearchIndex {
    /// How many entries were folded.
    pub fn ticks(&self) -> u64 {
        self.notes.len() as u64
    }

    /// Adds an entry, the next in order. Total: an entry whose content is not held adds nothing but
    /// its place.
    pub fn fold(&mut self, recorded: &Recorded<Content>) {
        let digest = short(&recorded.claims.digest);
        let tick = self.notes.len();
        self.notes.push(Note {
            position: recorded.position,
            recorded_at: recorded.recorded_at,
            digest,
            said: None,
        });
        let Content::Event(event) = &recorded.body else {
            return;
        };
        match &event.payload {
            Payload::ContentErased(fields) => self.forget(&[fields.digest]),
            Payload::RecordDisposed(fields) => self.forget(&fields.digests),
            _ => {}
        }
        // The memory of any machine ends before four billion entries do.
        if let Ok(tick) = u32::try_from(tick)
            && !self.erased.contains(&digest)
        {
            let said = self.read(tick, event);
            if let Some(note) = self.notes.last_mut() {
                note.said = Some(said);
            }
        }
    }

    /// Whether the index is to be thrown away and folded anew: it has seen content that was erased
    /// since, or the views know of an erasure that it has not folded.
    pub fn is_stale(&self, views: &Views) -> bool {
        self.stale || views.records.erasures() > self.erased.len()
    }

    /// The subjects in whose texts every word of the question occurs, not necessarily all in one
    /// entry: as the record stood at that moment, to that reader. Without words nothing is found.
    ///
    /// The views have to be folded from the same entries. What they know and the index does not is
    /// not found.
    pub fn search(&self, as_of: AsOf<'_>, query: &Query) -> Hits {
        find::find(self, as_of, query)
    }

    /// What the reader may look into.
    fn vocabularies(&self, reader: Confidentiality) -> impl Iterator<Item = &Vocabulary> {
        let all = [
            (Confidentiality::Public, &self.public),
            (Confidentiality::Part2, &self.part_2),
            (Confidentiality::Restricted, &self.restricted),
        ];
        let open = all.into_iter().filter(move |(level, _)| *level <= reader);
        open.map(|(_, vocabulary)| vocabulary)
    }

    fn read(&mut self, tick: u32, event: &Event) -> Said {
        let subject = self.number(&event.common.subject);
        let vocabulary = match event.common.confidentiality {
            Confidentiality::Public => &mut self.public,
            Confidentiality::Part2 => &mut self.part_2,
            Confidentiality::Restricted => &mut self.restricted,
        };
        let splitter = &mut self.splitter;
        let mut texts = String::new();
        let mut next = 0;
        texts::each_text(event, &mut |text, titles| {
            if !texts.is_empty() {
                texts.push(hits::BETWEEN);
            }
            texts.push_str(text);
            let after = splitter.split(text, next, &mut |word| {
                let posting = Posting {
                    tick,
                    place: word.place,
                    titles,
                };
                vocabulary.add(word.folded, posting);
            });
            // A gap, so that no phrase goes from one text into the next.
            next = after.saturating_add(1);
        });
        Said {
            subject,
            texts: texts.into(),
        }
    }

    fn number(&mut self, id: &SubjectId) -> u32 {
        if let Some(number) = self.numbers.get(id) {
            return *number;
        }
        // There are no more subjects than entries.
        let number = u32::try_from(self.subjects.len()).unwrap_or(u32::MAX);
        let id = Arc::new(id.clone());
        self.subjects.push(id.clone());
        self.numbers.insert(id, number);
        number
    }

    /// Lets go of content that was erased. Costs a look at every entry, which erasures are rare
    /// enough for.
    fn forget(&mut self, digests: &[Digest]) {
        let gone: BTreeSet<Short> = digests.iter().map(short).collect();
        for note in &mut self.notes {
            if note.said.is_some() && gone.contains(&note.digest) {
                note.said = None;
                self.stale = true;
            }
        }
        self.erased.extend(gone);
    }
}

impl Vocabulary {
    fn add(&mut self, word: &str, posting: Posting) {
        let number = match self.numbers.get(word) {
            Some(number) => *number as usize,
            None => {
                let number = self.postings.len();
                let word: Arc<str> = word.into();
                // There are fewer words than memory has bytes for their places.
                let short = u32::try_from(number).unwrap_or(u32::MAX);
                self.numbers.insert(word.clone(), short);
                self.sorted.insert(word, short);
                self.postings.push(Vec::new());
                number
            }
        };
        if let Some(postings) = self.postings.get_mut(number) {
            postings.push(posting);
        }
    }

    /// The places of one word.
    fn places(&self, word: &str) -> &[Posting] {
        let number = self.numbers.get(word);
        let postings = number.and_then(|number| self.postings.get(*number as usize));
        postings.map_or(&[], Vec::as_slice)
    }

    /// The words that begin with this, each with its places.
    fn beginning<'a>(&'a self, word: &'a str) -> impl Iterator<Item = (&'a str, &'a [Posting])> {
        let from = (std::ops::Bound::Included(word), std::ops::Bound::Unbounded);
        self.sorted
            .range::<str, _>(from)
            .take_while(move |(found, _)| found.starts_with(word))
            .filter_map(|(found, number)| {
                let postings = self.postings.get(*number as usize)?;
                Some((found.as_ref(), postings.as_slice()))
            })
    }
}

fn short(digest: &Digest) -> Short {
    let mut short = [0; 16];
    short.copy_from_slice(&digest.0[..16]);
    short
}
