//! The judge from outside: every rule from both sides, and folds that can be cut anywhere.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod answers;
mod clocks;
mod dates;
mod existence;
mod folds;
mod given;
mod holds;
mod measures;
mod partners;
mod people;
mod queries;
mod registrars;
mod resting;
mod seen;
mod sign_offs;
mod signing;
