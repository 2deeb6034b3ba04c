//! Nothing that a paper says becomes mark-up of the page.

mod any;

use minutebook_papers::{Block, Cell, Fact, Paper, html};
use proptest::prelude::*;

/// The tags of a page in order, without what a label says, and the text between them.
fn taken_apart(page: &str) -> (Vec<String>, String) {
    let (mut tags, mut text) = (Vec::new(), String::new());
    let mut rest = page;
    while let Some((before, after)) = rest.split_once('<') {
        text.push_str(before);
        let (tag, after) = after.split_once('>').expect("every tag ends");
        let tag = match tag.split_once("data-label=\"") {
            Some((before, label)) => {
                let (_, after) = label.split_once('"').expect("a label ends");
                format!("{before}{after}")
            }
            None => tag.to_owned(),
        };
        text.push(if tag == "br" { '\n' } else { '\u{0}' });
        tags.push(tag);
        rest = after;
    }
    text.push_str(rest);
    (tags, text)
}

fn unescaped(text: &str) -> String {
    let pairs = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&nbsp;", " "),
    ];
    let text = pairs
        .iter()
        .fold(text.to_owned(), |text, (from, to)| text.replace(from, to));
    text.replace('\u{a0}', " ").replace("&amp;", "&")
}

/// The paper with every text changed.
fn mapped(paper: &Paper, change: impl Fn(&str) -> String + Copy) -> Paper {
    let mut paper = paper.clone();
    let set = |text: &mut String| *text = change(text);
    let facts = |facts: &mut Vec<Fact>| {
        facts.iter_mut().for_each(|fact| {
            set(&mut fact.label);
            set(&mut fact.value);
        });
    };
    let cell = |cell: &mut Cell| {
        set(&mut cell.text);
        cell.notes.iter_mut().for_each(set);
    };
    let stamp = &mut paper.stamp;
    [
        &mut paper.title,
        &mut paper.subtitle,
        &mut stamp.ledger,
        &mut stamp.origin,
        &mut stamp.question,
    ]
    .into_iter()
    .for_each(set);
    facts(&mut paper.facts);
    paper.banners.iter_mut().for_each(set);
    for section in &mut paper.sections {
        set(&mut section.heading);
        section.intro.iter_mut().for_each(set);
        section.when_empty.iter_mut().for_each(set);
        for block in &mut section.blocks {
            match block {
                Block::Paragraph(text) => set(text),
                Block::List(items) => items.iter_mut().for_each(set),
                Block::Facts(list) => facts(list),
                Block::Table(table) => {
                    table.caption.iter_mut().for_each(set);
                    table
                        .columns
                        .iter_mut()
                        .for_each(|column| set(&mut column.heading));
                    table
                        .rows
                        .iter_mut()
                        .flat_map(|row| &mut row.cells)
                        .for_each(cell);
                }
            }
        }
    }
    paper
}

/// A text of the same shape that nobody could take for mark-up.
fn harmless(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let letter = |c: char| {
        if c.is_whitespace() || c == '→' {
            c
        } else {
            'x'
        }
    };
    text.chars().map(letter).collect()
}

proptest! {
    #[test]
    fn the_tags_do_not_depend_on_what_the_paper_says(paper in any::paper()) {
        let (tags, _) = taken_apart(&html(&paper));
        let (expected, _) = taken_apart(&html(&mapped(&paper, harmless)));
        prop_assert_eq!(tags, expected);
    }

    #[test]
    fn every_cell_is_there_as_it_was_said(paper in any::paper()) {
        let (_, text) = taken_apart(&html(&paper));
        let text = unescaped(&text);
        for table in any::tables(&paper) {
            for cell in table.rows.iter().flat_map(|row| any::cells(table, row)) {
                for said in std::iter::once(&cell.text).chain(&cell.notes) {
                    // An arrow has a tag of its own, and control characters are not shown.
                    let said = said.replace("\r\n", "\n").replace('\u{1b}', "\u{fffd}").replace('\t', " ");
                    let said = said.trim_end_matches('\n').replace('→', "\u{0}→\u{0}");
                    prop_assert!(text.contains(&said), "{said:?}");
                }
            }
        }
    }
}

#[test]
fn a_script_in_every_text_is_shown_and_not_run() {
    let hostile = |_: &str| "</title></style><script>alert(\"1\")</script>' onload='x".to_owned();
    let paper = mapped(&example(), hostile);
    let page = html(&paper);
    assert!(!page.contains("<script"));
    assert_eq!(page.matches("</style>").count(), 1);
    assert_eq!(page.matches("</title>").count(), 1);
    assert!(!page.contains("' onload='"));
    assert!(page.contains("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39; onload=&#39;x"));
}

#[path = "example/mod.rs"]
mod example_paper;

fn example() -> Paper {
    example_paper::changes()
}
