//! What changed since the last meeting: the question that a committee asks.
//!
//! Two moments of the record are compared by looking only at the entries that lie between, each with
//! what it changed before and after. On the *recorded* clock the moments are positions: what became
//! known between them. On the *effective* clock they are days: what became true between them, as
//! known now, which is the right question for history that was imported in one go.
//!
//! What fell overdue by the passing of time has no entry at all, and is found from the dates. The
//! answer is one value: page, print, Markdown, CSV and JSON are made from it, and the same question
//! put to the same record always gives the same value.

use minutebook_events::{Confidentiality, Period, PersonId, Role, SubjectId};
use schemars::JsonSchema;
use serde::Serialize;

mod group;
mod item;
mod open;
mod point;
mod tell;

pub use group::Group;
pub use point::{Point, PointError, Since, last_meeting};

use crate::effective::Effective;
use crate::{AsOf, Views};

/// Which clock is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Clock {
    /// What became known.
    #[default]
    Recorded,
    /// What became true.
    Effective,
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Question {
    /// The body whose changes are asked for, with the bodies below it; absent for the whole ledger.
    pub body: Option<SubjectId>,
    /// From where.
    pub since: Point,
    /// To where.
    pub until: Point,
    /// On which clock.
    pub by: Clock,
    /// The most confidential sort of entry that the reader may read.
    pub reader: Confidentiality,
}

/// The entry behind a change.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Behind {
    /// Its index.
    pub entry: u64,
    /// When it was recorded, in seconds since 1970.
    pub recorded_at: i64,
    /// Who signed it.
    pub signer: PersonId,
    /// In which role.
    pub role: Role,
    /// For which body or organisation.
    #[serde(rename = "for")]
    pub of: Option<SubjectId>,
    /// The meeting that it was made in.
    pub meeting: Option<SubjectId>,
    /// The minute's number.
    pub minute: Option<String>,
    /// When it was true in the world, as written.
    pub effective: Option<Period>,
    /// True for imported history, which counts as no signature.
    pub imported: bool,
    /// What is a reading and not stated, such as `link`.
    pub inferred: Vec<String>,
    /// True where it was true before `since` and became known only after it.
    pub late: bool,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Item {
    /// What changed.
    pub subject: SubjectId,
    /// What it is called.
    pub title: String,
    /// The body that it belongs to.
    pub body: Option<SubjectId>,
    /// What was, in words.
    pub before: Option<String>,
    /// What is, in words.
    pub after: Option<String>,
    /// How far it moved with this change, such as `slipped one year`.
    pub moved: Option<String>,
    /// How far it has moved in all, where that is more than this change.
    pub in_all: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// What else there is to say, such as `agreed by decision/d-4`.
    pub notes: Vec<String>,
    /// Whose signature is missing.
    pub missing: Vec<SubjectId>,
    /// The entry; absent for what came about by the passing of time.
    #[serde(flatten)]
    pub behind: Option<Behind>,
}

/// The changes of one sort, in order of record.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Changed {
    /// What sort.
    pub group: Group,
    /// The changes.
    pub items: Vec<Item>,
}

/// What changed.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Changes {
    /// What was asked.
    pub question: Question,
    /// What changed, in the order in which a board reads; a group without changes is left out.
    pub groups: Vec<Changed>,
    /// What the documents leave undated: it may lie before or between. Only on the effective clock.
    pub undated: Vec<Changed>,
    /// How many entries between the two moments this reader may not read. On the recorded clock
    /// alone, and of the whole ledger: what they are about is not told.
    pub private_entries: u64,
}

impl Changes {
    /// The changes of one sort.
    pub fn of(&self, group: Group) -> &[Item] {
        let found = self.groups.iter().find(|changed| changed.group == group);
        found.map_or(&[], |changed| &changed.items)
    }

    /// Whether nothing changed, dated or not.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty() && self.undated.is_empty()
    }

    /// What became known between two points of the record.
    pub fn recorded(views: &Views, question: Question) -> Self {
        let (since, until) = (question.since.ticks, question.until.ticks);
        let between = Between {
            now: views.as_of(until, question.reader),
            then: views.as_of(since, question.reader),
            question: &question,
        };
        let groups = group::sorted(between.changes(since..until), between.standing());
        let private_entries = between.now.private(since..until);
        Self {
            groups,
            undated: Vec::new(),
            private_entries,
            question,
        }
    }

    /// What became true between two days, as known now.
    pub fn effective(effective: &Effective, question: Question) -> Self {
        let (since, until) = (question.since.ticks, question.until.ticks);
        let views = &effective.views;
        let between = Between {
            now: views.as_of(until, question.reader),
            then: views.as_of(since, question.reader),
            question: &question,
        };
        let groups = group::sorted(between.changes(since..until), between.standing());
        let undated = group::sorted(between.changes(0..effective.undated()), Vec::new());
        Self {
            groups,
            undated,
            private_entries: 0,
            question,
        }
    }
}

/// A change with its sort.
type Sorted = (Group, Item);

/// The record at the two moments.
struct Between<'a> {
    then: AsOf<'a>,
    now: AsOf<'a>,
    question: &'a Question,
}

impl Between<'_> {
    /// Every change that an entry made, in order of the fold.
    fn changes(&self, ticks: std::ops::Range<u64>) -> Vec<Sorted> {
        let mut found = Vec::new();
        match &self.question.body {
            None => {
                for (tick, entry, said) in self.now.entries(ticks) {
                    tell::tell(self, tick, entry, said, &mut found);
                }
            }
            Some(body) => {
                let mut concerned: Vec<u64> = Vec::new();
                let bodies = self.now.body_and_below(body);
                for body in &bodies {
                    let belonging = &self.now.views.belonging;
                    concerned.extend(belonging.entries_of(body, ticks.clone()));
                }
                let holds = self.now.all(&self.now.views.holds);
                let holds = holds.filter(|(_, hold)| {
                    let is_one = |body: &SubjectId| bodies.contains(&body);
                    hold.concerns(self.now, is_one)
                });
                // A hold covers what it names, of whichever body: it belongs to none itself.
                let at = holds.flat_map(|(_, hold)| {
                    let lifted = hold.lifted.as_ref().map(|lifted| lifted.at.tick);
                    std::iter::once(hold.placed.at.tick).chain(lifted)
                });
                concerned.extend(at.filter(|tick| ticks.contains(tick)));
                concerned.sort_unstable();
                concerned.dedup();
                for tick in concerned {
                    for (tick, entry, said) in self.now.entries(tick..tick.saturating_add(1)) {
                        tell::tell(self, tick, entry, said, &mut found);
                    }
                }
            }
        }
        found
    }

    /// What stands open at the later moment, whether or not an entry between says anything of it.
    fn standing(&self) -> Vec<Sorted> {
        open::standing(self)
    }
}
