//! Disclosures: the private, erasable half of an entry.
//!
//! ```text
//! disclosure = ["minutebook.v1", salt: bstr .size 32, content-type: tstr, body: bstr]
//! ```
//! in deterministic CBOR. A statement commits to its SHA-256. The salt is fresh for every disclosure,
//! so that a digest tells nothing about a body that is withheld or erased, however short it is.

use minutebook_events::Digest;
use minutebook_events::cbor::{CborError, Reader, Writer};

/// The most bytes a disclosure may have.
pub const MAX_DISCLOSURE: usize = 64 * 1024;

/// The content type of an event's body.
pub const EVENT: &str = "application/vnd.minutebook.event+cbor";

const VERSION: &str = "minutebook.v1";

/// A salted envelope around a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disclosure {
    /// 32 bytes from the signer's secure generator, never used twice.
    pub salt: [u8; 32],
    /// The media type of the body.
    pub content_type: String,
    /// The body's bytes.
    pub body: Vec<u8>,
}

/// Why bytes are no disclosure.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DisclosureError {
    /// More than [`MAX_DISCLOSURE`] bytes.
    #[error("the disclosure has {0} bytes; at most {MAX_DISCLOSURE} are allowed")]
    TooLarge(usize),
    /// Not the array above.
    #[error("the disclosure is malformed: {0}")]
    Malformed(#[from] CborError),
    /// Another envelope or version.
    #[error("the disclosure is not a \"{VERSION}\" envelope")]
    Version,
    /// The content is of another type than it must be here.
    #[error("the disclosure holds {0:?} where an event is needed")]
    ContentType(String),
}

impl Disclosure {
    /// The one encoding.
    pub fn encode(&self) -> Vec<u8> {
        Writer::new()
            .array(4)
            .text(VERSION)
            .bytes(&self.salt)
            .text(&self.content_type)
            .bytes(&self.body)
            .finish()
    }

    /// Reads the one encoding.
    ///
    /// # Errors
    /// Where the bytes are too many, or are not exactly what [`Disclosure::encode`] writes.
    pub fn decode(bytes: &[u8]) -> Result<Self, DisclosureError> {
        if bytes.len() > MAX_DISCLOSURE {
            return Err(DisclosureError::TooLarge(bytes.len()));
        }
        let mut reader = Reader::new(bytes);
        if reader.array()? != 4 || reader.text()? != VERSION {
            return Err(DisclosureError::Version);
        }
        let disclosure = Self {
            salt: *reader.fixed()?,
            content_type: reader.text()?.to_owned(),
            body: reader.bytes()?.to_vec(),
        };
        reader.finish()?;
        Ok(disclosure)
    }

    /// The body, where it is an event's.
    ///
    /// # Errors
    /// [`DisclosureError::ContentType`] where it is anything else.
    pub fn event_body(&self) -> Result<&[u8], DisclosureError> {
        if self.content_type == EVENT {
            Ok(&self.body)
        } else {
            Err(DisclosureError::ContentType(self.content_type.clone()))
        }
    }
}

/// What a statement commits to.
pub fn digest(encoded: &[u8]) -> Digest {
    Digest::of(encoded)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    fn hex(text: &str) -> Vec<u8> {
        let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
        digits
            .chunks(2)
            .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
            .collect()
    }

    /// Every digest ever logged changes if this moves.
    #[test]
    fn golden_bytes() {
        let bytes = hex(
            "846d6d696e757465626f6f6b2e76315820dbc4579ae2b3ab293213f42bb852706ea995c3b5c3987f8aa9faae5004acb3cf
             706170706c69636174696f6e2f63626f724fa2616e026174686465636973696f6e",
        );
        let disclosure = Disclosure::decode(&bytes).unwrap();
        assert_eq!(disclosure.content_type, "application/cbor");
        assert_eq!(disclosure.encode(), bytes);
        assert_eq!(
            digest(&bytes).to_string(),
            "709f26a3cecd329443930b7f0ad9ff5ba93274d1c8a16b59afe1b55b181f52b2"
        );
        assert!(disclosure.event_body().is_err());
    }

    #[test]
    fn refuses_another_envelope_and_too_many_bytes() {
        let other = Writer::new()
            .array(4)
            .text("minutebook.v2")
            .bytes(&[0; 32])
            .text("")
            .bytes(b"")
            .finish();
        assert_eq!(Disclosure::decode(&other), Err(DisclosureError::Version));
        let large = vec![0; MAX_DISCLOSURE + 1];
        assert_eq!(
            Disclosure::decode(&large),
            Err(DisclosureError::TooLarge(large.len()))
        );
    }

    proptest! {
        #[test]
        fn what_is_accepted_prints_back(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(disclosure) = Disclosure::decode(&bytes) {
                prop_assert_eq!(disclosure.encode(), bytes);
            }
        }

        #[test]
        fn a_flipped_bit_never_decodes_to_the_same(body in prop::collection::vec(any::<u8>(), 0..100), bit in any::<u16>()) {
            let disclosure = Disclosure { salt: [7; 32], content_type: EVENT.into(), body };
            let mut bytes = disclosure.encode();
            prop_assert_eq!(&Disclosure::decode(&bytes).unwrap(), &disclosure);
            let bit = usize::from(bit) % (bytes.len() * 8);
            bytes[bit / 8] ^= 1 << (bit % 8);
            prop_assert!(!Disclosure::decode(&bytes).is_ok_and(|d| d == disclosure));
        }
    }
}
