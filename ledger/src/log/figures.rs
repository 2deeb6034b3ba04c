//! How a log is doing, in numbers: counted as it works, at the price of a few additions.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use super::SubmitError;

/// The largest sizes of group that share a bucket, in entries. A group closes at 512; the batch that
/// closes it may bring up to 999 more.
const GROUP_SIZES: &[u64] = &[1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];

/// The longest times that share a bucket, in microseconds: from a tenth of a millisecond to ten seconds.
const GROUP_TIMES: &[u64] = &[
    100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 1_000_000,
    10_000_000,
];

/// How a log is doing. All counts are since it was opened. Each figure is right by itself; one that is
/// read while a group is being published may be that group ahead of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figures {
    /// Entries made durable and published.
    pub entries: u64,
    /// Groups that they were written in, one durable write each.
    pub groups: u64,
    /// Entries in the newest group; 0 before the first.
    pub newest_group: u64,
    /// Entries a group, in buckets up to 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1,024, and above.
    pub group_sizes: Histogram,
    /// Microseconds from taking a group's first job to having published it, in buckets up to 100, 250,
    /// 500, 1,000, 2,500, 5,000, 10,000, 25,000, 50,000, 100,000, 250,000, a million, ten million, and
    /// above. What a group waited for before it was taken is not in it.
    pub group_micros: Histogram,
    /// Batches refused, for whatever reason but a full queue; a single submission is a batch of one.
    pub refused: u64,
    /// Batches turned away because the queue was full ([`SubmitError::Busy`]).
    pub busy: u64,
    /// Statements that wait for their answer now, those in the group being written too.
    pub waiting: u64,
    /// Why the log takes no writes until it is opened again; absent while it takes them.
    pub read_only: Option<String>,
    /// How long the views took to fold the last time: on opening, or after an erasure.
    pub last_fold: Duration,
}

/// Values counted by buckets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Histogram {
    /// The largest value of each bucket but the last, which has no largest.
    pub bounds: &'static [u64],
    /// How many values fell into each bucket: above the bound before it, up to its own.
    pub counts: Vec<u64>,
    /// The sum of all values.
    pub sum: u64,
}

/// What the figures are read from. The counts stand alone: nothing is decided by two of them, so none
/// needs an order with another.
pub(super) struct Counters {
    sizes: Buckets,
    times: Buckets,
    newest_group: AtomicU64,
    refused: AtomicU64,
    busy: AtomicU64,
    statements: AtomicUsize,
    bytes: AtomicUsize,
    read_only: OnceLock<String>,
    last_fold: AtomicU64,
}

impl Counters {
    pub fn new() -> Self {
        Self {
            sizes: Buckets::new(GROUP_SIZES),
            times: Buckets::new(GROUP_TIMES),
            newest_group: AtomicU64::new(0),
            refused: AtomicU64::new(0),
            busy: AtomicU64::new(0),
            statements: AtomicUsize::new(0),
            bytes: AtomicUsize::new(0),
            read_only: OnceLock::new(),
            last_fold: AtomicU64::new(0),
        }
    }

    pub fn group(&self, entries: usize, took: Duration) {
        let entries = entries as u64;
        self.sizes.add(entries);
        self.times.add(micros(took));
        self.newest_group.store(entries, Ordering::Relaxed);
    }

    pub fn refuse(&self, error: &SubmitError) {
        let counter = match error {
            SubmitError::Busy => &self.busy,
            _ => &self.refused,
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    pub fn wait(&self, statements: usize, bytes: usize) {
        self.statements.fetch_add(statements, Ordering::Relaxed);
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    pub fn wait_no_more(&self, statements: usize, bytes: usize) {
        self.statements.fetch_sub(statements, Ordering::Relaxed);
        self.bytes.fetch_sub(bytes, Ordering::Relaxed);
    }

    /// Statements that wait, and their bytes.
    pub fn waiting(&self) -> (usize, usize) {
        let statements = self.statements.load(Ordering::Relaxed);
        (statements, self.bytes.load(Ordering::Relaxed))
    }

    pub fn folded(&self, took: Duration) {
        self.last_fold.store(micros(took), Ordering::Relaxed);
    }

    /// No more writes, for this reason. The first one counts: what follows comes of it.
    pub fn stop(&self, reason: &str) {
        self.read_only.get_or_init(|| reason.to_owned());
    }

    pub fn read_only(&self) -> Option<&str> {
        self.read_only.get().map(String::as_str)
    }

    pub fn figures(&self, read_only: Option<&str>) -> Figures {
        let (group_sizes, group_micros) = (self.sizes.read(), self.times.read());
        Figures {
            entries: group_sizes.sum,
            groups: group_sizes.counts.iter().sum(),
            newest_group: self.newest_group.load(Ordering::Relaxed),
            group_sizes,
            group_micros,
            refused: self.refused.load(Ordering::Relaxed),
            busy: self.busy.load(Ordering::Relaxed),
            waiting: self.waiting().0 as u64,
            read_only: read_only.map(str::to_owned),
            last_fold: Duration::from_micros(self.last_fold.load(Ordering::Relaxed)),
        }
    }
}

struct Buckets {
    bounds: &'static [u64],
    counts: Box<[AtomicU64]>,
    sum: AtomicU64,
}

impl Buckets {
    fn new(bounds: &'static [u64]) -> Self {
        Self {
            bounds,
            counts: (0..=bounds.len()).map(|_| AtomicU64::new(0)).collect(),
            sum: AtomicU64::new(0),
        }
    }

    fn add(&self, value: u64) {
        let bucket = self.bounds.partition_point(|bound| *bound < value);
        self.counts[bucket].fetch_add(1, Ordering::Relaxed);
        self.sum.fetch_add(value, Ordering::Relaxed);
    }

    fn read(&self) -> Histogram {
        let counts = self.counts.iter();
        Histogram {
            bounds: self.bounds,
            counts: counts.map(|count| count.load(Ordering::Relaxed)).collect(),
            sum: self.sum.load(Ordering::Relaxed),
        }
    }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_falls_into_the_bucket_whose_bound_it_does_not_exceed() {
        let buckets = Buckets::new(&[1, 10]);
        for value in [0, 1, 2, 10, 11, 1000] {
            buckets.add(value);
        }
        let histogram = buckets.read();
        assert_eq!(histogram.counts, [2, 2, 2]);
        assert_eq!(histogram.sum, 1024);
    }

    #[test]
    fn the_first_reason_to_stop_is_the_one_that_is_told() {
        let counters = Counters::new();
        assert_eq!(counters.read_only(), None);
        counters.stop("the disk is full");
        counters.stop("the store is read-only");
        assert_eq!(counters.read_only(), Some("the disk is full"));
    }
}
