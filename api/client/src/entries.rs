//! Entries, page after page.

use std::collections::VecDeque;

use crate::address::with_query;
use crate::ledger::MAX_ANSWER;
use crate::transport::Method;
use crate::{ClientError, Entry, LedgerClient, Page};

/// Which entries; all of them where nothing is said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EntriesQuery {
    /// Only entries after this index.
    pub after: Option<u64>,
    /// Only entries before this index.
    pub before: Option<u64>,
    /// How many a page has at most.
    pub limit: Option<u64>,
    /// Only events of this type, such as `DecisionMade`.
    pub event_type: Option<String>,
    /// Only what is about this, such as `milestone/key-worker`.
    pub subject: Option<String>,
    /// Only what belongs to this body or one below it.
    pub body: Option<String>,
    /// Only what this person signed.
    pub signer: Option<String>,
    /// Only what was recorded from this day on.
    pub from: Option<String>,
    /// Only what was recorded up to this day.
    pub to: Option<String>,
}

impl EntriesQuery {
    fn words(&self) -> Vec<(&'static str, String)> {
        let number = |name, value: Option<u64>| value.map(|value| (name, value.to_string()));
        let text = |name, value: &Option<String>| value.clone().map(|value| (name, value));
        let all = [
            number("after", self.after),
            number("before", self.before),
            number("limit", self.limit),
            text("type", &self.event_type),
            text("subject", &self.subject),
            text("body", &self.body),
            text("signer", &self.signer),
            text("from", &self.from),
            text("to", &self.to),
        ];
        all.into_iter().flatten().collect()
    }
}

impl LedgerClient {
    /// One page of entries.
    ///
    /// # Errors
    /// Where it cannot be had.
    pub fn page(&self, query: &EntriesQuery) -> Result<Page, ClientError> {
        let below = with_query("/entries", &query.words());
        self.transport
            .json(&self.request(Method::Get, &below, MAX_ANSWER))
    }

    /// Entries in their order, oldest first, a page asked for whenever the one before is read.
    pub fn entries(&self, query: &EntriesQuery) -> Entries<'_> {
        Entries {
            ledger: self,
            query: query.clone(),
            ready: VecDeque::new(),
            ended: false,
        }
    }
}

/// Entries in their order. Ends after the first error.
#[derive(Debug)]
pub struct Entries<'a> {
    ledger: &'a LedgerClient,
    query: EntriesQuery,
    ready: VecDeque<Entry>,
    ended: bool,
}

impl Entries<'_> {
    fn turn(&mut self) -> Result<(), ClientError> {
        let page = self.ledger.page(&self.query)?;
        let known = self.query.after;
        let newest = page.entries.last().map(|entry| entry.entry);
        // Where to go on is worked out here: an address that the server names might be anywhere, and
        // pages that do not go forward would never end.
        let in_order = page.entries.is_sorted_by(|a, b| a.entry < b.entry);
        let first = page.entries.first().map(|entry| entry.entry);
        if !in_order || (first.is_some() && known.is_some() && first <= known) {
            return Err(ClientError::Unreadable {
                address: self.ledger.address().to_string(),
                reason: "its entries are not in order".into(),
            });
        }
        self.ended = page.next.is_none() || newest.is_none();
        self.query.after = newest.or(known);
        self.ready.extend(page.entries);
        Ok(())
    }
}

impl Iterator for Entries<'_> {
    type Item = Result<Entry, ClientError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ready.is_empty()
            && !self.ended
            && let Err(error) = self.turn()
        {
            self.ended = true;
            return Some(Err(error));
        }
        self.ready.pop_front().map(Ok)
    }
}
