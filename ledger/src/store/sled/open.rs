//! Opening: what is on the disk is held against itself before a single record is served.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use super::apply::Shared;
use super::engine::{self, Engine, Fault};
use super::erasing::Erasing;
use super::head_file::HeadFile;
use super::journal::{Journal, parse};
use super::notice::Notice;
use super::pack::Applied;
use super::replay::{catch_up, rebuild};
use super::scan::{self, Damage, Scan, segment_path};
use super::{files, snapshots};
use crate::store::StoreError;

/// Where the journal lives in a ledger's folder.
pub(super) fn journal_folder(ledger: &Path) -> PathBuf {
    ledger.join("journal")
}

/// Where snapshots live in a ledger's folder.
pub(super) fn snapshot_folder(ledger: &Path) -> PathBuf {
    ledger.join("snapshots")
}

/// The mark of a clean close: [`Applied`] as of then. The journal never falls short of it.
pub(super) fn clean_path(ledger: &Path) -> PathBuf {
    ledger.join("CLEAN")
}

/// Takes the folder's lock, held until the file is closed.
pub(super) fn take_lock(folder: &Path) -> Result<File, StoreError> {
    let path = folder.join("LOCK");
    let file = File::options()
        .write(true)
        .create(true)
        .truncate(false)
        .open(&path)
        .map_err(files::failed(&path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::Locked {
            path: folder.to_owned(),
        }),
        Err(TryLockError::Error(source)) => Err(files::failed(&path)(source)),
    }
}

/// Opens or creates a ledger's folder, whose lock the caller holds.
pub(super) fn open(folder: &Path) -> Result<(Shared, Vec<Notice>), StoreError> {
    let mut notices = Vec::new();
    let journal_folder = journal_folder(folder);
    files::create_folder(&journal_folder)?;
    let erasing = Erasing::new(folder);
    let begun = erasing.load()?;
    let (head_file, unreadable) = HeadFile::open(folder)?;
    if unreadable {
        notices.push(Notice::CheckpointUnreadable {
            path: folder.join("HEAD"),
        });
    }
    let clean = files::read(&clean_path(folder))?.and_then(|bytes| Applied::parse(&bytes));

    let sled_folder = engine::folder(folder);
    let (scan, engine) = rayon::join(
        || scan::scan(&journal_folder, &begun),
        || match sled_folder.exists() {
            true => Some(Engine::open(&sled_folder)),
            false => None,
        },
    );
    let mut scan = scan?;
    let engine = engine.map(|engine| {
        let engine = engine?;
        let applied = engine.applied()?;
        Ok::<_, Fault>((engine, applied))
    });
    let applied = match &engine {
        Some(Ok((_, applied))) => *applied,
        _ => None,
    };
    let floor = Floor {
        signed: head_file.last().map(|signed| signed.head.size),
        applied: applied.map(|applied| applied.end.head.size),
        closed: clean.map(|clean| clean.end.head.size),
    };
    if let Some(damage) = scan.damage.take() {
        notices.push(cut(&damage, &floor, &scan)?);
    }
    floor.check(&journal_folder, &scan)?;
    if scan.end.head.size > 0 && clean.is_none_or(|clean| clean.end.chain != scan.end.chain) {
        notices.push(Notice::NotClosed);
    }
    let journal = Journal::open(&journal_folder, scan)?;
    check_signed(&journal, &head_file, &journal_folder)?;

    if !begun.is_empty() {
        for (position, digest) in &begun {
            if *position < journal.end().head.size {
                journal.zero(*position, digest)?;
                snapshots::forget(&snapshot_folder(folder), *position)?;
            }
        }
        remove_old_copies(folder)?;
    }
    let engine = if begun.is_empty() {
        settle(folder, &journal, engine, &mut notices)?
    } else {
        if let Some(Ok((engine, _))) = engine {
            engine.let_go();
        }
        files::remove(&sled_folder)?;
        let engine = rebuild(folder, &journal)?;
        erasing.forget(0)?;
        let count = begun.len();
        notices.push(Notice::ErasureFinished { count });
        engine
    };
    files::remove(&clean_path(folder))?;
    let shared = Shared::new(folder.to_owned(), journal, head_file, erasing, engine);
    Ok((shared, notices))
}

/// What the journal must not fall short of, by who says so.
struct Floor {
    signed: Option<u64>,
    applied: Option<u64>,
    closed: Option<u64>,
}

impl Floor {
    fn size(&self) -> u64 {
        let sizes = [self.signed, self.applied, self.closed];
        sizes.into_iter().flatten().max().unwrap_or(0)
    }

