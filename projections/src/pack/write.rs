//! Packing.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;

use serde::ser::{self, Serialize};

use super::{
    BYTES, FALSE, FLOAT, INLINE, LIST, MAP, NEGATIVE, NULL, PackError, SAME, SIMPLE, TEXT, TRUE,
    UINT, put_number, words,
};

/// Packs values into one block, as its roots.
///
/// # Errors
/// Where a value does not serialise.
pub(crate) fn pack<'a, T: Serialize + 'a>(
    roots: impl IntoIterator<Item = &'a T>,
) -> Result<Vec<u8>, PackError> {
    // Put aside what is being packed around this block, such as the views around one thing.
    let around = PACKING.replace(Some(Dictionary::default()));
    let packed = roots
        .into_iter()
        .map(value)
        .collect::<Result<Vec<_>, PackError>>();
    let dictionary = PACKING.replace(around);
    let (roots, dictionary) = (packed?, dictionary.unwrap_or_default());
    let mut out = Vec::new();
    dictionary.texts.put(&mut out);
    dictionary.maps.put(&mut out);
    dictionary.parts.put(&mut out);
    put_number(&mut out, roots.len() as u64);
    for root in roots {
        put_number(&mut out, root.len() as u64);
        out.extend(root);
    }
    Ok(out)
}

/// Whether values are being packed on this thread: lists are then written as parts.
pub(crate) fn packing() -> bool {
    PACKING.with_borrow(Option::is_some)
}

/// The number of the part that was made of what lies at this address.
pub(crate) fn known(address: usize) -> Option<u64> {
    PACKING.with_borrow(|packing| packing.as_ref()?.known.get(&address).copied())
}

/// Makes a part of what lies at this address: a value on top of another part, or of none.
///
/// # Errors
/// Where the value does not serialise.
pub(crate) fn part<T: Serialize>(address: usize, below: u64, top: &T) -> Result<u64, PackError> {
    let mut bytes = Vec::new();
    put_number(&mut bytes, below);
    bytes.extend(value(top)?);
    Ok(with_dictionary(|dictionary| {
        let number = dictionary.parts.number(&bytes) + 1;
        dictionary.known.insert(address, number);
        number
    }))
}

// What a block has written once is known to every value in it, however deep: serde's calls have no
// place to hand it on.
thread_local! {
    static PACKING: RefCell<Option<Dictionary>> = const { RefCell::new(None) };
}

#[derive(Default)]
struct Dictionary {
    texts: Once,
    maps: Once,
    parts: Once,
    /// Parts by the address of what they were made of, which lives as long as the packing.
    known: HashMap<usize, u64>,
}

/// Byte strings that are written once, numbered in the order in which they came up.
#[derive(Default)]
struct Once {
    written: Vec<u8>,
    places: Vec<Range<usize>>,
    /// Kept once there are many; most blocks have few, which are looked through sooner.
    numbers: HashMap<Box<[u8]>, u64>,
}

const MANY: usize = 16;

impl Once {
    fn number(&mut self, bytes: &[u8]) -> u64 {
        let known = if self.places.len() < MANY {
            let mut places = (0..).zip(&self.places);
            places
                .find(|(_, place)| self.written[(*place).clone()] == *bytes)
                .map(|(number, _)| number)
        } else {
            self.numbers.get(bytes).copied()
        };
        known.unwrap_or_else(|| self.add(bytes))
    }

    fn add(&mut self, bytes: &[u8]) -> u64 {
        let number = self.places.len() as u64;
        put_number(&mut self.written, bytes.len() as u64);
        let start = self.written.len();
        self.written.extend(bytes);
        self.places.push(start..self.written.len());
        if self.places.len() == MANY {
            let all = self
                .places
                .iter()
                .map(|place| self.written[place.clone()].into());
            self.numbers = all.zip(0..).collect();
        } else if self.places.len() > MANY {
            self.numbers.insert(bytes.into(), number);
        }
        number
    }

