//! A milestone's date changes by the verb that fits, from the date it has, while it is open.

use minutebook_events::catalogue::Standing;
use minutebook_events::period::{Change, compare};
use minutebook_events::{Payload, Period, Refusal, RefusalKind, SubjectId};

use super::Candidate;
use crate::Views;
use crate::milestones::{Milestone, State, Verb};

/// The seconds of a day: how far a completion may lie ahead of the recorded day, which is counted in
/// UTC while the day of the event is counted where it happened.
const DAY: i64 = 86_400;

pub(super) fn judge(views: &Views, candidate: &Candidate) -> Result<(), Refusal> {
    let subject = &candidate.body.common.subject;
    let milestone = || views.milestones.get(subject);
    let date = |verb, from, to, standing, agreed_by: &Option<SubjectId>| {
        agreed(views, standing, agreed_by.as_ref())?;
        match milestone() {
            Some(milestone) => date_change(subject, milestone, verb, from, to),
            None => Ok(()),
        }
    };
    match &candidate.body.payload {
        Payload::MilestoneSlipped(f) => {
            date(Verb::Slipped, &f.from, &f.to, f.standing, &f.agreed_by)
        }
        Payload::MilestoneBroughtForward(f) => date(
            Verb::BroughtForward,
            &f.from,
            &f.to,
            f.standing,
            &f.agreed_by,
        ),
        Payload::MilestoneDateRestated(f) => {
            date(Verb::Restated, &f.from, &f.to, f.standing, &f.agreed_by)
        }
        Payload::MilestoneCompleted(_) => {
            open(subject, milestone())?;
            not_ahead(candidate)
        }
        Payload::MilestoneWithdrawn(_) => match milestone().map(|one| &one.state) {
            Some(State::Withdrawn(said)) => Err(withdrawn(subject, said.at.position)),
            _ => Ok(()),
        },
        Payload::MilestoneReopened(_) => match milestone().map(|one| &one.state) {
            Some(State::Open) => {
                let message = format!("{subject} is open, so it cannot be reopened");
                Err(broken("milestone-open", message)
                    .instead("record the new date as MilestoneSlipped or MilestoneBroughtForward"))
            }
            Some(State::Withdrawn(said)) => Err(withdrawn(subject, said.at.position)),
            Some(State::Completed { .. }) | None => Ok(()),
        },
        _ => Ok(()),
    }
}

fn agreed(views: &Views, standing: Standing, agreed_by: Option<&SubjectId>) -> Result<(), Refusal> {
    let Some(id) = agreed_by.filter(|_| standing == Standing::Agreed) else {
        return Ok(());
    };
    match views.decisions.get(id) {
        Some(decision) if decision.made.is_none() => {
            let message = format!("{id} is foreseen and not made, so nothing is agreed by it yet");
            Err(broken("agreed-by-decision", message)
                .because_of(decision.foreseen.as_ref().map(|said| said.at.position))
                .instead("record DecisionMade first, or give the change the standing reported"))
        }
        _ => Ok(()),
    }
}

