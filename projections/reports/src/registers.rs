//! The registers: what the record has of each sort, as rows with types and as a paper.
//!
//! One file is one register. Its `rows` are built from the views as they stood at a moment and to a
//! reader; its `sections` set them as tables. What depends on a day (overdue, late) is worked out
//! for the day that is asked about and stored nowhere.
//!
//! A new register is a file with `rows` and `sections`, and a line in the table of [`Register`].

use jiff::civil::Date;
use minutebook_events::{Kind, SubjectId};
use minutebook_papers::{Fact, Paper, Section};
use serde::Serialize;
use serde_json::Value;

use crate::context::{Context, day_words};

pub mod actions;
pub mod agreements;
mod asking;
pub mod assurance;
pub mod bodies;
pub(crate) mod cells;
pub mod consultations;
pub mod decisions;
pub mod documents;
pub mod evaluations;
pub mod funding;
pub mod interests;
pub mod meetings;
pub mod metrics;
pub mod milestones;
pub mod minutes;
pub mod organisations;
pub mod people;
pub mod progress;
pub mod records;
pub mod risks;
pub mod row;
pub mod signoffs;

pub(crate) use asking::Asking;
pub use asking::Filter;

macro_rules! registers {
    ($($register:ident $module:ident $name:literal [$($kind:ident)*] [$($fit:ident)*]
       $title:literal $about:literal)*) => {
        /// A register.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Register { $(#[doc = $about] $register,)* }

        impl Register {
            /// All of them, in the order in which they are listed.
            pub const ALL: &'static [Self] = &[$(Self::$register),*];

            /// Its name in commands and addresses, such as `sign-offs`.
            pub fn name(self) -> &'static str {
                match self { $(Self::$register => $name,)* }
            }

            /// What its paper is called.
            pub fn title(self) -> &'static str {
                match self { $(Self::$register => $title,)* }
            }

            /// What it shows, in a few words.
            pub fn about(self) -> &'static str {
                match self { $(Self::$register => $about,)* }
            }

            /// The kinds of subject that its rows are about.
            pub fn kinds(self) -> &'static [Kind] {
                match self { $(Self::$register => &[$(Kind::$kind),*],)* }
            }

            /// What of [`Filter`] it can be asked by.
            pub fn fits(self) -> &'static [Fit] {
                match self { $(Self::$register => &[$(Fit::$fit),*],)* }
            }

            fn gather(self, context: &Context<'_>, day: Date, filter: &Filter) -> Gathered {
                match self {
                    $(Self::$register => {
                        let rows = $module::rows(context.as_of, day, filter);
                        let set = |rows: &[_]| $module::sections(context, rows);
                        Gathered::new(&rows, set)
                    })*
                }
            }

            fn find(self, context: &Context<'_>, day: Date, id: &SubjectId) -> Gathered {
                match self {
                    $(Self::$register => {
                        let mut rows = $module::rows(context.as_of, day, &Filter::default());
                        rows.retain(|row| row.id == *id);
                        Gathered::new(&rows, |rows| $module::sections(context, rows))
                    })*
                }
            }
        }
    };
}

registers! {
    Decisions decisions "decisions" [Decision] [Body State Under]
        "Decision register" "What was decided, and what is foreseen"
    Actions actions "actions" [Action] [Body State Under Overdue]
        "Action log" "Who does what by when, and what is overdue"
    Milestones milestones "milestones" [Milestone] [Body State Under Overdue]
        "Milestones" "Every date a milestone ever had, and why it moved"
    Progress progress "progress" [Aim Strategy] [Body Under]
        "Progress by ambition" "What was planned, what was reported, and what is next"
    Metrics metrics "metrics" [Metric] [Body State Under]
        "Metrics" "Baseline, target and latest value"
    SignOffs signoffs "sign-offs" [SignOff] [Body State Under Overdue]
        "Sign-off board" "Who signed, who is missing, who declined and why"
    Meetings meetings "meetings" [Meeting] [Body State]
        "Meetings" "Meetings, whether they could decide, and their minutes"
    Minutes minutes "minutes" [Minutes] [Body State]
        "Minutes" "Minutes: drafted, amended, approved"
    Bodies bodies "bodies" [Body] [Body State]
        "Bodies" "Boards and groups, their members and quorums"
    Organisations organisations "organisations" [Organisation] [State]
        "Organisations" "Organisations, named and counted, and their successors"
    People people "people" [Person Post] [Body State]
        "People and posts" "People and posts, the roles they hold, their keys"
    Interests interests "interests" [Interest] [Body State]
        "Register of interests" "Interests declared, and what was done about them"
    Agreements agreements "agreements" [Agreement] [Body State Under Overdue]
        "Agreements" "Agreements, their parties and their reviews"
    Risks risks "risks" [Risk] [Body State Under]
        "Risk register" "Risks, their scores and controls"
    Assurance assurance "assurance" [Assurance] [Body State Under]
        "Assurance" "What the board was assured of, and what is missing"
    Funding funding "funding" [Funding] [Body State Under]
        "Funding" "Money applied for, awarded, refused"
    Evaluations evaluations "evaluations" [Evaluation] [Body State Under Overdue]
        "Evaluations" "Evaluations: commissioned and reported"
    Consultations consultations "consultations" [Consultation] [Body State Under]
        "Consultations" "You said, we will; and who was asked"
    Documents documents "documents" [Document] [State]
        "Documents" "Documents read into the record, and what was left out"
    Records records "records" [] [Body State]
        "The record about itself" "Corrections, erasures, holds, what left, what came late"
}

