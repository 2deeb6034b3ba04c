//! The record about itself: corrections, erasures, holds, what left it, and what was recorded late.

use minutebook_events::{Kind, SubjectId};
use minutebook_papers::{Cell, Column, Section, Table};
use minutebook_projections::stated::At;
use schemars::JsonSchema;
use serde::Serialize;

use super::asking::Asking;
use super::row::Row;
use super::{cells, heading};
use crate::context::Context;

mod exceptions;

use exceptions::{Held, late, unreported};

macro_rules! sorts {
    ($($sort:ident $name:literal $heading:literal $doc:literal)*) => {
        /// What sort of thing is said of the record.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
        #[serde(rename_all = "kebab-case")]
        pub enum Sort { $(#[doc = $doc] $sort,)* }

        impl Sort {
            const ALL: &'static [Self] = &[$(Self::$sort),*];

            /// The word for one.
            pub fn name(self) -> &'static str {
                match self { $(Self::$sort => $name,)* }
            }

            fn heading(self) -> &'static str {
                match self { $(Self::$sort => $heading,)* }
            }
        }
    };
}

sorts! {
    Correction "correction" "Corrections" "An entry was found to hold a mistake."
    Erasure "erasure" "Erasures" "Content was erased, as the law asks."
    Disposal "disposal" "Disposals" "Content was disposed of at the end of its retention."
    Hold "hold" "Holds" "Records must be kept for now."
    Publication "publication" "Published" "Something was published."
    Disclosure "disclosure" "Given out on request" "Something was given out or refused on request."
    Late "late" "Recorded late" "True before a later meeting of the body, and recorded after it."
    Unreported "unreported" "Chair's action not reported to the next meeting"
        "The chair acted for the body, and nothing of its next meeting names it."
}

/// Something that is said of the record.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Record {
    /// What sort of thing.
    pub sort: Sort,
    /// The entry that it is about, where it is about one.
    pub entry: Option<u64>,
    /// What it says, in words.
    pub what: String,
    /// The law, rule, ground or exemption that it rests on.
    pub basis: Option<String>,
    /// Why.
    pub reason: Option<String>,
}

/// Everything that is said of the record, by its sort, and then in order of record.
pub(crate) fn rows(asking: &Asking<'_>) -> Vec<Row<Record>> {
    let as_of = asking.as_of;
    let mut rows = Vec::new();
    remarks(asking, &mut rows);
    holds(asking, &mut rows);
    releases(asking, &mut rows);
    let held = Held::new(as_of);
    late(asking, &held, &mut rows);
    unreported(asking, &held, &mut rows);
    rows.retain(|row| {
        let words = [
            row.fields.sort.name(),
            row.state.as_deref().unwrap_or_default(),
        ];
        let is_hold = row.fields.sort == Sort::Hold;
        (is_hold || asking.wants(&row.id, [])) && asking.wants_state(words)
    });
    rows.sort_by_key(|row| (row.fields.sort, row.said.as_ref().map(|said| said.entry)));
    rows
}

fn row(
    asking: &Asking<'_>,
    id: &SubjectId,
    at: At,
    state: Option<&str>,
    mut fields: Record,
) -> Row<Record> {
    fields.reason = asking.said(at).and_then(|said| said.reason);
    let title = minutebook_projections::title::title(asking.as_of, id);
    let title = title.unwrap_or_else(|| match id.kind() {
        Kind::Record => format!("entry {}", id.name()),
        _ => id.to_string(),
    });
    asking.row(id, title, state.map(str::to_owned), [at], fields)
}

fn record(sort: Sort, what: impl Into<String>) -> Record {
    Record {
        sort,
        entry: None,
        what: what.into(),
        basis: None,
        reason: None,
    }
}

