//! An event as JSON, and the schema of all events.

use std::borrow::Cow;

use minutebook_events::EventType;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;
use serde_json::Value;

/// An event in its flat JSON form, as [`Event::to_json`](minutebook_events::Event::to_json) writes it.
///
/// Its schema is that of any event of the catalogue, told apart by `type`. Each type stands among the
/// definitions as `event.` and its name; so do the types of its fields, which are the forms that are
/// read from people: wider than what is written.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub struct EventJson(pub Value);

impl JsonSchema for EventJson {
    fn schema_name() -> Cow<'static, str> {
        "Event".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let path = generator.settings().definitions_path.clone();
        let path = format!("#/{}/", path.trim_start_matches('#').trim_matches('/'));
        let mut any = Vec::new();
        for event in EventType::ALL {
            let mut schema = event.schema();
            refer(&mut schema, &path);
            let own = schema.as_object_mut().and_then(|fields| {
                fields.remove("$schema");
                fields.remove("$defs")
            });
            if let Some(Value::Object(own)) = own {
                let own = own.into_iter();
                let own = own.map(|(name, definition)| (within(&name), definition));
                generator.definitions_mut().extend(own);
            }
            let name = within(event.name());
            any.push(serde_json::json!({"$ref": format!("{path}{name}")}));
            generator.definitions_mut().insert(name, schema);
        }
        json_schema!({
            "description": "An event of the catalogue, as it was recorded.",
            "oneOf": any
        })
    }
}

/// The name of a definition of the catalogue, which must not meet one of the answers: the same type
/// is read in more forms than it is written in.
fn within(name: &str) -> String {
    format!("event.{name}")
}

/// Makes references to definitions of the schema itself into those to where they will stand.
fn refer(schema: &mut Value, path: &str) {
    match schema {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::String(target) if name == "$ref" => {
                        if let Some(own) = target.strip_prefix("#/$defs/") {
                            *target = format!("{path}{}", within(own));
                        }
                    }
                    other => refer(other, path),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| refer(item, path)),
        _ => {}
    }
}
