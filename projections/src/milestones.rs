//! Milestones: every date they ever had, and whether they are met.

use std::sync::Arc;

use imbl::{OrdMap, Vector};
use minutebook_events::catalogue::Standing;
use minutebook_events::{Payload, Period, SubjectId};
use serde::{Deserialize, Serialize};

use crate::{Id, Noted};

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
    /// Every later date, oldest first.
    changes: Vector<Arc<DateChange>>,
    /// How it stands.
    pub state: State,
    /// The entries that reopened it.
    pub reopened: Vec<u64>,
}

impl Milestone {
    /// Every later date, oldest first.
    pub fn changes(&self) -> impl DoubleEndedIterator<Item = &DateChange> + ExactSizeIterator {
        self.changes.iter().map(Arc::as_ref)
    }

    /// The newest date change.
    pub fn last_change(&self) -> Option<&DateChange> {
        self.changes.last().map(Arc::as_ref)
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
        self.changes()
            .rev()
            .find(agreed)
            .map(|change| &change.to)
            .or(self.first.as_ref())
    }
}

/// Every milestone.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Milestones {
    map: OrdMap<Id, Arc<Milestone>>,
}

impl Milestones {
    /// A milestone.
    pub fn get(&self, id: &SubjectId) -> Option<&Milestone> {
        self.map.get(id).map(Arc::as_ref)
    }

    /// Every milestone, in order of their ids. For the order of the plan see
    /// [`Plan::walk`](crate::plan::Plan::walk).
    pub fn iter(&self) -> impl Iterator<Item = (&SubjectId, &Milestone)> {
        self.map
            .iter()
            .map(|(id, milestone)| (id.as_ref(), milestone.as_ref()))
    }

    /// How many there are, met and withdrawn ones too.
    pub fn len(&self) -> usize {
        self.map.len()
    }

    /// True where there is none.
    pub fn is_empty(&self) -> bool {
        self.map.is_empty()
    }

    pub(crate) fn fold(&mut self, noted: &Noted<'_>, payload: &Payload) {
        let reason = || noted.common.reason.clone();
        let dated = |verb, to: &Period, standing, agreed_by: &Option<SubjectId>| DateChange {
            position: noted.position,
            verb,
            from: None,
            to: to.clone(),
            reason: reason(),
            standing: Some(standing),
            agreed_by: agreed_by.clone(),
        };
        match payload {
            Payload::MilestoneSet(fields) if !self.map.contains_key(noted.id) => {
                let milestone = Milestone {
                    title: fields.title.clone(),
                    set_at: noted.position,
                    first: fields.due.clone(),
                    changes: Vector::new(),
                    state: State::Open,
                    reopened: Vec::new(),
                };
                self.map.insert(noted.id.clone(), Arc::new(milestone));
            }
            Payload::MilestoneSlipped(f) => {
                let change = dated(Verb::Slipped, &f.to, f.standing, &f.agreed_by);
                self.change_date(
                    noted.id,
                    DateChange {
                        from: Some(f.from.clone()),
                        ..change
                    },
                );
            }
            Payload::MilestoneBroughtForward(f) => {
                let change = dated(Verb::BroughtForward, &f.to, f.standing, &f.agreed_by);
                self.change_date(
                    noted.id,
                    DateChange {
                        from: Some(f.from.clone()),
                        ..change
                    },
                );
            }
            Payload::MilestoneDateRestated(f) => {
                let change = dated(Verb::Restated, &f.to, f.standing, &f.agreed_by);
                self.change_date(
                    noted.id,
                    DateChange {
                        from: Some(f.from.clone()),
                        ..change
                    },
                );
            }
            Payload::MilestoneCompleted(_) => self.update(noted.id, |milestone| {
                let on = noted.common.effective.clone();
                milestone.state = State::Completed {
                    position: noted.position,
                    on,
                };
            }),
            Payload::MilestoneReopened(fields) => self.update(noted.id, |milestone| {
                milestone.state = State::Open;
                milestone.reopened.push(noted.position);
                if let Some(to) = &fields.due {
                    let change = DateChange {
                        position: noted.position,
                        verb: Verb::Reopened,
                        from: milestone.due().cloned(),
                        to: to.clone(),
                        reason: reason(),
                        standing: None,
                        agreed_by: fields.decision.clone(),
                    };
                    milestone.changes.push_back(Arc::new(change));
                }
            }),
            Payload::MilestoneWithdrawn(fields) => self.update(noted.id, |milestone| {
                let replaced_by = fields.replaced_by.clone();
                milestone.state = State::Withdrawn {
                    position: noted.position,
                    replaced_by,
                };
            }),
            _ => {}
        }
    }

    fn change_date(&mut self, id: &Id, change: DateChange) {
        self.update(id, |milestone| {
            milestone.changes.push_back(Arc::new(change))
        });
    }

    fn update(&mut self, id: &Id, change: impl FnOnce(&mut Milestone)) {
        if let Some(milestone) = self.map.get_mut(id) {
            change(Arc::make_mut(milestone));
        }
    }
}
