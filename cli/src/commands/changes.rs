//! `minutebook changes`: what changed since the last meeting.

use minutebook_events::SubjectId;
use minutebook_projections::changes::Changes;
use minutebook_reports::Moment;
use minutebook_reports::asking::{
    ChangesAsked, ChangesQuestion, changes_question, effective_changes_question,
};

use super::Context;
use crate::failure::Failure;
use crate::remote::{Question, first_day, last_day};
use crate::viewpoint::{Answering, Viewpoint, today};

/// Show what changed since the last meeting: decided, slipped, signed, overdue, and why
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    minutebook changes --body body/board            (since its last meeting)\n  \
    minutebook changes --since \"1 May 2024\" --by effective\n  \
    minutebook changes --since meeting/may --until meeting/june \\\n    \
    --format html > paper.html\n\n\
    On the recorded clock it shows what became known; with --by effective, what became\n\
    true, as known now: the right question for history that was imported in one go.")]
pub struct Args {
    /// From when: a meeting, a date, or a number of entries [default: the last meeting held]
    #[arg(long, value_name = "WHEN")]
    since: Option<Moment>,
    /// Until when [default: now]
    #[arg(long, value_name = "WHEN")]
    until: Option<Moment>,
    /// The body whose changes are asked for, with the bodies below it [default: all]
    #[arg(long, value_name = "BODY")]
    body: Option<SubjectId>,
    /// On which clock
    #[arg(long, value_enum, default_value = "recorded", value_name = "CLOCK")]
    by: By,
    /// Only what was known then: a meeting, a date, or after so many entries
    #[arg(long, value_name = "WHEN")]
    known_at: Option<Moment>,
    #[command(flatten)]
    answering: Answering,
}

/// The clocks, in the words of the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum By {
    /// When it became known
    Recorded,
    /// When it was true
    Effective,
}

/// Runs the command.
///
/// # Errors
/// Where there is no such body or moment.
pub fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    if let Some(server) = &context.server {
        return Question::new("/changes")
            .with("since", args.since.as_ref().map(first_day))
            .with("until", args.until.as_ref().map(last_day))
            .with("body", args.body.as_ref())
            .with("by", (args.by == By::Effective).then_some("effective"))
            .with("known_at", args.known_at.as_ref().map(last_day))
            .ask(server, &args.answering, context);
    }
    let mut viewpoint = Viewpoint::at(context, args.known_at.as_ref(), &args.answering, "changes")?;
    let asked = ChangesAsked {
        since: args.since.clone(),
        until: args.until.clone(),
        body: args.body.clone(),
    };
    let found = match args.by {
        By::Recorded => {
            let as_of = viewpoint.recorded();
            let found = changes_question(as_of, &asked, today())?;
            viewpoint.also_asked(&words(&found));
            Changes::recorded(viewpoint.recorded().views, found.question)
        }
        By::Effective => {
            let effective = viewpoint.fold_effective()?;
            let as_of = viewpoint.recorded();
            let found = effective_changes_question(&effective, as_of, &asked, today())?;
            viewpoint.also_asked(&words(&found));
            viewpoint.also_asked(" --by effective");
            Changes::effective(&effective, found.question)
        }
    };
    viewpoint.answer(|asking| Ok(minutebook_reports::changes(asking, &found)))
}

/// The question as it is typed again.
fn words(found: &ChangesQuestion) -> String {
    let body = found.question.body.as_ref();
    let body = body.map_or_else(String::new, |body| format!(" --body {body}"));
    format!("{body} --since {} --until {}", found.since, found.until)
}
