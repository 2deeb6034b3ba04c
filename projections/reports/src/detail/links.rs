//! What something is linked to, by its kind: what follows from a decision, what a meeting did.

use std::collections::BTreeSet;

use jiff::civil::Date;
use minutebook_events::{Kind, SubjectId};
use minutebook_papers::{Cell, Column, Section, Table};
use minutebook_projections::AsOf;
use minutebook_projections::decisions::Decision;
use minutebook_projections::milestones::Milestone;

use super::Link;
use super::tables;
use crate::context::Context;

/// What something is linked to, and the sections that show it.
pub(super) fn links(context: &Context<'_>, day: Date, id: &SubjectId) -> (Vec<Link>, Vec<Section>) {
    let as_of = context.as_of;
    let mut sections = match id.kind() {
        Kind::Meeting => tables::meeting(context, id),
        Kind::SignOff => tables::sign_off(context, day, id),
        Kind::Milestone => tables::milestone(context, day, id),
        Kind::Metric => tables::metric(context, id),
        Kind::Body => tables::holders(context, id),
        _ => Vec::new(),
    };
    let links = match id.kind() {
        Kind::Decision => of_decision(as_of, id),
        Kind::Meeting => of_meeting(as_of, id),
        Kind::Body => of_body(as_of, id),
        Kind::Aim | Kind::Strategy | Kind::Objective | Kind::Milestone => of_plan(as_of, id),
        Kind::Agreement => vec![Link {
            what: "Sign-offs",
            ids: naming(as_of, id, &as_of.views.signoffs, |one| {
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

/// The ids of those in a table that name something and are so, in order.
fn naming<T>(
    as_of: AsOf<'_>,
    id: &SubjectId,
    table: &minutebook_projections::table::Table<T>,
    is_so: impl Fn(&T) -> bool,
) -> Vec<SubjectId> {
    let ids = as_of.views.naming.of(id);
    in_order(ids.filter(|id| as_of.get(table, id).is_some_and(&is_so)))
}

fn in_order<'a>(ids: impl Iterator<Item = &'a SubjectId>) -> Vec<SubjectId> {
    let ids: BTreeSet<&SubjectId> = ids.collect();
    ids.into_iter().cloned().collect()
}

fn of_decision(as_of: AsOf<'_>, id: &SubjectId) -> Vec<Link> {
    let views = as_of.views;
    let agreed = |milestone: &Milestone| {
        let mut changes = milestone.changes.iter();
        changes.any(|change| change.agreed_by.as_deref() == Some(id))
    };
    let superseded = |one: &Decision| {
        let by = one.superseded.as_ref().map(|one| &one.superseded_by);
        by == Some(id)
    };
    vec![
        Link {
            what: "Actions that follow from it",
            ids: naming(as_of, id, &views.actions, |one| {
                one.assigned.decision.as_ref() == Some(id)
            }),
        },
        Link {
            what: "Milestones whose dates it agreed",
            ids: naming(as_of, id, &views.milestones, agreed),
        },
        Link {
            what: "Decisions whose place it took",
            ids: naming(as_of, id, &views.decisions, superseded),
        },
        Link {
            what: "Evaluations that inform it",
            ids: naming(as_of, id, &views.evaluations, |one| {
                let reported = one.reported.as_ref();
                reported.is_some_and(|one| one.informs.contains(id))
            }),
        },
    ]
}

fn of_meeting(as_of: AsOf<'_>, id: &SubjectId) -> Vec<Link> {
    let views = as_of.views;
    let made_in = |is_one: &dyn Fn(u64, &SubjectId) -> bool| {
        let entries = views.entries.made_in(id, as_of.moment);
        let about = entries.map(|(tick, _, said)| (tick, &*said.subject));
        in_order(
            about
                .filter(|(tick, id)| is_one(*tick, id))
                .map(|(_, id)| id),
        )
    };
    let decided = |tick: u64, id: &SubjectId| {
        let decision = as_of.get(&views.decisions, id);
        let made = decision.and_then(|one| one.made.as_ref());
        made.is_some_and(|made| made.at.tick == tick)
    };
    let given = |tick: u64, id: &SubjectId| {
        let action = as_of.get(&views.actions, id);
        action.is_some_and(|one| one.assigned.at.tick == tick)
    };
    let approved = |tick: u64, id: &SubjectId| {
        let minutes = as_of.get(&views.minutes.table, id);
        let approved = minutes.and_then(|one| one.approved.as_ref());
        approved.is_some_and(|approved| approved.at.tick == tick)
    };
    let known = |ids: &mut dyn Iterator<Item = &SubjectId>,
                 is_there: &dyn Fn(&SubjectId) -> bool| {
        ids.filter(|id| is_there(id)).cloned().collect()
    };
    vec![
        Link {
            what: "Decisions made in it",
            ids: made_in(&decided),
        },
        Link {
            what: "Actions given in it",
            ids: made_in(&given),
        },
        Link {
            what: "Its minutes",
            ids: known(&mut views.minutes.of_meeting.of(id), &|id| {
                as_of.get(&views.minutes.table, id).is_some()
            }),
        },
        Link {
            what: "Minutes that it approved",
            ids: made_in(&approved),
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
            ids: naming(as_of, id, &views.decisions, |one| {
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
            ids: naming(as_of, id, &views.risks.table, |one| {
                one.raised.objective.as_ref() == Some(id)
            }),
        },
    ]
}
