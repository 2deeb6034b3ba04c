//! The one writer of a ledger: takes what is queued, with no timer, and makes it one durable group.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::Receiver;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use minutebook_events::{Digest, Judge};
use minutebook_keys::NoteSigner;

use super::erasure::erase;
use super::queue::Job;
use super::{Accepted, BatchError, FullTiles, Published, ReadError, Shared, SubmitError};
use crate::chain::{Undo, index_entry};
use crate::checkpoint::Checkpoint;
use crate::hash::Hash;
use crate::log::index::{IndexPage, remember_index};
use crate::log::proving::Proving;
use crate::log::snapshot::Snapshot;
use crate::state::{JudgementError, State};
use crate::statement::Statement;
use crate::store::{Batch, Disclosed, Held, Record, StoreError};
use crate::submission::Prepared;
use crate::tile::{TILE_WIDTH, TileBuilder, TileNodes};
use crate::tree::root_at;

/// A group is closed at this many entries, or bytes: enough to pay for its fdatasync.
const GROUP_ENTRIES: usize = 512;
const GROUP_BYTES: usize = 1 << 20;

/// Below this many, a group is not yet worth its write while more is about to be queued.
const SMALL_GROUP: usize = 8;

/// A group takes in no more after this long, however much is coming: what is refused, or is in already,
/// does not fill it, and a flood of such must not keep it from its write.
const GATHERING: Duration = Duration::from_millis(10);

/// A snapshot of the views is stored every so many entries, or once so great a part of those in the
/// last one has come on top. So all snapshots together stay within some twenty times the last one,
/// and opening has at most that much to fold.
const SNAPSHOT_EVERY: u64 = 131_072;
const SNAPSHOT_PART: u64 = 16;

pub(super) struct Writer<J> {
    pub shared: Arc<Shared<J>>,
    pub signer: NoteSigner,
    pub state: State<J>,
    /// The views before entry 0.
    pub blank: J,
    pub edge: TileBuilder,
    pub index: IndexPage,
    pub snapshot_at: u64,
    /// The thread that stores a snapshot.
    pub saving: Option<JoinHandle<()>>,
    /// Roots that signers said they had seen, newest last: many sign over the same checkpoint.
    pub seen: Vec<(u64, Hash)>,
}

/// What is admitted and not yet durable.
#[derive(Default)]
struct Group {
    records: Vec<Record>,
    leaves: Vec<Hash>,
    index: Vec<([u8; 16], Vec<[u8; 16]>)>,
    bytes: usize,
    answers: Vec<(Job, Vec<Accepted>)>,
}

impl Group {
    fn len(&self) -> usize {
        self.records.len()
    }

    fn push(&mut self, statement: &Statement, sealed: &[Digest], parts: Vec<Vec<u8>>, leaf: Hash) {
        let claims = statement.claims();
        let digests = std::iter::once(&claims.digest).chain(sealed);
        self.bytes += statement.bytes().len() + parts.iter().map(Vec::len).sum::<usize>();
        self.leaves.push(leaf);
        self.index.push(index_entry(claims, sealed));
        self.records.push(Record {
            entry: statement.bytes().to_vec(),
            disclosures: digests
                .zip(parts)
                .map(|(digest, part)| Disclosed {
                    digest: digest.0,
                    content: Held::Present(part),
                })
                .collect(),
        });
    }

    /// Takes back what a refused batch put in. `bytes` stays: it only bounds the group.
    fn truncate(&mut self, len: usize) {
        self.records.truncate(len);
        self.leaves.truncate(len);
        self.index.truncate(len);
    }
}

impl<J: Judge> Writer<J> {
    pub fn run(mut self, queue: Receiver<Job>) {
        self.serve(&queue);
        // Whoever opens the store next finds nobody writing to it.
        self.wait_for_snapshot();
    }

    fn serve(&mut self, queue: &Receiver<Job>) {
        // Without its memory of ids and digests it could not tell a repeat, so it takes nothing.
        let chain = &mut self.state.chain;
        if let Err(error) = remember_index(&*self.shared.store, self.snapshot_at, chain) {
            let reason = format!("the log's index cannot be read: {error}");
            self.shared.counters.stop(&reason);
            return refuse_all(queue, &reason);
        }
        while let Ok(first) = queue.recv() {
            let begun = Instant::now();
            let mut group = Group::default();
            self.take(first, &mut group);
            while group.len() < GROUP_ENTRIES
                && group.bytes < GROUP_BYTES
                && begun.elapsed() < GATHERING
            {
                match queue.try_recv() {
                    Ok(job) => self.take(job, &mut group),
                    Err(_) if group.len() < SMALL_GROUP && self.is_more_coming() => {
                        std::thread::yield_now();
                    }
                    Err(_) => break,
                }
            }
            let answers = std::mem::take(&mut group.answers);
            let entries = group.len();
            if let Err(error) = self.commit(group) {
                let reason = format!("an earlier write failed: {error}");
                self.shared.counters.stop(&reason);
                for (job, _) in answers {
                    let error = SubmitError::Store(error.clone());
                    job.answer(Err(BatchError { index: 0, error }));
                }
                // The state now holds entries that are not in the store, or content that is to go, so
                // nothing may be judged by it any more, and nothing of it kept: later jobs get the
                // store's refusal until it is reopened.
                return refuse_all(queue, &reason);
            }
            if entries > 0 {
                self.shared.counters.group(entries, begun.elapsed());
            }
            for (job, accepted) in answers {
                job.answer(Ok(accepted));
            }
        }
        self.save_last_snapshot();
    }

