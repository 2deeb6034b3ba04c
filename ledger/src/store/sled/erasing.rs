//! `ERASING`: erasures that are begun and not yet over.
//!
//! Overwriting a content is not atomic, and sled keeps old pages in its file for a while. So each
//! erasure is written down first, one line each (`<position, 20 digits> <digest, hex>`), and the
//! file is removed once no copy holds anything of it. What it lists is finished by the next open.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use super::scan::Begun;
use super::{files, lock};
use crate::hash::Hash;
use crate::store::StoreError;

/// The list and who is at work on it.
pub(super) struct Erasing {
    path: PathBuf,
    state: Mutex<State>,
}

struct State {
    /// Erasures begun in this process, ever.
    begun: u64,
    /// Of these, how many are still at work.
    in_flight: u64,
}

impl Erasing {
    pub fn new(folder: &Path) -> Self {
        Self {
            path: folder.join("ERASING"),
            state: Mutex::new(State {
                begun: 0,
                in_flight: 0,
            }),
        }
    }

    /// What an earlier process had begun. A line that was cut short was never acted on.
    pub fn load(&self) -> Result<Begun, StoreError> {
        let bytes = files::read(&self.path)?.unwrap_or_default();
        let lines = bytes.split(|&byte| byte == b'\n');
        let begun = lines.filter_map(|line| {
            let (position, digest) = str::from_utf8(line).ok()?.split_once(' ')?;
            Some((position.parse().ok()?, Hash::from_hex(digest).ok()?.0))
        });
        Ok(begun.collect())
    }

    /// Writes an erasure down, durably. [`Erasing::end`] must follow.
    pub fn begin(&self, position: u64, digest: &[u8; 32]) -> Result<(), StoreError> {
        let mut state = lock(&self.state);
        let is_new = !self.path.exists();
        let write = || {
            let mut file = OpenOptions::new()
                .append(true)
                .create(true)
                .open(&self.path)?;
            // Begins a line of its own, should the last one have been cut short.
            file.write_all(format!("\n{position:020} {}\n", Hash(*digest)).as_bytes())?;
            file.sync_data()
        };
        write().map_err(files::failed(&self.path))?;
        if is_new {
            self.path.parent().map_or(Ok(()), files::sync_folder)?;
        }
        state.begun += 1;
        state.in_flight += 1;
        Ok(())
    }

    /// This process is no longer at work on one.
    pub fn end(&self) {
        let mut state = lock(&self.state);
        state.in_flight = state.in_flight.saturating_sub(1);
    }

    /// How many were begun so far, for [`Erasing::forget`].
    pub fn begun(&self) -> u64 {
        lock(&self.state).begun
    }

    /// Removes the list, if nothing was begun since `begun` and none is at work: such a one may have
    /// left traces that the caller did not see.
    pub fn forget(&self, begun: u64) -> Result<bool, StoreError> {
        let state = lock(&self.state);
        if state.begun != begun || state.in_flight > 0 {
            return Ok(false);
        }
        files::remove(&self.path)?;
        self.path.parent().map_or(Ok(()), files::sync_folder)?;
        Ok(true)
    }
}
