//! Deterministic CBOR (RFC 8949 section 4.2.1), read strictly and written one way.
//!
//! What is signed must have one encoding, so the reader refuses everything that the writer would not
//! have written: indefinite lengths, heads that are not the shortest, map keys out of bytewise order
//! or twice, trailing bytes. Floats and undefined are outside the profile: no event needs them, and
//! decimals are kept as they were written. Maps may not nest deeper than [`MAX_DEPTH`].

use ciborium::Value;

/// How deep arrays, maps and tags may nest.
pub const MAX_DEPTH: usize = 16;

/// Why bytes are not deterministic CBOR of this profile.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind} at byte {offset}")]
pub struct CborError {
    /// Where in the input, counted from 0.
    pub offset: usize,
    /// What is wrong there.
    pub kind: CborErrorKind,
}

/// The ways in which bytes can fall outside the profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CborErrorKind {
    /// The input ends inside an item.
    #[error("the input ends too early")]
    Truncated,
    /// Bytes follow the item.
    #[error("bytes follow the end")]
    Trailing,
    /// A length or number is written longer than needed.
    #[error("a number is not in its shortest form")]
    NotShortest,
    /// An indefinite length, a float, or a simple value outside the profile.
    #[error("an item outside the profile (indefinite length, float or simple value)")]
    Unsupported,
    /// Another type of item was expected.
    #[error("an item of another type than expected")]
    WrongType,
    /// A number outside the expected range.
    #[error("a number out of range")]
    OutOfRange,
    /// Text that is not UTF-8.
    #[error("text that is not UTF-8")]
    NotUtf8,
    /// Map keys that are not in bytewise ascending order, or stand twice.
    #[error("a map key out of order or repeated")]
    KeyOrder,
    /// Nested deeper than [`MAX_DEPTH`].
    #[error("nested too deep")]
    TooDeep,
}

const UINT: u8 = 0;
const NINT: u8 = 1;
const BYTES: u8 = 2;
const TEXT: u8 = 3;
const ARRAY: u8 = 4;
const MAP: u8 = 5;
const TAG: u8 = 6;
const SIMPLE: u8 = 7;

