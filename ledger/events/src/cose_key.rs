//! A public key as a COSE_Key (RFC 9052 section 7; OKP and Ed25519 of RFC 9053 section 7.2).

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use minutebook_keys::{Kid, PublicKey};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::ser::SerializeMap as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::digest::byte_string;

/// An Ed25519 public key on the wire: `{1: 1, -1: 6, -2: x}` in CBOR, a JWK (RFC 8037) in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CoseKey(pub PublicKey);

impl CoseKey {
    /// The RFC 9679 thumbprint.
    pub fn kid(&self) -> Kid {
        self.0.kid()
    }
}

struct Bytes<'a>(&'a [u8]);

impl Serialize for Bytes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(self.0)
    }
}

impl Serialize for CoseKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let human = serializer.is_human_readable();
        let mut map = serializer.serialize_map(Some(3))?;
        if human {
            map.serialize_entry("kty", "OKP")?;
            map.serialize_entry("crv", "Ed25519")?;
            map.serialize_entry("x", &URL_SAFE_NO_PAD.encode(self.0.as_bytes()))?;
        } else {
            map.serialize_entry(&1, &1)?;
            map.serialize_entry(&-1, &6)?;
            map.serialize_entry(&-2, &Bytes(self.0.as_bytes()))?;
        }
        map.end()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Jwk {
    kty: String,
    crv: String,
    x: String,
}

struct X([u8; 32]);

impl<'de> Deserialize<'de> for X {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        byte_string(deserializer).map(X)
    }
}

impl<'de> Deserialize<'de> for CoseKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let x = if deserializer.is_human_readable() {
            let jwk = Jwk::deserialize(deserializer)?;
            if jwk.kty != "OKP" || jwk.crv != "Ed25519" {
                return Err(de::Error::custom("not an Ed25519 key"));
            }
            URL_SAFE_NO_PAD
                .decode(&jwk.x)
                .ok()
                .and_then(|x| x.try_into().ok())
                .ok_or_else(|| de::Error::custom("x is not 32 bytes of base64url"))?
        } else {
            deserializer.deserialize_map(CoseMap)?
        };
        PublicKey::from_bytes(&x)
            .map(CoseKey)
            .map_err(de::Error::custom)
    }
}

struct CoseMap;

impl<'de> de::Visitor<'de> for CoseMap {
    type Value = [u8; 32];

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an Ed25519 COSE_Key")
    }

    fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<[u8; 32], A::Error> {
        let (mut kty, mut crv, mut x) = (None, None, None);
        while let Some(label) = map.next_key::<i64>()? {
            match label {
                1 => kty = Some(map.next_value::<i64>()?),
                -1 => crv = Some(map.next_value::<i64>()?),
                -2 => x = Some(map.next_value::<X>()?.0),
                _ => {
                    return Err(de::Error::custom(
                        "a COSE_Key label other than 1, -1 and -2",
                    ));
                }
            }
        }
        match (kty, crv, x) {
            (Some(1), Some(6), Some(x)) => Ok(x),
            _ => Err(de::Error::custom("not an Ed25519 COSE_Key")),
        }
    }
}

impl JsonSchema for CoseKey {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "CoseKey".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "object",
            "description": "an Ed25519 public key (JWK, RFC 8037)",
            "required": ["kty", "crv", "x"],
            "properties": {
                "kty": {"const": "OKP"},
                "crv": {"const": "Ed25519"},
                "x": {"type": "string", "description": "32 bytes as base64url"}
            },
            "additionalProperties": false
        })
    }
}
