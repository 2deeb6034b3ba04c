//! The judge from outside: every rule from both sides, and folds that can be cut anywhere.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod actions;
mod answers;
mod board;
mod clocks;
mod dates;
mod decisions;
mod documents;
mod existence;
mod folds;
mod given;
mod hidden;
mod holds;
mod indexes;
mod measures;
mod meetings;
mod minutes;
mod partners;
mod people;
mod private;
mod queries;
mod registrars;
mod resting;
mod search;
mod seen;
mod sign_offs;
mod signing;
mod snapshots;
mod superseding;
