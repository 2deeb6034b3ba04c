//! Statements: what is signed, logged and public for ever.
//!
//! A statement is a COSE_Sign1 (RFC 9052 section 4.2) over the SHA-256 of a disclosure, as a hash
//! envelope (RFC 9995) with CWT claims in the protected header (RFC 9597). Its shape is fixed to the
//! byte; [`Statement::parse`] accepts that one shape only, so that no two byte strings say the same:
//!
//! ```text
//! d2 84                                          tag 18, array of 4
//!   bstr << {                                    protected header
//!      1: -8,                                    alg: EdDSA (-19, Ed25519, is accepted too)
//!      4: bstr .size 32,                         kid: RFC 9679 thumbprint of the signer's key
//!     15: { 1: iss, 2: sub, 6: iat, 7: cti       CWT claims
//!           [, 8: {1: {1: 1, -1: 6, -2: x}}] },  cnf, only where a key is enrolled
//!     16: "application/scitt-statement+cose",
//!    258: -16, 259: "application/vnd.minutebook.disclosure+cbor",
//!    "seen": [size, root] } >>
//!   a0                                           unprotected header, empty
//!   58 20 <SHA-256 of the disclosure>
//!   58 40 <Ed25519 signature>
//! ```

use minutebook_events::cbor::{CborError, Reader, Writer};
use minutebook_events::{Claims, Digest, PersonId, Seen};
use minutebook_keys::{Kid, PublicKey, SigningKey};

/// The most bytes a statement may have.
pub const MAX_STATEMENT: usize = 4096;

/// The longest text a header may hold, the origin apart.
const MAX_HEADER_TEXT: usize = 64;

const TYP: &str = "application/scitt-statement+cose";
const PREIMAGE: &str = "application/vnd.minutebook.disclosure+cbor";
const EDDSA: i64 = -8;
const ED25519: i64 = -19;
const SHA_256: i64 = -16;
const COSE_SIGN1: u64 = 18;

/// Why bytes are no statement, or not one for this ledger.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StatementError {
    /// More than [`MAX_STATEMENT`] bytes.
    #[error("the statement has {0} bytes; at most {MAX_STATEMENT} are allowed")]
    TooLarge(usize),
    /// Not deterministic CBOR of the fixed shape.
    #[error("the statement is malformed: {0}")]
    Cbor(#[from] CborError),
    /// CBOR, but another shape or value than the fixed one.
    #[error("the statement is malformed: {what} at byte {offset}")]
    Shape {
        /// What is not as it must be.
        what: &'static str,
        /// Where, counted from the statement's first byte.
        offset: usize,
    },
    /// Meant for another ledger.
    #[error("the statement is meant for ledger {found:?}, not {expected:?}")]
    WrongLedger {
        /// This ledger's origin.
        expected: String,
        /// The origin in the statement.
        found: String,
    },
    /// The signature is not this key's over these bytes.
    #[error("the signature does not verify")]
    BadSignature,
    /// The key is not the one the statement names.
    #[error("the statement was signed with key {named}, not {given}")]
    OtherKey {
        /// The thumbprint in the statement.
        named: Kid,
        /// The thumbprint of the key given.
        given: Kid,
    },
}

/// A parsed statement, with its bytes as they came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    bytes: Vec<u8>,
    protected: std::ops::Range<usize>,
    origin: Box<str>,
    claims: Claims,
    signature: [u8; 64],
}

impl Statement {
    /// Signs `claims` for the ledger `origin`. The key must be the one that `claims` names.
    ///
    /// # Errors
    /// [`StatementError::OtherKey`]; [`StatementError::TooLarge`] where the origin is that long.
    pub fn sign(origin: &str, claims: &Claims, key: &SigningKey) -> Result<Self, StatementError> {
        if key.kid() != claims.kid {
            return Err(StatementError::OtherKey {
                named: claims.kid,
                given: key.kid(),
            });
        }
        let protected = protected_header(origin, claims);
        let signature = key.sign(&sig_structure(&protected, &claims.digest));
        let bytes = Writer::new()
            .tag(COSE_SIGN1)
            .array(4)
            .bytes(&protected)
            .map(0)
            .bytes(&claims.digest.0)
            .bytes(&signature)
            .finish();
        Self::parse(&bytes)
    }

