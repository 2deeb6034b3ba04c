//! Which body a thing belongs to, and so whose paper it stands in.
//!
//! A thing belongs to the body that its event names, or else to the body of what it stands under, or
//! else to the body whose meeting it was made in, or that its signer acted for. Once found, the body
//! stays.

use imbl::{OrdMap, Vector};
use minutebook_events::{Kind, Payload, SubjectId};
use serde::{Deserialize, Serialize};

use crate::shelf::Shelf;
use crate::table::{Moment, Table};
use crate::tape::Tape;
use crate::{Id, Noted};

/// Which body everything belongs to.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Belonging {
    body_of: Table<Id>,
    // What concerns each body: hints that may name more than a reader may see, or than was known
    // then.
    /// Ticks of the entries, in order.
    entries: Shelf<Vector<u64>>,
    /// What belongs to it, in order of record.
    subjects: OrdMap<SubjectId, Tape<SubjectId>>,
}

impl Belonging {
    /// The body that a thing belongs to. A body belongs to itself.
    pub fn body_of(&self, id: &SubjectId, moment: Moment) -> Option<&SubjectId> {
        self.body_of.at(id, moment).map(AsRef::as_ref)
    }

    /// What belongs to a body, in order of record.
    pub fn subjects_of(
        &self,
        body: &SubjectId,
        moment: Moment,
    ) -> impl Iterator<Item = &SubjectId> {
        let (body, ids) = (body.clone(), self.subjects.get(body));
        ids.into_iter()
            .flat_map(Tape::iter)
            .filter(move |id| self.body_of(id, moment) == Some(&body))
    }

    /// The ticks of the entries that concern a body, in a run of ticks: those about what belongs to
    /// it and those made in its meetings.
    pub fn entries_of(
        &self,
        body: &SubjectId,
        ticks: std::ops::Range<u64>,
    ) -> impl Iterator<Item = u64> {
        let entries = self.entries.get(body);
        let start = entries.map_or(0, |entries| match entries.binary_search(&ticks.start) {
            Ok(index) | Err(index) => index,
        });
        entries
            .into_iter()
            .flat_map(move |entries| entries.focus().narrow(start..).into_iter())
            .copied()
            .take_while(move |tick| *tick < ticks.end)
    }

    pub(crate) fn fold(&mut self, noted: &Noted<'_>, payload: &Payload) {
        let now = Moment {
            ticks: u64::MAX,
            reader: noted.common.confidentiality,
        };
        let known = self.body_of.at(noted.id, now).cloned();
        let meeting = noted
            .said
            .meeting
            .as_ref()
            .and_then(|meeting| self.body_of.at(meeting, now))
            .cloned();
        let body = match known {
            Some(body) => Some(body),
            None if can_belong(noted.id.kind()) => {
                let body = self.find(noted, payload, now).or_else(|| meeting.clone());
                if let Some(body) = &body {
                    self.body_of.begin(noted, || body.clone());
                    self.add(body, noted.id);
                }
                body
            }
            None => None,
        };
        for body in [
            &body,
            &meeting.filter(|meeting| Some(meeting) != body.as_ref()),
        ]
        .into_iter()
        .flatten()
        {
            self.concern(body, noted.tick);
        }
        // Who sits on a body concerns it, though people belong to none.
        let held_of = match payload {
            Payload::RoleAppointed(fields) => fields.of.as_ref(),
            Payload::RoleEnded(fields) => fields.of.as_ref(),
            _ => None,
        };
        if let Some(of) = held_of.filter(|of| of.kind() == Kind::Body) {
            self.concern(of, noted.tick);
        }
    }

    fn concern(&mut self, body: &SubjectId, tick: u64) {
        self.entries.edit(body, |ticks| ticks.push_back(tick));
    }

    fn add(&mut self, body: &SubjectId, id: &Id) {
        if let Some(subjects) = self.subjects.get_mut(body) {
            return subjects.push(id.clone());
        }
        let mut subjects = Tape::default();
        subjects.push(id.clone());
        self.subjects.insert(body.clone(), subjects);
    }

