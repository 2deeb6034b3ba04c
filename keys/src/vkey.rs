//! Verifier keys: what one must know to check a signature on a note.

use std::{fmt, str::FromStr};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};

use crate::{
    cosignature, hex,
    key::{BadSignature, PublicKey},
    name::{KeyName, KeyNameError},
    pem::KeyError,
};

/// What a signature on a note signs, and so the type byte of its key (C2SP signed-note,
/// "Signature types"). The two we use; other bytes are refused where a key is parsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignatureKind {
    /// 0x01: Ed25519 over the note's text.
    Ed25519,
    /// 0x04: Ed25519 over a time and the note's text (C2SP tlog-cosignature).
    Cosignature,
}

impl SignatureKind {
    /// The byte in a verifier key and in the hash of its key id.
    pub const fn type_byte(self) -> u8 {
        match self {
            Self::Ed25519 => 0x01,
            Self::Cosignature => 0x04,
        }
    }

    fn from_type_byte(byte: u8) -> Option<Self> {
        [Self::Ed25519, Self::Cosignature]
            .into_iter()
            .find(|kind| kind.type_byte() == byte)
    }
}

/// A verifier key, "vkey": a name, a kind, a public key, and the key id that follows from them.
///
/// Displays and parses as `name+hex(key id)+base64(type byte, public key)` (C2SP signed-note,
/// "Verifier keys"). A verifier key is a trust decision: it has to reach the verifier by a way that
/// whoever sends the notes does not control.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct VerifierKey {
    name: KeyName,
    kind: SignatureKind,
    key_id: [u8; 4],
    public: PublicKey,
}

/// Why a text is not a [`VerifierKey`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VerifierKeyError {
    /// Not `name+hex+base64`, or not in the only spelling that prints back identically.
    #[error("verifier key is malformed: {what}")]
    Malformed {
        /// What was expected.
        what: &'static str,
    },
    /// The name is not a key name.
    #[error("verifier key has a bad name")]
    Name(#[from] KeyNameError),
    /// The key is of a type that this crate does not verify.
    #[error("verifier key of {name} has the unsupported type 0x{type_byte:02x}")]
    UnsupportedType {
        /// Whose key.
        name: KeyName,
        /// The type found.
        type_byte: u8,
    },
    /// The key itself is refused.
    #[error("verifier key of {name} has a bad public key")]
    Key {
        /// Whose key.
        name: KeyName,
        /// Why.
        source: KeyError,
    },
    /// Name, type and key hash to another id than the one written: a typing error or a forgery.
    #[error("verifier key of {name} says id {stated}, but its id is {computed}")]
    WrongId {
        /// Whose key.
        name: KeyName,
        /// The id in the text.
        stated: String,
        /// The id of what the text holds.
        computed: String,
    },
}

impl VerifierKey {
    /// The verifier key of a log: plain Ed25519 signatures, type 0x01.
    pub fn new_ed25519(name: KeyName, key: PublicKey) -> Self {
        Self::new(name, SignatureKind::Ed25519, key)
    }

    /// The verifier key of a witness: timestamped cosignatures, type 0x04.
    pub fn new_cosigner(name: KeyName, key: PublicKey) -> Self {
        Self::new(name, SignatureKind::Cosignature, key)
    }

    fn new(name: KeyName, kind: SignatureKind, public: PublicKey) -> Self {
        // key ID = SHA-256(name || 0x0A || type || public key)[:4] (C2SP signed-note, "Signatures")
        let digest: [u8; 32] = Sha256::new()
            .chain_update(name.as_str())
            .chain_update([b'\n', kind.type_byte()])
            .chain_update(public.as_bytes())
            .finalize()
            .into();
        let [a, b, c, d, ..] = digest;
        Self {
            name,
            kind,
            key_id: [a, b, c, d],
            public,
        }
    }

