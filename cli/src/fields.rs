//! An event's fields as options of the command line, read from its JSON Schema.
//!
//! The schema is the one definition of an event's form, so a field added to an event is an option
//! here without a line of code. What people type becomes the event's JSON:
//!
//! | form | typed as |
//! |---|---|
//! | text, date, choice, number | the words: `--due 25/26` |
//! | yes or no | `--public` or `--public false` |
//! | list | the option once for each item |
//! | capacity | `secretary`, or `secretary of body/pdg` |
//! | document | `@minutes.pdf`: its digests are taken from the file, which is kept |
//! | group of fields | `in_favour=7,against=1`, or JSON |

use minutebook_events::catalogue::EventType;
use minutebook_events::event::COMMON_FIELDS;
use serde_json::{Map, Value};

mod parse;
mod schema;

pub use parse::{media_type, parse};
use schema::Schema;

/// One field of an event.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Its name in the event, such as `agreed_by`.
    pub name: String,
    /// What it means, in one line.
    pub description: String,
    /// Whether there is no event without it.
    pub required: bool,
    /// Whether every event may carry it.
    pub common: bool,
    /// How it is typed.
    pub form: Form,
}

/// How a field is typed.
#[derive(Debug, Clone, PartialEq)]
pub enum Form {
    /// Words.
    Text,
    /// `kind/name`.
    Subject,
    /// A date as people write it.
    Period,
    /// A figure as written: `90 per cent`.
    Figure,
    /// A number.
    Number,
    /// Yes or no.
    Flag,
    /// One of these words, each with its meaning where it is documented.
    Choice(Vec<(String, String)>),
    /// A role, with the body or organisation that it is held for.
    Capacity,
    /// A document by its content.
    Document,
    /// Named parts.
    Group(Vec<(String, Form)>),
    /// Several of a form.
    Many(Box<Form>),
    /// JSON as it is.
    Json,
}

impl Field {
    /// Its option, such as `agreed-by`.
    pub fn option(&self) -> String {
        self.name.replace('_', "-")
    }
}

impl Form {
    /// What stands for the value in help.
    pub fn placeholder(&self) -> String {
        match self {
            Form::Text => "TEXT".into(),
            Form::Subject => "KIND/NAME".into(),
            Form::Period => "DATE".into(),
            Form::Figure => "FIGURE".into(),
            Form::Number => "NUMBER".into(),
            Form::Flag => "true|false".into(),
            Form::Choice(words) if words.len() <= 4 => words
                .iter()
                .map(|(word, _)| word.as_str())
                .collect::<Vec<_>>()
                .join("|"),
            Form::Choice(_) => "WORD".into(),
            Form::Capacity => "ROLE [of KIND/NAME]".into(),
            Form::Document => "@FILE".into(),
            Form::Group(parts) => {
                let parts: Vec<_> = parts
                    .iter()
                    .take(2)
                    .map(|(name, _)| format!("{name}=…"))
                    .collect();
                parts.join(",")
            }
            Form::Many(form) => form.placeholder(),
            Form::Json => "JSON".into(),
        }
    }

    /// The words it may be, where they are listed.
    pub fn choices(&self) -> Option<&[(String, String)]> {
        match self {
            Form::Choice(words) => Some(words),
            Form::Many(form) => form.choices(),
            _ => None,
        }
    }
}

/// The fields of a type of event: required ones first, then its own, then those of every event.
pub fn of(event: EventType) -> Vec<Field> {
    let json = event.schema();
    let schema = Schema::new(&json);
    let required: Vec<&str> = json["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let properties = json["properties"].as_object().into_iter().flatten();
    let mut fields: Vec<Field> = properties
        .filter(|(name, _)| *name != "type" && *name != "v")
        .map(|(name, property)| Field {
            name: name.clone(),
            description: schema.description(property),
            required: required.contains(&name.as_str()),
            common: COMMON_FIELDS.contains(&name.as_str()),
            form: schema.form(property),
        })
        .collect();
    // `subject` first of all: it says what the event is about.
    fields.sort_by_key(|field| (!field.required, field.name != "subject", field.common));
    fields
}

/// What the type of event means, in one line.
pub fn meaning(event: EventType) -> String {
    let schema = event.schema();
    one_line(schema["description"].as_str().unwrap_or_default())
}

/// The first paragraph of a documentation text, as one line without its mark-up.
fn one_line(text: &str) -> String {
    let first = text.split("\n\n").next().unwrap_or_default();
    first
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .replace('`', "")
}

/// Builds the JSON of an event: what a file gave, then what was typed, which wins.
pub fn assemble(
    event: EventType,
    file: Option<Map<String, Value>>,
    typed: Vec<(String, Value)>,
) -> Map<String, Value> {
    let mut object = Map::new();
    object.insert("type".into(), event.name().into());
    object.extend(file.unwrap_or_default());
    object.extend(typed);
    object
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn field(event: EventType, name: &str) -> Field {
        of(event)
            .into_iter()
            .find(|field| field.name == name)
            .unwrap()
    }

    #[test]
    fn forms_are_read_from_the_schema() {
        let slip = EventType::MilestoneSlipped;
        assert_eq!(field(slip, "to").form, Form::Period);
        assert_eq!(field(slip, "subject").form, Form::Subject);
        assert_eq!(field(slip, "capacity").form, Form::Capacity);
        assert_eq!(field(slip, "imported").form, Form::Flag);
        assert_eq!(
            field(slip, "inferred").form,
            Form::Many(Box::new(Form::Text))
        );
        let standing = field(slip, "standing");
        assert!(standing.required && !standing.common);
        let words: Vec<&str> = standing
            .form
            .choices()
            .unwrap()
            .iter()
            .map(|(word, _)| word.as_str())
            .collect();
        assert_eq!(words, ["reported", "agreed"]);
        assert_eq!(field(slip, "agreed_by").option(), "agreed-by");
        let votes = field(EventType::DecisionMade, "votes").form;
        assert!(
            matches!(votes, Form::Group(parts) if parts[0] == ("in_favour".into(), Form::Number))
        );
        assert_eq!(
            field(EventType::MinutesDrafted, "document").form,
            Form::Document
        );
    }

    #[test]
    fn every_field_of_every_event_has_a_form_and_a_meaning() {
        for event in EventType::ALL {
            assert!(!meaning(*event).is_empty(), "{}", event.name());
            for field in of(*event) {
                let place = format!("{}.{}", event.name(), field.name);
                assert!(!field.description.is_empty(), "{place}");
                assert!(!field.form.placeholder().is_empty(), "{place}");
            }
            assert_eq!(of(*event)[0].name, "subject");
        }
    }

    #[test]
    fn what_is_typed_wins_over_the_file() {
        let file = serde_json::json!({"title": "a", "note": "n"})
            .as_object()
            .cloned();
        let object = assemble(
            EventType::MilestoneSet,
            file,
            vec![("title".into(), "b".into())],
        );
        let expected = serde_json::json!({"type": "MilestoneSet", "title": "b", "note": "n"});
        assert_eq!(Value::Object(object), expected);
    }
}
