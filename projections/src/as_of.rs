//! The record as it stood at a moment, to a reader.

use std::ops::Range;

use minutebook_events::{Confidentiality, SubjectId};

use crate::Views;
use crate::entries::{Entry, Said};
use crate::stated::At;
use crate::table::{Moment, Table};

/// The record as it stood at a moment, to a reader. Costs nothing to make.
#[derive(Debug, Clone, Copy)]
pub struct AsOf<'a> {
    /// The views, which know more than may be shown: ask them with `moment`.
    pub views: &'a Views,
    /// When, and for whom.
    pub moment: Moment,
}

impl<'a> AsOf<'a> {
    /// How many entries were known.
    pub fn ticks(self) -> u64 {
        self.moment.ticks
    }

    /// The most confidential sort of entry that the reader may read.
    pub fn reader(self) -> Confidentiality {
        self.moment.reader
    }

    /// One thing of a table, such as `as_of.get(&as_of.views.decisions, id)`.
    pub fn get<T>(self, table: &'a Table<T>, id: &SubjectId) -> Option<&'a T> {
        table.at(id, self.moment)
    }

    /// Everything in a table, in order of the ids.
    pub fn all<T>(self, table: &'a Table<T>) -> impl Iterator<Item = (&'a SubjectId, &'a T)> {
        table.iter_at(self.moment)
    }

    /// The entries of a run of ticks that were known and that the reader may read.
    pub fn entries(self, ticks: Range<u64>) -> impl Iterator<Item = (u64, &'a Entry, &'a Said)> {
        self.views.entries.readable(ticks, self.moment)
    }

    /// How many of a run of entries were known and are private to others than the reader. Content
    /// that was erased is kept from nobody: a public entry says that it went, and the count stays what
    /// it was before.
    pub fn private(self, ticks: Range<u64>) -> u64 {
        let (entries, records) = (&self.views.entries, &self.views.records);
        let unreadable = entries.unreadable(ticks.clone(), self.moment);
        if unreadable == 0 || records.erasures() == 0 {
            return unreadable;
        }
        let gaps = entries.gaps(ticks.start..ticks.end.min(self.ticks()));
        let erased = gaps.filter(|entry| records.erased_by(&entry.digest).is_some());
        unreadable.saturating_sub(erased.count() as u64)
    }

    /// An entry by its place, where it was known and the reader may read it.
    pub fn entry(self, at: At) -> Option<(&'a Entry, &'a Said)> {
        let mut entries = self.entries(at.tick..at.tick.saturating_add(1));
        entries.next().map(|(_, entry, said)| (entry, said))
    }

    /// The entries about a thing that were known and that the reader may read, oldest first. Only
    /// for a record folded in its own order.
    pub fn history(self, id: &SubjectId) -> impl Iterator<Item = &'a Entry> {
        let positions = self.views.subjects.history(id);
        positions.filter_map(move |position| {
            let mut entries = self.entries(position..position.saturating_add(1));
            entries.next().map(|(_, entry, _)| entry)
        })
    }

    /// The body that a thing belongs to.
    pub fn body_of(self, id: &SubjectId) -> Option<&'a SubjectId> {
        self.views.belonging.body_of(id, self.moment)
    }

    /// Whether `body` is `above` or stands below it.
    pub fn stands_under(self, body: &SubjectId, above: &SubjectId) -> bool {
        let mut at = body;
        // No deeper than there are bodies: terms may have been amended into a circle.
        for _ in 0..=self.views.bodies.len() {
            if at == above {
                return true;
            }
            match self
                .get(&self.views.bodies, at)
                .and_then(|body| body.parent())
            {
                Some(parent) => at = parent,
                None => return false,
            }
        }
        false
    }

    /// A body and those below it, in order of their ids, the body itself first.
    pub fn body_and_below(self, body: &'a SubjectId) -> Vec<&'a SubjectId> {
        let below = self.all(&self.views.bodies).map(|(id, _)| id);
        let below = below.filter(|id| *id != body && self.stands_under(id, body));
        std::iter::once(body).chain(below).collect()
    }
}
