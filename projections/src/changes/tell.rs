//! What one entry changed, with what was before and what is after.

use minutebook_events::EventType as E;

use super::item::Told;
use super::{Behind, Between, Clock, Group, Sorted};
use crate::AsOf;
use crate::entries::{Entry, Said};

mod delivery;
mod governance;
mod keeping;
mod partners;

/// One entry, and the record just before and just after it.
struct Step<'a, 'b> {
    between: &'b Between<'a>,
    tick: u64,
    said: &'a Said,
    before: AsOf<'a>,
    after: AsOf<'a>,
}

/// Adds what an entry changed: mostly one change; none where it says nothing that a board asks for, or
/// a later entry says it anew; two where a last signature completes a sign-off.
pub(super) fn tell<'a>(
    between: &Between<'a>,
    tick: u64,
    entry: &'a Entry,
    said: &'a Said,
    found: &mut Vec<Sorted>,
) {
    let views = between.now.views;
    let reader = between.question.reader;
    let step = Step {
        between,
        tick,
        said,
        before: views.as_of(tick, reader),
        after: views.as_of(tick.saturating_add(1), reader),
    };
    let behind = behind(between, entry, said);
    for (group, mut told) in step.told() {
        if told.reason.is_none() {
            told.reason = said.reason.as_deref().map(str::to_owned);
        }
        let item = told.item(between, &said.subject, Some(behind.clone()));
        found.push((group, item));
    }
}

fn behind(between: &Between<'_>, entry: &Entry, said: &Said) -> Behind {
    Behind {
        entry: entry.position,
        recorded_at: entry.recorded_at,
        signer: (*entry.signer).clone(),
        role: said.role,
        of: said.of.as_deref().cloned(),
        meeting: said.meeting.as_deref().cloned(),
        minute: said.minute.as_deref().map(str::to_owned),
        effective: said.effective.as_deref().cloned(),
        imported: said.imported,
        inferred: said.inferred.to_vec(),
        late: is_late(between, said),
    }
}

/// Whether it was true before the earlier moment and became known only after it. Imported history
/// always was; it is marked as imported.
fn is_late(between: &Between<'_>, said: &Said) -> bool {
    if between.question.by == Clock::Effective || said.imported {
        return false;
    }
    let true_by = said.effective.as_ref().and_then(|on| on.end());
    let true_by = true_by.or_else(|| {
        let meetings = &between.now.views.meetings;
        let meeting = between.now.get(meetings, said.meeting.as_ref()?)?;
        meeting.date()?.end()
    });
    let (Some(true_by), Some(since)) = (true_by, between.question.since.day) else {
        return false;
    };
    true_by < since
}

impl Step<'_, '_> {
    fn told(&self) -> Vec<(Group, Told)> {
        let told = match self.said.event {
            E::DecisionForeseen
            | E::DecisionMade
            | E::DecisionSuperseded
            | E::DecisionRescinded
            | E::ActionAssigned
            | E::ActionProgressReported
            | E::ActionDueChanged
            | E::ActionCompleted
            | E::ActionClosed
            | E::MeetingCalled
            | E::MeetingCancelled
            | E::AgendaPublished
            | E::PaperLodged
            | E::MeetingHeld
            | E::InterestDeclared
            | E::PublicExcluded
            | E::MinutesDrafted
            | E::MinutesAmended
            | E::MinutesApproved => self.governance(),
            E::StrategyAdopted
            | E::StrategyRefreshed
            | E::AimSet
            | E::ObjectiveSet
            | E::ObjectiveWithdrawn
            | E::MilestoneSet
            | E::MilestoneSlipped
            | E::MilestoneBroughtForward
            | E::MilestoneDateRestated
            | E::MilestoneCompleted
            | E::MilestoneReopened
            | E::MilestoneWithdrawn
            | E::StatusReported
            | E::MetricDefined
            | E::BaselineAgreed
            | E::TargetRevised
            | E::MetricMeasured
            | E::RiskRaised
            | E::RiskRescored
            | E::RiskClosed
            | E::AssuranceRecorded => self.delivery(),
            E::SignOffRequested
            | E::SignOffGiven
            | E::SignOffDeclined
            | E::SignOffWithdrawn
            | E::SignOffCancelled
            | E::SignOffAttested => return self.sign_off(),
            E::AgreementMade
            | E::AgreementVaried
            | E::PartyJoined
            | E::PartyLeft
            | E::AgreementEnded
            | E::FundingApplied
            | E::FundingAwarded
            | E::FundingRefused
            | E::EvaluationCommissioned
            | E::EvaluationReported
            | E::ConsultationOpened
            | E::ConsultationResponded
            | E::ConsultationClosed => self.partners(),
            E::LedgerOpened
            | E::OrganisationRegistered
            | E::OrganisationSucceeded
            | E::BodyEstablished
            | E::BodyTermsAmended
            | E::BodyDissolved
            | E::PersonEnrolled
            | E::SigningKeyEnrolled
            | E::SigningKeyRevoked
            | E::RoleAppointed
            | E::RoleEnded
            | E::MembershipBroadened
            | E::AuthorityDelegated
            | E::AuthorityWithdrawn
            | E::CorrectionRecorded
            | E::ApprovalGiven
            | E::Published
            | E::Disclosed
            | E::HoldPlaced
            | E::HoldLifted
            | E::ContentErased
            | E::RecordDisposed
            | E::DocumentImported => self.keeping(),
        };
        told.into_iter().collect()
    }
}

/// A change that only says what is now.
fn now(after: impl Into<String>) -> Told {
    Told {
        after: Some(after.into()),
        ..Told::default()
    }
}
