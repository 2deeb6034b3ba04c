//! Things by id: those of a snapshot, packed until someone asks for them, and over them what came or
//! changed since.

use std::cmp::Ordering;
use std::fmt;
use std::ops::Bound;
use std::sync::{Arc, OnceLock};

use equivalent::{Comparable, Equivalent};
use imbl::OrdMap;
use minutebook_events::{Bytes, Kind, SubjectId};
use serde::de::{DeserializeOwned, Error as _};
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Id;
use crate::pack::{Block, PackError, pack};
use crate::snapshot::{Items, Section};

/// Things by id, in order of the ids. A clone costs two pointers.
pub(crate) struct Shelf<V> {
    packed: Arc<Packed<V>>,
    /// What is not in the snapshot, or not as it is there.
    over: OrdMap<Key, V>,
    len: usize,
}

impl<V> Shelf<V> {
    pub(crate) fn get(&self, id: &SubjectId) -> Option<&V> {
        self.over.get(&Probe::of(id)).or_else(|| {
            let index = self.packed.find(id)?;
            Some(&self.packed.get(index).1)
        })
    }

    /// The id as the views share it.
    pub(crate) fn id(&self, id: &SubjectId) -> Option<&Id> {
        let over = self.over.get_key_value(&Probe::of(id));
        over.map(|(key, _)| &key.id).or_else(|| {
            let index = self.packed.find(id)?;
            Some(&self.packed.get(index).0)
        })
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Everything, in order of the ids.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&Id, &V)> {
        self.from(Probe::START)
    }

    /// Everything of one kind, in order of the ids.
    pub(crate) fn of_kind(&self, kind: Kind) -> impl Iterator<Item = (&Id, &V)> {
        // Ids are ordered by kind first, so a kind is one run.
        self.from(Probe::start_of(kind))
            .take_while(move |(id, _)| id.kind() == kind)
    }

    /// Everything after an id, in order of the ids.
    pub(crate) fn after<'a>(
        &'a self,
        id: &SubjectId,
    ) -> impl Iterator<Item = (&'a Id, &'a V)> + use<'a, V> {
        let at = self
            .packed
            .first(|index| self.packed.cmp(index, id).is_le());
        let over = (Bound::Excluded(Probe::of(id)), Bound::Unbounded);
        self.merged(at, self.over.range(over))
    }

    /// Everything before an id, in the order opposite to that of the ids.
    pub(crate) fn before<'a>(
        &'a self,
        id: &SubjectId,
    ) -> impl Iterator<Item = (&'a Id, &'a V)> + use<'a, V> {
        let mut end = self
            .packed
            .first(|index| self.packed.cmp(index, id).is_lt());
        let mut over = self.over.range(..Probe::of(id)).rev().peekable();
        std::iter::from_fn(move || {
            let order = match (end.checked_sub(1), over.peek()) {
                (Some(last), Some((key, _))) => self.packed.cmp(last, &key.id),
                (Some(_), None) => Ordering::Greater,
                (None, _) => Ordering::Less,
            };
            end -= usize::from(order != Ordering::Less);
            match order {
                Ordering::Greater => {
                    let (id, value) = self.packed.get(end);
                    Some((id, value))
                }
                _ => over.next().map(|(key, value)| (&key.id, value)),
            }
        })
    }

    fn from(&self, start: Probe<'_>) -> impl Iterator<Item = (&Id, &V)> {
        self.merged(self.packed.first_from(&start), self.over.range(start..))
    }

    /// What is packed from an index on, and what lies over it.
    fn merged<'a>(
        &'a self,
        mut at: usize,
        over: impl Iterator<Item = (&'a Key, &'a V)>,
    ) -> impl Iterator<Item = (&'a Id, &'a V)> {
        let mut over = over.peekable();
        std::iter::from_fn(move || {
            let order = match over.peek() {
                Some((key, _)) if at < self.packed.len() => self.packed.cmp(at, &key.id),
                Some(_) => Ordering::Greater,
                None => Ordering::Less,
            };
            if order == Ordering::Less {
                at += 1;
                return (at <= self.packed.len()).then(|| {
                    let (id, value) = self.packed.get(at - 1);
                    (id, value)
                });
            }
            at += usize::from(order == Ordering::Equal);
            over.next().map(|(key, value)| (&key.id, value))
        })
    }

    /// Something that is there, to be changed.
    pub(crate) fn get_mut(&mut self, id: &SubjectId) -> Option<(&Id, &mut V)>
    where
        V: Clone,
    {
        let probe = Probe::of(id);
        if self.packed.len() > 0
            && !self.over.contains_key(&probe)
            && let Some(index) = self.packed.find(id)
        {
            let (id, value) = self.packed.get(index);
            self.over.insert(Key::of(id.clone()), value.clone());
        }
        let (key, value) = self.over.get_key_value_mut(&probe)?;
        Some((&key.id, value))
    }

    /// Changes something, from its default where it is not there yet.
    pub(crate) fn edit(&mut self, id: &SubjectId, edit: impl FnOnce(&mut V))
    where
        V: Clone + Default,
    {
        if let Some((_, value)) = self.get_mut(id) {
            return edit(value);
        }
        let mut value = V::default();
        edit(&mut value);
        self.insert(Arc::new(id.clone()), value);
    }

    /// Puts something new there.
    pub(crate) fn insert(&mut self, id: Id, value: V)
    where
        V: Clone,
    {
        let known = self.packed.len() > 0 && self.packed.find(&id).is_some();
        let before = self.over.insert(Key::of(id), value);
        self.len += usize::from(before.is_none() && !known);
    }
}

