//! The record itself: counts, imports, corrections, approvals, erasures and gaps.

use std::sync::Arc;

use imbl::OrdMap;
use minutebook_events::catalogue::{
    ContentErased, CorrectionRecorded, DocumentImported, LedgerOpened, QuorumRule, RecordDisposed,
};
use minutebook_events::{Content, Digest, Event, EventType, Payload, PersonId, Role};
use serde::{Deserialize, Serialize};

use crate::stack::Stack;
use crate::stated::Stated;
use crate::table::Table;
use crate::{Id, Noted};

mod counts;

pub use counts::Counts;

/// An entry that a record of an imported document became.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ImportedEntry {
    /// The entry.
    pub position: u64,
    /// The name of its type.
    pub event: String,
    /// What it is about.
    pub subject: Id,
    /// Which of several entries of that type about that subject: the post, for an appointment.
    pub part: Option<String>,
}

/// What was said about entries of one subject themselves.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Remarks {
    /// The mistakes found, each with the entry that holds it.
    pub corrections: Stack<Stated<CorrectionRecorded>>,
    /// What was erased, and on which basis.
    pub erased: Stack<Stated<ContentErased>>,
    /// What was disposed of at the end of its retention.
    pub disposed: Stack<Stated<RecordDisposed>>,
}

/// A second person's approval.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Approval {
    /// The entry that gave it.
    pub position: u64,
    /// Who gave it.
    pub by: Arc<PersonId>,
    /// In which role.
    pub role: Role,
    /// The entry it is about, as `record/<index>`.
    pub subject: Id,
}

/// Entries whose content these views have not seen.
///
/// What they said is missing from every view. A refusal by views with gaps may be due to the gap:
/// whoever replays a copy with withheld content cannot tell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gaps {
    /// How many entries are withheld from this copy.
    pub withheld: u64,
    /// How many entries were erased.
    pub erased: u64,
}

impl Gaps {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What each record of one document became: a document's title is long, so it is kept once.
type ByRecord = OrdMap<Arc<str>, Arc<Vec<ImportedEntry>>>;

/// What the record is made of.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Records {
    size: u64,
    recorded_at: i64,
    gaps: Gaps,
    counts: Counts,
    opened: Option<Stated<LedgerOpened>>,
    imported: OrdMap<Arc<str>, ByRecord>,
    /// What opened the ledger.
    pub ledgers: Table<Stated<LedgerOpened>>,
    /// The documents that were read into the record.
    pub documents: Table<Stated<DocumentImported>>,
    /// Corrections, erasures and disposals, by what they are about.
    pub remarks: Table<Remarks>,
    corrections: OrdMap<u64, Arc<Vec<u64>>>,
    approvals: OrdMap<Digest, Arc<Vec<Approval>>>,
    erased: OrdMap<Digest, u64>,
}

impl Records {
    /// How many entries these views have seen.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// What the first entry opened.
    pub fn opened(&self) -> Option<&Stated<LedgerOpened>> {
        self.opened.as_ref()
    }

    /// Who must be there for a body to decide that has no rule of its own.
    pub fn default_quorum(&self) -> Option<&QuorumRule> {
        self.opened()?.quorum.as_ref()
    }

    /// When the newest entry was recorded, in seconds since 1970.
    pub fn recorded_at(&self) -> i64 {
        self.recorded_at
    }

    /// What these views have not seen.
    pub fn gaps(&self) -> Gaps {
        self.gaps
    }

    /// How many entries of each type there are.
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    /// The entries that a record of an imported document became, oldest first.
    pub fn imported(&self, document: &str, record: &str) -> &[ImportedEntry] {
        self.imported
            .get(document)
            .and_then(|records| records.get(record))
            .map_or(&[], |entries| entries.as_slice())
    }

    /// Each document that records were imported from, with how many of its records are in.
    pub fn sources(&self) -> impl Iterator<Item = (&str, usize)> {
        self.imported
            .iter()
            .map(|(document, records)| (document.as_ref(), records.len()))
    }

    /// The entry that an imported event would repeat.
    pub fn repeated(&self, event: &Event) -> Option<u64> {
        let source = event
            .common
            .source
            .as_ref()
            .filter(|_| event.common.imported)?;
        let entries = self.imported(&source.document, source.record.as_deref()?);
        let (name, part) = (event.event_type().name(), part(&event.payload));
        let same = |entry: &&ImportedEntry| {
            entry.event == name
                && *entry.subject == event.common.subject
                && entry.part.as_deref() == part
        };
        entries.iter().find(same).map(|entry| entry.position)
    }

    /// The entries that correct this entry, oldest first.
    pub fn corrections(&self, entry: u64) -> &[u64] {
        self.corrections
            .get(&entry)
            .map_or(&[], |corrections| corrections.as_slice())
    }

