//! What an import did, in words and as JSON.

use serde_json::{Value, json};

use super::{Handled, ImportPlan, Outcome, Section};
use crate::output::{Page, plural};

impl ImportPlan {
    /// The report as JSON.
    pub fn to_json(&self) -> Value {
        let (recorded, known, omitted) = self.counts();
        let listed = |list: fn(&Handled) -> &Vec<String>| {
            let with = self.records.iter().filter(|one| !list(one).is_empty());
            with.map(|one| json!({"record": one.record, "fields": list(one)}))
                .collect::<Vec<_>>()
        };
        json!({
            "file": self.file,
            "document": {
                "id": self.document_id, "title": self.title, "date": self.date,
                "blake3": self.document.blake3, "sha256": self.document.sha256,
            },
            "records": self.records.len(),
            "recorded": recorded,
            "already_known": known,
            "omitted": omitted,
            "events": self.steps.len(),
            "sections": self.sections().map(|(section, records)| json!({
                "section": section.name(),
                "records": records.len(),
                "recorded": recorded_of(&records),
                "events": events_of(&records),
            })).collect::<Vec<_>>(),
            "omissions": self.omissions().map(|(record, reason)| json!({
                "record": record, "reason": reason,
            })).collect::<Vec<_>>(),
            "left_empty": listed(|one| &one.left_empty),
            "inferred": listed(|one| &one.inferred),
            "not_stated": self.not_stated,
            "not_carried": self.not_carried,
            "names_replaced_by_posts": self.names_replaced,
            "differs_from_entry": self.other_content,
        })
    }

    /// The report in words.
    pub fn tell(&self, page: &mut Page) {
        let date = self.date.as_ref().map_or("undated".into(), ToString::to_string);
        page.hanging(&format!("{}: ", self.file), &format!("{} ({date})", self.title));
        let (recorded, known, omitted) = self.counts();
        let all = plural(self.records.len() as u64, "record", "records");
        let entries = plural(self.steps.len() as u64, "entry", "entries");
        if self.is_empty() {
            page.indented(
                2,
                &format!("nothing to add: of {all}, {known} are in this ledger already, {omitted} omitted"),
            );
        } else {
            page.indented(
                2,
                &format!(
                    "{all}: {recorded} become {entries} with the document's own, {known} are in this \
                     ledger already, {omitted} omitted"
                ),
            );
            let rows: Vec<Vec<String>> = self
                .sections()
                .filter(|(_, records)| events_of(records) > 0)
                .map(|(section, records)| {
                    let counts = [recorded_of(&records), events_of(&records)];
                    let mut row = vec![format!("  {}", section.name())];
                    row.extend(counts.map(|count| count.to_string()));
                    row.push(String::new());
                    row
                })
                .collect();
            page.blank().table(&["  section", "records", "entries", ""], &rows).blank();
        }
        if let Some(entry) = self.other_content {
            page.indented(
                2,
                &format!(
                    "note: entry {entry} was made from a file of other content. Records that are in \
                     stay as they are; `minutebook record CorrectionRecorded --help` corrects one."
                ),
            );
        }
        list(page, "omitted", self.omissions().map(|(record, why)| format!("{record}: {why}")));
        if self.is_empty() {
            return;
        }
        list(page, "left empty, for the document does not state it", self.not_stated.iter().cloned());
        list(page, "not carried", self.not_carried.iter().cloned());
        let count = |list: fn(&Handled) -> &Vec<String>| {
            self.records.iter().filter(|one| !list(one).is_empty()).count() as u64
        };
        let (empty, inferred) = (count(|one| &one.left_empty), count(|one| &one.inferred));
        if empty > 0 {
            let records = plural(empty, "record says", "records say");
            page.indented(2, &format!("{records} in not_stated what was left empty (--json lists them)"));
        }
        if inferred > 0 {
            let records = plural(inferred, "record says", "records say");
            page.indented(2, &format!("{records} in inferred what is a reading (--json lists them)"));
        }
        if self.names_replaced > 0 {
            let texts = plural(self.names_replaced as u64, "text", "texts");
            page.indented(
                2,
                &format!("people's names are sealed; in {texts} the post stands for the name"),
            );
        }
    }

    fn sections(&self) -> impl Iterator<Item = (Section, Vec<&Handled>)> {
        Section::ALL.iter().filter_map(|&section| {
            let of_it: Vec<_> = self.records.iter().filter(|one| one.section == section).collect();
            (!of_it.is_empty()).then_some((section, of_it))
        })
    }

    fn omissions(&self) -> impl Iterator<Item = (&str, &str)> {
        self.records.iter().filter_map(|one| match &one.outcome {
            Outcome::Omitted(reason) => Some((one.record.as_str(), reason.as_str())),
            _ => None,
        })
    }
}

fn recorded_of(records: &[&Handled]) -> usize {
    records.iter().filter(|one| matches!(one.outcome, Outcome::Events(_))).count()
}

fn events_of(records: &[&Handled]) -> usize {
    let of = |one: &&Handled| match one.outcome {
        Outcome::Events(events) => events,
        _ => 0,
    };
    records.iter().map(of).sum()
}

fn list(page: &mut Page, heading: &str, items: impl Iterator<Item = String>) {
    for (at, item) in items.enumerate() {
        if at == 0 {
            page.line(format!("  {heading}:"));
        }
        page.hanging("  - ", &item);
    }
}
