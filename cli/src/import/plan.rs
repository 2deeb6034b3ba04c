//! From a file's text to everything that importing it will do.

use minutebook_events::catalogue::records::{CorrectionRecorded, DocumentImported, RecordCount};
use minutebook_events::{
    Blake3, Capacity, Common, Digest, DocumentRef, Event, Kind, Payload, Source, SubjectId,
};

use super::file::{Mistakes, Record, SeedFile, read};
use super::known::{FirstEntry, Known, in_words};
use super::map::{Mapped, Mapper};
use super::order::order;
use super::section::{Section, Signer};
use super::{Handled, ImportError, ImportPlan, NewPerson, Outcome, Step};

/// The most bytes of a file that is read.
pub const MAX_FILE: usize = 4 * 1024 * 1024;

/// The media type of a seed file.
const YAML: &str = "application/yaml";

impl SeedFile {
    /// A record's name in the ledger: document, section and id; for a person the number.
    pub fn record_name(&self, record: &Record) -> String {
        format!("{}/{}", self.document.id, record.label())
    }

    fn own_name(&self) -> String {
        format!("{0}/document/{0}", self.document.id)
    }
}

/// Plans the import of a file named `file_name` into a ledger that holds what is `known`. Each person
/// of the file who is not in the ledger yet gets an id from `new_person`.
///
/// # Errors
/// Every mistake of the file. Nothing of it is then to be recorded.
pub fn plan_import(
    file_name: &str,
    text: &str,
    known: &Known,
    new_person: NewPerson<'_>,
) -> Result<ImportPlan, Vec<ImportError>> {
    let mut mistakes = Mistakes::new(file_name);
    if text.len() > MAX_FILE {
        let message = format!("is larger than {} MiB", MAX_FILE / 1024 / 1024);
        mistakes.add(1, "", "", message);
        return mistakes.or(None);
    }
    let Some(file) = read(file_name, text, &mut mistakes) else {
        return mistakes.or(None);
    };
    if let Err(error) = SubjectId::new(Kind::Document, &file.document.id) {
        mistakes.add(1, "", "document.id", error.to_string());
        return mistakes.or(None);
    }
    let person_of = |record: &Record| match known.person(&file.record_name(record)) {
        Some(person) => person.clone(),
        None => new_person(),
    };
    let mapped = Mapper::new(&file, person_of).map(&mut mistakes);
    let needs: Vec<_> = mapped.iter().map(|mapped| mapped.needs.clone()).collect();
    let ordered = order(&file.records, &needs).unwrap_or_else(|at| {
        let record = &file.records[at];
        let message = "what it refers to refers back to it";
        mistakes.add(record.node.line, &record.label(), "", message);
        Vec::new()
    });
    let mut planner = Planner {
        known,
        file: &file,
        mistakes: &mut mistakes,
        steps: Vec::new(),
        handled: vec![None; file.records.len()],
    };
    planner.records(mapped, &ordered);
    let plan = planner.finish(text);
    mistakes.or(Some(plan))
}

struct Planner<'a> {
    known: &'a Known,
    file: &'a SeedFile,
    mistakes: &'a mut Mistakes,
    steps: Vec<Step>,
    handled: Vec<Option<Handled>>,
}

