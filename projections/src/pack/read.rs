//! Reading what was packed.

use std::any::Any;
use std::cell::RefCell;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use minutebook_events::Bytes;
use serde::de::{self, DeserializeOwned, DeserializeSeed, Visitor};
use serde::forward_to_deserialize_any;

use super::{
    BYTES, FALSE, FLOAT, INLINE, LIST, MAP, NEGATIVE, NULL, PackError, SAME, SIMPLE, TEXT, TRUE,
    UINT, take_number, words,
};

/// A block of packed values.
pub(crate) struct Block {
    bytes: Bytes,
    texts: Vec<Range<usize>>,
    maps: Vec<Range<usize>>,
    parts: Vec<Range<usize>>,
    roots: Vec<Range<usize>>,
    /// Lists that were read, by the number of the part on their top.
    read: Mutex<Vec<Option<Box<dyn Any + Send + Sync>>>>,
}

// As for packing: serde's calls have no place to hand the block on.
thread_local! {
    static UNPACKING: RefCell<Option<Arc<Block>>> = const { RefCell::new(None) };
}

/// The block whose root is being read on this thread.
pub(crate) fn unpacking() -> Option<Arc<Block>> {
    UNPACKING.with_borrow(Clone::clone)
}

impl Block {
    /// Finds what is where; reads nothing yet.
    ///
    /// # Errors
    /// Where the bytes are no block.
    pub(crate) fn open(bytes: Bytes) -> Result<Arc<Self>, PackError> {
        let mut rest = &bytes[..];
        let mut next = || pieces(&bytes, &mut rest).ok_or_else(missing);
        let (texts, maps, parts, roots) = (next()?, next()?, next()?, next()?);
        if !rest.is_empty() {
            return Err(missing());
        }
        Ok(Arc::new(Self {
            texts,
            maps,
            parts,
            roots,
            read: Mutex::default(),
            bytes,
        }))
    }

    /// One root.
    ///
    /// # Errors
    /// Where there is no such root, or it is not of this type.
    pub(crate) fn root<T: DeserializeOwned>(
        self: &Arc<Self>,
        index: usize,
    ) -> Result<T, PackError> {
        let root = self.roots.get(index).ok_or_else(missing)?;
        self.within(&self.bytes[root.clone()])
    }

    /// Reads a value that may name parts of this block.
    fn within<T: DeserializeOwned>(self: &Arc<Self>, bytes: &[u8]) -> Result<T, PackError> {
        let around = UNPACKING.replace(Some(self.clone()));
        let value = self.value(bytes);
        UNPACKING.set(around);
        value
    }

    /// What a part stands on, by number; 0 where it is the lowest.
    ///
    /// # Errors
    /// Where there is no such part, or what it stands on does not come before it.
    pub(crate) fn below(&self, part: u64) -> Result<u64, PackError> {
        let below = take_number(&mut self.part(part)?).ok_or_else(missing)?;
        (below < part).then_some(below).ok_or_else(missing)
    }

    /// The value on top of a part.
    ///
    /// # Errors
    /// Where there is no such part, or its value is not of this type.
    pub(crate) fn top<T: DeserializeOwned>(self: &Arc<Self>, part: u64) -> Result<T, PackError> {
        let mut bytes = self.part(part)?;
        take_number(&mut bytes);
        self.within(bytes)
    }

    /// What was kept of a part that was read before.
    pub(crate) fn kept<T: Clone + 'static>(&self, part: u64) -> Option<T> {
        let read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = read.get(usize::try_from(part).ok()?)?.as_ref()?;
        kept.downcast_ref::<T>().cloned()
    }

    /// Keeps what was read of a part.
    pub(crate) fn keep<T: Send + Sync + 'static>(&self, part: u64, value: T) {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        read.resize_with(self.parts.len() + 1, || None);
        if let Some(slot) = usize::try_from(part)
            .ok()
            .and_then(|part| read.get_mut(part))
        {
            *slot = Some(Box::new(value));
        }
    }

    fn part(&self, part: u64) -> Result<&[u8], PackError> {
        let index = usize::try_from(part)
            .ok()
            .and_then(|part| part.checked_sub(1));
        let range = index.and_then(|index| self.parts.get(index));
        range
            .map(|range| &self.bytes[range.clone()])
            .ok_or_else(missing)
    }

    fn text(&self, number: u64) -> Result<&str, PackError> {
        if let Some(word) = words::word(number) {
            return Ok(word);
        }
        let index = usize::try_from(number - words::len()).ok();
        let range = index.and_then(|index| self.texts.get(index));
        let bytes = range.map(|range| &self.bytes[range.clone()]);
        let text = bytes.and_then(|bytes| std::str::from_utf8(bytes).ok());
        text.ok_or_else(missing)
    }

    fn value<T: DeserializeOwned>(&self, bytes: &[u8]) -> Result<T, PackError> {
        let mut reader = Reader {
            block: self,
            bytes,
            maps: self.maps.len(),
        };
        let value = T::deserialize(&mut reader)?;
        if reader.bytes.is_empty() {
            Ok(value)
        } else {
            Err(PackError::because("more bytes than one value has"))
        }
    }
}

fn missing() -> PackError {
    PackError::because("the block names what it does not hold")
}

