//! Milestones: every date they ever had, and whether they are met.

use minutebook_events::catalogue::Standing;
use minutebook_events::{Payload, Period, SubjectId};
use serde::{Deserialize, Serialize};

use crate::Noted;
use crate::stack::Stack;
use crate::table::Table;

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

/// A later date of a milestone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DateChange {
    /// The entry that changed it.
    pub position: u64,
    /// What happened.
    pub verb: Verb,
    /// The date until then.
    pub from: Option<Period>,
    /// The new date.
    pub to: Period,
    /// Why.
    pub reason: Option<String>,
    /// Reported, or agreed by the owning body; absent for a reopening.
    pub standing: Option<Standing>,
    /// The decision that agreed it.
    pub agreed_by: Option<SubjectId>,
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
        /// The entry that says so.
        position: u64,
        /// When it was met in the world, where that is known.
        on: Option<Period>,
    },
    /// Given up.
    Withdrawn {
        /// The entry that says so.
        position: u64,
        /// What takes its place.
        replaced_by: Option<SubjectId>,
    },
}

/// A milestone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Milestone {
    /// The milestone in short own words.
    pub title: String,
    /// The entry that set it.
    pub set_at: u64,
    /// Its first date; absent where none was given. It is never lost.
    pub first: Option<Period>,
    /// Every later date, with what happened.
    pub changes: Stack<DateChange>,
    /// How it stands.
    pub state: State,
    /// The entries that reopened it.
    pub reopened: Vec<u64>,
}

impl Milestone {
    /// The newest date change.
    pub fn last_change(&self) -> Option<&DateChange> {
        self.changes.newest()
    }

    /// The date now forecast: the newest one that was reported or agreed.
    pub fn due(&self) -> Option<&Period> {
        self.last_change()
            .map(|change| &change.to)
            .or(self.first.as_ref())
    }

    /// The date that slips are counted from: the newest agreed one, or else the first.
    pub fn baseline(&self) -> Option<&Period> {
        let agreed = |change: &&DateChange| change.standing == Some(Standing::Agreed);
        self.changes
            .iter()
            .find(agreed)
            .map(|change| &change.to)
            .or(self.first.as_ref())
    }
}

pub(crate) fn fold(milestones: &mut Table<Milestone>, noted: &Noted<'_>, payload: &Payload) {
    let position = noted.position;
    let mut dated = |verb, from: &Period, to: &Period, standing, agreed_by: &Option<SubjectId>| {
        milestones.change(noted, |milestone| {
            milestone.changes.push(DateChange {
                position,
                verb,
                from: Some(from.clone()),
                to: to.clone(),
                reason: noted.common.reason.clone(),
                standing: Some(standing),
                agreed_by: agreed_by.clone(),
            });
        });
    };
    match payload {
        Payload::MilestoneSet(fields) => milestones.begin(noted, || Milestone {
            title: fields.title.clone(),
            set_at: position,
            first: fields.due.clone(),
            changes: Stack::new(),
            state: State::Open,
            reopened: Vec::new(),
        }),
        Payload::MilestoneSlipped(f) => {
            dated(Verb::Slipped, &f.from, &f.to, f.standing, &f.agreed_by);
        }
        Payload::MilestoneBroughtForward(f) => {
            dated(
                Verb::BroughtForward,
                &f.from,
                &f.to,
                f.standing,
                &f.agreed_by,
            );
        }
        Payload::MilestoneDateRestated(f) => {
            dated(Verb::Restated, &f.from, &f.to, f.standing, &f.agreed_by);
        }
        Payload::MilestoneCompleted(_) => milestones.change(noted, |milestone| {
            let on = noted.common.effective.clone();
            milestone.state = State::Completed { position, on };
        }),
        Payload::MilestoneReopened(fields) => milestones.change(noted, |milestone| {
            milestone.state = State::Open;
            milestone.reopened.push(position);
            if let Some(to) = &fields.due {
                milestone.changes.push(DateChange {
                    position,
                    verb: Verb::Reopened,
                    from: milestone.due().cloned(),
                    to: to.clone(),
                    reason: noted.common.reason.clone(),
                    standing: None,
                    agreed_by: fields.decision.clone(),
                });
            }
        }),
        Payload::MilestoneWithdrawn(fields) => milestones.change(noted, |milestone| {
            let replaced_by = fields.replaced_by.clone();
            milestone.state = State::Withdrawn {
                position,
                replaced_by,
            };
        }),
        _ => {}
    }
}