impl Planner<'_> {
    fn records(&mut self, mapped: Vec<Mapped>, ordered: &[usize]) {
        let mut mapped: Vec<_> = mapped.into_iter().map(Some).collect();
        for &index in ordered {
            // Each index stands once in the order.
            let Some(one) = mapped[index].take() else {
                continue;
            };
            let record = &self.file.records[index];
            let (outcome, one) = self.outcome(record, one);
            let gather = |list: fn(&Common) -> &Vec<String>| {
                let mut all: Vec<String> = Vec::new();
                for (event, _) in &one.events {
                    let more = list(&event.common).iter().filter(|one| !all.contains(one));
                    let more: Vec<String> = more.cloned().collect();
                    all.extend(more);
                }
                all
            };
            self.handled[index] = Some(Handled {
                section: record.section,
                record: record.label(),
                outcome,
                left_empty: gather(|common| &common.not_stated),
                inferred: gather(|common| &common.inferred),
            });
            let (signer, label) = (record.section.signer(), record.label());
            self.steps
                .extend(one.events.into_iter().map(|(event, sealed)| Step {
                    event,
                    sealed,
                    signer,
                    record: label.clone(),
                }));
        }
    }

    /// What becomes of a record, and what is left of its events.
    fn outcome(&mut self, record: &Record, mapped: Mapped) -> (Outcome, Mapped) {
        let name = self.file.record_name(record);
        let nothing = Mapped::default;
        if let Some(entry) = self.known.entry_of(&name) {
            return (Outcome::Known(entry), nothing());
        }
        let first = mapped.events.first().map(|(event, _)| event);
        let known = first
            .filter(|_| !record.section.names_its_subject())
            .and_then(|event| Some((event, self.known.first_about(&event.common.subject)?)));
        let Some((event, known)) = known else {
            return (Outcome::Events(mapped.events.len()), mapped);
        };
        let differences = self.differences(known, event);
        let subject = &event.common.subject;
        if differences.is_empty() {
            let message = format!("already recorded as {subject} by entry {}", known.position);
            (Outcome::Omitted(message), nothing())
        } else if record.section == Section::Organisations {
            let events: Vec<_> = differences
                .into_iter()
                .map(|(field, value)| (self.correction(event, known, field, value), Vec::new()))
                .collect();
            (
                Outcome::Events(events.len()),
                Mapped {
                    events,
                    needs: Vec::new(),
                },
            )
        } else {
            let fields: Vec<_> = differences.into_iter().map(|(field, _)| field).collect();
            let message = format!(
                "{subject} is already in this ledger by entry {} and differs in {}; give this record \
                 another id, or correct the entry",
                known.position,
                fields.join(", ")
            );
            self.mistakes
                .add(record.node.line_of("id"), &record.label(), "id", message);
            (Outcome::Omitted("refused".into()), nothing())
        }
    }

    /// The fields of its own in which an event says otherwise than what stands in the ledger, with
    /// the new value in words. What the new document does not mention is no difference.
    fn differences(&self, known: &FirstEntry, event: &Event) -> Vec<(String, String)> {
        let json = event.to_json();
        let own = event.event_type().own_fields();
        let mut differences: Vec<(String, String)> = own
            .into_iter()
            .filter_map(|field| {
                let value = in_words(json.get(&field)?)?;
                (self.known.field(known, &field).as_ref() != Some(&value)).then_some((field, value))
            })
            .collect();
        // A true `named` is written by leaving it out.
        let unnamed = self.known.field(known, "named").as_deref() == Some("false");
        if unnamed && matches!(&event.payload, Payload::OrganisationRegistered(o) if o.named) {
            differences.push(("named".into(), "true".into()));
        }
        differences
    }

    fn correction(&self, event: &Event, known: &FirstEntry, field: String, value: String) -> Event {
        let mut common = event.common.clone();
        common.effective = None;
        common.not_stated.clear();
        let date = self
            .file
            .date
            .as_ref()
            .map(|date| format!(", {date}"))
            .unwrap_or_default();
        let before = self.known.field(known, &field);
        let title = &self.file.document.title;
        common.reason = Some(match before {
            Some(before) => {
                format!("a later document says otherwise than {before:?}: {title}{date}")
            }
            None => format!("left open before; a later document says it: {title}{date}"),
        });
        let payload = CorrectionRecorded {
            entry: known.position,
            field,
            value: Some(value),
        };
        Event {
            common,
            payload: payload.into(),
        }
    }

    fn finish(mut self, text: &str) -> ImportPlan {
        let file = self.file;
        let document = DocumentRef {
            blake3: Blake3(*blake3::hash(text.as_bytes()).as_bytes()),
            sha256: Digest::of(text.as_bytes()),
            size: text.len() as u64,
            media_type: YAML.into(),
            name: file.name.clone(),
        };
        let records: Vec<Handled> = self.handled.iter().flatten().cloned().collect();
        let own_name = file.own_name();
        let known_entry = self.known.entry_of(&own_name);
        if known_entry.is_none() {
            self.document(&document, &records, own_name.clone());
        }
        let other = self
            .known
            .document(&own_name)
            .is_some_and(|was| was.blake3 != document.blake3);
        ImportPlan {
            file: file.name.clone(),
            partnership: file.partnership.name.clone(),
            area: file.partnership.area.clone(),
            document_id: file.document.id.clone(),
            title: file.document.title.clone(),
            date: file.date.clone(),
            document,
            steps: self.steps,
            records,
            not_stated: file.not_stated.clone(),
            not_carried: file.not_carried.clone(),
            names_replaced: file.names_replaced,
            other_content: known_entry.filter(|_| other),
        }
    }

    fn document(&mut self, document: &DocumentRef, records: &[Handled], own_name: String) {
        let file = self.file;
        // Records that an interrupted import brought in were made from this document as well.
        let made = |record: &&Handled| !matches!(record.outcome, Outcome::Omitted(_));
        let counts = Section::ALL.iter().map(|&section| {
            let of_it = records
                .iter()
                .filter(made)
                .filter(|record| record.section == section);
            RecordCount {
                section: section.name().into(),
                count: of_it.count() as u64,
            }
        });
        let counts: Vec<_> = counts.filter(|count| count.count > 0).collect();
        // The id was checked before anything was planned.
        let Ok(subject) = SubjectId::new(Kind::Document, &file.document.id) else {
            return;
        };
        let mut common = Common::new(subject, Capacity::ledger_wide(Signer::Secretary.role()));
        common.source = Some(Source {
            document: file.document.title.clone(),
            section: None,
            record: Some(own_name),
        });
        common.imported = true;
        common.not_stated = file.not_stated.clone();
        let date = file
            .document
            .date
            .is_some()
            .then(|| file.date.clone())
            .flatten();
        common.effective = date.clone();
        let payload = DocumentImported {
            title: file.document.title.clone(),
            document: document.clone(),
            kind: file.document.kind.clone(),
            date,
            date_note: file.document.date_note.clone(),
            reporting_year: file
                .document
                .reporting_year
                .as_ref()
                .and_then(|d| d.period(None).ok()),
            presented_to: file.document.presented_to.clone(),
            spoken_at: file.document.spoken_at.clone(),
            seed_file: file.document.seed_file.clone(),
            records_made: counts.iter().map(|one| one.count).sum(),
            record_counts: counts,
            not_carried: file.not_carried.clone(),
            reviewer: None,
        };
        let event = Event {
            common,
            payload: payload.into(),
        };
        if let Err(error) = event.check() {
            self.mistakes.add(1, "", "document", error.to_string());
        }
        self.steps.push(Step {
            event,
            sealed: Vec::new(),
            signer: Signer::Secretary,
            record: format!("document/{}", file.document.id),
        });
    }
}
