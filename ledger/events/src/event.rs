//! An event and its one encoding.
//!
//! On the wire an event is one flat CBOR map: `type`, `v`, the common fields of [`Common`] and the
//! fields of its [`Payload`]. The JSON form has the same names and shapes, with digests and keys as
//! text. An absent field is left out, never null.

use ciborium::Value;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::authority::{Authority, Capacity};
use crate::catalogue::{EventType, Payload};
use crate::cbor::{self, CborError};
use crate::digest::Digest;
use crate::id::SubjectId;
use crate::limits;
use crate::period::Period;

/// Who may read an event, from the least confidential to the most. Whoever may read one sort may read
/// those before it.
#[derive(
    Debug,
    Default,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Confidentiality {
    /// Whoever may read the ledger.
    #[default]
    Public,
    /// Those who may read the private part of meetings.
    #[serde(rename = "part-2")]
    Part2,
    /// Only named roles.
    Restricted,
}

/// Where an imported fact stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// The document's title.
    pub document: String,
    /// The section it stands in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    /// Which record of the import it was: file and record, so that importing again adds nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<String>,
}

/// The fields that every event may carry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Common {
    /// What the event is about.
    pub subject: SubjectId,
    /// When it was true in the world; left out where no date is known.
    #[serde(default)]
    pub effective: Option<Period>,
    /// The role and the body or organisation acted for.
    pub capacity: Capacity,
    /// Who may read it.
    #[serde(default)]
    pub confidentiality: Confidentiality,
    /// The meeting it was made in.
    #[serde(default)]
    pub meeting: Option<SubjectId>,
    /// The minute's number, such as `7.2`.
    #[serde(default)]
    pub minute: Option<String>,
    /// Why, where the rules ask for it.
    #[serde(default)]
    pub reason: Option<String>,
    /// Where an imported fact stands.
    #[serde(default)]
    pub source: Option<Source>,
    /// True for history that was imported: it carries its source and never counts as signed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub imported: bool,
    /// What is a reading and not stated: such as `link`, `grouping` or `year`.
    #[serde(default)]
    pub inferred: Vec<String>,
    /// What the source leaves open, which was therefore left empty.
    #[serde(default)]
    pub not_stated: Vec<String>,
    /// A remark.
    #[serde(default)]
    pub note: Option<String>,
    /// Digests of private parts, each a disclosure of its own.
    #[serde(default)]
    pub sealed: Vec<Digest>,
}

/// The names of the fields of [`Common`], which no payload uses for its own.
pub const COMMON_FIELDS: [&str; 13] = [
    "subject",
    "effective",
    "capacity",
    "confidentiality",
    "meeting",
    "minute",
    "reason",
    "source",
    "imported",
    "inferred",
    "not_stated",
    "note",
    "sealed",
];

impl Common {
    /// The fields without which no event is.
    pub fn new(subject: SubjectId, capacity: Capacity) -> Self {
        Self {
            subject,
            effective: None,
            capacity,
            confidentiality: Confidentiality::Public,
            meeting: None,
            minute: None,
            reason: None,
            source: None,
            imported: false,
            inferred: Vec::new(),
            not_stated: Vec::new(),
            note: None,
            sealed: Vec::new(),
        }
    }
}

/// Something that happened, said by someone in a capacity.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// The fields that every event may carry.
    pub common: Common,
    /// The fields of this type of event.
    pub payload: Payload,
}

