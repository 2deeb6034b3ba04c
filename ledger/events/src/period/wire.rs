//! A period as JSON, YAML and CBOR.
//!
//! ```json
//! {"as_written": "25/26", "from": "2025-04-01", "to": "2026-03-31", "precision": "financial-year"}
//! ```
//!
//! Or, in JSON and YAML only, the words: `"25/26"`. CBOR is what is signed, and there one period has
//! one form, so the words alone are refused. Serde tells the two apart by `is_human_readable`, which
//! it loses inside flattened and untagged types: a period must not stand in one.

use std::fmt;

use jiff::civil::Date;
use schemars::{Schema, json_schema};
use serde::de::{
    self, Deserialize, Deserializer, MapAccess, Visitor, value::MapAccessDeserializer,
};

use super::{Period, Precision};

/// The map form, before [`Period::check`].
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields, rename = "Period")]
struct Fields {
    #[serde(default)]
    as_written: Option<String>,
    #[serde(default)]
    from: Option<Date>,
    #[serde(default)]
    to: Option<Date>,
    #[serde(default)]
    precision: Option<Precision>,
    #[serde(default)]
    deadline: bool,
    #[serde(default)]
    open_ended: bool,
    #[serde(default)]
    ambiguous: bool,
    #[serde(default)]
    year_inferred: bool,
    #[serde(default)]
    relative_to: Option<String>,
    #[serde(default)]
    derived: Option<String>,
}

impl Fields {
    fn checked<E: de::Error>(self) -> Result<Period, E> {
        let period = Period {
            as_written: self.as_written,
            from: self.from,
            to: self.to,
            precision: self.precision,
            deadline: self.deadline,
            open_ended: self.open_ended,
            ambiguous: self.ambiguous,
            year_inferred: self.year_inferred,
            relative_to: self.relative_to,
            derived: self.derived,
        };
        period.check().map_err(E::custom)?;
        Ok(period)
    }
}

impl<'de> Deserialize<'de> for Period {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            deserializer.deserialize_any(WordsOrMap)
        } else {
            Fields::deserialize(deserializer)?.checked()
        }
    }
}

struct WordsOrMap;

impl<'de> Visitor<'de> for WordsOrMap {
    type Value = Period;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a date in words such as \"25/26\", or the map of a period")
    }

    fn visit_str<E: de::Error>(self, words: &str) -> Result<Period, E> {
        Period::parse(words).map_err(E::custom)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Period, A::Error> {
        Fields::deserialize(MapAccessDeserializer::new(map))?.checked()
    }
}

/// Turns the schema of the map into one that takes the words as well.
pub(super) fn or_words(schema: &mut Schema) {
    let mut map = std::mem::take(schema);
    let description = map.remove("description");
    *schema = json_schema!({
        "anyOf": [
            {
                "type": "string",
                "description": "The words as people write them: 14 May 2025, December 2025, \
                    Q3 2025/26, Q3/4 2025/26, 25/26, FY26, by 2028/29, 2025/26 and beyond. Years \
                    run from 1 April; words with two readings are refused with a question.",
                "minLength": 1,
                "maxLength": super::MAX_WORDS,
            },
            map,
        ]
    });
    if let Some(description) = description {
        schema.insert("description".into(), description);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]

    use super::*;

    fn year() -> Period {
        Period::parse("25/26").unwrap()
    }

    #[test]
    fn words_and_map_are_one_period_in_json() {
        let map = serde_json::json!({
            "as_written": "25/26", "from": "2025-04-01", "to": "2026-03-31",
            "precision": "financial-year",
        });
        assert_eq!(serde_json::to_value(year()).unwrap(), map);
        assert_eq!(serde_json::from_value::<Period>(map).unwrap(), year());
        assert_eq!(
            serde_json::from_value::<Period>("25/26".into()).unwrap(),
            year()
        );
        assert_eq!(
            serde_json::from_str::<Option<Period>>("null").unwrap(),
            None
        );
        assert_eq!(
            serde_json::from_str::<Option<Period>>("\"25/26\"").unwrap(),
            Some(year())
        );
    }

    #[test]
    fn refusals_carry_the_question() {
        let refused = serde_json::from_str::<Period>("\"Q3 2025\"")
            .unwrap_err()
            .to_string();
        assert!(refused.contains("Q3 2025/26"), "{refused}");
        let refused = serde_json::from_str::<Period>("2025")
            .unwrap_err()
            .to_string();
        assert!(refused.contains("a date in words"), "{refused}");
    }

    #[test]
    fn maps_are_checked_and_closed() {
        let backwards =
            r#"{"as_written":"x","from":"2026-01-01","to":"2025-01-01","precision":"day"}"#;
        let refused = serde_json::from_str::<Period>(backwards)
            .unwrap_err()
            .to_string();
        assert!(refused.contains("backwards"), "{refused}");
        let unknown = r#"{"as_written":"25/26","note":"x"}"#;
        assert!(serde_json::from_str::<Period>(unknown).is_err());
    }

    #[test]
    fn cbor_takes_the_map_alone() {
        let value = ciborium::Value::serialized(&year()).unwrap();
        let first = &value.as_map().unwrap()[1];
        assert_eq!(
            first,
            &("from".into(), "2025-04-01".into()),
            "dates are text"
        );
        assert_eq!(value.deserialized::<Period>().unwrap(), year());
        assert!(
            ciborium::Value::from("25/26")
                .deserialized::<Period>()
                .is_err()
        );

        let mut bytes = Vec::new();
        ciborium::into_writer(&year(), &mut bytes).unwrap();
        assert_eq!(
            ciborium::from_reader::<Period, _>(bytes.as_slice()).unwrap(),
            year()
        );
        bytes.clear();
        ciborium::into_writer("25/26", &mut bytes).unwrap();
        assert!(ciborium::from_reader::<Period, _>(bytes.as_slice()).is_err());

        let unchecked = Period {
            precision: Some(Precision::Month),
            ..year()
        };
        let value = ciborium::Value::serialized(&unchecked).unwrap();
        assert!(
            value.deserialized::<Period>().is_err(),
            "CBOR is checked too"
        );
    }

    #[test]
    fn the_schema_offers_words_or_map() {
        let schema = schemars::schema_for!(Period);
        let [words, map] = schema
            .get("anyOf")
            .and_then(|v| v.as_array())
            .unwrap()
            .as_slice()
        else {
            panic!("two forms");
        };
        assert_eq!(words["type"], "string");
        assert_eq!(map["type"], "object");
        assert_eq!(map["additionalProperties"], false);
        assert_eq!(map["properties"].as_object().unwrap().len(), 10);
        assert!(schema.get("description").is_some());
    }
}
