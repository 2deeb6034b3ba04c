//! From records to events: the context in which one record is read, and which function reads it.

use std::cell::RefCell;
use std::collections::HashMap;

use minutebook_events::{
    Capacity, Common, Event, Identity, Kind, Payload, Period, PersonId, Source, SubjectId, identity,
};
use minutebook_ledger::author::SealedPart;

use super::date::SeedDate;
use super::file::{Mistakes, Record, SeedFile};
use super::section::Section;

mod decisions;
mod matters;
mod measures;
mod milestones;
mod parties;
mod plan;

/// What a record came to.
#[derive(Debug, Default)]
pub struct Mapped {
    /// The events, each with its private parts, in their order.
    pub events: Vec<(Event, Vec<SealedPart>)>,
    /// The records that must be in before, by index.
    pub needs: Vec<usize>,
}

/// A file with its ids looked up.
pub struct Mapper<'a> {
    file: &'a SeedFile,
    ids: HashMap<&'a str, usize>,
    persons: HashMap<usize, PersonId>,
    mistakes: RefCell<Mistakes>,
}

/// Kinds that a part of the plan may stand under.
pub(super) const PLAN: &[Kind] = &[
    Kind::Strategy,
    Kind::Aim,
    Kind::Objective,
    Kind::Milestone,
    Kind::Body,
    Kind::Organisation,
];

impl<'a> Mapper<'a> {
    /// Looks up the ids; `person_of` is asked once for the opaque id of each person.
    pub fn new(file: &'a SeedFile, mut person_of: impl FnMut(&Record) -> PersonId) -> Self {
        let mut mistakes = Mistakes::new(&file.name);
        let mut ids = HashMap::new();
        let mut persons = HashMap::new();
        for (index, record) in file.records.iter().enumerate() {
            let id = record.shared.id.as_str();
            if let Some(first) = ids.insert(id, index) {
                let other: &Record = &file.records[first];
                let message = format!("{id:?} is already the id of {}", place(other));
                mistakes.add(record.node.line_of("id"), &record.label(), "id", message);
                ids.insert(id, first);
            }
            if record.section == Section::People {
                persons.insert(index, person_of(record));
            }
            if let Err(error) = SubjectId::new(record.section.kind(), id) {
                let line = record.node.line_of("id");
                mistakes.add(line, &record.label(), "id", error.to_string());
            }
        }
        Self {
            file,
            ids,
            persons,
            mistakes: RefCell::new(mistakes),
        }
    }

    /// Reads every record, and adds what is wrong with any to `mistakes`.
    pub fn map(self, mistakes: &mut Mistakes) -> Vec<Mapped> {
        let mapped = (0..self.file.records.len())
            .map(|index| self.record(index))
            .collect();
        mistakes.append(self.mistakes.into_inner());
        mapped
    }

    fn record(&self, index: usize) -> Mapped {
        let r = Rec {
            m: self,
            record: &self.file.records[index],
            index,
            needs: RefCell::default(),
            sealed: RefCell::default(),
        };
        let events = match r.record.section {
            Section::Organisations => r.read(parties::organisation),
            Section::Bodies => r.read(parties::body),
            Section::People => r.read(parties::person),
            Section::Memberships => r.read(parties::membership),
            Section::MembershipChanges => r.read(parties::membership_change),
            Section::Meetings => r.read(decisions::meeting),
            Section::Strategies => r.read(plan::strategy),
            Section::Aims => r.read(plan::aim),
            Section::Outcomes => r.read(plan::outcome),
            Section::Objectives => r.read(plan::objective),
            Section::Commitments => r.read(plan::commitment),
            Section::Evaluations => r.read(matters::evaluation),
            Section::Agreements => r.read(decisions::agreement),
            Section::SignOffs => r.read(decisions::sign_off),
            Section::Decisions => r.read(decisions::decision),
            Section::Funding => r.read(matters::funding),
            Section::Consultations => r.read(matters::consultation),
            Section::Risks => r.read(matters::risk),
            Section::Milestones => r.read(milestones::milestone),
            Section::MilestoneChanges => r.read(milestones::change),
            Section::StatusReports => r.read(measures::status),
            Section::Metrics => r.read(measures::metric),
        };
        let mut sealed = r.sealed.take();
        let events: Vec<_> = events
            .into_iter()
            .enumerate()
            // Private parts belong to the first event of their record.
            .map(|(at, event)| {
                (
                    event,
                    if at == 0 {
                        std::mem::take(&mut sealed)
                    } else {
                        vec![]
                    },
                )
            })
            .collect();
        for (event, sealed) in &events {
            r.check(event, sealed);
        }
        Mapped {
            events,
            needs: r.needs.take(),
        }
    }

