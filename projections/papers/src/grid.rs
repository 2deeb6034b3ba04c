//! The one layout of tables in plain text.
//!
//! Columns are as wide as they need. Where that is too much, the widest give way first, and all of
//! them alike. Where not even the words fit beside each other, each row becomes a list of names and
//! values.

use crate::wrap::{longest_word, padded, width_of, wrap};

/// Between two columns.
const GAP: usize = 2;

/// What a column gets at least, in columns of the terminal, before the table gives up on being one:
/// less reads worse than a list.
const COMFORT: usize = 10;

/// Cells up to here, such as dates, are not broken.
const WHOLE: usize = 12;

/// A table that is to be set.
#[derive(Debug, Clone, Default)]
pub(crate) struct Grid {
    /// Its columns.
    pub columns: Vec<GridColumn>,
    /// Its rows, each with a cell for each column.
    pub rows: Vec<Vec<GridCell>>,
    /// Whether rows of several lines stand apart.
    pub spaced: bool,
    /// Whether a long word in the last column runs over, rather than that the table is none.
    pub runs_over: bool,
}

/// A column.
#[derive(Debug, Clone)]
pub(crate) struct GridColumn {
    /// Its heading.
    pub heading: String,
    /// Whether its cells are aligned right.
    pub right: bool,
}

/// A cell: its lines before they are wrapped.
pub(crate) type GridCell = Vec<GridLine>;

/// A line of a cell.
#[derive(Debug, Clone)]
pub(crate) struct GridLine {
    /// How far it is indented.
    pub indent: usize,
    /// What it says.
    pub text: String,
}

impl GridLine {
    /// The lines of a text, indented by so much and by the spaces that they begin with.
    pub fn of(indent: usize, text: &str) -> impl Iterator<Item = Self> {
        text.lines().map(move |line| {
            let text = line.trim_start_matches(' ');
            Self {
                indent: indent + line.len() - text.len(),
                text: text.to_owned(),
            }
        })
    }

    fn wrapped(&self, width: usize) -> impl Iterator<Item = String> {
        let indent = " ".repeat(self.indent);
        let lines = wrap(&self.text, width.saturating_sub(self.indent));
        lines.into_iter().map(move |line| format!("{indent}{line}"))
    }
}

impl Grid {
    /// Its lines, at most `width` columns each, or nothing where its words do not fit beside each
    /// other.
    pub fn lines(&self, width: usize) -> Option<Vec<String>> {
        let widths = self.widths(width)?;
        let headings: Vec<GridCell> = self
            .columns
            .iter()
            .map(|column| GridLine::of(0, &column.heading).collect())
            .collect();
        let rules: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
        let mut lines = self.row(&headings, &widths);
        lines.push(rules.join(&" ".repeat(GAP)));
        let rows: Vec<Vec<String>> = self.rows.iter().map(|row| self.row(row, &widths)).collect();
        let apart = self.spaced && rows.iter().any(|row| row.len() > 1);
        for (i, row) in rows.into_iter().enumerate() {
            if apart && i > 0 {
                lines.push(String::new());
            }
            lines.extend(row);
        }
        Some(lines)
    }

    fn row(&self, cells: &[GridCell], widths: &[usize]) -> Vec<String> {
        let cells: Vec<Vec<String>> = cells
            .iter()
            .zip(widths)
            .map(|(cell, width)| cell.iter().flat_map(|line| line.wrapped(*width)).collect())
            .collect();
        let height = cells.iter().map(Vec::len).max().unwrap_or(0).max(1);
        let line = |i: usize| {
            let parts = self.columns.iter().zip(widths).enumerate();
            let parts: Vec<String> = parts
                .map(|(column, (GridColumn { right, .. }, width))| {
                    let text = cells.get(column).and_then(|lines| lines.get(i));
                    padded(text.map_or("", String::as_str), *width, *right)
                })
                .collect();
            parts.join(&" ".repeat(GAP)).trim_end().to_owned()
        };
        (0..height).map(line).collect()
    }

