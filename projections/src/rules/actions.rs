//! An action is worked on while it is open, done by its owner, and closed by the body.

use minutebook_events::catalogue::{ActionCompleted, ActionDueChanged};
use minutebook_events::period::{Change, compare};
use minutebook_events::{Payload, Period, Refusal, RefusalKind, Role, SubjectId};

use super::{Candidate, broken, decisions, in_the_way, meetings, on_behalf};
use crate::Views;
use crate::actions::Action;
use crate::table::Moment;

pub(super) fn judge(views: &Views, candidate: &Candidate) -> Result<(), Refusal> {
    let id = &candidate.body.common.subject;
    let action = || views.actions.get(id);
    match &candidate.body.payload {
        Payload::ActionProgressReported(_) => {
            action().map_or(Ok(()), |action| open(candidate, action))
        }
        Payload::ActionDueChanged(fields) => action().map_or(Ok(()), |action| {
            open(candidate, action)?;
            due_changed(candidate, action, fields)
        }),
        Payload::ActionCompleted(fields) => action().map_or(Ok(()), |action| {
            open(candidate, action)?;
            by_its_owner(views, candidate, action, fields)
        }),
        Payload::ActionClosed(_) => action().map_or(Ok(()), |action| {
            not_closed(candidate, action)?;
            by_the_body(views, candidate, action)
        }),
        _ => Ok(()),
    }
}

fn open(candidate: &Candidate, action: &Action) -> Result<(), Refusal> {
    not_closed(candidate, action)?;
    let Some(completed) = &action.completed else {
        return Ok(());
    };
    let (subject, entry) = (&candidate.body.common.subject, completed.at.position);
    let message = format!("{subject} is complete since entry {entry}");
    Err(
        in_the_way(candidate, entry, "action-completed", message).instead(
            "have the body close it, or assign what is still to be done as an action of its own",
        ),
    )
}

fn not_closed(candidate: &Candidate, action: &Action) -> Result<(), Refusal> {
    let Some(closed) = &action.closed else {
        return Ok(());
    };
    let (subject, entry) = (&candidate.body.common.subject, closed.at.position);
    let message = format!("{subject} was closed in entry {entry}");
    Err(in_the_way(candidate, entry, "action-closed", message)
        .instead("assign what is still to be done as an action of its own"))
}

fn due_changed(
    candidate: &Candidate,
    action: &Action,
    fields: &ActionDueChanged,
) -> Result<(), Refusal> {
    let id = &candidate.body.common.subject;
    let due = action.due();
    let from = fields.from.as_ref();
    let as_it_is = match (due, from) {
        (Some(due), Some(from)) => is_same(due, from),
        (None, None) => true,
        _ => false,
    };
    if !as_it_is {
        let at = action.moved.newest().map(|moved| moved.at);
        let entry = at.unwrap_or(action.assigned.at).position;
        let (message, advice) = match due {
            Some(due) => (
                match from {
                    Some(from) => format!("{id} is due {due}, not {from}"),
                    None => format!("{id} is due {due}, and from does not say so"),
                },
                format!("write {due} in from"),
            ),
            None => (
                format!("{id} has no due date yet"),
                "leave from out".to_owned(),
            ),
        };
        return Err(
            Refusal::new(RefusalKind::Conflict, "action-date-from", message)
                .because_of([entry])
                .instead(advice),
        );
    }
    match due {
        Some(due) if is_same(due, &fields.to) => {
            let message = format!("{} is the date that {id} has already", fields.to);
            Err(broken("action-date-same", message)
                .instead("record ActionProgressReported where there is news and no new date"))
        }
        _ => Ok(()),
    }
}

/// The same window, or the same words where they name none.
fn is_same(one: &Period, other: &Period) -> bool {
    match compare(one, other) {
        Change::Same => true,
        Change::NotComparable => one.as_written.is_some() && one.as_written == other.as_written,
        _ => false,
    }
}

fn by_its_owner(
    views: &Views,
    candidate: &Candidate,
    action: &Action,
    fields: &ActionCompleted,
) -> Result<(), Refusal> {
    let common = &candidate.body.common;
    let assigned = &action.assigned;
    let is_owner = assigned.lead.as_ref() == Some(&candidate.claims.signer);
    let capacity = &common.capacity;
    let may = match capacity.role {
        // A lead for the whole ledger leads for each organisation.
        Role::Lead => match (&assigned.lead, &assigned.organisation) {
            (_, Some(organisation)) => capacity.of.as_ref().is_none_or(|of| of == organisation),
            (Some(_), None) => false,
            (None, None) => true,
        },
        Role::Secretary => common.meeting.is_some() || !fields.evidence.is_empty(),
        _ => false,
    };
    if is_owner || (may && capacity.role != Role::Secretary) {
        return Ok(());
    }
    if may {
        // What shows it is enough; else it was reported in a meeting that took place.
        let meeting = common.meeting.as_ref();
        let meeting = meeting.filter(|_| fields.evidence.is_empty());
        return meeting.map_or(Ok(()), |id| meetings::held(views, id).map(|_| ()));
    }
    let message = format!(
        "{} is owned by the {}, who says that it is done",
        common.subject, assigned.owner
    );
    let advice = match capacity.role {
        Role::Secretary => {
            "name in meeting where it was reported as done, or in evidence what shows it"
        }
        _ => "have its owner record it, or the secretary, with what shows it in evidence",
    };
    Err(
        Refusal::new(RefusalKind::NotAuthorised, "action-completed-by", message)
            .because_of([assigned.at.position])
            .instead(advice),
    )
}

fn by_the_body(views: &Views, candidate: &Candidate, action: &Action) -> Result<(), Refusal> {
    let common = &candidate.body.common;
    let Some(id) = &common.meeting else {
        return Ok(()); // The event's own checks ask for it.
    };
    let (meeting, _) = meetings::held(views, id)?;
    let Some(body) = body_of(views, &common.subject, action) else {
        return Ok(()); // Nobody knows who assigned it.
    };
    let by = meeting.body();
    if by.is_some_and(|by| on_behalf::answers_for(views, by, body)) {
        return Ok(());
    }
    let message = format!(
        "{} was assigned by {body}, and {id} is not its meeting",
        common.subject
    );
    Err(broken("action-closing-body", message)
        .because_of([action.assigned.at.position])
        .instead(format!(
            "name the meeting of {body}, of the body that it answers to, or of its successor"
        )))
}

/// The body that assigned it: the one that it names, or in whose meeting it was assigned.
fn body_of<'a>(views: &'a Views, id: &SubjectId, action: &'a Action) -> Option<&'a SubjectId> {
    let assigned = &action.assigned;
    assigned
        .body
        .as_ref()
        .or_else(|| decisions::meeting_body(views, assigned.at))
        .or_else(|| views.belonging.body_of(id, Moment::NOW))
}