    fn put(&self, out: &mut Vec<u8>) {
        put_number(out, self.places.len() as u64);
        out.extend(&self.written);
    }
}

fn with_dictionary<R>(with: impl FnOnce(&mut Dictionary) -> R) -> R {
    PACKING.with_borrow_mut(|packing| with(packing.get_or_insert_default()))
}

fn value<T: Serialize>(value: &T) -> Result<Vec<u8>, PackError> {
    let mut writer = Writer(Vec::with_capacity(64));
    value.serialize(&mut writer)?;
    Ok(writer.0)
}

/// The bytes of one value.
struct Writer(Vec<u8>);

impl Writer {
    fn head(&mut self, kind: u8, n: u64) {
        head(&mut self.0, kind, n);
    }

    fn text(&mut self, text: &str) {
        let number = words::number(text).unwrap_or_else(|| {
            let texts = |dictionary: &mut Dictionary| dictionary.texts.number(text.as_bytes());
            words::len() + with_dictionary(texts)
        });
        self.head(TEXT, number);
    }

    fn variant(&mut self, name: &str) {
        self.head(MAP, 1);
        self.text(name);
    }

    fn many(&mut self, kind: u8, len: Option<usize>) -> Many<'_> {
        let start = self.0.len();
        if let Some(len) = len {
            self.head(kind, len as u64);
        }
        Many {
            start,
            kind,
            said: len.map(|len| len as u64),
            count: 0,
            writer: self,
        }
    }
}

fn head(out: &mut Vec<u8>, kind: u8, n: u64) {
    // At most 31, which a byte holds.
    let inline = n.min(INLINE).to_le_bytes()[0];
    out.push(kind << 5 | inline);
    if n >= INLINE {
        put_number(out, n - INLINE);
    }
}

/// Maps of more bytes than this are written once: naming one takes about three.
const WORTH_NAMING: usize = 8;

/// A list or map that is being written.
struct Many<'a> {
    writer: &'a mut Writer,
    start: usize,
    kind: u8,
    said: Option<u64>,
    count: u64,
}

impl Many<'_> {
    fn add<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), PackError> {
        self.count += 1;
        value.serialize(&mut *self.writer)
    }

    fn add_named<T: Serialize + ?Sized>(&mut self, key: &str, value: &T) -> Result<(), PackError> {
        self.writer.text(key);
        self.add(value)
    }

    fn finish(self) -> Result<(), PackError> {
        match self.said {
            Some(said) if said == self.count => {}
            Some(_) => return Err(PackError::because("a list of another length than it said")),
            None => {
                let mut start = Vec::new();
                head(&mut start, self.kind, self.count);
                self.writer.0.splice(self.start..self.start, start);
            }
        }
        // The outermost is a version or an entry, of which no two are the same.
        let bytes = &self.writer.0[self.start..];
        if self.kind == MAP && self.start > 0 && bytes.len() > WORTH_NAMING {
            let number = with_dictionary(|dictionary| dictionary.maps.number(bytes));
            self.writer.0.truncate(self.start);
            self.writer.head(SAME, number);
        }
        Ok(())
    }
}

impl<'a> ser::Serializer for &'a mut Writer {
    type Ok = ();
    type Error = PackError;
    type SerializeSeq = Many<'a>;
    type SerializeTuple = Many<'a>;
    type SerializeTupleStruct = Many<'a>;
    type SerializeTupleVariant = Many<'a>;
    type SerializeMap = Many<'a>;
    type SerializeStruct = Many<'a>;
    type SerializeStructVariant = Many<'a>;

    fn is_human_readable(&self) -> bool {
        false
    }

    fn serialize_bool(self, value: bool) -> Result<(), PackError> {
        self.head(SIMPLE, if value { TRUE } else { FALSE });
        Ok(())
    }

    fn serialize_i8(self, value: i8) -> Result<(), PackError> {
        self.serialize_i64(value.into())
    }

    fn serialize_i16(self, value: i16) -> Result<(), PackError> {
        self.serialize_i64(value.into())
    }