    /// How wide each column is set.
    fn widths(&self, width: usize) -> Option<Vec<usize>> {
        let gaps = GAP * self.columns.len().saturating_sub(1);
        let room = width.checked_sub(gaps)?;
        let wanted: Vec<(usize, usize)> = (0..self.columns.len())
            .map(|column| self.wanted(column, room))
            .collect();
        let sum =
            |cap: usize| -> usize { wanted.iter().map(|(min, max)| cap.clamp(*min, *max)).sum() };
        if sum(0) > room {
            return None;
        }
        let cap = (0..=room).rev().find(|cap| sum(*cap) <= room)?;
        let mut spare = room - sum(cap);
        let widths = wanted.iter().map(|(min, max)| {
            let width = cap.clamp(*min, *max);
            let more = usize::from(spare > 0 && width < *max && width >= cap);
            spare -= more;
            width + more
        });
        Some(widths.collect())
    }

    /// The least and the most that a column is set to.
    fn wanted(&self, index: usize, room: usize) -> (usize, usize) {
        let heading = self.columns.get(index).map(|column| &column.heading);
        let heading = heading.into_iter().flat_map(|text| GridLine::of(0, text));
        let cells = self.rows.iter().filter_map(|row| row.get(index));
        let (mut word, mut line) = (0, 0);
        for said in heading.chain(cells.flatten().cloned()) {
            word = word.max(said.indent + longest_word(&said.text, room));
            line = line.max(said.indent + width_of(&said.text));
        }
        let line = line.max(word);
        if self.runs_over && index + 1 == self.columns.len() {
            word = word.min(COMFORT);
        }
        let comfort = if line <= WHOLE { line } else { COMFORT };
        (word.max(comfort), line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(headings: &[&str], rows: &[&[&str]]) -> Grid {
        Grid {
            columns: headings
                .iter()
                .map(|heading| GridColumn {
                    heading: (*heading).to_owned(),
                    right: false,
                })
                .collect(),
            rows: rows
                .iter()
                .map(|row| {
                    row.iter()
                        .map(|cell| GridLine::of(0, cell).collect())
                        .collect()
                })
                .collect(),
            spaced: false,
            runs_over: false,
        }
    }

    fn set(grid: &Grid, width: usize) -> String {
        grid.lines(width).unwrap_or_default().join("\n")
    }

    #[test]
    fn a_table_is_as_wide_as_it_needs() {
        let grid = grid(&["what", "due"], &[&["Plan", "25/26"], &["Board", "Q3"]]);
        let expected = "what   due\n-----  -----\nPlan   25/26\nBoard  Q3";
        assert_eq!(set(&grid, 80), expected);
        assert_eq!(set(&grid, 12), expected);
    }

    #[test]
    fn wide_columns_share_what_the_narrow_ones_leave() {
        let words = "word ".repeat(12);
        let grid = grid(&["a", "b", "c"], &[&[&words, "short", &words]]);
        let widths = grid.widths(50);
        assert_eq!(widths, Some(vec![21, 5, 20]));
        assert!(set(&grid, 50).lines().all(|line| line.len() <= 50));
    }

    #[test]
    fn words_that_do_not_fit_beside_each_other_make_no_table() {
        let digest = "0123456789".repeat(4);
        let grid = grid(&["a", "b"], &[&[&digest, "a longer text"]]);
        assert!(grid.lines(80).is_some());
        assert!(grid.lines(50).is_none());
        assert!(grid.lines(1).is_none());
    }

    #[test]
    fn a_long_word_at_the_end_may_run_over() {
        let digest = "0123456789".repeat(4);
        let over = Grid {
            runs_over: true,
            ..grid(&["a", "b"], &[&["root", &digest]])
        };
        let expected = format!("a     b\n----  {}\nroot  {digest}", "-".repeat(24));
        assert_eq!(set(&over, 30), expected);
    }

    #[test]
    fn a_table_of_nothing_is_set_too() {
        assert_eq!(set(&Grid::default(), 10), "\n");
        assert_eq!(set(&grid(&["a"], &[&[]]), 10), "a\n-\n");
    }
}
