//! Keys as PEM text: PKCS#8 for secret keys, SubjectPublicKeyInfo for public ones.
//!
//! The outer form is RFC 7468, the inner RFC 5958 with the Ed25519 encoding of RFC 8410. Written so
//! that `openssl` 3.0 reads it: version 1 without the public key, which that release refuses, and
//! PBKDF2 rather than scrypt, whose useful settings exceed its memory limit of 32 MiB.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use pkcs8::{
    AlgorithmIdentifierRef, EncryptedPrivateKeyInfo, LineEnding, ObjectIdentifier, PrivateKeyInfo,
    SecretDocument, SubjectPublicKeyInfoRef,
    der::{self, Decode as _, Document, pem::PemLabel},
    pkcs5::{self, EncryptionScheme, pbes2},
};
use rand_core::CryptoRngCore;
use zeroize::Zeroizing;

use crate::key::{PublicKey, SigningKey};

/// The longest PEM text read, in bytes. A key needs a few hundred.
pub const MAX_LEN: usize = 64 * 1024;

/// Rounds of PBKDF2-HMAC-SHA256 in the files written, the figure of the OWASP password storage
/// guidance since 2023: a tenth of a second with SHA instructions, more without.
const PBKDF2_ROUNDS: u32 = 600_000;

/// The most a file may demand of us before we know whether the passphrase is right.
const MAX_PBKDF2_ROUNDS: u32 = 10_000_000;
const MAX_SCRYPT_WORK: u64 = 1 << 30;

/// id-Ed25519 (RFC 8410 section 3).
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
const ED25519_ALGORITHM: AlgorithmIdentifierRef<'static> = AlgorithmIdentifierRef {
    oid: ED25519,
    parameters: None,
};

/// DER of the OCTET STRING header that wraps the seed (RFC 8410 section 7).
const SEED_HEADER: [u8; 2] = [0x04, 0x20];

/// DER of an Ed25519 SubjectPublicKeyInfo up to the key's bytes (RFC 8410 section 4).
const SPKI_HEADER: [u8; 12] = [
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
];

const SPKI_LABEL: &str = "PUBLIC KEY";

/// Why bytes or text are not a key, or a key cannot be written.
///
/// The decoder's own errors are not kept as a source: they may point into decrypted bytes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// Not the canonical encoding of a curve point.
    #[error("public key {bytes} is not a canonically encoded point of the curve")]
    NotAPoint {
        /// The bytes in hexadecimal.
        bytes: String,
    },
    /// A point of small order, for which signatures prove nothing.
    #[error("public key {bytes} has small order and proves nothing")]
    WeakKey {
        /// The bytes in hexadecimal.
        bytes: String,
    },
    /// The file is encrypted and no passphrase was given.
    #[error("key is encrypted: a passphrase is needed")]
    PassphraseNeeded,
    /// The passphrase does not decrypt the file, or the file is damaged: the format cannot tell.
    #[error("wrong passphrase, or damaged key file")]
    WrongPassphrase,
    /// Encrypting with an empty passphrase would protect nothing while looking as if it did.
    #[error("passphrase is empty; write a plain key if none is wanted")]
    EmptyPassphrase,
    /// A well-formed key of another algorithm.
    #[error("key is of algorithm {oid}, not of Ed25519 (1.3.101.112)")]
    NotEd25519 {
        /// The object identifier found.
        oid: String,
    },
    /// PEM of something else.
    #[error("expected PEM labelled {expected}, found {found:?}")]
    WrongLabel {
        /// The label that would do.
        expected: &'static str,
        /// The label found, cut to 64 characters.
        found: String,
    },
    /// The file holds a public key that is not that of its secret key.
    #[error("public key beside the secret key belongs to another key")]
    Mismatch,
    /// An encryption that this crate does not read.
    #[error("key is encrypted with {algorithm}, which is not supported")]
    UnsupportedEncryption {
        /// The object identifier or name found.
        algorithm: String,
    },
    /// The file demands more work than any honest writer asks for.
    #[error("key file asks for excessive work: {work}")]
    ExcessiveWork {
        /// The parameter and its value.
        work: String,
    },
    /// Not PEM, not DER or not the expected structure.
    #[error("key is malformed: {what}")]
    Malformed {
        /// What was expected.
        what: &'static str,
    },
    /// The random number generator failed, so no salt could be drawn.
    #[error("no randomness available")]
    NoRandomness,
}

