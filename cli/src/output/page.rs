//! Plain text, set to a width: paragraphs, aligned fields, aligned tables.

/// Text that is being set.
#[derive(Debug, Clone)]
pub struct Page {
    width: usize,
    text: String,
}

/// The narrowest that the wrapped column of a table gets before the line runs over instead.
const NARROWEST_COLUMN: usize = 16;

impl Page {
    /// An empty page of `width` characters.
    pub fn new(width: usize) -> Self {
        Self { width, text: String::new() }
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

    /// A line that hangs: the first starts with `lead`, the following are indented as far.
    pub fn hanging(&mut self, lead: &str, text: &str) -> &mut Self {
        let indent = lead.chars().count();
        let lines = wrap(text, self.width.saturating_sub(indent).max(NARROWEST_COLUMN));
        for (i, line) in lines.iter().enumerate() {
            if i == 0 {
                self.line(format!("{lead}{line}"));
            } else {
                self.line(format!("{:indent$}{line}", ""));
            }
        }
        self
    }

    /// Names and values, aligned.
    pub fn fields<N: AsRef<str>, V: AsRef<str>>(
        &mut self,
        indent: usize,
        fields: impl IntoIterator<Item = (N, V)>,
    ) -> &mut Self {
        let fields: Vec<_> = fields.into_iter().collect();
        let names = fields.iter().map(|(name, _)| name.as_ref().chars().count());
        let widest = names.max().unwrap_or(0);
        for (name, value) in &fields {
            let lead = format!("{:indent$}{:<widest$}  ", "", name.as_ref());
            let mut paragraphs = value.as_ref().lines();
            self.hanging(&lead, paragraphs.next().unwrap_or_default());
            for paragraph in paragraphs {
                self.hanging(&" ".repeat(lead.chars().count()), paragraph);
            }
        }
        self
    }

    /// A table with a heading row. Columns are as wide as they need; the last one is wrapped.
    pub fn table(&mut self, headings: &[&str], rows: &[Vec<String>]) -> &mut Self {
        let columns = headings.len();
        let mut widths: Vec<usize> = headings.iter().map(|h| h.chars().count()).collect();
        for row in rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.chars().count());
            }
        }
        let numeric: Vec<bool> =
            (0..columns).map(|column| is_numeric(rows, column) && column + 1 < columns).collect();
        let lead = |cells: &[String]| {
            let mut line = String::new();
            for ((cell, width), numeric) in cells.iter().zip(&widths).zip(&numeric).take(columns - 1) {
                let width = *width;
                if *numeric {
                    line.push_str(&format!("{cell:>width$}  "));
                } else {
                    line.push_str(&format!("{cell:<width$}  "));
                }
            }
            line
        };
        let last = |cells: &[String]| cells.last().cloned().unwrap_or_default();
        let headings: Vec<String> = headings.iter().map(|h| (*h).to_owned()).collect();
        self.hanging(&lead(&headings), &last(&headings));
        let rule: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
        let lead_width = lead(&rule).chars().count();
        let room = self.width.saturating_sub(lead_width).max(NARROWEST_COLUMN);
        let last_width = widths.last().copied().unwrap_or(0).min(room);
        self.line(format!("{}{}", lead(&rule), "-".repeat(last_width)));
        for row in rows {
            self.hanging(&lead(row), &last(row));
        }
        self
    }
}

fn is_numeric(rows: &[Vec<String>], column: usize) -> bool {
    let mut cells = rows.iter().filter_map(|row| row.get(column)).peekable();
    cells.peek().is_some() && cells.all(|cell| cell.bytes().all(|b| b.is_ascii_digit() || b == b','))
}

/// Breaks text at spaces into lines of at most `width` characters. A longer word gets a line of its
/// own and is not broken: it may be a digest or a path that is to be copied. Leading spaces stay.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let indent = text.len() - text.trim_start().len();
    let mut lines = Vec::new();
    let mut line = text[..indent].to_owned();
    let mut filled = false;
    for word in text.split_whitespace() {
        if filled && line.chars().count() + 1 + word.chars().count() > width {
            lines.push(std::mem::take(&mut line));
            filled = false;
        }
        if filled {
            line.push(' ');
        }
        line.push_str(word);
        filled = true;
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_broken_at_spaces_only() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("0123456789 a b", 4), ["0123456789", "a b"]);
        assert_eq!(wrap("", 10), [""]);
        assert_eq!(wrap("  a b", 4), ["  a", "b"]);
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
    fn a_table_aligns_numbers_right_and_wraps_its_last_column() {
        let mut page = Page::new(28);
        let rows = [["7", "short"], ["1,200", "a longer text here"]];
        let rows: Vec<Vec<String>> =
            rows.iter().map(|row| row.iter().map(|c| (*c).to_owned()).collect()).collect();
        page.table(&["entry", "what"], &rows);
        assert_eq!(
            page.text(),
            "entry  what\n-----  ------------------\n    7  short\n1,200  a longer text here\n"
        );
        for width in [20, 80, 120] {
            let mut page = Page::new(width);
            page.table(&["entry", "what"], &[vec!["1".into(), "word ".repeat(60)]]);
            assert!(page.text().lines().all(|line| line.chars().count() <= width.max(23)));
        }
    }
}
