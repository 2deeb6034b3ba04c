//! Fixed-length byte values that events name: digests, thumbprints and signatures.
//!
//! Each is a CBOR byte string on the wire and lower-case hex digits in JSON and text. Values that
//! would be mistaken for one another are types of their own.

use std::fmt;
use std::str::FromStr;

use minutebook_keys::Kid;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest as _, Sha256};

/// The text is not the hex digits of such a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not {what}: {digits} lower-case hex digits are needed")]
pub struct NotHex {
    what: &'static str,
    digits: usize,
}

macro_rules! hex_bytes {
    ($(#[$doc:meta])* $name:ident, $len:literal, $what:literal, $pattern:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub [u8; $len]);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = NotHex;

            fn from_str(text: &str) -> Result<Self, NotHex> {
                decode_hex(text).map(Self).ok_or(NotHex { what: $what, digits: 2 * $len })
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                if serializer.is_human_readable() {
                    serializer.collect_str(self)
                } else {
                    serializer.serialize_bytes(&self.0)
                }
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                if deserializer.is_human_readable() {
                    String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
                } else {
                    byte_string(deserializer).map(Self)
                }
            }
        }

        impl JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({
                    "type": "string",
                    "pattern": $pattern,
                    "description": concat!($what, " as lower-case hex digits")
                })
            }
        }
    };
}

hex_bytes!(
    /// 32 bytes of SHA-256, as committed by statements and named by events.
    Digest, 32, "a SHA-256 digest", "^[0-9a-f]{64}$"
);

hex_bytes!(
    /// 32 bytes of BLAKE3, the name under which a document is stored.
    Blake3, 32, "a BLAKE3 digest", "^[0-9a-f]{64}$"
);

hex_bytes!(
    /// The RFC 9679 thumbprint of a person's key, as events name it; [`Kid`] is the same value as
    /// statements carry it.
    Thumbprint, 32, "a key's thumbprint", "^[0-9a-f]{64}$"
);

hex_bytes!(
    /// An Ed25519 signature.
    Signature64, 64, "an Ed25519 signature", "^[0-9a-f]{128}$"
);

impl Digest {
    /// The digest of `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }
}

impl From<Kid> for Thumbprint {
    fn from(kid: Kid) -> Self {
        Self(kid.to_bytes())
    }
}

impl From<Thumbprint> for Kid {
    fn from(thumbprint: Thumbprint) -> Self {
        Kid::from_bytes(thumbprint.0)
    }
}

/// Decodes exactly `2 * N` lower-case hex digits.
pub fn decode_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits = text.as_bytes();
    let mut out = [0; N];
    if digits.len() != 2 * N {
        return None;
    }
    for (byte, pair) in out.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = nibble(pair[0])? << 4 | nibble(pair[1])?;
    }
    Some(out)
}

fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

/// Reads a byte string of `N` bytes; an array of integers is not one.
pub(crate) fn byte_string<'de, const N: usize, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<[u8; N], D::Error> {
    struct Exactly<const N: usize>;
    impl<const N: usize> de::Visitor<'_> for Exactly<N> {
        type Value = [u8; N];

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "a byte string of {N} bytes")
        }

        fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<[u8; N], E> {
            bytes
                .try_into()
                .map_err(|_| E::invalid_length(bytes.len(), &self))
        }
    }
    deserializer.deserialize_bytes(Exactly)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use ciborium::Value;

    #[test]
    fn text_is_lower_case_hex_and_the_wire_a_byte_string() {
        let digest = Digest::of(b"abc");
        let text = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(digest.to_string(), text);
        assert_eq!(text.parse(), Ok(digest));
        assert_eq!(serde_json::to_value(digest).unwrap(), text);
        assert_eq!(
            Value::serialized(&digest).unwrap(),
            Value::Bytes(digest.0.to_vec())
        );
        assert!(text.to_uppercase().parse::<Digest>().is_err());
        assert!(text[2..].parse::<Digest>().is_err());
    }

    #[test]
    fn an_array_of_integers_or_another_length_is_no_signature() {
        let read = |value: Value| value.deserialized::<Signature64>();
        assert!(read(Value::Bytes(vec![7; 64])).is_ok());
        assert!(read(Value::Bytes(vec![7; 63])).is_err());
        assert!(read(Value::Array(vec![7.into(); 64])).is_err());
        assert!(read(Value::Text("07".repeat(64))).is_err());
    }
}
