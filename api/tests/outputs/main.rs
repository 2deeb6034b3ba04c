//! What other programs take from the server: the calendar, the feed of changes, the auditor's bundle,
//! the figures.
#![allow(clippy::unwrap_used)]

mod checks;
#[path = "../common/mod.rs"]
mod common;
mod desk;
mod export;
mod feeds;
