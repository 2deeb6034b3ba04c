//! What follows from an entry that erases: the content goes, from every copy that the store reads.

use minutebook_events::{Digest, Event, Kind, Payload};

use crate::failure::Failure;
use crate::folder::OpenLedger;

/// Erases the content that a recorded erasure or disposal names. The entry is in already, so a crash
/// before this leaves content that is named as erased; recording again is refused, and `verify` says
/// so.
///
/// # Errors
/// Where the store cannot erase it.
pub fn follow(ledger: &OpenLedger, event: &Event) -> Result<(), Failure> {
    let digests: &[Digest] = match &event.payload {
        Payload::ContentErased(fields) => &[fields.digest],
        Payload::RecordDisposed(fields) => &fields.digests,
        _ => return Ok(()),
    };
    let subject = &event.common.subject;
    let Some(position) =
        (subject.kind() == Kind::Record).then(|| subject.name().parse().ok()).flatten()
    else {
        return Ok(());
    };
    for digest in digests {
        ledger.log.erase(position, digest)?;
    }
    Ok(())
}
