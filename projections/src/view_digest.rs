//! The view digest: a fingerprint by which two people see at a glance that they look at the same
//! state.

use ciborium::Value;
use minutebook_events::cbor;
use serde::Serialize;

/// BLAKE3 over the deterministic CBOR (RFC 8949 section 4.2.1) of an answer, with absent fields left
/// out.
pub fn view_digest<T: Serialize>(answer: &T) -> [u8; 32] {
    // An answer is made of texts, numbers, lists and maps with text keys, which CBOR can always hold.
    // Were that ever not so, no digest could be taken for the right one: it would be that of nothing.
    let bytes = Value::serialized(answer).ok().and_then(|mut value| {
        cbor::prune(&mut value);
        cbor::encode(&value).ok()
    });
    *blake3::hash(&bytes.unwrap_or_default()).as_bytes()
}
