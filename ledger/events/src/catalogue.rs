//! Everything that can be recorded: one line an event, one definition each.
//!
//! A line names the type, its version, what it is about and the roles that may sign it. The type's
//! struct, in the file of its family, gives fields, checks and JSON Schema. Nothing else in the
//! project lists events.

use ciborium::Value;
use schemars::{JsonSchema, generate::SchemaSettings};

use crate::authority::{Authority, Role};
use crate::event::{COMMON_FIELDS, Common};
use crate::id::Kind;

pub mod lift;
pub mod plan;

use plan::*;

/// The fields of one type of event.
pub trait Fields: serde::Serialize + serde::de::DeserializeOwned + JsonSchema {
    /// Checks what the types alone do not say.
    ///
    /// # Errors
    /// What is wrong, in plain words.
    fn check(&self, _common: &Common) -> Result<(), String> {
        Ok(())
    }
}

macro_rules! catalogue {
    ($($family:literal { $(
        $event:ident $version:literal about [$($kind:ident),*] by [$($role:ident),+] $($second:ident)?;
    )+ })+) => {
        /// A type of event.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum EventType { $($(
            #[doc = concat!("See [`", stringify!($event), "`].")]
            $event,
        )+)+ }

        /// The fields of an event, by its type.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Payload { $($(
            #[doc = concat!("See [`struct@", stringify!($event), "`].")]
            $event($event),
        )+)+ }

        impl EventType {
            /// Every type, in the order of the catalogue.
            pub const ALL: &'static [EventType] = &[$($(EventType::$event,)+)+];

            /// The name that stands in events.
            pub fn name(self) -> &'static str {
                match self { $($(EventType::$event => stringify!($event),)+)+ }
            }

            /// The newest version, which is the one written.
            pub fn version(self) -> u64 {
                match self { $($(EventType::$event => $version,)+)+ }
            }

            /// The family it belongs to, as a heading.
            pub fn family(self) -> &'static str {
                match self { $($(EventType::$event => $family,)+)+ }
            }

            /// The kinds of subject it may be about; empty for any.
            pub fn about(self) -> &'static [Kind] {
                match self { $($(EventType::$event => &[$(Kind::$kind),*],)+)+ }
            }

            /// What it asks of its signer.
            pub fn authority(self) -> Authority {
                match self { $($(EventType::$event => Authority {
                    roles: &[$(Role::$role),+],
                    second_person: catalogue!(@second $($second)?),
                },)+)+ }
            }

            fn fields_schema(self, generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                match self { $($(
                    EventType::$event => generator.root_schema_for::<$event>(),
                )+)+ }
            }
        }

        impl Payload {
            /// The type.
            pub fn event_type(&self) -> EventType {
                match self { $($(Payload::$event(_) => EventType::$event,)+)+ }
            }

            pub(crate) fn check(&self, common: &Common) -> Result<(), String> {
                match self { $($(Payload::$event(fields) => fields.check(common),)+)+ }
            }

            pub(crate) fn to_value(&self) -> Result<Value, ciborium::value::Error> {
                match self { $($(Payload::$event(fields) => Value::serialized(fields),)+)+ }
            }

            pub(crate) fn from_value(
                event: EventType,
                version: u64,
                fields: Value,
            ) -> Result<Self, ciborium::value::Error> {
                let fields = lift::lift(lift::LIFTS, event, version, fields);
                match event { $($(
                    EventType::$event => fields.deserialized().map(Payload::$event),
                )+)+ }
            }

            pub(crate) fn to_json(&self) -> serde_json::Result<serde_json::Value> {
                match self { $($(Payload::$event(fields) => serde_json::to_value(fields),)+)+ }
            }

            pub(crate) fn from_json(
                event: EventType,
                fields: serde_json::Value,
            ) -> serde_json::Result<Self> {
                match event { $($(
                    EventType::$event => serde_json::from_value(fields).map(Payload::$event),
                )+)+ }
            }
        }

        $($(
            impl From<$event> for Payload {
                fn from(fields: $event) -> Self {
                    Payload::$event(fields)
                }
            }
        )+)+
    };
    (@second) => { false };
    (@second second) => { true };
}

catalogue! {
    "Strategy and delivery" {
        MilestoneSet 1 about [Milestone] by [Secretary, Lead];
        MilestoneSlipped 1 about [Milestone] by [Secretary, Lead];
    }
}

impl EventType {
    /// The type of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|event| event.name() == name)
    }

    /// The JSON Schema (draft 2020-12) of the flat JSON form: common fields and own fields.
    pub fn schema(self) -> serde_json::Value {
        let mut generator = SchemaSettings::draft2020_12().into_generator();
        let common = generator.root_schema_for::<Common>().to_value();
        let mut schema = self.fields_schema(&mut generator).to_value();
        let mut properties = serde_json::Map::new();
        properties.insert("type".into(), serde_json::json!({"const": self.name()}));
        properties.insert("v".into(), serde_json::json!({"const": self.version()}));
        let mut required = vec![serde_json::Value::from("type")];
        let mut defs = serde_json::Map::new();
        for part in [&schema, &common] {
            if let Some(own) = part["properties"].as_object() {
                properties.extend(own.clone());
            }
            if let Some(own) = part["required"].as_array() {
                required.extend(own.iter().cloned());
            }
            if let Some(own) = part["$defs"].as_object() {
                defs.extend(own.clone());
            }
        }
        schema["title"] = self.name().into();
        schema["type"] = "object".into();
        schema["properties"] = properties.into();
        schema["required"] = required.into();
        schema["$defs"] = defs.into();
        schema["additionalProperties"] = false.into();
        schema
    }

    /// The names of the fields that are this type's own.
    pub fn own_fields(self) -> Vec<String> {
        let schema = self.schema();
        let names = schema["properties"].as_object().into_iter().flatten().map(|(name, _)| name);
        names
            .filter(|name| !COMMON_FIELDS.contains(&name.as_str()) && *name != "type" && *name != "v")
            .cloned()
            .collect()
    }
}
