//! Plain text, set to a width: paragraphs, aligned fields, aligned tables.

use crate::grid::{Grid, GridCell, GridColumn, GridLine};
use crate::wrap::{longest_word, padded, width_of, wrap};

/// Text that is being set.
#[derive(Debug, Clone)]
pub struct Page {
    width: usize,
    text: String,
}

/// The narrowest that the values beside a name get before they go below it instead.
const NARROWEST_COLUMN: usize = 16;

impl Page {
    /// An empty page of `width` columns of a terminal.
    pub fn new(width: usize) -> Self {
        Self {
            width,
            text: String::new(),
        }
    }

    /// What is on it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// One line as it is, however long.
    pub fn line(&mut self, line: impl AsRef<str>) -> &mut Self {
        self.text.push_str(line.as_ref().trim_end());
        self.text.push('\n');
        self
    }

    /// An empty line.
    pub fn blank(&mut self) -> &mut Self {
        self.line("")
    }

    /// A paragraph, wrapped. Line breaks in the text stay.
    pub fn text_block(&mut self, text: &str) -> &mut Self {
        self.indented(0, text)
    }

    /// A paragraph, wrapped and indented.
    pub fn indented(&mut self, indent: usize, text: &str) -> &mut Self {
        for paragraph in text.lines() {
            for line in wrap(paragraph, self.width.saturating_sub(indent)) {
                self.line(format!("{:indent$}{line}", ""));
            }
        }
        self
    }

    /// A heading, wrapped and underlined.
    pub fn heading(&mut self, heading: &str, rule: char) -> &mut Self {
        let lines = heading.lines().flat_map(|line| wrap(line, self.width));
        let lines: Vec<String> = lines.collect();
        let widest = lines.iter().map(|line| width_of(line)).max().unwrap_or(0);
        for line in lines {
            self.line(line);
        }
        self.line(rule.to_string().repeat(widest))
    }

    /// A line that hangs: the first starts with `lead`, the following are indented as far.
    pub fn hanging(&mut self, lead: &str, text: &str) -> &mut Self {
        let indent = width_of(lead);
        let room = self.width.saturating_sub(indent).max(NARROWEST_COLUMN);
        for (i, line) in wrap(text, room).iter().enumerate() {
            if i == 0 {
                self.line(format!("{lead}{line}"));
            } else {
                self.line(format!("{:indent$}{line}", ""));
            }
        }
        self
    }

    /// Names and values, aligned. A value that does not fit beside its name goes below it.
    pub fn fields<N: AsRef<str>, V: AsRef<str>>(
        &mut self,
        indent: usize,
        fields: impl IntoIterator<Item = (N, V)>,
    ) -> &mut Self {
        let fields: Vec<(String, GridCell)> = fields
            .into_iter()
            .map(|(name, value)| {
                let value = GridLine::of(0, value.as_ref()).collect();
                (name.as_ref().to_owned(), value)
            })
            .collect();
        self.cells(indent, &fields)
    }

    fn cells(&mut self, indent: usize, fields: &[(String, GridCell)]) -> &mut Self {
        let widest = fields.iter().map(|(name, _)| width_of(name)).max();
        let lead = indent + widest.unwrap_or(0) + 2;
        let room = self.width.saturating_sub(lead);
        for (name, value) in fields {
            let fits = |line: &GridLine| {
                let all = line.indent + width_of(&line.text);
                let word = line.indent + longest_word(&line.text, self.width);
                all <= room || (room >= NARROWEST_COLUMN && word <= room)
            };
            // Beside a name that fills the page there is no room for nothing, either.
            let beside = lead <= self.width && value.iter().all(fits);
            let left = if beside { lead } else { indent + 2 };
            let mut start = format!("{:indent$}{name}", "");
            if !beside || value.is_empty() {
                self.indented(indent, name);
                start.clear();
            }
            for line in value {
                let left = left + line.indent;
                for text in wrap(&line.text, self.width.saturating_sub(left)) {
                    let start = padded(&std::mem::take(&mut start), left, false);
                    self.line(start + &text);
                }
            }
        }
        self
    }

