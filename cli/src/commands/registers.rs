//! `minutebook decisions`, `actions`, `milestones` and so on: a register, or one thing of it.
//!
//! The commands come from the list of registers, so that each has the same options.

use clap::error::ErrorKind;
use clap::{Arg, ArgAction, ArgMatches, Args as _, FromArgMatches, Subcommand, value_parser};
use jiff::civil::Date;
use minutebook_events::{Kind, SubjectId};
use minutebook_reports::asking::{self, nothing};
use minutebook_reports::detail::detail;
use minutebook_reports::history::{History, Known};
use minutebook_reports::registers::Fit;
use minutebook_reports::{Filter, Moment, Register};

use super::Context;
use crate::failure::Failure;
use crate::remote::{Question, last_day};
use crate::viewpoint::{Clocks, Viewpoint};

/// A register as it is asked.
#[derive(Debug)]
pub struct Args {
    register: Register,
    subject: Option<SubjectId>,
    filter: Filter,
    on: Option<Moment>,
    clocks: Clocks,
}

impl Subcommand for Args {
    fn augment_subcommands(command: clap::Command) -> clap::Command {
        Register::ALL
            .iter()
            .fold(command, |command, one| command.subcommand(subcommand(*one)))
    }

    fn augment_subcommands_for_update(command: clap::Command) -> clap::Command {
        Self::augment_subcommands(command)
    }

    fn has_subcommand(name: &str) -> bool {
        Register::parse(name).is_some()
    }
}

