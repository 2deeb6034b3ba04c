//! The auditor: re-derives everything from a copy of a ledger and says what is wrong, where.
//!
//! Nothing in the copy is trusted but the bytes that check out: the checkpoint under the log's key,
//! every tile and entry under the checkpoint's root, every statement under its officer's key, every
//! disclosure under its statement, and every event under the rules, replayed from entry 0 by the
//! judge that let it in. Damage in one place does not hide damage in another.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;

use minutebook_events::{Claims, Content, Digest, DocumentRef, Event, Judge, Payload};
use minutebook_keys::{Kid, PublicKey, VerifierKey};
use rayon::prelude::*;

use crate::checkpoint::Checkpoint;
use crate::hash::{Hash, leaf_hash};
use crate::state::State;
use crate::statement::Statement;
use crate::store::Held;
use crate::submission::open_event;
use crate::tile::{TileId, tiles_for};
use crate::tree::{MemoryTree, Nodes as _, TreeHead};

mod report;
mod stored;

pub use report::{Check, Counts, Finding, Report};
pub use stored::StoreEvidence;

/// How many entries are checked at a time.
const CHUNK: u64 = 2048;

/// How many of them one core reads at a time: a bundle's file holds as many.
const PART: u64 = 256;

/// A copy of a ledger, wherever it lies. Errors are texts for a person: whatever cannot be read is a
/// finding, and the audit goes on.
pub trait Evidence: Sync {
    /// The newest checkpoint of the copy.
    ///
    /// # Errors
    /// Why it cannot be read.
    fn checkpoint(&self) -> Result<String, String>;

    /// How many entries the copy holds.
    fn size(&self) -> Result<u64, String>;

    /// Some entries with a way to their disclosures.
    ///
    /// # Errors
    /// Why they cannot be read.
    fn chunk(&self, range: Range<u64>) -> Result<Box<dyn Chunk + '_>, String>;

    /// The bytes of a tile, where the copy holds tiles.
    ///
    /// # Errors
    /// Why it cannot be read.
    fn tile(&self, id: TileId) -> Result<Option<Vec<u8>>, String>;

    /// Checks of this kind of copy's own, with what the audit found committed and erased.
    fn own_checks(&self, _committed: &Committed, _report: &mut Report) {}
}

/// Some consecutive entries of a copy.
pub trait Chunk: Sync {
    /// The bytes of the `nth` entry of the chunk.
    ///
    /// # Errors
    /// Why they cannot be read.
    fn entry(&self, nth: usize) -> Result<&[u8], String>;

    /// What the copy holds for a digest that this entry committed to.
    fn disclosure(&self, nth: usize, digest: &Digest) -> Held;
}

/// What the entries committed to.
#[derive(Debug, Default)]
pub struct Committed {
    /// Every digest, with the entry that committed to it and what the copy holds for it.
    pub digests: BTreeMap<Digest, (u64, Kept)>,
    /// The digests that a `ContentErased` or `RecordDisposed` names, with its entry.
    pub erased_by: BTreeMap<Digest, u64>,
    /// The documents that events of the copy name, with the entry.
    pub documents: Vec<(u64, DocumentRef)>,
    /// The genesis, where the copy holds it.
    pub genesis: Option<Box<Event>>,
}

/// Whether a copy holds the content behind a digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// It does.
    Disclosed,
    /// It never did.
    Withheld,
    /// It did, until the content was erased.
    Erased,
}

