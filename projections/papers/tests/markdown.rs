//! An independent reader of Markdown reads what the paper says, and no mark-up in it.

mod any;

use minutebook_papers::{Cell, Paper, markdown};
use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// The words of a text, and nothing that steers a terminal.
fn words(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let text = text.replace(
        |c: char| c.is_control() && !matches!(c, '\n' | '\t'),
        "\u{fffd}",
    );
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    words.join(" ")
}

fn expected(cell: &Cell, depth: usize) -> String {
    let lines = std::iter::once(&cell.text).chain(&cell.notes).cloned();
    let entries = cell.references.iter().map(ToString::to_string);
    let lines: Vec<String> = lines.chain(entries).collect();
    words(&("– ".repeat(depth) + &lines.join("\n")))
}

/// What a reader finds: headings, cells, and marks that nobody made.
#[derive(Debug, Default)]
struct Found {
    headings: Vec<String>,
    cells: Vec<String>,
    strange: Vec<String>,
}

fn read(markdown: &str) -> Found {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_MATH;
    let (mut found, mut text) = (Found::default(), String::new());
    for event in Parser::new_ext(markdown, options) {
        match event {
            Event::Start(Tag::Heading { .. } | Tag::TableCell) => text.clear(),
            Event::End(TagEnd::Heading(_)) => found.headings.push(words(&text)),
            Event::End(TagEnd::TableCell) => found.cells.push(words(&text)),
            Event::Text(piece) | Event::Code(piece) => text.push_str(&piece),
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            Event::InlineHtml(html) if &*html == "<br>" => text.push(' '),
            Event::Start(
                Tag::Paragraph
                | Tag::List(None)
                | Tag::Item
                | Tag::BlockQuote(None)
                | Tag::Strong
                | Tag::Table(_)
                | Tag::TableHead
                | Tag::TableRow,
            )
            | Event::End(_)
            | Event::Rule => {}
            other => found.strange.push(format!("{other:?}")),
        }
    }
    found
}

fn headings(paper: &Paper) -> Vec<String> {
    let sections = paper.sections.iter().map(|section| &section.heading);
    let headings = std::iter::once(&paper.title).chain(sections);
    headings.map(|heading| words(heading)).collect()
}

proptest! {
    #[test]
    fn a_reader_finds_what_the_paper_says(paper in any::paper()) {
        let made = markdown(&paper);
        let found = read(&made);
        prop_assert_eq!(&found.strange, &Vec::<String>::new(), "{}", made);
        prop_assert_eq!(&found.headings, &headings(&paper), "{}", made);
        let mut cells = Vec::new();
        for table in any::tables(&paper) {
            cells.extend(table.columns.iter().map(|column| words(&column.heading)));
            for row in &table.rows {
                for (i, cell) in any::cells(table, row).iter().enumerate() {
                    let depth = if i == 0 { usize::from(row.depth) } else { 0 };
                    cells.push(expected(cell, depth));
                }
            }
        }
        prop_assert_eq!(&found.cells, &cells, "{}", made);
    }
}
