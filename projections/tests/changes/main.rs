//! What changed between two moments.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

#[allow(dead_code)]
#[path = "../judge/given.rs"]
mod given;

mod effective;
mod private;
mod recorded;
