//! A progress bar that stays out of the way.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// What takes less than this shows no bar.
const PATIENCE: Duration = Duration::from_secs(1);

/// A bar on standard error: only on a terminal, and only once the work takes more than a second.
pub struct Progress {
    what: &'static str,
    start: Instant,
    wanted: bool,
    // Work on several threads reports from any of them.
    bar: Mutex<Option<ProgressBar>>,
}

impl Progress {
    /// A bar over `what`; never shown where not `wanted`.
    pub fn new(what: &'static str, wanted: bool) -> Self {
        Self { what, start: Instant::now(), wanted, bar: Mutex::new(None) }
    }

    /// `done` of `all` are done.
    pub fn show(&self, done: u64, all: u64) {
        if !self.wanted || self.start.elapsed() < PATIENCE {
            return;
        }
        if let Ok(mut bar) = self.bar.lock() {
            // The library itself draws nothing where standard error is no terminal.
            let bar = bar.get_or_insert_with(|| new_bar(self.what, all));
            bar.set_length(all);
            bar.set_position(done);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Ok(bar) = self.bar.lock()
            && let Some(bar) = &*bar
        {
            bar.finish_and_clear();
        }
    }
}

fn new_bar(what: &'static str, all: u64) -> ProgressBar {
    let bar = ProgressBar::new(all);
    if let Ok(style) =
        ProgressStyle::with_template("{msg} {wide_bar} {human_pos} of {human_len}, {eta} left")
    {
        bar.set_style(style);
    }
    bar.set_message(what);
    bar
}
