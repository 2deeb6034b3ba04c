//! The registers: what the record has of each sort, as rows with types and as a paper.
//!
//! One file is one register. Its `rows` are built from the views as they stood at a moment and to a
//! reader; its `sections` set them as tables. What depends on a day (overdue, late) is worked out
//! for the day that is asked about and stored nowhere.
//!
//! A new register is a file with `rows` and `sections`, and a line in the table of [`Register`].

use jiff::civil::Date;
use minutebook_events::{Kind, SubjectId};
use minutebook_papers::{Envelope, Fact, Paper, Section};
use minutebook_projections::AsOf;
use minutebook_projections::table::Table;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Serialize;
use serde_json::Value;

use crate::context::{Context, day_words};
use crate::detail::Detail;

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
       {$($($table:ident).+),*} $title:literal $about:literal)*) => {
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
                        let rows = $module::rows(&Asking::new(context.as_of, day, filter));
                        let set = |rows: &[_]| $module::sections(context, rows);
                        Gathered::new(&rows, set)
                    })*
                }
            }

            /// The JSON Schema of one of its rows.
            pub fn schema(self, generator: &mut SchemaGenerator) -> Schema {
                match self { $(Self::$register => row_schema($module::rows, generator),)* }
            }

            /// The JSON Schema of its paper, as [`Register::paper`] makes it.
            pub fn paper_schema(self, generator: &mut SchemaGenerator) -> Schema {
                match self { $(Self::$register => paper_schema($module::rows, generator),)* }
            }

            /// The JSON Schema of the paper about one thing of it, as
            /// [`detail`](crate::detail::detail) makes it.
            pub fn detail_schema(self, generator: &mut SchemaGenerator) -> Schema {
                match self { $(Self::$register => detail_schema($module::rows, generator),)* }
            }

            /// The JSON Schema of the paper of a page, as [`Register::page_paper`] makes it.
            pub fn page_schema(self, generator: &mut SchemaGenerator) -> Schema {
                match self { $(Self::$register => page_schema($module::rows, generator),)* }
            }

            /// What its rows are about, from a place on, in the order of the way that is gone.
            fn ids<'a>(
                self,
                as_of: AsOf<'a>,
                at: &Cursor,
            ) -> impl Iterator<Item = &'a SubjectId> + 'a {
                // Each of its tables, in order of the kinds.
                let mut tables: Vec<Box<dyn Iterator<Item = &'a SubjectId> + 'a>> = match self {
                    $(Self::$register => vec![$(at.ids(as_of, &as_of.views.$($table).+)),*],)*
                };
                if at.is_backward() {
                    tables.reverse();
                }
                tables.into_iter().flatten()
            }

            fn rows(self, asking: &Asking<'_>) -> Vec<Value> {
                match self { $(Self::$register => values(&$module::rows(asking)),)* }
            }

            fn find(self, context: &Context<'_>, day: Date, id: &SubjectId) -> Gathered {
                match self {
                    $(Self::$register => {
                        let mut rows = $module::rows(&Asking::of(context.as_of, day, id));
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
        {decisions} "Decision register" "What was decided, and what is foreseen"
    Actions actions "actions" [Action] [Body State Under Overdue]
        {actions} "Action log" "Who does what by when, and what is overdue"
    Milestones milestones "milestones" [Milestone] [Body State Under Overdue]
        {milestones} "Milestones" "Every date a milestone ever had, and why it moved"
    Progress progress "progress" [Aim Strategy] [Body Under]
        {plan.nodes} "Progress by ambition" "What was planned, what was reported, and what is next"
    Metrics metrics "metrics" [Metric] [Body State Under]
        {metrics.table} "Metrics" "Baseline, target and latest value"
    SignOffs signoffs "sign-offs" [SignOff] [Body State Under Overdue]
        {signoffs} "Sign-off board" "Who signed, who is missing, who declined and why"
    Meetings meetings "meetings" [Meeting] [Body State]
        {meetings} "Meetings" "Meetings, whether they could decide, and their minutes"
    Minutes minutes "minutes" [Minutes] [Body State]
        {minutes.table} "Minutes" "Minutes: drafted, amended, approved"
    Bodies bodies "bodies" [Body] [Body State]
        {bodies} "Bodies" "Boards and groups, their members and quorums"
    Organisations organisations "organisations" [Organisation] [State]
        {organisations} "Organisations" "Organisations, named and counted, and their successors"
    People people "people" [Person Post] [Body State]
        {people.persons, people.posts} "People and posts" "People and posts, the roles they hold, their keys"
    Interests interests "interests" [Interest] [Body State]
        {interests.table} "Register of interests" "Interests declared, and what was done about them"
    Agreements agreements "agreements" [Agreement] [Body State Under Overdue]
        {agreements} "Agreements" "Agreements, their parties and their reviews"
    Risks risks "risks" [Risk] [Body State Under]
        {risks.table} "Risk register" "Risks, their scores and controls"
    Assurance assurance "assurance" [Assurance] [Body State Under]
        {risks.assurance} "Assurance" "What the board was assured of, and what is missing"
    Funding funding "funding" [Funding] [Body State Under]
        {funding} "Funding" "Money applied for, awarded, refused"
    Evaluations evaluations "evaluations" [Evaluation] [Body State Under Overdue]
        {evaluations} "Evaluations" "Evaluations: commissioned and reported"
    Consultations consultations "consultations" [Consultation] [Body State Under]
        {consultations} "Consultations" "You said, we will; and who was asked"
    Documents documents "documents" [Document] [State]
        {records.documents} "Documents" "Documents read into the record, and what was left out"
    Records records "records" [] [Body State]
        {} "The record about itself" "Corrections, erasures, holds, what left, what came late"
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

/// Rows as they are serialized.
fn values<R: Serialize>(rows: &[R]) -> Vec<Value> {
    // A row has no map whose keys are not text, so that it always has a JSON form.
    let value = |row| serde_json::to_value(row).unwrap_or_default();
    rows.iter().map(value).collect()
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
            rows: values(rows),
            sections,
        }
    }
}

// The type of a register's rows stands in the signature of its `rows` alone.

fn row_schema<R: JsonSchema>(_: Rows<R>, generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<R>()
}

fn paper_schema<R: JsonSchema + 'static>(_: Rows<R>, generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<Envelope<'static, Answer<'static, R>>>()
}

fn detail_schema<R: JsonSchema + 'static>(_: Rows<R>, generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<Envelope<'static, Detail<R>>>()
}

