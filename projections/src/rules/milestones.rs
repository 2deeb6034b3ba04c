//! A milestone's date changes by the verb that fits, from the date it has, while it is open.

use minutebook_events::catalogue::Standing;
use minutebook_events::period::{Change, compare};
use minutebook_events::{Payload, Period, Refusal, RefusalKind, SubjectId};

use super::{Candidate, broken, resting};
use crate::Views;
use crate::milestones::{Milestone, Said, State, Verb};

/// The way out of a change that nobody agreed.
const REPORTED: &str = "give the change the standing reported";

pub(super) fn judge(views: &Views, candidate: &Candidate) -> Result<(), Refusal> {
    let subject = &candidate.body.common.subject;
    let milestone = || views.milestones.get(subject);
    if let Some(said) = Said::of(&candidate.body.payload) {
        agreed(views, candidate, &said)?;
        return match milestone() {
            Some(milestone) => date_change(subject, milestone, &said),
            None => Ok(()),
        };
    }
    match &candidate.body.payload {
        Payload::MilestoneCompleted(_) => open(subject, milestone()),
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

/// A change called agreed rests on a decision of the body that owns the milestone. A document may
/// tell of one that it does not place.
fn agreed(views: &Views, candidate: &Candidate, said: &Said<'_>) -> Result<(), Refusal> {
    let Some(decision) = said.agreed_by.filter(|_| said.standing == Standing::Agreed) else {
        return Ok(());
    };
    const RULE: &str = "agreed-by-decision";
    let common = &candidate.body.common;
    if common.imported {
        return resting::made(views, decision, RULE, REPORTED);
    }
    resting::stands(views, decision, RULE, REPORTED)?;
    resting::by_owner(views, &common.subject, decision, REPORTED)
}

fn date_change(subject: &SubjectId, milestone: &Milestone, said: &Said<'_>) -> Result<(), Refusal> {
    open(subject, Some(milestone))?;
    let Some(current) = milestone.due().filter(|due| has_window(due)) else {
        return first_date(subject, milestone, said);
    };
    let (from, to) = (said.from, said.to);
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
        Change::Slipped(_) => (Verb::Slipped, format!("later than {}", with_end(current))),
        Change::BroughtForward(_) => {
            let current = with_end(current);
            (Verb::BroughtForward, format!("earlier than {current}"))
        }
        Change::Narrowed => (Verb::Restated, format!("part of {current}")),
        Change::Widened => (Verb::Restated, format!("less exact than {current}")),
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
    if right == said.verb {
        return Ok(());
    }
    let event = event_of(right);
    let message = format!("{to} is {relation}: record it as {event}");
    Err(broken("milestone-date-verb", message)
        .instead(format!("record {event} from {current} to {to}")))
}

/// The words of a date, with the last day that they mean where they do not say it.
fn with_end(period: &Period) -> String {
    let end = period.end().filter(|_| !period.open_ended);
    match end.map(|end| Period::day(end).to_string()) {
        Some(day) if !period.to_string().contains(&day) => format!("{period} ({day})"),
        _ => period.to_string(),
    }
}

/// A milestone without a date gets one by being restated from words to a window: nothing slipped,
/// since nothing was promised.
fn first_date(subject: &SubjectId, milestone: &Milestone, said: &Said<'_>) -> Result<(), Refusal> {
    let (from, to) = (said.from, said.to);
    if said.verb == Verb::Restated && !has_window(from) && has_window(to) {
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
