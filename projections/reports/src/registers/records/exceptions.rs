//! What should have been in the record by a meeting, and was not: entries that came after it, and
//! actions of the chair that it was not told of.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;
use minutebook_events::SubjectId;
use minutebook_events::catalogue::DecisionManner;
use minutebook_projections::AsOf;
use minutebook_projections::effective::day_of;
use minutebook_projections::entries::Said;
use minutebook_projections::stated::At;

use super::{Record, Sort, record, row};
use crate::context::{date_words, day_words};
use crate::registers::asking::Asking;
use crate::registers::row::Row;

/// The meetings that each body held, with the day of each.
pub(super) struct Held<'a>(HashMap<&'a SubjectId, Vec<(Date, &'a SubjectId)>>);

impl<'a> Held<'a> {
    pub fn new(as_of: AsOf<'a>) -> Self {
        let mut held: HashMap<_, Vec<_>> = HashMap::new();
        for (id, meeting) in as_of.all(&as_of.views.meetings) {
            let date = meeting.held.as_ref().and(meeting.date());
            if let (Some(body), Some(day)) = (meeting.body(), date.and_then(|date| date.end())) {
                held.entry(body).or_default().push((day, id));
            }
        }
        Self(held)
    }

    fn of(&self, body: Option<&SubjectId>) -> &[(Date, &'a SubjectId)] {
        let held = body.and_then(|body| self.0.get(body));
        held.map_or(&[], Vec::as_slice)
    }
}

/// What was true before a later meeting of its body was held, and was recorded only after it. What
/// was minuted was true on the day of that meeting, where no other day is given.
pub(super) fn late(asking: &Asking<'_>, held: &Held<'_>, rows: &mut Vec<Row<Record>>) {
    let as_of = asking.as_of;
    for (tick, entry, said) in as_of.entries(0..as_of.ticks()) {
        if said.imported {
            continue;
        }
        let (Some((was, body)), Some(recorded)) = (when(as_of, said), day_of(entry.recorded_at))
        else {
            continue;
        };
        let mut meetings = held.of(body).iter();
        if meetings.any(|(day, _)| was < *day && *day <= recorded) {
            let what = format!(
                "{}, recorded {}",
                crate::sentence::title(said.event),
                date_words(entry.recorded_at)
            );
            let at = At {
                position: entry.position,
                tick,
            };
            let fields = record(Sort::Late, what);
            rows.push(row(asking, &said.subject, at, None, fields));
        }
    }
}

/// The last day on which it became true, and the body whose meetings it should have come before.
fn when<'a>(as_of: AsOf<'a>, said: &'a Said) -> Option<(Date, Option<&'a SubjectId>)> {
    if let Some(when) = &said.effective {
        return Some((when.end()?, as_of.body_of(&said.subject)));
    }
    let meeting = as_of.get(&as_of.views.meetings, said.meeting.as_ref()?)?;
    Some((meeting.date()?.end()?, meeting.body()))
}

/// Decisions by chair's action whose body has met since, where nothing that was decided or assigned
/// there names them. A meeting on the day of the action may have been told of it too.
pub(super) fn unreported(asking: &Asking<'_>, held: &Held<'_>, rows: &mut Vec<Row<Record>>) {
    let as_of = asking.as_of;
    let mut named = None;
    for (id, decision) in as_of.all(&as_of.views.decisions) {
        let Some(made) = &decision.made else { continue };
        let entry = as_of.entry(made.at).filter(|(_, said)| !said.imported);
        let by_chair = made.manner == Some(DecisionManner::ChairsAction);
        let Some((entry, said)) = entry.filter(|_| by_chair) else {
            continue;
        };
        let acted = said.effective.as_ref().and_then(|when| when.end());
        let Some(acted) = acted.or_else(|| day_of(entry.recorded_at)) else {
            continue;
        };
        let meetings = held.of(decision.body());
        let later = meetings.iter().filter(|(day, _)| *day > acted);
        let Some((day, next)) = later.min_by_key(|(day, _)| *day) else {
            continue;
        };
        let named = named.get_or_insert_with(|| named_at_meetings(as_of));
        let mut told = meetings
            .iter()
            .filter(|(met, _)| acted <= *met && met <= day);
        if !told.any(|(_, meeting)| named.contains(&(*meeting, id))) {
            let called = minutebook_projections::title::title(as_of, next);
            let called = called.unwrap_or_else(|| next.to_string());
            let what = format!("nothing of {called}, {}, names it", day_words(*day));
            let fields = record(Sort::Unreported, what);
            rows.push(row(asking, id, made.at, None, fields));
        }
    }
}

/// Each decision that something made at a meeting names, with that meeting.
fn named_at_meetings(as_of: AsOf<'_>) -> HashSet<(&SubjectId, &SubjectId)> {
    let meeting = |at: At| {
        let (_, said) = as_of.entry(at)?;
        said.meeting.as_deref()
    };
    let mut named = HashSet::new();
    for (id, decision) in as_of.all(&as_of.views.decisions) {
        if let Some(made) = &decision.made
            && let Some(meeting) = meeting(made.at)
        {
            let all = made.evidence.iter().chain(&made.parent);
            named.extend(all.map(|one| (meeting, one)));
        }
        let superseded = decision.superseded.as_ref().map(|one| one.at);
        let rescinded = decision.rescinded.as_ref().map(|one| one.at);
        let ended = superseded.into_iter().chain(rescinded);
        named.extend(ended.filter_map(meeting).map(|meeting| (meeting, id)));
    }
    for (_, action) in as_of.all(&as_of.views.actions) {
        let decision = action.assigned.decision.as_ref();
        if let (Some(decision), Some(meeting)) = (decision, meeting(action.assigned.at)) {
            named.insert((meeting, decision));
        }
    }
    named
}
