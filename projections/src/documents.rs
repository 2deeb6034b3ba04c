//! Who may read a document: whoever may read an entry that names it.
//!
//! A [`DocumentIndex`] is folded from the entries like the views and apart from them, as
//! [`SearchIndex`](crate::search::SearchIndex) is: the rules do not ask it, the writer does not wait
//! for it, and it is never stored. The bytes lie apart; the index knows the names that entries give
//! them.
//!
//! ```
//! # use minutebook_events::{Blake3, Confidentiality, Content, Recorded};
//! # use minutebook_projections::documents::DocumentIndex;
//! # let entries: Vec<Recorded<Content>> = Vec::new();
//! # let blake3 = Blake3([0; 32]);
//! let mut index = DocumentIndex::default();
//! for entry in &entries {
//!     index.fold(entry);
//! }
//! let named = index.referenced(&blake3, Confidentiality::Public, index.ticks());
//! assert!(named.is_none(), "nobody is given what no entry names");
//! ```
//!
//! **Erasure.** Where an entry erases content or disposes of it, what that content named is gone from
//! the index at once, for every moment: it no longer gives anyone a right to read. A document that no
//! entry names any more is [not named](DocumentIndex::is_named) at all, and its bytes may go.

use std::collections::{BTreeMap, BTreeSet};

use minutebook_events::{Blake3, Confidentiality, Content, Digest, DocumentRef, Payload, Recorded};

use crate::Views;

/// Which entries name which documents.
#[derive(Debug, Default, Clone)]
pub struct DocumentIndex {
    ticks: u64,
    /// By the document, in the order of the entries.
    named: BTreeMap<Blake3, Vec<Naming>>,
    erased: BTreeSet<Digest>,
}

/// A document, as an entry names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Naming {
    /// The entry.
    pub position: u64,
    /// The document.
    pub document: DocumentRef,
    /// Who may read the entry.
    pub confidentiality: Confidentiality,
    tick: u64,
    /// The disclosure that names it.
    digest: Digest,
}

impl DocumentIndex {
    /// How many entries were folded.
    pub fn ticks(&self) -> u64 {
        self.ticks
    }

    /// Adds an entry, the next in order. Total: an entry whose content is not held names nothing.
    pub fn fold(&mut self, recorded: &Recorded<Content>) {
        let tick = self.ticks;
        self.ticks += 1;
        let Content::Event(event) = &recorded.body else {
            return;
        };
        match &event.payload {
            Payload::ContentErased(fields) => self.forget(&[fields.digest]),
            Payload::RecordDisposed(fields) => self.forget(&fields.digests),
            _ => {}
        }
        let digest = recorded.claims.digest;
        if self.erased.contains(&digest) {
            return;
        }
        for document in event.payload.documents() {
            self.named.entry(document.blake3).or_default().push(Naming {
                position: recorded.position,
                document: document.clone(),
                confidentiality: event.common.confidentiality,
                tick,
                digest,
            });
        }
    }

    /// Whether the index is to be thrown away and folded anew: the views know of an erasure that it
    /// has not folded.
    pub fn is_stale(&self, views: &Views) -> bool {
        views.records.erasures() > self.erased.len()
    }

    /// How the first entry that the reader may read names the document, when so many entries were
    /// known; `None` where the reader may not have it.
    pub fn referenced(
        &self,
        blake3: &Blake3,
        reader: Confidentiality,
        ticks: u64,
    ) -> Option<&Naming> {
        let named = self.named.get(blake3)?;
        named
            .iter()
            .find(|naming| naming.tick < ticks && naming.confidentiality <= reader)
    }

    /// Every document that the reader may read, as [`Self::referenced`] has it, in order of the
    /// digests.
    pub fn readable(&self, reader: Confidentiality, ticks: u64) -> impl Iterator<Item = &Naming> {
        let documents = self.named.keys();
        documents.filter_map(move |blake3| self.referenced(blake3, reader, ticks))
    }

    /// Whether any entry still names the document, whoever may read it.
    pub fn is_named(&self, blake3: &Blake3) -> bool {
        self.named.contains_key(blake3)
    }

    /// Lets go of what erased content named. Costs a look at every document, which erasures are rare
    /// enough for.
    fn forget(&mut self, digests: &[Digest]) {
        self.erased.extend(digests);
        self.named.retain(|_, named| {
            named.retain(|naming| !digests.contains(&naming.digest));
            !named.is_empty()
        });
    }
}
