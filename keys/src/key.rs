//! Ed25519 keys (RFC 8032), pure variant only.
//!
//! One statement must verify for everyone or for no one. Ed25519 implementations differ on keys of
//! small order, on keys with two encodings and on signatures with two encodings; a [`PublicKey`]
//! cannot hold the first two and [`PublicKey::verify_strict`] refuses the third.

use std::{
    cmp::Ordering,
    fmt,
    hash::{Hash, Hasher},
};

use ed25519_dalek::{Signature, Signer as _, VerifyingKey};
use rand_core::CryptoRngCore;
use sha2::{Digest, Sha256};

use crate::{hex, kid::Kid, pem::KeyError};

/// Deterministic CBOR of a COSE_Key `{1: 1 (OKP), -1: 6 (Ed25519), -2: bstr .size 32}` up to the key's
/// bytes, the input of its thumbprint (RFC 9679 section 3, RFC 9053 section 7.2).
const COSE_KEY_PREFIX: [u8; 8] = [0xa3, 0x01, 0x01, 0x20, 0x06, 0x21, 0x58, 0x20];

/// A signature that does not verify. Deliberately says no more: nothing a caller may act on differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("signature does not verify")]
pub struct BadSignature;

/// A secret Ed25519 key, erased from memory when dropped.
///
/// There is no way to copy or serialize it but the explicit PEM functions, and `Debug` prints its kid.
pub struct SigningKey(ed25519_dalek::SigningKey);

impl SigningKey {
    /// A new key from the 32 next bytes of `rng`.
    ///
    /// # Panics
    /// If `rng` panics, as the operating system's generator does when it has no randomness to give.
    pub fn generate(rng: &mut impl CryptoRngCore) -> Self {
        Self(ed25519_dalek::SigningKey::generate(rng))
    }

    /// The key of a 32-byte seed, the private key of RFC 8032 section 5.1.5. Any 32 bytes are a seed;
    /// they must come from a secret, uniform source. The caller's copy is the caller's to erase.
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(ed25519_dalek::SigningKey::from_bytes(seed))
    }

    /// The seed, for encoding into a key file and nothing else.
    pub(crate) fn seed(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }

    /// The public half.
    pub fn public(&self) -> PublicKey {
        // Needs none of the checks of `from_bytes`: a clamped scalar times the base point has large
        // order, and its encoding has just been computed.
        PublicKey(self.0.verifying_key())
    }

    /// The kid of the public half.
    pub fn kid(&self) -> Kid {
        self.public().kid()
    }

    /// Signs `message` (RFC 8032 section 5.1.6). Deterministic: the same message, the same signature.
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.kid())
    }
}

/// A public Ed25519 key: a canonically encoded curve point that is not of small order.
///
/// Equality, order and hash are those of the 32 bytes.
#[derive(Clone, Copy)]
pub struct PublicKey(VerifyingKey);

impl PublicKey {
    /// Decodes a public key (RFC 8032 section 5.1.3).
    ///
    /// # Errors
    /// [`KeyError::NotAPoint`] if the bytes are no point of the curve, or not its only canonical
    /// encoding: one key under two encodings would have two kids. [`KeyError::WeakKey`] for the points
    /// of small order, under which one signature verifies for many messages.
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, KeyError> {
        let not_a_point = || KeyError::NotAPoint {
            bytes: hex::encode(bytes),
        };
        let key = VerifyingKey::from_bytes(bytes).map_err(|_| not_a_point())?;
        if key.is_weak() {
            return Err(KeyError::WeakKey {
                bytes: hex::encode(bytes),
            });
        }
        // Decoding reduces y modulo p and so takes the few y >= p too; encoding tells them apart.
        if key.to_edwards().compress().as_bytes() != bytes {
            return Err(not_a_point());
        }
        Ok(Self(key))
    }

    /// The 32 bytes of RFC 8032, the `x` of a COSE_Key.
    pub fn as_bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }

    /// The 32 bytes of RFC 8032, by value.
    pub fn to_bytes(&self) -> [u8; 32] {
        self.0.to_bytes()
    }

    /// The RFC 9679 thumbprint. Costs one SHA-256 block.
    pub fn kid(&self) -> Kid {
        let digest = Sha256::new()
            .chain_update(COSE_KEY_PREFIX)
            .chain_update(self.as_bytes())
            .finalize();
        Kid::from_bytes(digest.into())
    }

    /// Verifies with the strictest reading of RFC 8032 section 5.1.7: canonical `S`, no small-order
    /// key or `R`, and the equation without cofactor. What passes here passes everywhere.
    ///
    /// # Errors
    /// [`BadSignature`] if the signature is not one of this key on this message.
    pub fn verify_strict(&self, message: &[u8], signature: &[u8; 64]) -> Result<(), BadSignature> {
        self.0
            .verify_strict(message, &Signature::from_bytes(signature))
            .map_err(|_| BadSignature)
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", hex::encode(self.as_bytes()))
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl Eq for PublicKey {}

impl PartialOrd for PublicKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for PublicKey {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_bytes().cmp(other.as_bytes())
    }
}

