//! Numbers as documents print them: the words, and the number where the words give one.
//!
//! Nothing here is a float. A figure that a board signs must be the figure it saw, so the decimal is
//! kept as digits.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// The most digits a decimal may have, and of these the most after the point. Two such decimals,
/// brought to the same number of places, still fit 128 bits.
const MAX_DIGITS: usize = 24;
const MAX_PLACES: usize = 12;

/// A decimal number, written one way: no exponent, no leading or trailing zeros, no `-0`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Decimal {
    units: i128,
    places: u32,
}

/// The text is not a decimal number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "not a decimal number: {0:?} (such as 62.8; no exponent, at most 24 digits, 12 of them after the point)"
)]
pub struct NotADecimal(String);

impl Decimal {
    /// Reads a decimal number, with or without needless zeros.
    ///
    /// # Errors
    /// Where the text is not digits with at most one point and a leading `-`, or is too long.
    pub fn parse_lenient(text: &str) -> Result<Self, NotADecimal> {
        let refuse = || NotADecimal(text.chars().take(40).collect());
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, fraction) = match digits.split_once('.') {
            Some((_, "")) => return Err(refuse()),
            Some(parts) => parts,
            None => (digits, ""),
        };
        let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) {
            return Err(refuse());
        }
        let (whole, fraction) = (
            whole.trim_start_matches('0'),
            fraction.trim_end_matches('0'),
        );
        if whole.len() + fraction.len() > MAX_DIGITS || fraction.len() > MAX_PLACES {
            return Err(refuse());
        }
        let digits = format!("0{whole}{fraction}");
        let units: i128 = digits.parse().map_err(|_| refuse())?;
        Ok(Self {
            units: if negative { -units } else { units },
            places: fraction.len() as u32,
        })
    }

    /// The number without its sign.
    #[must_use]
    pub fn abs(self) -> Self {
        Self {
            units: self.units.abs(),
            places: self.places,
        }
    }

    /// This number less another. `None` where it would be too long to write.
    #[must_use]
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        let places = self.places.max(other.places);
        let units = self
            .units_at(places)?
            .checked_sub(other.units_at(places)?)?;
        Self::tidy(units, places)
    }

    /// So many per cent of this number. `None` where it would be too long to write.
    #[must_use]
    pub fn checked_per_cent(self, per_cent: Self) -> Option<Self> {
        let units = self.units.checked_mul(per_cent.units)?;
        Self::tidy(units, self.places + per_cent.places + 2)
    }

    /// How many per cent of another number this one is, in whole per cent rounded towards zero.
    /// `None` of nothing, and where it is beyond all measure.
    #[must_use]
    pub fn per_cent_of(self, whole: Self) -> Option<i64> {
        let places = self.places.max(whole.places);
        let hundred = self.units_at(places)?.checked_mul(100)?;
        let per_cent = hundred.checked_div(whole.units_at(places)?)?;
        i64::try_from(per_cent).ok()
    }

    fn units_at(self, places: u32) -> Option<i128> {
        let more = places.checked_sub(self.places)?;
        self.units.checked_mul(10i128.checked_pow(more)?)
    }

    /// The one way to write it, where it is no longer than a number may be.
    fn tidy(mut units: i128, mut places: u32) -> Option<Self> {
        while places > 0 && units % 10 == 0 {
            units /= 10;
            places -= 1;
        }
        let fits = units.unsigned_abs() < 10u128.pow(MAX_DIGITS as u32);
        (fits && places as usize <= MAX_PLACES).then_some(Self { units, places })
    }

    /// The nearest float, for drawing only.
    pub fn approximate(self) -> f64 {
        self.units as f64 / 10f64.powi(self.places as i32)
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.units < 0 { "-" } else { "" };
        let scale = 10u128.pow(self.places);
        let (whole, fraction) = (
            self.units.unsigned_abs() / scale,
            self.units.unsigned_abs() % scale,
        );
        match self.places as usize {
            0 => write!(f, "{sign}{whole}"),
            places => write!(f, "{sign}{whole}.{fraction:0places$}"),
        }
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Decimal {
    type Err = NotADecimal;

    fn from_str(text: &str) -> Result<Self, NotADecimal> {
        let decimal = Self::parse_lenient(text)?;
        if decimal.to_string() == text {
            Ok(decimal)
        } else {
            Err(NotADecimal(text.into()))
        }
    }
}

impl From<u64> for Decimal {
    fn from(n: u64) -> Self {
        Self {
            units: n.into(),
            places: 0,
        }
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        let places = self.places.max(other.places);
        let aligned = |d: &Self| d.units * 10i128.pow(places - d.places);
        aligned(self).cmp(&aligned(other))
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(de::Error::custom)
    }
}

impl JsonSchema for Decimal {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Decimal".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "pattern": "^-?(0|[1-9][0-9]*)(\\.[0-9]*[1-9])?$",
            "description": "a decimal number as digits, such as 62.8"
        })
    }
}

