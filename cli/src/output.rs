//! What a command prints: text for a person, or JSON for a script, and never half of either.

use std::io::{self, IsTerminal as _, Write};

use serde_json::Value;

use crate::failure::{FAILED, Failure};

mod progress;
mod time;

pub use minutebook_papers::Page;
pub use minutebook_reports::counted as plural;
pub use progress::Progress;
pub use time::{date_time, iso_time};

/// The widest that text is set, however wide the terminal: longer lines are hard to read.
const WIDEST: usize = 120;

/// The narrowest that text is set for.
const NARROWEST: usize = 40;

/// Where and how a command prints.
#[derive(Debug, Clone, Copy)]
pub struct Output {
    json: bool,
    width: usize,
}

impl Output {
    /// Prints JSON where `json`, else text that fits the terminal: `COLUMNS`, the terminal's own
    /// width, or 80.
    pub fn new(json: bool) -> Self {
        let told = std::env::var("COLUMNS")
            .ok()
            .and_then(|columns| columns.parse().ok());
        let found = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
        let width = told.or_else(found).unwrap_or(80).clamp(NARROWEST, WIDEST);
        Self { json, width }
    }

    /// Whether a script reads the answer.
    pub fn is_json(self) -> bool {
        self.json
    }

    /// How many columns text is set to.
    pub fn width(self) -> usize {
        self.width
    }

    /// A new page of this width.
    pub fn page(self) -> Page {
        Page::new(self.width)
    }

    /// Prints the answer: `json` for a script, else `page`.
    ///
    /// # Errors
    /// Where standard output cannot be written.
    pub fn answer(self, json: &Value, page: &Page) -> Result<(), Failure> {
        let text = if self.json {
            // A `Value` always has a text form.
            format!("{json:#}\n")
        } else {
            page.text().to_owned()
        };
        self.raw(text.as_bytes())
    }

    /// Writes bytes as they are.
    ///
    /// # Errors
    /// Where standard output cannot be written. A reader that went away is no fault: the program
    /// then ends quietly.
    pub fn raw(self, bytes: &[u8]) -> Result<(), Failure> {
        let mut out = io::stdout().lock();
        out.write_all(bytes)
            .and_then(|()| out.flush())
            .map_err(|error| stdout_failure(&error))
    }

    /// Says something beside the answer, on standard error.
    pub fn note(self, text: &str) {
        let mut page = self.page();
        page.text_block(text);
        // Where nobody can be told, there is nobody to tell so.
        let _ = io::stderr().write_all(page.text().as_bytes());
    }

    /// Whether a person is there to answer a question.
    pub fn is_interactive(self) -> bool {
        !self.json && io::stdin().is_terminal() && io::stderr().is_terminal()
    }

    /// Asks a question that is answered with yes or no; anything but a clear yes is no.
    ///
    /// # Errors
    /// Where the answer cannot be read.
    pub fn confirm(self, question: &str) -> Result<bool, Failure> {
        let failed = |error: io::Error| Failure::bare(format!("cannot ask: {error}"));
        let mut err = io::stderr().lock();
        write!(err, "{question} [y/N] ")
            .and_then(|()| err.flush())
            .map_err(failed)?;
        let mut line = String::new();
        io::stdin().read_line(&mut line).map_err(failed)?;
        Ok(matches!(line.trim().to_lowercase().as_str(), "y" | "yes"))
    }

    /// A bar over `what`, shown on a terminal once it takes more than a second.
    pub fn progress(self, what: &'static str) -> Progress {
        Progress::new(what, !self.json)
    }
}

fn stdout_failure(error: &io::Error) -> Failure {
    match error.kind() {
        io::ErrorKind::BrokenPipe => Failure::silent(0),
        _ => Failure {
            code: FAILED,
            ..Failure::bare(format!("cannot write the answer: {error}"))
        },
    }
}