impl FromArgMatches for Args {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let found = matches.subcommand();
        let found = found.and_then(|(name, matches)| Some((Register::parse(name)?, matches)));
        let Some((register, matches)) = found else {
            return Err(clap::Error::new(ErrorKind::MissingSubcommand));
        };
        // An option that does not fit a register is not defined for its command.
        let subject = |name| {
            matches
                .try_get_one::<SubjectId>(name)
                .ok()
                .flatten()
                .cloned()
        };
        let state = matches.try_get_one::<String>("state").ok().flatten();
        let overdue = matches.try_get_one::<bool>("overdue").ok().flatten();
        Ok(Self {
            register,
            subject: subject("subject"),
            filter: Filter {
                body: subject("body"),
                state: state.cloned(),
                under: subject("under"),
                overdue: overdue.copied().unwrap_or_default(),
            },
            on: matches.get_one::<Moment>("on").cloned(),
            clocks: Clocks::from_arg_matches(matches)?,
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

fn subcommand(register: Register) -> clap::Command {
    let mut command = clap::Command::new(register.name());
    if register == Register::SignOffs {
        // As the API's addresses have it, and as many people write it.
        command = command.alias("signoffs");
    }
    if let [kind, ..] = register.kinds() {
        command = command.arg(
            Arg::new("subject")
                .value_name("SUBJECT")
                .value_parser(value_parser!(SubjectId))
                .help(format!(
                    "One of them, as {}/name, to see all that is said of it",
                    kind.name()
                )),
        );
    }
    let option = |name: &'static str, value: &'static str| {
        let option = Arg::new(name).long(name).value_name(value);
        match register.kinds() {
            [] => option,
            _ => option.conflicts_with("subject"),
        }
    };
    for fit in register.fits() {
        command = command.arg(match fit {
            Fit::Body => option("body", "BODY")
                .value_parser(value_parser!(SubjectId))
                .help("Only what belongs to this body, or to one below it"),
            Fit::State => option("state", "STATE").help("Only what stands so"),
            Fit::Under => option("under", "PART")
                .value_parser(value_parser!(SubjectId))
                .help("Only what stands under this part of the plan"),
            Fit::Overdue => option("overdue", "")
                .action(ArgAction::SetTrue)
                .help("Only what is overdue"),
        });
    }
    command = command.arg(
        Arg::new("on")
            .long("on")
            .value_name("DATE")
            .value_parser(value_parser!(Moment))
            .help("The day for which overdue is worked out [default: the day looked at]"),
    );
    // The description of the clocks' own group must not stand for the command's.
    Clocks::augment_args(command)
        .about(register.about())
        .long_about(None)
        .after_help(examples(register))
}

fn examples(register: Register) -> String {
    let name = register.name();
    let fits = |fit| register.fits().contains(&fit);
    let mut lines = vec![format!("minutebook {name}")];
    if let [kind, ..] = register.kinds() {
        lines.push(match kind {
            Kind::Person => format!("minutebook {name} post/chair"),
            kind => format!("minutebook {name} {}/one", kind.name()),
        });
    }
    if fits(Fit::Overdue) {
        lines.push(format!(
            "minutebook {name} --overdue --on \"31 March 2026\""
        ));
    }
    if fits(Fit::Body) {
        lines.push(format!(
            "minutebook {name} --body body/board --known-at \"1 May 2025\""
        ));
    }
    lines.push(format!("minutebook {name} --format html > {name}.html"));
    format!("Examples:\n  {}", lines.join("\n  "))
}

/// Runs the command.
///
/// # Errors
/// Where the record has no such thing, body or part of the plan.
pub fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    let (register, filter) = (args.register, &args.filter);
    if let Some(server) = &context.server {
        return question(args)?.ask(server, &args.clocks.answering, context);
    }
    let mut viewpoint = Viewpoint::open(context, &args.clocks, register.name())?;
    let day = day(&viewpoint, args.on.as_ref())?;
    asking::check_filter(viewpoint.as_of(), filter)?;
    let history = match &args.subject {
        Some(id) => {
            asking::check_among(register, id)?;
            history_of(&viewpoint, id)?
        }
        None => None,
    };
    let mut asked = String::new();
    let named = [(" --body ", &filter.body), (" --under ", &filter.under)];
    asked.extend(args.subject.iter().map(|id| format!(" {id}")));
    asked.extend(named.iter().flat_map(|(option, id)| {
        let id = id.iter();
        id.map(move |id| format!("{option}{id}"))
    }));
    asked.extend(
        filter
            .state
            .iter()
            .map(|state| format!(" --state {}", quoted(state))),
    );
    if filter.overdue {
        asked.push_str(" --overdue");
    }
    viewpoint.also_asked(&format!("{asked} --on {day}"));
    viewpoint.answer(|asking| match &args.subject {
        None => Ok(register.paper(asking, day, filter)),
        Some(id) => {
            let found = detail(asking, register, day, id, history);
            found.ok_or_else(|| nothing(asking.as_of, id).into())
        }
    })
}

/// The question as a server is asked it.
fn question(args: &Args) -> Result<Question, Failure> {
    let (name, filter) = (args.register.name(), &args.filter);
    let question = match &args.subject {
        Some(id) => {
            asking::check_among(args.register, id)?;
            Question::new(format!("/{name}/{}", id.name()))
        }
        None => Question::new(format!("/{name}")),
    };
    Ok(question
        .with("body", filter.body.as_ref())
        .with("state", filter.state.as_ref())
        .with("under", filter.under.as_ref())
        .with("overdue", filter.overdue.then_some(true))
        .with("on", args.on.as_ref().map(last_day))
        .looking(&args.clocks))
}

/// The day that was asked for, or else the viewpoint's own.
///
/// # Errors
/// Where what was given is no date.
pub fn day(viewpoint: &Viewpoint, on: Option<&Moment>) -> Result<Date, Failure> {
    match on {
        None => Ok(viewpoint.day()),
        Some(moment) => asking::last_day(moment).map_err(|_| {
            Failure::usage(
                "--on asks what is overdue on a day",
                "give a date, such as --on \"31 March 2026\"",
            )
        }),
    }
}

/// The history of a thing, from the entries about it that may be read.
///
/// # Errors
/// Where an entry cannot be read.
pub fn history_of(viewpoint: &Viewpoint, id: &SubjectId) -> Result<Option<History>, Failure> {
    let as_of = viewpoint.as_of();
    let mut entries = Vec::new();
    for position in Known::new(as_of).about(id) {
        entries.extend(viewpoint.entries(position..position + 1)?);
    }
    Ok(History::new(as_of, id, &entries))
}

/// A text as a shell takes it for one word.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}
