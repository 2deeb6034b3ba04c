//! Erasing what the record says is erased: the content goes, from every copy that the store reads.
//!
//! The entry that erases is recorded first, then the content goes. A crash in between leaves content
//! that the record calls erased; the next opening finishes that.

use std::path::Path;

use minutebook_events::{Content, Digest, Kind, Payload};
use minutebook_ledger::store::sled::SledStore;
use minutebook_ledger::store::{Held, Store as _};

use super::{FolderError, OpenLedger};

/// Content that is held although an entry erases it: the index of the entry that committed to it, and
/// its digest. Reads the entries about entries, which are few.
///
/// # Errors
/// Where an entry cannot be read.
pub fn unfinished(ledger: &OpenLedger) -> Result<Vec<(u64, Digest)>, FolderError> {
    let published = ledger.views();
    let mut pending = Vec::new();
    if published.views.records.erasures() == 0 {
        return Ok(pending);
    }
    for (id, subject) in published.views.subjects.of_kind(Kind::Record) {
        let Ok(position) = id.name().parse::<u64>() else {
            continue;
        };
        for about in subject.positions() {
            let entry = ledger.log.entry(about)?;
            let digests = match &entry.content {
                Content::Event(event) => named(&event.payload),
                Content::Withheld | Content::Erased => &[],
            };
            if digests.is_empty() {
                continue;
            }
            let record = ledger.log.entry(position)?.record;
            let held = record
                .disclosures
                .iter()
                .filter(|part| matches!(part.content, Held::Present(_)))
                .map(|part| Digest(part.digest));
            pending.extend(
                held.filter(|digest| digests.contains(digest))
                    .map(|digest| (position, digest)),
            );
        }
    }
    Ok(pending)
}

fn named(payload: &Payload) -> &[Digest] {
    match payload {
        Payload::ContentErased(fields) => std::slice::from_ref(&fields.digest),
        Payload::RecordDisposed(fields) => &fields.digests,
        _ => &[],
    }
}

/// Erases contents of the closed ledger in `folder`.
///
/// The log is closed before, since it keeps a snapshot of its views as it closes, and they still know
/// what is to go: erasing after that removes the snapshot as well.
///
/// # Errors
/// Where the store cannot be opened or the content not be erased.
pub fn erase(folder: &Path, contents: &[(u64, Digest)]) -> Result<(), FolderError> {
    let (store, _) = SledStore::open(folder)?;
    for (position, digest) in contents {
        store.erase(*position, &digest.0)?;
    }
    Ok(store.close()?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use minutebook_events::{Event, PersonId, Role};
    use minutebook_keys::SigningKey;
    use serde_json::json;

    use super::*;
    use crate::folder::{Founding, Officer, create_ledger, open_ledger};

    #[test]
    fn an_erasure_that_was_cut_short_is_finished_by_the_next_opening() {
        let dir = tempfile::tempdir().unwrap();
        let officer = |n: u8| Officer {
            person: PersonId::from_random([n; 16]),
            key: SigningKey::from_seed(&[n; 32]),
        };
        let (secretary, eraser) = (officer(1), officer(2));
        let founder = |officer: &Officer, roles: &[Role]| {
            (officer.person.clone(), roles.to_vec(), officer.key.public())
        };
        let ledger = create_ledger(
            dir.path(),
            &Founding {
                name: "nwl",
                origin: "board.example/nwl",
                partnership: "NWL",
                area: None,
                officers: vec![
                    founder(&secretary, &[Role::Registrar, Role::Secretary]),
                    founder(&eraser, &[Role::RecordsOfficer]),
                ],
                signer: &secretary,
            },
        )
        .unwrap();
        let record = |officer: &Officer, event: serde_json::Value| {
            let event = Event::from_json(event).unwrap();
            ledger.record(officer, vec![(event, Vec::new())]).unwrap()
        };
        let by = |role: &str| json!({ "role": role });
        record(
            &secretary,
            json!({"type": "MilestoneSet", "subject": "milestone/m", "title": "Kept too long",
                "capacity": by("secretary")}),
        );
        let digest = ledger.log.entry(1).unwrap().statement.claims().digest;
        record(
            &secretary,
            json!({"type": "ApprovalGiven", "subject": "record/1", "digest": digest,
                "capacity": by("secretary")}),
        );
        record(
            &eraser,
            json!({"type": "ContentErased", "subject": "record/1", "digest": digest,
                "legal_basis": "UK GDPR Art 17(1)(d)", "requester": eraser.person,
                "approver": secretary.person, "capacity": by("records-officer")}),
        );
        // As after a crash: the entry is in, and its content is still here.
        assert_eq!(unfinished(&ledger).unwrap(), [(1, digest)]);
        ledger.close().unwrap();

        let ledger = open_ledger(dir.path(), None).unwrap();
        assert!(
            ledger
                .notices
                .iter()
                .any(|notice| notice.contains("entry 1 is gone"))
        );
        assert_eq!(ledger.log.entry(1).unwrap().content, Content::Erased);
        let plan = &ledger.views().views.plan;
        assert!(plan.nodes.is_empty(), "no snapshot remembers what it said");
        ledger.close().unwrap();
        assert!(open_ledger(dir.path(), None).unwrap().notices.is_empty());
    }
}