impl<V> Clone for Shelf<V> {
    fn clone(&self) -> Self {
        Self {
            packed: self.packed.clone(),
            over: self.over.clone(),
            len: self.len,
        }
    }
}

impl<V> Default for Shelf<V> {
    fn default() -> Self {
        Self {
            packed: Arc::default(),
            over: OrdMap::new(),
            len: 0,
        }
    }
}

impl<V: fmt::Debug> fmt::Debug for Shelf<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

/// An id with its first bytes beside it: to compare two is then hardly ever to look them up.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    head: [u64; 2],
    id: Id,
}

impl Key {
    fn of(id: Id) -> Self {
        let head = head(&id);
        Self { head, id }
    }
}

impl Clone for Key {
    fn clone(&self) -> Self {
        Self {
            head: self.head,
            id: self.id.clone(),
        }
    }
}

/// A kind's number and the first 15 bytes of a name, filled up with zeros, which no name has: in the
/// order of the ids.
fn head(id: &SubjectId) -> [u64; 2] {
    let mut bytes = [0; 16];
    bytes[0] = id.kind() as u8;
    for (byte, letter) in bytes[1..].iter_mut().zip(id.name().bytes()) {
        *byte = letter;
    }
    let [a, b, c, d, e, f, g, h, rest @ ..] = bytes;
    [
        u64::from_be_bytes([a, b, c, d, e, f, g, h]),
        u64::from_be_bytes(rest),
    ]
}

/// What a key is looked up by; without an id it stands before all keys of its head.
struct Probe<'a> {
    head: [u64; 2],
    id: Option<&'a SubjectId>,
}

impl<'a> Probe<'a> {
    const START: Self = Self {
        head: [0; 2],
        id: None,
    };

    fn of(id: &'a SubjectId) -> Self {
        Self {
            head: head(id),
            id: Some(id),
        }
    }

    fn start_of(kind: Kind) -> Self {
        Self {
            head: [(kind as u64) << 56, 0],
            id: None,
        }
    }
}

impl Equivalent<Key> for Probe<'_> {
    fn equivalent(&self, key: &Key) -> bool {
        self.compare(key).is_eq()
    }
}

impl Comparable<Key> for Probe<'_> {
    fn compare(&self, key: &Key) -> Ordering {
        let id = || self.id.cmp(&Some(&*key.id));
        self.head.cmp(&key.head).then_with(id)
    }
}

/// Takes little room until something is in it.
type Slot<T> = OnceLock<Box<T>>;

/// Things of a snapshot: each is an item of its section, namely the number of its kind, the length of
/// its name, its name, and a block with its value.
struct Packed<V> {
    items: Items,
    unpacked: Box<[Slot<(Id, V)>]>,
    value: fn(Bytes) -> Result<V, PackError>,
}

