//! Every entry in the order of the fold: who said what sort of thing about what, when, and where it
//! was minuted. What exactly was said stands in the other views.

use std::ops::Range;
use std::sync::Arc;

use imbl::Vector;
use minutebook_events::{
    Common, Confidentiality, Content, Digest, Event, EventType, Period, PersonId, Recorded, Role,
    SubjectId,
};
use serde::{Deserialize, Serialize};

use crate::Id;
use crate::shelf::Shelf;
use crate::stated::At;
use crate::subjects::Subjects;
use crate::table::Moment;
use crate::tape::Tape;

/// An entry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Its index in the log.
    pub position: u64,
    /// When it was recorded, in seconds since 1970.
    pub recorded_at: i64,
    /// Who signed it.
    pub signer: Arc<PersonId>,
    /// SHA-256 of the disclosure that holds its content.
    pub digest: Digest,
    /// What sort of thing it says; absent where its content is not held.
    pub said: Option<Said>,
}

/// What every event says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Said {
    /// Its type.
    #[serde(with = "by_name")]
    pub event: EventType,
    /// What it is about.
    pub subject: Id,
    /// The role that was acted in.
    pub role: Role,
    /// The body or organisation that was acted for.
    pub of: Option<Id>,
    /// Who may read it.
    pub confidentiality: Confidentiality,
    /// When it was true in the world.
    pub effective: Option<Arc<Period>>,
    /// The meeting that it was made in.
    pub meeting: Option<Id>,
    /// The minute's number.
    pub minute: Option<Arc<str>>,
    /// Why.
    pub reason: Option<Arc<str>>,
    /// True for imported history.
    pub imported: bool,
    /// What is a reading and not stated.
    pub inferred: Box<[String]>,
    /// The digests of its private parts.
    pub sealed: Box<[Digest]>,
}

impl Entry {
    /// Whether a digest is that of its content or of one of its private parts.
    pub fn commits_to(&self, digest: &Digest) -> bool {
        let sealed = self.said.as_ref().map_or(&[][..], |said| &said.sealed);
        self.digest == *digest || sealed.contains(digest)
    }
}

/// Every entry, in the order of the fold.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Entries {
    list: Tape<Entry>,
    // Ticks in order, so that to count how many lie in a run is to look up its ends.
    /// Entries of the private part of meetings.
    part_2: Vector<u64>,
    /// Entries that only few may read.
    restricted: Vector<u64>,
    /// Entries whose content is not held.
    gaps: Vector<u64>,
    /// For each meeting, where a run of entries that were made in it begins.
    sittings: Shelf<Vector<u64>>,
}

impl Entries {
    /// How many entries were folded: the tick of the next one.
    pub fn ticks(&self) -> u64 {
        self.list.len() as u64
    }

    /// The entry folded at a tick. Where a record is folded in its own order, from its first entry
    /// on, an entry's tick is its index.
    pub fn get(&self, tick: u64) -> Option<&Entry> {
        let tick = usize::try_from(tick).ok()?;
        self.list.get(tick)
    }

    /// Whether the entry at this place is imported history, which gives no authority.
    pub fn is_imported(&self, at: At) -> bool {
        let said = self.get(at.tick).and_then(|entry| entry.said.as_ref());
        said.is_some_and(|said| said.imported)
    }

    /// The entries of a run of ticks that a reader may read, each with its tick and what it says.
    pub fn readable(
        &self,
        ticks: Range<u64>,
        moment: Moment,
    ) -> impl Iterator<Item = (u64, &Entry, &Said)> {
        let end = ticks.end.min(moment.ticks).min(self.ticks());
        (ticks.start..end).filter_map(move |tick| {
            let entry = self.get(tick)?;
            let said = entry.said.as_ref()?;
            (said.confidentiality <= moment.reader).then_some((tick, entry, said))
        })
    }

    /// How many of a run of entries a reader may not read, or nobody can read any more.
    pub fn unreadable(&self, ticks: Range<u64>, moment: Moment) -> u64 {
        let ticks = ticks.start..ticks.end.min(moment.ticks);
        let among = |all| run(all, &ticks).len() as u64;
        among(&self.gaps)
            + match moment.reader {
                Confidentiality::Public => among(&self.part_2) + among(&self.restricted),
                Confidentiality::Part2 => among(&self.restricted),
                Confidentiality::Restricted => 0,
            }
    }

    /// The entries of a run of ticks whose content is not held.
    pub fn gaps(&self, ticks: Range<u64>) -> impl Iterator<Item = &Entry> {
        let run = run(&self.gaps, &ticks);
        let gaps = self.gaps.focus().narrow(run).into_iter();
        gaps.filter_map(|tick| self.get(*tick))
    }

