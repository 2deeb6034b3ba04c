//! The name of a key: its thumbprint.

use std::{fmt, str::FromStr};

use crate::hex;

/// A key id: the RFC 9679 thumbprint of an Ed25519 public key.
///
/// It is SHA-256 over the deterministic COSE_Key `{1: 1, -1: 6, -2: x}`, so a kid commits to its key
/// and needs no registry. Displays as 64 lower-case hexadecimal digits, and parses only from those.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Kid([u8; 32]);

/// Why a text is not a [`Kid`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a key id of 64 lower-case hexadecimal digits")]
pub struct KidError(String);

impl Kid {
    /// A kid as it stands in a COSE header. Any 32 bytes are a possible thumbprint.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes of the thumbprint.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The 32 bytes of the thumbprint, by value.
    pub const fn to_bytes(self) -> [u8; 32] {
        self.0
    }

    /// The form read aloud to a registrar: the first 16 digits in groups of 4, `72d1 6faf c7e5 4976`.
    ///
    /// Its 64 bits let two people compare a key by voice. It does not identify a key on its own:
    /// whoever can spend 2^64 hashes can make another key that reads the same.
    pub fn short(&self) -> String {
        let groups: Vec<String> = self.0[..8].chunks(2).map(hex::encode).collect();
        groups.join(" ")
    }
}

impl fmt::Display for Kid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(&self.0))
    }
}

impl fmt::Debug for Kid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Kid({self})")
    }
}

impl AsRef<[u8]> for Kid {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl FromStr for Kid {
    type Err = KidError;

    fn from_str(text: &str) -> Result<Self, KidError> {
        // The value goes into the message, so a long one is cut: nobody reads past the 65th digit.
        hex::decode(text)
            .map(Self)
            .ok_or_else(|| KidError(text.chars().take(65).collect()))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;

    const OFFICER: &str = "72d16fafc7e5497618246178631d650fef01a4aca770c965dd8b551760bad6dc";

    #[test]
    fn text_form_comes_back() {
        let kid: Kid = OFFICER.parse().unwrap();
        assert_eq!(kid.to_string(), OFFICER);
        assert_eq!(format!("{kid:?}"), format!("Kid({OFFICER})"));
        assert_eq!(Kid::from_bytes(*kid.as_bytes()), kid);
    }

    #[test]
    fn short_form_is_the_first_sixteen_digits() {
        let kid: Kid = OFFICER.parse().unwrap();
        assert_eq!(kid.short(), "72d1 6faf c7e5 4976");
    }

    #[test]
    fn other_texts_are_refused() {
        assert!(OFFICER.to_uppercase().parse::<Kid>().is_err());
        assert!(OFFICER[1..].parse::<Kid>().is_err());
        assert!("72d1 6faf c7e5 4976".parse::<Kid>().is_err());
        let error = "z".repeat(5000).parse::<Kid>().unwrap_err();
        assert!(error.to_string().len() < 200);
    }
}