    fn serialize_i32(self, value: i32) -> Result<(), PackError> {
        self.serialize_i64(value.into())
    }

    fn serialize_i64(self, value: i64) -> Result<(), PackError> {
        match u64::try_from(value) {
            Ok(value) => self.head(UINT, value),
            // -1 - value is its bits turned round.
            Err(_) => self.head(NEGATIVE, value.unsigned_abs() - 1),
        }
        Ok(())
    }

    fn serialize_u8(self, value: u8) -> Result<(), PackError> {
        self.serialize_u64(value.into())
    }

    fn serialize_u16(self, value: u16) -> Result<(), PackError> {
        self.serialize_u64(value.into())
    }

    fn serialize_u32(self, value: u32) -> Result<(), PackError> {
        self.serialize_u64(value.into())
    }

    fn serialize_u64(self, value: u64) -> Result<(), PackError> {
        self.head(UINT, value);
        Ok(())
    }

    fn serialize_f32(self, value: f32) -> Result<(), PackError> {
        self.serialize_f64(value.into())
    }

    fn serialize_f64(self, value: f64) -> Result<(), PackError> {
        self.head(SIMPLE, FLOAT);
        self.0.extend(value.to_le_bytes());
        Ok(())
    }

    fn serialize_char(self, value: char) -> Result<(), PackError> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<(), PackError> {
        self.text(value);
        Ok(())
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<(), PackError> {
        self.head(BYTES, value.len() as u64);
        self.0.extend(value);
        Ok(())
    }

    fn serialize_none(self) -> Result<(), PackError> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), PackError> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), PackError> {
        self.head(SIMPLE, NULL);
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), PackError> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<(), PackError> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), PackError> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), PackError> {
        self.variant(variant);
        value.serialize(self)
    }

    fn serialize_seq(self, len: Option<usize>) -> Result<Many<'a>, PackError> {
        Ok(self.many(LIST, len))
    }

    fn serialize_tuple(self, len: usize) -> Result<Many<'a>, PackError> {
        Ok(self.many(LIST, Some(len)))
    }

    fn serialize_tuple_struct(self, _: &'static str, len: usize) -> Result<Many<'a>, PackError> {
        Ok(self.many(LIST, Some(len)))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<Many<'a>, PackError> {
        self.variant(variant);
        Ok(self.many(LIST, Some(len)))
    }

    fn serialize_map(self, len: Option<usize>) -> Result<Many<'a>, PackError> {
        Ok(self.many(MAP, len))
    }

    fn serialize_struct(self, _: &'static str, len: usize) -> Result<Many<'a>, PackError> {
        Ok(self.many(MAP, Some(len)))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<Many<'a>, PackError> {
        self.variant(variant);
        Ok(self.many(MAP, Some(len)))
    }
}

/// The same for each way in which serde writes lists, and for each in which it writes maps.
macro_rules! lists {
    ($($of:ident $add:ident)*) => {$(
        impl ser::$of for Many<'_> {
            type Ok = ();
            type Error = PackError;

            fn $add<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), PackError> {
                self.add(value)
            }

            fn end(self) -> Result<(), PackError> {
                self.finish()
            }
        }
    )*};
}

macro_rules! structs {
    ($($of:ident)*) => {$(
        impl ser::$of for Many<'_> {
            type Ok = ();
            type Error = PackError;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                key: &'static str,
                value: &T,
            ) -> Result<(), PackError> {
                self.add_named(key, value)
            }

            fn end(self) -> Result<(), PackError> {
                self.finish()
            }
        }
    )*};
}

lists! {
    SerializeSeq serialize_element
    SerializeTuple serialize_element
    SerializeTupleStruct serialize_field
    SerializeTupleVariant serialize_field
}

structs! { SerializeStruct SerializeStructVariant }

impl ser::SerializeMap for Many<'_> {
    type Ok = ();
    type Error = PackError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), PackError> {
        key.serialize(&mut *self.writer)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), PackError> {
        self.add(value)
    }

    fn end(self) -> Result<(), PackError> {
        self.finish()
    }
}
