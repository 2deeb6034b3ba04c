//! The meetings, the newest first: whether they could decide, and how far their minutes are.

use jiff::civil::Date;
use minutebook_events::catalogue::{Attendance, MeetingHeld};
use minutebook_events::{Period, SubjectId};
use minutebook_papers::{Cell, Column, Section, Table};
use minutebook_projections::AsOf;
use minutebook_projections::meetings::Meeting as View;
use minutebook_projections::quorum::{Quorum, quorum};
use schemars::JsonSchema;
use serde::Serialize;

use super::asking::Asking;
use super::row::{Named, Row, Who, by_end};
use super::{cells, heading, minutes};
use crate::context::{Context, counted};

/// A meeting.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Meeting {
    /// When it took place, or is to, as written.
    pub date: Option<Period>,
    /// The time of day.
    pub time: Option<String>,
    /// What sort it is, such as `conference`; absent for an ordinary meeting.
    pub kind: Option<String>,
    /// Where it takes place.
    pub place: Option<String>,
    /// Where to join it online.
    pub link: Option<String>,
    /// True where a private part is planned.
    pub part_2: bool,
    /// Whether it could decide; absent where it was not held.
    pub quorum: Option<Quorum>,
    /// Who took the chair.
    pub chaired_by: Option<Named>,
    /// How many members were present; absent where nobody is listed.
    pub present: Option<usize>,
    /// How many others were there, likewise.
    pub in_attendance: Option<usize>,
    /// How many sent apologies, likewise.
    pub apologies: Option<usize>,
    /// How many items the agenda has; absent where none is published.
    pub items: Option<usize>,
    /// How far its minutes are: `no minutes`, `drafted`, `amended`, `approved`.
    pub minutes: &'static str,
    /// The minutes.
    pub minutes_id: Option<SubjectId>,
    /// The law relied on where the public was excluded.
    pub excluded: Vec<String>,
    /// Why it was cancelled.
    pub cancelled_because: Option<String>,
    /// The meeting called instead.
    pub replaced_by: Option<Named>,
}

/// The meetings, the newest first and those without a date last.
pub(crate) fn rows(asking: &Asking<'_>) -> Vec<Row<Meeting>> {
    let (as_of, day) = (asking.as_of, asking.day);
    let mut rows = Vec::new();
    for (id, meeting) in asking.each(&as_of.views.meetings) {
        let state = state(meeting, day);
        let found = quorum(as_of, id, None);
        let quoracy = found.as_ref().map_or("", |found| found.quoracy.name());
        if !asking.wants(id, []) || !asking.wants_state([state, quoracy]) {
            continue;
        }
        let places = std::iter::once(meeting.called.at)
            .chain(meeting.cancelled.iter().map(|one| one.at))
            .chain(meeting.agenda.iter().map(|one| one.at))
            .chain(meeting.held.iter().map(|one| one.at))
            .chain(meeting.excluded.iter().map(|one| one.at));
        let places: Vec<_> = places.collect();
        let fields = fields(asking, id, meeting, found);
        rows.push(asking.row(id, meeting.title(), Some(state.to_owned()), places, fields));
    }
    rows.sort_by_key(|row| {
        let (undated, end) = by_end(row.fields.date.as_ref());
        (undated, std::cmp::Reverse(end))
    });
    rows
}

fn state(meeting: &View, day: Date) -> &'static str {
    let is_past = meeting
        .date()
        .is_some_and(|date| minutebook_projections::is_past(date, day));
    match (&meeting.cancelled, &meeting.held) {
        (_, Some(_)) => "held",
        (Some(_), None) => "cancelled",
        (None, None) if is_past => "not recorded as held",
        (None, None) => "called",
    }
}

fn fields(asking: &Asking<'_>, id: &SubjectId, meeting: &View, quorum: Option<Quorum>) -> Meeting {
    let (as_of, called) = (asking.as_of, &meeting.called);
    let held = meeting.held.as_ref();
    // Where nobody is listed, the record does not say who was there; it does not say nobody was.
    let nobody = |held: &MeetingHeld| {
        held.present.is_empty() && held.in_attendance.is_empty() && held.apologies.is_empty()
    };
    let listed = held.filter(|held| !nobody(held));
    let cancelled = meeting.cancelled.as_ref();
    let mut written = as_of.views.minutes.of_meeting.of(id);
    let written = written.find_map(|id| {
        let minutes = as_of.get(&as_of.views.minutes.table, id)?;
        Some((id, minutes::state(minutes)))
    });
    Meeting {
        date: meeting.date().cloned(),
        time: called.time.clone(),
        kind: called.kind.clone(),
        place: called.place.clone(),
        link: called.link.clone(),
        part_2: called.part_2,
        quorum,
        chaired_by: asking.maybe(held.and_then(|held| held.chaired_by.as_ref())),
        present: listed.map(|held| held.present.len()),
        in_attendance: listed.map(|held| held.in_attendance.len()),
        apologies: listed.map(|held| held.apologies.len()),
        items: meeting.agenda.as_ref().map(|agenda| agenda.items.len()),
        minutes: written.map_or("no minutes", |(_, state)| state),
        minutes_id: written.map(|(id, _)| id.clone()),
        excluded: meeting
            .excluded
            .oldest_first()
            .map(|one| one.fields.statutory_reason.clone())
            .collect(),
        cancelled_because: cancelled.and_then(|one| asking.said(one.at)?.reason),
        replaced_by: asking.maybe(cancelled.and_then(|one| one.replaced_by.as_ref())),
    }
}

/// Someone at a meeting.
pub(crate) fn attendant(as_of: AsOf<'_>, one: &Attendance) -> Who {
    Who {
        person: one.person.clone(),
        post: one.post.clone(),
        organisation: one.organisation.as_ref().map(|id| Named::new(as_of, id)),
    }
}

/// The meetings as a table.
pub fn sections(context: &Context<'_>, rows: &[Row<Meeting>]) -> Vec<Section> {
    let mut table = Table::new([
        Column::text("Meeting"),
        Column::date("Date"),
        Column::text("Could it decide"),
        Column::text("Minutes"),
        Column::text("Entry"),
    ]);
    for row in rows {
        let fields = &row.fields;
        let mut date = cells::stated(fields.date.as_ref());
        date = row
            .state
            .iter()
            .fold(date, |cell, state| cell.note(state.as_str()));
        let why = fields.cancelled_because.iter();
        table = table.row([
            cells::what_of(context, row),
            why.fold(date, |cell, why| cell.note(why.as_str())),
            could_decide(fields),
            match &fields.quorum {
                Some(_) => Cell::new(fields.minutes),
                None => Cell::default(),
            },
            cells::entry(row.said.as_ref()),
        ]);
    }
    vec![Section::new(heading("Meetings", rows.len())).block(table.into())]
}

fn could_decide(fields: &Meeting) -> Cell {
    let Some(quorum) = &fields.quorum else {
        return Cell::default();
    };
    let mut cell = Cell::new(quorum.quoracy.name());
    if let Some(voting) = quorum.voting {
        cell = cell.note(counted(voting as u64, "voting member", "voting members"));
    }
    if quorum.voting.is_none() && quorum.stated.is_some() {
        cell = cell.note("as its record says");
    }
    quorum
        .missing
        .iter()
        .fold(cell, |cell, missing| cell.note(missing.as_str()))
}
