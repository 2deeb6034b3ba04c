//! A paper about one thing of a register: all its fields, what it is linked to, and its history.

use jiff::civil::Date;
use minutebook_events::{Kind, PersonId, SubjectId};
use minutebook_papers::{Fact, Paper};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::context::{Context, day_words};
use crate::history::{self, History};
use crate::registers::Register;
use crate::registers::cells::capitalised;

mod links;
mod tables;

/// What the paper about one thing answers.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "{R}Detail")]
pub struct Detail<R = Value> {
    /// The name of the register that it stands in, such as `sign-offs`.
    pub register: &'static str,
    /// The day for which overdue and late are worked out.
    pub on: Date,
    /// Its row.
    pub row: R,
    /// What names it or is named by it, by what they are to it.
    pub links: Vec<Link>,
    /// The entries about it; absent where there is none that the reader may read.
    pub history: Option<History>,
}

/// Things of one sort that something is linked to.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Link {
    /// What they are to it, such as `Actions that follow from it`.
    pub what: &'static str,
    /// Their ids.
    pub ids: Vec<SubjectId>,
}

/// The paper about one thing as it stands on `day`; `None` where the register has none such, or this
/// reader may not know. Its history comes from the entries about it.
pub fn detail(
    context: &Context<'_>,
    register: Register,
    day: Date,
    id: &SubjectId,
    history: Option<History>,
) -> Option<Paper> {
    let one = register.one(context, day, id)?;
    let mut facts = vec![
        Fact::new("What", id.to_string()),
        Fact::new("As it stands on", day_words(day)),
    ];
    if let Value::Object(row) = &one.row {
        facts.extend(fields(context, row));
    }
    let (links, mut sections) = links::links(context, day, id);
    if matches!(
        register,
        Register::People | Register::Progress | Register::Consultations
    ) {
        sections.splice(0..0, one.sections);
    }
    sections.extend(history.as_ref().map(|one| history::section(context, one)));
    let title = match id.kind() {
        Kind::Person => context.called(id),
        _ => one.row["title"].as_str().unwrap_or_default().to_owned(),
    };
    let detail = Detail {
        register: register.name(),
        on: day,
        row: one.row,
        links,
        history,
    };
    Some(context.paper(title, facts, sections, &detail))
}

/// What is said elsewhere on the paper, or in a table of its own.
const ELSEWHERE: [&str; 12] = [
    "id",
    "depth",
    "title",
    "said",
    "entries",
    "person",
    "holds",
    "signatories",
    "answers",
    "planned",
    "reported",
    "next",
];

/// The fields of a row as names and values; what is empty is left out.
fn fields(context: &Context<'_>, row: &Map<String, Value>) -> Vec<Fact> {
    let mut facts = Vec::new();
    for (name, value) in row {
        let itself = name == "body" && value.get("id") == row.get("id");
        if itself || ELSEWHERE.contains(&name.as_str()) {
            continue;
        }
        let words = words(context, name, value);
        if !words.is_empty() {
            facts.push(Fact::new(label(name), words));
        }
    }
    facts.extend(row.get("said").and_then(|said| minuted(context, said)));
    facts
}

/// The meeting and minute of the entry that says most of it.
fn minuted(context: &Context<'_>, said: &Value) -> Option<Fact> {
    let meeting = said.get("meeting").filter(|meeting| !meeting.is_null())?;
    let meeting = words(context, "meeting", meeting);
    Some(Fact::new(
        "Minuted",
        match said.get("minute").and_then(Value::as_str) {
            Some(minute) => format!("{meeting}, minute {minute}"),
            None => meeting,
        },
    ))
}

fn label(name: &str) -> String {
    capitalised(&name.replace('_', " "))
}

/// A value in words: something by its name, a date and a figure as written.
fn words(context: &Context<'_>, name: &str, value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => match text.parse::<PersonId>() {
            Ok(person) if matches!(name, "person" | "by" | "signer" | "reviewer") => {
                context.person(&person)
            }
            // Words of the catalogue, which are written with hyphens.
            _ if matches!(name, "quoracy" | "kind" | "change_basis" | "level") => {
                text.replace('-', " ")
            }
            _ => text.clone(),
        },
        Value::Array(items) => {
            let items = items.iter().map(|item| words(context, name, item));
            let items: Vec<String> = items.filter(|item| !item.is_empty()).collect();
            items.join("\n")
        }
        Value::Object(object) => group(context, object),
    }
}

fn group(context: &Context<'_>, object: &Map<String, Value>) -> String {
    let text = |name: &str| object.get(name).and_then(Value::as_str);
    if let Some(written) = text("as_written") {
        return written.to_owned();
    }
    if let (2, Some(id)) = (object.len(), text("id"))
        && let Ok(id) = id.parse::<SubjectId>()
    {
        return format!("{} ({id})", context.called(&id));
    }
    if object.contains_key("precision") {
        let period =
            serde_json::from_value::<minutebook_events::Period>(Value::Object(object.clone()));
        return period.map_or_else(|_| String::new(), |period| period.to_string());
    }
    if object.contains_key("later") {
        return dates(context, object);
    }
    if let (Some(entry), true) = (object.get("entry"), object.contains_key("recorded_at")) {
        return format!("entry {entry}");
    }
    let is_who = object.contains_key("post");
    let parts = object.iter().filter_map(|(name, value)| {
        let words = words(context, name, value).replace('\n', ", ");
        match (words.is_empty(), is_who) {
            (true, _) => None,
            (false, true) => Some(words),
            (false, false) => Some(format!("{}: {words}", name.replace('_', " "))),
        }
    });
    let parts: Vec<String> = parts.collect();
    parts.join(if is_who { ", " } else { "; " })
}

/// Every date in its words, and how far it has moved in all.
fn dates(context: &Context<'_>, object: &Map<String, Value>) -> String {
    let first = object
        .get("first")
        .map(|first| words(context, "first", first));
    let later = object.get("later").and_then(Value::as_array);
    let later = later
        .into_iter()
        .flatten()
        .map(|one| words(context, "to", &one["to"]));
    let all: Vec<String> = first
        .into_iter()
        .chain(later)
        .filter(|one| !one.is_empty())
        .collect();
    match object.get("moved").and_then(Value::as_str) {
        Some(moved) => format!("{} ({moved})", all.join(" → ")),
        None => all.join(" → "),
    }
}
