//! What some kinds have that a list of names does not show: the agenda and attendance of a meeting,
//! who was asked to sign, every date of a milestone, every value of a metric, who sits on a body.

use jiff::civil::Date;
use minutebook_events::SubjectId;
use minutebook_papers::{Cell, Column, Section, Table};
use minutebook_projections::quorum::quorum;

use crate::context::{Context, counted, date_words};
use crate::registers::row::{Dates, Said};
use crate::registers::{Asking, Filter, cells, meetings, milestones, progress, signoffs};

pub(super) fn meeting(context: &Context<'_>, id: &SubjectId) -> Vec<Section> {
    let as_of = context.as_of;
    let Some(meeting) = as_of.get(&as_of.views.meetings, id) else {
        return Vec::new();
    };
    let mut sections = Vec::new();
    if let Some(agenda) = &meeting.agenda {
        let mut table = Table::new([
            Column::text("Item"),
            Column::text("What"),
            Column::text("For"),
            Column::text("Could it decide"),
        ]);
        for item in &agenda.items {
            let mut what = Cell::new(item.title.as_str());
            what = item
                .presenter
                .iter()
                .fold(what, |cell, post| cell.note(post.as_str()));
            if item.part_2 {
                what = what.note("in private");
            }
            let found = quorum(as_of, id, Some(&item.number));
            let decided = match &found {
                Some(found) => Cell::new(found.quoracy.name()),
                None => Cell::default(),
            };
            let missing = found.iter().flat_map(|found| &found.missing);
            table = table.row([
                Cell::new(item.number.as_str()),
                what,
                Cell::new(item.purpose.as_ref().map(cells::word).unwrap_or_default()),
                missing.fold(decided, |cell, missing| cell.note(missing.as_str())),
            ]);
        }
        sections.push(Section::new("Agenda").block(table.into()));
    }
    if let Some(held) = &meeting.held {
        let mut table = Table::new([
            Column::text("Who"),
            Column::text("How"),
            Column::text("Joined, left"),
        ]);
        let present = held.present.iter().map(|one| ("present", one));
        let others = held.in_attendance.iter().map(|one| ("in attendance", one));
        let apologies = held.apologies.iter().map(|one| ("apologies", one));
        for (how, one) in present.chain(others).chain(apologies) {
            let who = cells::who(context, &meetings::attendant(as_of, one));
            let how = match one.voting {
                true => Cell::new(how).note("votes"),
                false => Cell::new(how),
            };
            let joined = one.joined.as_ref().map(|when| format!("joined {when}"));
            let left = one.left.as_ref().map(|when| format!("left {when}"));
            table = table.row([
                Cell::new(who),
                how,
                cells::lines(joined.into_iter().chain(left)),
            ]);
        }
        let none = "The record does not say who was there.";
        sections.push(
            Section::new("Attendance")
                .block(table.into())
                .when_empty(none),
        );
    }
    sections
}

pub(super) fn sign_off(context: &Context<'_>, day: Date, id: &SubjectId) -> Vec<Section> {
    let rows = signoffs::rows(&Asking::of(context.as_of, day, id));
    let Some(row) = rows.into_iter().find(|row| row.id == *id) else {
        return Vec::new();
    };
    let mut table = Table::new([
        Column::text("Signatory"),
        Column::text("Answer"),
        Column::text("Reason"),
        Column::text("Entry"),
    ]);
    for one in &row.fields.signatories {
        let mut answer = Cell::new(one.answer);
        if let Some(said) = &one.said {
            answer = answer.note(date_words(said.recorded_at));
        }
        answer = one
            .by
            .iter()
            .fold(answer, |cell, by| cell.note(context.person(by)));
        table = table.row([
            Cell::new(cells::who(context, &one.who)),
            answer,
            Cell::new(one.reason.clone().unwrap_or_default()),
            cells::entry(one.said.as_ref()),
        ]);
    }
    let none = "A document reports this sign-off. Nobody was asked to sign here.";
    vec![
        Section::new("Signatories")
            .block(table.into())
            .when_empty(none),
    ]
}

