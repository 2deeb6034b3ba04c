//! A schema that allows nothing that it does not name.
#![allow(clippy::unwrap_used, missing_docs)]

use jsonschema::Validator;
use schemars::generate::SchemaSettings;
use schemars::transform::{RecursiveTransform, Transform as _};
use schemars::{Schema, SchemaGenerator};

/// A validator of the schema that `make` gives, in which no object may have other fields than those
/// that it names.
pub fn closed(make: impl FnOnce(&mut SchemaGenerator) -> Schema) -> Validator {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    let mut generator = settings.into_generator();
    let mut schema = make(&mut generator);
    schema.insert("$defs".into(), generator.take_definitions(true).into());
    let close = |schema: &mut Schema| {
        if schema.get("properties").is_some() {
            schema.insert("additionalProperties".into(), false.into());
        }
    };
    RecursiveTransform(close).transform(&mut schema);
    jsonschema::draft202012::new(schema.as_value()).unwrap()
}
