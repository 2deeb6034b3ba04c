//! How much memory a process of this machine has, while it is measured. Linux only, from `/proc`.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use serde::Serialize;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::error::LoadError;

/// How often it is looked at.
const EVERY: Duration = Duration::from_millis(100);

/// Resident memory in MiB.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Memory {
    /// When it began.
    pub idle_mib: f64,
    /// The most that was seen.
    pub highest_mib: f64,
    /// The most above the beginning.
    pub above_idle_mib: f64,
}

/// A process that is being watched.
pub struct Watch {
    idle: f64,
    end: oneshot::Sender<()>,
    highest: JoinHandle<Result<f64, LoadError>>,
}

impl Watch {
    /// Begins to watch.
    ///
    /// # Errors
    /// Where there is no such process.
    pub fn start(pid: u32) -> Result<Self, LoadError> {
        let idle = resident(pid)?;
        let (end, mut ended) = oneshot::channel();
        let highest = tokio::spawn(async move {
            let mut highest = idle;
            loop {
                let over = tokio::time::timeout(EVERY, &mut ended).await.is_ok();
                highest = f64::max(highest, resident(pid)?);
                if over {
                    return Ok(highest);
                }
            }
        });
        Ok(Self { idle, end, highest })
    }

    /// Ends watching.
    ///
    /// # Errors
    /// Where the process has gone meanwhile.
    pub async fn end(self) -> Result<Memory, LoadError> {
        // Nobody listens any more where watching failed; that failure is told next.
        self.end.send(()).ok();
        let highest = self.highest.await??;
        Ok(Memory {
            idle_mib: self.idle,
            highest_mib: highest,
            above_idle_mib: highest - self.idle,
        })
    }
}

fn resident(pid: u32) -> Result<f64, LoadError> {
    let path = PathBuf::from(format!("/proc/{pid}/status"));
    let text = fs::read_to_string(&path).map_err(LoadError::file("read", &path))?;
    parse_resident(&text).ok_or_else(|| LoadError::form("a process's status", "no VmRSS"))
}

/// `VmRSS:   123 kB`, in MiB.
fn parse_resident(status: &str) -> Option<f64> {
    let rest = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: f64 = rest.trim().strip_suffix(" kB")?.trim().parse().ok()?;
    Some(kib / 1024.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resident_memory_is_read_in_mebibytes() {
        let status = "Name:\tminutebook\nVmHWM:\t  999 kB\nVmRSS:\t  2048 kB\nThreads:\t3\n";
        assert_eq!(parse_resident(status), Some(2.0));
        assert_eq!(parse_resident("Name:\tx\n"), None);
    }
}
