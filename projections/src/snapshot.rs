//! Views as bytes and back.
//!
//! A snapshot is `{"format": "minutebook-views", "version": 1, "views": {...}}` in CBOR. It is only
//! ever a cache: bytes of another version are thrown away, and the views folded anew.

use serde::{Deserialize, Serialize};

use crate::Views;

const FORMAT: &str = "minutebook-views";

/// To be raised whenever a view changes what it keeps.
const VERSION: u32 = 3;

#[derive(Serialize)]
struct Saved<'a> {
    format: &'a str,
    version: u32,
    views: &'a Views,
}

/// Read before the rest, so that a snapshot of another version is never half understood.
#[derive(Deserialize)]
struct Head {
    format: String,
    version: u32,
}

#[derive(Deserialize)]
struct Whole {
    views: Views,
}

pub(crate) fn save(views: &Views) -> Vec<u8> {
    let saved = Saved {
        format: FORMAT,
        version: VERSION,
        views,
    };
    let mut bytes = Vec::new();
    // Writing to memory does not fail, and every view is made of what CBOR can hold. Were that ever
    // not so, an empty snapshot is one that cannot be loaded, and the views are folded anew.
    if ciborium::into_writer(&saved, &mut bytes).is_err() {
        bytes.clear();
    }
    bytes
}

pub(crate) fn load(bytes: &[u8]) -> Option<Views> {
    let head: Head = ciborium::from_reader(bytes).ok()?;
    if head.format != FORMAT || head.version != VERSION {
        return None;
    }
    let mut rest = bytes;
    let whole: Whole = ciborium::from_reader(&mut rest).ok()?;
    rest.is_empty().then_some(whole.views)
}
