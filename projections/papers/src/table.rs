//! A table: columns, rows, and cells with a second line.

use std::fmt;

use minutebook_events::SubjectId;

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// What it shows, where the section's heading does not say it.
    pub caption: Option<String>,
    /// Its columns. The first names the row.
    pub columns: Vec<Column>,
    /// Its rows, in the order they are read.
    pub rows: Vec<Row>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its heading.
    pub heading: String,
    /// What stands in it, which decides how it is set.
    pub kind: Kind,
}

/// What stands in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Words.
    Text,
    /// Numbers, aligned right so that they compare.
    Number,
    /// Dates and periods in the words of the paper that they come from. They get the room for one.
    Date,
}

/// A row. Cells beyond the columns are not shown; missing ones are empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its cells, one for each column.
    pub cells: Vec<Cell>,
    /// How many rows it stands under, such as a milestone under its aim. The first cell is indented
    /// so far.
    pub depth: u8,
}

/// A cell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cell {
    /// What it says.
    pub text: String,
    /// Lines below, set smaller where that can be: a reason, what was inferred, who signed.
    pub notes: Vec<String>,
    /// What of the record it shows.
    pub references: Vec<Reference>,
}

/// Something of the record that a cell shows. Every form prints it as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reference {
    /// What it is about.
    Subject(SubjectId),
    /// The entry that says it, by its index in the log.
    Entry(u64),
}

impl Table {
    /// A table of these columns, with no rows yet.
    pub fn new(columns: impl IntoIterator<Item = Column>) -> Self {
        Self {
            caption: None,
            columns: columns.into_iter().collect(),
            rows: Vec::new(),
        }
    }

    /// With a caption.
    #[must_use]
    pub fn caption(mut self, caption: impl Into<String>) -> Self {
        self.caption = Some(caption.into());
        self
    }

    /// With a row more.
    #[must_use]
    pub fn row(mut self, cells: impl IntoIterator<Item = Cell>) -> Self {
        self.rows.push(Row::new(cells));
        self
    }

    /// A row's cells, one for each column.
    pub(crate) fn cells<'a>(
        &'a self,
        row: &'a Row,
    ) -> impl Iterator<Item = (&'a Column, &'a Cell)> {
        const EMPTY: &Cell = &Cell {
            text: String::new(),
            notes: Vec::new(),
            references: Vec::new(),
        };
        let cells = row.cells.iter().chain(std::iter::repeat(EMPTY));
        self.columns.iter().zip(cells)
    }
}

impl Column {
    /// A column of words.
    pub fn text(heading: impl Into<String>) -> Self {
        Self::new(heading, Kind::Text)
    }

    /// A column of numbers.
    pub fn number(heading: impl Into<String>) -> Self {
        Self::new(heading, Kind::Number)
    }

    /// A column of dates or periods.
    pub fn date(heading: impl Into<String>) -> Self {
        Self::new(heading, Kind::Date)
    }

    fn new(heading: impl Into<String>, kind: Kind) -> Self {
        Self {
            heading: heading.into(),
            kind,
        }
    }
}

impl Row {
    /// A row that stands under no other.
    pub fn new(cells: impl IntoIterator<Item = Cell>) -> Self {
        Self {
            cells: cells.into_iter().collect(),
            depth: 0,
        }
    }

    /// Under `depth` other rows.
    #[must_use]
    pub fn under(mut self, depth: u8) -> Self {
        self.depth = depth;
        self
    }
}

impl Cell {
    /// A cell that says this.
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }

    /// What it was and what it is now: `2024/25 → 25/26`.
    pub fn change(from: &str, to: &str) -> Self {
        Self::new(format!("{from} → {to}"))
    }

    /// With a line more below.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// With what it is about.
    #[must_use]
    pub fn subject(mut self, subject: SubjectId) -> Self {
        self.references.push(Reference::Subject(subject));
        self
    }

    /// With the entry that says it.
    #[must_use]
    pub fn entry(mut self, index: u64) -> Self {
        self.references.push(Reference::Entry(index));
        self
    }

    /// What it refers to, in one line; nothing where it refers to nothing.
    pub(crate) fn referred(&self) -> Option<String> {
        let names: Vec<String> = self.references.iter().map(Reference::to_string).collect();
        (!names.is_empty()).then(|| names.join(", "))
    }
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self::new(text)
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Subject(id) => write!(f, "{id}"),
            Self::Entry(index) => write!(f, "entry {index}"),
        }
    }
}
