//! What the record says of many things of one sort, at any moment, to any reader.
//!
//! A table keeps every version of everything in it, each with the tick at which it came about. To
//! ask what the record said at an earlier moment is then to look up an older version; nothing has to
//! be folded again.
//!
//! Where an entry is not for everyone, the thing it is about gets a second line of versions for
//! those who may not read it: a line that was folded without that entry. So what a reader is given
//! is a function of what that reader may read, and of nothing else.

use std::sync::Arc;

use minutebook_events::{Confidentiality, Kind, SubjectId};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::shelf::Shelf;
use crate::stack::Stack;
use crate::{Id, Noted};

/// A moment in the fold, and a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// How many entries had been folded: those with a tick below this are known.
    pub ticks: u64,
    /// The most confidential sort of entry that the reader may read.
    pub reader: Confidentiality,
}

/// A version of something.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Version<T> {
    /// The tick of the entry that it came about with.
    tick: u64,
    value: T,
}

type Versions<T> = Stack<Version<T>>;

/// Every version of one thing.
#[derive(Debug, Serialize, Deserialize)]
#[serde(bound(
    serialize = "T: Serialize",
    deserialize = "T: DeserializeOwned + Send + Sync + 'static"
))]
struct Timeline<T> {
    all: Versions<T>,
    apart: Option<Arc<Apart<T>>>,
}

/// The versions for those who may not read everything, where they differ from all versions.
#[derive(Debug, Serialize, Deserialize)]
#[serde(bound(
    serialize = "T: Serialize",
    deserialize = "T: DeserializeOwned + Send + Sync + 'static"
))]
struct Apart<T> {
    public: Option<Versions<T>>,
    part_2: Option<Versions<T>>,
}

impl<T> Clone for Timeline<T> {
    fn clone(&self) -> Self {
        Self {
            all: self.all.clone(),
            apart: self.apart.clone(),
        }
    }
}

impl<T> Default for Timeline<T> {
    fn default() -> Self {
        Self {
            all: Stack::new(),
            apart: None,
        }
    }
}

impl Moment {
    /// As things stand now, to those who may read everything.
    pub const NOW: Self = Self {
        ticks: u64::MAX,
        reader: Confidentiality::Restricted,
    };
}

impl<T> Timeline<T> {
    fn versions(&self, reader: Confidentiality) -> &Versions<T> {
        let apart = self.apart.as_ref().and_then(|apart| match reader {
            Confidentiality::Public => apart.public.as_ref(),
            Confidentiality::Part2 => apart.part_2.as_ref(),
            Confidentiality::Restricted => None,
        });
        apart.unwrap_or(&self.all)
    }

    fn at(&self, moment: Moment) -> Option<&T> {
        let mut versions = self.versions(moment.reader).iter();
        let version = versions.find(|version| version.tick < moment.ticks)?;
        Some(&version.value)
    }

    fn update(
        &mut self,
        tick: u64,
        level: Confidentiality,
        change: &impl Fn(Option<&T>) -> Option<T>,
    ) {
        if level != Confidentiality::Public || self.apart.is_some() {
            self.update_apart(tick, level, change);
        }
        step(&mut self.all, tick, change);
    }

    #[cold]
    fn update_apart(
        &mut self,
        tick: u64,
        level: Confidentiality,
        change: &impl Fn(Option<&T>) -> Option<T>,
    ) {
        let mut apart = match &self.apart {
            Some(apart) => Apart {
                public: apart.public.clone(),
                part_2: apart.part_2.clone(),
            },
            None => Apart {
                public: None,
                part_2: None,
            },
        };
        for (reader, versions) in [
            (Confidentiality::Public, &mut apart.public),
            (Confidentiality::Part2, &mut apart.part_2),
        ] {
            if level > reader {
                versions.get_or_insert_with(|| self.all.clone());
            } else if let Some(versions) = versions {
                step(versions, tick, change);
            }
        }
        self.apart = Some(Arc::new(apart));
    }
}

fn step<T>(versions: &mut Versions<T>, tick: u64, change: &impl Fn(Option<&T>) -> Option<T>) {
    let newest = versions.newest().map(|version| &version.value);
    if let Some(value) = change(newest) {
        versions.push(Version { tick, value });
    }
}

/// Things of one sort, by id.
#[derive(Debug, Serialize, Deserialize)]
#[serde(
    transparent,
    bound(
        serialize = "T: Serialize",
        deserialize = "T: DeserializeOwned + Send + Sync + 'static"
    )
)]
pub struct Table<T> {
    things: Shelf<Timeline<T>>,
}

impl<T> Clone for Table<T> {
    fn clone(&self) -> Self {
        Self {
            things: self.things.clone(),
        }
    }
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self {
            things: Shelf::default(),
        }
    }
}

