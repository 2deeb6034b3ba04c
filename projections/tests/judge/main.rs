//! The judge from outside: every rule from both sides, and folds that can be cut anywhere.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod actions;
mod board;
mod dates;
mod decisions;
mod existence;
mod folds;
mod given;
mod hidden;
mod meetings;
mod minutes;
mod people;
mod private;
mod queries;
mod search;
mod seen;
mod signing;
mod superseding;