/// A figure: the words of the document, and the number where the words give one.
///
/// `about one third`, `every borough` and `top quartile` are figures without a number. In JSON and
/// YAML a figure may be given as plain text or as a number; its number is then read from the words
/// where they are only digits, with or without thousands commas, `%` or `per cent`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Quantity {
    /// The exact words, such as `90 per cent` or `at least £2.3 billion a year`.
    pub as_written: String,
    /// The number, where the words give one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Decimal>,
    /// What it counts, such as `%`, `posts` or `GBP`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
}

impl Quantity {
    /// A figure from its words alone.
    pub fn from_words(words: &str) -> Self {
        let text = words.trim();
        let percent = text
            .strip_suffix('%')
            .or_else(|| text.strip_suffix("per cent"));
        let number = percent.unwrap_or(text).trim_end();
        let unit = percent.map(|_| "%".to_owned());
        match Decimal::parse_lenient(number).or_else(|_| thousands(number)) {
            Ok(value) => Self {
                as_written: words.into(),
                value: Some(value),
                unit,
            },
            Err(_) => Self {
                as_written: words.into(),
                value: None,
                unit: None,
            },
        }
    }
}

/// Reads `32,000`: commas only where they part groups of three.
fn thousands(text: &str) -> Result<Decimal, NotADecimal> {
    let (whole, fraction) = text.split_at(text.find('.').unwrap_or(text.len()));
    let mut groups = whole.trim_start_matches('-').split(',');
    let first = groups.next().unwrap_or_default().len();
    if !(1..=3).contains(&first) || groups.any(|group| group.len() != 3) {
        return Err(NotADecimal(text.chars().take(40).collect()));
    }
    Decimal::parse_lenient(&format!("{}{fraction}", whole.replace(',', "")))
}

/// The full form, the only one on the wire.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Full {
    as_written: String,
    #[serde(default)]
    value: Option<Decimal>,
    #[serde(default)]
    unit: Option<String>,
}

impl<'de> Deserialize<'de> for Quantity {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            deserializer.deserialize_any(Figure)
        } else {
            Full::deserialize(deserializer).map(Quantity::from)
        }
    }
}

impl From<Full> for Quantity {
    fn from(full: Full) -> Self {
        Self {
            as_written: full.as_written,
            value: full.value,
            unit: full.unit,
        }
    }
}

struct Figure;

impl<'de> de::Visitor<'de> for Figure {
    type Value = Quantity;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a figure: text, a number, or a map with as_written")
    }

    fn visit_str<E: de::Error>(self, words: &str) -> Result<Quantity, E> {
        Ok(Quantity::from_words(words))
    }

    fn visit_i64<E: de::Error>(self, n: i64) -> Result<Quantity, E> {
        Ok(Quantity::from_words(&n.to_string()))
    }

    fn visit_u64<E: de::Error>(self, n: u64) -> Result<Quantity, E> {
        Ok(Quantity::from_words(&n.to_string()))
    }

    fn visit_f64<E: de::Error>(self, n: f64) -> Result<Quantity, E> {
        // The shortest digits that read back to the same float are the digits that were typed.
        match Decimal::parse_lenient(&n.to_string()) {
            Ok(value) => Ok(Quantity {
                as_written: value.to_string(),
                value: Some(value),
                unit: None,
            }),
            Err(error) => Err(E::custom(error)),
        }
    }

    fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Quantity, A::Error> {
        Full::deserialize(de::value::MapAccessDeserializer::new(map)).map(Quantity::from)
    }
}

