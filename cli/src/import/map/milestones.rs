//! Milestones and the moving of their dates.

use minutebook_events::catalogue::milestones::{
    MilestoneBroughtForward, MilestoneCompleted, MilestoneDateRestated, MilestoneSet,
    MilestoneSlipped, Standing,
};
use minutebook_events::period::{Change, compare};
use minutebook_events::{Event, Kind, Payload, Period};

use super::{PLAN, Rec, infer, infer_from, open, remark};
use crate::import::date::SeedDate;
use crate::import::file::Record;
use crate::import::node::Node;
use crate::import::section::Section;
use crate::import::seed;

/// A milestone is set with the first date that the document tells of:
///
/// - where its date was moved (`milestone_changes`), the one from which it was moved; the move comes
///   as an event of its own;
/// - where it stands under a heading that ends in a time, such as "Next steps - 2025/26 and beyond",
///   and prints a narrower date, the heading's; the narrower date is then a restatement of it;
/// - or else the date printed. Without one it stays undated.
pub(super) fn milestone(r: &Rec<'_>, m: seed::Milestone) -> Vec<Event> {
    let printed = r.date("due", &m.due);
    let when = r.date("when", &m.when);
    let moved_from = first_date(r);
    let heading = match (&moved_from, &printed) {
        (None, Some(printed)) => wider_heading(&r.record.shared.source.section, printed),
        _ => None,
    };
    let complete = m.state.as_deref() == Some("complete");
    let moved = moved_from.is_some();
    let due = moved_from
        .or_else(|| heading.clone())
        .or_else(|| printed.clone());
    let payload = MilestoneSet {
        title: m.title,
        parent: r.refer_to("parent", &m.parent, PLAN),
        strategy: r.refer_to("strategy", &m.strategy, &[Kind::Strategy]),
        due: due.clone(),
        level: m.kind,
        organisation: r.refer_to("organisation", &m.organisation, &[Kind::Organisation]),
        owner: None,
        lead: None,
        intent: m.wording,
        pace: m.pace,
        needs_approval: m.needs_approval,
        depends_on: m.depends_on,
        place: m.place,
        // A state that the document reports after the milestone was set comes with the event that
        // reports it: the completion, or the change of date.
        state: m.state.filter(|_| !complete && !moved),
    };
    let mut events = vec![r.event(payload, |common| {
        infer_from(common, due.as_ref());
        if heading.is_some() {
            infer(common, "heading");
        }
        open(common, "due", due.is_none());
    })];
    if let (Some(heading), Some(printed)) = (heading, printed) {
        let payload = MilestoneDateRestated {
            from: heading,
            to: printed,
            standing: Standing::Reported,
            agreed_by: None,
        };
        events.push(r.event(payload, |common| {
            infer(common, "heading");
            common.reason =
                Some("the document gives this date under a heading with a wider one".into());
        }));
    }
    if complete {
        let payload = MilestoneCompleted {
            result: None,
            evidence: vec![],
            decision: None,
        };
        events.push(r.event(payload, |common| {
            infer_from(common, when.as_ref());
            open(common, "effective", when.is_none());
            common.effective = when;
        }));
    } else if m.when.is_some() {
        r.fail(
            "when",
            "says when the milestone was met, and its state is not complete",
        );
    }
    events
}

/// The changes of this milestone's date, in the file's order.
fn changes<'m>(r: &Rec<'m>, milestone: &'m str) -> impl Iterator<Item = &'m Record> {
    r.file().records.iter().filter(move |other| {
        other.section == Section::MilestoneChanges
            && other.own.get("milestone").and_then(Node::text) == Some(milestone)
    })
}

/// The date before the first change. What is wrong with it is said where the change is read.
fn first_date(r: &Rec<'_>) -> Option<Period> {
    date_of(r, changes(r, r.id()).next()?, "previous_due")
}

fn date_of(r: &Rec<'_>, change: &Record, field: &str) -> Option<Period> {
    let date = change.own.get(field)?.read::<SeedDate>().ok()?;
    date.period(r.file().date.as_ref()).ok()
}

