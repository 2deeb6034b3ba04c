//! What an import did, in words and as JSON.

use std::fmt::{self, Write as _};

use serde_json::{Value, json};

use super::{Handled, ImportPlan, Outcome, Section};

impl ImportPlan {
    /// The report as JSON.
    pub fn to_json(&self) -> Value {
        let (recorded, known, omitted) = self.counts();
        json!({
            "file": self.file,
            "document": {"id": self.document_id, "title": self.title, "date": self.date,
                         "blake3": self.document.blake3, "sha256": self.document.sha256},
            "records": self.records.len(),
            "recorded": recorded,
            "already_known": known,
            "omitted": omitted,
            "events": self.steps.len(),
            "sections": self.sections().map(|(section, records)| json!({
                "section": section.name(),
                "records": records.len(),
                "recorded": records.iter().filter(|one| matches!(one.outcome, Outcome::Events(_))).count(),
                "events": events(&records),
            })).collect::<Vec<_>>(),
            "omissions": self.omissions().map(|(record, reason)| json!({
                "record": record, "reason": reason,
            })).collect::<Vec<_>>(),
            "left_empty": self.records.iter().filter(|one| !one.left_empty.is_empty()).map(|one| json!({
                "record": one.record, "fields": one.left_empty,
            })).collect::<Vec<_>>(),
            "inferred": self.records.iter().filter(|one| !one.inferred.is_empty()).map(|one| json!({
                "record": one.record, "what": one.inferred,
            })).collect::<Vec<_>>(),
            "not_stated": self.not_stated,
            "not_carried": self.not_carried,
            "names_replaced_by_posts": self.names_replaced,
            "differs_from_entry": self.other_content,
        })
    }

    fn sections(&self) -> impl Iterator<Item = (Section, Vec<&Handled>)> {
        Section::ALL.iter().filter_map(|&section| {
            let of_it: Vec<_> = self
                .records
                .iter()
                .filter(|one| one.section == section)
                .collect();
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

fn events(records: &[&Handled]) -> usize {
    let of = |one: &&Handled| match one.outcome {
        Outcome::Events(events) => events,
        _ => 0,
    };
    records.iter().map(of).sum()
}

/// The report in words.
impl fmt::Display for ImportPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (recorded, known, omitted) = self.counts();
        let date = self
            .date
            .as_ref()
            .map_or("no date".into(), |date| date.to_string());
        writeln!(f, "{}: {} ({date})", self.file, self.title)?;
        if self.is_empty() {
            writeln!(
                f,
                "  nothing to add: {} of {} records are in this ledger already{}",
                known,
                self.records.len(),
                if omitted > 0 {
                    format!(", {omitted} are omitted")
                } else {
                    String::new()
                }
            )?;
        } else {
            writeln!(
                f,
                "  {} records: {recorded} recorded as {} events, {known} known before, {omitted} omitted",
                self.records.len(),
                self.steps.len()
            )?;
            for (section, records) in self.sections() {
                let events = events(&records);
                if events > 0 {
                    writeln!(
                        f,
                        "    {:<20} {:>4} records {:>5} events",
                        section.name(),
                        records.len(),
                        events
                    )?;
                }
            }
        }
        if let Some(entry) = self.other_content {
            writeln!(
                f,
                "  note: entry {entry} was made from a file of other content. Records that are in stay as \
                         they are; record a CorrectionRecorded for each that was wrong"
            )?;
        }
        list(
            f,
            "omitted",
            self.omissions()
                .map(|(record, reason)| format!("{record}: {reason}")),
        )?;
        if self.is_empty() {
            return Ok(());
        }
        list(
            f,
            "left empty, because the document does not state it",
            self.not_stated.iter().cloned(),
        )?;
        let empty = self
            .records
            .iter()
            .filter(|one| !one.left_empty.is_empty())
            .count();
        let inferred = self
            .records
            .iter()
            .filter(|one| !one.inferred.is_empty())
            .count();
        list(f, "not carried", self.not_carried.iter().cloned())?;
        let mut marks = String::new();
        if empty > 0 {
            write!(marks, "  {empty} records have fields marked not_stated")?;
        }
        if inferred > 0 {
            let and = if marks.is_empty() { "  " } else { ", " };
            write!(marks, "{and}{inferred} carry readings marked inferred")?;
        }
        if !marks.is_empty() {
            writeln!(f, "{marks}")?;
        }
        if self.names_replaced > 0 {
            writeln!(
                f,
                "  people's names are sealed; in {} texts the post stands for the name",
                self.names_replaced
            )?;
        }
        Ok(())
    }
}

fn list(
    f: &mut fmt::Formatter<'_>,
    heading: &str,
    items: impl Iterator<Item = String>,
) -> fmt::Result {
    for (at, item) in items.enumerate() {
        if at == 0 {
            writeln!(f, "  {heading}:")?;
        }
        writeln!(f, "    - {item}")?;
    }
    Ok(())
}
