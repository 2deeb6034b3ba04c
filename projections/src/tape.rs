//! A list that only grows: the run of a snapshot, packed until someone asks for it, and what came
//! since.

use std::fmt;
use std::sync::{Arc, OnceLock};

use imbl::Vector;
use minutebook_events::Bytes;
use serde::de::{DeserializeOwned, Error as _};
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::pack::{Block, PackError, pack};
use crate::snapshot::{Items, Section};

/// Items are packed so many to a block, which holds their words once. Each is read on its own.
const RUN: usize = 16;

/// A list that only grows. A clone costs two pointers.
pub(crate) struct Tape<T> {
    packed: Arc<Packed<T>>,
    since: Vector<Arc<T>>,
}

struct Packed<T> {
    runs: Items,
    unpacked: Box<[OnceLock<Box<T>>]>,
    item: fn(Bytes, usize) -> Result<T, PackError>,
}

impl<T> Tape<T> {
    pub(crate) fn len(&self) -> usize {
        self.packed.unpacked.len() + self.since.len()
    }

    pub(crate) fn get(&self, index: usize) -> Option<&T> {
        match index.checked_sub(self.packed.unpacked.len()) {
            Some(index) => self.since.get(index).map(Arc::as_ref),
            None => Some(self.packed.get(index)),
        }
    }

    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        (0..self.len()).filter_map(|index| self.get(index))
    }

    pub(crate) fn last(&self) -> Option<&T> {
        self.get(self.len().checked_sub(1)?)
    }

    pub(crate) fn push(&mut self, item: Arc<T>) {
        self.since.push_back(item);
    }
}

impl<T> Packed<T> {
    /// # Panics
    /// Where the index is not below the length; and where the item does not read, which the
    /// snapshot's BLAKE3 and version exclude: they say that [`Tape::save`] wrote it.
    fn get(&self, index: usize) -> &T {
        self.unpacked[index].get_or_init(|| {
            let run = self.runs.share(index / RUN, 0);
            #[allow(clippy::expect_used)]
            let item = (self.item)(run, index % RUN).expect("a checked snapshot is as written");
            Box::new(item)
        })
    }
}

impl<T> Default for Packed<T> {
    fn default() -> Self {
        Self {
            runs: Items::default(),
            unpacked: Box::default(),
            item: |_, _| Err(PackError::because("nothing is packed")),
        }
    }
}

impl<T> Clone for Tape<T> {
    fn clone(&self) -> Self {
        Self {
            packed: self.packed.clone(),
            since: self.since.clone(),
        }
    }
}

impl<T> Default for Tape<T> {
    fn default() -> Self {
        Self {
            packed: Arc::default(),
            since: Vector::new(),
        }
    }
}

impl<T: fmt::Debug> fmt::Debug for Tape<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// Only within a snapshot.
impl<T: Serialize> Serialize for Tape<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let index = self.save().map_err(S::Error::custom)?;
        (self.len(), index).serialize(serializer)
    }
}

impl<T: Serialize> Tape<T> {
    /// Writes the section, and gives the place of its index. Runs that are packed and full are copied:
    /// they are what packing them anew would give.
    fn save(&self) -> Result<u64, PackError> {
        let mut section = Section::begin()?;
        let full = self.packed.unpacked.len() / RUN;
        for run in 0..full {
            section.add(&[self.packed.runs.get(run)]);
        }
        for start in (full * RUN..self.len()).step_by(RUN) {
            let run = (start..start + RUN).map_while(|index| self.get(index));
            section.add(&[&pack(run)?]);
        }
        Ok(section.end())
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Tape<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (len, index) = <(usize, u64)>::deserialize(deserializer)?;
        let runs = Items::open(index).filter(|runs| len.div_ceil(RUN) == runs.len());
        let runs = runs.ok_or_else(|| D::Error::custom("no such section"))?;
        Ok(Self {
            packed: Arc::new(Packed {
                runs,
                unpacked: (0..len).map(|_| OnceLock::new()).collect(),
                item: |run, index| Block::open(run)?.root(index),
            }),
            since: Vector::new(),
        })
    }
}