/// Something that a register can be asked by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// The body that things belong to.
    Body,
    /// How they stand.
    State,
    /// What of the plan they stand under.
    Under,
    /// Whether they are overdue.
    Overdue,
}

/// Rows as they are serialized, and as tables.
struct Gathered {
    rows: Vec<Value>,
    sections: Vec<Section>,
}

impl Gathered {
    fn new<R: Serialize>(rows: &[R], set: impl Fn(&[R]) -> Vec<Section>) -> Self {
        let sections = match rows.is_empty() {
            true => Vec::new(),
            false => set(rows),
        };
        Self {
            // A row has no map whose keys are not text, so that it always has a JSON form.
            rows: rows
                .iter()
                .map(|row| serde_json::to_value(row).unwrap_or_default())
                .collect(),
            sections,
        }
    }
}

/// What the paper of a register answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer<'a> {
    /// The register.
    pub register: &'static str,
    /// The day for which overdue and late are worked out.
    pub on: Date,
    /// What of it was asked for.
    pub filter: &'a Filter,
    /// The rows, in the order in which they are read.
    pub rows: Vec<Value>,
}

/// A row with its tables, for a paper about it alone.
pub(crate) struct One {
    /// The row, as it is serialized.
    pub row: Value,
    /// The row as tables.
    pub sections: Vec<Section>,
}

impl Register {
    /// The register whose rows are about things of this kind.
    pub fn of(kind: Kind) -> Option<Self> {
        let mut all = Self::ALL.iter().copied();
        all.find(|register| register.kinds().contains(&kind))
    }

    /// A register by its name.
    pub fn parse(name: &str) -> Option<Self> {
        let mut all = Self::ALL.iter().copied();
        all.find(|register| register.name() == name)
    }

    /// Its paper: the rows that `filter` asks for, as they stand on `day`.
    pub fn paper(self, context: &Context<'_>, day: Date, filter: &Filter) -> Paper {
        let gathered = self.gather(context, day, filter);
        let mut sections = gathered.sections;
        if sections.is_empty() {
            sections.push(Section::new(heading(self.title(), 0)).when_empty(
                match *filter == Filter::default() {
                    true => "Nothing is recorded.",
                    false => "Nothing that is recorded is so.",
                },
            ));
        }
        let answer = Answer {
            register: self.name(),
            on: day,
            filter,
            rows: gathered.rows,
        };
        context.paper(self.title(), facts(context, day, filter), sections, &answer)
    }

    /// The row about one thing, as it stands on `day`; `None` where the record has none, or this
    /// reader may not know.
    pub(crate) fn one(self, context: &Context<'_>, day: Date, id: &SubjectId) -> Option<One> {
        let found = self.find(context, day, id);
        Some(One {
            row: found.rows.into_iter().next()?,
            sections: found.sections,
        })
    }
}

fn facts(context: &Context<'_>, day: Date, filter: &Filter) -> Vec<Fact> {
    let called = |id: &SubjectId| format!("{} ({id})", context.called(id));
    let mut facts = vec![Fact::new("As it stands on", day_words(day))];
    facts.extend(filter.body.as_ref().map(|id| Fact::new("Body", called(id))));
    facts.extend(
        filter
            .under
            .as_ref()
            .map(|id| Fact::new("Under", called(id))),
    );
    facts.extend(
        filter
            .state
            .as_ref()
            .map(|state| Fact::new("State", state.as_str())),
    );
    if filter.overdue {
        facts.push(Fact::new("Only", "what is overdue"));
    }
    facts
}

/// A heading with how many rows stand under it.
fn heading(words: &str, count: usize) -> String {
    format!("{words} ({count})")
}
