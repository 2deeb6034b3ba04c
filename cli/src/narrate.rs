//! Events in plain words, for a person who reads the record.

use minutebook_events::catalogue::Payload;
use minutebook_events::period::{Change, compare};
use minutebook_events::{Capacity, Event, EventType, Period};
use serde_json::{Map, Value};

use crate::fields::{self, Form};

/// The type of an event as words: `Milestone brought forward`.
pub fn title(event: EventType) -> String {
    let name = event
        .name()
        .replace("SignOff", "Sign-off")
        .replace("ChairsAction", "Chair's action");
    let mut words = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !words.is_empty() {
            words.push(' ');
            words.extend(c.to_lowercase());
        } else {
            words.push(c);
        }
    }
    words
}

/// An event in one sentence, without a full stop.
pub fn sentence(event: &Event) -> String {
    let lead = title(event.event_type());
    match &event.payload {
        Payload::MilestoneSlipped(f) => format!("{lead}: {}", change(&f.from, &f.to)),
        Payload::MilestoneBroughtForward(f) => format!("{lead}: {}", change(&f.from, &f.to)),
        Payload::MilestoneDateRestated(f) => format!("{lead}: {}", change(&f.from, &f.to)),
        Payload::LedgerOpened(f) => format!("{lead}: {} ({})", f.partnership, f.origin),
        Payload::SigningKeyEnrolled(f) => format!("{lead}: {}", f.key.kid().short()),
        Payload::RoleAppointed(f) => {
            let role = f
                .role
                .map(|role| role.name().to_owned())
                .or(f.title.clone());
            let of =
                f.of.as_ref()
                    .map(|of| format!(" of {of}"))
                    .unwrap_or_default();
            format!("{lead}: {}{of}", role.unwrap_or_default())
        }
        _ => match telling(&event.to_json()) {
            Some(text) => format!("{lead}: {text}"),
            None => lead,
        },
    }
}

/// The field that says most: a title, a name, or the text itself.
fn telling(json: &Value) -> Option<String> {
    [
        "title",
        "name",
        "narrative",
        "note",
        "legal_basis",
        "reason",
    ]
    .iter()
    .find_map(|field| json[field].as_str())
    .map(|text| shortened(text, 200))
}

/// Text cut at a word, with an ellipsis where something is left out.
pub fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let cut: String = text.chars().take(most).collect();
    let whole = cut
        .rsplit_once(' ')
        .map_or(cut.as_str(), |(whole, _)| whole);
    format!("{whole} …")
}

/// A change of date with its measure: `2024/25 → 25/26 (slipped one year)`.
pub fn change(from: &Period, to: &Period) -> String {
    let how = match compare(from, to) {
        Change::Slipped(shift) => format!(" (slipped {})", shift.whole),
        Change::BroughtForward(shift) => format!(" (brought forward {})", shift.whole),
        _ => String::new(),
    };
    format!("{} → {}{how}", as_written(from), as_written(to))
}

/// A date in the words it was written in; one that was derived, in the words people would write.
pub fn as_written(period: &Period) -> String {
    period.to_string()
}

/// A date in the words it was written in, with the days that these stand for.
pub fn read_back(period: &Period) -> String {
    match &period.as_written {
        Some(words) if *words != period.reading() => {
            format!("{words}, read as {}", period.reading())
        }
        _ => period.reading(),
    }
}

/// A capacity as words: `secretary of body/pdg`.
pub fn capacity(capacity: &Capacity) -> String {
    match &capacity.of {
        Some(of) => format!("{} of {of}", capacity.role.name()),
        None => capacity.role.name().to_owned(),
    }
}

/// The fields of an event as names and values, in the order of its schema: its own first, then those
/// that every event may carry. Subject and capacity are left to the caller.
pub fn explained(event: &Event) -> Vec<(String, String)> {
    let json = event.to_json();
    let mut lines = Vec::new();
    for field in fields::of(event.event_type()) {
        if let Some(value) = json.get(&field.name)
            && field.name != "subject"
            && field.name != "capacity"
        {
            lines.push((label(&field.name), value_text(&field.form, value)));
        }
    }
    lines
}

/// The dates that were given in an event, each with its field.
pub fn dates(event: &Event) -> Vec<(String, Period)> {
    let json = event.to_json();
    fields::of(event.event_type())
        .into_iter()
        .filter(|field| field.form == Form::Period)
        .filter_map(|field| {
            let value = json.get(&field.name)?.clone();
            Some((label(&field.name), serde_json::from_value(value).ok()?))
        })
        .collect()
}

/// A field's name as words.
pub fn label(name: &str) -> String {
    name.replace('_', " ")
}

fn value_text(form: &Form, value: &Value) -> String {
    match (form, value) {
        (Form::Period, value) => match serde_json::from_value::<Period>(value.clone()) {
            Ok(period) => read_back(&period),
            Err(_) => value.to_string(),
        },
        (Form::Many(form), Value::Array(items)) => items
            .iter()
            .map(|item| value_text(form, item))
            .collect::<Vec<_>>()
            .join("\n"),
        (Form::Group(parts), Value::Object(object)) => group_text(parts, object),
        (_, Value::String(text)) => text.clone(),
        (_, Value::Bool(true)) => "yes".into(),
        (_, Value::Bool(false)) => "no".into(),
        (Form::Document, Value::Object(object)) => {
            let text = |name: &str| object.get(name).and_then(Value::as_str).unwrap_or_default();
            let size = object
                .get("size")
                .and_then(Value::as_u64)
                .unwrap_or_default();
            format!("{} ({size} bytes, sha256 {})", text("name"), text("sha256"))
        }
        // A figure: the words are what was written.
        (_, Value::Object(object)) if object.contains_key("as_written") => {
            object["as_written"].as_str().unwrap_or_default().to_owned()
        }
        (_, Value::Object(object)) => group_text(&[], object),
        (_, value) => value.to_string(),
    }
}

fn group_text(parts: &[(String, Form)], object: &Map<String, Value>) -> String {
    let texts = object.iter().map(|(name, value)| {
        let form = parts
            .iter()
            .find(|(part, _)| part == name)
            .map_or(&Form::Json, |(_, form)| form);
        format!(
            "{}: {}",
            label(name),
            value_text(form, value).replace('\n', ", ")
        )
    });
    texts.collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use minutebook_events::catalogue::example;

    #[test]
    fn types_read_as_words() {
        assert_eq!(
            title(EventType::MilestoneBroughtForward),
            "Milestone brought forward"
        );
        assert_eq!(title(EventType::SignOffGiven), "Sign-off given");
    }

    #[test]
    fn a_slip_says_from_when_to_when_and_how_far() {
        let period = |words: &str| Period::parse(words).unwrap();
        assert_eq!(
            change(&period("2024/25"), &period("25/26")),
            "2024/25 → 25/26 (slipped one year)"
        );
    }

    #[test]
    fn every_event_can_be_told_and_explained() {
        for event in EventType::ALL {
            let event = example(*event);
            let sentence = sentence(&event);
            assert!(!sentence.contains(['{', '\n']), "{sentence}");
            for (name, value) in explained(&event) {
                assert!(
                    !value.contains('{') && !value.is_empty(),
                    "{sentence}: {name}: {value}"
                );
            }
        }
    }

    #[test]
    fn long_text_is_cut_at_a_word() {
        assert_eq!(shortened("one two three", 9), "one two …");
        assert_eq!(shortened("one", 9), "one");
    }
}
