//! The judge from outside: every rule from both sides, and folds that can be cut anywhere.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod dates;
mod existence;
mod folds;
mod given;
mod people;
mod queries;
mod seen;
mod signing;
mod snapshots;
