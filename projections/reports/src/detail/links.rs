//! What something is linked to, by its kind: what follows from a decision, what a meeting did, who
//! was asked to sign.

use jiff::civil::Date;
use minutebook_events::{Kind, SubjectId};
use minutebook_papers::{Cell, Column, Section, Table};
use minutebook_projections::AsOf;
use minutebook_projections::quorum::quorum;
use minutebook_projections::stated::At;

use super::Link;
use crate::context::{Context, counted, date_words};
use crate::registers::row::Said;
use crate::registers::{Asking, Filter, cells, meetings, milestones, progress, signoffs};

/// What something is linked to, and the sections that show it.
pub(super) fn links(context: &Context<'_>, day: Date, id: &SubjectId) -> (Vec<Link>, Vec<Section>) {
    let as_of = context.as_of;
    let mut sections = match id.kind() {
        Kind::Meeting => meeting(context, id),
        Kind::SignOff => sign_off(context, day, id),
        Kind::Milestone => milestone(context, day, id),
        Kind::Metric => metric(context, id),
        Kind::Body => holders(context, id),
        _ => Vec::new(),
    };
    let links = match id.kind() {
        Kind::Decision => of_decision(as_of, id),
        Kind::Meeting => of_meeting(as_of, id),
        Kind::Body => of_body(as_of, id),
        Kind::Aim | Kind::Strategy | Kind::Objective | Kind::Milestone => of_plan(as_of, id),
        Kind::Agreement => vec![Link {
            what: "Sign-offs",
            ids: all(as_of, &as_of.views.signoffs, |one| {
                one.agreement() == Some(id)
            }),
        }],
        _ => Vec::new(),
    };
    let links: Vec<Link> = links
        .into_iter()
        .filter(|link| !link.ids.is_empty())
        .collect();
    sections.extend(links.iter().map(|link| listed(context, link)));
    (links, sections)
}

fn listed(context: &Context<'_>, link: &Link) -> Section {
    let mut table = Table::new([Column::text("What"), Column::text("Reference")]);
    for id in &link.ids {
        table = table.row([Cell::new(context.called(id)), Cell::new(id.to_string())]);
    }
    Section::new(format!("{} ({})", link.what, link.ids.len())).block(table.into())
}

/// The ids of those in a table that are so.
fn all<T>(
    as_of: AsOf<'_>,
    table: &minutebook_projections::table::Table<T>,
    is_so: impl Fn(&T) -> bool,
) -> Vec<SubjectId> {
    let found = table.iter_at(as_of.moment).filter(|(_, one)| is_so(one));
    found.map(|(id, _)| id.clone()).collect()
}

fn of_decision(as_of: AsOf<'_>, id: &SubjectId) -> Vec<Link> {
    let views = as_of.views;
    let agreed = |milestone: &minutebook_projections::milestones::Milestone| {
        let mut changes = milestone.changes.iter();
        changes.any(|change| change.agreed_by.as_deref() == Some(id))
    };
    let superseded = |one: &minutebook_projections::decisions::Decision| {
        let by = one.superseded.as_ref().map(|one| &one.superseded_by);
        by == Some(id)
    };
    vec![
        Link {
            what: "Actions that follow from it",
            ids: all(as_of, &views.actions, |one| {
                one.assigned.decision.as_ref() == Some(id)
            }),
        },
        Link {
            what: "Milestones whose dates it agreed",
            ids: all(as_of, &views.milestones, agreed),
        },
        Link {
            what: "Decisions whose place it took",
            ids: all(as_of, &views.decisions, superseded),
        },
        Link {
            what: "Evaluations that inform it",
            ids: all(as_of, &views.evaluations, |one| {
                let reported = one.reported.as_ref();
                reported.is_some_and(|one| one.informs.contains(id))
            }),
        },
    ]
}

