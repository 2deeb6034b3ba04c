//! Names of things: who signed, and what an event is about.

use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A text is not a valid id of its kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// Not 16 to 64 lower-case hex digits.
    #[error("not a person id: {0:?} (16 to 64 lower-case hex digits are needed)")]
    Person(String),
    /// Not `kind/name`.
    #[error("not a subject: {0:?} (kind/name is needed, such as milestone/m-12)")]
    Subject(String),
    /// The part before the slash is no kind of subject.
    #[error("unknown kind of subject {kind:?} (one of {})", Kind::all_names())]
    Kind {
        /// What was given.
        kind: String,
    },
}

/// An opaque person: random hex, made per person and ledger, meaning nothing to a reader.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PersonId(Box<str>);

impl PersonId {
    /// From 16 random bytes.
    pub fn from_random(bytes: [u8; 16]) -> Self {
        Self(
            bytes
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect::<String>()
                .into(),
        )
    }

    /// The hex digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The subject that stands for this person.
    pub fn subject(&self) -> SubjectId {
        SubjectId {
            kind: Kind::Person,
            name: self.0.clone(),
        }
    }
}

impl FromStr for PersonId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let hex = text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        if hex && (16..=64).contains(&text.len()) {
            Ok(Self(text.into()))
        } else {
            Err(IdError::Person(text.into()))
        }
    }
}

macro_rules! kinds {
    ($($variant:ident $name:literal $doc:literal)*) => {
        /// What sort of thing an event is about.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Kind { $(#[doc = $doc] $variant,)* }

        impl Kind {
            /// Every kind, in the order of the catalogue.
            pub const ALL: &'static [Kind] = &[$(Kind::$variant),*];

            /// The word before the slash.
            pub fn name(self) -> &'static str {
                match self { $(Kind::$variant => $name,)* }
            }
        }
    };
}

kinds! {
    Ledger "ledger" "The ledger itself."
    Organisation "organisation" "An organisation, named or a counted group."
    Body "body" "A board, committee or group."
    Person "person" "A person, by opaque id."
    Post "post" "A position held for a body or organisation, by whoever holds it."
    Authority "authority" "A delegated authority."
    Meeting "meeting" "A meeting of a body."
    Paper "paper" "A paper lodged for a meeting."
    Interest "interest" "A declared interest."
    Minutes "minutes" "The minutes of a meeting."
    Decision "decision" "A decision, made or foreseen."
    Action "action" "An action with an owner."
    Strategy "strategy" "A strategy, plan or programme."
    Aim "aim" "A theme, ambition or aim of a strategy."
    Objective "objective" "An objective, outcome or commitment."
    Milestone "milestone" "A deliverable with or without a date."
    Metric "metric" "Something measured."
    Risk "risk" "A risk."
    Assurance "assurance" "A line of assurance."
    SignOff "sign-off" "A request for signatures on a text."
    Agreement "agreement" "An agreement between organisations."
    Funding "funding" "A funding application."
    Evaluation "evaluation" "An evaluation."
    Consultation "consultation" "A consultation or engagement activity."
    Document "document" "A document that was imported or published."
    Hold "hold" "A hold on erasure and disposal."
    Record "record" "An entry of this ledger, by its index."
}

impl Kind {
    fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }

    fn all_names() -> String {
        Self::ALL
            .iter()
            .map(|kind| kind.name())
            .collect::<Vec<_>>()
            .join(", ")
    }
}

/// What an event is about: `kind/name`, such as `milestone/m-key-worker`. The name is 1 to 64
/// letters, digits, dots, hyphens and underscores, and begins with a letter or digit.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SubjectId {
    kind: Kind,
    name: Box<str>,
}

impl SubjectId {
    /// Makes `kind/name`.
    ///
    /// # Errors
    /// Where the name is not of the form above.
    pub fn new(kind: Kind, name: &str) -> Result<Self, IdError> {
        let letter = |b: u8| b.is_ascii_alphanumeric();
        let fits = (1..=64).contains(&name.len())
            && name.bytes().next().is_some_and(letter)
            && name
                .bytes()
                .all(|b| letter(b) || matches!(b, b'.' | b'-' | b'_'));
        if fits {
            Ok(Self {
                kind,
                name: name.into(),
            })
        } else {
            Err(IdError::Subject(format!("{}/{name}", kind.name())))
        }
    }

    /// The part before the slash.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The part after the slash.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The person, where this subject is one.
    pub fn person(&self) -> Option<PersonId> {
        (self.kind == Kind::Person)
            .then(|| self.name.parse().ok())
            .flatten()
    }
}

impl FromStr for SubjectId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let (kind, name) = text
            .split_once('/')
            .ok_or_else(|| IdError::Subject(text.into()))?;
        let kind = Kind::parse(kind).ok_or_else(|| IdError::Kind { kind: kind.into() })?;
        Self::new(kind, name)
    }
}

impl fmt::Display for SubjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind.name(), self.name)
    }
}

impl fmt::Display for PersonId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

macro_rules! text_form {
    ($type:ident, $pattern:expr, $description:literal) => {
        impl fmt::Debug for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
            }
        }

        impl JsonSchema for $type {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($type).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({
                    "type": "string", "pattern": $pattern, "description": $description
                })
            }
        }
    };
}

/// The kinds by their names, then a name.
fn subject_pattern() -> String {
    let kinds: Vec<&str> = Kind::ALL.iter().map(|kind| kind.name()).collect();
    let kinds = kinds.join("|");
    format!("^({kinds})/[A-Za-z0-9][A-Za-z0-9._-]{{0,63}}$")
}

text_form!(PersonId, "^[0-9a-f]{16,64}$", "an opaque person id");
text_form!(
    SubjectId,
    subject_pattern(),
    "what it is about: kind/name, such as milestone/m-12"
);

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn subjects_print_back_as_written() {
        for text in [
            "milestone/m-12",
            "objective/obj-B1",
            "sign-off/so.1",
            "person/00ff00ff00ff00ff",
        ] {
            assert_eq!(text.parse::<SubjectId>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn refuses_what_is_no_subject() {
        for text in [
            "",
            "milestone",
            "milestone/",
            "milestone/-x",
            "milestone/a b",
            "milestone/a/b",
            "dragon/x",
            "milestone/é",
            &format!("milestone/{}", "x".repeat(65)),
        ] {
            assert!(text.parse::<SubjectId>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_person_is_opaque_hex() {
        assert!("00ff00ff00ff00ff".parse::<PersonId>().is_ok());
        for text in ["", "jane", "00FF00FF00FF00FF", "00ff", &"0".repeat(65)] {
            assert!(text.parse::<PersonId>().is_err(), "{text}");
        }
    }
}
