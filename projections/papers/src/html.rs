//! A paper as a page: one file, to read on any screen and to print on A4.
//!
//! Nothing in it runs and nothing in it is fetched; its own policy forbids both. The style stands in
//! `html/style.css`.

mod escape;

use self::escape::{attribute, css_string, date, number, text};
use crate::paper::{Part, grouped, short};
use crate::{Block, Cell, Column, Fact, Kind, Level, Paper, Row, Section, Stamp, Table};

const STYLE: &str = include_str!("html/style.css");

/// From so many sections on, a list of them stands in front.
const SECTIONS_WORTH_A_LIST: usize = 5;

/// A table of so many rows is not split between two printed pages.
const SHORT: usize = 6;

/// The deepest that a row is indented.
const DEEPEST: u8 = 6;

/// The paper as a page of HTML that stands on its own.
pub fn html(paper: &Paper) -> String {
    let mut page = Html { out: String::new() };
    page.head(paper);
    page.top(paper);
    page.out.push_str("<main>\n");
    page.contents(paper);
    for (i, section) in paper.sections.iter().enumerate() {
        page.section(i + 1, section);
    }
    page.out.push_str("</main>\n");
    page.stamp(&paper.stamp);
    page.out.push_str("</body>\n</html>\n");
    page.out
}

struct Html {
    out: String,
}

impl Html {
    fn line(&mut self, line: impl AsRef<str>) {
        self.out.push_str(line.as_ref());
        self.out.push('\n');
    }

