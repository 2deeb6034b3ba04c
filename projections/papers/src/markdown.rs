//! A paper as Markdown, with tables as GitHub reads them. It is to be readable as it is, too.

use crate::paper::{Part, printable};
use crate::wrap::{padded, width_of};
use crate::{Block, Fact, Kind, Level, Paper, Section, Table};

/// Cells are filled to the width of their column up to here, so that the table can be read as it is.
const WIDEST_FILL: usize = 40;

/// The paper as Markdown.
pub fn markdown(paper: &Paper) -> String {
    let mut out = format!("# {}\n", heading(&paper.title));
    paragraph(&mut out, &paper.subtitle);
    facts(&mut out, &paper.facts);
    for banner in &paper.banners {
        out.push_str(&format!("\n> **Note:** {}\n", inline(banner)));
    }
    for part in &paper.sections {
        section(&mut out, part);
    }
    out.push_str("\n---\n\n");
    for (name, value, part) in paper.stamp.parts() {
        let value = match part {
            Part::Words => inline(&value),
            Part::Code => code(&value),
        };
        out.push_str(&format!("- **{name}:** {value}\n"));
    }
    out
}

fn section(out: &mut String, section: &Section) {
    let hashes = match section.level {
        Level::Section => "##",
        Level::Part => "###",
    };
    out.push_str(&format!("\n{hashes} {}\n", heading(&section.heading)));
    let said = [section.intro.as_deref(), section.emptiness()];
    for sentence in said.into_iter().flatten() {
        paragraph(out, sentence);
    }
    for block in section.filled() {
        match block {
            Block::Paragraph(text) => paragraph(out, text),
            Block::List(items) => {
                out.push('\n');
                for item in items {
                    out.push_str(&format!("- {}\n", line(item)));
                }
            }
            Block::Facts(list) => facts(out, list),
            Block::Table(of) => table(out, of),
        }
    }
}

fn paragraph(out: &mut String, text: &str) {
    if text.trim().is_empty() {
        return;
    }
    let text = printable(text);
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    let lines: Vec<String> = lines.map(line).collect();
    // A backslash at the end keeps the line break.
    out.push_str(&format!("\n{}\n", lines.join("\\\n")));
}

fn facts(out: &mut String, facts: &[Fact]) {
    if !facts.is_empty() {
        out.push('\n');
    }
    for Fact { label, value } in facts {
        out.push_str(&format!("- **{}:** {}\n", inline(label), inline(value)));
    }
}

fn table(out: &mut String, table: &Table) {
    if let Some(caption) = &table.caption {
        paragraph(out, caption);
    }
    let headings: Vec<String> = table
        .columns
        .iter()
        .map(|column| cell(&column.heading))
        .collect();
    let rows: Vec<Vec<String>> = table
        .rows
        .iter()
        .map(|row| {
            let cells = table.cells(row).enumerate();
            let cells = cells.map(|(i, (_, shown))| {
                let depth = if i == 0 { usize::from(row.depth) } else { 0 };
                let lines = std::iter::once(&shown.text).chain(&shown.notes);
                let lines = lines.map(|line| cell(line));
                let lines = lines.chain(shown.referred().map(|referred| cell(&referred)));
                let lines: Vec<String> = lines.filter(|line| !line.is_empty()).collect();
                "– ".repeat(depth) + &lines.join("<br>")
            });
            cells.collect()
        })
        .collect();
    let widths: Vec<usize> = (0..headings.len())
        .map(|column| {
            let cells = rows.iter().chain([&headings]);
            let cells = cells.filter_map(|row| row.get(column));
            let widest = cells.map(|cell| width_of(cell)).max().unwrap_or(0);
            widest.clamp(3, WIDEST_FILL)
        })
        .collect();
    let rules = table.columns.iter().zip(&widths);
    let rules = rules.map(|(column, width)| match column.kind {
        Kind::Number => "-".repeat(width - 1) + ":",
        Kind::Text | Kind::Date => "-".repeat(*width),
    });
    out.push('\n');
    let mut put = |cells: &[String]| {
        let columns = cells.iter().zip(&widths).zip(&table.columns);
        let cells: Vec<String> = columns
            .map(|((cell, width), column)| padded(cell, *width, column.kind == Kind::Number))
            .collect();
        out.push_str(&format!("| {} |\n", cells.join(" | ")));
    };
    let rules: Vec<String> = rules.collect();
    put(&headings);
    put(&rules);
    rows.iter().for_each(|row| put(row));
}

/// Text at the beginning of a line, where some characters make a list, a quote or a heading.
fn line(text: &str) -> String {
    let text = inline(text);
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = &text[digits..];
    let counts = [".", ")"].iter().any(|mark| match rest.strip_prefix(mark) {
        Some(after) => digits > 0 && (after.is_empty() || after.starts_with(' ')),
        None => false,
    });
    if counts {
        format!("{}\\{rest}", &text[..digits])
    } else if text.starts_with(['#', '>', '-', '+', '=', ':']) {
        format!("\\{text}")
    } else {
        text
    }
}

/// Text within a line, with everything that Markdown would take for its own escaped.
fn inline(text: &str) -> String {
    let text = printable(text);
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    escaped(&words.join(" "))
}

/// A heading's text: hashes at its end would not be shown.
fn heading(text: &str) -> String {
    let text = inline(text);
    match text.strip_suffix('#') {
        Some(before) => format!("{before}\\#"),
        None => text,
    }
}

/// A cell's text: its lines, kept apart.
fn cell(text: &str) -> String {
    let text = printable(text);
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    let lines: Vec<String> = lines.map(|text| inline(text).replace('|', "\\|")).collect();
    lines.join("<br>")
}

fn escaped(text: &str) -> String {
    let mut out = String::new();
    let mut before = ' ';
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let after = chars.peek().copied().unwrap_or(' ');
        let special = match c {
            '\\' | '*' | '`' | '<' | '[' | ']' | '~' | '$' => true,
            // Within a word, as in `m_2`, it stands for itself.
            '_' => !(before.is_alphanumeric() && after.is_alphanumeric()),
            '&' => after == '#' || after.is_ascii_alphabetic(),
            _ => false,
        };
        if special {
            out.push('\\');
        }
        out.push(c);
        before = c;
    }
    out
}

/// Text to be copied to the letter, in as many backticks as it takes.
fn code(text: &str) -> String {
    let text = printable(text).replace('\n', " ");
    let (mut run, mut longest) = (0, 0);
    for c in text.chars() {
        run = if c == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let fence = "`".repeat(longest + 1);
    let space = if text.starts_with('`') || text.ends_with('`') {
        " "
    } else {
        ""
    };
    format!("{fence}{space}{text}{space}{fence}")
}
