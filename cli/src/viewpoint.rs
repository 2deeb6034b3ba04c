//! From when and for whom the record is looked at: the options that every question takes, and the
//! record as they ask for it.

use std::str::FromStr;
use std::sync::Arc;

use jiff::civil::Date;
use minutebook_api::folds::recorded;
use minutebook_api::names::Names;
use minutebook_events::{Confidentiality, Content, Kind, PersonId, Recorded, SubjectId};
use minutebook_ledger::log::Published;
use minutebook_papers::{Form, Paper};
use minutebook_projections::effective::{Effective, day_of};
use minutebook_projections::entries::Entry;
use minutebook_projections::{AsOf, Views};
use minutebook_reports::asking::{self, AskError};
use minutebook_reports::{Moment, Register};

use crate::clock;
use crate::commands::Context;
use crate::failure::Failure;
use crate::folder::OpenLedger;
use crate::remote::SignIn;

/// Who reads, in the words of the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Reader {
    /// What everyone may read.
    Public,
    /// The private part of meetings too.
    Part2,
    /// Everything.
    Restricted,
}

impl Reader {
    fn level(self) -> Confidentiality {
        match self {
            Self::Public => Confidentiality::Public,
            Self::Part2 => Confidentiality::Part2,
            Self::Restricted => Confidentiality::Restricted,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Part2 => "part2",
            Self::Restricted => "restricted",
        }
    }
}

/// The heading over the options that every question takes.
const LOOKING: &str = "From when, for whom, in which form";

/// How an answer is printed, and for whom.
#[derive(Debug, Clone, clap::Args)]
pub struct Answering {
    /// For whom: private entries are left out unless asked for [default: public]. A server decides
    /// by the roles of whoever signs in
    #[arg(long, value_enum, display_order = 802, help_heading = LOOKING)]
    pub reader: Option<Reader>,
    /// text, md, csv, json or html (a page to print on A4)
    #[arg(
        long, value_name = "FORM", default_value = "text", display_order = 803,
        help_heading = LOOKING, value_parser = Form::from_str
    )]
    pub format: Form,
    #[command(flatten)]
    pub sign_in: SignIn,
}

/// From when the record is looked at.
#[derive(Debug, Clone, clap::Args)]
pub struct Clocks {
    /// What the record said then: a meeting, a date, or after so many entries
    #[arg(long, value_name = "WHEN", display_order = 800, help_heading = LOOKING)]
    pub known_at: Option<Moment>,
    /// What was true then, as far as known: a date
    #[arg(long, value_name = "DATE", display_order = 801, help_heading = LOOKING)]
    pub effective_at: Option<Moment>,
    #[command(flatten)]
    pub answering: Answering,
}

/// An open ledger, looked at from a moment by a reader.
pub struct Viewpoint {
    /// The ledger.
    pub ledger: OpenLedger,
    published: Arc<Published<Views>>,
    /// How many entries are known.
    pub known: u64,
    known_at: Option<Moment>,
    effective: Option<(Effective, Date)>,
    reader: Reader,
    form: Form,
    asked: String,
    context: Context,
}

impl Viewpoint {
    /// Opens the ledger at the moment that `clocks` ask for. `asked` is the command with its own
    /// arguments, such as `decisions --body body/board`.
    ///
    /// # Errors
    /// Where the ledger cannot be opened or the moment not be found.
    pub fn open(context: &Context, clocks: &Clocks, asked: &str) -> Result<Self, Failure> {
        let mut viewpoint = Self::at(context, clocks.known_at.as_ref(), &clocks.answering, asked)?;
        if let Some(moment) = &clocks.effective_at {
            let day = asking::last_day(moment).map_err(|_| {
                Failure::usage(
                    "--effective-at asks what was true on a day",
                    "give a date, such as --effective-at \"31 March 2025\"",
                )
            })?;
            let effective = viewpoint.fold_effective()?;
            viewpoint.asked.push_str(&format!(" --effective-at {day}"));
            viewpoint.effective = Some((effective, day));
        }
        Ok(viewpoint)
    }

    /// As [`Viewpoint::open`], on the recorded clock alone.
    ///
    /// # Errors
    /// As [`Viewpoint::open`].
    pub fn at(
        context: &Context,
        known_at: Option<&Moment>,
        answering: &Answering,
        asked: &str,
    ) -> Result<Self, Failure> {
        answering.sign_in.refuse()?;
        let reader = answering.reader.unwrap_or(Reader::Public);
        let ledger = context.open()?;
        let published = ledger.views();
        let now = published.views.now(reader.level());
        let known = asking::known(now, known_at)?;
        Ok(Self {
            known,
            known_at: known_at.cloned(),
            effective: None,
            reader,
            form: if context.out.is_json() {
                Form::Json
            } else {
                answering.format
            },
            asked: asked.to_owned(),
            context: context.clone(),
            published,
            ledger,
        })
    }

