//! Erasing what the record says is erased.
//!
//! The entry that erases is durable first, then the content goes: from the store, with all snapshots
//! that may hold something of it, and from the views, which are folded anew from what is left. The
//! writer does both before it answers. A crash in between leaves content that the record calls
//! erased; opening the log finishes that.

use minutebook_events::{Digest, Judge};

use super::ReadError;
use super::open::{Restored, restore_state};
use crate::store::{Held, Store, StoreError};
use crate::tile::TileBuilder;

/// What became of the contents that were to go.
pub(super) struct Erased<J> {
    /// The entries whose content went, in their order.
    pub entries: Vec<u64>,
    /// The state without it.
    pub restored: Restored<J>,
}

/// Erases what `views` say is erased and the store still holds, and folds anew from `blank`, the views
/// before entry 0. `None` where there is no such content: the views have seen none either, then.
///
/// No snapshot may be under way, since one that is put afterwards would bring the content back.
pub(super) fn erase<J: Judge>(
    store: &dyn Store,
    edge: &TileBuilder,
    views: &J,
    blank: &J,
) -> Result<Option<Erased<J>>, ReadError> {
    if views.erasing_entries() == 0 {
        return Ok(None);
    }
    let contents = still_held(store, views)?;
    if contents.is_empty() {
        return Ok(None);
    }
    for (position, digest) in &contents {
        store.erase(*position, &digest.0)?;
    }
    let mut entries: Vec<u64> = contents.into_iter().map(|(position, _)| position).collect();
    entries.dedup();
    let restored = restore_state(store, edge, blank.clone())?;
    Ok(Some(Erased { entries, restored }))
}

/// The contents that `views` say are erased and the store holds, in the order of their entries. An
/// entry that erases is itself later than what it erases: should one of these be such an entry, then
/// what it erases has gone before it goes.
fn still_held<J: Judge>(store: &dyn Store, views: &J) -> Result<Vec<(u64, Digest)>, StoreError> {
    let size = store.head().size;
    let mut named = views.erasures();
    named.sort_unstable();
    named.dedup();
    named.retain(|(position, _)| *position < size);
    let mut held = Vec::new();
    for (position, digest) in named {
        let record = store.read(position..position + 1)?.pop();
        let parts = record.iter().flat_map(|record| &record.disclosures);
        let is_held = parts
            .filter(|part| part.digest == digest.0)
            .any(|part| matches!(part.content, Held::Present(_)));
        if is_held {
            held.push((position, digest));
        }
    }
    Ok(held)
}