fn remarks(asking: &Asking<'_>, rows: &mut Vec<Row<Record>>) {
    let as_of = asking.as_of;
    for (id, remarks) in as_of.all(&as_of.views.records.remarks) {
        for one in remarks.corrections.oldest_first() {
            let right = one.value.as_deref().unwrap_or("nothing should stand there");
            let fields = Record {
                entry: Some(one.entry),
                ..record(
                    Sort::Correction,
                    format!("{}: {right}", one.field.replace('_', " ")),
                )
            };
            rows.push(row(asking, id, one.at, None, fields));
        }
        for one in remarks.erased.oldest_first() {
            let what = format!("the content with the digest {}", one.digest);
            let fields = Record {
                basis: Some(one.legal_basis.clone()),
                ..record(Sort::Erasure, what)
            };
            rows.push(row(asking, id, one.at, None, fields));
        }
        for one in remarks.disposed.oldest_first() {
            let fields = Record {
                basis: Some(one.retention_rule.clone()),
                ..record(Sort::Disposal, one.appraisal.as_str())
            };
            rows.push(row(asking, id, one.at, None, fields));
        }
    }
}

fn holds(asking: &Asking<'_>, rows: &mut Vec<Row<Record>>) {
    let as_of = asking.as_of;
    for (id, hold) in as_of.all(&as_of.views.holds) {
        if !asking.wants_hold(hold) {
            continue;
        }
        let scope: Vec<String> = hold.placed.scope.iter().map(SubjectId::to_string).collect();
        let what = match scope.is_empty() {
            true => "covers the whole ledger".to_owned(),
            false => format!("covers {}", scope.join(", ")),
        };
        let ground = cells::word(&hold.placed.ground);
        let fields = Record {
            basis: Some(match &hold.placed.request {
                Some(request) => format!("{ground}, {request}"),
                None => ground,
            }),
            ..record(Sort::Hold, what)
        };
        let state = if hold.lifted.is_some() {
            "lifted"
        } else {
            "in force"
        };
        let mut row = row(asking, id, hold.placed.at, Some(state), fields);
        row.entries
            .extend(hold.lifted.iter().map(|one| one.at.position));
        rows.push(row);
    }
}

fn releases(asking: &Asking<'_>, rows: &mut Vec<Row<Record>>) {
    let as_of = asking.as_of;
    for (id, releases) in as_of.all(&as_of.views.releases) {
        for one in releases.published.oldest_first() {
            let fields = Record {
                basis: (!one.redactions.is_empty())
                    .then(|| format!("left out: {}", one.redactions.join(", "))),
                ..record(Sort::Publication, one.channel.as_str())
            };
            rows.push(row(asking, id, one.at, None, fields));
        }
        for one in releases.disclosed.oldest_first() {
            let state = if one.refused { "refused" } else { "given out" };
            let fields = Record {
                basis: (!one.exemptions.is_empty()).then(|| one.exemptions.join(", ")),
                ..record(Sort::Disclosure, one.request.as_str())
            };
            rows.push(row(asking, id, one.at, Some(state), fields));
        }
    }
}

/// What is said of the record, a table for each sort.
pub fn sections(context: &Context<'_>, rows: &[Row<Record>]) -> Vec<Section> {
    let mut sections = Vec::new();
    for sort in Sort::ALL {
        let found: Vec<_> = rows.iter().filter(|row| row.fields.sort == *sort).collect();
        if found.is_empty() {
            continue;
        }
        let mut table = Table::new([
            Column::text("About"),
            Column::text("What"),
            Column::text("On what basis, and why"),
            Column::text("Entry"),
        ]);
        for row in &found {
            let fields = &row.fields;
            let mut what = Cell::new(fields.what.as_str());
            what = row
                .state
                .iter()
                .fold(what, |cell, state| cell.note(state.as_str()));
            what = fields.entry.into_iter().fold(what, Cell::entry);
            let effective = row.said.as_ref().and_then(|said| said.effective.as_ref());
            let effective = effective.map(|when| format!("true {when}"));
            let minuted = cells::minuted(context, row.said.as_ref());
            let when = effective.or(minuted.map(|at| format!("at {at}")));
            let why = fields
                .basis
                .clone()
                .into_iter()
                .chain(fields.reason.clone());
            let entry = cells::entry(row.said.as_ref());
            let signer = row.said.as_ref().map(|said| context.person(&said.signer));
            table = table.row([
                cells::what_of(context, row),
                when.into_iter().fold(what, Cell::note),
                cells::lines(why),
                signer.into_iter().fold(entry, Cell::note),
            ]);
        }
        let heading = heading(sort.heading(), found.len());
        sections.push(Section::new(heading).block(table.into()));
    }
    sections
}
