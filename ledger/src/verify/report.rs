//! What an audit found.

use std::fmt;

use crate::chain::ChainError;
use crate::hash::EMPTY_ROOT;
use crate::state::JudgementError;
use crate::tree::TreeHead;

/// Findings beyond this many are counted and not kept: one cut in the middle of a log can put every
/// later entry out of place.
const MAX_FINDINGS: usize = 1000;

/// Which promise a finding breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Check {
    /// The checkpoint is signed by the log's key.
    Checkpoint,
    /// As many entries as the checkpoint covers.
    Size,
    /// The entry is a statement of this ledger, to the byte.
    Entry,
    /// The entry is signed with its officer's key.
    Signature,
    /// A disclosure is what its statement commits to, and an event of the catalogue.
    Disclosure,
    /// The entries give the signed root.
    Tree,
    /// The tiles are those of the entries.
    Tile,
    /// The genesis is the one that the trusted key belongs to.
    Genesis,
    /// Time does not run back.
    Time,
    /// Nothing is recorded twice.
    Repeat,
    /// Each signer saw this history.
    Seen,
    /// Each signer had the authority, and the rules were kept.
    Authority,
    /// The copy is complete and holds nothing else.
    Manifest,
    /// The copy's two stored forms agree.
    Storage,
}

impl Check {
    /// The check's stable name.
    pub fn name(self) -> &'static str {
        match self {
            Check::Checkpoint => "checkpoint",
            Check::Size => "size",
            Check::Entry => "entry",
            Check::Signature => "signature",
            Check::Disclosure => "disclosure",
            Check::Tree => "tree",
            Check::Tile => "tile",
            Check::Genesis => "genesis",
            Check::Time => "time",
            Check::Repeat => "repeat",
            Check::Seen => "seen",
            Check::Authority => "authority",
            Check::Manifest => "manifest",
            Check::Storage => "storage",
        }
    }

    pub(super) fn of_chain(error: &ChainError) -> Self {
        match error {
            ChainError::BackDated { .. } => Check::Time,
            ChainError::RepeatedId { .. } | ChainError::RepeatedDigest { .. } => Check::Repeat,
            ChainError::SeenAhead { .. } | ChainError::SeenElsewhere { .. } => Check::Seen,
        }
    }

    pub(super) fn of(error: &JudgementError) -> Self {
        match error {
            JudgementError::Chain(error) => Self::of_chain(error),
            JudgementError::Signature(_) => Check::Signature,
            JudgementError::Refused(_) => Check::Authority,
        }
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Something that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The entry it was found at, where it is at one.
    pub entry: Option<u64>,
    /// The promise it breaks.
    pub check: Check,
    /// What is wrong, in plain words.
    pub message: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.entry {
            Some(entry) => write!(f, "entry {entry}: {}: {}", self.check, self.message),
            None => write!(f, "{}: {}", self.check, self.message),
        }
    }
}

/// How much was checked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Entries read.
    pub entries: u64,
    /// Entries whose event was judged by the rules and may stand.
    pub judged: u64,
    /// Different signing keys.
    pub signers: u64,
    /// Disclosures whose content is here.
    pub disclosed: u64,
    /// Disclosures whose content this copy does not hold.
    pub withheld: u64,
    /// Disclosures whose content was erased.
    pub erased: u64,
}

/// The result of an audit.
#[derive(Debug, Clone)]
pub struct Report {
    /// The ledger's origin.
    pub origin: String,
    /// The tree over the entries that were read.
    pub head: TreeHead,
    /// When the newest entry was recorded, in seconds since 1970.
    pub recorded_at: i64,
    /// How much was checked.
    pub counts: Counts,
    /// What is wrong; empty where everything checks out.
    pub findings: Vec<Finding>,
    /// Entries that the rules would refuse by what this copy holds, where something before them is
    /// withheld or erased that could be what allows them: no finding, and no proof either. A copy
    /// that holds more can settle it.
    pub open: Vec<Finding>,
    /// How many more findings there were than are listed.
    pub more: u64,
}

impl Report {
    pub(super) fn new(origin: &str) -> Self {
        Self {
            origin: origin.into(),
            head: TreeHead {
                size: 0,
                root: EMPTY_ROOT,
            },
            recorded_at: 0,
            counts: Counts::default(),
            findings: Vec::new(),
            open: Vec::new(),
            more: 0,
        }
    }

    /// Whether everything checked out.
    pub fn is_good(&self) -> bool {
        self.findings.is_empty()
    }

    /// Adds an entry that cannot be judged from this copy.
    pub(super) fn leave_open(&mut self, entry: u64, message: String) {
        if self.open.len() < MAX_FINDINGS {
            self.open.push(Finding {
                entry: Some(entry),
                check: Check::Authority,
                message,
            });
        }
    }

    /// Adds a finding, and gives nothing in place of what was looked for.
    pub fn find<T>(&mut self, entry: Option<u64>, check: Check, message: String) -> Option<T> {
        if self.findings.len() < MAX_FINDINGS {
            self.findings.push(Finding {
                entry,
                check,
                message,
            });
        } else {
            self.more += 1;
        }
        None
    }
}