    fn subject_of(&self, index: usize) -> Option<SubjectId> {
        let record = &self.file.records[index];
        match self.persons.get(&index) {
            Some(person) => Some(person.subject()),
            None => SubjectId::new(record.section.kind(), &record.shared.id).ok(),
        }
    }
}

/// Where a record stands, for messages.
fn place(record: &Record) -> String {
    format!("{} (line {})", record.label(), record.node.line_of("id"))
}

/// One record being read.
pub(super) struct Rec<'m> {
    m: &'m Mapper<'m>,
    record: &'m Record,
    index: usize,
    needs: RefCell<Vec<usize>>,
    sealed: RefCell<Vec<SealedPart>>,
}

impl<'m> Rec<'m> {
    fn read<T: serde::Deserialize<'m>>(&self, map: fn(&Self, T) -> Vec<Event>) -> Vec<Event> {
        match self.record.own.read::<T>() {
            Ok(fields) => map(self, fields),
            Err(mut error) => {
                if error.line == 0 {
                    error.line = self.record.node.line;
                }
                self.m
                    .mistakes
                    .borrow_mut()
                    .misread(&self.record.label(), error);
                Vec::new()
            }
        }
    }

    fn file(&self) -> &'m SeedFile {
        self.m.file
    }

    fn id(&self) -> &'m str {
        &self.record.shared.id
    }

    /// Refuses the record, and so the file.
    fn fail(&self, field: &str, message: impl Into<String>) {
        let line = self.record.node.line_of(field);
        self.m
            .mistakes
            .borrow_mut()
            .add(line, &self.record.label(), field, message);
    }

    /// The record's own subject; a stand-in where its id is refused already.
    fn subject(&self) -> SubjectId {
        self.m
            .subject_of(self.index)
            .unwrap_or_else(|| self.stand_in())
    }

    fn stand_in(&self) -> SubjectId {
        PersonId::from_random([0; 16]).subject()
    }

    /// The subject that `id` names, which must be of one of `kinds`; empty for any.
    fn refer(&self, field: &str, id: &str, kinds: &[Kind]) -> Option<SubjectId> {
        let Some(&index) = self.m.ids.get(id) else {
            self.fail(field, format!("{id:?} is no id of this file"));
            return None;
        };
        let other = &self.m.file.records[index];
        let subject = self.m.subject_of(index)?;
        let names_subject = other.section.names_its_subject();
        if names_subject || !(kinds.is_empty() || kinds.contains(&subject.kind())) {
            let wanted: Vec<_> = kinds.iter().map(|kind| kind.name()).collect();
            self.fail(
                field,
                format!(
                    "{} is no {}",
                    place(other),
                    wanted.join(", ").replace(", ", " or ")
                ),
            );
            return None;
        }
        if index != self.index {
            self.needs.borrow_mut().push(index);
        } else {
            self.fail(field, "a record cannot refer to itself");
        }
        Some(subject)
    }

    fn refer_to(&self, field: &str, id: &Option<String>, kinds: &[Kind]) -> Option<SubjectId> {
        id.as_deref().and_then(|id| self.refer(field, id, kinds))
    }

    fn refer_all(&self, field: &str, ids: &[String], kinds: &[Kind]) -> Vec<SubjectId> {
        ids.iter()
            .enumerate()
            .filter_map(|(at, id)| self.refer(&format!("{field}.{at}"), id, kinds))
            .collect()
    }

    fn date(&self, field: &str, date: &Option<SeedDate>) -> Option<Period> {
        match date.as_ref()?.period(self.file().date.as_ref()) {
            Ok(period) => Some(period),
            Err(error) => {
                self.fail(&format!("{field}.{}", error.field), error.message);
                None
            }
        }
    }

    /// The fields that all of the record's events have in common.
    fn common(&self, subject: SubjectId) -> Common {
        let shared = &self.record.shared;
        let mut common = Common::new(
            subject,
            Capacity::ledger_wide(self.record.section.signer().role()),
        );
        common.source = Some(Source {
            document: shared.source.document.clone(),
            section: Some(shared.source.section.clone()),
            record: Some(self.file().record_name(self.record)),
        });
        common.imported = true;
        common.note = shared.note.clone();
        if shared.link_inferred {
            infer(&mut common, "link");
        }
        if shared.grouping_inferred {
            infer(&mut common, "grouping");
        }
        if let Some(reading) = &shared.reading_uncertain {
            infer(&mut common, "reading");
            remark(&mut common, &format!("reading uncertain: {reading}"));
        }
        common
    }

    /// An event about the record's own subject.
    fn event(&self, payload: impl Into<Payload>, shape: impl FnOnce(&mut Common)) -> Event {
        self.event_about(self.subject(), payload, shape)
    }

    fn event_about(
        &self,
        subject: SubjectId,
        payload: impl Into<Payload>,
        shape: impl FnOnce(&mut Common),
    ) -> Event {
        let mut common = self.common(subject);
        shape(&mut common);
        Event {
            common,
            payload: payload.into(),
        }
    }

    /// Seals who a person is apart from the record's open part.
    fn seal(&self, name: &str) {
        let identity = Identity {
            name: name.into(),
            short_name: None,
            contact: None,
        };
        match identity.encode() {
            Ok(body) => self.sealed.borrow_mut().push(SealedPart {
                content_type: identity::CONTENT_TYPE.into(),
                body,
            }),
            Err(error) => self.fail("name", error.to_string()),
        }
    }

    /// Runs the event's own checks, so that a record that could not be signed is refused here, with
    /// its line.
    fn check(&self, event: &Event, sealed: &[SealedPart]) {
        let mut event = event.clone();
        let digests = sealed
            .iter()
            .map(|part| minutebook_events::Digest::of(&part.body));
        event.common.sealed.extend(digests);
        let allowed = event.authority().roles;
        debug_assert!(
            allowed.contains(&event.common.capacity.role),
            "{:?}",
            event.event_type()
        );
        if let Err(error) = event.check() {
            self.fail("", error.to_string());
        }
    }
}

/// Marks what is a reading and not stated.
fn infer(common: &mut Common, what: &str) {
    if !common.inferred.iter().any(|one| one == what) {
        common.inferred.push(what.into());
    }
}

/// Marks a date whose year, or whose window, is a reading.
fn infer_from(common: &mut Common, period: Option<&Period>) {
    if period.is_some_and(|period| period.year_inferred) {
        infer(common, "year");
    }
    if period.is_some_and(|period| period.derived.is_some()) {
        infer(common, "date");
    }
}

/// Marks a field as left open by the document, where it is.
fn open(common: &mut Common, field: &str, is_open: bool) {
    if is_open && !common.not_stated.iter().any(|one| one == field) {
        common.not_stated.push(field.into());
    }
}

/// Adds to the remark.
fn remark(common: &mut Common, text: &str) {
    common.note = Some(match common.note.take() {
        Some(note) => format!("{note}; {text}"),
        None => text.into(),
    });
}