    fn head(&mut self, paper: &Paper) {
        self.line("<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">");
        self.line(concat!(
            "<meta http-equiv=\"Content-Security-Policy\" ",
            "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        ));
        self.line("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        self.line(format!("<title>{}</title>", attribute(&paper.title)));
        self.line(format!("<style>\n{STYLE}{}</style>", printed_page(paper)));
        self.line("</head>\n<body>");
    }

    fn top(&mut self, paper: &Paper) {
        self.line("<header class=\"top\">");
        self.line(format!("<h1>{}</h1>", text(&paper.title)));
        if !paper.subtitle.is_empty() {
            self.line(format!("<p class=\"whose\">{}</p>", text(&paper.subtitle)));
        }
        self.facts(&paper.facts);
        for banner in &paper.banners {
            let banner = text(banner);
            self.line(format!(
                "<p class=\"banner\" role=\"note\"><strong>Note:</strong> {banner}</p>"
            ));
        }
        self.line("</header>");
    }

    fn contents(&mut self, paper: &Paper) {
        let sections = paper.sections.iter().enumerate();
        let sections = sections.filter(|(_, section)| section.level == Level::Section);
        let sections: Vec<_> = sections.collect();
        if sections.len() < SECTIONS_WORTH_A_LIST {
            return;
        }
        self.line("<nav class=\"contents\" aria-labelledby=\"contents\">");
        self.line("<h2 id=\"contents\">In this paper</h2>\n<ol>");
        for (i, section) in sections {
            let heading = text(&section.heading);
            self.line(format!("<li><a href=\"#s{}\">{heading}</a></li>", i + 1));
        }
        self.line("</ol>\n</nav>");
    }

    fn section(&mut self, number: usize, section: &Section) {
        let (class, tag) = match section.level {
            Level::Section => ("section", "h2"),
            Level::Part => ("part", "h3"),
        };
        let heading = text(&section.heading);
        self.line(format!("<section class=\"{class}\">"));
        self.line(format!("<{tag} id=\"s{number}\">{heading}</{tag}>"));
        if let Some(intro) = &section.intro {
            self.line(format!("<p class=\"intro\">{}</p>", text(intro)));
        }
        if let Some(sentence) = section.emptiness() {
            self.line(format!("<p class=\"nothing\">{}</p>", text(sentence)));
        }
        for block in section.filled() {
            match block {
                Block::Paragraph(paragraph) => self.line(format!("<p>{}</p>", text(paragraph))),
                Block::List(items) => {
                    self.line("<ul>");
                    for item in items {
                        self.line(format!("<li>{}</li>", text(item)));
                    }
                    self.line("</ul>");
                }
                Block::Facts(facts) => self.facts(facts),
                Block::Table(table) => self.table(&section.heading, table),
            }
        }
        self.line("</section>");
    }

    fn facts(&mut self, facts: &[Fact]) {
        if facts.is_empty() {
            return;
        }
        self.line("<dl>");
        for Fact { label, value } in facts {
            let (label, value) = (text(label), text(value));
            self.line(format!("<dt>{label}</dt><dd>{value}</dd>"));
        }
        self.line("</dl>");
    }

    /// The roles repeat what the elements are, since a browser forgets it of a table that a narrow
    /// screen shows as a list.
    fn table(&mut self, heading: &str, table: &Table) {
        let short = if table.rows.len() <= SHORT {
            " class=\"short\""
        } else {
            ""
        };
        self.line(format!("<table role=\"table\"{short}>"));
        let (class, caption) = match &table.caption {
            Some(caption) => ("", caption.as_str()),
            None => (" class=\"unseen\"", heading),
        };
        let caption = text(caption);
        self.line(format!("<caption><span{class}>{caption}</span></caption>"));
        self.line("<thead role=\"rowgroup\">\n<tr role=\"row\">");
        for column in &table.columns {
            let (class, heading) = (kind(column.kind), text(&column.heading));
            self.line(format!(
                "<th scope=\"col\" role=\"columnheader\"{class}>{heading}</th>"
            ));
        }
        self.line("</tr>\n</thead>\n<tbody role=\"rowgroup\">");
        for row in &table.rows {
            self.row(table, row);
        }
        self.line("</tbody>\n</table>");
    }

    fn row(&mut self, table: &Table, row: &Row) {
        let depth = row.depth.min(DEEPEST);
        let under = if depth > 0 {
            format!(" class=\"r{depth}\"")
        } else {
            String::new()
        };
        self.line(format!("<tr role=\"row\"{under}>"));
        for (i, (column, cell)) in table.cells(row).enumerate() {
            if i == 0 {
                self.row_heading(depth, column, cell);
            } else {
                self.cell(column, cell);
            }
        }
        self.line("</tr>");
    }

    fn row_heading(&mut self, depth: u8, column: &Column, cell: &Cell) {
        let said = said(cell, column.kind);
        let (class, level) = match depth {
            0 => (String::new(), String::new()),
            depth => (
                format!(" class=\"d{depth}\""),
                format!(
                    "<span class=\"unseen\">Level {}: </span>",
                    u16::from(depth) + 1
                ),
            ),
        };
        self.line(format!(
            "<th scope=\"row\" role=\"rowheader\"{class}>{level}{said}</th>"
        ));
    }

    fn cell(&mut self, column: &Column, cell: &Cell) {
        let (class, said) = (kind(column.kind), said(cell, column.kind));
        let label = attribute(&column.heading);
        self.line(format!(
            "<td role=\"cell\" data-label=\"{label}\"{class}>{said}</td>"
        ));
    }

    fn stamp(&mut self, stamp: &Stamp) {
        self.line("<footer class=\"stamp\">\n<div>\n<h2>Where this paper comes from</h2>");
        self.line(
            "<p>The same question to the same record gives this paper again, to the byte.</p>",
        );
        self.line("<dl>");
        for (name, value, part) in stamp.parts() {
            let value = match part {
                Part::Words => text(&value),
                Part::Code => format!("<code>{}</code>", text(&value)),
            };
            self.line(format!("<dt>{name}</dt><dd>{value}</dd>"));
        }
        self.line("</dl>\n</div>\n</footer>");
    }
}

/// What a cell says: its text, its notes, what it refers to.
fn said(cell: &Cell, kind: Kind) -> String {
    let mut said = match kind {
        Kind::Date => date(&cell.text),
        Kind::Number => number(&cell.text),
        Kind::Text => text(&cell.text),
    };
    for note in &cell.notes {
        let lone = if said.is_empty() { " lone" } else { "" };
        let note = text(note);
        said.push_str(&format!("<span class=\"note{lone}\">{note}</span>"));
    }
    if let Some(referred) = cell.referred() {
        said.push_str(&format!("<span class=\"ref\">{}</span>", text(&referred)));
    }
    said
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Text | Kind::Date => "",
        Kind::Number => " class=\"number\"",
    }
}

/// The printed page: A4, the title above from the second page on, the stamp and the number below.
fn printed_page(paper: &Paper) -> String {
    let Stamp {
        ledger,
        entries,
        root,
        view_digest,
        ..
    } = &paper.stamp;
    let above = css_string(&paper.title);
    let whose = css_string(&paper.subtitle);
    let first = css_string(&format!("{ledger}, {} entries", grouped(*entries)));
    let root = css_string(&format!("root {}", short(root)));
    let view = css_string(&format!("view {}", short(view_digest)));
    format!(
        "@page {{ size: A4; margin: 20mm 18mm 22mm;\n\
         \x20 @top-left {{ content: {above}; {RUNNING} }}\n\
         \x20 @top-right {{ content: {whose}; {RUNNING} }}\n\
         \x20 @bottom-left {{ content: {first} \" · \" {root} \" · \" {view}; {RUNNING} }}\n\
         \x20 @bottom-right {{ content: \"Page \" counter(page) \" of \" counter(pages); {RUNNING} }} }}\n\
         @page :first {{ @top-left {{ content: none; }} @top-right {{ content: none; }} }}\n"
    )
}

const RUNNING: &str = "font: 8pt Arial, \"Liberation Sans\", sans-serif; color: #4c6272;";