impl<V> Packed<V> {
    fn len(&self) -> usize {
        self.unpacked.len()
    }

    /// # Panics
    /// Where the index is not below the length; and where an item does not read, which the
    /// snapshot's BLAKE3 and version exclude: they say that [`Shelf::save`] wrote it.
    fn get(&self, index: usize) -> &(Id, V) {
        self.unpacked[index].get_or_init(|| {
            let (kind, name, block) = parts(self.items.get(index));
            let block = self
                .items
                .share(index, self.items.get(index).len() - block.len());
            #[allow(clippy::expect_used)]
            let (kind, value) =
                Option::zip(Kind::ALL.get(usize::from(kind)), (self.value)(block).ok())
                    .expect("a checked snapshot is as it was written");
            let name = std::str::from_utf8(name).unwrap_or_default();
            #[allow(clippy::expect_used)]
            let id = SubjectId::new(*kind, name).expect("a checked snapshot is as it was written");
            Box::new((Arc::new(id), value))
        })
    }

    fn find(&self, id: &SubjectId) -> Option<usize> {
        let at = self.first(|index| self.cmp(index, id).is_lt());
        (at < self.len() && self.cmp(at, id).is_eq()).then_some(at)
    }

    fn first_from(&self, start: &Probe<'_>) -> usize {
        let kind = start.head[0].to_be_bytes()[0];
        self.first(|index| parts(self.items.get(index)).0 < kind)
    }

    /// The first index that does not lie before what is sought.
    fn first(&self, before: impl Fn(usize) -> bool) -> usize {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            if before(middle) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// How the id of an item stands to another.
    fn cmp(&self, index: usize, id: &SubjectId) -> Ordering {
        let (kind, name, _) = parts(self.items.get(index));
        (kind, name).cmp(&(id.kind() as u8, id.name().as_bytes()))
    }
}

impl<V> Default for Packed<V> {
    fn default() -> Self {
        Self {
            items: Items::default(),
            unpacked: Box::default(),
            value: |_| Err(PackError::because("nothing is packed")),
        }
    }
}

/// The number of the kind, the name and the block of an item.
fn parts(item: &[u8]) -> (u8, &[u8], &[u8]) {
    match item {
        [kind, len, rest @ ..] => {
            let (name, block) = rest.split_at(rest.len().min(usize::from(*len)));
            (*kind, name, block)
        }
        _ => (u8::MAX, &[], &[]),
    }
}

/// Only within a snapshot.
impl<V: Serialize> Serialize for Shelf<V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let index = self.save().map_err(S::Error::custom)?;
        serializer.serialize_u64(index)
    }
}

impl<V: Serialize> Shelf<V> {
    /// Writes the section, and gives the place of its index. What is packed and was not changed is
    /// copied; it is what packing it anew would give, since a block depends on its content alone.
    fn save(&self) -> Result<u64, PackError> {
        let mut section = Section::begin()?;
        let (mut at, packed) = (0, &self.packed);
        for (key, value) in &self.over {
            while at < packed.len() && packed.cmp(at, &key.id).is_lt() {
                section.add(&[packed.items.get(at)]);
                at += 1;
            }
            at += usize::from(at < packed.len() && packed.cmp(at, &key.id).is_eq());
            let name = key.id.name().as_bytes();
            // A name has at most 64 bytes.
            let len = name.len().to_le_bytes()[0];
            let start = [key.id.kind() as u8, len];
            section.add(&[&start, name, &pack([value])?]);
        }
        for index in at..packed.len() {
            section.add(&[packed.items.get(index)]);
        }
        Ok(section.end())
    }
}

impl<'de, V: DeserializeOwned> Deserialize<'de> for Shelf<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let items = Items::open(u64::deserialize(deserializer)?);
        let items = items.ok_or_else(|| D::Error::custom("no such section"))?;
        Ok(Self {
            len: items.len(),
            packed: Arc::new(Packed {
                unpacked: (0..items.len()).map(|_| OnceLock::new()).collect(),
                items,
                value: |bytes| Block::open(bytes)?.root(0),
            }),
            over: OrdMap::new(),
        })
    }
}