fn date_change(
    subject: &SubjectId,
    milestone: &Milestone,
    verb: Verb,
    from: &Period,
    to: &Period,
) -> Result<(), Refusal> {
    open(subject, Some(milestone))?;
    let Some(current) = milestone.due().filter(|due| has_window(due)) else {
        return first_date(subject, milestone, verb, from, to);
    };
    if compare(current, from) != Change::Same {
        let entry = milestone
            .last_change()
            .map_or(milestone.set.at.position, |change| change.at.position);
        let message = format!("{subject} is due {current}, not {from}");
        return Err(
            Refusal::new(RefusalKind::Conflict, "milestone-date-from", message)
                .because_of([entry])
                .instead(format!("write {current} in from")),
        );
    }
    let change = compare(current, to);
    let (right, relation) = match &change {
        Change::Slipped(_) => (Verb::Slipped, "is later than"),
        Change::BroughtForward(_) => (Verb::BroughtForward, "is earlier than"),
        Change::Narrowed => (Verb::Restated, "lies inside"),
        Change::Widened => (Verb::Restated, "ends on the same day as"),
        Change::Same => {
            let message = format!("{to} is the date that {subject} has already");
            return Err(broken("milestone-date-same", message)
                .instead("record StatusReported where there is news and no new date"));
        }
        Change::NotComparable => {
            let message = format!("\"{to}\" names no day, month or year to move {subject} to");
            return Err(broken("milestone-date-window", message)
                .instead("give a date such as December 2025, Q3 2025/26 or 25/26"));
        }
    };
    if right == verb {
        return Ok(());
    }
    let event = event_of(right);
    let message = format!("{to} {relation} {current}: record it as {event}");
    Err(broken("milestone-date-verb", message).instead(format!("record {event}")))
}

/// A milestone without a date gets one by being restated from words to a window: nothing slipped,
/// since nothing was promised.
fn first_date(
    subject: &SubjectId,
    milestone: &Milestone,
    verb: Verb,
    from: &Period,
    to: &Period,
) -> Result<(), Refusal> {
    if verb == Verb::Restated && !has_window(from) && has_window(to) {
        return Ok(());
    }
    let words = match milestone.due() {
        Some(due) => format!("\"{due}\""),
        None => "\"not stated\"".to_owned(),
    };
    let message = format!("{subject} has no date yet, so nothing can move from {from} to {to}");
    Err(broken("milestone-undated", message)
        .because_of([milestone.set.at.position])
        .instead(format!(
            "record MilestoneDateRestated from the words {words} to the date"
        )))
}

fn open(subject: &SubjectId, milestone: Option<&Milestone>) -> Result<(), Refusal> {
    match milestone.map(|milestone| &milestone.state) {
        Some(State::Completed { said, .. }) => {
            let position = said.at.position;
            let message = format!("{subject} is complete since entry {position}");
            Err(broken("milestone-completed", message)
                .because_of([position])
                .instead("record MilestoneReopened first"))
        }
        Some(State::Withdrawn(said)) => Err(withdrawn(subject, said.at.position)),
        Some(State::Open) | None => Ok(()),
    }
}

fn withdrawn(subject: &SubjectId, position: u64) -> Refusal {
    let message = format!("{subject} was withdrawn in entry {position}");
    broken("milestone-withdrawn", message)
        .because_of([position])
        .instead("set a new milestone with MilestoneSet")
}

/// Nothing is complete before its day.
fn not_ahead(candidate: &Candidate) -> Result<(), Refusal> {
    let effective = candidate.body.common.effective.as_ref();
    let Some((words, start)) = effective.and_then(|on| Some((on, on.start()?))) else {
        return Ok(());
    };
    let latest = jiff::Timestamp::from_second(candidate.recorded_at.saturating_add(DAY));
    let Ok(latest) = latest.map(|time| time.to_zoned(jiff::tz::TimeZone::UTC).date()) else {
        return Ok(());
    };
    if start <= latest {
        return Ok(());
    }
    let subject = &candidate.body.common.subject;
    let message = format!("{subject} cannot be complete on {words}, which has not come yet");
    Err(broken("completed-in-future", message).instead("record it when the day has come"))
}

fn has_window(period: &Period) -> bool {
    period.start().is_some() && period.end().is_some()
}

fn event_of(verb: Verb) -> &'static str {
    match verb {
        Verb::Slipped => "MilestoneSlipped",
        Verb::BroughtForward => "MilestoneBroughtForward",
        Verb::Restated => "MilestoneDateRestated",
        Verb::Reopened => "MilestoneReopened",
    }
}

fn broken(rule: &'static str, message: impl Into<String>) -> Refusal {
    Refusal::new(RefusalKind::RuleBroken, rule, message)
}
