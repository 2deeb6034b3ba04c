//! `minutebook status`: how the plan stands, and what the record is made of.

use minutebook_events::catalogue::Rating;
use minutebook_events::period::{Change, compare};
use minutebook_events::{Payload, Period, SubjectId};
use minutebook_projections::Views;
use minutebook_projections::milestones::{Milestone, State};
use minutebook_projections::plan::Step;
use minutebook_projections::table::Moment;
use serde_json::{Value, json};

use super::{Context, short_hex};
use crate::failure::Failure;
use crate::folder::OpenLedger;
use crate::narrate::as_written;
use crate::output::{Page, date_time, iso_time, plural};

/// Show the plan with its dates as they were written, and what the record is made of
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    minutebook status\n  \
    minutebook status --ledger nwl aim/prevention     (one part of the plan)\n\n\
    A date stands as it was written. 2024/25 → 25/26 (slipped one year) means that\n\
    the milestone was first due in 2024/25 and is now due in 25/26; `minutebook\n\
    history` tells why.")]
pub struct Args {
    /// A strategy, aim or objective, to see that part alone
    #[arg(value_name = "SUBJECT")]
    under: Option<SubjectId>,
}

/// Runs the command.
///
/// # Errors
/// Where the part asked for is not in the plan.
pub fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    let ledger = context.open()?;
    let published = ledger.views();
    let views = &published.views;
    if let Some(under) = &args.under
        && views.plan.get(under).is_none()
    {
        return Err(Failure::new(
            format!("the plan has no {under}"),
            "`minutebook status` shows the whole plan with the names of its parts",
        ));
    }
    let steps: Vec<Step<'_>> = match &args.under {
        Some(under) => views.plan.walk_from(under, Moment::NOW).collect(),
        None => views.plan.walk(Moment::NOW).collect(),
    };
    let mut page = context.out.page();
    head(&mut page, &ledger)?;
    if steps.is_empty() {
        page.blank().text_block(
            "There is no plan yet. `minutebook record StrategyAdopted --help` begins one.",
        );
    } else {
        page.blank().line("The plan").blank();
        steps.iter().for_each(|step| node(&mut page, views, step));
    }
    let json = json!({
        "ledger": ledger.name,
        "origin": ledger.log.origin(),
        "checkpoint": {"size": published.head.size, "root": published.head.root.to_string()},
        "recorded_at": published.recorded_at,
        "recorded": iso_time(published.recorded_at),
        "counts": views.summary(),
        "plan": steps.iter().map(|step| node_json(views, step)).collect::<Vec<_>>(),
    });
    ledger.close()?;
    context.out.answer(&json, &page)
}

fn head(page: &mut Page, ledger: &OpenLedger) -> Result<(), Failure> {
    let published = ledger.views();
    let views = &published.views;
    let summary = views.summary();
    let partnership = match &ledger.log.entry(0)?.content {
        minutebook_events::Content::Event(event) => match &event.payload {
            Payload::LedgerOpened(genesis) => genesis.partnership.clone(),
            _ => ledger.name.clone(),
        },
        _ => ledger.name.clone(),
    };
    page.line(format!("{partnership} ({})", ledger.name))
        .blank();
    let slips = [
        (summary.slipped, "slipped"),
        (summary.brought_forward, "brought forward"),
        (summary.restated, "restated"),
        (summary.completed, "completed"),
    ];
    let moved: Vec<String> = slips
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    let mut milestones = summary.milestones.to_string();
    if !moved.is_empty() {
        milestones.push_str(&format!(" ({})", moved.join(", ")));
    }
    let officers = views.people.officers().count() as u64;
    page.fields(
        2,
        [
            (
                "entries",
                format!(
                    "{}, the newest recorded {}",
                    summary.entries,
                    date_time(published.recorded_at)
                ),
            ),
            ("fingerprint", short_hex(&published.head.root.0)),
            ("officers", officers.to_string()),
            ("milestones", milestones),
            ("decisions", summary.decisions.to_string()),
            (
                "sign-offs",
                format!(
                    "{}, with {}",
                    summary.sign_offs,
                    plural(summary.signatures, "signature", "signatures")
                ),
            ),
        ],
    );
    let gaps = views.records.gaps();
    if !gaps.is_empty() {
        page.fields(
            2,
            [(
                "not here",
                format!("{} withheld, {} erased", gaps.withheld, gaps.erased),
            )],
        );
    }
    Ok(())
}

