//! Values as bytes and back, so that what is shared is written once.
//!
//! A block holds some values, its *roots*. Written once are each text in it (or not at all where all
//! blocks know it: [`words`]), each map within a value, and each *part*: an item of a
//! [`Stack`](crate::stack::Stack) with the list below it. Every version of a thing may therefore keep
//! its whole list and all its words, and the block still grows with what was added.
//!
//! ```text
//! block  = texts maps parts roots, each a count, then that many of: length, bytes
//! part   = number of the part below it or 0, value      (parts are counted from 1)
//! root   = value
//! value  = kind (3 bits) and n (5 bits; from 31 on, n - 31 follows), then by kind
//!          0 the number n        1 the number -1 - n    2 n bytes
//!          3 a text: word n, or beyond the words that text of the block
//!          4 a list of n values  5 n pairs of values    6 null, false, true, or a float of 8 bytes
//!          7 the map with number n, which stands before the one that it is named in
//! ```
//!
//! Numbers outside a value are LEB128. The bytes are a function of the values alone: what has the
//! same content has the same number, whether or not it lay at one place in memory.

use std::fmt;

mod read;
pub(crate) mod words;
mod write;

pub(crate) use read::{Block, unpacking};
pub(crate) use write::{known, pack, packing, part};

const UINT: u8 = 0;
const NEGATIVE: u8 = 1;
const BYTES: u8 = 2;
const TEXT: u8 = 3;
const LIST: u8 = 4;
const MAP: u8 = 5;
const SIMPLE: u8 = 6;
const SAME: u8 = 7;

const NULL: u64 = 0;
const FALSE: u64 = 1;
const TRUE: u64 = 2;
const FLOAT: u64 = 3;

/// From here on, the rest of a number follows the byte.
const INLINE: u64 = 31;

/// Why values cannot be packed, or bytes not be read.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct PackError(String);

impl PackError {
    pub(crate) fn because(why: &str) -> Self {
        Self(why.to_owned())
    }
}

impl serde::ser::Error for PackError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

impl serde::de::Error for PackError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

fn put_number(out: &mut Vec<u8>, mut n: u64) {
    while n >= 0x80 {
        out.push(n.to_le_bytes()[0] | 0x80);
        n >>= 7;
    }
    out.push(n.to_le_bytes()[0]);
}

/// Takes a number off the front.
fn take_number(bytes: &mut &[u8]) -> Option<u64> {
    let mut n = 0u64;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        n |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(n);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use serde::de::DeserializeOwned;
    use serde::{Deserialize, Serialize};

    use super::*;
    use crate::stack::Stack;

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    enum Shape {
        Point,
        Line(i64),
        Path(u8, String),
        Area {
            name: Option<String>,
            #[serde(default, skip_serializing_if = "Vec::is_empty")]
            sides: Vec<f64>,
        },
    }

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    #[serde(untagged)]
    enum Either {
        Number(u64),
        Words(String),
    }

    fn there_and_back<T: Serialize + DeserializeOwned>(value: &T) -> T {
        let bytes = pack([value]).unwrap();
        Block::open(bytes.into()).unwrap().root(0).unwrap()
    }

    #[test]
    fn every_shape_comes_back() {
        let area = |name: Option<&str>, sides: &[f64]| Shape::Area {
            name: name.map(str::to_owned),
            sides: sides.to_vec(),
        };
        for shape in [
            Shape::Point,
            Shape::Line(-1),
            Shape::Line(i64::MIN),
            Shape::Path(255, "über".into()),
            area(None, &[]),
            area(Some(""), &[1.5, f64::NEG_INFINITY]),
        ] {
            assert_eq!(there_and_back(&shape), shape);
        }
        for either in [Either::Number(30), Either::Words("31".into())] {
            assert_eq!(there_and_back(&either), either);
        }
        let nested = (Some(true), None::<u8>, (), 'x', [0u8, 31, 32]);
        assert_eq!(there_and_back(&nested), nested);
    }

    proptest! {
        #[test]
        fn numbers_and_texts_come_back(
            value in proptest::collection::vec((any::<u64>(), any::<i64>(), any::<String>()), 0..20),
            map in proptest::collection::btree_map(any::<String>(), any::<u32>(), 0..20),
        ) {
            prop_assert_eq!(there_and_back(&value), value);
            prop_assert_eq!(there_and_back::<BTreeMap<_, _>>(&map), map);
        }

        #[test]
        fn what_is_no_block_does_no_harm(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(block) = Block::open(bytes.into()) {
                let _ = block.root::<Vec<Stack<String>>>(0);
                let _ = block.root::<Shape>(0);
            }
        }
    }

    /// Versions of a growing list, as a table keeps them.
    fn versions(n: u64) -> Vec<Stack<String>> {
        let mut list = Stack::new();
        let grow = |n: u64| {
            list.push(format!("item {n}"));
            list.clone()
        };
        (0..n).map(grow).collect()
    }

    #[test]
    fn lists_in_many_versions_take_room_once() {
        let size = |n| pack([&versions(n)]).unwrap().len() as u64;
        let (some, more) = (size(1_000), size(4_000));
        assert!(more < 5 * some, "{some} bytes for 1000, {more} for 4000");
    }

    #[test]
    fn lists_share_after_reading_what_they_shared_before() {
        let before = versions(2_000);
        let after = there_and_back(&before);
        assert_eq!(after, before);
        for pair in after.windows(2) {
            let newest = std::ptr::from_ref(pair[0].newest().unwrap());
            let below = pair[1].iter().nth(1).map(std::ptr::from_ref);
            assert_eq!(below, Some(newest));
        }
    }

    #[test]
    fn bytes_depend_on_content_and_not_on_sharing() {
        let shared = versions(50);
        let apart: Vec<Stack<String>> = shared
            .iter()
            .map(|list| list.oldest_first().cloned().collect())
            .collect();
        assert_eq!(pack([&shared]).unwrap(), pack([&apart]).unwrap());
    }

    #[test]
    fn maps_take_room_once() {
        let area = |n: usize| Shape::Area {
            name: Some(format!("{} 0", "a long name of an area".repeat(n % 2))),
            sides: (0..20).map(f64::from).collect(),
        };
        let some: Vec<_> = (0..100).map(area).collect();
        let size = |shapes: &[Shape]| pack([&shapes.to_vec()]).unwrap().len();
        assert!(size(&some) < size(&some[..2]) + 500);
        assert_eq!(there_and_back(&some), some);
    }

    #[test]
    fn a_list_within_a_list_comes_back() {
        let inner = versions(3);
        let outer: Stack<Stack<String>> = inner.into_iter().collect();
        assert_eq!(there_and_back(&outer), outer);
        // Elsewhere they are plain lists.
        let json = r#"[["item 0"],["item 0","item 1"],["item 0","item 1","item 2"]]"#;
        assert_eq!(serde_json::to_string(&outer).unwrap(), json);
        let read: Stack<Stack<String>> = serde_json::from_str(json).unwrap();
        assert_eq!(read, outer);
    }
}