    /// A table with a heading row. Columns are as wide as they need; where that is more than the
    /// page, the widest are wrapped.
    pub fn table(&mut self, headings: &[&str], rows: &[Vec<String>]) -> &mut Self {
        let columns = headings.iter().enumerate();
        let last = headings.len().saturating_sub(1);
        let grid = Grid {
            columns: columns
                .map(|(i, heading)| GridColumn {
                    heading: (*heading).to_owned(),
                    right: i < last && is_numeric(rows, i),
                })
                .collect(),
            rows: rows
                .iter()
                .map(|row| {
                    let cell = |text: &String| GridLine::of(0, text).collect();
                    row.iter().map(cell).collect()
                })
                .collect(),
            spaced: false,
            runs_over: true,
        };
        self.grid(&grid)
    }

    /// A table, or the list that it becomes where the page is too narrow.
    pub(crate) fn grid(&mut self, grid: &Grid) -> &mut Self {
        if let Some(lines) = grid.lines(self.width) {
            for line in lines {
                self.line(line);
            }
            return self;
        }
        for (i, row) in grid.rows.iter().enumerate() {
            if i > 0 {
                self.blank();
            }
            let names = grid.columns.iter().map(|column| column.heading.clone());
            let said = names.zip(row.iter().cloned());
            let said: Vec<_> = said.filter(|(_, cell)| !cell.is_empty()).collect();
            self.cells(0, &said);
        }
        self
    }
}

fn is_numeric(rows: &[Vec<String>], column: usize) -> bool {
    let mut cells = rows.iter().filter_map(|row| row.get(column)).peekable();
    cells.peek().is_some()
        && cells.all(|cell| cell.bytes().all(|b| b.is_ascii_digit() || b == b','))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows<const N: usize>(rows: &[[&str; N]]) -> Vec<Vec<String>> {
        let cells = |row: &[&str; N]| row.iter().map(|cell| (*cell).to_owned()).collect();
        rows.iter().map(cells).collect()
    }

    #[test]
    fn fields_line_up_and_hang() {
        let mut page = Page::new(30);
        page.fields(2, [("a", "one two three four five six"), ("long", "x\ny")]);
        assert_eq!(
            page.text(),
            "  a     one two three four\n        five six\n  long  x\n        y\n"
        );
    }

    #[test]
    fn a_value_that_does_not_fit_beside_its_name_goes_below() {
        let mut page = Page::new(24);
        page.fields(0, [("short", "yes"), ("digest", "0123456789abcdef01")]);
        assert_eq!(page.text(), "short   yes\ndigest\n  0123456789abcdef01\n");
    }

    #[test]
    fn a_name_that_fills_the_page_is_wrapped_where_its_value_is_empty() {
        let mut page = Page::new(24);
        page.fields(0, [("a name of several words that is long", "")]);
        let lines: Vec<_> = page.text().lines().map(str::len).collect();
        assert!(lines.iter().all(|line| *line <= 24), "{lines:?}");
    }

    #[test]
    fn a_table_aligns_numbers_right_and_wraps_its_last_column() {
        let mut page = Page::new(28);
        let short = rows(&[["7", "short"], ["1,200", "a longer text here"]]);
        page.table(&["entry", "what"], &short);
        assert_eq!(
            page.text(),
            "entry  what\n-----  ------------------\n    7  short\n1,200  a longer text here\n"
        );
        for width in [20, 80, 120] {
            let mut page = Page::new(width);
            page.table(&["entry", "what"], &rows(&[["1", &"word ".repeat(60)]]));
            assert!(page.text().lines().all(|line| width_of(line) <= width));
        }
    }

    #[test]
    fn a_table_without_room_becomes_a_list() {
        let mut page = Page::new(30);
        let milestones = rows(&[
            ["milestone/m-1", "24/25 → 25/26", "capacity"],
            ["milestone/m-2", "", "funding"],
        ]);
        page.table(&["milestone", "due", "why"], &milestones);
        assert_eq!(
            page.text(),
            "milestone  milestone/m-1\ndue        24/25 → 25/26\nwhy        capacity\n\n\
             milestone  milestone/m-2\nwhy        funding\n"
        );
    }
}