    /// The record as it is looked at.
    pub fn as_of(&self) -> AsOf<'_> {
        match &self.effective {
            Some((effective, day)) => effective.on(*day, self.reader.level()),
            None => self.recorded(),
        }
    }

    /// The record as it was known, in its own order.
    pub fn recorded(&self) -> AsOf<'_> {
        self.published.views.as_of(self.known, self.reader.level())
    }

    /// What the views answer for: the day of the question, where no other was asked for. A meeting or
    /// a position is looked at on the day of the newest entry that was known.
    pub fn day(&self) -> Date {
        let effective_at = self.effective.as_ref().map(|(_, day)| *day);
        asking::day(
            self.recorded(),
            self.known_at.as_ref(),
            effective_at,
            today(),
        )
    }

    /// The newest entry that is known.
    fn newest(&self) -> Option<&Entry> {
        let entries = &self.published.views.entries;
        entries.get(self.known.checked_sub(1)?)
    }

    /// Everything known, folded in the order in which it was true.
    ///
    /// # Errors
    /// Where an entry cannot be read.
    pub fn fold_effective(&self) -> Result<Effective, Failure> {
        Ok(Effective::fold(self.entries(0..self.known)?))
    }

    /// Entries as the views take them in.
    ///
    /// # Errors
    /// Where an entry cannot be read.
    pub fn entries(&self, range: std::ops::Range<u64>) -> Result<Vec<Recorded<Content>>, Failure> {
        Ok(recorded(&self.ledger.log, range)?)
    }

    /// What is known, in the order in which the views that are asked were folded.
    ///
    /// # Errors
    /// Where an entry cannot be read.
    pub fn in_order_of_the_fold(&self) -> Result<Vec<Recorded<Content>>, Failure> {
        let mut entries = self.entries(0..self.known)?;
        if let Some((effective, _)) = &self.effective {
            let folded = &effective.views.entries;
            let ticks = (0..folded.ticks()).filter_map(|tick| folded.get(tick));
            let tick_of: std::collections::HashMap<u64, usize> = ticks
                .enumerate()
                .map(|(tick, entry)| (entry.position, tick))
                .collect();
            entries.sort_by_key(|entry| tick_of.get(&entry.position).copied());
        }
        Ok(entries)
    }

    /// Adds to the command that is printed as the one that asks this again.
    pub fn also_asked(&mut self, words: &str) {
        self.asked.push_str(words);
    }

    /// Makes a paper of the record and prints it in the form that was asked for; then closes the
    /// ledger.
    ///
    /// # Errors
    /// Where the paper cannot be made, or standard output not be written.
    pub fn answer(
        self,
        fill: impl FnOnce(&minutebook_reports::Context<'_>) -> Result<Paper, Failure>,
    ) -> Result<(), Failure> {
        let root = self.ledger.log.root_at(self.known)?.to_string();
        let question = self.question();
        let names = Names::default();
        let name = |person: &PersonId| names.of(&self.ledger.log, person);
        let asking = minutebook_reports::Context {
            ledger: &self.ledger.name,
            origin: self.ledger.log.origin(),
            as_of: self.as_of(),
            entries: self.known,
            root: &root,
            recorded_at: self.newest().map(|entry| entry.recorded_at),
            effective_at: self.effective.as_ref().map(|(_, day)| *day),
            question: &question,
            names: &name,
        };
        let paper = fill(&asking)?;
        let text = paper.set(self.form, self.context.out.width());
        self.context.out.raw(text.as_bytes())?;
        self.ledger.close()?;
        Ok(())
    }

    fn question(&self) -> String {
        let mut question = format!("minutebook {}", self.asked);
        question.push_str(&format!(" --known-at {}", self.known));
        if self.reader != Reader::Public {
            question.push_str(&format!(" --reader {}", self.reader.name()));
        }
        question.push_str(&format!(" --ledger {}", self.ledger.name));
        question
    }
}

/// Today, in UTC.
pub fn today() -> Date {
    day_of(clock::now()).unwrap_or_default()
}

/// What the command line says where a question cannot be answered, and what to do about it.
impl From<AskError> for Failure {
    fn from(error: AskError) -> Self {
        let message = error.to_string();
        match &error {
            AskError::Moment(_) => Self::new(
                message,
                "`minutebook meetings` lists the meetings; a date such as \"1 May 2024\" always works",
            ),
            AskError::NotADay => Self::usage(message, "give a date, such as \"31 March 2025\""),
            AskError::NoBody(body) => Self::new(
                message,
                match body.kind() {
                    Kind::Body => "`minutebook bodies` lists the bodies",
                    _ => "a body is named as body/name; `minutebook bodies` lists them",
                },
            ),
            AskError::NoPart(_) => Self::new(
                message,
                "`minutebook status` shows the whole plan with the names of its parts",
            ),
            AskError::NoMeetingHeld => Self::new(
                message,
                "say from when, such as --since \"1 May 2024\", or --since 0 for everything",
            ),
            AskError::OutOfOrder => Self::usage(
                "--since lies after --until, so nothing is between them",
                "give the earlier one to --since",
            ),
            AskError::NotAmong { id, .. } => Self::usage(
                message,
                match Register::of(id.kind()) {
                    Some(other) => format!("`minutebook {} {id}` asks for it", other.name()),
                    None => format!("`minutebook history {id}` asks for it"),
                },
            ),
            AskError::Nothing { subject, some } => {
                let some: Vec<String> = some.iter().map(SubjectId::to_string).collect();
                let help = match some.as_slice() {
                    [] => format!(
                        "the record has no {} at all; `minutebook status` shows what it has",
                        subject.kind().name()
                    ),
                    some => format!("the record has, for one, {}", some.join(", ")),
                };
                Self::new(message, help)
            }
        }
    }
}