    fn check(&self, folder: &Path, scan: &Scan) -> Result<(), StoreError> {
        let size = scan.end.head.size;
        if size >= self.size() {
            return Ok(());
        }
        let file = scan.end.segment.map(|first| segment_path(folder, first));
        let what = match self {
            Self {
                signed: Some(signed),
                ..
            } if size < *signed => "what was signed",
            _ => "what was acknowledged",
        };
        let message = format!(
            "the history is shorter than {what}: {size} of {} records; a scrub may restore it",
            self.size()
        );
        Err(files::corrupt(
            file.as_deref().unwrap_or(folder),
            scan.end.offset,
            message,
        ))
    }
}

/// Cuts the end of the journal off, where that can only be a write nobody was told about.
fn cut(damage: &Damage, floor: &Floor, scan: &Scan) -> Result<Notice, StoreError> {
    if !damage.at_the_tail {
        return Err(damage.refuse("; a scrub may mend it"));
    }
    if scan.end.head.size < floor.size() {
        let advice = format!(
            ", and {} records were acknowledged where {} are left; a scrub may mend it",
            floor.size(),
            scan.end.head.size
        );
        return Err(damage.refuse(&advice));
    }
    let file = files::open_rw(&damage.file)?;
    file.set_len(scan.end.offset)
        .and_then(|()| file.sync_all())
        .map_err(files::failed(&damage.file))?;
    Ok(Notice::TailCut {
        segment: damage.file.clone(),
        offset: scan.end.offset,
        bytes: damage.bytes,
    })
}

/// Refuses a journal whose root at the signed size is another than the signed one.
fn check_signed(journal: &Journal, head: &HeadFile, folder: &Path) -> Result<(), StoreError> {
    let Some(signed) = head.last().filter(|signed| signed.head.size > 0) else {
        return Ok(());
    };
    let (bytes, place) = journal.frame(signed.head.size - 1)?;
    let path = segment_path(folder, place.segment);
    let frame = parse(&bytes, &path, place.offset)?;
    // A checkpoint over the inside of a batch has no root to compare with here.
    let differs = frame.header.end() == signed.head.size && frame.header.root != signed.head.root;
    if differs {
        let message = format!(
            "the history differs from what was signed at {}",
            signed.head.size
        );
        return Err(files::corrupt(&path, place.offset, message));
    }
    Ok(())
}

/// Brings sled up to the journal, or makes it anew.
fn settle(
    folder: &Path,
    journal: &Journal,
    engine: Option<Result<(Engine, Option<Applied>), Fault>>,
    notices: &mut Vec<Notice>,
) -> Result<Engine, StoreError> {
    let size = journal.end().head.size;
    let (reason, engine) = match engine {
        None if size == 0 => return rebuild(folder, journal),
        None => ("its folder is missing".to_owned(), None),
        Some(Err(fault)) => (fault.0, None),
        Some(Ok((engine, applied))) => {
            match catch_up(journal, &engine, applied) {
                Ok(0) => return Ok(engine),
                Ok(replayed) => {
                    notices.push(Notice::Replayed {
                        from: size - replayed,
                        to: size,
                    });
                    return Ok(engine);
                }
                // The journal is damaged after all: no fault of sled's.
                Err(error @ (StoreError::Corrupt { .. } | StoreError::Io { .. })) => {
                    return Err(error);
                }
                Err(StoreError::ReadOnly { reason }) => (reason, Some(engine)),
                Err(error) => (error.to_string(), Some(engine)),
            }
        }
    };
    if let Some(engine) = engine {
        engine.let_go();
    }
    let aside = set_aside(folder)?;
    let engine = rebuild(folder, journal)?;
    notices.push(Notice::SledRebuilt {
        reason,
        aside,
        records: size,
    });
    Ok(engine)
}

/// Moves sled's folder out of the way, and removes what was moved there before.
pub(super) fn set_aside(folder: &Path) -> Result<Option<PathBuf>, StoreError> {
    let sled = engine::folder(folder);
    if !sled.exists() {
        return Ok(None);
    }
    let number = |name: &String| name.strip_prefix("sled.damaged-")?.parse::<u64>().ok();
    let newest = files::names(folder)?.iter().filter_map(number).max();
    remove_old_copies(folder)?;
    let aside = folder.join(format!("sled.damaged-{}", newest.unwrap_or(0) + 1));
    fs::rename(&sled, &aside).map_err(files::failed(&sled))?;
    files::sync_folder(folder)?;
    Ok(Some(aside))
}

/// Removes sled folders that were set aside: they may hold erased content.
pub(super) fn remove_old_copies(folder: &Path) -> Result<(), StoreError> {
    for name in files::names(folder)? {
        if name.starts_with("sled.damaged-") {
            files::remove(&folder.join(name))?;
        }
    }
    Ok(())
}
