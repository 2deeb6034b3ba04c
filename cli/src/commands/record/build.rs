//! From what was typed to an event.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use clap::ArgMatches;
use minutebook_events::{Capacity, Event, EventType, SubjectId};
use serde_json::{Map, Value};

use super::types::id;
use crate::book::Book;
use crate::failure::Failure;
use crate::fields;

/// More than any event's JSON: its bytes may be 64 KiB.
const MAX_FILE: u64 = 1 << 20;

/// The fields that the file and the options give.
///
/// # Errors
/// Where a value cannot be read, naming its option.
pub fn typed_fields(event: EventType, matches: &ArgMatches) -> Result<Map<String, Value>, Failure> {
    let file = match matches.get_one::<PathBuf>("from_file") {
        Some(path) => Some(read_object(event, path)?),
        None => None,
    };
    let mut typed = Vec::new();
    for field in fields::of(event) {
        let Some(values) = matches.get_many::<String>(&id(&field)) else {
            continue;
        };
        let mut items = Vec::new();
        for text in values {
            let value = fields::parse(&field.form, text).map_err(|error| {
                Failure::usage(format!("--{}: {error}", field.option()), help_on(event))
            })?;
            items.push(value);
        }
        let value = match field.form {
            fields::Form::Many(_) => Value::Array(items),
            _ => items.pop().unwrap_or_default(),
        };
        typed.push((field.name, value));
    }
    Ok(fields::assemble(event, file, typed))
}

/// The files that were typed as documents, as `@FILE`.
pub fn typed_documents(event: EventType, matches: &ArgMatches) -> Vec<PathBuf> {
    let fields = fields::of(event).into_iter();
    let documents = fields.filter(|field| field.form == fields::Form::Document);
    let typed = documents.filter_map(|field| {
        let text = matches.get_one::<String>(&id(&field))?;
        text.strip_prefix('@').map(PathBuf::from)
    });
    typed.collect()
}

fn help_on(event: EventType) -> String {
    format!(
        "`minutebook record {} --help` shows its fields with an example",
        event.name()
    )
}

fn read_object(event: EventType, path: &Path) -> Result<Map<String, Value>, Failure> {
    let mut text = String::new();
    let read = if path.as_os_str() == "-" {
        std::io::stdin().take(MAX_FILE).read_to_string(&mut text)
    } else {
        fs::File::open(path).and_then(|file| file.take(MAX_FILE).read_to_string(&mut text))
    };
    read.map_err(|error| Failure::file("read", path, &error))?;
    let place = path.display();
    match serde_json::from_str(&text) {
        Ok(Value::Object(object)) => {
            let other = object
                .get("type")
                .and_then(Value::as_str)
                .filter(|name| *name != event.name());
            match other {
                None => Ok(object),
                Some(other) => Err(Failure::usage(
                    format!("{place} holds a {other}, not a {}", event.name()),
                    format!("`minutebook record {other} --from-file {place}` records it"),
                )),
            }
        }
        Ok(_) => Err(Failure::usage(
            format!("{place} is not a JSON object"),
            help_on(event),
        )),
        Err(error) => Err(Failure::usage(
            format!("{place} is not JSON: {error}"),
            help_on(event),
        )),
    }
}

/// For a change from something to something else: what it is until now, where it was not typed. The
/// record has it, and the person is shown it before signing.
pub fn with_what_is_now(
    event: EventType,
    mut object: Map<String, Value>,
    book: &Book,
) -> Map<String, Value> {
    if !object.contains_key("from")
        && let Some(subject) = object.get("subject").and_then(Value::as_str)
        && let Ok(subject) = subject.parse::<SubjectId>()
        && let Some(now) = book.what_is_now(event, &subject)
    {
        object.insert("from".into(), now);
    }
    object
}

/// Refuses an event without its required fields, all at once, each with what it means.
///
/// # Errors
/// Naming the missing options.
pub fn require_fields(
    event: EventType,
    object: &Map<String, Value>,
    book: &Book,
) -> Result<(), Failure> {
    let fields = fields::of(event);
    let missing: Vec<_> = fields
        .iter()
        .filter(|field| {
            field.required && field.name != "capacity" && !object.contains_key(&field.name)
        })
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let options: Vec<String> = missing
        .iter()
        .map(|field| format!("--{}", field.option()))
        .collect();
    let verb = if options.len() == 1 { "is" } else { "are" };
    let mut failure = Failure::usage(
        format!("{}: {} {verb} missing", event.name(), options.join(", ")),
        help_on(event),
    );
    for field in missing {
        let option = field.option();
        failure.details.push(match field.name.as_str() {
            "subject" => format!("--{option}: {}", subject_words(event, book)),
            _ => format!(
                "--{option} {}: {}",
                field.form.placeholder(),
                field.description
            ),
        });
    }
    Err(failure)
}

/// What to give as subject: a new name for what begins, an existing one for what goes on.
fn subject_words(event: EventType, book: &Book) -> String {
    let Some(kind) = event.about().first() else {
        return "what it is about, such as milestone/NAME or objective/NAME".into();
    };
    let some = book.some_of(*kind);
    let form = format!("{}/NAME", kind.name());
    match some.as_slice() {
        [] => format!("what it is about: {form}, where you choose NAME (letters, digits, hyphens)"),
        some => format!(
            "what it is about: {form}; the record has {}",
            some.join(", ")
        ),
    }
}

/// The event, with a capacity that `fitting` finds where none was given.
///
/// # Errors
/// Where the fields do not make an event, or no capacity fits.
pub fn finish(
    event: EventType,
    mut object: Map<String, Value>,
    fitting: impl FnOnce(EventType) -> Result<Capacity, Failure>,
) -> Result<Event, Failure> {
    if !object.contains_key("capacity") {
        let capacity = fitting(event)?;
        let json = serde_json::to_value(capacity).map_err(|e| Failure::bare(e.to_string()))?;
        object.insert("capacity".into(), json);
    }
    Event::from_json(object.into())
        .map_err(|error| Failure::usage(error.to_string(), help_on(event)))
}
