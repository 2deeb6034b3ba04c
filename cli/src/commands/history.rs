//! `minutebook history`: every entry about one thing, oldest first.

use minutebook_events::SubjectId;
use minutebook_reports::asking::nothing;
use minutebook_reports::history::history;

use super::Context;
use super::registers::history_of;
use crate::failure::Failure;
use crate::remote::Question;
use crate::viewpoint::{Clocks, Viewpoint};

/// Show every entry about one thing, oldest first
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    minutebook history milestone/key-worker\n  \
    minutebook history milestone/key-worker --known-at meeting/board-2025-05\n  \
    minutebook history record/12            (what was said about entry 12 itself)")]
pub struct Args {
    /// What it is about, as kind/name
    #[arg(value_name = "SUBJECT")]
    subject: SubjectId,
    #[command(flatten)]
    clocks: Clocks,
}

/// Runs the command.
///
/// # Errors
/// Where the record has nothing about it that the reader may know.
pub fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    if let Some(server) = &context.server {
        return Question::new(format!("/history/{}", args.subject))
            .looking(&args.clocks)
            .ask(server, &args.clocks.answering, context);
    }
    let asked = format!("history {}", args.subject);
    let viewpoint = Viewpoint::open(context, &args.clocks, &asked)?;
    match history_of(&viewpoint, &args.subject)? {
        Some(found) => viewpoint.answer(|asking| Ok(history(asking, &found))),
        None => Err(nothing(viewpoint.as_of(), &args.subject).into()),
    }
}
