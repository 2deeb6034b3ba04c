//! The papers that the record gives: what changed since the last meeting, the registers, the plan,
//! the history of one thing, and what a search found.
//!
//! Each file fills one sort of [`Paper`](minutebook_papers::Paper) from the views, as they stood at a
//! moment and to a reader: an [`AsOf`](minutebook_projections::AsOf). Command line, API and pages all
//! show these papers, so that the same question has the same answer everywhere. Pure: no clock, no
//! I/O.

pub mod asking;
mod changes;
mod context;
pub mod detail;
pub mod entry;
mod found;
pub mod history;
pub mod moment;
pub mod registers;
pub mod sentence;
pub mod status;

pub use changes::changes;
pub use context::{Context, Names, counted, date_words};
pub use found::{Found, FoundHit, found};
pub use moment::Moment;
pub use registers::{Filter, Register};
