//! A seed file, read and checked as far as one record at a time goes.

use minutebook_events::Period;

use super::ImportError;
use super::names::Names;
use super::node::{Misread, Node};
use super::section::Section;
use super::seed::{Document, FORMAT, Partnership, SHARED, Shared};

/// A file's header and its records in the file's order.
#[derive(Debug)]
pub struct SeedFile {
    /// The file's name.
    pub name: String,
    /// Whom it is about.
    pub partnership: Partnership,
    /// The document that its facts were taken from.
    pub document: Document,
    /// The document's date, or the year that it reports on.
    pub date: Option<Period>,
    /// The records.
    pub records: Vec<Record>,
    /// What the document leaves open.
    pub not_stated: Vec<String>,
    /// What was left out on purpose.
    pub not_carried: Vec<String>,
    /// In how many texts a person's name was replaced by the post.
    pub names_replaced: usize,
}

/// One record, with what records of every section share.
#[derive(Debug)]
pub struct Record {
    /// Its section.
    pub section: Section,
    /// Its place in the section, counted from 1.
    pub ordinal: usize,
    /// What records of every section share.
    pub shared: Shared,
    /// What is its section's own.
    pub own: Node,
    /// All of it.
    pub node: Node,
}

impl Record {
    /// The name under which reports speak of it. A person is named by number, for an id in a file
    /// is often made of the name.
    pub fn label(&self) -> String {
        match self.section {
            Section::People => format!("people/{}", self.ordinal),
            section => format!("{}/{}", section.name(), self.shared.id),
        }
    }
}

/// Collects the mistakes of one file.
pub struct Mistakes {
    file: String,
    found: Vec<ImportError>,
}

impl Mistakes {
    /// None yet.
    pub fn new(file: &str) -> Self {
        Self {
            file: file.into(),
            found: Vec::new(),
        }
    }

    /// Adds one.
    pub fn add(&mut self, line: u64, record: &str, field: &str, message: impl Into<String>) {
        self.found.push(ImportError {
            file: self.file.clone(),
            line,
            record: record.into(),
            field: field.into(),
            message: message.into(),
        });
    }

    /// Adds what could not be read.
    pub fn misread(&mut self, record: &str, error: Misread) {
        self.add(error.line, record, &error.field, error.message);
    }

    /// Adds all of `others`.
    pub fn append(&mut self, others: Self) {
        self.found.extend(others.found);
    }

    /// The value, where nothing was found.
    ///
    /// # Errors
    /// All that was found, by line.
    pub fn or<T>(mut self, value: Option<T>) -> Result<T, Vec<ImportError>> {
        match value {
            Some(value) if self.found.is_empty() => Ok(value),
            _ => {
                self.found.sort_by_key(|error| error.line);
                Err(self.found)
            }
        }
    }
}

const HEADER: [&str; 6] = [
    "format",
    "partnership",
    "document",
    "record_counts",
    "not_stated",
    "not_carried",
];

/// Reads a file. Every mistake is added to `mistakes`; `None` where there is no header to go on from.
pub fn read(name: &str, text: &str, mistakes: &mut Mistakes) -> Option<SeedFile> {
    let mut root = match Node::parse(text) {
        Ok(root) => root,
        Err(error) => {
            mistakes.misread("", error);
            return None;
        }
    };
    match root.get("format").and_then(Node::text) {
        Some(FORMAT) => {}
        Some(other) => {
            let line = root.line_of("format");
            mistakes.add(line, "", "format", format!("{other:?} is not {FORMAT:?}"));
            return None;
        }
        None => {
            mistakes.add(
                root.line,
                "",
                "format",
                format!("is missing; it must be {FORMAT:?}"),
            );
            return None;
        }
    }
    let names = Names::of(&root);
    let names_replaced = names.replace_in(&mut root);

    for pair in root.pairs() {
        if !HEADER.contains(&pair.key.as_str()) && Section::parse(&pair.key).is_none() {
            mistakes.add(
                pair.line,
                "",
                &pair.key,
                format!("unknown key {:?}", pair.key),
            );
        }
    }
    let partnership = part::<Partnership>(&root, "partnership", mistakes);
    let document = part::<Document>(&root, "document", mistakes);
    let not_stated = part_or_default::<Vec<String>>(&root, "not_stated", mistakes);
    let not_carried = part_or_default::<Vec<String>>(&root, "not_carried", mistakes);
    let records = records(&root, mistakes);
    counted(&root, mistakes);
    let (partnership, document) = (partnership?, document?);
    let date = document_date(&root, &document, mistakes);
    for record in &records {
        if record.shared.source.document != document.title {
            let line = record.node.line_of("source.document");
            let message = format!("this file is about {:?}", document.title);
            mistakes.add(line, &record.label(), "source.document", message);
        }
    }
    Some(SeedFile {
        name: name.into(),
        partnership,
        document,
        date,
        records,
        not_stated,
        not_carried,
        names_replaced,
    })
}