    /// The approvals of a disclosure, oldest first.
    pub fn approvals(&self, digest: &Digest) -> &[Approval] {
        self.approvals
            .get(digest)
            .map_or(&[], |approvals| approvals.as_slice())
    }

    /// The entry that erased or disposed of a disclosure.
    pub fn erased_by(&self, digest: &Digest) -> Option<u64> {
        self.erased.get(digest).copied()
    }

    /// How many disclosures were erased or disposed of. Views that were folded before one of these
    /// still know what it said, so the log folds its views anew before it shows them again.
    pub fn erasures(&self) -> usize {
        self.erased.len()
    }

    /// How many entries erase or dispose of something.
    pub(crate) fn erasing_entries(&self) -> u64 {
        self.count(EventType::ContentErased) + self.count(EventType::RecordDisposed)
    }

    /// What those entries name: the entry that they are about, and the digest of what goes there.
    pub(crate) fn erased_contents(&self) -> Vec<(u64, Digest)> {
        let mut contents = Vec::new();
        for (id, remarks) in self.remarks.iter() {
            let Ok(position) = id.name().parse::<u64>() else {
                continue;
            };
            let erased = remarks.erased.iter().map(|erased| erased.digest);
            let disposed = remarks.disposed.iter();
            let disposed = disposed.flat_map(|disposed| disposed.digests.iter().copied());
            contents.extend(erased.chain(disposed).map(|digest| (position, digest)));
        }
        contents
    }

    pub(crate) fn fold_entry(&mut self, position: u64, recorded_at: i64, content: &Content) {
        self.size = self.size.max(position.saturating_add(1));
        self.recorded_at = self.recorded_at.max(recorded_at);
        match content {
            Content::Event(event) => self.counts.add(event.event_type()),
            Content::Withheld => self.gaps.withheld += 1,
            Content::Erased => self.gaps.erased += 1,
        }
    }

    pub(crate) fn fold(&mut self, noted: &Noted<'_>, payload: &Payload) {
        let position = noted.position;
        if noted.common.imported {
            self.fold_source(noted, payload);
        }
        match payload {
            Payload::LedgerOpened(fields) => {
                let opened = noted.stated(fields);
                self.ledgers.begin(noted, || opened.clone());
                self.opened.get_or_insert(opened);
            }
            Payload::DocumentImported(fields) => {
                let document = noted.stated(fields);
                self.documents
                    .update(noted, noted.id, |_| Some(document.clone()));
            }
            Payload::CorrectionRecorded(fields) => {
                let corrections = self.corrections.entry(fields.entry).or_default();
                Arc::make_mut(corrections).push(position);
                let correction = noted.stated(fields);
                self.remarks.upsert(noted, |remarks| {
                    remarks.corrections.push(correction.clone());
                });
            }
            Payload::ApprovalGiven(fields) => {
                let approvals = self.approvals.entry(fields.digest).or_default();
                Arc::make_mut(approvals).push(Approval {
                    position,
                    by: noted.signer.clone(),
                    role: noted.common.capacity.role,
                    subject: noted.id.clone(),
                });
            }
            Payload::ContentErased(fields) => {
                self.erased.entry(fields.digest).or_insert(position);
                let erased = noted.stated(fields);
                self.remarks
                    .upsert(noted, |remarks| remarks.erased.push(erased.clone()));
            }
            Payload::RecordDisposed(fields) => {
                for digest in &fields.digests {
                    self.erased.entry(*digest).or_insert(position);
                }
                let disposed = noted.stated(fields);
                self.remarks
                    .upsert(noted, |remarks| remarks.disposed.push(disposed.clone()));
            }
            _ => {}
        }
    }

    fn fold_source(&mut self, noted: &Noted<'_>, payload: &Payload) {
        let Some(source) = &noted.common.source else {
            return;
        };
        let Some(record) = &source.record else { return };
        let entry = ImportedEntry {
            position: noted.position,
            event: payload.event_type().name().to_owned(),
            subject: noted.id.clone(),
            part: part(payload).map(str::to_owned),
        };
        let records = match self.imported.get_mut(source.document.as_str()) {
            Some(records) => records,
            None => self
                .imported
                .entry(source.document.as_str().into())
                .or_default(),
        };
        Arc::make_mut(records.entry(record.as_str().into()).or_default()).push(entry);
    }

    /// How many entries of this type there are.
    pub fn count(&self, event: EventType) -> u64 {
        self.counts.of(event)
    }
}

/// One record of a document may appoint the same person to several posts, and correct several fields
/// of one entry.
fn part(payload: &Payload) -> Option<&str> {
    match payload {
        Payload::RoleAppointed(fields) => fields.title.as_deref().or(fields.role.map(Role::name)),
        Payload::CorrectionRecorded(fields) => Some(&fields.field),
        _ => None,
    }
}