    /// Parses a vkey strictly: what is accepted prints back identically, and the id is recomputed.
    ///
    /// # Errors
    /// [`VerifierKeyError`] for anything else.
    pub fn parse(text: &str) -> Result<Self, VerifierKeyError> {
        let malformed = |what| VerifierKeyError::Malformed { what };
        // A name has no '+', but base64 may have.
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(malformed("expected name+id+key"));
        };
        let name = KeyName::new(name)?;
        let stated: [u8; 4] =
            hex::decode(id).ok_or(malformed("the id is not 8 lower-case hexadecimal digits"))?;
        let key = STANDARD
            .decode(key)
            .map_err(|_| malformed("the key is not canonical base64"))?;
        let (&type_byte, key) = key.split_first().ok_or(malformed("the key is empty"))?;
        let Some(kind) = SignatureKind::from_type_byte(type_byte) else {
            return Err(VerifierKeyError::UnsupportedType { name, type_byte });
        };
        let key = key
            .try_into()
            .map_err(|_| malformed("the key does not have 32 bytes"))?;
        let public = match PublicKey::from_bytes(key) {
            Ok(public) => public,
            Err(source) => return Err(VerifierKeyError::Key { name, source }),
        };
        let parsed = Self::new(name, kind, public);
        if parsed.key_id != stated {
            return Err(VerifierKeyError::WrongId {
                name: parsed.name,
                stated: hex::encode(&stated),
                computed: hex::encode(&parsed.key_id),
            });
        }
        Ok(parsed)
    }

    /// Whose key it is.
    pub fn name(&self) -> &KeyName {
        &self.name
    }

    /// The short hash that, with the name, tells which key made a signature. Not collision resistant.
    pub fn key_id(&self) -> [u8; 4] {
        self.key_id
    }

    /// The public key.
    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    /// What its signatures sign.
    pub fn kind(&self) -> SignatureKind {
        self.kind
    }

    /// Verifies the bytes of a signature (without the key id) on `text`, and gives the time it states
    /// if it is a cosignature: seconds since 1970.
    ///
    /// # Errors
    /// [`BadSignature`], also for bytes of another length.
    pub fn verify(&self, text: &str, signature: &[u8]) -> Result<Option<u64>, BadSignature> {
        match self.kind {
            SignatureKind::Ed25519 => {
                let signature = signature.try_into().map_err(|_| BadSignature)?;
                self.public.verify_strict(text.as_bytes(), signature)?;
                Ok(None)
            }
            SignatureKind::Cosignature => {
                cosignature::verify(&self.public, text, signature).map(Some)
            }
        }
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = [&[self.kind.type_byte()][..], self.public.as_bytes()].concat();
        let id = hex::encode(&self.key_id);
        write!(f, "{}+{id}+{}", self.name, STANDARD.encode(key))
    }
}

impl FromStr for VerifierKey {
    type Err = VerifierKeyError;

    fn from_str(text: &str) -> Result<Self, VerifierKeyError> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;
    use crate::key::SigningKey;

    const LOG: &str =
        "ledger.example/minutes+f7869443+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c";
    const WITNESS: &str =
        "witness.example/w1+df1c0a35+BIE5dw6ofRdfVqNUZsNMfszLjYqRtO43ol32D1uPybOU";

    fn public(fill: u8) -> PublicKey {
        SigningKey::from_seed(&[fill; 32]).public()
    }

    // The text every auditor keeps: if it moves, nobody recognises the log any more.
    #[test]
    fn vectors() {
        let log =
            VerifierKey::new_ed25519(KeyName::new("ledger.example/minutes").unwrap(), public(1));
        assert_eq!(log.to_string(), LOG);
        assert_eq!(VerifierKey::parse(LOG), Ok(log));
        let witness =
            VerifierKey::new_cosigner(KeyName::new("witness.example/w1").unwrap(), public(2));
        assert_eq!(witness.to_string(), WITNESS);
        assert_eq!(VerifierKey::parse(WITNESS), Ok(witness));
    }

    #[test]
    fn example_of_the_specification() {
        let text = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
        let key = VerifierKey::parse(text).unwrap();
        assert_eq!(key.key_id(), [0x53, 0x0d, 0x90, 0x3a]);
        assert_eq!(key.kind(), SignatureKind::Ed25519);
        assert_eq!(key.to_string(), text);
    }

    #[test]
    fn the_kind_is_part_of_the_id() {
        let name = KeyName::new("witness.example/w1").unwrap();
        let plain = VerifierKey::new_ed25519(name.clone(), public(2));
        assert_ne!(
            plain.key_id(),
            VerifierKey::new_cosigner(name, public(2)).key_id()
        );
    }

    #[test]
    fn other_spellings_are_refused() {
        for text in [
            "",
            "ledger.example/minutes",
            "ledger.example/minutes+f7869443",
            "ledger.example/minutes+F7869443+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c",
            "ledger.example/minutes+f786944+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c",
            "ledger.example/minutes+f7869443+AYqI4910CfGV_VLbLTy6XXLKZwm_HZQSG_N0iAG0D29c",
            "ledger.example/minutes+f7869443+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D2",
            "ledger.example/minutes+f7869443+",
            "ledger.example/minutes+f7869443+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c\n",
        ] {
            assert!(
                matches!(
                    VerifierKey::parse(text),
                    Err(VerifierKeyError::Malformed { .. })
                ),
                "{text:?}"
            );
        }
        let renamed = LOG.replace("minutes", "minutez");
        assert!(matches!(
            VerifierKey::parse(&renamed),
            Err(VerifierKeyError::WrongId { .. })
        ));
        assert!(matches!(
            VerifierKey::parse(&LOG.replace("ledger", "led ger")),
            Err(VerifierKeyError::Name(_))
        ));
        let ecdsa = LOG.replace("+AYqI", "+AoqI");
        assert!(matches!(
            VerifierKey::parse(&ecdsa),
            Err(VerifierKeyError::UnsupportedType { type_byte: 2, .. })
        ));
        let zeros = format!(
            "a+00000000+{}",
            STANDARD.encode([&[1][..], &[0; 32]].concat())
        );
        assert!(matches!(
            VerifierKey::parse(&zeros),
            Err(VerifierKeyError::Key {
                source: KeyError::WeakKey { .. },
                ..
            })
        ));
    }
}
