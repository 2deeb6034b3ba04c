//! Reading the little of JSON Schema that events use.

use serde_json::Value;

use super::{Form, one_line};

/// An event's schema, with the definitions that it refers to.
pub struct Schema<'a> {
    root: &'a Value,
}

/// How deep forms may nest; a definition that refers to itself would never end.
const DEPTH: usize = 6;

impl<'a> Schema<'a> {
    /// Of a whole event.
    pub fn new(root: &'a Value) -> Self {
        Self { root }
    }

    /// What a field means: its own words, or those of its definition.
    pub fn description(&self, property: &'a Value) -> String {
        let own = property["description"].as_str();
        let defined = || self.definition(not_null(property))?.1["description"].as_str();
        one_line(own.or_else(defined).unwrap_or_default())
    }

    /// How a field is typed.
    pub fn form(&self, property: &'a Value) -> Form {
        self.form_within(property, DEPTH)
    }

    fn form_within(&self, property: &'a Value, depth: usize) -> Form {
        let schema = not_null(property);
        if depth == 0 {
            return Form::Json;
        }
        if let Some((name, definition)) = self.definition(schema) {
            return match name {
                "Period" => Form::Period,
                "Quantity" => Form::Figure,
                "Capacity" => Form::Capacity,
                "DocumentRef" => Form::Document,
                "SubjectId" => Form::Subject,
                _ => self.form_within(definition, depth - 1),
            };
        }
        if let Some(words) = choices(schema) {
            return Form::Choice(words);
        }
        let is_text = |schema: &Value| type_of(schema) == Some("string");
        if schema["anyOf"].as_array().is_some_and(|forms| forms.iter().any(is_text)) {
            return Form::Text;
        }
        match type_of(schema) {
            Some("string") => Form::Text,
            Some("integer" | "number") => Form::Number,
            Some("boolean") => Form::Flag,
            Some("array") => Form::Many(Box::new(self.form_within(&schema["items"], depth - 1))),
            Some("object") => match schema["properties"].as_object() {
                Some(parts) => Form::Group(
                    parts
                        .iter()
                        .map(|(name, part)| (name.clone(), self.form_within(part, depth - 1)))
                        .collect(),
                ),
                None => Form::Json,
            },
            _ => Form::Json,
        }
    }

    /// The definition that a `$ref` names.
    fn definition(&self, schema: &'a Value) -> Option<(&'a str, &'a Value)> {
        let name = schema["$ref"].as_str()?.strip_prefix("#/$defs/")?;
        Some((name, self.root["$defs"].get(name)?))
    }
}

/// The schema without its "or null", which is written by leaving the field out.
fn not_null(schema: &Value) -> &Value {
    let others = |forms: &'_ Vec<Value>| forms.iter().filter(|form| form["type"] != "null").count();
    match schema["anyOf"].as_array() {
        Some(forms) if forms.len() == 2 && others(forms) == 1 => {
            forms.iter().find(|form| form["type"] != "null").unwrap_or(schema)
        }
        _ => schema,
    }
}

fn type_of(schema: &Value) -> Option<&str> {
    match &schema["type"] {
        Value::String(name) => Some(name),
        Value::Array(names) => names.iter().filter_map(Value::as_str).find(|name| *name != "null"),
        _ => None,
    }
}

fn choices(schema: &Value) -> Option<Vec<(String, String)>> {
    let word = |value: &Value| value.as_str().map(str::to_owned);
    let listed = |schema: &Value| -> Option<Vec<(String, String)>> {
        let words = schema["enum"].as_array()?;
        Some(words.iter().filter_map(|value| Some((word(value)?, String::new()))).collect())
    };
    if let Some(words) = listed(schema) {
        return Some(words);
    }
    let mut words = Vec::new();
    for form in schema["oneOf"].as_array()? {
        match word(&form["const"]) {
            Some(name) => {
                words.push((name, one_line(form["description"].as_str().unwrap_or_default())));
            }
            None => words.extend(listed(form)?),
        }
    }
    Some(words)
}
