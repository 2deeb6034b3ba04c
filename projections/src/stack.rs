//! A list that grows at its newest end and shares the rest with its copies.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use serde::de::{self, DeserializeOwned, SeqAccess, Visitor};
use serde::ser::SerializeSeq as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::pack::{self, Block, PackError};

/// A list that grows at its newest end. A copy costs one pointer and shares everything with the
/// original, so that every version of a thing can keep its whole list.
pub struct Stack<T>(Option<Arc<Node<T>>>);

struct Node<T> {
    value: T,
    older: Stack<T>,
}

impl<T> Stack<T> {
    /// An empty list.
    pub const fn new() -> Self {
        Self(None)
    }

    /// Adds a newest item.
    pub fn push(&mut self, value: T) {
        let older = Self(self.0.take());
        self.0 = Some(Arc::new(Node { value, older }));
    }

    /// The newest item.
    pub fn newest(&self) -> Option<&T> {
        self.0.as_ref().map(|node| &node.value)
    }

    /// Every item, newest first.
    pub fn iter(&self) -> Iter<'_, T> {
        Iter(self.0.as_deref())
    }

    /// Every item, oldest first. Costs a list of pointers.
    pub fn oldest_first(&self) -> std::iter::Rev<std::vec::IntoIter<&T>> {
        self.iter().collect::<Vec<_>>().into_iter().rev()
    }

    /// How many items there are. Counts them.
    pub fn len(&self) -> usize {
        self.iter().count()
    }

    /// True where there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }
}

/// Items, newest first.
#[derive(Debug)]
pub struct Iter<'a, T>(Option<&'a Node<T>>);

impl<'a, T> Iterator for Iter<'a, T> {
    type Item = &'a T;

    fn next(&mut self) -> Option<&'a T> {
        let node = self.0?;
        self.0 = node.older.0.as_deref();
        Some(&node.value)
    }
}

impl<'a, T> IntoIterator for &'a Stack<T> {
    type Item = &'a T;
    type IntoIter = Iter<'a, T>;

    fn into_iter(self) -> Iter<'a, T> {
        self.iter()
    }
}

impl<T> FromIterator<T> for Stack<T> {
    /// From the oldest to the newest.
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let mut stack = Self::new();
        items.into_iter().for_each(|item| stack.push(item));
        stack
    }
}

impl<T> Clone for Stack<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> Default for Stack<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Drop for Stack<T> {
    // Node by node: the derived way would go as deep as the list is long.
    fn drop(&mut self) {
        let mut next = self.0.take();
        while let Some(node) = next {
            match Arc::try_unwrap(node) {
                Ok(mut node) => next = node.older.0.take(),
                Err(_) => break,
            }
        }
    }
}

impl<T: fmt::Debug> fmt::Debug for Node<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

impl<T: fmt::Debug> fmt::Debug for Stack<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.oldest_first()).finish()
    }
}

impl<T: PartialEq> PartialEq for Stack<T> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl<T> Node<T> {
    /// Where it lies: what two lists share lies at one place.
    fn address(&self) -> usize {
        std::ptr::from_ref(self).addr()
    }
}

/// Packed item by item, so that what lists share is written once; elsewhere a list from the oldest to
/// the newest.
impl<T: Serialize> Serialize for Stack<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if !pack::packing() {
            let items = self.oldest_first();
            let mut list = serializer.serialize_seq(Some(items.len()))?;
            for item in items {
                list.serialize_element(item)?;
            }
            return list.end();
        }
        let (mut fresh, mut number, mut at) = (Vec::new(), 0, self.0.as_deref());
        while let Some(node) = at {
            if let Some(known) = pack::known(node.address()) {
                number = known;
                break;
            }
            fresh.push(node);
            at = node.older.0.as_deref();
        }
        for node in fresh.into_iter().rev() {
            let part = pack::part(node.address(), number, &node.value);
            number = part.map_err(serde::ser::Error::custom)?;
        }
        serializer.serialize_u64(number)
    }
}

impl<'de, T: DeserializeOwned + 'static> Deserialize<'de> for Stack<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Items<T>(PhantomData<T>);

        impl<'de, T: DeserializeOwned + 'static> Visitor<'de> for Items<T> {
            type Value = Stack<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Stack<T>, E> {
                let block = pack::unpacking().ok_or_else(|| E::custom("a part of nothing"))?;
                packed(&block, number).map_err(E::custom)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Stack<T>, A::Error> {
                let mut stack = Stack::new();
                while let Some(item) = items.next_element()? {
                    stack.push(item);
                }
                Ok(stack)
            }
        }

        deserializer.deserialize_any(Items(PhantomData))
    }
}

/// The list with this part on its top. Item by item from below, as deep as the list may be.
fn packed<T: DeserializeOwned + 'static>(
    block: &Block,
    number: u64,
) -> Result<Stack<T>, PackError> {
    let (mut fresh, mut at) = (Vec::new(), number);
    let mut stack = loop {
        if at == 0 {
            break Stack::new();
        }
        if let Some(known) = block.kept::<Stack<T>>(at) {
            break known;
        }
        fresh.push(at);
        at = block.below(at)?;
    };
    for part in fresh.into_iter().rev() {
        stack.push(block.top(part)?);
        block.keep(part, stack.clone());
    }
    Ok(stack)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_share_what_was_there_and_grow_apart() {
        let mut one: Stack<u32> = [1, 2].into_iter().collect();
        let mut two = one.clone();
        one.push(3);
        two.push(4);
        assert!(one.iter().eq(&[3, 2, 1]));
        assert!(two.oldest_first().eq(&[1, 2, 4]));
        assert_ne!(one, two);
    }

    #[test]
    fn a_long_list_is_let_go_without_going_deep() {
        let long: Stack<u64> = (0..2_000_000).collect();
        assert_eq!(long.len(), 2_000_000);
        drop(long);
    }
}
