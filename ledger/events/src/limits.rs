//! Bounds that hold for every field of every event.

use ciborium::Value;

/// The most characters of a title, name or other short text.
pub const SHORT_TEXT: usize = 1_000;

/// The most characters of a text in one of the [`LONG_TEXTS`].
pub const LONG_TEXT: usize = 20_000;

/// The most items of a list.
pub const LIST: usize = 1_000;

/// The fields that hold running text.
pub const LONG_TEXTS: [&str; 18] = [
    "changes",
    "comment",
    "conditions",
    "controls",
    "dissent",
    "findings",
    "narrative",
    "note",
    "purpose",
    "reason",
    "recommendation",
    "resolution",
    "statement",
    "summary",
    "text",
    "we_will",
    "witness_policy",
    "you_said",
];

/// The most characters of the text in this field.
pub(crate) fn text_limit(field: &str) -> usize {
    if LONG_TEXTS.contains(&field) {
        LONG_TEXT
    } else {
        SHORT_TEXT
    }
}

/// Checks every text and list of a map, at any depth.
///
/// # Errors
/// The field, and what is wrong with it.
pub(crate) fn check(fields: &Value) -> Result<(), String> {
    within("", fields)
}

fn within(field: &str, value: &Value) -> Result<(), String> {
    match value {
        Value::Text(text) if text.trim().is_empty() => {
            Err(format!("{field} is empty; leave it out instead"))
        }
        Value::Text(text) if text.chars().count() > text_limit(field) => Err(format!(
            "{field} is longer than {} characters",
            text_limit(field)
        )),
        Value::Text(text) if text.chars().any(unprintable) => {
            Err(format!("{field} holds a control character"))
        }
        Value::Array(items) if items.len() > LIST => {
            Err(format!("{field} has more than {LIST} items"))
        }
        Value::Array(items) => items.iter().try_for_each(|item| within(field, item)),
        Value::Map(pairs) => pairs.iter().try_for_each(|(key, value)| match key {
            Value::Text(name) => within(name, value),
            _ => within(field, value),
        }),
        _ => Ok(()),
    }
}

/// Control characters and changes of writing direction would let a text show otherwise than it
/// reads; line breaks and tabs do not.
fn unprintable(c: char) -> bool {
    let direction = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    direction || (c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
}

/// Writes the bounds into a JSON Schema, so that forms can keep to them.
pub(crate) fn describe(schema: &mut serde_json::Value) {
    let Some(object) = schema.as_object_mut() else {
        if let Some(items) = schema.as_array_mut() {
            items.iter_mut().for_each(describe);
        }
        return;
    };
    for (key, inner) in object.iter_mut() {
        match inner.as_object_mut() {
            Some(fields) if key == "properties" => {
                for (name, field) in fields {
                    describe_field(name, field);
                    describe(field);
                }
            }
            _ => describe(inner),
        }
    }
}

fn describe_field(name: &str, field: &mut serde_json::Value) {
    let is = |of: &serde_json::Value, kind| {
        let named = |value: &serde_json::Value| value.as_str() == Some(kind);
        named(&of["type"])
            || of["type"]
                .as_array()
                .is_some_and(|types| types.iter().any(named))
    };
    if is(field, "string") && field.get("pattern").is_none() && field.get("format").is_none() {
        field["minLength"] = 1.into();
        field["maxLength"] = text_limit(name).into();
    }
    if is(field, "array") {
        field["maxItems"] = LIST.into();
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn field(name: &str, value: impl Into<Value>) -> Result<(), String> {
        check(&Value::Map(vec![(Value::Text(name.into()), value.into())]))
    }

    #[test]
    fn titles_are_short_narratives_long_and_neither_is_blank() {
        assert_eq!(field("title", "x".repeat(1_000)), Ok(()));
        assert_eq!(field("narrative", "é".repeat(20_000)), Ok(()));
        assert!(
            field("title", "x".repeat(1_001))
                .unwrap_err()
                .contains("1000")
        );
        assert!(field("narrative", "x".repeat(20_001)).is_err());
        assert!(
            field("title", " \n")
                .unwrap_err()
                .contains("title is empty")
        );
        assert!(field("title", "a\u{0}b").is_err());
        assert!(field("title", "approved \u{202e}ton").is_err());
        assert!(field("narrative", "a\nb").is_ok());
    }

    #[test]
    fn lists_and_what_they_hold_are_bounded_at_any_depth() {
        let list = |n| Value::Array(vec![Value::Text("x".into()); n]);
        assert!(field("parties", list(1_000)).is_ok());
        assert!(field("parties", list(1_001)).is_err());
        let nested = Value::Map(vec![(Value::Text("title".into()), Value::Text("".into()))]);
        assert!(field("items", Value::Array(vec![nested])).is_err());
    }
}