fn node(page: &mut Page, views: &Views, step: &Step<'_>) {
    let indent = 2 + 2 * step.depth;
    let kind = step
        .node
        .level
        .as_deref()
        .map(str::to_owned)
        .unwrap_or_else(|| step.id.kind().name().to_owned());
    let pad = " ".repeat(indent);
    let title = format!("{} ({})", step.node.title, step.id);
    page.hanging(&format!("{pad}{}: ", capitalised(&kind)), &title);
    let facts = facts(views, step);
    if !facts.is_empty() {
        page.hanging(&format!("{pad}  "), &facts.join("; "));
    }
}

/// What stands beside a title: dates, state, rating.
fn facts(views: &Views, step: &Step<'_>) -> Vec<String> {
    let mut facts = Vec::new();
    match views.milestones.get(step.id) {
        Some(milestone) => {
            facts.extend(dates(milestone));
            match &milestone.state {
                State::Open => facts.extend(step.node.state.iter().map(ToString::to_string)),
                State::Completed { on: Some(on), .. } => {
                    facts.push(format!("completed {}", as_written(on)))
                }
                State::Completed { on: None, .. } => facts.push("completed".into()),
                State::Withdrawn { .. } => facts.push("withdrawn".into()),
            }
        }
        None => {
            facts.extend(step.node.horizon.iter().map(|when| as_written(when)));
            facts.extend(step.node.state.iter().map(ToString::to_string));
            if step.node.withdrawn_at.is_some() {
                facts.push("withdrawn".into());
            }
        }
    }
    if let Some(reports) = views.status.get(step.id) {
        match &reports.rating {
            Some(Rating::Value(value)) => facts.push(format!("rated {value}")),
            Some(Rating::NotRated) => facts.push("not rated".into()),
            Some(Rating::NotStated) => facts.push("rating not stated".into()),
            None => facts.extend(reports.state.clone()),
        }
    }
    facts.dedup();
    facts
}

/// Every date that a milestone had, in the words of each, and how far it has moved in all.
fn dates(milestone: &Milestone) -> Option<String> {
    let mut words: Vec<String> = milestone.first().into_iter().map(as_written).collect();
    words.extend(
        milestone
            .changes
            .oldest_first()
            .map(|change| as_written(&change.to)),
    );
    if words.is_empty() {
        return None;
    }
    let moved = moved(milestone.first(), milestone.due());
    Some(format!("due {}{moved}", words.join(" → ")))
}

fn moved(first: Option<&Period>, now: Option<&Period>) -> String {
    let (Some(first), Some(now)) = (first, now) else {
        return String::new();
    };
    match compare(first, now) {
        Change::Slipped(shift) => format!(" (slipped {})", shift.whole),
        Change::BroughtForward(shift) => format!(" (brought forward {})", shift.whole),
        _ => String::new(),
    }
}

fn node_json(views: &Views, step: &Step<'_>) -> Value {
    let milestone = views.milestones.get(step.id).map(|milestone| {
        json!({
            "first": milestone.first(),
            "due": milestone.due(),
            "baseline": milestone.baseline(),
            "changes": milestone.changes.oldest_first().collect::<Vec<_>>(),
            "state": milestone.state,
        })
    });
    json!({
        "id": step.id,
        "depth": step.depth,
        "node": step.node,
        "milestone": milestone,
        "status": views.status.get(step.id),
    })
}

fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}