    /// Reads a statement, accepting exactly the shape above.
    ///
    /// # Errors
    /// Where the bytes are too many or of any other shape. The signature is not checked here.
    pub fn parse(bytes: &[u8]) -> Result<Self, StatementError> {
        if bytes.len() > MAX_STATEMENT {
            return Err(StatementError::TooLarge(bytes.len()));
        }
        let mut reader = Reader::new(bytes);
        let shape = |what, offset| Err(StatementError::Shape { what, offset });
        if reader.tag()? != COSE_SIGN1 || reader.array()? != 4 {
            return shape("a COSE_Sign1 has tag 18 and four parts", 0);
        }
        let header = reader.bytes()?;
        let protected = reader.offset() - header.len()..reader.offset();
        if reader.map()? != 0 {
            return shape("the unprotected header is not empty", reader.offset());
        }
        let digest = Digest(*reader.fixed()?);
        let signature = *reader.fixed()?;
        reader.finish()?;
        let (origin, claims) = read_protected(header, protected.start, digest)?;
        Ok(Self {
            bytes: bytes.to_vec(),
            protected,
            origin,
            claims,
            signature,
        })
    }

    /// The bytes that are logged, hashed and signed.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The statement's claims.
    pub fn claims(&self) -> &Claims {
        &self.claims
    }

    /// The origin of the ledger it is meant for (CWT claim `sub`).
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The signature alone, for tools that check it apart.
    pub fn signature(&self) -> &[u8; 64] {
        &self.signature
    }

    /// The bytes that were signed: the Sig_structure of RFC 9052 section 4.4.
    pub fn signed_bytes(&self) -> Vec<u8> {
        sig_structure(&self.bytes[self.protected.clone()], &self.claims.digest)
    }

    /// Checks that this statement is meant for `origin`.
    ///
    /// # Errors
    /// [`StatementError::WrongLedger`].
    pub fn check_origin(&self, origin: &str) -> Result<(), StatementError> {
        if *self.origin == *origin {
            Ok(())
        } else {
            Err(StatementError::WrongLedger {
                expected: origin.into(),
                found: self.origin.clone().into(),
            })
        }
    }

    /// Checks the signature strictly (no small-order keys, canonical S).
    ///
    /// # Errors
    /// [`StatementError::OtherKey`], [`StatementError::BadSignature`].
    pub fn verify(&self, key: &PublicKey) -> Result<(), StatementError> {
        if key.kid() != self.claims.kid {
            return Err(StatementError::OtherKey {
                named: self.claims.kid,
                given: key.kid(),
            });
        }
        key.verify_strict(&self.signed_bytes(), &self.signature)
            .map_err(|_| StatementError::BadSignature)
    }
}

fn sig_structure(protected: &[u8], digest: &Digest) -> Vec<u8> {
    Writer::new()
        .array(4)
        .text("Signature1")
        .bytes(protected)
        .bytes(&[])
        .bytes(&digest.0)
        .finish()
}

fn protected_header(origin: &str, claims: &Claims) -> Vec<u8> {
    let mut w = Writer::new();
    w.map(7)
        .int(1)
        .int(EDDSA)
        .int(4)
        .bytes(claims.kid.as_bytes());
    w.int(15).map(4 + u64::from(claims.enrols.is_some()));
    w.int(1).text(claims.signer.as_str()).int(2).text(origin);
    w.int(6).int(claims.iat).int(7).bytes(&claims.cti);
    if let Some(key) = &claims.enrols {
        w.int(8)
            .map(1)
            .int(1)
            .map(3)
            .int(1)
            .int(1)
            .int(-1)
            .int(6)
            .int(-2)
            .bytes(key.as_bytes());
    }
    w.int(16)
        .text(TYP)
        .int(258)
        .int(SHA_256)
        .int(259)
        .text(PREIMAGE);
    w.text("seen")
        .array(2)
        .uint(claims.seen.size)
        .bytes(&claims.seen.root);
    w.finish()
}

