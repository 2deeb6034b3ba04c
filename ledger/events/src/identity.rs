//! Who a person is: kept apart from the record's open part, so that it can be erased.

use ciborium::Value;
use serde::{Deserialize, Serialize};

use crate::cbor::{self, CborError};
use crate::limits;

/// The content type of the disclosure that holds an [`Identity`].
pub const CONTENT_TYPE: &str = "application/vnd.minutebook.identity+cbor";

/// The sealed part of `PersonEnrolled`: a disclosure of its own, named by its digest alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// The person's full name.
    pub name: String,
    /// The name as minutes print it, such as `Dr Okafor`.
    #[serde(default)]
    pub short_name: Option<String>,
    /// How to reach the person for the record's purposes, such as a work e-mail address.
    #[serde(default)]
    pub contact: Option<String>,
}

/// Why bytes are no identity.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum IdentityError {
    /// Not deterministic CBOR.
    #[error("not deterministic CBOR: {0}")]
    Cbor(#[from] CborError),
    /// The fields do not fit.
    #[error("identity: {0}")]
    Fields(String),
}

impl Identity {
    /// The identity as deterministic CBOR.
    ///
    /// # Errors
    /// Where a text is empty or too long.
    pub fn encode(&self) -> Result<Vec<u8>, IdentityError> {
        let fields = |error: ciborium::value::Error| IdentityError::Fields(error.to_string());
        let mut value = Value::serialized(self).map_err(fields)?;
        cbor::prune(&mut value);
        limits::check(&value).map_err(IdentityError::Fields)?;
        Ok(cbor::encode(&value)?)
    }

    /// Reads an identity.
    ///
    /// # Errors
    /// Where the bytes are not what [`Identity::encode`] writes.
    pub fn decode(bytes: &[u8]) -> Result<Self, IdentityError> {
        let value = cbor::decode(bytes)?;
        if cbor::has_null(&value) {
            return Err(IdentityError::Fields(
                "a null; leave the field out instead".into(),
            ));
        }
        limits::check(&value).map_err(IdentityError::Fields)?;
        value
            .deserialized()
            .map_err(|error| IdentityError::Fields(cbor::message_of(&error)))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn identity() -> Identity {
        Identity {
            name: "Ada Example".into(),
            short_name: Some("Ada".into()),
            contact: None,
        }
    }

    #[test]
    fn an_identity_reads_back_from_its_one_encoding() {
        let bytes = identity().encode().unwrap();
        assert_eq!(Identity::decode(&bytes).unwrap(), identity());
        // Every sealed identity ever committed is read by this layout.
        assert_eq!(bytes, b"\xa2\x64name\x6bAda Example\x6ashort_name\x63Ada");
    }

    #[test]
    fn refuses_blank_names_nulls_and_unknown_fields() {
        assert!(
            Identity {
                name: " ".into(),
                ..identity()
            }
            .encode()
            .is_err()
        );
        assert!(Identity::decode(b"\xa2\x64name\x61A\x67contact\xf6").is_err());
        assert!(Identity::decode(b"\xa2\x63age\x01\x64name\x61A").is_err());
        assert!(Identity::decode(b"\xa0").is_err());
    }
}
