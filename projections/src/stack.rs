//! A list that grows at its newest end and shares the rest with its copies.

use std::fmt;
use std::marker::PhantomData;
use std::sync::{Arc, OnceLock, Weak};

use serde::de::{self, DeserializeOwned, SeqAccess, Visitor};
use serde::ser::SerializeSeq as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::pack::{self, Block, PackError};

/// A list that grows at its newest end. A copy costs one pointer and shares everything with the
/// original, so that every version of a thing can keep its whole list.
///
/// One that comes from a snapshot is read from it item by item, from the newest on, as someone asks:
/// a long list costs what is looked at.
pub struct Stack<T>(Option<Arc<Node<T>>>);

enum Node<T> {
    Item(Item<T>),
    Packed(Packed<T>),
}

struct Item<T> {
    value: T,
    older: Stack<T>,
}

/// Reads the item on top of a part of a block.
type Read<T> = fn(&Arc<Block>, u64) -> Result<Arc<Node<T>>, PackError>;

/// The items from a part of a block on, until someone asks for them.
struct Packed<T> {
    block: Arc<Block>,
    part: u64,
    read: Read<T>,
    node: OnceLock<Arc<Node<T>>>,
}

impl<T> Node<T> {
    /// The newest item and what is below it.
    ///
    /// # Panics
    /// Where a part does not read, which the BLAKE3 and the version of a snapshot exclude: they say
    /// that these bytes were packed from such a list.
    fn item(&self) -> &Item<T> {
        match self {
            Self::Item(item) => item,
            #[allow(clippy::expect_used)]
            Self::Packed(packed) => {
                let read = || (packed.read)(&packed.block, packed.part);
                let node = packed
                    .node
                    .get_or_init(|| read().expect("a checked snapshot is as written"));
                match &**node {
                    Self::Item(item) => item,
                    // What is read of a part is an item.
                    Self::Packed(_) => node.item(),
                }
            }
        }
    }
}

impl<T> Stack<T> {
    /// An empty list.
    pub const fn new() -> Self {
        Self(None)
    }

    /// Adds a newest item.
    pub fn push(&mut self, value: T) {
        let older = Self(self.0.take());
        self.0 = Some(Arc::new(Node::Item(Item { value, older })));
    }

    /// The newest item.
    pub fn newest(&self) -> Option<&T> {
        self.0.as_ref().map(|node| &node.item().value)
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
        let item = self.0?.item();
        self.0 = item.older.0.as_deref();
        Some(&item.value)
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
                Ok(Node::Item(mut item)) => next = item.older.0.take(),
                Ok(Node::Packed(packed)) => next = packed.node.into_inner(),
                Err(_) => break,
            }
        }
    }
}

impl<T: fmt::Debug> fmt::Debug for Node<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.item().value.fmt(f)
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

impl<T> Item<T> {
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
            let item = node.item();
            if let Some(known) = pack::known(item.address()) {
                number = known;
                break;
            }
            fresh.push(item);
            at = item.older.0.as_deref();
        }
        for item in fresh.into_iter().rev() {
            let part = pack::part(item.address(), number, &item.value);
            number = part.map_err(serde::ser::Error::custom)?;
        }
        serializer.serialize_u64(number)
    }
}

impl<'de, T: DeserializeOwned + Send + Sync + 'static> Deserialize<'de> for Stack<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Items<T>(PhantomData<T>);

        impl<'de, T: DeserializeOwned + Send + Sync + 'static> Visitor<'de> for Items<T> {
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

/// The list with this part on its top, of which nothing is read yet.
fn packed<T: DeserializeOwned + Send + Sync + 'static>(
    block: &Arc<Block>,
    part: u64,
) -> Result<Stack<T>, PackError> {
    if part == 0 {
        return Ok(Stack::new());
    }
    // That the part is there can be said without reading it.
    block.below(part)?;
    Ok(Stack(Some(Arc::new(Node::Packed(Packed {
        block: block.clone(),
        part,
        read: item,
        node: OnceLock::new(),
    })))))
}

/// The item on top of a part. What two lists share is read once, as long as one of them is there; the
/// block does not keep it alive, since the list below keeps the block.
fn item<T: DeserializeOwned + Send + Sync + 'static>(
    block: &Arc<Block>,
    part: u64,
) -> Result<Arc<Node<T>>, PackError> {
    if let Some(known) = block
        .kept::<Weak<Node<T>>>(part)
        .and_then(|known| known.upgrade())
    {
        return Ok(known);
    }
    let value = block.top(part)?;
    let older = packed(block, block.below(part)?)?;
    let node = Arc::new(Node::Item(Item { value, older }));
    block.keep(part, Arc::downgrade(&node));
    Ok(node)
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