/// Why bytes or JSON are no event.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum EventError {
    /// Not deterministic CBOR.
    #[error("not deterministic CBOR: {0}")]
    Cbor(#[from] CborError),
    /// Not a map from text to values.
    #[error("an event is a map with text keys")]
    NotAMap,
    /// No `type`, or no `v`.
    #[error("the event has no {0:?}")]
    Missing(&'static str),
    /// A type that is not in the catalogue.
    #[error("unknown event type {0:?}; `minutebook record --list` shows the types")]
    UnknownType(String),
    /// A version newer than this program knows.
    #[error("{event} version {found} is newer than this program knows ({known})")]
    NewerVersion {
        /// The type.
        event: &'static str,
        /// The version given.
        found: u64,
        /// The newest known.
        known: u64,
    },
    /// A null, which is written by leaving the field out.
    #[error("field {0:?} is null; leave it out instead")]
    Null(String),
    /// The fields do not fit the type.
    #[error("{event}: {message}")]
    Fields {
        /// The type.
        event: &'static str,
        /// What does not fit.
        message: String,
    },
}

impl Event {
    /// The type of this event.
    pub fn event_type(&self) -> EventType {
        self.payload.event_type()
    }

    /// The event as deterministic CBOR.
    ///
    /// # Errors
    /// [`EventError::Fields`] where the event does not pass [`Event::check`].
    pub fn encode(&self) -> Result<Vec<u8>, EventError> {
        self.check_fields()?;
        let value = self.to_value()?;
        self.check_limits(&value)?;
        Ok(cbor::encode(&value)?)
    }

    fn to_value(&self) -> Result<Value, EventError> {
        let event = self.event_type();
        let fields = |error: ciborium::value::Error| EventError::Fields {
            event: event.name(),
            message: error.to_string(),
        };
        let mut map = vec![
            (Value::Text("type".into()), Value::Text(event.name().into())),
            (
                Value::Text("v".into()),
                Value::Integer(event.version().into()),
            ),
        ];
        for part in [
            Value::serialized(&self.common).map_err(fields)?,
            self.payload.to_value().map_err(fields)?,
        ] {
            if let Value::Map(pairs) = part {
                map.extend(pairs);
            }
        }
        let mut value = Value::Map(map);
        cbor::prune(&mut value);
        Ok(value)
    }

    /// Reads an event, lifting an old version to today's.
    ///
    /// # Errors
    /// Where the bytes are not a canonical event of the catalogue.
    pub fn decode(bytes: &[u8]) -> Result<Self, EventError> {
        let value = cbor::decode(bytes)?;
        let limits = limits::check(&value);
        let Value::Map(pairs) = value else {
            return Err(EventError::NotAMap);
        };
        let (mut common, mut rest) = (Vec::new(), Vec::new());
        let (mut name, mut version) = (None, None);
        for (key, value) in pairs {
            let Value::Text(key) = key else {
                return Err(EventError::NotAMap);
            };
            if cbor::has_null(&value) {
                return Err(EventError::Null(key));
            }
            match (key.as_str(), value) {
                ("type", Value::Text(text)) => name = Some(text),
                ("v", Value::Integer(n)) => version = u64::try_from(n).ok(),
                (field, value) if COMMON_FIELDS.contains(&field) => {
                    common.push((Value::Text(key), value));
                }
                (_, value) => rest.push((Value::Text(key), value)),
            }
        }
        let name = name.ok_or(EventError::Missing("type"))?;
        let version = version.ok_or(EventError::Missing("v"))?;
        let event = EventType::parse(&name).ok_or(EventError::UnknownType(name))?;
        if version == 0 || version > event.version() {
            return Err(EventError::NewerVersion {
                event: event.name(),
                found: version,
                known: event.version(),
            });
        }
        let fields = |error: ciborium::value::Error| EventError::Fields {
            event: event.name(),
            message: cbor::message_of(&error),
        };
        let common = Value::Map(common).deserialized().map_err(fields)?;
        let payload = Payload::from_value(event, version, Value::Map(rest)).map_err(fields)?;
        let decoded = Self { common, payload };
        decoded.check_fields()?;
        limits.map_err(|message| EventError::Fields {
            event: event.name(),
            message,
        })?;
        Ok(decoded)
    }

    /// The event as one flat JSON object.
    pub fn to_json(&self) -> serde_json::Value {
        let event = self.event_type();
        let mut object = serde_json::Map::new();
        object.insert("type".into(), event.name().into());
        object.insert("v".into(), event.version().into());
        for part in [serde_json::to_value(&self.common), self.payload.to_json()] {
            // Every part is a struct with text keys, which JSON can always hold.
            if let Ok(serde_json::Value::Object(fields)) = part {
                object.extend(fields);
            }
        }
        let mut json = serde_json::Value::Object(object);
        prune(&mut json);
        json
    }

    /// Reads the flat JSON object. `v` may be left out: it is then today's version.
    ///
    /// # Errors
    /// Where a field is missing, unknown or of the wrong form, naming it.
    pub fn from_json(json: serde_json::Value) -> Result<Self, EventError> {
        let serde_json::Value::Object(object) = json else {
            return Err(EventError::NotAMap);
        };
        let (mut common, mut rest) = (serde_json::Map::new(), serde_json::Map::new());
        let (mut name, mut version) = (None, None);
        for (key, value) in object {
            match key.as_str() {
                "type" => name = value.as_str().map(str::to_owned),
                "v" => version = value.as_u64(),
                field if COMMON_FIELDS.contains(&field) => {
                    common.insert(key, value);
                }
                _ => {
                    rest.insert(key, value);
                }
            }
        }
        let name = name.ok_or(EventError::Missing("type"))?;
        let event = EventType::parse(&name).ok_or(EventError::UnknownType(name))?;
        if let Some(found) = version.filter(|v| *v != event.version()) {
            let known = event.version();
            return Err(EventError::NewerVersion {
                event: event.name(),
                found,
                known,
            });
        }
        let fields = |error: serde_json::Error| EventError::Fields {
            event: event.name(),
            message: error.to_string(),
        };
        let common = serde_json::from_value(common.into()).map_err(fields)?;
        let payload = Payload::from_json(event, rest.into()).map_err(fields)?;
        let event = Self { common, payload };
        event.check()?;
        Ok(event)
    }

    /// What this very event asks of its signer.
    pub fn authority(&self) -> Authority {
        self.payload.authority()
    }

    /// Checks what the types alone do not say: the kind of subject, the bounds of texts and lists,
    /// and the payload's own checks.
    ///
    /// # Errors
    /// [`EventError::Fields`] with what is wrong.
    pub fn check(&self) -> Result<(), EventError> {
        self.check_fields()?;
        self.check_limits(&self.to_value()?)
    }

    fn check_limits(&self, value: &Value) -> Result<(), EventError> {
        let event = self.event_type().name();
        limits::check(value).map_err(|message| EventError::Fields { event, message })
    }

    fn check_fields(&self) -> Result<(), EventError> {
        let event = self.event_type();
        let fail = |message| {
            Err(EventError::Fields {
                event: event.name(),
                message,
            })
        };
        let kinds = event.about();
        if !kinds.is_empty() && !kinds.contains(&self.common.subject.kind()) {
            let names: Vec<_> = kinds
                .iter()
                .map(|kind| format!("{}/…", kind.name()))
                .collect();
            return fail(format!(
                "subject {} should be {}",
                self.common.subject,
                names.join(" or ")
            ));
        }
        if self.common.imported && self.common.source.is_none() {
            return fail("an imported event needs its source".into());
        }
        match self.payload.check(&self.common) {
            Ok(()) => Ok(()),
            Err(message) => fail(message),
        }
    }
}

/// Leaves out nulls and empty lists, at any depth, as [`cbor::prune`] does on the wire.
fn prune(json: &mut serde_json::Value) {
    match json {
        serde_json::Value::Object(fields) => {
            fields.retain(|_, value| {
                !value.is_null() && value.as_array().is_none_or(|items| !items.is_empty())
            });
            fields.values_mut().for_each(prune);
        }
        serde_json::Value::Array(items) => items.iter_mut().for_each(prune),
        _ => {}
    }
}
