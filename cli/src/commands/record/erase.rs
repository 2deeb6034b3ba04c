//! What follows from an entry that erases: the content goes, from every copy that the store reads.

use std::path::Path;

use minutebook_events::{Digest, Event, Kind, Payload};
use minutebook_ledger::store::Store as _;
use minutebook_ledger::store::sled::SledStore;

use crate::failure::Failure;

/// Erases the content that a recorded erasure or disposal names, from the closed ledger in `folder`.
///
/// The log is closed before, since it keeps a snapshot of its views as it closes, and they still know
/// what is to go: erasing after that removes the snapshot with it. The entry is in already, so that a
/// crash in between leaves content that the record calls erased; [`verify`](crate::commands::verify)
/// shows it as held.
///
/// # Errors
/// Where the store cannot erase it.
pub fn follow(folder: &Path, event: &Event) -> Result<(), Failure> {
    let digests: &[Digest] = match &event.payload {
        Payload::ContentErased(fields) => &[fields.digest],
        Payload::RecordDisposed(fields) => &fields.digests,
        _ => return Ok(()),
    };
    let subject = &event.common.subject;
    let position = (subject.kind() == Kind::Record).then(|| subject.name().parse::<u64>().ok());
    let Some(position) = position.flatten() else { return Ok(()) };
    let (store, _) = SledStore::open(folder)?;
    for digest in digests {
        store.erase(position, &digest.0)?;
    }
    Ok(store.close()?)
}