/// Reads items one after another from deterministic CBOR.
pub struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    /// Starts at the first byte of `bytes`.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// The offset of the next item.
    pub fn offset(&self) -> usize {
        self.at
    }

    fn fail<T>(&self, kind: CborErrorKind) -> Result<T, CborError> {
        Err(CborError {
            offset: self.at,
            kind,
        })
    }

    fn take(&mut self, len: u64) -> Result<&'a [u8], CborError> {
        let rest = &self.bytes[self.at..];
        match usize::try_from(len) {
            Ok(len) if len <= rest.len() => {
                self.at += len;
                Ok(&rest[..len])
            }
            _ => self.fail(CborErrorKind::Truncated),
        }
    }

    /// The major type and argument of the next item's head, in its shortest form.
    fn head(&mut self) -> Result<(u8, u64), CborError> {
        let start = self.at;
        let first = self.take(1)?[0];
        let (major, info) = (first >> 5, first & 0x1f);
        let (argument, least) = match info {
            0..=23 => (u64::from(info), 0),
            24 => (self.unsigned(1)?, 24),
            25 => (self.unsigned(2)?, 1 << 8),
            26 => (self.unsigned(4)?, 1 << 16),
            27 => (self.unsigned(8)?, 1 << 32),
            _ => {
                return Err(CborError {
                    offset: start,
                    kind: CborErrorKind::Unsupported,
                });
            }
        };
        let simple = major == SIMPLE;
        if simple && !matches!(info, 20..=22) {
            return Err(CborError {
                offset: start,
                kind: CborErrorKind::Unsupported,
            });
        }
        if argument < least {
            return Err(CborError {
                offset: start,
                kind: CborErrorKind::NotShortest,
            });
        }
        Ok((major, argument))
    }

    fn unsigned(&mut self, len: u64) -> Result<u64, CborError> {
        Ok(self
            .take(len)?
            .iter()
            .fold(0, |n, byte| n << 8 | u64::from(*byte)))
    }

    fn expect(&mut self, major: u8) -> Result<u64, CborError> {
        let start = self.at;
        let (found, argument) = self.head()?;
        if found != major {
            return Err(CborError {
                offset: start,
                kind: CborErrorKind::WrongType,
            });
        }
        Ok(argument)
    }

    /// An unsigned integer.
    pub fn uint(&mut self) -> Result<u64, CborError> {
        self.expect(UINT)
    }

    /// A signed integer within 64 bits.
    pub fn int(&mut self) -> Result<i64, CborError> {
        let start = self.at;
        let out_of_range = CborError {
            offset: start,
            kind: CborErrorKind::OutOfRange,
        };
        match self.head()? {
            (UINT, n) => i64::try_from(n).map_err(|_| out_of_range),
            (NINT, n) => i64::try_from(n).map(|n| -1 - n).map_err(|_| out_of_range),
            _ => Err(CborError {
                offset: start,
                kind: CborErrorKind::WrongType,
            }),
        }
    }

    /// A byte string.
    pub fn bytes(&mut self) -> Result<&'a [u8], CborError> {
        let len = self.expect(BYTES)?;
        self.take(len)
    }

    /// A byte string of exactly `N` bytes.
    pub fn fixed<const N: usize>(&mut self) -> Result<&'a [u8; N], CborError> {
        let start = self.at;
        self.bytes()?.try_into().map_err(|_| CborError {
            offset: start,
            kind: CborErrorKind::OutOfRange,
        })
    }

    /// A text string.
    pub fn text(&mut self) -> Result<&'a str, CborError> {
        let start = self.at;
        let len = self.expect(TEXT)?;
        std::str::from_utf8(self.take(len)?).map_err(|_| CborError {
            offset: start,
            kind: CborErrorKind::NotUtf8,
        })
    }

    /// The head of an array: how many items follow.
    pub fn array(&mut self) -> Result<u64, CborError> {
        self.expect(ARRAY)
    }

    /// The head of a map: how many pairs follow. The caller checks the order of the keys; use
    /// [`Reader::value`] where the keys are not known beforehand.
    pub fn map(&mut self) -> Result<u64, CborError> {
        self.expect(MAP)
    }

    /// A tag's number; its item follows.
    pub fn tag(&mut self) -> Result<u64, CborError> {
        self.expect(TAG)
    }

    /// Null.
    pub fn null(&mut self) -> Result<(), CborError> {
        let start = self.at;
        match self.head()? {
            (SIMPLE, 22) => Ok(()),
            _ => Err(CborError {
                offset: start,
                kind: CborErrorKind::WrongType,
            }),
        }
    }

    /// Checks that nothing follows.
    pub fn finish(self) -> Result<(), CborError> {
        if self.at == self.bytes.len() {
            Ok(())
        } else {
            self.fail(CborErrorKind::Trailing)
        }
    }

    /// Any item of the profile.
    pub fn value(&mut self) -> Result<Value, CborError> {
        self.nested(0)
    }

    fn nested(&mut self, depth: usize) -> Result<Value, CborError> {
        if depth > MAX_DEPTH {
            return self.fail(CborErrorKind::TooDeep);
        }
        let start = self.at;
        let (major, argument) = self.head()?;
        Ok(match major {
            UINT => Value::Integer(argument.into()),
            NINT => match i64::try_from(argument) {
                Ok(n) => Value::Integer((-1 - n).into()),
                Err(_) => {
                    return Err(CborError {
                        offset: start,
                        kind: CborErrorKind::OutOfRange,
                    });
                }
            },
            BYTES => Value::Bytes(self.take(argument)?.to_vec()),
            TEXT => match std::str::from_utf8(self.take(argument)?) {
                Ok(text) => Value::Text(text.to_owned()),
                Err(_) => {
                    return Err(CborError {
                        offset: start,
                        kind: CborErrorKind::NotUtf8,
                    });
                }
            },
            ARRAY => {
                // Every item takes a byte at least, so a longer claim is false: no room is made for it.
                let mut items = Vec::with_capacity(self.room(argument));
                for _ in 0..argument {
                    items.push(self.nested(depth + 1)?);
                }
                Value::Array(items)
            }
            MAP => {
                let mut pairs = Vec::with_capacity(self.room(argument));
                let mut previous: &[u8] = &[];
                for _ in 0..argument {
                    let key_at = self.at;
                    let key = self.nested(depth + 1)?;
                    let encoded = &self.bytes[key_at..self.at];
                    if encoded <= previous {
                        return Err(CborError {
                            offset: key_at,
                            kind: CborErrorKind::KeyOrder,
                        });
                    }
                    previous = encoded;
                    pairs.push((key, self.nested(depth + 1)?));
                }
                Value::Map(pairs)
            }
            TAG => Value::Tag(argument, Box::new(self.nested(depth + 1)?)),
            _ => match argument {
                20 => Value::Bool(false),
                21 => Value::Bool(true),
                _ => Value::Null,
            },
        })
    }

    fn room(&self, claimed: u64) -> usize {
        usize::try_from(claimed)
            .unwrap_or(usize::MAX)
            .min(self.bytes.len() - self.at)
            .min(64)
    }
}