/// Reads the protected header; `base` is its offset in the statement, for error messages.
fn read_protected(
    header: &[u8],
    base: usize,
    digest: Digest,
) -> Result<(Box<str>, Claims), StatementError> {
    let mut fields = Fields {
        reader: Reader::new(header),
        base,
    };
    fields.is(
        |r| r.map(),
        7,
        "the header does not hold exactly seven labels",
    )?;
    fields.label(1)?;
    let alg = fields.read(|r| r.int())?;
    if alg != EDDSA && alg != ED25519 {
        return fields.shape("alg is neither -8 nor -19");
    }
    fields.label(4)?;
    let kid = Kid::from_bytes(*fields.read(|r| r.fixed::<32>())?);
    fields.label(15)?;
    let claim_count = fields.read(|r| r.map())?;
    if claim_count != 4 && claim_count != 5 {
        return fields.shape("the claims are not iss, sub, iat, cti and at most cnf");
    }
    fields.label(1)?;
    let signer = fields.read(|r| r.text())?;
    let Ok(signer) = signer.parse::<PersonId>() else {
        return fields.shape("iss is not 16 to 64 lower-case hex digits");
    };
    fields.label(2)?;
    let origin = fields.read(|r| r.text())?;
    if !is_origin(origin) {
        return fields.shape("sub is not an origin");
    }
    fields.label(6)?;
    let iat = fields.read(|r| r.int())?;
    if iat < 0 {
        return fields.shape("iat is before 1970");
    }
    fields.label(7)?;
    let cti = *fields.read(|r| r.fixed::<16>())?;
    let enrols = match claim_count {
        5 => Some(fields.confirmation()?),
        _ => None,
    };
    fields.label(16)?;
    fields.is(|r| r.text(), TYP, "typ is another media type")?;
    fields.label(258)?;
    fields.is(
        |r| r.int(),
        SHA_256,
        "the payload's hash is not SHA-256 (-16)",
    )?;
    fields.label(259)?;
    fields.is(
        |r| r.text(),
        PREIMAGE,
        "the preimage is of another media type",
    )?;
    fields.is(|r| r.text(), "seen", "the last label is not \"seen\"")?;
    fields.is(|r| r.array(), 2, "seen is not a size and a root")?;
    let seen = Seen {
        size: fields.read(|r| r.uint())?,
        root: *fields.read(|r| r.fixed::<32>())?,
    };
    fields
        .reader
        .finish()
        .map_err(|error| offset_by(error, base))?;
    Ok((
        origin.into(),
        Claims {
            signer,
            kid,
            iat,
            cti,
            digest,
            enrols,
            seen,
        },
    ))
}

/// Whether a text can be an origin: a scheme-less URL prefix without spaces or `+`, so that it can
/// also be the log's key name (C2SP tlog-checkpoint).
pub fn is_origin(text: &str) -> bool {
    (1..=255).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_graphic() && b != b'+' && b != b'@')
}

struct Fields<'a> {
    reader: Reader<'a>,
    base: usize,
}

impl<'a> Fields<'a> {
    fn shape<T>(&self, what: &'static str) -> Result<T, StatementError> {
        Err(StatementError::Shape {
            what,
            offset: self.base + self.reader.offset(),
        })
    }

    fn read<T>(
        &mut self,
        item: impl FnOnce(&mut Reader<'a>) -> Result<T, CborError>,
    ) -> Result<T, StatementError> {
        item(&mut self.reader).map_err(|error| offset_by(error, self.base))
    }

    fn is<T: PartialEq<U>, U>(
        &mut self,
        item: impl FnOnce(&mut Reader<'a>) -> Result<T, CborError>,
        expected: U,
        what: &'static str,
    ) -> Result<(), StatementError> {
        if self.read(item)? == expected {
            Ok(())
        } else {
            self.shape(what)
        }
    }

    fn label(&mut self, label: i64) -> Result<(), StatementError> {
        self.is(
            |r| r.int(),
            label,
            "a label is missing, added or out of order",
        )
    }

    fn confirmation(&mut self) -> Result<PublicKey, StatementError> {
        self.label(8)?;
        self.is(|r| r.map(), 1, "cnf does not hold exactly one key")?;
        self.label(1)?;
        self.is(|r| r.map(), 3, "the enrolled key is not kty, crv and x")?;
        for (label, value) in [(1, 1), (-1, 6)] {
            self.label(label)?;
            self.is(|r| r.int(), value, "the enrolled key is not Ed25519")?;
        }
        self.label(-2)?;
        let x = *self.read(|r| r.fixed::<32>())?;
        match PublicKey::from_bytes(&x) {
            Ok(key) => Ok(key),
            Err(_) => self.shape("the enrolled key is no usable Ed25519 point"),
        }
    }
}

fn offset_by(mut error: CborError, base: usize) -> StatementError {
    error.offset += base;
    StatementError::Cbor(error)
}

const _: () = assert!(TYP.len() <= MAX_HEADER_TEXT && PREIMAGE.len() <= MAX_HEADER_TEXT);
