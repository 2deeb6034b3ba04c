//! A paper's tables as comma-separated values, for spreadsheets and programs.
//!
//! One header stands over the rows of all tables. The first column names the section. The second
//! holds what names the row, under `Item` where the tables call it by different names. The others are
//! the columns of all tables, each heading once, so that rows stand under each other where sections
//! agree. What a cell says below its text stands in a column of its own, and so does what it refers
//! to. Paragraphs and lists are not in it.
//! Below the rows, under the name [`ABOUT`], stand the title, the facts, the banners
//! and the stamp.
//!
//! RFC 4180 in UTF-8: lines end with CRLF, every line has as many fields as the header. A cell that a
//! spreadsheet would run as a formula gets an apostrophe in front, as OWASP advises; plain numbers,
//! such as `-12.5`, stay as they are.

use csv::{Terminator, WriterBuilder};

use crate::{Block, Cell, Level, Paper, Row, Table};

/// What stands in the first column of the rows below the tables.
const ABOUT: &str = "About this paper";

/// The paper's tables as comma-separated values.
pub fn csv(paper: &Paper) -> String {
    let tables = tables(paper);
    let columns = columns(&tables);
    let mut lines = vec![columns.iter().map(Column::heading).collect()];
    for placed in &tables {
        for row in &placed.table.rows {
            let field = |column: &Column| column.field(placed, row);
            lines.push(columns.iter().map(field).collect());
        }
    }
    for text in about(paper) {
        let mut line = vec![String::new(); columns.len()];
        for (field, text) in line.iter_mut().zip([ABOUT.to_owned(), text]) {
            *field = text;
        }
        lines.push(line);
    }
    let mut writer = WriterBuilder::new()
        .terminator(Terminator::CRLF)
        .from_writer(Vec::new());
    for line in &lines {
        // Memory takes every line, and all are of one length.
        let _ = writer.write_record(line.iter().map(|field| defused(field)));
    }
    let bytes = writer.into_inner().unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

/// A table and the section that it stands in.
struct Placed<'a> {
    section: String,
    table: &'a Table,
}

/// The tables that have rows, in order. A part is named with its section: `Delivery plan / Aim 1`.
fn tables(paper: &Paper) -> Vec<Placed<'_>> {
    let mut above = "";
    let mut tables = Vec::new();
    for section in &paper.sections {
        let name = match section.level {
            Level::Section => {
                above = &section.heading;
                above.to_owned()
            }
            Level::Part if above.is_empty() => section.heading.clone(),
            Level::Part => format!("{above} / {}", section.heading),
        };
        for block in section.filled() {
            if let Block::Table(table) = block {
                let section = name.clone();
                tables.push(Placed { section, table });
            }
        }
    }
    tables
}

/// A column of the whole.
enum Column {
    /// The section's heading.
    Section,
    /// A part of the cells of one column of the tables.
    Cells { name: Name, part: Part },
    /// The table's caption.
    Caption,
    /// How deep the row stands, from 1.
    Level,
    /// Where there is no table, what stands in place of one.
    Content,
}

/// Which column of a table.
#[derive(Clone, PartialEq, Eq)]
enum Name {
    /// The first, which names the row, and what it is called in the whole.
    First(String),
    /// Of the others, the one with this heading; where several have it, the `nth` of them.
    Other { heading: String, nth: usize },
}

/// A part of a cell.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Text,
    Note,
    Reference,
}

impl Part {
    const ALL: [Self; 3] = [Self::Text, Self::Note, Self::Reference];

    fn of(self, cell: &Cell) -> String {
        match self {
            Self::Text => cell.text.clone(),
            Self::Note => cell.notes.join("; "),
            Self::Reference => cell.referred().unwrap_or_default(),
        }
    }
}

/// The columns of all tables, each once, in the order in which they first come.
fn columns(tables: &[Placed<'_>]) -> Vec<Column> {
    let mut columns = vec![Column::Section];
    for name in names(tables) {
        for part in Part::ALL {
            let name = name.clone();
            let column = Column::Cells { name, part };
            let said = |placed: &Placed<'_>| {
                let mut rows = placed.table.rows.iter();
                rows.any(|row| !column.field(placed, row).is_empty())
            };
            if part == Part::Text || tables.iter().any(said) {
                columns.push(column);
            }
        }
    }
    if columns.len() == 1 {
        columns.push(Column::Content);
    }
    if tables.iter().any(|placed| placed.table.caption.is_some()) {
        columns.push(Column::Caption);
    }
    let mut rows = tables.iter().flat_map(|placed| &placed.table.rows);
    if rows.any(|row| row.depth > 0) {
        columns.push(Column::Level);
    }
    columns
}