impl<T> Table<T> {
    /// One thing as it stands now, to those who may read everything.
    pub fn get(&self, id: &SubjectId) -> Option<&T> {
        let version = self.things.get(id)?.all.newest()?;
        Some(&version.value)
    }

    /// One thing as it stood at a moment.
    pub fn at(&self, id: &SubjectId, moment: Moment) -> Option<&T> {
        self.things.get(id)?.at(moment)
    }

    /// Every version of one thing up to a moment, newest first, each with the tick of the entry that it
    /// came about with.
    pub fn versions(&self, id: &SubjectId, moment: Moment) -> impl Iterator<Item = (u64, &T)> {
        let timeline = self.things.get(id);
        timeline
            .into_iter()
            .flat_map(move |timeline| timeline.versions(moment.reader))
            .filter(move |version| version.tick < moment.ticks)
            .map(|version| (version.tick, &version.value))
    }

    /// Everything as it stands now, in order of the ids.
    pub fn iter(&self) -> impl Iterator<Item = (&SubjectId, &T)> {
        self.things.iter().filter_map(|(id, timeline)| {
            let version = timeline.all.newest()?;
            Some((id.as_ref(), &version.value))
        })
    }

    /// Everything as it stood at a moment, in order of the ids.
    pub fn iter_at(&self, moment: Moment) -> impl Iterator<Item = (&SubjectId, &T)> {
        self.things
            .iter()
            .filter_map(move |(id, timeline)| Some((id.as_ref(), timeline.at(moment)?)))
    }

    /// As [`Table::iter_at`], what comes after an id.
    pub fn after<'a>(
        &'a self,
        id: &SubjectId,
        moment: Moment,
    ) -> impl Iterator<Item = (&'a SubjectId, &'a T)> + use<'a, T> {
        self.things
            .after(id)
            .filter_map(move |(id, timeline)| Some((id.as_ref(), timeline.at(moment)?)))
    }

    /// Everything before an id as it stood at a moment, in the order opposite to that of the ids.
    pub fn before<'a>(
        &'a self,
        id: &SubjectId,
        moment: Moment,
    ) -> impl Iterator<Item = (&'a SubjectId, &'a T)> + use<'a, T> {
        self.things
            .before(id)
            .filter_map(move |(id, timeline)| Some((id.as_ref(), timeline.at(moment)?)))
    }

    /// As [`Table::iter_at`], the ids of one kind alone.
    pub fn of_kind(&self, kind: Kind, moment: Moment) -> impl Iterator<Item = (&SubjectId, &T)> {
        self.things
            .of_kind(kind)
            .filter_map(move |(id, timeline)| Some((id.as_ref(), timeline.at(moment)?)))
    }

    /// How many there are now.
    pub fn len(&self) -> usize {
        self.things.len()
    }

    /// True where there is none.
    pub fn is_empty(&self) -> bool {
        self.things.len() == 0
    }

    /// Makes the next version of `id`: from the newest one there is, or from nothing. `None` leaves
    /// it as it is. Asked once for each line of versions.
    pub(crate) fn update(
        &mut self,
        noted: &Noted<'_>,
        id: &Id,
        change: impl Fn(Option<&T>) -> Option<T>,
    ) where
        T: Clone,
    {
        let (tick, level) = (noted.tick, noted.common.confidentiality);
        if let Some((_, timeline)) = self.things.get_mut(id) {
            return timeline.update(tick, level, &change);
        }
        let mut timeline = Timeline::default();
        timeline.update(tick, level, &change);
        if !timeline.all.is_empty() {
            self.things.insert(id.clone(), timeline);
        }
    }

    /// Begins what the entry is about, unless it is there.
    pub(crate) fn begin(&mut self, noted: &Noted<'_>, make: impl Fn() -> T)
    where
        T: Clone,
    {
        self.update(noted, noted.id, |old| match old {
            Some(_) => None,
            None => Some(make()),
        });
    }

    /// Changes what the entry is about, where it is there.
    pub(crate) fn change(&mut self, noted: &Noted<'_>, edit: impl Fn(&mut T))
    where
        T: Clone,
    {
        self.update(noted, noted.id, |old| {
            let mut new = old?.clone();
            edit(&mut new);
            Some(new)
        });
    }

    /// Changes what the entry is about, and begins it from its default where it is not there.
    pub(crate) fn upsert(&mut self, noted: &Noted<'_>, edit: impl Fn(&mut T))
    where
        T: Clone + Default,
    {
        self.update(noted, noted.id, |old| {
            let mut new = old.cloned().unwrap_or_default();
            edit(&mut new);
            Some(new)
        });
    }
}
