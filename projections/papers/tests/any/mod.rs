//! Papers that say anything at all, hostile things with preference.

use minutebook_papers::{Block, Cell, Column, Fact, Level, Paper, Row, Section, Stamp, Table};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::json;

/// A text: pieces that some form takes for its own, and others.
pub fn text() -> impl Strategy<Value = String> {
    let hostile = prop::sample::select(vec![
        "<script>alert(1)</script>",
        "</style>",
        "</title>",
        "<!--",
        "<br>",
        "\"",
        "'",
        "&amp;",
        "&",
        "|",
        "\\",
        "\\|",
        "*bold*",
        "_low_",
        "a_b",
        "`code`",
        "``",
        "[link](x)",
        "~~gone~~",
        "$x$",
        "# ",
        "#",
        "> ",
        "- ",
        "+ ",
        "1. ",
        "---",
        "===",
        "=1+1",
        "+1",
        "-12",
        "-12.5%",
        "@SUM(A1)",
        "\t",
        "\n",
        "\r\n",
        ",",
        ";",
        " → ",
        "→",
        "25/26",
        "2024/25 → 25/26",
        "委員会",
        "e\u{301}",
        "\u{1b}[31m",
        " ",
        "0123456789abcdef0123456789abcdef0123456789abcdef",
    ]);
    let plain = "[a-zA-Z0-9 ]{1,12}";
    let piece = prop_oneof![
        hostile.prop_map(str::to_owned),
        plain.prop_map(String::from)
    ];
    vec(piece, 0..5).prop_map(|pieces| pieces.concat())
}

fn column() -> impl Strategy<Value = Column> {
    (text(), 0..3).prop_map(|(heading, kind)| match kind {
        0 => Column::text(heading),
        1 => Column::number(heading),
        _ => Column::date(heading),
    })
}

fn cell() -> impl Strategy<Value = Cell> {
    let entries = prop::option::of(0..2_000u64);
    (text(), vec(text(), 0..3), entries).prop_map(|(text, notes, entry)| {
        let cell = notes.into_iter().fold(Cell::new(text), Cell::note);
        match entry {
            Some(index) => cell.entry(index),
            None => cell,
        }
    })
}

/// Rows may have fewer or more cells than there are columns.
fn table() -> impl Strategy<Value = Table> {
    let row = (vec(cell(), 0..5), 0..4u8).prop_map(|(cells, depth)| Row::new(cells).under(depth));
    let parts = (
        prop::option::of(text()),
        vec(column(), 1..5),
        vec(row, 0..4),
    );
    parts.prop_map(|(caption, columns, rows)| Table {
        caption,
        columns,
        rows,
    })
}

fn facts() -> impl Strategy<Value = Vec<Fact>> {
    let fact = (text(), text()).prop_map(|(label, value)| Fact::new(label, value));
    vec(fact, 0..3)
}

fn block() -> impl Strategy<Value = Block> {
    prop_oneof![
        text().prop_map(Block::Paragraph),
        vec(text(), 0..3).prop_map(Block::List),
        facts().prop_map(Block::Facts),
        table().prop_map(Block::Table),
    ]
}

fn section() -> impl Strategy<Value = Section> {
    let optional = || prop::option::of(text());
    let parts = (
        text(),
        any::<bool>(),
        optional(),
        vec(block(), 0..3),
        optional(),
    );
    parts.prop_map(|(heading, part, intro, blocks, when_empty)| Section {
        heading,
        level: if part { Level::Part } else { Level::Section },
        intro,
        blocks,
        when_empty,
    })
}

/// A paper.
pub fn paper() -> impl Strategy<Value = Paper> {
    let stamp =
        (text(), text(), any::<u64>(), text()).prop_map(|(ledger, origin, entries, question)| {
            let (root, view_digest) = ("ab".repeat(32), "cd".repeat(32));
            Stamp {
                ledger,
                origin,
                entries,
                root,
                view_digest,
                question,
            }
        });
    let parts = (
        text(),
        text(),
        facts(),
        vec(text(), 0..2),
        vec(section(), 0..7),
        stamp,
    );
    parts.prop_map(|(title, subtitle, facts, banners, sections, stamp)| Paper {
        title,
        subtitle,
        facts,
        banners,
        sections,
        stamp,
        data: json!(null),
    })
}

/// The tables of a paper that have rows.
pub fn tables(paper: &Paper) -> Vec<&Table> {
    let blocks = paper.sections.iter().flat_map(|section| &section.blocks);
    let tables = blocks.filter_map(|block| match block {
        Block::Table(table) if !table.rows.is_empty() => Some(table),
        _ => None,
    });
    tables.collect()
}

/// A row's cells, one for each column of its table.
pub fn cells(table: &Table, row: &Row) -> Vec<Cell> {
    let cells = row.cells.iter().cloned();
    let cells = cells.chain(std::iter::repeat(Cell::default()));
    cells.take(table.columns.len()).collect()
}