impl SigningKey {
    /// Writes the key encrypted under `passphrase`: PKCS#8, PBES2 (RFC 8018) with
    /// PBKDF2-HMAC-SHA256, 600 000 rounds, 16 bytes of salt, and AES-256-CBC.
    ///
    /// Takes a noticeable fraction of a second, by design, and so does reading it back.
    ///
    /// # Errors
    /// [`KeyError::EmptyPassphrase`], and [`KeyError::NoRandomness`] if `rng` fails.
    pub fn to_encrypted_pem(
        &self,
        passphrase: &[u8],
        rng: &mut impl CryptoRngCore,
    ) -> Result<Zeroizing<String>, KeyError> {
        if passphrase.is_empty() {
            return Err(KeyError::EmptyPassphrase);
        }
        let (mut salt, mut iv) = ([0; 16], [0; 16]);
        for bytes in [&mut salt, &mut iv] {
            rng.try_fill_bytes(bytes)
                .map_err(|_| KeyError::NoRandomness)?;
        }
        let not_encodable = |_| KeyError::Malformed {
            what: "encryption parameters",
        };
        let parameters = pbes2::Parameters::pbkdf2_sha256_aes256cbc(PBKDF2_ROUNDS, &salt, &iv)
            .map_err(not_encodable)?;
        let plain = self.to_der()?;
        let encrypted_data = parameters
            .encrypt(passphrase, plain.as_bytes())
            .map_err(not_encodable)?;
        let info = EncryptedPrivateKeyInfo {
            encryption_algorithm: parameters.into(),
            encrypted_data: &encrypted_data,
        };
        to_pem(
            SecretDocument::encode_msg(&info),
            EncryptedPrivateKeyInfo::PEM_LABEL,
        )
    }

    /// Writes the key in the clear: whoever reads the text has the key. For machines that sign
    /// without a person, where the file's mode is the only protection.
    ///
    /// # Errors
    /// [`KeyError::Malformed`] if the encoder refuses, which no key makes it do.
    pub fn to_plain_pem(&self) -> Result<Zeroizing<String>, KeyError> {
        to_pem(Ok(self.to_der()?), PrivateKeyInfo::PEM_LABEL)
    }

    /// Reads what [`to_encrypted_pem`](Self::to_encrypted_pem), [`to_plain_pem`](Self::to_plain_pem)
    /// and `openssl genpkey` or `openssl pkcs8` write: PKCS#8 version 1 or 2, in the clear or under
    /// PBES2 with PBKDF2 or scrypt. The passphrase is ignored where the key is in the clear.
    ///
    /// # Errors
    /// [`KeyError::PassphraseNeeded`] and [`KeyError::WrongPassphrase`] ask for another try; the
    /// others say what the file is instead of an Ed25519 key.
    pub fn from_pem(pem: &str, passphrase: Option<&[u8]>) -> Result<Self, KeyError> {
        let pem = checked_text(pem)?;
        match label(pem)? {
            PrivateKeyInfo::PEM_LABEL => Self::from_der(decode_secret(pem)?.as_bytes()),
            EncryptedPrivateKeyInfo::PEM_LABEL => {
                let passphrase = passphrase.ok_or(KeyError::PassphraseNeeded)?;
                Self::from_encrypted_der(decode_secret(pem)?.as_bytes(), passphrase)
            }
            other => Err(wrong_label(PrivateKeyInfo::PEM_LABEL, other)),
        }
    }

    fn to_der(&self) -> Result<SecretDocument, KeyError> {
        let mut private_key = Zeroizing::new([0; 34]);
        private_key[..2].copy_from_slice(&SEED_HEADER);
        private_key[2..].copy_from_slice(self.seed());
        SecretDocument::encode_msg(&PrivateKeyInfo::new(ED25519_ALGORITHM, &*private_key))
            .map_err(|_| malformed("not encodable as PKCS#8"))
    }

    fn from_der(der: &[u8]) -> Result<Self, KeyError> {
        let info = PrivateKeyInfo::from_der(der).map_err(|_| malformed("not PKCS#8"))?;
        check_algorithm(&info.algorithm)?;
        let seed: &[u8; 32] = info
            .private_key
            .strip_prefix(&SEED_HEADER)
            .and_then(|seed| seed.try_into().ok())
            .ok_or(malformed("not a seed of 32 bytes"))?;
        let key = Self::from_seed(seed);
        // Signing with a public key that is not the secret's own would leak the secret.
        match info.public_key {
            Some(public) if public != key.public().as_bytes() => Err(KeyError::Mismatch),
            _ => Ok(key),
        }
    }

    fn from_encrypted_der(der: &[u8], passphrase: &[u8]) -> Result<Self, KeyError> {
        let info = EncryptedPrivateKeyInfo::from_der(der).map_err(|error| match error.kind() {
            der::ErrorKind::OidUnknown { oid } => unsupported(oid),
            _ => malformed("not encrypted PKCS#8"),
        })?;
        check_work(&info.encryption_algorithm)?;
        let mut buffer = Zeroizing::new(info.encrypted_data.to_vec());
        let plain = info
            .encryption_algorithm
            .decrypt_in_place(passphrase, &mut buffer)
            .map_err(|error| match error {
                pkcs5::Error::UnsupportedAlgorithm { oid } => unsupported(oid),
                pkcs5::Error::NoPbes1CryptSupport => unsupported(info.encryption_algorithm.oid()),
                pkcs5::Error::AlgorithmParametersInvalid { .. } => {
                    malformed("invalid encryption parameters")
                }
                _ => KeyError::WrongPassphrase,
            })?;
        // One wrong passphrase in 256 leaves valid padding and garbage before it.
        Self::from_der(plain).map_err(|error| match error {
            KeyError::Malformed { .. } => KeyError::WrongPassphrase,
            other => other,
        })
    }
}

