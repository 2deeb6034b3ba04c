//! Holds the two copies of a ledger against each other and against the tree, and mends the one that
//! is wrong.
//!
//! A frame is right when its checksum, its chain to the frame before, and the tree root it states
//! all agree with its entries; a content is right when it has its digest. Where one copy has a right
//! frame or content and the other has not, the other is mended. Works on ledgers that do not open.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use super::engine::{self, Engine, Fault};
use super::erasing::Erasing;
use super::frame::Frame;
use super::head_file::HeadFile;
use super::journal::Journal;
use super::pack::Applied;
use super::scan::{self, Begun};
use super::{files, open, replay};
use crate::hash::Hash;
use crate::store::StoreError;
use crate::tile::TileId;

mod compare;
mod segments;

/// What a scrub found, and did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScrubReport {
    /// Records that the copies have together, up to the first that neither has.
    pub records: u64,
    /// Root of the tree over them, computed from the entries.
    pub root: Hash,
    /// Everything that is wrong, in order of position.
    pub findings: Vec<Finding>,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The copy that is wrong.
    pub copy: Copy,
    /// The file and offset, or the key.
    pub place: String,
    /// The record concerned, or the first of them.
    pub position: Option<u64>,
    /// Which check failed.
    pub check: String,
    /// Whether it has been put right.
    pub mended: bool,
}

/// One of the two copies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Copy {
    /// The segment files.
    Journal,
    /// sled's folder.
    Sled,
}

impl ScrubReport {
    /// Whether both copies are right now.
    pub fn is_sound(&self) -> bool {
        self.findings.iter().all(|finding| finding.mended)
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.copy, self.place)?;
        if let Some(position) = self.position {
            write!(f, ", record {position}")?;
        }
        let mended = if self.mended { " (mended)" } else { "" };
        write!(f, ": {}{mended}", self.check)
    }
}

impl fmt::Display for Copy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Journal => "journal",
            Self::Sled => "sled",
        })
    }
}

/// Compares both copies in a ledger's folder and, with `mend`, puts right what can be. Reads
/// everything; a record that neither copy has right stops all mending, and is left for a human.
///
/// Content that one copy holds and the other has as zeros is reported and left, unless its erasure
/// is known to be unfinished: only the ledger's own entries say whether it was to go. Erasing it
/// again removes it from both.
///
/// # Errors
/// [`StoreError::Locked`] while the ledger is open, and read and write errors.
pub fn scrub(folder: &Path, mend: bool) -> Result<ScrubReport, StoreError> {
    let _lock = open::take_lock(folder)?;
    let begun = Erasing::new(folder).load()?;
    let mut scrub = Scrub {
        folder: folder.to_owned(),
        journal: open::journal_folder(folder),
        begun,
        findings: Vec::new(),
    };
    let engine = scrub.open_engine();
    let journal = segments::JournalCopy::read(&scrub.journal)?;
    let mut outcome = compare::compare(&mut scrub, &journal, engine.as_ref())?;
    scrub.check_floor(&mut outcome)?;
    if mend && !scrub.findings.is_empty() && !outcome.lost {
        scrub.mend(journal, engine, outcome.clone())?;
    }
    Ok(ScrubReport {
        records: outcome.end.head.size,
        root: outcome.end.head.root,
        findings: scrub.findings,
    })
}

/// What the comparison wants changed.
#[derive(Clone, Debug)]
struct Outcome {
    /// What follows the last frame.
    end: scan::End,
    /// Right frames by first position, where the journal's are wrong or missing.
    to_journal: BTreeMap<u64, Vec<u8>>,
    /// Right frames by first position, where sled's are wrong or missing.
    to_sled: BTreeMap<u64, Vec<u8>>,
    /// Right tiles, where sled's are wrong or missing.
    tiles: Vec<(TileId, Vec<u8>)>,
    /// Keys that sled should not have.
    stray: Vec<Vec<u8>>,
    /// Something is in neither copy.
    lost: bool,
}

struct Scrub {
    /// The ledger's folder.
    folder: PathBuf,
    journal: PathBuf,
    begun: Begun,
    findings: Vec<Finding>,
}

impl Scrub {
    fn find(
        &mut self,
        copy: Copy,
        place: impl Into<String>,
        position: Option<u64>,
        check: impl Into<String>,
    ) {
        self.findings.push(Finding {
            copy,
            place: place.into(),
            position,
            check: check.into(),
            mended: false,
        });
    }

    fn open_engine(&mut self) -> Option<Engine> {
        let folder = engine::folder(&self.folder);
        let opened = if folder.exists() {
            Engine::open(&folder)
        } else {
            Err(Fault("the folder is missing".to_owned()))
        };
        opened
            .map_err(|fault| {
                self.find(Copy::Sled, folder.display().to_string(), None, fault.0);
            })
            .ok()
    }

    /// Finds records that both copies lost together.
    fn check_floor(&mut self, outcome: &mut Outcome) -> Result<(), StoreError> {
        let signed = HeadFile::read(&self.folder)?.map(|signed| signed.head.size);
        let closed = files::read(&open::clean_path(&self.folder))?
            .and_then(|bytes| Applied::parse(&bytes))
            .map(|clean| clean.end.head.size);
        let floor = signed.max(closed).unwrap_or(0);
        let size = outcome.end.head.size;
        if size < floor {
            let check = format!("{floor} records were signed or closed, both copies have {size}");
            let place = self.journal.display().to_string();
            self.find(Copy::Journal, place, Some(size), check);
            outcome.lost = true;
        }
        Ok(())
    }

    fn mend(
        &mut self,
        journal: segments::JournalCopy,
        engine: Option<Engine>,
        outcome: Outcome,
    ) -> Result<(), StoreError> {
        // The journal first: sled may have to be made anew from it.
        journal.rewrite(&outcome.to_journal)?;
        let scan = scan::scan(&self.journal, &self.begun)?;
        if let Some(damage) = &scan.damage {
            return Err(damage.refuse(", even after mending"));
        }
        let sled_is_wrong = self.findings.iter().any(|f| f.copy == Copy::Sled);
        if sled_is_wrong {
            let mended = match &engine {
                Some(engine) => mend_engine(engine, &outcome, scan.end),
                None => Err(Fault("not open".to_owned())),
            };
            drop(engine);
            if mended.is_err() {
                open::set_aside(&self.folder)?;
                let journal = Journal::open(&self.journal, scan)?;
                replay::rebuild(&self.folder, &journal)?;
            }
        }
        for finding in &mut self.findings {
            finding.mended = finding.check != compare::ONE_SIDED;
        }
        Ok(())
    }
}

/// Puts single values of sled right.
fn mend_engine(engine: &Engine, outcome: &Outcome, end: scan::End) -> Result<(), Fault> {
    engine.remove(&outcome.stray)?;
    for bytes in outcome.to_sled.values() {
        let frame = Frame::parse(bytes).map_err(|error| Fault(error.to_string()))?;
        engine.apply(&[frame], [], None)?;
    }
    let tiles = outcome.tiles.iter().map(|(id, bytes)| (*id, &bytes[..]));
    engine.apply(&[], tiles, Some(Applied { end }))?;
    engine.flush()
}
