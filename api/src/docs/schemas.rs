//! The forms of what is sent and given, and of every event.

use std::fmt::Write as _;

use minutebook_events::EventType;
use minutebook_events::catalogue::example;
use serde_json::{Map, Value};

use super::html::{escaped, fields, slug, words};
use crate::openapi::Described;

/// Where definitions stand in the document.
const PATH: &str = "#/components/schemas/";

/// What the names of the definitions of events begin with.
const EVENT: &str = "event.";

/// Writes the events by family, and then every other definition.
pub fn write(out: &mut String, described: &Described) {
    let none = Map::new();
    let all = described.document["components"]["schemas"].as_object();
    let all = all.unwrap_or(&none);
    out.push_str(
        "<section aria-labelledby=\"events\">\n<h2 id=\"events\">Forms of events</h2>\n\
         <p>The fields of each type of event, beside those that every event may carry. This is the JSON form, \
         which entries are told in; signed and hashed is the CBOR form of the same fields.</p>\n",
    );
    let mut family = "";
    for event in EventType::ALL {
        if event.family() != family {
            family = event.family();
            let _ = writeln!(out, "<h3>{}</h3>", escaped(family));
        }
        let name = format!("{EVENT}{}", event.name());
        if let Some(schema) = all.get(&name) {
            definition(out, &name, schema, Some(*event));
        }
    }
    out.push_str("<h3>Parts of events</h3>\n");
    let is_event = |name: &str| {
        let own = name.strip_prefix(EVENT);
        own.is_some_and(|own| EventType::parse(own).is_some())
    };
    let parts = all.iter().filter(|(name, _)| name.starts_with(EVENT));
    for (name, schema) in parts.filter(|(name, _)| !is_event(name)) {
        definition(out, name, schema, None);
    }
    out.push_str(
        "</section>\n<section aria-labelledby=\"schemas\">\n\
         <h2 id=\"schemas\">Forms of answers and requests</h2>\n\
         <p>A name that ends with <code>Paper</code> is an answer as a whole: title, facts, the data, and the \
         stamp that says where it comes from.</p>\n",
    );
    for (name, schema) in all.iter().filter(|(name, _)| !name.starts_with(EVENT)) {
        definition(out, name, schema, None);
    }
    out.push_str("</section>\n");
}

fn definition(out: &mut String, name: &str, schema: &Value, event: Option<EventType>) {
    let shown = name.strip_prefix(EVENT).unwrap_or(name);
    let _ = writeln!(
        out,
        "<details class=\"schema\" id=\"schema-{}\"><summary><code>{}</code></summary>",
        slug(name),
        escaped(shown)
    );
    if let Some(about) = schema["description"].as_str() {
        for paragraph in about.split("\n\n") {
            let _ = writeln!(out, "<p>{}</p>", words(paragraph));
        }
    }
    let rows = rows(schema);
    match rows.is_empty() {
        false => fields(out, "Fields", ["Name", "Form", "Meaning"], &rows),
        true => {
            let _ = writeln!(out, "<p>{}</p>", form(schema));
        }
    }
    if let Some(event) = event {
        // Text and numbers always have a JSON form.
        let json = serde_json::to_string_pretty(&example(event).to_json()).unwrap_or_default();
        let _ = writeln!(
            out,
            "<h4>Example</h4>\n<pre tabindex=\"0\"><code>{}</code></pre>",
            escaped(&json)
        );
    }
    out.push_str("</details>\n");
}

fn rows(schema: &Value) -> Vec<[String; 3]> {
    let needed: Vec<&str> = schema["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let fields = schema["properties"].as_object().into_iter().flatten();
    fields
        .map(|(name, field)| {
            let may = match needed.contains(&name.as_str()) {
                true => "",
                false => " <span class=\"note\">may be left out</span>",
            };
            let about = field["description"].as_str().unwrap_or_default();
            [
                format!("<code>{}</code>{may}", escaped(name)),
                form(field),
                words(about),
            ]
        })
        .collect()
}

/// A schema in words.
pub fn form(schema: &Value) -> String {
    if let Some(target) = schema["$ref"].as_str() {
        let name = target.strip_prefix(PATH).unwrap_or(target);
        let shown = name.strip_prefix(EVENT).unwrap_or(name);
        return format!(
            "<a href=\"#schema-{}\"><code>{}</code></a>",
            slug(name),
            escaped(shown)
        );
    }
    if let Some(only) = schema.get("const") {
        return format!("<code>{}</code>", escaped(&only.to_string()));
    }
    if let Some(values) = schema["enum"].as_array() {
        return choice(values.iter().map(|value| match value {
            Value::String(text) => format!("<code>{}</code>", escaped(text)),
            other => format!("<code>{}</code>", escaped(&other.to_string())),
        }));
    }
    for any in ["anyOf", "oneOf"] {
        if let Some(forms) = schema[any].as_array() {
            return choice(forms.iter().map(form));
        }
    }
    if let Some(forms) = schema["allOf"].as_array() {
        return forms.iter().map(form).collect::<Vec<_>>().join(" and ");
    }
    match &schema["type"] {
        Value::String(name) => typed(name, schema),
        Value::Array(names) => choice(
            names
                .iter()
                .filter_map(Value::as_str)
                .map(|name| typed(name, schema)),
        ),
        _ => said(schema),
    }
}

fn typed(name: &str, schema: &Value) -> String {
    match name {
        "array" if schema["items"].is_object() => format!("list of {}", form(&schema["items"])),
        "array" => "list".into(),
        "object" => object(schema),
        "integer" => format!("whole number{}", range(schema)),
        "number" => format!("number{}", range(schema)),
        "boolean" => "<code>true</code> or <code>false</code>".into(),
        "null" => "<code>null</code>".into(),
        _ => said(schema),
    }
}

fn object(schema: &Value) -> String {
    let rows = rows(schema);
    if rows.is_empty() {
        return match schema["additionalProperties"].is_object() {
            true => format!("map to {}", form(&schema["additionalProperties"])),
            false => "object".into(),
        };
    }
    let parts: Vec<String> = rows
        .into_iter()
        .map(|[name, form, _]| format!("{name}: {form}"))
        .collect();
    format!("object of {}", parts.join(", "))
}

/// What is said of a text, or of something without a type.
fn said(schema: &Value) -> String {
    let text = |name: &str| schema[name].as_str();
    if let Some(format) = text("format") {
        return format!("text, {}", escaped(format));
    }
    if text("contentEncoding").is_some() {
        return "text, base64".into();
    }
    match text("pattern") {
        // A long pattern says less than the words beside it.
        Some(pattern) if pattern.len() <= 60 => format!("text, <code>{}</code>", escaped(pattern)),
        _ => "text".into(),
    }
}

fn range(schema: &Value) -> String {
    match (schema["minimum"].as_i64(), schema["maximum"].as_i64()) {
        (Some(least), Some(most)) => format!(" from {least} to {most}"),
        (Some(least), None) => format!(" from {least}"),
        _ => String::new(),
    }
}

fn choice(forms: impl Iterator<Item = String>) -> String {
    let mut seen: Vec<String> = Vec::new();
    for form in forms {
        if !seen.contains(&form) {
            seen.push(form);
        }
    }
    // A long list of values is folded, so that the table stays readable.
    match seen.len() {
        0..=12 => seen.join(" or "),
        many => format!(
            "<details><summary>one of {many}</summary><span>{}</span></details>",
            seen.join(", ")
        ),
    }
}