/// Reads exactly one item.
///
/// # Errors
/// Where the bytes are not one item of the profile, with the offset.
pub fn decode(bytes: &[u8]) -> Result<Value, CborError> {
    let mut reader = Reader::new(bytes);
    let value = reader.value()?;
    reader.finish()?;
    Ok(value)
}

/// Writes items in their one deterministic form.
#[derive(Default)]
pub struct Writer {
    out: Vec<u8>,
}

impl Writer {
    /// An empty writer.
    pub fn new() -> Self {
        Self::default()
    }

    fn head(&mut self, major: u8, argument: u64) -> &mut Self {
        let major = major << 5;
        let bytes = argument.to_be_bytes();
        match argument {
            0..=23 => self.out.push(major | bytes[7]),
            24..=0xff => self.out.extend([major | 24, bytes[7]]),
            0x100..=0xffff => {
                self.out.push(major | 25);
                self.out.extend(&bytes[6..]);
            }
            0x1_0000..=0xffff_ffff => {
                self.out.push(major | 26);
                self.out.extend(&bytes[4..]);
            }
            _ => {
                self.out.push(major | 27);
                self.out.extend(bytes);
            }
        }
        self
    }

    /// An unsigned integer.
    pub fn uint(&mut self, n: u64) -> &mut Self {
        self.head(UINT, n)
    }

    /// A signed integer.
    pub fn int(&mut self, n: i64) -> &mut Self {
        match u64::try_from(n) {
            Ok(n) => self.head(UINT, n),
            Err(_) => self.head(NINT, (-1 - n) as u64),
        }
    }

    /// A byte string.
    pub fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.head(BYTES, bytes.len() as u64);
        self.out.extend_from_slice(bytes);
        self
    }

    /// A text string.
    pub fn text(&mut self, text: &str) -> &mut Self {
        self.head(TEXT, text.len() as u64);
        self.out.extend_from_slice(text.as_bytes());
        self
    }

    /// The head of an array of `len` items.
    pub fn array(&mut self, len: u64) -> &mut Self {
        self.head(ARRAY, len)
    }

    /// The head of a map of `len` pairs; the caller writes the keys in bytewise order.
    pub fn map(&mut self, len: u64) -> &mut Self {
        self.head(MAP, len)
    }

    /// A tag; its item follows.
    pub fn tag(&mut self, number: u64) -> &mut Self {
        self.head(TAG, number)
    }

    /// Null.
    pub fn null(&mut self) -> &mut Self {
        self.head(SIMPLE, 22)
    }

    /// Any item, its maps sorted.
    ///
    /// # Errors
    /// [`CborErrorKind::Unsupported`] for a float, [`CborErrorKind::KeyOrder`] for a repeated key,
    /// [`CborErrorKind::OutOfRange`] for an integer outside 64 bits.
    pub fn value(&mut self, value: &Value) -> Result<&mut Self, CborError> {
        let offset = self.out.len();
        let fail = |kind| Err(CborError { offset, kind });
        Ok(match value {
            Value::Integer(n) => match (u64::try_from(*n), i64::try_from(*n)) {
                (Ok(n), _) => self.uint(n),
                (_, Ok(n)) => self.int(n),
                _ => return fail(CborErrorKind::OutOfRange),
            },
            Value::Bytes(bytes) => self.bytes(bytes),
            Value::Text(text) => self.text(text),
            Value::Bool(flag) => self.head(SIMPLE, 20 + u64::from(*flag)),
            Value::Null => self.null(),
            Value::Tag(number, item) => self.tag(*number).value(item)?,
            Value::Array(items) => {
                self.array(items.len() as u64);
                for item in items {
                    self.value(item)?;
                }
                self
            }
            Value::Map(pairs) => {
                let mut encoded = Vec::with_capacity(pairs.len());
                for (key, item) in pairs {
                    let mut writer = Writer::new();
                    writer.value(key)?;
                    encoded.push((writer.out, item));
                }
                encoded.sort_by(|a, b| a.0.cmp(&b.0));
                if encoded.windows(2).any(|pair| pair[0].0 == pair[1].0) {
                    return fail(CborErrorKind::KeyOrder);
                }
                self.map(encoded.len() as u64);
                for (key, item) in encoded {
                    self.out.extend(key);
                    self.value(item)?;
                }
                self
            }
            _ => return fail(CborErrorKind::Unsupported),
        })
    }

    /// What was written.
    pub fn finish(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.out)
    }
}

