//! `minutebook history`: every entry about one thing, oldest first.

use minutebook_events::{Content, SubjectId};
use serde_json::{Value, json};

use super::people::Names;
use super::show::describe;
use super::{Context, recorded_times};
use crate::failure::Failure;
use crate::folder::OpenLedger;
use crate::narrate;
use crate::output::{date, plural};

/// Show every entry about one thing, oldest first
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    minutebook history milestone/key-worker\n  \
    minutebook history record/12            (what was said about entry 12 itself)")]
pub struct Args {
    /// What it is about, as kind/name
    #[arg(value_name = "SUBJECT")]
    subject: SubjectId,
}

/// Runs the command.
///
/// # Errors
/// Where the record has nothing about it.
pub fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    let ledger = context.open()?;
    let positions: Vec<u64> = ledger.views().views.history(&args.subject).collect();
    if positions.is_empty() {
        return Err(nothing(&args.subject, &ledger));
    }
    let times = recorded_times(&ledger, &positions, context)?;
    let mut names = Names::new(&ledger);
    let mut rows = Vec::new();
    let mut entries: Vec<Value> = Vec::new();
    for (position, recorded_at) in positions.iter().zip(times) {
        let entry = ledger.log.entry(*position)?;
        let what = match &entry.content {
            Content::Event(event) => with_reason(narrate::sentence(event), event),
            Content::Erased => "(erased)".into(),
            Content::Withheld => "(not in this copy)".into(),
        };
        let signer = names.label(&entry.statement.claims().signer);
        rows.push(vec![position.to_string(), date(recorded_at), signer, what]);
        entries.push(describe(&ledger, &entry, recorded_at));
    }
    let mut page = context.out.page();
    let count = plural(positions.len() as u64, "entry", "entries");
    page.hanging("", &heading(&args.subject, &ledger, &count)).blank();
    page.table(&["entry", "recorded", "signed by", "what"], &rows);
    let json = json!({"ledger": ledger.name, "subject": args.subject, "entries": entries});
    ledger.close()?;
    context.out.answer(&json, &page)
}

fn heading(subject: &SubjectId, ledger: &OpenLedger, count: &str) -> String {
    let views = ledger.views();
    match views.views.plan.get(subject) {
        Some(node) => format!("{} ({subject}): {count}", node.title),
        None => format!("{subject}: {count}"),
    }
}

fn with_reason(sentence: String, event: &minutebook_events::Event) -> String {
    match &event.common.reason {
        Some(reason) if !sentence.contains(reason.as_str()) => {
            format!("{sentence}; reason: {}", narrate::shortened(reason, 200))
        }
        _ => sentence,
    }
}

/// Names what there is of that kind, since a slip of the pen is the likely cause.
fn nothing(subject: &SubjectId, ledger: &OpenLedger) -> Failure {
    let views = ledger.views();
    let some: Vec<String> =
        views.views.subjects.of_kind(subject.kind()).take(5).map(|(id, _)| id.to_string()).collect();
    let help = match some.as_slice() {
        [] => format!("the record has no {} at all; `minutebook status` shows what it has", subject.kind().name()),
        some => format!("the record has, for one, {}", some.join(", ")),
    };
    Failure::new(format!("the record has nothing about {subject}"), help)
}
