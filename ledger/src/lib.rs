//! Signed statements in a Merkle log on an embedded store.
//!
//! From the outside in: [`log::Log`] takes submissions and hands out entries and proofs;
//! [`verify`] re-derives everything from a copy and says what is wrong with it. Both judge entries
//! with [`state::State`], which asks [`chain::Chain`] about order, time and repeats, and the caller's
//! views about authority and the rules of the field. What is signed stands in [`statement`], what is
//! private and erasable in [`disclosure`]. [`tree`], [`tile`], [`proof`], [`checkpoint`], [`receipt`]
//! and [`tlog_proof`] are the standards' own formats. [`store`] is the one seam to a disk.
//!
//! Only [`store`] and [`bundle`] do I/O; time is passed in. The log measures how long its own work takes,
//! for its figures alone.

pub mod author;
pub mod bundle;
pub mod chain;
pub mod checkpoint;
pub mod disclosure;
pub mod hash;
pub mod log;
pub mod proof;
pub mod receipt;
pub mod state;
pub mod statement;
pub mod store;
pub mod submission;
pub mod tile;
pub mod tlog_proof;
pub mod tree;
pub mod verify;

pub use author::{Author, Submission};
pub use log::{Accepted, LedgerKeys, Log};
pub use statement::Statement;

#[cfg(test)]
mod vectors;
