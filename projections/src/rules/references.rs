//! What an event names is in the record, and is of a kind that makes sense there.
//!
//! The table below is the whole of it: each type of event with the fields that name something else.
//! It names every type, so that a new one cannot be forgotten.

use minutebook_events::catalogue::{AgendaItem, Attendance, ItemQuorum, Signatory};
use minutebook_events::{Kind, Payload, PersonId, Refusal, RefusalKind, SubjectId};

use super::{Candidate, one_of, privacy};
use crate::Views;

/// What a field may name. No kinds means any kind.
#[derive(Clone, Copy)]
struct Target {
    kinds: &'static [Kind],
    /// Whether it has to be in the record.
    present: bool,
}

/// Names something that is in the record.
const fn there(kinds: &'static [Kind]) -> Target {
    Target {
        kinds,
        present: true,
    }
}

/// Names something that may come later: an agreement that a sign-off brings about, the meeting that
/// will be called instead.
const fn to_come(kinds: &'static [Kind]) -> Target {
    Target {
        kinds,
        present: false,
    }
}

const ANY: Target = there(&[]);
const ORGANISATION: Target = there(&[Kind::Organisation]);
const BODY: Target = there(&[Kind::Body]);
const BODY_OR_ORGANISATION: Target = there(&[Kind::Body, Kind::Organisation]);
const HOLDER: Target = there(&[Kind::Body, Kind::Organisation, Kind::Post, Kind::Person]);
const PERSON_OR_POST: Target = there(&[Kind::Person, Kind::Post]);
const PERSON: Target = there(&[Kind::Person]);
const MEETING: Target = there(&[Kind::Meeting]);
const DECISION: Target = there(&[Kind::Decision]);
const AUTHORITY: Target = there(&[Kind::Authority, Kind::SignOff]);
const STRATEGY: Target = there(&[Kind::Strategy]);
const AIM: Target = there(&[Kind::Aim]);
const MILESTONE: Target = there(&[Kind::Milestone]);
const OBJECTIVE: Target = there(&[Kind::Objective, Kind::Aim, Kind::Milestone]);
const PLAN: Target = there(&[Kind::Strategy, Kind::Aim, Kind::Objective, Kind::Milestone]);
const SIGN_OFF: Target = there(&[Kind::SignOff]);
const AGREEMENT: Target = there(&[Kind::Agreement]);
const ABOVE_STRATEGY: Target = there(&[Kind::Strategy, Kind::Body, Kind::Organisation, Kind::Aim]);
const ABOVE_OBJECTIVE: Target = there(&[
    Kind::Strategy,
    Kind::Aim,
    Kind::Objective,
    Kind::Milestone,
    Kind::Body,
    Kind::Agreement,
]);
const ABOVE_BODY: Target = there(&[Kind::Body, Kind::Organisation, Kind::Aim]);
const ABOVE_AGREEMENT: Target = there(&[Kind::Agreement, Kind::Strategy]);

macro_rules! table {
    ($payload:expr, $look:expr; $($event:ident { $($field:ident: $target:expr),* })*) => {
        match $payload {
            $(Payload::$event(_fields) => {
                $(_fields.$field.look($look, stringify!($field), $target)?;)*
            })*
        }
    };
}

