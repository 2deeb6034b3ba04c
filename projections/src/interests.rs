//! Interests that people declared, standing ones and those that bear on an item of a meeting.

use minutebook_events::catalogue::{InterestDeclared, InterestHandling};
use minutebook_events::{Payload, PersonId, SubjectId};
use serde::{Deserialize, Serialize};

use crate::stated::Stated;
use crate::table::{Moment, Table};
use crate::under::Under;
use crate::{Id, Noted};

/// A declared interest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Interest {
    /// What was declared.
    pub declared: Stated<InterestDeclared>,
    /// The meeting that it was declared at.
    pub meeting: Option<Id>,
}

/// All interests.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Interests {
    /// The interests.
    pub table: Table<Interest>,
    /// Those declared at each meeting.
    pub at_meeting: Under,
}

impl Interests {
    /// Who does not count, at a meeting, for the quorum and the vote on an item.
    pub fn kept_out<'a>(
        &'a self,
        meeting: &SubjectId,
        item: &'a str,
        moment: Moment,
    ) -> impl Iterator<Item = &'a PersonId> {
        self.at_meeting
            .of(meeting)
            .filter_map(move |id| self.table.at(id, moment))
            .map(|interest| &interest.declared)
            .filter(move |declared| {
                declared.handling != InterestHandling::Noted
                    && declared.item.as_deref() == Some(item)
            })
            .map(|declared| &declared.fields.person)
    }

    pub(crate) fn fold(&mut self, noted: &Noted<'_>, payload: &Payload) {
        let Payload::InterestDeclared(fields) = payload else {
            return;
        };
        let meeting = noted.said.meeting.clone();
        if let Some(meeting) = &meeting
            && self.table.get(noted.id).is_none()
        {
            self.at_meeting.add(meeting, noted.id);
        }
        let interest = Interest {
            declared: noted.stated(fields),
            meeting,
        };
        self.table.begin(noted, || interest.clone());
    }
}