/// Writes one item.
///
/// # Errors
/// As [`Writer::value`].
pub fn encode(value: &Value) -> Result<Vec<u8>, CborError> {
    Ok(Writer::new().value(value)?.finish())
}

/// The message of an error of [`Value`], without its debug form.
pub(crate) fn message_of(error: &ciborium::value::Error) -> String {
    match error {
        ciborium::value::Error::Custom(message) => message.clone(),
    }
}

/// Leaves out nulls and empty lists, at any depth.
pub fn prune(value: &mut Value) {
    match value {
        Value::Map(pairs) => {
            pairs.retain(|(_, value)| {
                !matches!(value, Value::Null)
                    && !matches!(value, Value::Array(items) if items.is_empty())
            });
            pairs.iter_mut().for_each(|(_, value)| prune(value));
        }
        Value::Array(items) => items.iter_mut().for_each(prune),
        _ => {}
    }
}

/// Whether a null stands anywhere, which an event writes by leaving the field out.
pub(crate) fn has_null(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Map(pairs) => pairs.iter().any(|(_, value)| has_null(value)),
        Value::Array(items) => items.iter().any(has_null),
        Value::Tag(_, value) => has_null(value),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    fn refused(bytes: &[u8]) -> CborErrorKind {
        decode(bytes).unwrap_err().kind
    }

    #[test]
    fn refuses_what_the_writer_would_not_write() {
        use CborErrorKind::*;
        assert_eq!(refused(&[]), Truncated);
        assert_eq!(refused(&[0x18, 0x17]), NotShortest);
        assert_eq!(
            refused(&[0x1b, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]),
            NotShortest
        );
        assert_eq!(refused(&[0x9f, 0xff]), Unsupported);
        assert_eq!(refused(&[0xf9, 0x3c, 0x00]), Unsupported);
        assert_eq!(refused(&[0xf7]), Unsupported);
        assert_eq!(refused(&[0xf8, 0x20]), Unsupported);
        assert_eq!(refused(&[0x01, 0x01]), Trailing);
        assert_eq!(refused(&[0x61, 0xff]), NotUtf8);
        assert_eq!(refused(&[0xa2, 0x02, 0x00, 0x01, 0x00]), KeyOrder);
        assert_eq!(refused(&[0xa2, 0x01, 0x00, 0x01, 0x00]), KeyOrder);
        assert_eq!(
            refused(&[0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
            Truncated
        );
        assert_eq!(refused(&[0x81; 64]), TooDeep);
        assert_eq!(
            refused(&[0x3b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
            OutOfRange
        );
    }

    #[test]
    fn refuses_to_write_floats_and_repeated_keys() {
        assert!(encode(&Value::Float(1.0)).is_err());
        let twice = Value::Map(vec![(1.into(), 2.into()), (1.into(), 3.into())]);
        assert_eq!(encode(&twice).unwrap_err().kind, CborErrorKind::KeyOrder);
    }

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            any::<i64>().prop_map(|n| Value::Integer(n.into())),
            any::<u64>().prop_map(|n| Value::Integer(n.into())),
            any::<bool>().prop_map(Value::Bool),
            Just(Value::Null),
            ".*".prop_map(Value::Text),
            prop::collection::vec(any::<u8>(), 0..40).prop_map(Value::Bytes),
        ];
        leaf.prop_recursive(4, 32, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
                prop::collection::btree_map(".{0,6}", inner.clone(), 0..6).prop_map(|map| {
                    Value::Map(map.into_iter().map(|(k, v)| (Value::Text(k), v)).collect())
                }),
                (any::<u64>(), inner).prop_map(|(n, v)| Value::Tag(n, Box::new(v))),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back_to_the_same_bytes(value in values()) {
            let bytes = encode(&value).unwrap();
            let back = decode(&bytes).unwrap();
            prop_assert_eq!(encode(&back).unwrap(), bytes.clone());
            // An independent decoder reads the same value.
            let theirs: Value = ciborium::from_reader(bytes.as_slice()).unwrap();
            prop_assert_eq!(theirs, back);
        }

        #[test]
        fn any_bytes_that_are_accepted_print_back_identically(
            bytes in prop::collection::vec(any::<u8>(), 0..64)
        ) {
            if let Ok(value) = decode(&bytes) {
                prop_assert_eq!(encode(&value).unwrap(), bytes);
            }
        }
    }
}
