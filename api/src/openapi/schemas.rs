//! The schema of everything that the document names: one set of definitions.
//!
//! What is given is described as it is written, and what is taken as it is read. A type that both
//! takes part in has one definition, which a test holds to be the same either way.

use minutebook_papers::Envelope;
use minutebook_projections::changes::Changes;
use minutebook_reports::Found;
use minutebook_reports::history::History;
use minutebook_reports::status::Status;
use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use crate::route::{SchemaOf, Shape};

/// Where definitions stand in the document.
const PATH: &str = "/components/schemas";

/// The definitions, as they come together.
pub struct Schemas {
    given: SchemaGenerator,
    taken: SchemaGenerator,
}

impl Default for Schemas {
    fn default() -> Self {
        Self::new()
    }
}

impl Schemas {
    /// None yet.
    pub fn new() -> Self {
        let settings = || {
            SchemaSettings::draft2020_12().with(|settings| {
                settings.definitions_path = PATH.into();
                settings.meta_schema = None;
            })
        };
        Self {
            given: settings().for_serialize().into_generator(),
            taken: settings().for_deserialize().into_generator(),
        }
    }

    /// The schema of something that is given.
    pub fn answer(&mut self, make: SchemaOf) -> Value {
        make(&mut self.given).to_value()
    }

    /// The schema of something that is taken.
    pub fn request(&mut self, make: SchemaOf) -> Value {
        make(&mut self.taken).to_value()
    }

    /// The schema of a body that is given.
    pub fn given(&mut self, shape: Shape) -> Value {
        let one = &mut self.given;
        match shape {
            Shape::Json(make) => make(one).to_value(),
            // Records, which have no subject of their own, come in no pages.
            Shape::Register(register, false) if register.kinds().is_empty() => {
                register.paper_schema(one).to_value()
            }
            Shape::Register(register, false) => json!({"anyOf": [
                register.paper_schema(one).to_value(),
                register.page_schema(one).to_value(),
            ]}),
            Shape::Register(register, true) => register.detail_schema(one).to_value(),
            Shape::History => one.subschema_for::<Envelope<'static, History>>().to_value(),
            Shape::Changes => one.subschema_for::<Envelope<'static, Changes>>().to_value(),
            Shape::Found => one
                .subschema_for::<Envelope<'static, Found<'static>>>()
                .to_value(),
            Shape::Status => one.subschema_for::<Envelope<'static, Status>>().to_value(),
            Shape::Text | Shape::Bytes => plain(shape),
        }
    }

    /// The schema of a body that is taken.
    pub fn taken(&mut self, shape: Shape) -> Value {
        match shape {
            Shape::Json(make) => make(&mut self.taken).to_value(),
            Shape::Bytes => json!({"type": "string", "format": "binary", "minLength": 1}),
            other => plain(other),
        }
    }

    /// All that was named.
    pub fn definitions(mut self) -> Map<String, Value> {
        let mut all = self.given.take_definitions(true);
        for (name, schema) in self.taken.take_definitions(true) {
            all.entry(name).or_insert(schema);
        }
        all.sort_keys();
        all
    }

    /// The names that are defined both ways and not alike.
    #[cfg(test)]
    pub fn at_odds(mut self) -> Vec<String> {
        let given = self.given.take_definitions(true);
        let taken = self.taken.take_definitions(true);
        let odd = taken
            .into_iter()
            .filter(|(name, schema)| given.get(name).is_some_and(|other| other != schema));
        odd.map(|(name, _)| name).collect()
    }
}

fn plain(shape: Shape) -> Value {
    match shape {
        Shape::Bytes => json!({"type": "string", "format": "binary"}),
        _ => json!({"type": "string"}),
    }
}