/// Audits a copy. `trusted` is the log's key as the auditor got it apart from the copy; `progress` is
/// told how many entries are done, and out of how many.
pub fn verify<J: Judge>(
    evidence: &dyn Evidence,
    trusted: &VerifierKey,
    views: J,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Report {
    let mut report = Report::new(trusted.name().as_str());
    let signed = match evidence
        .checkpoint()
        .map(|note| Checkpoint::open(&note, trusted))
    {
        Ok(Ok(checkpoint)) => Some(checkpoint.head),
        Ok(Err(error)) => report.find(None, Check::Checkpoint, error.to_string()),
        Err(error) => report.find(None, Check::Checkpoint, error),
    };
    let size = match evidence.size() {
        Ok(size) => size,
        Err(error) => report.find(None, Check::Size, error).unwrap_or(0),
    };
    if let Some(signed) = signed
        && signed.size != size
    {
        let message = format!(
            "{size} entries are here, and the checkpoint covers {}",
            signed.size
        );
        report.find::<()>(None, Check::Size, message);
    }
    let mut audit = Audit {
        origin: trusted.name().as_str(),
        evidence,
        keys: HashMap::new(),
        state: State::new(views),
        tree: MemoryTree::new(),
        last_seen: None,
        committed: Committed::default(),
        digests: Vec::new(),
        signers: HashSet::new(),
        gaps: 0,
        report,
    };
    audit.run(size, progress);
    audit.check_tree(signed);
    audit.check_genesis(trusted);
    let Audit {
        mut committed,
        digests,
        state,
        mut report,
        tree,
        signers,
        ..
    } = audit;
    report.head = TreeHead {
        size,
        root: tree.root(),
    };
    // The first entry that committed to a digest is the one that counts, so it is put in last.
    committed.digests = digests.into_iter().rev().collect();
    report.recorded_at = state.chain.recorded_at();
    report.counts.signers = signers.len() as u64;
    // After the head is known, which a copy's own account of itself is held against.
    evidence.own_checks(&committed, &mut report);
    report
}

/// An entry after the checks that need no other entry.
struct Checked {
    leaf: Hash,
    statement: Option<Statement>,
    body: Body,
    sealed: Vec<(Digest, Kept)>,
    faults: Vec<(Check, String)>,
}

enum Body {
    Event(Box<Event>),
    Withheld,
    Erased,
    /// It is there and is not what the statement commits to.
    Damaged,
}

struct Audit<'a, J> {
    origin: &'a str,
    evidence: &'a dyn Evidence,
    keys: HashMap<Kid, PublicKey>,
    state: State<J>,
    tree: MemoryTree,
    last_seen: Option<(u64, Hash)>,
    committed: Committed,
    /// For [`Committed::digests`], in the order of entries: sorted once, at the end.
    digests: Vec<(Digest, (u64, Kept))>,
    signers: HashSet<Kid>,
    /// Entries so far whose event is not here, so that what follows cannot be judged for sure.
    gaps: u64,
    report: Report,
}