fn part<'de, T: serde::Deserialize<'de>>(
    root: &'de Node,
    key: &str,
    mistakes: &mut Mistakes,
) -> Option<T> {
    let Some(node) = root.get(key) else {
        mistakes.add(root.line, "", key, "is missing");
        return None;
    };
    match node.read() {
        Ok(value) => Some(value),
        Err(mut error) => {
            error.field = [key, &error.field].join(".").trim_end_matches('.').into();
            mistakes.misread("", error);
            None
        }
    }
}

fn part_or_default<'de, T: serde::Deserialize<'de> + Default>(
    root: &'de Node,
    key: &str,
    mistakes: &mut Mistakes,
) -> T {
    match root.get(key) {
        Some(_) => part(root, key, mistakes).unwrap_or_default(),
        None => T::default(),
    }
}

fn document_date(root: &Node, document: &Document, mistakes: &mut Mistakes) -> Option<Period> {
    let dates = [
        ("document.date", &document.date),
        ("document.reporting_year", &document.reporting_year),
    ];
    let mut found = None;
    for (path, date) in dates {
        match date.as_ref().map(|date| date.period(None)) {
            Some(Ok(period)) => found = found.or(Some(period)),
            Some(Err(error)) => {
                let field = format!("{path}.{}", error.field);
                mistakes.add(root.line_of(&field), "", &field, error.message);
            }
            None => {}
        }
    }
    found
}

fn records(root: &Node, mistakes: &mut Mistakes) -> Vec<Record> {
    let mut records = Vec::new();
    for pair in root.pairs() {
        let Some(section) = Section::parse(&pair.key) else {
            continue;
        };
        let Some(items) = pair.node.items() else {
            mistakes.add(pair.line, "", &pair.key, "is no list of records");
            continue;
        };
        for (index, node) in items.iter().enumerate() {
            let label = match node.get("id").and_then(Node::text) {
                Some(id) if section != Section::People => format!("{}/{id}", section.name()),
                _ => format!("{}/{}", section.name(), index + 1),
            };
            match node.only(&SHARED).read::<Shared>() {
                Ok(shared) => records.push(Record {
                    section,
                    ordinal: index + 1,
                    shared,
                    own: node.without(&SHARED),
                    node: node.clone(),
                }),
                Err(error) => mistakes.misread(&label, error),
            }
        }
    }
    records
}

/// Holds `record_counts` against what is there.
fn counted(root: &Node, mistakes: &mut Mistakes) {
    let Some(counts) = root.get("record_counts") else {
        mistakes.add(root.line, "", "record_counts", "is missing");
        return;
    };
    let there = |section: Section| {
        root.get(section.name())
            .and_then(Node::items)
            .map_or(0, <[Node]>::len)
    };
    let mut total = None;
    for pair in counts.pairs() {
        let field = format!("record_counts.{}", pair.key);
        let Some(count) = pair.node.text().and_then(|text| text.parse::<usize>().ok()) else {
            mistakes.add(pair.node.line, "", &field, "is no number");
            continue;
        };
        match Section::parse(&pair.key) {
            Some(section) if there(section) != count => {
                let message = format!("says {count}; the file has {}", there(section));
                mistakes.add(pair.node.line, "", &field, message);
            }
            Some(_) => {}
            None if pair.key == "total" => total = Some((pair.node.line, count)),
            None => mistakes.add(pair.line, "", &field, format!("unknown key {:?}", pair.key)),
        }
    }
    for &section in Section::ALL {
        if there(section) > 0 && counts.get(section.name()).is_none() {
            let field = format!("record_counts.{}", section.name());
            let message = format!("is missing; the file has {}", there(section));
            mistakes.add(counts.line, "", &field, message);
        }
    }
    let sum: usize = Section::ALL.iter().map(|&section| there(section)).sum();
    match total {
        Some((_, total)) if total == sum => {}
        Some((line, total)) => {
            let message = format!("says {total}; the file has {sum}");
            mistakes.add(line, "", "record_counts.total", message);
        }
        None => mistakes.add(counts.line, "", "record_counts.total", "is missing"),
    }
}
