//! The action log: who does what by when, every due date, and how it ended.

use jiff::civil::Date;
use minutebook_events::catalogue::{
    ActionAssigned, ActionClosed, ActionCompleted, ActionDueChanged, ActionProgressReported,
};
use minutebook_events::{Payload, Period};
use serde::{Deserialize, Serialize};

use crate::Noted;
use crate::stack::Stack;
use crate::stated::Stated;
use crate::table::Table;

/// An action.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Action {
    /// What was asked for.
    pub assigned: Stated<ActionAssigned>,
    /// Every later due date.
    pub moved: Stack<Stated<ActionDueChanged>>,
    /// The newest report on it.
    pub progress: Option<Stated<ActionProgressReported>>,
    /// That its owner has done it.
    pub completed: Option<Stated<ActionCompleted>>,
    /// That the body needs no more of it.
    pub closed: Option<Stated<ActionClosed>>,
}

/// How an action stands. Whether it is overdue depends on the day that is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ActionState {
    /// To be done.
    Open,
    /// Done, says its owner; the body has not closed it.
    Completed,
    /// Closed by the body.
    Closed,
}

impl ActionState {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Completed => "completed",
            Self::Closed => "closed",
        }
    }
}

impl Action {
    /// When it is due now.
    pub fn due(&self) -> Option<&Period> {
        let moved = self.moved.newest().map(|moved| &moved.to);
        moved.or(self.assigned.due.as_ref())
    }

    /// How it stands.
    pub fn state(&self) -> ActionState {
        match (&self.closed, &self.completed) {
            (Some(_), _) => ActionState::Closed,
            (None, Some(_)) => ActionState::Completed,
            (None, None) => ActionState::Open,
        }
    }

    /// Whether it is open after the last day on which it was due.
    pub fn is_overdue(&self, on: Date) -> bool {
        self.state() == ActionState::Open && self.due().is_some_and(|due| crate::is_past(due, on))
    }
}

pub(crate) fn fold(actions: &mut Table<Action>, noted: &Noted<'_>, payload: &Payload) {
    match payload {
        Payload::ActionAssigned(fields) => {
            let assigned = noted.stated(fields);
            actions.begin(noted, || Action {
                assigned: assigned.clone(),
                moved: Stack::new(),
                progress: None,
                completed: None,
                closed: None,
            });
        }
        Payload::ActionProgressReported(fields) => {
            let progress = noted.stated(fields);
            actions.change(noted, |action| action.progress = Some(progress.clone()));
        }
        Payload::ActionDueChanged(fields) => {
            let moved = noted.stated(fields);
            actions.change(noted, |action| action.moved.push(moved.clone()));
        }
        Payload::ActionCompleted(fields) => {
            let completed = noted.stated(fields);
            actions.change(noted, |action| {
                action.completed.get_or_insert_with(|| completed.clone());
            });
        }
        Payload::ActionClosed(fields) => {
            let closed = noted.stated(fields);
            actions.change(noted, |action| {
                action.closed.get_or_insert_with(|| closed.clone());
            });
        }
        _ => {}
    }
}