pub(super) fn judge(views: &Views, candidate: &Candidate) -> Result<(), Refusal> {
    let look = &Look { views, candidate };
    let common = &candidate.body.common;
    common.meeting.look(look, "meeting", MEETING)?;
    common
        .capacity
        .of
        .look(look, "capacity", BODY_OR_ORGANISATION)?;
    table! { &candidate.body.payload, look;
        LedgerOpened {}
        OrganisationRegistered { members: ORGANISATION, boroughs: ORGANISATION }
        OrganisationSucceeded { predecessors: ORGANISATION }
        BodyEstablished {
            parent: ABOVE_BODY, organisation: ORGANISATION, organisations: ORGANISATION,
            members: ORGANISATION, jointly_led_by: ORGANISATION, chair: PERSON_OR_POST
        }
        BodyTermsAmended { parent: ABOVE_BODY, decision: DECISION }
        BodyDissolved { successor: BODY, decision: DECISION }
        PersonEnrolled { attested_by: PERSON }
        SigningKeyEnrolled {}
        SigningKeyRevoked {}
        RoleAppointed {
            of: BODY_OR_ORGANISATION, organisations: ORGANISATION, decision: DECISION
        }
        RoleEnded { of: BODY_OR_ORGANISATION, decision: DECISION }
        MembershipBroadened { members: ORGANISATION, decision: DECISION }
        AuthorityDelegated { to: HOLDER, by: BODY_OR_ORGANISATION, decision: DECISION }
        AuthorityWithdrawn { decision: DECISION }
        MeetingCalled {
            body: BODY, organisation: ORGANISATION, jointly_led_by: ORGANISATION
        }
        MeetingCancelled { replaced_by: to_come(&[Kind::Meeting]) }
        AgendaPublished { items: to_come(&[]) }
        PaperLodged { for_meeting: MEETING }
        MeetingHeld {
            present: PERSON, in_attendance: PERSON, apologies: PERSON,
            chaired_by: PERSON_OR_POST, quorum: PERSON
        }
        InterestDeclared { person: PERSON, organisation: ORGANISATION }
        PublicExcluded {}
        MinutesDrafted { minutes_of: MEETING }
        MinutesAmended { asked_by_person: PERSON }
        MinutesApproved {}
        DecisionForeseen {
            body: BODY, organisations: ORGANISATION, strategy: STRATEGY, parent: ANY, evidence: ANY
        }
        DecisionMade {
            body: BODY, organisations: ORGANISATION, strategy: STRATEGY, parent: ANY,
            authority: AUTHORITY, evidence: ANY
        }
        DecisionSuperseded { superseded_by: DECISION, body: BODY }
        DecisionRescinded { body: BODY, decision: DECISION }
        ActionAssigned {
            lead: PERSON, organisation: ORGANISATION, body: BODY, decision: DECISION
        }
        ActionProgressReported { evidence: ANY }
        ActionDueChanged { decision: DECISION }
        ActionCompleted { evidence: ANY }
        ActionClosed { evidence: ANY }
        StrategyAdopted {
            owner: BODY_OR_ORGANISATION, led_by: BODY_OR_ORGANISATION, parent: ABOVE_STRATEGY,
            decision: DECISION
        }
        StrategyRefreshed { supersedes: STRATEGY, decision: DECISION }
        AimSet { strategy: STRATEGY, parent: AIM }
        ObjectiveSet {
            strategy: STRATEGY, aim: AIM, parent: ABOVE_OBJECTIVE, body: BODY
        }
        ObjectiveWithdrawn { replaced_by: PLAN, decision: DECISION }
        MilestoneSet {
            parent: PLAN, strategy: STRATEGY, organisation: ORGANISATION, lead: PERSON
        }
        MilestoneSlipped { agreed_by: DECISION }
        MilestoneBroughtForward { agreed_by: DECISION }
        MilestoneDateRestated { agreed_by: DECISION }
        MilestoneCompleted { evidence: ANY, decision: DECISION }
        MilestoneReopened { decision: DECISION }
        MilestoneWithdrawn { replaced_by: PLAN, decision: DECISION }
        StatusReported { rating_body: BODY_OR_ORGANISATION }
        MetricDefined { strategy: STRATEGY, milestone: MILESTONE, parent: PLAN }
        BaselineAgreed { agreed_with: BODY_OR_ORGANISATION, decision: DECISION }
        TargetRevised { decision: DECISION }
        MetricMeasured {}
        RiskRaised { objective: OBJECTIVE }
        RiskRescored {}
        RiskClosed { decision: DECISION }
        AssuranceRecorded { of: ANY }
        SignOffRequested {
            signatories: ORGANISATION, agreement: to_come(&[Kind::Agreement]), parent: ANY,
            replaces: SIGN_OFF
        }
        SignOffGiven {}
        SignOffDeclined {}
        SignOffWithdrawn {}
        SignOffCancelled { replacement: to_come(&[Kind::SignOff]) }
        SignOffAttested {
            signatories: HOLDER, signatories_named: HOLDER,
            agreement: to_come(&[Kind::Agreement]), parent: ANY
        }
        AgreementMade { parties: BODY_OR_ORGANISATION, sign_off: SIGN_OFF, parent: ABOVE_AGREEMENT }
        AgreementVaried { sign_off: SIGN_OFF, decision: DECISION }
        PartyJoined { party: BODY_OR_ORGANISATION, sign_off: SIGN_OFF, decision: DECISION }
        PartyLeft { party: BODY_OR_ORGANISATION, decision: DECISION }
        AgreementEnded { replaced_by: AGREEMENT, decision: DECISION }
        FundingApplied {
            funder_organisation: ORGANISATION, applicant: BODY_OR_ORGANISATION, strategy: STRATEGY
        }
        FundingAwarded {}
        FundingRefused {}
        EvaluationCommissioned {
            parent: ANY, evaluates: ANY, commissioned_by: BODY_OR_ORGANISATION
        }
        EvaluationReported { parent: ANY, informs: DECISION }
        ConsultationOpened { strategy: STRATEGY, body: BODY }
        ConsultationResponded { strategy: STRATEGY, commitment: PLAN }
        ConsultationClosed {}
        CorrectionRecorded {}
        ApprovalGiven {}
        Published { decision: DECISION }
        Disclosed {}
        HoldPlaced { scope: ANY }
        HoldLifted { decision: DECISION }
        ContentErased { requester: PERSON, approver: PERSON }
        RecordDisposed { requester: PERSON, approver: PERSON, decision: DECISION }
        DocumentImported { reviewer: PERSON }
    }
    Ok(())
}