impl<J: Judge> Audit<'_, J> {
    /// Checks chunk after chunk; while one is replayed in order, the next is checked on all cores.
    fn run(&mut self, size: u64, progress: &(dyn Fn(u64, u64) + Sync)) {
        let mut chunks = (0..size)
            .step_by(CHUNK as usize)
            .map(|from| from..(from + CHUNK).min(size));
        let mut ready = chunks.next().map(|range| self.checked(range));
        while let Some((range, checked)) = ready {
            let next = chunks.next();
            let keys = next.as_ref().map(|_| self.keys.clone()).unwrap_or_default();
            let (evidence, origin) = (self.evidence, self.origin);
            let done = range.end;
            let ((), following) = rayon::join(
                || self.replay(range, checked),
                || next.map(|range| check_chunk(evidence, origin, keys, range)),
            );
            ready = following.map(|(range, checked, keys)| {
                self.keys.extend(keys);
                (range, checked)
            });
            progress(done, size);
        }
    }

    fn checked(&mut self, range: Range<u64>) -> (Range<u64>, Result<Vec<Checked>, String>) {
        let keys = std::mem::take(&mut self.keys);
        let (range, checked, keys) = check_chunk(self.evidence, self.origin, keys, range);
        self.keys = keys;
        (range, checked)
    }

    fn replay(&mut self, range: Range<u64>, checked: Result<Vec<Checked>, String>) {
        match checked {
            Ok(checked) => {
                for (position, entry) in range.zip(checked) {
                    self.replay_one(position, entry);
                }
            }
            // Their places stay taken, so that what follows them is still found where it stands.
            Err(error) => {
                self.report
                    .find::<()>(Some(range.start), Check::Entry, error);
                for _ in range {
                    self.tree.push(leaf_hash(&[]));
                    self.state.chain.skip();
                    self.gaps += 1;
                }
            }
        }
    }

    fn replay_one(&mut self, position: u64, entry: Checked) {
        self.report.counts.entries += 1;
        for (check, message) in entry.faults {
            self.report.find::<()>(Some(position), check, message);
        }
        let Some(statement) = entry.statement else {
            self.tree.push(entry.leaf);
            self.state.chain.skip();
            self.gaps += 1;
            return;
        };
        let claims = statement.claims();
        self.signers.insert(claims.kid);
        let kept = match entry.body {
            Body::Event(_) => Kept::Disclosed,
            Body::Erased => Kept::Erased,
            Body::Withheld | Body::Damaged => Kept::Withheld,
        };
        self.commit(claims.digest, position, kept);
        for (digest, kept) in &entry.sealed {
            self.commit(*digest, position, *kept);
        }
        let sealed: Vec<Digest> = entry.sealed.iter().map(|(digest, _)| *digest).collect();
        let seen = claims.seen.size;
        let root = self.root_at(seen);
        match entry.body {
            Body::Event(event) => self.replay_event(position, claims, &sealed, event, root),
            body => {
                let freshness = self.state.freshness;
                if let Err(error) = self.state.chain.check(claims, &sealed, freshness, |_| root) {
                    self.report.find::<()>(
                        Some(position),
                        Check::of_chain(&error),
                        error.to_string(),
                    );
                }
                self.gaps += 1;
                let content = match body {
                    Body::Erased => Content::Erased,
                    _ => Content::Withheld,
                };
                self.state.apply(claims, &sealed, content);
            }
        }
        self.tree.push(entry.leaf);
    }

    fn replay_event(
        &mut self,
        position: u64,
        claims: &Claims,
        sealed: &[Digest],
        event: Box<Event>,
        root: Option<Hash>,
    ) {
        match &event.payload {
            Payload::ContentErased(fields) => {
                self.committed.erased_by.insert(fields.digest, position);
            }
            Payload::RecordDisposed(fields) => {
                let digests = fields.digests.iter();
                self.committed
                    .erased_by
                    .extend(digests.map(|digest| (*digest, position)));
            }
            _ => {}
        }
        let documents = event.payload.documents().into_iter();
        self.committed
            .documents
            .extend(documents.map(|document| (position, document.clone())));
        if position == 0 {
            self.committed.genesis = Some(event.clone());
        }
        let candidate = self.state.place(claims, *event);
        match self.state.judge(&candidate, sealed, |_| root) {
            Ok(()) => self.report.counts.judged += 1,
            Err(error) => {
                let check = Check::of(&error);
                // What is not here could be what allows it: that is no proof of anything wrong.
                if check == Check::Authority && self.gaps > 0 {
                    self.report.leave_open(position, error.to_string());
                } else {
                    self.report
                        .find::<()>(Some(position), check, error.to_string());
                }
            }
        }
        // An entry that should not stand is taken in all the same: what follows it was judged with
        // it, and each wrong is to be named once.
        self.state.take_in(candidate.into_content(), sealed);
    }

    fn commit(&mut self, digest: Digest, position: u64, kept: Kept) {
        match kept {
            Kept::Disclosed => self.report.counts.disclosed += 1,
            Kept::Withheld => self.report.counts.withheld += 1,
            Kept::Erased => self.report.counts.erased += 1,
        }
        self.digests.push((digest, (position, kept)));
    }

    fn root_at(&mut self, size: u64) -> Option<Hash> {
        match self.last_seen {
            Some((seen, root)) if seen == size => Some(root),
            _ if size > self.tree.size() => None,
            _ => {
                let root = self.tree.root_at(size).ok()?;
                self.last_seen = Some((size, root));
                Some(root)
            }
        }
    }

    /// Every tile against the tree over the entries, and the root against the signed one.
    fn check_tree(&mut self, signed: Option<TreeHead>) {
        let size = self.tree.size();
        for id in tiles_for(size) {
            match self.evidence.tile(id) {
                Ok(None) => {}
                Ok(Some(bytes)) => self.check_tile(id, &bytes),
                Err(error) => {
                    self.report
                        .find::<()>(None, Check::Tile, format!("{}: {error}", id.path()));
                }
            }
        }
        let Some(signed) = signed else { return };
        let root = match self.tree.root_at(signed.size) {
            Ok(root) => root,
            // The sizes differ, which was found before.
            Err(_) => return,
        };
        if root != signed.root {
            let message = format!(
                "the {} entries have root {root}, and the checkpoint signs {}",
                signed.size, signed.root
            );
            self.report.find::<()>(None, Check::Tree, message);
        }
    }

    fn check_tile(&mut self, id: TileId, bytes: &[u8]) {
        let path = id.path();
        if bytes.len() != usize::from(id.width) * Hash::LEN {
            let message = format!(
                "{path} has {} bytes, not {}",
                bytes.len(),
                usize::from(id.width) * Hash::LEN
            );
            return self
                .report
                .find::<()>(None, Check::Tile, message)
                .unwrap_or(());
        }
        for (nth, found) in bytes.chunks_exact(Hash::LEN).enumerate() {
            let index = id.index * 256 + nth as u64;
            let ours = self.tree.node(u32::from(id.level) * 8, index);
            if ours.is_ok_and(|ours| ours.0 == found) {
                continue;
            }
            let (entry, message) = if id.level == 0 {
                (
                    Some(index),
                    format!("the entry is not the one whose hash stands in {path}"),
                )
            } else {
                (
                    None,
                    format!("hash {nth} of {path} is not that of the entries under it"),
                )
            };
            self.report.find::<()>(entry, Check::Tile, message);
        }
    }

    fn check_genesis(&mut self, trusted: &VerifierKey) {
        let Some(event) = &self.committed.genesis else {
            if self.tree.size() > 0 {
                let message = "the genesis must always be disclosed, and is not here";
                self.report
                    .find::<()>(Some(0), Check::Genesis, message.into());
            }
            return;
        };
        if let Payload::LedgerOpened(genesis) = &event.payload
            && genesis.log_vkey != trusted.to_string()
        {
            let message = "the genesis names another log key than the one trusted";
            self.report
                .find::<()>(Some(0), Check::Genesis, message.into());
        }
    }
}