/// The time that a heading ends in, such as `2025/26 and beyond` in "Next steps - 2025/26 and beyond
/// (1/2)", where `printed` is only a narrower saying of it.
fn wider_heading(section: &str, printed: &Period) -> Option<Period> {
    let heading = section
        .rsplit_once(" (")
        .map_or(section, |(heading, _)| heading);
    let (_, words) = heading.rsplit_once(" - ")?;
    let wider = Period::parse(words).ok()?;
    (compare(&wider, printed) == Change::Narrowed).then_some(wider)
}

/// A change of date, as the document reports it. Nobody is said to have agreed it, so it stands as
/// reported: it moves the forecast and leaves the baseline.
pub(super) fn change(r: &Rec<'_>, c: seed::MilestoneChange) -> Vec<Event> {
    let milestone = r.refer("milestone", &c.milestone, &[Kind::Milestone]);
    let (Some(from), Some(to)) = (
        needed(r, "previous_due", &c.previous_due),
        needed(r, "new_due", &c.new_due),
    ) else {
        return Vec::new();
    };
    let Some(milestone) = milestone else {
        return Vec::new();
    };
    if c.reason
        .as_deref()
        .is_none_or(|reason| reason.trim().is_empty())
    {
        r.fail("reason", "a change of date needs its reason");
    }
    follows(r, &c.milestone, &from, &to);
    let change = compare(&from, &to);
    let standing = Standing::Reported;
    let by = c.by;
    let payload: Payload = match (c.kind.as_str(), &change) {
        ("slipped", Change::Slipped(_)) => MilestoneSlipped {
            from: from.clone(),
            to,
            by,
            standing,
            agreed_by: None,
        }
        .into(),
        ("brought forward", Change::BroughtForward(_)) => MilestoneBroughtForward {
            from: from.clone(),
            to,
            by,
            standing,
            agreed_by: None,
        }
        .into(),
        ("restated", Change::Narrowed | Change::Widened) => MilestoneDateRestated {
            from: from.clone(),
            to,
            standing,
            agreed_by: None,
        }
        .into(),
        (kind, change) => {
            r.fail(
                "kind",
                format!("from {from} to {to} is {}, not {kind}", change.verb()),
            );
            return Vec::new();
        }
    };
    let state = milestone_state(r, &c.milestone);
    vec![r.event_about(milestone, payload, |common| {
        common.reason = c.reason;
        infer_from(common, Some(&from));
        if let Some(state) = state {
            remark(common, &format!("the document's reading: {state}"));
        }
    })]
}

fn needed(r: &Rec<'_>, field: &str, date: &Option<SeedDate>) -> Option<Period> {
    if date.is_none() {
        r.fail(field, "is missing");
    }
    r.date(field, date)
}

/// Each change must start where the one before it ended, and the last must end where the milestone's
/// own record stands.
fn follows<'m>(r: &Rec<'m>, milestone: &'m str, from: &Period, to: &Period) {
    let all: Vec<&Record> = changes(r, milestone).collect();
    let Some(at) = all.iter().position(|other| std::ptr::eq(*other, r.record)) else {
        return;
    };
    if let Some(before) = at
        .checked_sub(1)
        .and_then(|at| date_of(r, all[at], "new_due"))
        && (before.from, before.to) != (from.from, from.to)
    {
        r.fail(
            "previous_due",
            format!("the change before it ended at {before}, not {from}"),
        );
    }
    let owner =
        r.m.ids
            .get(milestone)
            .map(|&index| &r.file().records[index]);
    if at + 1 == all.len()
        && let Some(owner) = owner
        && let Some(due) = date_of(r, owner, "due")
        && (due.from, due.to) != (to.from, to.to)
    {
        r.fail(
            "new_due",
            format!("{milestone} itself is due {due}, not {to}"),
        );
    }
}

fn milestone_state<'m>(r: &Rec<'m>, milestone: &str) -> Option<&'m str> {
    let record = &r.file().records[*r.m.ids.get(milestone)?];
    // "slipped" says no more than the event itself.
    record
        .own
        .get("state")
        .and_then(Node::text)
        .filter(|state| *state != "slipped")
}
