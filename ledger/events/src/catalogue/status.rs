//! Status reports: what was said about how something stands, and the rating where one was given.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{Fields, distinct};
use crate::event::Common;
use crate::id::{Kind, SubjectId};
use crate::period::Period;

/// A rating: a value of the declared scale, or the plain statement that there is none.
///
/// Written as text: `not-rated`, `not-stated`, or the scale's own word, such as `Amber`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Rating {
    /// A value of the scale.
    Value(String),
    /// It was decided not to rate it.
    NotRated,
    /// There is a place for a rating and nothing stands in it.
    NotStated,
}

impl Rating {
    /// The text that stands in events.
    pub fn as_str(&self) -> &str {
        match self {
            Rating::Value(value) => value,
            Rating::NotRated => "not-rated",
            Rating::NotStated => "not-stated",
        }
    }
}

impl Serialize for Rating {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Rating {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        // "Not stated" must never pass for a value of a scale, however it is spelt.
        match text.to_lowercase().replace(['-', '_', ' '], "").as_str() {
            "notrated" if text == "not-rated" => Ok(Rating::NotRated),
            "notstated" if text == "not-stated" => Ok(Rating::NotStated),
            "notrated" | "notstated" => Err(de::Error::custom(format!(
                "rating {text:?} is written not-rated or not-stated"
            ))),
            _ => Ok(Rating::Value(text)),
        }
    }
}

impl JsonSchema for Rating {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Rating".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": "a word of the scale, or not-rated, or not-stated"
        })
    }
}

/// Whether a report is made on the way or at the end of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ReportKind {
    /// On the way.
    InYear,
    /// At the end of the year.
    YearEnd,
}

/// How something stands, as someone reports it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StatusReported {
    /// The report's own name, such as `st-adp2`; 1 to 64 letters, digits, dots, hyphens and
    /// underscores.
    pub report: String,
    /// How it stands.
    pub narrative: String,
    /// In-year or year-end; absent where not stated.
    #[serde(default)]
    pub kind: Option<ReportKind>,
    /// The time that it reports on.
    #[serde(default)]
    pub period: Option<Period>,
    /// The day or month on which it stood so.
    #[serde(default)]
    pub as_of: Option<Period>,
    /// The time ahead that it speaks of, where a report looks forward.
    #[serde(default)]
    pub focus_period: Option<Period>,
    /// The state read from the words, such as `in progress`; never a rating.
    #[serde(default)]
    pub state: Option<String>,
    /// The rating as printed; absent where the report has no place for one.
    #[serde(default)]
    pub rating: Option<Rating>,
    /// The scale that the rating belongs to, from worst to best, such as `Red`, `Amber`, `Green`;
    /// may be left out where it is the one that was last declared for the same thing.
    #[serde(default)]
    pub scale: Vec<String>,
    /// A remark on the rating, such as `the column is blank`.
    #[serde(default)]
    pub rating_note: Option<String>,
    /// Who rated, such as `CQC`.
    #[serde(default)]
    pub rated_by: Option<String>,
    /// The body or organisation that rated.
    #[serde(default)]
    pub rating_body: Option<SubjectId>,
    /// The post or organisation that reports; absent where not stated.
    #[serde(default)]
    pub reporter: Option<String>,
    /// The place that it speaks of.
    #[serde(default)]
    pub place: Option<String>,
}

impl Fields for StatusReported {
    fn check(&self, common: &Common) -> Result<(), String> {
        if SubjectId::new(Kind::Record, &self.report).is_err() {
            return Err(format!(
                "report {:?} is no name (letters, digits, dots, hyphens)",
                self.report
            ));
        }
        distinct("scale: the value", self.scale.iter())?;
        let Some(Rating::Value(value)) = &self.rating else {
            return Ok(());
        };
        if !self.scale.is_empty() && !self.scale.contains(value) {
            return Err(format!(
                "rating {value:?} is not on the scale {}",
                self.scale.join(", ")
            ));
        }
        let body = self.rating_body.is_some() || self.rated_by.is_some();
        if self.kind == Some(ReportKind::YearEnd) && (common.meeting.is_none() || !body) {
            return Err("a year-end rating names the meeting and the body that gave it".into());
        }
        Ok(())
    }
}
