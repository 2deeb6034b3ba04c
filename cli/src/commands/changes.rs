//! `minutebook changes`: what changed since the last meeting.

use minutebook_events::{Kind, SubjectId};
use minutebook_projections::changes::{Changes, Clock, Point, Question, Since, last_meeting};

use super::Context;
use crate::failure::Failure;
use crate::viewpoint::{Answering, Moment, Viewpoint, point_failure, today};

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
    let mut viewpoint = Viewpoint::at(context, args.known_at.as_ref(), &args.answering, "changes")?;
    check_body(&viewpoint, args.body.as_ref())?;
    let since = match &args.since {
        Some(since) => since.from(),
        None => last(&viewpoint, args)?,
    };
    let until = match &args.until {
        Some(until) => until.through(),
        None => Since::Day(today()),
    };
    let (body, reader) = (args.body.clone(), viewpoint.reader());
    if let Some(body) = &body {
        viewpoint.also_asked(&format!(" --body {body}"));
    }
    viewpoint.also_asked(&format!(
        " --since {} --until {}",
        word(&since),
        word(&until)
    ));
    let found = match args.by {
        By::Recorded => {
            let as_of = viewpoint.recorded();
            let question = Question {
                body,
                since: Point::recorded(as_of, &since).map_err(|error| point_failure(&error))?,
                until: Point::recorded_through(as_of, &until)
                    .map_err(|error| point_failure(&error))?,
                by: Clock::Recorded,
                reader,
            };
            in_order(&question)?;
            Changes::recorded(as_of.views, question)
        }
        By::Effective => {
            viewpoint.also_asked(" --by effective");
            let effective = viewpoint.fold_effective()?;
            let as_of = viewpoint.recorded();
            let point = |point: Result<Point, _>| point.map_err(|error| point_failure(&error));
            let question = Question {
                body,
                since: point(Point::from_day(&effective, as_of, &since))?,
                until: point(Point::through_day(&effective, as_of, &until))?,
                by: Clock::Effective,
                reader,
            };
            in_order(&question)?;
            Changes::effective(&effective, question)
        }
    };
    viewpoint.answer(|asking| Ok(minutebook_reports::changes(asking, &found)))
}

/// Between two moments in the wrong order lies nothing, which must not pass for no change.
fn in_order(question: &Question) -> Result<(), Failure> {
    let (since, until) = (&question.since, &question.until);
    let days = since.day.zip(until.day);
    if since.ticks <= until.ticks && days.is_none_or(|(since, until)| since <= until) {
        return Ok(());
    }
    Err(Failure::usage(
        "--since lies after --until, so nothing is between them",
        "give the earlier one to --since",
    ))
}

fn check_body(viewpoint: &Viewpoint, body: Option<&SubjectId>) -> Result<(), Failure> {
    let as_of = viewpoint.recorded();
    match body {
        Some(body) if as_of.get(&as_of.views.bodies, body).is_none() => {
            let help = match body.kind() {
                Kind::Body => "`minutebook bodies` lists the bodies",
                _ => "a body is named as body/name; `minutebook bodies` lists them",
            };
            Err(Failure::new(format!("there is no body {body}"), help))
        }
        _ => Ok(()),
    }
}

/// The last meeting held before today, or before the day asked about.
fn last(viewpoint: &Viewpoint, args: &Args) -> Result<Since, Failure> {
    let before = match &args.until {
        Some(Moment::Dates(_, to)) => Some(*to),
        Some(Moment::Meeting(_) | Moment::Position(_)) | None => None,
    };
    let as_of = viewpoint.recorded();
    match last_meeting(as_of, args.body.as_ref(), before) {
        Some(meeting) => Ok(Since::Meeting(meeting.clone())),
        None => Err(Failure::new(
            "no meeting is recorded as held, so there is nothing to count from",
            "say from when, such as --since \"1 May 2024\", or --since 0 for everything",
        )),
    }
}

/// A moment as it is typed again.
fn word(moment: &Since) -> String {
    match moment {
        Since::Meeting(id) => id.to_string(),
        Since::Day(day) => day.to_string(),
        Since::Position(position) => position.to_string(),
    }
}
