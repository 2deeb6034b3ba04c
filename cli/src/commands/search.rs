//! `minutebook search`: what the record says, by words.

use jiff::civil::Date;
use minutebook_events::{Kind, SubjectId};
use minutebook_projections::effective::start_of;
use minutebook_projections::search::{Query, SearchIndex};
use minutebook_reports::Moment;

use super::Context;
use crate::failure::Failure;
use crate::remote::{Question, first_day, last_day};
use crate::viewpoint::{Clocks, Viewpoint};

/// Find decisions, milestones, actions, minutes and more by words
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    minutebook search crisis line\n  \
    minutebook search '\"provider collaborative\"' --kind milestone\n  \
    minutebook search capacity --from \"1 April 2025\" --format csv\n\n\
    All words have to occur in what the record says of one thing; a word also finds\n\
    longer ones that begin with it, and words in quotation marks are found as they stand.")]
pub struct Args {
    /// The words
    #[arg(value_name = "WORDS", required = true)]
    words: Vec<String>,
    /// Only things of this kind, such as decision; may be given again
    #[arg(long, value_name = "KIND", value_parser = kind)]
    kind: Vec<Kind>,
    /// Only what belongs to this body or one below it
    #[arg(long, value_name = "BODY")]
    body: Option<SubjectId>,
    /// Only entries recorded from this day on
    #[arg(long, value_name = "DATE")]
    from: Option<Moment>,
    /// Only entries recorded up to this day
    #[arg(long, value_name = "DATE")]
    to: Option<Moment>,
    /// How many things to show at most
    #[arg(long, value_name = "COUNT", default_value_t = 20)]
    limit: usize,
    #[command(flatten)]
    clocks: Clocks,
}

fn kind(name: &str) -> Result<Kind, String> {
    let found = Kind::ALL.iter().find(|kind| kind.name() == name);
    found.copied().ok_or_else(|| {
        let names: Vec<&str> = Kind::ALL.iter().map(|kind| kind.name()).collect();
        format!("no such kind; one of {}", names.join(", "))
    })
}

/// Runs the command.
///
/// # Errors
/// Where the question has too many words, or there is no such moment.
pub fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    let words = args.words.join(" ");
    if words.trim().is_empty() {
        return Err(Failure::usage(
            "there is no word to search for",
            "give at least one, such as `minutebook search crisis line`",
        ));
    }
    if let Some(server) = &context.server {
        let kinds: Vec<&str> = args.kind.iter().map(|kind| kind.name()).collect();
        return Question::new("/search")
            .with("q", Some(&words))
            .with("kind", (!kinds.is_empty()).then(|| kinds.join(",")))
            .with("body", args.body.as_ref())
            .with("from", args.from.as_ref().map(first_day))
            .with("to", args.to.as_ref().map(last_day))
            .with("limit", Some(args.limit))
            .looking(&args.clocks)
            .ask(server, &args.clocks.answering, context);
    }
    let mut query = Query::parse(&words)
        .map_err(|error| Failure::usage(error.to_string(), "ask for fewer words"))?;
    query.kinds.clone_from(&args.kind);
    query.limit = args.limit;
    query.from = day(args.from.as_ref(), "--from")?.map(|(from, _)| start_of(from));
    let over = |(_, to): (Date, Date)| to.tomorrow().map_or(i64::MAX, start_of);
    query.before = day(args.to.as_ref(), "--to")?.map(over);
    let viewpoint = Viewpoint::open(context, &args.clocks, &asked(args, &words))?;
    let mut index = SearchIndex::default();
    for entry in viewpoint.in_order_of_the_fold()? {
        index.fold(&entry);
    }
    viewpoint.answer(|asking| {
        if let Some(body) = &args.body {
            let bodies = asking.as_of.body_and_below(body).into_iter();
            query.bodies = bodies.cloned().collect();
        }
        let hits = index.search(asking.as_of, &query);
        Ok(minutebook_reports::found(asking, &words, &hits))
    })
}

fn day(moment: Option<&Moment>, option: &str) -> Result<Option<(Date, Date)>, Failure> {
    let Some(moment) = moment else {
        return Ok(None);
    };
    match moment.dates() {
        Some(dates) => Ok(Some(dates)),
        None => Err(Failure::usage(
            format!("{option} takes a date"),
            "give one such as \"1 April 2025\"",
        )),
    }
}

fn asked(args: &Args, words: &str) -> String {
    let mut asked = format!("search '{}'", words.replace('\'', "'\\''"));
    for kind in &args.kind {
        asked.push_str(&format!(" --kind {}", kind.name()));
    }
    if let Some(body) = &args.body {
        asked.push_str(&format!(" --body {body}"));
    }
    for (option, moment) in [("--from", &args.from), ("--to", &args.to)] {
        if let Some(Moment::Dates(from, to)) = moment {
            let day = if option == "--from" { from } else { to };
            asked.push_str(&format!(" {option} {day}"));
        }
    }
    asked.push_str(&format!(" --limit {}", args.limit));
    asked
}
