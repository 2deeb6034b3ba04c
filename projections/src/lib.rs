//! What the record says, folded from its entries, and the rules on what may enter it.
//!
//! [`Views`] is both: it implements [`Judge`](minutebook_events::Judge), so the log's writer and an
//! auditor's replay ask the same value whether an entry may stand, and tell it that it does.
//! Everything here is a pure function of the entries: no clock, no randomness, no I/O.
//!
//! One file is one view ([`plan`], [`milestones`], [`people`], ...). Each folds the payloads that
//! concern it and ignores the others. [`subjects`] is the table that all of them share: what is in
//! the record, and which entries are about it. [`rules`] judges with what the views know.
//!
//! Every view is a [`table`] that keeps every version, so that one value answers for any moment and
//! for any reader: ask through [`AsOf`].
//!
//! Views that come from a `snapshot` are packed: things on a `shelf` and entries on a `tape` are read
//! from its bytes when someone asks for them.
//!
//! A new view is a file with a `fold`, a field in [`Views`] and a line in its `apply`.

pub mod agreements;
pub mod as_of;
pub mod belonging;
pub mod bodies;
pub mod decisions;
pub mod entries;
pub mod keyring;
pub mod meetings;
pub mod metrics;
pub mod milestones;
pub mod organisations;
mod pack;
pub mod people;
pub mod plan;
pub mod records;
pub mod register;
pub mod rules;
mod shelf;
pub mod signoffs;
mod snapshot;
pub mod stack;
pub mod status;
pub mod subjects;
pub mod table;
mod tape;
pub mod touch;
mod views;

pub use as_of::AsOf;
pub use views::{Summary, Views};

use std::sync::Arc;

use minutebook_events::{Common, PersonId, SubjectId};

use crate::entries::Said;

/// A subject's name, shared between the views: copying a map then copies pointers, not text.
pub type Id = Arc<SubjectId>;

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