impl JsonSchema for Quantity {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Quantity".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let decimal = generator.subschema_for::<Decimal>();
        json_schema!({
            "description": "a figure as written, such as 90, 90 per cent or every borough",
            "anyOf": [
                {"type": "string", "description": "the exact words"},
                {"type": "number"},
                {
                    "type": "object",
                    "required": ["as_written"],
                    "properties": {
                        "as_written": {"type": "string", "description": "the exact words"},
                        "value": decimal,
                        "unit": {"type": "string", "description": "what it counts, such as % or posts"}
                    },
                    "additionalProperties": false
                }
            ]
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use ciborium::Value;
    use proptest::prelude::*;

    #[test]
    fn every_figure_of_the_documents_fits() {
        let number = |words: &str| Quantity::from_words(words).value.map(|v| v.to_string());
        for (words, value) in [
            ("62.8", Some("62.8")),
            ("200", Some("200")),
            ("0", Some("0")),
            ("90 per cent", Some("90")),
            ("80%", Some("80")),
            ("32,000", Some("32000")),
            ("1,234,567.50", Some("1234567.5")),
            ("every borough", None),
            ("about one third", None),
            ("two million", None),
            ("1.6m", None),
            ("all", None),
            ("none", None),
            ("top quartile", None),
            ("eliminate", None),
            ("commitments agreed with NCL", None),
            ("at least £2.3 billion a year", None),
            ("3,20", None),
            ("1e5", None),
        ] {
            assert_eq!(number(words).as_deref(), value, "{words}");
            assert_eq!(Quantity::from_words(words).as_written, words);
        }
        assert_eq!(
            Quantity::from_words("90 per cent").unit.as_deref(),
            Some("%")
        );
    }

    #[test]
    fn json_takes_text_numbers_and_the_full_form() {
        let read = |json| serde_json::from_value::<Quantity>(json);
        assert_eq!(
            read(serde_json::json!(62.8)).unwrap(),
            Quantity::from_words("62.8")
        );
        assert_eq!(
            read(serde_json::json!(-3)).unwrap(),
            Quantity::from_words("-3")
        );
        assert_eq!(
            read(serde_json::json!("all")).unwrap(),
            Quantity::from_words("all")
        );
        let full = serde_json::json!({"as_written": "two million", "value": "2000000"});
        assert_eq!(read(full.clone()).unwrap().value, Some(2_000_000.into()));
        assert_eq!(
            serde_json::to_value(read(full.clone()).unwrap()).unwrap(),
            full
        );
        assert!(read(serde_json::json!({"as_written": "x", "value": 2})).is_err());
        assert!(read(serde_json::json!({"as_written": "x", "value": "2.0"})).is_err());
        assert!(read(serde_json::json!({"value": "2"})).is_err());
    }

    #[test]
    fn what_is_not_finite_is_refused() {
        let float =
            |n: f64| Quantity::deserialize(de::value::F64Deserializer::<de::value::Error>::new(n));
        assert!(float(62.8).is_ok());
        for n in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300, 1e-300] {
            assert!(float(n).is_err(), "{n}");
        }
    }

    #[test]
    fn on_the_wire_a_figure_is_a_map() {
        assert!(Value::Text("90".into()).deserialized::<Quantity>().is_err());
        assert!(Value::Float(90.0).deserialized::<Quantity>().is_err());
        let figure = Quantity::from_words("90%");
        let value = Value::serialized(&figure).unwrap();
        assert_eq!(value.deserialized::<Quantity>().unwrap(), figure);
    }

    #[test]
    fn decimals_are_compared_as_numbers() {
        let decimal = |text: &str| text.parse::<Decimal>().unwrap();
        assert!(decimal("9.5") < decimal("10"));
        assert!(decimal("-10") < decimal("-9.99"));
        assert_eq!(Decimal::parse_lenient("-0.00").unwrap().to_string(), "0");
        let (widest, finest) = ("9".repeat(24), format!("0.{}1", "0".repeat(11)));
        assert!(decimal(&finest) < decimal(&widest));
        for text in [
            "",
            "-",
            ".5",
            "5.",
            "05",
            "1.50",
            "+1",
            "1e3",
            "NaN",
            "١",
            &"9".repeat(25),
        ] {
            assert!(text.parse::<Decimal>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn decimals_print_back_as_they_are_read(units in -10i128.pow(24) + 1..10i128.pow(24), places in 0usize..=12) {
            let digits = format!("{:0width$}", units.unsigned_abs(), width = places + 1);
            let (whole, fraction) = digits.split_at(digits.len() - places);
            let sign = if units < 0 { "-" } else { "" };
            let point = if places > 0 { "." } else { "" };
            let decimal = Decimal::parse_lenient(&format!("{sign}{whole}{point}{fraction}")).unwrap();
            prop_assert_eq!(decimal.to_string().parse::<Decimal>().unwrap(), decimal);
        }
    }
}