/// Where the byte strings of one sort lie in a block; takes them off the front of `rest`, which is
/// the end of the block.
fn pieces(block: &[u8], rest: &mut &[u8]) -> Option<Vec<Range<usize>>> {
    let count = take_number(rest)?;
    // Each takes a byte at least: a count beyond that is no block, and gets no room.
    let mut pieces = Vec::with_capacity(usize::try_from(count).ok()?.min(rest.len()));
    for _ in 0..count {
        let len = usize::try_from(take_number(rest)?).ok()?;
        let (_, after) = rest.split_at_checked(len)?;
        let end = block.len() - after.len();
        pieces.push(end - len..end);
        *rest = after;
    }
    Some(pieces)
}

struct Reader<'de> {
    block: &'de Block,
    bytes: &'de [u8],
    /// How many of the block's maps stand before what is read, so that none is within itself.
    maps: usize,
}

impl<'de> Reader<'de> {
    fn head(&mut self) -> Result<(u8, u64), PackError> {
        let (byte, rest) = self.bytes.split_first().ok_or_else(missing)?;
        self.bytes = rest;
        let n = u64::from(byte & 0x1f);
        if n < INLINE {
            return Ok((byte >> 5, n));
        }
        let more = take_number(&mut self.bytes).and_then(|more| more.checked_add(INLINE));
        Ok((byte >> 5, more.ok_or_else(missing)?))
    }

    /// Reads a map of the block that is named here.
    fn same(&self, number: u64) -> Result<Self, PackError> {
        let index = usize::try_from(number)
            .ok()
            .filter(|index| *index < self.maps);
        let place = index.and_then(|index| Some((index, self.block.maps.get(index)?)));
        let (maps, place) = place.ok_or_else(missing)?;
        Ok(Self {
            block: self.block,
            bytes: &self.block.bytes[place.clone()],
            maps,
        })
    }

    fn take(&mut self, len: u64) -> Result<&'de [u8], PackError> {
        let len = usize::try_from(len).ok();
        let taken = len.and_then(|len| self.bytes.split_at_checked(len));
        let (taken, rest) = taken.ok_or_else(missing)?;
        self.bytes = rest;
        Ok(taken)
    }
}

impl<'de> de::Deserializer<'de> for &mut Reader<'de> {
    type Error = PackError;

    fn is_human_readable(&self) -> bool {
        false
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, PackError> {
        match self.head()? {
            (UINT, n) => visitor.visit_u64(n),
            (NEGATIVE, n) => {
                let n = i64::try_from(n).map_err(|_| missing())?;
                visitor.visit_i64(-1 - n)
            }
            (BYTES, n) => visitor.visit_borrowed_bytes(self.take(n)?),
            (TEXT, n) => visitor.visit_borrowed_str(self.block.text(n)?),
            (LIST, left) => visitor.visit_seq(Many { reader: self, left }),
            (MAP, left) => visitor.visit_map(Many { reader: self, left }),
            (SIMPLE, NULL) => visitor.visit_unit(),
            (SIMPLE, FALSE) => visitor.visit_bool(false),
            (SIMPLE, TRUE) => visitor.visit_bool(true),
            (SIMPLE, FLOAT) => {
                let bytes = self.take(8)?.try_into().map_err(|_| missing())?;
                visitor.visit_f64(f64::from_le_bytes(bytes))
            }
            (SAME, n) => self.same(n)?.deserialize_any(visitor),
            _ => Err(missing()),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, PackError> {
        const NOTHING: u8 = SIMPLE << 5;
        match self.bytes.split_first() {
            Some((&NOTHING, rest)) => {
                self.bytes = rest;
                visitor.visit_none()
            }
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, PackError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, PackError> {
        match self.head()? {
            (TEXT, n) => {
                let variant = de::value::BorrowedStrDeserializer::new(self.block.text(n)?);
                visitor.visit_enum(variant)
            }
            (MAP, 1) => visitor.visit_enum(self),
            _ => Err(PackError::because("no variant")),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

/// A list or map that is being read.
struct Many<'a, 'de> {
    reader: &'a mut Reader<'de>,
    left: u64,
}

impl Many<'_, '_> {
    fn size_hint(&self) -> Option<usize> {
        // Each takes a byte at least.
        Some(
            usize::try_from(self.left)
                .ok()?
                .min(self.reader.bytes.len()),
        )
    }
}

impl<'de> de::SeqAccess<'de> for Many<'_, 'de> {
    type Error = PackError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, PackError> {
        let Some(left) = self.left.checked_sub(1) else {
            return Ok(None);
        };
        self.left = left;
        seed.deserialize(&mut *self.reader).map(Some)
    }

    fn size_hint(&self) -> Option<usize> {
        self.size_hint()
    }
}

impl<'de> de::MapAccess<'de> for Many<'_, 'de> {
    type Error = PackError;

    fn next_key_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, PackError> {
        de::SeqAccess::next_element_seed(self, seed)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, PackError> {
        seed.deserialize(&mut *self.reader)
    }

    fn size_hint(&self) -> Option<usize> {
        self.size_hint()
    }
}

impl<'de> de::EnumAccess<'de> for &mut Reader<'de> {
    type Error = PackError;
    type Variant = Self;

    fn variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<(T::Value, Self), PackError> {
        let variant = seed.deserialize(&mut *self)?;
        Ok((variant, self))
    }
}

impl<'de> de::VariantAccess<'de> for &mut Reader<'de> {
    type Error = PackError;

    fn unit_variant(self) -> Result<(), PackError> {
        de::Deserialize::deserialize(self)
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, PackError> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, PackError> {
        de::Deserializer::deserialize_any(self, visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, PackError> {
        de::Deserializer::deserialize_any(self, visitor)
    }
}