    /// Whether a submission is being checked right now: a matter of microseconds, and cheaper to wait
    /// for than another write to the disk. Whoever submits one at a time is never waited for.
    fn is_more_coming(&self) -> bool {
        self.shared.checking.load(Ordering::Relaxed) > 0
    }

    /// Judges a job's items one after another; admits all of them or none.
    fn take(&mut self, mut job: Job, group: &mut Group) {
        // One item that is refused changes nothing, so only a batch needs a way back; a copy would
        // make the views share, and copy, all that the item touches.
        let before = (job.items.len() > 1).then(|| self.state.views.clone());
        let mark = group.len();
        let (mut undo, mut accepted) = (Vec::new(), Vec::new());
        for (index, item) in std::mem::take(&mut job.items).into_iter().enumerate() {
            match self.admit(item, group) {
                Ok((answer, taken)) => {
                    accepted.push(answer);
                    undo.extend(taken);
                }
                Err(error) => {
                    if let Some(views) = before {
                        self.state.views = views;
                    }
                    undo.into_iter()
                        .rev()
                        .for_each(|taken| self.state.chain.retract(taken));
                    group.truncate(mark);
                    return job.answer(Err(BatchError { index, error }));
                }
            }
        }
        group.answers.push((job, accepted));
    }

    /// Judges one item and puts it into the group; a repeat of what is in is answered from there.
    fn admit(
        &mut self,
        mut item: Prepared,
        group: &mut Group,
    ) -> Result<(Accepted, Option<Undo>), SubmitError> {
        if let Some(position) = self.state.chain.entry_with_id(&item.claims().cti)
            && let Some(accepted) = self.repeated(position, &item, group)
        {
            return Ok((accepted, None));
        }
        let now = (self.shared.clock)();
        let (iat, window) = (item.claims().iat, self.state.freshness);
        if iat.abs_diff(now) > window.unsigned_abs() {
            let ahead = iat > now;
            let seconds = i64::try_from(iat.abs_diff(now)).unwrap_or(i64::MAX);
            return Err(SubmitError::Stale {
                seconds,
                ahead,
                window,
            });
        }
        if !item.verified {
            let key = self
                .state
                .key_for(&item.event, item.claims())
                .map_err(JudgementError::from)?;
            item.verify(&key).map_err(JudgementError::from)?;
        }
        let root = self.root_at(item.claims().seen.size);
        let Prepared {
            statement,
            event,
            sealed,
            disclosures,
            leaf,
            ..
        } = item;
        let taken = self
            .state
            .admit(statement.claims(), &sealed, event, |_| root)?;
        group.push(&statement, &sealed, disclosures, leaf);
        let accepted = Accepted {
            position: taken.position,
            recorded_at: Some(taken.recorded_at),
        };
        Ok((accepted, Some(taken.undo)))
    }

    /// The answer to bytes that are in already; `None` where the entry of that id is another.
    fn repeated(&self, position: u64, item: &Prepared, group: &Group) -> Option<Accepted> {
        let durable = self.edge.size();
        let entry = if position >= durable {
            group
                .records
                .get(usize::try_from(position - durable).ok()?)?
                .entry
                .clone()
        } else {
            self.shared
                .store
                .read(position..position + 1)
                .ok()?
                .pop()?
                .entry
        };
        (entry == item.statement.bytes()).then_some(Accepted {
            position,
            recorded_at: None,
        })
    }

    /// This log's root at a durable size.
    fn root_at(&mut self, size: u64) -> Option<Hash> {
        if let Some((_, root)) = self.seen.iter().rev().find(|(seen, _)| *seen == size) {
            return Some(*root);
        }
        if size > self.edge.size() {
            return None;
        }
        let nodes = TileNodes::with_edge(FullTiles(&*self.shared.store), &self.edge);
        let root = root_at(&nodes, size).ok()?;
        if self.seen.len() == 64 {
            self.seen.remove(0);
        }
        self.seen.push((size, root));
        Some(root)
    }

