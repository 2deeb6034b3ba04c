//! A paper as plain text.

use crate::grid::{Grid, GridColumn, GridLine};
use crate::paper::printable;
use crate::{Block, Fact, Kind, Level, Page, Paper, Section, Table};

/// The narrowest that a paper is set.
const NARROWEST: usize = 24;

/// How far notes and the rows below a row are indented.
const INDENT: usize = 2;

/// The paper as plain text in lines of at most `width` columns. Only a word that is longer, such as
/// a digest, runs over.
pub fn text(paper: &Paper, width: usize) -> String {
    let mut page = Page::new(width.max(NARROWEST));
    page.heading(&printable(&paper.title), '=');
    page.text_block(&printable(&paper.subtitle));
    if !paper.facts.is_empty() {
        page.blank();
        facts(&mut page, &paper.facts);
    }
    for banner in &paper.banners {
        page.blank();
        page.hanging("Note: ", &printable(banner));
    }
    for part in &paper.sections {
        page.blank();
        section(&mut page, part);
    }
    page.blank();
    page.line("-".repeat(width.clamp(NARROWEST, 80)));
    let stamp = paper.stamp.parts();
    page.fields(0, stamp.map(|(name, value, _)| (name, printable(&value))));
    page.text().to_owned()
}

fn section(page: &mut Page, section: &Section) {
    let heading = printable(&section.heading);
    match section.level {
        Level::Section => page.blank().heading(&heading, '-'),
        Level::Part => page.text_block(&heading),
    };
    let said = [section.intro.as_deref(), section.emptiness()];
    for sentence in said.into_iter().flatten() {
        page.blank();
        page.text_block(&printable(sentence));
    }
    for block in section.filled() {
        page.blank();
        match block {
            Block::Paragraph(text) => {
                page.text_block(&printable(text));
            }
            Block::List(items) => {
                for item in items {
                    page.hanging("- ", &printable(item));
                }
            }
            Block::Facts(list) => facts(page, list),
            Block::Table(of) => table(page, of),
        }
    }
}

fn facts(page: &mut Page, facts: &[Fact]) {
    let printable = |fact: &Fact| (printable(&fact.label), printable(&fact.value));
    page.fields(0, facts.iter().map(printable));
}

fn table(page: &mut Page, table: &Table) {
    if let Some(caption) = &table.caption {
        page.text_block(&printable(caption));
        page.blank();
    }
    let columns = table.columns.iter().map(|column| GridColumn {
        heading: printable(&column.heading),
        right: column.kind == Kind::Number,
    });
    let rows = table.rows.iter().map(|row| {
        let cells = table.cells(row).enumerate();
        let cells = cells.map(|(i, (_, cell))| {
            let depth = if i == 0 { usize::from(row.depth) } else { 0 };
            let indent = INDENT * depth;
            let notes = cell.notes.iter().cloned().chain(cell.referred());
            let notes: Vec<String> = notes.map(|note| printable(&note)).collect();
            GridLine::of(indent, &printable(&cell.text))
                .chain(
                    notes
                        .iter()
                        .flat_map(|note| GridLine::of(indent + INDENT, note)),
                )
                .collect()
        });
        cells.collect()
    });
    page.grid(&Grid {
        columns: columns.collect(),
        rows: rows.collect(),
        spaced: true,
        runs_over: false,
    });
}