/// What to look in, and for whom.
struct Look<'a> {
    views: &'a Views,
    candidate: &'a Candidate,
}

impl Look<'_> {
    #[cold]
    fn missing(&self, field: &str, named: &dyn std::fmt::Display, kind: Kind) -> Refusal {
        let event = self.candidate.body.event_type().name();
        let message = format!("{field} of {event} names {named}, which is not in the record");
        Refusal::new(RefusalKind::NotFound, "reference-exists", message)
            .instead(format!("check the id, or record the {} first", kind.name()))
    }
}

/// A field that names something.
trait Names {
    fn look(&self, look: &Look<'_>, field: &str, target: Target) -> Result<(), Refusal>;
}

impl Names for SubjectId {
    fn look(&self, look: &Look<'_>, field: &str, target: Target) -> Result<(), Refusal> {
        if !target.kinds.is_empty() && !target.kinds.contains(&self.kind()) {
            let kinds = one_of(target.kinds.iter().map(|kind| kind.name()));
            let message = format!("{field} names {self}; it should name a thing of kind {kinds}");
            return Err(
                Refusal::new(RefusalKind::RuleBroken, "reference-kind", message)
                    .instead(format!("name the {kinds}, or leave {field} out")),
            );
        }
        // Looked up once, for both questions.
        let known = match self.kind() {
            Kind::Person | Kind::Record => None,
            _ => look.views.subjects.get(self),
        };
        if target.present && !look.views.is_there(self, || known) {
            return Err(look.missing(field, self, self.kind()));
        }
        privacy::named(look.candidate, self, known)
    }
}

impl Names for PersonId {
    fn look(&self, look: &Look<'_>, field: &str, _: Target) -> Result<(), Refusal> {
        match look.views.people.get(self) {
            Some(_) => Ok(()),
            None => Err(look.missing(field, &format_args!("person {self}"), Kind::Person)),
        }
    }
}

impl<T: Names> Names for Option<T> {
    fn look(&self, look: &Look<'_>, field: &str, target: Target) -> Result<(), Refusal> {
        self.as_ref()
            .map_or(Ok(()), |one| one.look(look, field, target))
    }
}

impl<T: Names> Names for Vec<T> {
    fn look(&self, look: &Look<'_>, field: &str, target: Target) -> Result<(), Refusal> {
        self.iter()
            .try_for_each(|one| one.look(look, field, target))
    }
}

impl Names for Signatory {
    fn look(&self, look: &Look<'_>, field: &str, target: Target) -> Result<(), Refusal> {
        self.organisation.look(look, field, target)?;
        self.person.look(look, field, PERSON)
    }
}

impl Names for Attendance {
    fn look(&self, look: &Look<'_>, field: &str, target: Target) -> Result<(), Refusal> {
        self.person.look(look, field, target)?;
        self.organisation.look(look, field, ORGANISATION)
    }
}

impl Names for ItemQuorum {
    fn look(&self, look: &Look<'_>, field: &str, target: Target) -> Result<(), Refusal> {
        self.excluded.look(look, field, target)
    }
}

/// An agenda may go out before its papers are lodged.
impl Names for AgendaItem {
    fn look(&self, look: &Look<'_>, field: &str, target: Target) -> Result<(), Refusal> {
        self.papers.look(look, field, target)
    }
}