    fn find(&self, noted: &Noted<'_>, payload: &Payload, now: Moment) -> Option<Id> {
        if noted.id.kind() == Kind::Body {
            return Some(noted.id.clone());
        }
        // Known bodies belong to themselves, under a name that is shared.
        let through = |id: &SubjectId| match (self.body_of.at(id, now), id.kind()) {
            (None, Kind::Body) => Some(Id::new(id.clone())),
            (body, _) => body.cloned(),
        };
        above(payload)
            .into_iter()
            .flatten()
            .find_map(through)
            .or_else(|| {
                let of = noted.common.capacity.of.as_ref();
                of.filter(|of| of.kind() == Kind::Body).and_then(through)
            })
    }
}

/// People sit on many bodies, and entries are about whatever they are about.
fn can_belong(kind: Kind) -> bool {
    !matches!(
        kind,
        Kind::Person | Kind::Post | Kind::Organisation | Kind::Record | Kind::Ledger
    )
}

/// What the event names that its subject stands under, the nearest first.
fn above(payload: &Payload) -> [Option<&SubjectId>; 4] {
    use Payload as P;
    match payload {
        P::MeetingCalled(f) => [f.body.as_ref(), None, None, None],
        P::DecisionForeseen(f) => [
            f.body.as_ref(),
            f.parent.as_ref(),
            f.strategy.as_ref(),
            None,
        ],
        P::DecisionMade(f) => [
            f.body.as_ref(),
            f.parent.as_ref(),
            f.strategy.as_ref(),
            None,
        ],
        P::ActionAssigned(f) => [f.body.as_ref(), f.decision.as_ref(), None, None],
        P::StrategyAdopted(f) => [
            f.owner.as_ref(),
            f.parent.as_ref(),
            f.decision.as_ref(),
            None,
        ],
        P::AimSet(f) => [f.parent.as_ref(), f.strategy.as_ref(), None, None],
        P::ObjectiveSet(f) => [
            f.body.as_ref(),
            f.parent.as_ref(),
            f.aim.as_ref(),
            f.strategy.as_ref(),
        ],
        P::MilestoneSet(f) => [f.parent.as_ref(), f.strategy.as_ref(), None, None],
        P::MetricDefined(f) => [
            f.milestone.as_ref(),
            f.parent.as_ref(),
            f.strategy.as_ref(),
            None,
        ],
        P::RiskRaised(f) => [f.objective.as_ref(), None, None, None],
        P::AssuranceRecorded(f) => [f.of.first(), None, None, None],
        P::SignOffRequested(f) => [f.parent.as_ref(), f.agreement.as_ref(), None, None],
        P::SignOffAttested(f) => [f.parent.as_ref(), f.agreement.as_ref(), None, None],
        P::AgreementMade(f) => [f.parent.as_ref(), f.sign_off.as_ref(), None, None],
        P::FundingApplied(f) => [f.applicant.as_ref(), f.strategy.as_ref(), None, None],
        P::EvaluationCommissioned(f) => [
            f.commissioned_by.as_ref(),
            f.parent.as_ref(),
            f.evaluates.first(),
            None,
        ],
        P::EvaluationReported(f) => [f.parent.as_ref(), f.informs.first(), None, None],
        P::ConsultationOpened(f) => [f.body.as_ref(), f.strategy.as_ref(), None, None],
        P::ConsultationResponded(f) => [f.commitment.as_ref(), f.strategy.as_ref(), None, None],
        P::PaperLodged(f) => [f.for_meeting.as_ref(), None, None, None],
        P::MinutesDrafted(f) => [Some(&f.minutes_of), None, None, None],
        P::AuthorityDelegated(f) => [f.by.as_ref(), Some(&f.decision), None, None],
        _ => [None; 4],
    }
}