pub(super) fn milestone(context: &Context<'_>, day: Date, id: &SubjectId) -> Vec<Section> {
    let as_of = context.as_of;
    let filter = Filter::default();
    let asking = Asking::new(as_of, day, &filter);
    let mut sections = Vec::new();
    if let Some(milestone) = as_of.get(&as_of.views.milestones, id) {
        sections.push(dates(context, &milestones::dates(&asking, milestone)));
    }
    let reports = progress::reports(&asking, id);
    if !reports.is_empty() {
        let mut table = Table::new([
            Column::date("When"),
            Column::text("Report"),
            Column::text("Rating, state"),
            Column::text("Entry"),
        ]);
        for report in &reports {
            let stands = report
                .rating
                .clone()
                .into_iter()
                .chain(report.state.clone());
            table = table.row([
                cells::stated(report.as_of.as_ref().or(report.period.as_ref())),
                Cell::new(report.narrative.as_str()),
                cells::lines(stands),
                cells::entry(report.said.as_ref()),
            ]);
        }
        sections.push(Section::new("What was reported").block(table.into()));
    }
    sections
}

fn dates(context: &Context<'_>, dates: &Dates) -> Section {
    let mut table = Table::new([
        Column::date("Date"),
        Column::text("What happened"),
        Column::text("Why"),
        Column::text("Entry"),
    ]);
    if let Some(first) = &dates.first {
        let cells = [
            first.to_string(),
            "first date".into(),
            String::new(),
            String::new(),
        ];
        table = table.row(cells.map(Cell::new));
    }
    for later in &dates.later {
        let said = later.said.as_ref();
        let mut what = Cell::new(later.moved.as_deref().unwrap_or(later.verb));
        what = match &later.agreed_by {
            Some(by) => what.note(format!("agreed by {}", context.called(&by.id))),
            None => later
                .standing
                .iter()
                .fold(what, |cell, word| cell.note(*word)),
        };
        let reason = said.and_then(|said| said.reason.clone());
        table = table.row([
            Cell::new(later.to.to_string()),
            what,
            Cell::new(reason.unwrap_or_default()),
            cells::entry(said),
        ]);
    }
    Section::new("Every date")
        .block(table.into())
        .when_empty("It never had a date.")
}

pub(super) fn metric(context: &Context<'_>, id: &SubjectId) -> Vec<Section> {
    let as_of = context.as_of;
    let Some(metric) = as_of.get(&as_of.views.metrics.table, id) else {
        return Vec::new();
    };
    let mut table = Table::new([
        Column::text("Value"),
        Column::date("For"),
        Column::text("From"),
        Column::text("Entry"),
    ]);
    for one in metric.measurements.oldest_first() {
        let mut value = Cell::new(one.value.as_written.as_str());
        for part in &one.parts {
            value = value.note(format!("{}: {}", part.group, part.value.as_written));
        }
        if one.provisional {
            value = value.note("provisional");
        }
        table = table.row([
            value,
            cells::stated(one.fields.period.as_ref()),
            Cell::new(one.data_source.clone().unwrap_or_default()),
            cells::entry(Said::at(as_of, one.at).as_ref()),
        ]);
    }
    let none = "No value is recorded yet.";
    vec![
        Section::new("Values found")
            .block(table.into())
            .when_empty(none),
    ]
}

/// Who holds something of a body.
pub(super) fn holders(context: &Context<'_>, id: &SubjectId) -> Vec<Section> {
    let as_of = context.as_of;
    let mut table = Table::new([
        Column::text("Who"),
        Column::text("Holds"),
        Column::text("From"),
        Column::text("Votes"),
    ]);
    for (who, held) in as_of.views.people.holders(id, as_of.moment) {
        let role = held.role.map(|role| role.name().to_owned());
        let title = held.title.as_deref().map(str::to_owned);
        let from = held.organisations.iter().map(|id| context.called(id));
        table = table.row([
            Cell::new(context.called(who)).subject(who.clone()),
            cells::lines(role.into_iter().chain(title)),
            cells::lines(from),
            Cell::new(match held.voting {
                Some(true) => "votes",
                Some(false) => "does not vote",
                None => "not stated",
            }),
        ]);
    }
    if table.rows.is_empty() {
        return Vec::new();
    }
    let count = counted(table.rows.len() as u64, "holder", "holders");
    vec![Section::new(format!("Members and officers ({count})")).block(table.into())]
}
