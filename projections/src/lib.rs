//! What the record says, folded from its entries, and the rules on what may enter it.
//!
//! [`Views`] is both: it implements [`Judge`](minutebook_events::Judge), so the log's writer and an
//! auditor's replay ask the same value whether an entry may stand, and tell it that it does.
//! Everything here is a pure function of the entries: no clock, no randomness, no I/O.
//!
//! One file is one view ([`plan`], [`milestones`], [`people`], ...). Each folds the payloads that
//! concern it and ignores the others. [`rules`] judges with what the views know.
//!
//! | to see | read |
//! |---|---|
//! | what the views are made of | [`table`], [`stack`], [`stated`], [`subjects`], [`entries`], [`under`], [`belonging`] |
//! | how one looks at them: when, and for whom | [`as_of`], [`effective`] |
//! | what they answer together | [`changes`], [`quorum`], [`search`], [`documents`], [`title`] |
//!
//! Every view is a [`table`] that keeps every version, so that one value answers for any moment and
//! for any reader: ask through [`AsOf`].
//!
//! Views that come from a `snapshot` are packed: things on a `shelf` and entries on a `tape` are read
//! from its bytes when someone asks for them.
//!
//! A new view is a file with a `fold`, a field in [`Views`] and a line in its `apply`.

pub mod actions;
pub mod agreements;
pub mod as_of;
pub mod authorities;
pub mod belonging;
pub mod bodies;
pub mod changes;
pub mod consultations;
pub mod decisions;
pub mod documents;
pub mod effective;
pub mod entries;
pub mod evaluations;
pub mod funding;
pub mod holds;
pub mod interests;
pub mod keyring;
pub mod meetings;
pub mod metrics;
pub mod milestones;
pub mod minutes;
mod naming;
pub mod organisations;
mod pack;
pub mod papers;
pub mod people;
pub mod plan;
pub mod quorum;
pub mod reading;
pub mod records;
pub mod releases;
pub mod risks;
pub mod rules;
pub mod search;
mod shelf;
pub mod signoffs;
mod snapshot;
pub mod stack;
pub mod stated;
pub mod status;
pub mod subjects;
pub mod table;
mod tape;
pub mod title;
pub mod touch;
pub mod under;
pub mod view_digest;
mod views;

pub use as_of::AsOf;
pub use views::{Summary, Views};

use std::sync::Arc;

use jiff::civil::Date;
use minutebook_events::{Common, Period, PersonId, SubjectId};

use stated::{At, Stated};

use crate::entries::Said;

/// A subject's name, shared between the views: copying a map then copies pointers, not text.
pub type Id = Arc<SubjectId>;

/// A text, shared between the versions of what it stands in.
pub type Text = Arc<str>;

/// A date as written, shared likewise.
pub type When = Arc<Period>;

/// Whether a day lies after the last day of a date. What is open-ended is never past.
pub fn is_past(due: &Period, on: Date) -> bool {
    !due.open_ended && due.end().is_some_and(|end| end < on)
}

/// An entry that is in, as the views see it.
pub(crate) struct Noted<'a> {
    /// The entry's index.
    pub position: u64,
    /// How many entries were folded before it.
    pub tick: u64,
    /// Who signed it.
    pub signer: &'a Arc<PersonId>,
    /// What it is about.
    pub id: &'a Id,
    /// The fields that every event may carry.
    pub common: &'a Common,
    /// Some of these fields as the views share them: what keeps one takes it from here.
    pub said: &'a Said,
}

impl Noted<'_> {
    /// The entry's place.
    pub fn at(&self) -> At {
        At {
            position: self.position,
            tick: self.tick,
        }
    }

    /// What the entry says, for a view to keep.
    pub fn stated<F>(&self, fields: &Arc<F>) -> Stated<F> {
        Stated {
            at: self.at(),
            fields: fields.clone(),
        }
    }

    /// When it was true in the world, for a view to keep.
    pub fn effective(&self) -> Option<When> {
        self.said.effective.clone()
    }
}