impl Hash for PublicKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_bytes().hash(state);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;

    /// The order of the base point, 2^252 + 27742317777372353535851937790883648493, little-endian.
    const L: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde,
        0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];

    #[test]
    fn rfc_8032_test_1() {
        let seed = hex::decode("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
            .unwrap();
        let key = SigningKey::from_seed(&seed);
        assert_eq!(
            hex::encode(key.public().as_bytes()),
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
        );
        let signature = key.sign(b"");
        assert_eq!(
            hex::encode(&signature),
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155\
             5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        );
        assert_eq!(key.public().verify_strict(b"", &signature), Ok(()));
        assert_eq!(
            key.public().verify_strict(b"x", &signature),
            Err(BadSignature)
        );
    }

    // The keys of the format's vectors: if these move, entries already recorded no longer verify.
    #[test]
    fn public_keys_and_kids_of_the_vectors() {
        let of = |fill: u8| SigningKey::from_seed(&[fill; 32]);
        for (key, public) in [
            (
                1,
                "8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c",
            ),
            (
                2,
                "8139770ea87d175f56a35466c34c7ecccb8d8a91b4ee37a25df60f5b8fc9b394",
            ),
            (
                3,
                "ed4928c628d1c2c6eae90338905995612959273a5c63f93636c14614ac8737d1",
            ),
        ] {
            assert_eq!(hex::encode(&of(key).public().to_bytes()), public);
        }
        assert_eq!(
            of(3).kid().to_string(),
            "72d16fafc7e5497618246178631d650fef01a4aca770c965dd8b551760bad6dc"
        );
        assert_eq!(
            of(1).kid().to_string(),
            "dd2fb4e18b5e1ce30c4633aaa5f681da79c3b32998cc5aa21b1149c37231a6ac"
        );
    }

    #[test]
    fn second_encoding_of_a_signature_is_refused() {
        let key = SigningKey::from_seed(&[7; 32]);
        let mut signature = key.sign(b"minutes");
        let mut carry = 0;
        for (byte, add) in signature[32..].iter_mut().zip(L) {
            let sum = u16::from(*byte) + u16::from(add) + carry;
            *byte = sum.to_le_bytes()[0];
            carry = sum >> 8;
        }
        assert_eq!(carry, 0, "S + L fits into 32 bytes");
        assert_eq!(
            key.public().verify_strict(b"minutes", &signature),
            Err(BadSignature)
        );
    }

    #[test]
    fn weak_keys_are_refused() {
        let mut identity = [0; 32];
        identity[0] = 1;
        for weak in [identity, [0; 32]] {
            assert!(matches!(
                PublicKey::from_bytes(&weak),
                Err(KeyError::WeakKey { .. })
            ));
        }
    }

    #[test]
    fn second_encodings_of_a_key_are_refused() {
        // p = 2^255 - 19, so y in p..2^255 is the encoding of y - p with its 19 values once more.
        let mut strong_points = 0;
        for (low, sign) in (0xed..=0xff).flat_map(|low| [(low, 0x7f), (low, 0xff)]) {
            let mut bytes = [0xff; 32];
            bytes[0] = low;
            bytes[31] = sign;
            assert!(PublicKey::from_bytes(&bytes).is_err());
            strong_points +=
                usize::from(VerifyingKey::from_bytes(&bytes).is_ok_and(|key| !key.is_weak()));
        }
        assert!(strong_points > 0, "some would pass without the check");
    }

    #[test]
    fn bytes_that_are_no_point_are_refused() {
        let mut bytes = [0; 32];
        bytes[0] = 2;
        let error = PublicKey::from_bytes(&bytes).unwrap_err();
        assert!(error.to_string().contains("0200000000"), "{error}");
    }

    #[test]
    fn debug_shows_no_secret() {
        let seed = [0xab; 32];
        let key = SigningKey::from_seed(&seed);
        assert_eq!(format!("{key:?}"), format!("SigningKey({})", key.kid()));
        assert!(!format!("{key:#?}").contains("abab"));
    }

    #[test]
    fn order_is_that_of_the_bytes() {
        let mut keys: Vec<PublicKey> = (0..20)
            .map(|i| SigningKey::from_seed(&[i; 32]).public())
            .collect();
        keys.sort();
        assert!(keys.is_sorted_by_key(PublicKey::to_bytes));
        assert_eq!(PublicKey::from_bytes(keys[0].as_bytes()), Ok(keys[0]));
    }
}
