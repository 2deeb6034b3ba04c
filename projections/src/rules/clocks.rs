//! The two clocks: when something was true in the world, and when it was recorded.
//!
//! What was done long ago may be recorded today. But nothing is done before its day, and nobody signs
//! in a role for a day on which they did not hold it.

use jiff::civil::Date;
use minutebook_events::{Payload, Period, Refusal, RefusalKind};

use super::days::{self, DAY};
use super::{Candidate, broken};
use crate::Views;
use crate::effective::day_of;
use crate::people::Holding;
use crate::stated::At;

/// Nothing is done before its day; a document tells of nothing done after it was written either.
pub(super) fn not_ahead(candidate: &Candidate) -> Result<(), Refusal> {
    let effective = candidate.body.common.effective.as_ref();
    let ahead = effective.filter(|on| days::lies_ahead(candidate, on));
    let Some(words) = ahead.filter(|_| is_done(&candidate.body.payload)) else {
        return Ok(());
    };
    let name = candidate.body.event_type().name();
    let message = format!("{name} says what was done on {words}, which has not come yet");
    Err(broken("done-in-future", message).instead("record it when the day has come"))
}

/// Whether an event says that something was done; a meeting that was held has a rule of its own. Left
/// out are those that take effect on a later day than they are known: an appointment, a delegation, a new date, terms and agreements that begin or
/// end, a dissolution.
fn is_done(payload: &Payload) -> bool {
    use Payload as P;
    matches!(
        payload,
        P::PersonEnrolled(_)
            | P::SigningKeyEnrolled(_)
            | P::SigningKeyRevoked(_)
            | P::RoleEnded(_)
            | P::InterestDeclared(_)
            | P::PublicExcluded(_)
            | P::MinutesDrafted(_)
            | P::MinutesAmended(_)
            | P::MinutesApproved(_)
            | P::DecisionMade(_)
            | P::ActionProgressReported(_)
            | P::ActionCompleted(_)
            | P::ActionClosed(_)
            | P::MilestoneCompleted(_)
            | P::MilestoneReopened(_)
            | P::StatusReported(_)
            | P::MetricMeasured(_)
            | P::RiskClosed(_)
            | P::SignOffGiven(_)
            | P::SignOffDeclined(_)
            | P::SignOffWithdrawn(_)
            | P::SignOffCancelled(_)
            | P::FundingAwarded(_)
            | P::FundingRefused(_)
            | P::EvaluationReported(_)
            | P::ConsultationClosed(_)
            | P::CorrectionRecorded(_)
            | P::ApprovalGiven(_)
            | P::Disclosed(_)
            | P::HoldLifted(_)
            | P::ContentErased(_)
            | P::RecordDisposed(_)
            | P::DocumentImported(_)
    )
}

/// Whoever acts for themselves held the role on the day of the act. What others did may be recorded
/// by whoever holds the role now.
pub(super) fn in_office(views: &Views, candidate: &Candidate) -> Result<(), Refusal> {
    if !is_own_act(candidate) {
        return Ok(());
    }
    let common = &candidate.body.common;
    let (signer, capacity) = (&candidate.claims.signer, &common.capacity);
    let (first, last) = match common.effective.as_ref().map(|on| (on.start(), on.end())) {
        Some((Some(first), Some(last))) => (first, last),
        // Without a day of its own the act is of the day on which it is recorded.
        _ => match (
            day_of(candidate.recorded_at.saturating_sub(DAY)),
            day_of(candidate.recorded_at.saturating_add(DAY)),
        ) {
            (Some(first), Some(last)) => (first, last),
            _ => return Ok(()),
        },
    };
    let held = || {
        let of = capacity.of.as_ref();
        views.people.holdings_of(signer, capacity.role, of)
    };
    if held().any(|holding| began(views, holding) <= last && first <= ended(views, holding)) {
        return Ok(());
    }
    // Who holds nothing is refused before.
    let Some(newest) = held().last() else {
        return Ok(());
    };
    let role = capacity.role.name();
    let on = match &common.effective {
        Some(on) => on.clone(),
        None => Period::day(first),
    };
    let since = Period::day(began(views, newest));
    let message = format!("the signer became {role} on {since}, and did not hold the role on {on}");
    Err(Refusal::new(
        RefusalKind::NotAuthorised,
        "acted-before-appointed",
        message,
    )
    .because_of([newest.since.0.position])
    .instead(format!(
        "give the day on which it was done, or have whoever was {role} then record it"
    )))
}

/// Acts that nobody can do for another.
fn is_own_act(candidate: &Candidate) -> bool {
    match &candidate.body.payload {
        Payload::SignOffGiven(_)
        | Payload::SignOffDeclined(_)
        | Payload::SignOffWithdrawn(_)
        | Payload::MinutesApproved(_)
        | Payload::ApprovalGiven(_) => true,
        Payload::InterestDeclared(fields) => fields.person == candidate.claims.signer,
        _ => false,
    }
}

/// The first day of a holding: as it was said, or else the day of its entry.
fn began(views: &Views, holding: &Holding) -> Date {
    let (at, since) = &holding.since;
    let said = since.as_ref().and_then(|since| since.start());
    said.or_else(|| recorded_day(views, *at, -DAY))
        .unwrap_or(Date::MIN)
}

/// The last day of a holding, likewise.
fn ended(views: &Views, holding: &Holding) -> Date {
    let Some((at, until)) = &holding.until else {
        return Date::MAX;
    };
    let said = until.as_ref().and_then(|until| until.end());
    said.or_else(|| recorded_day(views, *at, DAY))
        .unwrap_or(Date::MAX)
}

fn recorded_day(views: &Views, at: At, shift: i64) -> Option<Date> {
    let entry = views.entries.get(at.tick)?;
    day_of(entry.recorded_at.saturating_add(shift))
}
