//! `minutebook status`: how the plan stands, and what the record is made of.

use minutebook_events::SubjectId;
use minutebook_reports::Moment;
use minutebook_reports::asking::check_part;
use minutebook_reports::status::{Status, status};

use super::Context;
use super::registers::day;
use crate::failure::Failure;
use crate::remote::{Question, last_day};
use crate::viewpoint::{Clocks, Viewpoint};

/// Show the plan with its dates as written, and what the record is made of
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    minutebook status\n  \
    minutebook status --ledger nwl aim/prevention     (one part of the plan)\n  \
    minutebook status --known-at \"1 May 2025\" --format html > plan.html\n\n\
    A date stands as it was written. 2024/25 → 25/26, slipped one year, means that\n\
    the milestone was first due in 2024/25 and is now due in 25/26; `minutebook\n\
    milestones` tells why.")]
pub struct Args {
    /// A strategy, aim or objective, to see that part alone
    #[arg(value_name = "SUBJECT")]
    under: Option<SubjectId>,
    /// The day for which overdue is worked out [default: the day looked at]
    #[arg(long, value_name = "DATE")]
    on: Option<Moment>,
    #[command(flatten)]
    clocks: Clocks,
}

/// Runs the command.
///
/// # Errors
/// Where the part asked for is not in the plan.
pub fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    if let Some(server) = &context.server {
        return Question::new("/status")
            .with("under", args.under.as_ref())
            .with("on", args.on.as_ref().map(last_day))
            .looking(&args.clocks)
            .ask(server, &args.clocks.answering, context);
    }
    let mut viewpoint = Viewpoint::open(context, &args.clocks, "status")?;
    let day = day(&viewpoint, args.on.as_ref())?;
    let under = args.under.as_ref();
    if let Some(under) = under {
        check_part(viewpoint.as_of(), under)?;
        viewpoint.also_asked(&format!(" {under}"));
    }
    viewpoint.also_asked(&format!(" --on {day}"));
    viewpoint.answer(|asking| Ok(status(asking, &Status::new(asking.as_of, day, under))))
}
