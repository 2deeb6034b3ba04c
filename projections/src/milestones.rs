//! Milestones: every date they ever had, and whether they are met.

use std::sync::Arc;

use jiff::civil::Date;
use minutebook_events::catalogue::{
    MilestoneCompleted, MilestoneSet, MilestoneWithdrawn, Standing,
};
use minutebook_events::period::{Change, compare};
use minutebook_events::{Payload, Period, SubjectId};
use serde::{Deserialize, Serialize};

use crate::stack::Stack;
use crate::stated::{At, Stated};
use crate::table::Table;
use crate::{Id, Noted, When};

/// What happened to a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verb {
    /// It moved later.
    Slipped,
    /// It moved earlier.
    BroughtForward,
    /// It was said more or less exactly, or for the first time.
    Restated,
    /// It was set anew when the milestone was reopened.
    Reopened,
}

/// A later date of a milestone. Why it changed stands in its entry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DateChange {
    /// The entry that changed it.
    pub at: At,
    /// What happened.
    pub verb: Verb,
    /// The date until then.
    pub from: Option<When>,
    /// The new date.
    pub to: When,
    /// Reported, or agreed by the owning body; absent for a reopening.
    pub standing: Option<Standing>,
    /// The decision that agreed it.
    pub agreed_by: Option<Id>,
}

/// How a milestone stands. Whether it is late depends on the day that is asked about, and is no
/// state.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Neither met nor given up.
    #[default]
    Open,
    /// Met.
    Completed {
        /// What was said of it.
        said: Stated<MilestoneCompleted>,
        /// When it was met in the world, where that is known.
        on: Option<When>,
    },
    /// Given up.
    Withdrawn(Stated<MilestoneWithdrawn>),
}

/// A milestone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Milestone {
    /// What was set.
    pub set: Stated<MilestoneSet>,
    /// Every later date, with what happened.
    pub changes: Stack<DateChange>,
    /// How it stands.
    pub state: State,
    /// The entries that reopened it.
    pub reopened: Stack<At>,
}

impl Milestone {
    /// The milestone in short own words.
    pub fn title(&self) -> &str {
        &self.set.title
    }

    /// Its first date; absent where none was given. It is never lost.
    pub fn first(&self) -> Option<&Period> {
        self.set.due.as_ref()
    }

    /// The newest date change.
    pub fn last_change(&self) -> Option<&DateChange> {
        self.changes.newest()
    }

    /// The date now forecast: the newest one that was reported or agreed.
    pub fn due(&self) -> Option<&Period> {
        self.last_change()
            .map(|change| &*change.to)
            .or(self.first())
    }

    /// The date that slips are counted from: the newest agreed one, or else the first.
    pub fn baseline(&self) -> Option<&Period> {
        let agreed = |change: &&DateChange| change.standing == Some(Standing::Agreed);
        self.changes
            .iter()
            .find(agreed)
            .map(|change| &*change.to)
            .or(self.first())
    }

    /// How far it has moved in all, from its first date to the one now forecast.
    pub fn moved(&self) -> Option<Change> {
        Some(compare(self.first()?, self.due()?))
    }

    /// Whether it is open after the last day on which it was due.
    pub fn is_overdue(&self, on: Date) -> bool {
        self.state == State::Open && self.due().is_some_and(|due| crate::is_past(due, on))
    }
}

/// A change of date as its entry says it.
pub(crate) struct Said<'a> {
    pub verb: Verb,
    pub from: &'a Period,
    pub to: &'a Period,
    pub standing: Standing,
    pub agreed_by: Option<&'a SubjectId>,
}

impl<'a> Said<'a> {
    /// The change that an event says, where it says one.
    pub fn of(payload: &'a Payload) -> Option<Self> {
        let (verb, from, to, standing, agreed_by) = match payload {
            Payload::MilestoneSlipped(f) => {
                (Verb::Slipped, &f.from, &f.to, f.standing, &f.agreed_by)
            }
            Payload::MilestoneBroughtForward(f) => (
                Verb::BroughtForward,
                &f.from,
                &f.to,
                f.standing,
                &f.agreed_by,
            ),
            Payload::MilestoneDateRestated(f) => {
                (Verb::Restated, &f.from, &f.to, f.standing, &f.agreed_by)
            }
            _ => return None,
        };
        Some(Self {
            verb,
            from,
            to,
            standing,
            agreed_by: agreed_by.as_ref(),
        })
    }
}

pub(crate) fn fold(milestones: &mut Table<Milestone>, noted: &Noted<'_>, payload: &Payload) {
    if let Some(said) = Said::of(payload) {
        return move_date(milestones, noted, &said);
    }
    match payload {
        Payload::MilestoneSet(fields) => {
            let set = noted.stated(fields);
            milestones.begin(noted, || Milestone {
                set: set.clone(),
                changes: Stack::new(),
                state: State::Open,
                reopened: Stack::new(),
            });
        }
        Payload::MilestoneCompleted(fields) => {
            let said = noted.stated(fields);
            let on = noted.effective();
            milestones.change(noted, |milestone| {
                milestone.state = State::Completed {
                    said: said.clone(),
                    on: on.clone(),
                };
            });
        }
        Payload::MilestoneReopened(fields) => {
            let to = fields.due.clone().map(Arc::new);
            let agreed_by = fields.decision.clone().map(Arc::new);
            milestones.change(noted, |milestone| {
                milestone.state = State::Open;
                milestone.reopened.push(noted.at());
                if let Some(to) = &to {
                    milestone.changes.push(DateChange {
                        at: noted.at(),
                        verb: Verb::Reopened,
                        from: milestone.due().cloned().map(Arc::new),
                        to: to.clone(),
                        standing: None,
                        agreed_by: agreed_by.clone(),
                    });
                }
            });
        }
        Payload::MilestoneWithdrawn(fields) => {
            let withdrawn = noted.stated(fields);
            milestones.change(noted, |milestone| {
                milestone.state = State::Withdrawn(withdrawn.clone());
            });
        }
        _ => {}
    }
}

fn move_date(milestones: &mut Table<Milestone>, noted: &Noted<'_>, said: &Said<'_>) {
    let change = DateChange {
        at: noted.at(),
        verb: said.verb,
        from: Some(Arc::new(said.from.clone())),
        to: Arc::new(said.to.clone()),
        standing: Some(said.standing),
        agreed_by: said.agreed_by.cloned().map(Arc::new),
    };
    milestones.change(noted, |milestone| milestone.changes.push(change.clone()));
}