impl PublicKey {
    /// The key as PEM of a SubjectPublicKeyInfo (RFC 8410 section 4), as `openssl pkey -pubout`
    /// prints it.
    pub fn to_spki_pem(&self) -> String {
        // 44 bytes, so 60 characters: always one line, and nothing that could fail.
        let body = STANDARD.encode([&SPKI_HEADER[..], self.as_bytes()].concat());
        format!("-----BEGIN {SPKI_LABEL}-----\n{body}\n-----END {SPKI_LABEL}-----\n")
    }

    /// Reads PEM of a SubjectPublicKeyInfo.
    ///
    /// # Errors
    /// [`KeyError`] if it is something else, another algorithm's key, or a key that
    /// [`from_bytes`](Self::from_bytes) refuses.
    pub fn from_spki_pem(pem: &str) -> Result<Self, KeyError> {
        let pem = checked_text(pem)?;
        match label(pem)? {
            SPKI_LABEL => {}
            other => return Err(wrong_label(SPKI_LABEL, other)),
        }
        let (_, document) = Document::from_pem(pem).map_err(|_| malformed("not PEM of DER"))?;
        let info: SubjectPublicKeyInfoRef<'_> = document
            .decode_msg()
            .map_err(|_| malformed("not a SubjectPublicKeyInfo"))?;
        check_algorithm(&info.algorithm)?;
        let bytes = info
            .subject_public_key
            .as_bytes()
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or(malformed("not a public key of 32 bytes"))?;
        Self::from_bytes(bytes)
    }
}

/// The text without trailing white space, which editors add and the strict grammar refuses.
fn checked_text(pem: &str) -> Result<&str, KeyError> {
    if pem.len() > MAX_LEN {
        return Err(malformed("longer than 64 KiB"));
    }
    Ok(pem.trim_end())
}

fn label(pem: &str) -> Result<&str, KeyError> {
    der::pem::decode_label(pem.as_bytes()).map_err(|_| malformed("not PEM"))
}

fn decode_secret(pem: &str) -> Result<SecretDocument, KeyError> {
    SecretDocument::from_pem(pem)
        .map(|(_, document)| document)
        .map_err(|_| malformed("not PEM of DER"))
}

fn to_pem(
    document: der::Result<SecretDocument>,
    label: &'static str,
) -> Result<Zeroizing<String>, KeyError> {
    document
        .and_then(|document| document.to_pem(label, LineEnding::LF))
        .map_err(|_| malformed("not encodable as PEM"))
}

/// Ed25519 without parameters (RFC 8410 section 3).
fn check_algorithm(algorithm: &AlgorithmIdentifierRef<'_>) -> Result<(), KeyError> {
    if algorithm.oid != ED25519 {
        return Err(KeyError::NotEd25519 {
            oid: algorithm.oid.to_string(),
        });
    }
    match algorithm.parameters {
        None => Ok(()),
        Some(_) => Err(malformed("Ed25519 takes no parameters")),
    }
}

fn check_work(scheme: &EncryptionScheme<'_>) -> Result<(), KeyError> {
    let Some(parameters) = scheme.pbes2() else {
        return Ok(()); // PBES1: refused before any work is done.
    };
    let rounds = parameters.kdf.pbkdf2().map_or(0, |kdf| kdf.iteration_count);
    if rounds > MAX_PBKDF2_ROUNDS {
        return Err(KeyError::ExcessiveWork {
            work: format!("{rounds} rounds of PBKDF2"),
        });
    }
    if let Some(kdf) = parameters.kdf.scrypt() {
        let (n, r, p) = (kdf.cost_parameter, kdf.block_size, kdf.parallelization);
        // RFC 7914 section 2 wants a power of 2 above 1. Checked here, because pkcs5 0.7 computes
        // the logarithm of 0 and panics.
        if n < 2 || !n.is_power_of_two() {
            return Err(malformed("scrypt's N is not a power of 2"));
        }
        // 128 * r * N bytes of memory, filled p times.
        let work = [n, r.into(), p.into()]
            .into_iter()
            .fold(128, u64::saturating_mul);
        if work > MAX_SCRYPT_WORK {
            return Err(KeyError::ExcessiveWork {
                work: format!("scrypt with N = {n}, r = {r}, p = {p}"),
            });
        }
    }
    Ok(())
}

const fn malformed(what: &'static str) -> KeyError {
    KeyError::Malformed { what }
}

fn unsupported(oid: ObjectIdentifier) -> KeyError {
    KeyError::UnsupportedEncryption {
        algorithm: oid.to_string(),
    }
}

fn wrong_label(expected: &'static str, found: &str) -> KeyError {
    KeyError::WrongLabel {
        expected,
        found: found.chars().take(64).collect(),
    }
}
