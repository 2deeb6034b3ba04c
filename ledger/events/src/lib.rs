//! The events of a partnership's record: what can be said, how it is encoded, who may say it.
//!
//! Everything here is a value or a function of values: no clock, no randomness, no I/O. Start with
//! [`event::Event`], then [`catalogue`] for the list of everything that can be recorded, [`period`]
//! for dates as UK public bodies write them, and [`judge`] for the seam through which the log asks
//! whether an event may enter.

pub mod authority;
pub mod catalogue;
pub mod cbor;
pub mod cose_key;
pub mod digest;
pub mod document;
pub mod event;
pub mod id;
pub mod identity;
pub mod judge;
pub mod limits;
pub mod period;
pub mod proof;
pub mod quantity;
pub mod recorded;

pub use bytes::Bytes;

pub use authority::{Authority, Capacity, Role};
pub use catalogue::{EventType, Payload};
pub use cose_key::CoseKey;
pub use digest::{Blake3, Digest, Signature64, Thumbprint};
pub use document::DocumentRef;
pub use event::{Common, Confidentiality, Event, EventError, Source};
pub use id::{Kind, PersonId, SubjectId};
pub use identity::Identity;
pub use judge::{Judge, Refusal, RefusalKind};
pub use period::Period;
pub use quantity::{Decimal, Quantity};
pub use recorded::{Claims, Content, Recorded, Seen};