fn page_schema<R: JsonSchema + 'static>(_: Rows<R>, generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<Envelope<'static, Page<'static, R>>>()
}

type Rows<R> = fn(&Asking<'_>) -> Vec<R>;

/// What the paper of a register answers.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "{R}s")]
pub struct Answer<'a, R = Value> {
    /// The register's name, such as `sign-offs`.
    pub register: &'static str,
    /// The day for which overdue and late are worked out.
    pub on: Date,
    /// What of it was asked for.
    pub filter: &'a Filter,
    /// The rows, in the order in which they are read.
    pub rows: Vec<R>,
}

/// Where a page begins, and which way it goes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Cursor {
    /// At the first id, forward.
    #[default]
    First,
    /// After an id, forward.
    After(SubjectId),
    /// Before an id, backward: the row just before it comes first.
    Before(SubjectId),
}

impl Cursor {
    /// Whether it goes from later ids to earlier ones.
    pub fn is_backward(&self) -> bool {
        matches!(self, Self::Before(_))
    }

    /// From an id on, the same way.
    pub fn onward(&self, id: SubjectId) -> Self {
        match self.is_backward() {
            false => Self::After(id),
            true => Self::Before(id),
        }
    }

    /// From an id on, the other way.
    pub fn back(&self, id: SubjectId) -> Self {
        match self.is_backward() {
            false => Self::Before(id),
            true => Self::After(id),
        }
    }

    fn ids<'a, T>(
        &self,
        as_of: AsOf<'a>,
        table: &'a Table<T>,
    ) -> Box<dyn Iterator<Item = &'a SubjectId> + 'a> {
        match self {
            Self::First => Box::new(as_of.all(table).map(|(id, _)| id)),
            Self::After(id) => Box::new(table.after(id, as_of.moment).map(|(id, _)| id)),
            Self::Before(id) => Box::new(table.before(id, as_of.moment).map(|(id, _)| id)),
        }
    }
}

/// Some rows of a register, by their ids: an order that stays as the record grows, and in which a row
/// is built without those before it. The record about itself has no ids to go by, and all its rows on
/// one page.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "{R}Page")]
pub struct Page<'a, R = Value> {
    /// The register's name, such as `sign-offs`.
    pub register: &'static str,
    /// The day for which overdue and late are worked out.
    pub on: Date,
    /// What of it was asked for.
    pub filter: &'a Filter,
    /// The rows, in order of their ids; from the last to the first where the page goes backward.
    pub rows: Vec<R>,
    /// The id to go on from, the same way; absent where there is no more.
    pub next: Option<SubjectId>,
    /// The id to go back from, the other way; absent at the first page.
    pub previous: Option<SubjectId>,
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

    /// Some of its rows by their ids, `limit` at most and one at least: each row that is shown is
    /// built, and of the others only those that `filter` looks into.
    pub fn page<'a>(
        self,
        as_of: AsOf<'_>,
        day: Date,
        filter: &'a Filter,
        at: &Cursor,
        limit: usize,
    ) -> Page<'a> {
        let mut asking = Asking::new(as_of, day, filter);
        let mut page = Page {
            register: self.name(),
            on: day,
            filter,
            rows: Vec::new(),
            next: None,
            previous: None,
        };
        if self.kinds().is_empty() {
            page.rows = self.rows(&asking);
            return page;
        }
        let (mut first, mut last): (Option<&SubjectId>, Option<&SubjectId>) = (None, None);
        for id in self.ids(as_of, at) {
            asking.look_at(id);
            let Some(row) = self.rows(&asking).pop() else {
                continue;
            };
            if page.rows.len() >= limit.max(1) {
                page.next = last.cloned();
                break;
            }
            page.rows.push(row);
            first = first.or(Some(id));
            last = Some(id);
        }
        // The id that was named had a row of its own: there is something to go back to.
        if *at != Cursor::First {
            page.previous = first.cloned();
        }
        page
    }

    /// The paper of a page. Its rows are not set as tables: it is for programs.
    pub fn page_paper(self, context: &Context<'_>, page: &Page<'_>) -> Paper {
        let facts = facts(context, page.on, page.filter);
        context.paper(self.title(), facts, Vec::new(), page)
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
