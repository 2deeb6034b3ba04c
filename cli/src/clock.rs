//! The system's clock, read in this one place.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use minutebook_ledger::log::Clock;

/// The present, in seconds since 1970; 0 on a machine whose clock is set before that.
pub fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}

/// The clock that a log is given.
pub fn system_clock() -> Clock {
    Arc::new(now)
}