    /// Makes a group durable, signs the checkpoint over it, erases what it says is erased, and shows it:
    /// in this order, so that no signed checkpoint ever covers entries that could be lost, and nobody is
    /// told of an erasure while someone can still read what is to go.
    fn commit(&mut self, group: Group) -> Result<(), Arc<StoreError>> {
        if group.records.is_empty() {
            return Ok(());
        }
        let first = self.edge.size();
        let mut edge = self.edge.clone();
        let mut tiles = Vec::new();
        for leaf in &group.leaves {
            tiles.extend(edge.push(*leaf));
        }
        let head = edge.head();
        self.shared.store.append(Batch {
            first,
            records: group.records,
            head,
            tiles,
        })?;
        let checkpoint = Checkpoint {
            origin: self.shared.origin.clone(),
            head,
        };
        let note: Arc<str> = checkpoint
            .sign(&self.signer)
            .map_err(|error| StoreError::ReadOnly {
                reason: error.to_string(),
            })?
            .into();
        self.shared.store.put_checkpoint(head, &note)?;
        self.keep_index(first, &group.index);
        self.edge = edge.clone();
        self.erase()?;
        self.shared.publish(Published {
            views: self.state.views.clone(),
            head,
            checkpoint: note,
            recorded_at: self.state.chain.recorded_at(),
            edge,
            proving: Proving::default(),
        });
        self.save_snapshot();
        Ok(())
    }

    /// Erases what the newest group says is erased, from the store and from the views. The chain stays:
    /// it knows ids and digests, which no erasure takes away.
    fn erase(&mut self) -> Result<(), Arc<StoreError>> {
        let before = self.shared.published().views.erasing_entries();
        if self.state.views.erasing_entries() == before {
            return Ok(());
        }
        // One that was under way is put first, so that the store clears it away with the rest.
        self.wait_for_snapshot();
        let begun = Instant::now();
        let (store, views) = (&*self.shared.store, &self.state.views);
        let erased = erase(store, &self.edge, views, &self.blank).map_err(|error| match error {
            ReadError::Store(error) => error,
            error => StoreError::ReadOnly {
                reason: error.to_string(),
            },
        })?;
        if let Some(erased) = erased {
            self.state.views = erased.restored.state.views;
            self.state.freshness = erased.restored.state.freshness;
            self.snapshot_at = erased.restored.snapshot_at;
            self.shared.counters.folded(begun.elapsed());
        }
        Ok(())
    }

    /// Adds what the chain remembers of new entries to the index pages. A page that is not kept is
    /// made again from its entries when it is needed.
    fn keep_index(&mut self, first: u64, entries: &[([u8; 16], Vec<[u8; 16]>)]) {
        for (position, (id, digests)) in (first..).zip(entries) {
            self.index.push(*id, digests);
            if (position + 1).is_multiple_of(u64::from(TILE_WIDTH)) {
                let page = self.index.take();
                let _ = self
                    .shared
                    .store
                    .put_page(position / u64::from(TILE_WIDTH), &page);
            }
        }
    }

    /// Stores the views at the present size, once enough has come on top of the last snapshot. On a
    /// thread of its own, since the views of a large ledger take seconds to write; one at a time.
    fn save_snapshot(&mut self) {
        let head = self.edge.head();
        let busy = self.saving.as_ref();
        if !is_due(head.size, self.snapshot_at) || busy.is_some_and(|saving| !saving.is_finished())
        {
            return;
        }
        self.wait_for_snapshot();
        self.snapshot_at = head.size;
        let (snapshot, shared) = (Snapshot::of(&self.state, head), self.shared.clone());
        self.saving = std::thread::Builder::new()
            .name("ledger-snapshot".into())
            .spawn(move || snapshot.keep(&*shared.store))
            .ok();
    }

    /// Stores the views at the last size.
    fn save_last_snapshot(&mut self) {
        self.wait_for_snapshot();
        let head = self.edge.head();
        if head.size != self.snapshot_at {
            Snapshot::of(&self.state, head).keep(&*self.shared.store);
        }
    }

    fn wait_for_snapshot(&mut self) {
        if let Some(saving) = self.saving.take() {
            // A snapshot that was not stored is only missing.
            let _ = saving.join();
        }
    }
}

fn is_due(size: u64, snapshot_at: u64) -> bool {
    size - snapshot_at >= SNAPSHOT_EVERY.max(snapshot_at / SNAPSHOT_PART)
}

/// Answers every job with the reason why nothing can be written until the log is opened again.
fn refuse_all(queue: &Receiver<Job>, reason: &str) {
    while let Ok(job) = queue.recv() {
        let error = SubmitError::Store(Arc::new(StoreError::ReadOnly {
            reason: reason.to_owned(),
        }));
        job.answer(Err(BatchError { index: 0, error }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_snapshots_together_are_a_small_multiple_of_the_last() {
        let (mut last, mut written) = (0, 0);
        for size in (0..20_000_000).step_by(500) {
            if is_due(size, last) {
                assert!(size - last <= SNAPSHOT_EVERY.max(size / SNAPSHOT_PART) + 500);
                (last, written) = (size, written + size);
            }
        }
        assert!(written < 20 * last, "{written} written for {last}");
    }
}