    /// The entries that were made in a meeting and that a reader may read, each with its tick and
    /// what it says, in order.
    pub fn made_in<'a>(
        &'a self,
        meeting: &'a SubjectId,
        moment: Moment,
    ) -> impl Iterator<Item = (u64, &'a Entry, &'a Said)> {
        let starts = self.sittings.get(meeting).into_iter().flatten();
        let is_in = |tick: &u64| {
            let said = self.get(*tick).and_then(|entry| entry.said.as_ref());
            said.is_some_and(|said| said.meeting.as_deref() == Some(meeting))
        };
        starts.flat_map(move |start| {
            let run = (*start..).take_while(is_in);
            run.flat_map(move |tick| self.readable(tick..tick + 1, moment))
        })
    }

    /// The tick of the first entry recorded at or after a time, in seconds since 1970; the number of
    /// entries where there is none. Only for a record folded in its own order.
    pub fn first_at(&self, time: i64) -> u64 {
        let (mut low, mut high) = (0, self.ticks());
        while low < high {
            let middle = low + (high - low) / 2;
            match self.get(middle) {
                Some(entry) if entry.recorded_at < time => low = middle + 1,
                _ => high = middle,
            }
        }
        low
    }

    /// Notes an entry, about a subject whose id comes as the views share it, and gives it back.
    pub(crate) fn note(
        &mut self,
        recorded: &Recorded<Content>,
        signer: &Arc<PersonId>,
        about: Option<(&Id, &Subjects)>,
    ) -> Arc<Entry> {
        let said = match (&recorded.body, about) {
            (Content::Event(event), Some((subject, subjects))) => {
                let before = self.list.last().and_then(|entry| entry.said.as_ref());
                Some(said(event, subject, subjects, before))
            }
            _ => None,
        };
        let tick = self.ticks();
        match said.as_ref().map(|said| said.confidentiality) {
            None => self.gaps.push_back(tick),
            Some(Confidentiality::Public) => {}
            Some(Confidentiality::Part2) => self.part_2.push_back(tick),
            Some(Confidentiality::Restricted) => self.restricted.push_back(tick),
        }
        let meeting = said.as_ref().and_then(|said| said.meeting.as_ref());
        if let Some(meeting) = meeting.filter(|meeting| self.newest_meeting() != Some(meeting)) {
            self.sittings.edit(meeting, |starts| starts.push_back(tick));
        }
        let entry = Arc::new(Entry {
            position: recorded.position,
            recorded_at: recorded.recorded_at,
            signer: signer.clone(),
            digest: recorded.claims.digest,
            said,
        });
        self.list.push(entry.clone());
        entry
    }

    /// The meeting that the newest entry was made in.
    fn newest_meeting(&self) -> Option<&Id> {
        self.list.last()?.said.as_ref()?.meeting.as_ref()
    }
}

/// Where those of a run lie among ticks in order.
fn run(all: &Vector<u64>, ticks: &Range<u64>) -> Range<usize> {
    let before = |tick: u64| match all.binary_search(&tick) {
        Ok(index) | Err(index) => index,
    };
    let start = before(ticks.start);
    start..before(ticks.end).max(start)
}

/// What an event says. Entries of one sitting share a meeting, a date and often a minute: what is the
/// same as in the entry before is shared with it.
fn said(event: &Event, subject: &Id, subjects: &Subjects, before: Option<&Said>) -> Said {
    let Common {
        effective,
        capacity,
        confidentiality,
        meeting,
        minute,
        reason,
        imported,
        inferred,
        sealed,
        ..
    } = &event.common;
    let id = |id: &Option<SubjectId>, before: Option<&Id>| {
        share(id.as_ref(), before, |id| subjects.shared(id))
    };
    let text = |text: &Option<String>, before: Option<&Arc<str>>| {
        share(text.as_deref(), before, |text| Arc::from(text))
    };
    Said {
        event: event.event_type(),
        subject: subject.clone(),
        role: capacity.role,
        of: id(&capacity.of, before.and_then(|said| said.of.as_ref())),
        confidentiality: *confidentiality,
        effective: share(
            effective.as_ref(),
            before.and_then(|said| said.effective.as_ref()),
            |period| Arc::new(period.clone()),
        ),
        meeting: id(meeting, before.and_then(|said| said.meeting.as_ref())),
        minute: text(minute, before.and_then(|said| said.minute.as_ref())),
        reason: text(reason, before.and_then(|said| said.reason.as_ref())),
        imported: *imported,
        inferred: inferred.as_slice().into(),
        sealed: sealed.as_slice().into(),
    }
}

fn share<T: PartialEq + ?Sized>(
    value: Option<&T>,
    before: Option<&Arc<T>>,
    make: impl FnOnce(&T) -> Arc<T>,
) -> Option<Arc<T>> {
    let value = value?;
    let same = before.filter(|before| ***before == *value);
    Some(same.cloned().unwrap_or_else(|| make(value)))
}

/// Types by their names, so that a snapshot does not depend on their order in the catalogue.
mod by_name {
    use minutebook_events::EventType;
    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(event: &EventType, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(event.name())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<EventType, D::Error> {
        let name = String::deserialize(deserializer)?;
        EventType::parse(&name)
            .ok_or_else(|| serde::de::Error::custom(format!("unknown event type {name:?}")))
    }
}