fn of_meeting(as_of: AsOf<'_>, id: &SubjectId) -> Vec<Link> {
    let views = as_of.views;
    let made_in = |at: At| {
        let entry = as_of.entry(at);
        entry.is_some_and(|(_, said)| said.meeting.as_ref() == Some(id))
    };
    let known = |ids: &mut dyn Iterator<Item = &SubjectId>,
                 is_there: &dyn Fn(&SubjectId) -> bool| {
        ids.filter(|id| is_there(id)).cloned().collect()
    };
    vec![
        Link {
            what: "Decisions made in it",
            ids: all(as_of, &views.decisions, |one| {
                one.made.as_ref().is_some_and(|made| made_in(made.at))
            }),
        },
        Link {
            what: "Actions given in it",
            ids: all(as_of, &views.actions, |one| made_in(one.assigned.at)),
        },
        Link {
            what: "Its minutes",
            ids: known(&mut views.minutes.of_meeting.of(id), &|id| {
                as_of.get(&views.minutes.table, id).is_some()
            }),
        },
        Link {
            what: "Minutes that it approved",
            ids: all(as_of, &views.minutes.table, |one| {
                one.approved.as_ref().is_some_and(|one| made_in(one.at))
            }),
        },
        Link {
            what: "Papers",
            ids: known(&mut views.papers.for_meeting.of(id), &|id| {
                as_of.get(&views.papers.table, id).is_some()
            }),
        },
        Link {
            what: "Interests declared at it",
            ids: known(&mut views.interests.at_meeting.of(id), &|id| {
                as_of.get(&views.interests.table, id).is_some()
            }),
        },
    ]
}

fn of_body(as_of: AsOf<'_>, id: &SubjectId) -> Vec<Link> {
    let subjects = as_of.views.belonging.subjects_of(id, as_of.moment);
    let subjects: Vec<&SubjectId> = subjects.collect();
    let of = |kinds: &[Kind]| {
        let found = subjects.iter().filter(|one| kinds.contains(&one.kind()));
        found.map(|id| (*id).clone()).collect()
    };
    let below = as_of.body_and_below(id).into_iter();
    vec![
        Link {
            what: "Bodies below it",
            ids: below.filter(|one| *one != id).cloned().collect(),
        },
        Link {
            what: "Its meetings",
            ids: of(&[Kind::Meeting]),
        },
        Link {
            what: "Its decisions",
            ids: of(&[Kind::Decision]),
        },
        Link {
            what: "Its actions",
            ids: of(&[Kind::Action]),
        },
        Link {
            what: "Its part of the plan",
            ids: of(&[Kind::Strategy, Kind::Aim, Kind::Objective, Kind::Milestone]),
        },
        Link {
            what: "Its sign-offs and agreements",
            ids: of(&[Kind::SignOff, Kind::Agreement]),
        },
    ]
}

fn of_plan(as_of: AsOf<'_>, id: &SubjectId) -> Vec<Link> {
    let views = as_of.views;
    let metrics = views.metrics.of.of(id);
    let metrics = metrics.filter(|id| as_of.get(&views.metrics.table, id).is_some());
    vec![
        Link {
            what: "Under it",
            ids: views.plan.children(id, as_of.moment).cloned().collect(),
        },
        Link {
            what: "Metrics",
            ids: metrics.cloned().collect(),
        },
        Link {
            what: "Decisions about it",
            ids: all(as_of, &views.decisions, |one| {
                let made = one.made.as_ref();
                let made = made.is_some_and(|one| {
                    [&one.parent, &one.strategy]
                        .into_iter()
                        .flatten()
                        .any(|one| one == id)
                });
                let foreseen = one.foreseen.as_ref();
                made || foreseen.is_some_and(|one| {
                    [&one.parent, &one.strategy]
                        .into_iter()
                        .flatten()
                        .any(|one| one == id)
                })
            }),
        },
        Link {
            what: "Risks to it",
            ids: all(as_of, &views.risks.table, |one| {
                one.raised.objective.as_ref() == Some(id)
            }),
        },
    ]
}

fn meeting(context: &Context<'_>, id: &SubjectId) -> Vec<Section> {
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

fn sign_off(context: &Context<'_>, day: Date, id: &SubjectId) -> Vec<Section> {
    let rows = signoffs::rows(context.as_of, day, &Filter::default());
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

fn milestone(context: &Context<'_>, day: Date, id: &SubjectId) -> Vec<Section> {
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

fn dates(context: &Context<'_>, dates: &crate::registers::row::Dates) -> Section {
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

fn metric(context: &Context<'_>, id: &SubjectId) -> Vec<Section> {
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
fn holders(context: &Context<'_>, id: &SubjectId) -> Vec<Section> {
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
