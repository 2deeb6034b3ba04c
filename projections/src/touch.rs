//! What each type of event does to the thing it is about.
//!
//! One table serves the fold (what exists, and when it last changed) and the rules (what must exist,
//! what must not, and what conflicts with what).

use minutebook_events::{EventType, Kind};

/// The part of a subject that a change is to. Changes to different parts do not conflict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aspect {
    /// Its state: a milestone's date, a decision's standing, a body's terms.
    State,
    /// A person's signing keys.
    Keys,
    /// A person's or post's roles.
    Roles,
}

/// What an event does to its subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Touch {
    /// The subject begins with it, and must not be in the record yet.
    Creates,
    /// The subject begins with it unless it is there already.
    Opens,
    /// It changes what the record says of the subject, which must be there. Two people who change
    /// the same aspect have to have seen each other's change.
    Changes(Aspect),
    /// It adds to a subject that must be there. Additions come in any order.
    Adds,
}

/// What events of this type do to their subject, which is of this kind.
pub fn touch(event: EventType, kind: Kind) -> Touch {
    use EventType as E;
    use Touch::{Adds, Changes, Creates, Opens};
    match event {
        E::LedgerOpened
        | E::OrganisationRegistered
        | E::BodyEstablished
        | E::AuthorityDelegated
        | E::MeetingCalled
        | E::InterestDeclared
        | E::DecisionForeseen
        | E::ActionAssigned
        | E::StrategyAdopted
        | E::AimSet
        | E::ObjectiveSet
        | E::MilestoneSet
        | E::MetricDefined
        | E::RiskRaised
        | E::AssuranceRecorded
        | E::SignOffRequested
        | E::SignOffAttested
        | E::AgreementMade
        | E::FundingApplied
        | E::EvaluationCommissioned
        | E::ConsultationOpened
        | E::HoldPlaced
        | E::DocumentImported => Creates,

        // A founding officer is there before being enrolled, a foreseen decision before it is made.
        // A successor may be new, a paper has versions, an evaluation may be reported that nobody
        // commissioned here.
        E::PersonEnrolled
        | E::DecisionMade
        | E::OrganisationSucceeded
        | E::PaperLodged
        | E::MinutesDrafted
        | E::EvaluationReported
        | E::ConsultationResponded
        | E::ApprovalGiven => Opens,
        E::Published if kind == Kind::Document => Opens,
        // A post may be named by the appointment to it.
        E::RoleAppointed if kind == Kind::Post => Opens,

        E::SigningKeyEnrolled | E::SigningKeyRevoked => Changes(Aspect::Keys),
        E::RoleAppointed | E::RoleEnded => Changes(Aspect::Roles),

        E::BodyTermsAmended
        | E::BodyDissolved
        | E::AuthorityWithdrawn
        | E::MeetingCancelled
        | E::MeetingHeld
        | E::MinutesAmended
        | E::MinutesApproved
        | E::DecisionSuperseded
        | E::DecisionRescinded
        | E::ActionDueChanged
        | E::ActionCompleted
        | E::ActionClosed
        | E::StrategyRefreshed
        | E::ObjectiveWithdrawn
        | E::MilestoneSlipped
        | E::MilestoneBroughtForward
        | E::MilestoneDateRestated
        | E::MilestoneCompleted
        | E::MilestoneReopened
        | E::MilestoneWithdrawn
        | E::BaselineAgreed
        | E::TargetRevised
        | E::RiskRescored
        | E::RiskClosed
        | E::SignOffCancelled
        | E::AgreementVaried
        | E::AgreementEnded
        | E::FundingAwarded
        | E::FundingRefused
        | E::ConsultationClosed
        | E::HoldLifted => Changes(Aspect::State),

        E::MembershipBroadened
        | E::AgendaPublished
        | E::PublicExcluded
        | E::ActionProgressReported
        | E::StatusReported
        | E::MetricMeasured
        | E::SignOffGiven
        | E::SignOffDeclined
        | E::SignOffWithdrawn
        | E::PartyJoined
        | E::PartyLeft
        | E::CorrectionRecorded
        | E::Published
        | E::Disclosed
        | E::ContentErased
        | E::RecordDisposed => Adds,
    }
}
