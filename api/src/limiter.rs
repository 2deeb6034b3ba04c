//! How often a caller may try something: a bucket of tries that fills again by and by.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

/// Buckets are thrown away above so many: those that are full again first.
const MAX_BUCKETS: usize = 50_000;

/// A limit on how often each caller may try.
pub struct Limiter<K> {
    /// How many tries at once.
    burst: f64,
    /// How many more a second.
    rate: f64,
    buckets: Mutex<HashMap<K, Bucket>>,
}

struct Bucket {
    tries: f64,
    at: i64,
}

impl<K: Hash + Eq> Limiter<K> {
    /// `burst` tries at once, and one more every `seconds`.
    pub fn new(burst: u32, seconds: u32) -> Self {
        Self {
            burst: f64::from(burst),
            rate: 1.0 / f64::from(seconds.max(1)),
            buckets: Mutex::default(),
        }
    }

    /// Takes a try of `caller` at a time in seconds since 1970.
    ///
    /// # Errors
    /// How many seconds to wait for the next one.
    pub fn take(&self, caller: K, now: i64) -> Result<(), u64> {
        // A bucket is replaced whole, so a panic leaves none half filled.
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MAX_BUCKETS {
            buckets.retain(|_, bucket| self.filled(bucket, now) < self.burst);
        }
        if buckets.len() >= MAX_BUCKETS && !buckets.contains_key(&caller) {
            return Err(60);
        }
        let full = Bucket {
            tries: self.burst,
            at: now,
        };
        let bucket = buckets.entry(caller).or_insert(full);
        let tries = self.filled(bucket, now);
        bucket.at = now.max(bucket.at);
        if tries < 1.0 {
            bucket.tries = tries;
            // The wait is at least a second, and fits: a bucket fills in `burst / rate` seconds.
            return Err(((1.0 - tries) / self.rate).ceil() as u64);
        }
        bucket.tries = tries - 1.0;
        Ok(())
    }

    fn filled(&self, bucket: &Bucket, now: i64) -> f64 {
        let seconds = now.saturating_sub(bucket.at).max(0);
        // Beyond an hour every bucket is full; so much fits a float exactly.
        let seconds = f64::from(u32::try_from(seconds).unwrap_or(3600));
        (bucket.tries + seconds * self.rate).min(self.burst)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_then_one_every_so_many_seconds_for_each_caller() {
        let limiter = Limiter::new(3, 10);
        for _ in 0..3 {
            assert_eq!(limiter.take("a", 100), Ok(()));
        }
        assert_eq!(limiter.take("a", 100), Err(10));
        assert_eq!(limiter.take("b", 100), Ok(()));
        assert_eq!(limiter.take("a", 109), Err(1));
        assert_eq!(limiter.take("a", 110), Ok(()));
        assert_eq!(
            limiter.take("a", 90),
            Err(10),
            "a clock that goes back gives nothing"
        );
    }
}