fn names(tables: &[Placed<'_>]) -> Vec<Name> {
    let mut names: Vec<Name> = Vec::new();
    let mut firsts = tables
        .iter()
        .filter_map(|placed| placed.table.columns.first());
    if let Some(first) = firsts.next() {
        let agreed = firsts.all(|other| other.heading == first.heading);
        let called = if agreed { &first.heading } else { "Item" };
        names.push(Name::First(called.to_owned()));
    }
    for placed in tables {
        let headings = placed.table.columns.iter().map(|column| &column.heading);
        let headings: Vec<&String> = headings.skip(1).collect();
        for (i, heading) in headings.iter().enumerate() {
            let nth = headings[..i].iter().filter(|before| *before == heading);
            let name = Name::Other {
                nth: nth.count(),
                heading: (*heading).clone(),
            };
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names
}

impl Name {
    fn called(&self) -> &str {
        match self {
            Self::First(called) => called,
            Self::Other { heading, .. } => heading,
        }
    }

    /// The cell of a row in this column; nothing where its table has no such column.
    fn cell<'a>(&self, table: &'a Table, row: &'a Row) -> Option<&'a Cell> {
        let mut cells = table.cells(row);
        let found = match self {
            Self::First(_) => cells.next(),
            Self::Other { heading, nth } => {
                let others = cells.skip(1);
                let mut others = others.filter(|(column, _)| column.heading == *heading);
                others.nth(*nth)
            }
        };
        found.map(|(_, cell)| cell)
    }
}

impl Column {
    fn heading(&self) -> String {
        match self {
            Self::Section => "Section".into(),
            Self::Cells { name, part } => match part {
                Part::Text => name.called().to_owned(),
                Part::Note => format!("{}: note", name.called()),
                Part::Reference => format!("{}: reference", name.called()),
            },
            Self::Caption => "Table".into(),
            Self::Level => "Level".into(),
            Self::Content => "Content".into(),
        }
    }

    fn field(&self, placed: &Placed<'_>, row: &Row) -> String {
        match self {
            Self::Section => placed.section.clone(),
            Self::Cells { name, part } => {
                let cell = name.cell(placed.table, row);
                cell.map(|cell| part.of(cell)).unwrap_or_default()
            }
            Self::Caption => placed.table.caption.clone().unwrap_or_default(),
            Self::Level => (u16::from(row.depth) + 1).to_string(),
            Self::Content => String::new(),
        }
    }
}

/// What stands below the rows.
fn about(paper: &Paper) -> Vec<String> {
    let mut lines = vec![format!("Title: {}", paper.title)];
    if !paper.subtitle.is_empty() {
        lines.push(format!("Of: {}", paper.subtitle));
    }
    let facts = paper.facts.iter();
    lines.extend(facts.map(|fact| format!("{}: {}", fact.label, fact.value)));
    lines.extend(paper.banners.iter().map(|banner| format!("Note: {banner}")));
    let stamp = paper.stamp.parts();
    lines.extend(stamp.map(|(name, value, _)| format!("{name}: {value}")));
    lines
}

/// The field as a spreadsheet may have it: what it would run as a formula begins with an apostrophe.
fn defused(field: &str) -> String {
    let runs = |c: char| "=+-@＝＋－＠\t\r\n".contains(c);
    // Some spreadsheets cut leading spaces before they look.
    let first = field.trim_start_matches(' ').chars().next();
    match first {
        Some(first) if runs(first) && !is_number(field) => format!("'{field}"),
        _ => field.to_owned(),
    }
}

/// Whether this is a plain number: a sign, digits with commas between them, a decimal part, and
/// perhaps a per cent sign.
fn is_number(field: &str) -> bool {
    let number = field.strip_prefix(['-', '+']).unwrap_or(field);
    let number = number.strip_suffix('%').unwrap_or(number);
    let (whole, decimals) = number.split_once('.').unwrap_or((number, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    whole.split(',').all(digits) && digits(decimals)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_run_gets_an_apostrophe() {
        for formula in [
            "=1+1",
            "+1+1",
            "-2+3",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            " =1",
            "＝1",
            "-",
            "--1",
            "-1.",
            "-1,",
            "-1e5",
            "+44 20 7946 0000",
        ] {
            assert_eq!(defused(formula), format!("'{formula}"));
        }
        for plain in [
            "-12", "+3.5", "-1,200", "-12.5%", "1-2", "a=b", "", "25/26", "– Part",
        ] {
            assert_eq!(defused(plain), plain);
        }
    }
}
