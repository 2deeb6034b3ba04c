//! The routes, each resource in a file of its own.

use crate::route::Route;

pub mod description;
pub mod documents;
pub mod entries;
pub mod export;
pub mod feeds;
pub mod health;
pub mod ledgers;
pub mod live;
pub mod log;
pub mod questions;
pub mod sessions;
pub mod submit;
pub mod views;

/// All of them, in the order in which the document lists them.
pub fn all() -> Vec<Route> {
    [
        ledgers::routes(),
        submit::routes(),
        entries::routes(),
        live::routes(),
        questions::routes(),
        views::routes(),
        feeds::routes(),
        export::routes(),
        documents::routes(),
        sessions::routes(),
        log::routes(),
        health::routes(),
        description::routes(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