type CheckedChunk = (
    Range<u64>,
    Result<Vec<Checked>, String>,
    HashMap<Kid, PublicKey>,
);

/// The checks that need no other entry, on all cores. Keys that the chunk enrols are added to `keys`:
/// a key is named by its own hash, so whether it may speak is for the replay to judge.
fn check_chunk(
    evidence: &dyn Evidence,
    origin: &str,
    mut keys: HashMap<Kid, PublicKey>,
    range: Range<u64>,
) -> CheckedChunk {
    let parts: Vec<Range<u64>> = range
        .clone()
        .step_by(PART as usize)
        .map(|from| from..(from + PART).min(range.end))
        .collect();
    let checked: Result<Vec<Vec<Checked>>, String> = parts
        .into_par_iter()
        .map(|part| check_part(evidence, origin, part))
        .collect();
    let mut checked: Vec<Checked> = match checked {
        Ok(parts) => parts.into_iter().flatten().collect(),
        Err(error) => return (range, Err(error), keys),
    };
    for entry in &checked {
        if let Some(key) = entry.statement.as_ref().and_then(|s| s.claims().enrols) {
            keys.insert(key.kid(), key);
        }
        if let Body::Event(event) = &entry.body
            && let Payload::LedgerOpened(genesis) = &event.payload
        {
            keys.extend(
                genesis
                    .officers
                    .iter()
                    .map(|officer| (officer.key.kid(), officer.key.0)),
            );
        }
    }
    checked.par_iter_mut().for_each(|entry| {
        let Some(statement) = &entry.statement else {
            return;
        };
        match keys.get(&statement.claims().kid) {
            Some(key) => {
                if let Err(error) = statement.verify(key) {
                    entry.faults.push((Check::Signature, error.to_string()));
                }
            }
            None => {
                let message = format!(
                    "key {} was not enrolled before",
                    statement.claims().kid.short()
                );
                entry.faults.push((Check::Signature, message));
            }
        }
    });
    (range, Ok(checked), keys)
}

fn check_part(
    evidence: &dyn Evidence,
    origin: &str,
    part: Range<u64>,
) -> Result<Vec<Checked>, String> {
    let count = usize::try_from(part.end - part.start).unwrap_or(0);
    let chunk = evidence.chunk(part)?;
    Ok((0..count)
        .map(|nth| check_entry(&*chunk, nth, origin))
        .collect())
}

fn check_entry(chunk: &dyn Chunk, nth: usize, origin: &str) -> Checked {
    let mut checked = Checked {
        leaf: leaf_hash(&[]),
        statement: None,
        body: Body::Withheld,
        sealed: Vec::new(),
        faults: Vec::new(),
    };
    let bytes = match chunk.entry(nth) {
        Ok(bytes) => bytes,
        Err(error) => {
            checked.faults.push((Check::Entry, error));
            return checked;
        }
    };
    checked.leaf = leaf_hash(bytes);
    let statement = match Statement::parse(bytes) {
        Ok(statement) => statement,
        Err(error) => {
            checked.faults.push((Check::Entry, error.to_string()));
            return checked;
        }
    };
    if let Err(error) = statement.check_origin(origin) {
        checked.faults.push((Check::Entry, error.to_string()));
    }
    checked.body = match chunk.disclosure(nth, &statement.claims().digest) {
        Held::Absent => Body::Withheld,
        Held::Erased => Body::Erased,
        Held::Present(bytes) => match open_event(&statement, &bytes) {
            Ok(event) => Body::Event(Box::new(event)),
            Err(error) => {
                checked.faults.push((Check::Disclosure, error.to_string()));
                Body::Damaged
            }
        },
    };
    if let Body::Event(event) = &checked.body {
        for digest in &event.common.sealed {
            let kept = match chunk.disclosure(nth, digest) {
                Held::Absent => Kept::Withheld,
                Held::Erased => Kept::Erased,
                Held::Present(bytes) if Digest::of(&bytes) == *digest => Kept::Disclosed,
                Held::Present(_) => {
                    let message = format!("the sealed part {digest} has another digest");
                    checked.faults.push((Check::Disclosure, message));
                    Kept::Withheld
                }
            };
            checked.sealed.push((*digest, kept));
        }
    }
    checked.statement = Some(statement);
    checked
}
