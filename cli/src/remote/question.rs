//! Asking a server for a paper, in the form that was asked for.

use minutebook_papers::Form;
use minutebook_reports::Moment;

use super::Remote;
use crate::commands::Context;
use crate::failure::Failure;
use crate::viewpoint::{Answering, Clocks};

/// A question: an address below the ledger's, with its parameters.
#[derive(Debug)]
pub struct Question {
    below: String,
    query: Vec<(&'static str, String)>,
}

impl Question {
    /// A question to an address below the ledger's, such as `/milestones`.
    pub fn new(below: impl Into<String>) -> Self {
        Self {
            below: below.into(),
            query: Vec::new(),
        }
    }

    /// With a parameter, where there is one.
    #[must_use]
    pub fn with<T: ToString>(mut self, name: &'static str, value: Option<T>) -> Self {
        self.query
            .extend(value.map(|value| (name, value.to_string())));
        self
    }

    /// From when the record is looked at.
    #[must_use]
    pub fn looking(self, clocks: &Clocks) -> Self {
        self.with("known_at", clocks.known_at.as_ref().map(last_day))
            .with("effective_at", clocks.effective_at.as_ref().map(last_day))
    }

    /// Asks, and prints the answer as it came.
    ///
    /// # Errors
    /// Where the server cannot be reached or does not answer, or standard output not be written.
    pub fn ask(
        self,
        server: &str,
        answering: &Answering,
        context: &Context,
    ) -> Result<(), Failure> {
        if answering.reader.is_some() {
            return Err(Failure::usage(
                "at a server, what someone may read follows from their roles",
                "leave --reader out, and sign in with --key FILE",
            ));
        }
        let out = context.out;
        let form = match out.is_json() {
            true => Form::Json,
            false => answering.format,
        };
        let question = self
            .with("format", Some(form.name()))
            .with("width", (form == Form::Text).then_some(out.width()));
        let remote = Remote::reading(server, &answering.sign_in, context)?;
        let text = remote.ledger.paper(&question.below, &question.query)?;
        out.raw(text.as_bytes())
    }
}

/// A moment as a parameter, counted from its first day.
pub fn first_day(moment: &Moment) -> String {
    words(moment, |from, _| from)
}

/// A moment as a parameter, counted to its last day.
pub fn last_day(moment: &Moment) -> String {
    words(moment, |_, to| to)
}

fn words<T: ToString>(
    moment: &Moment,
    day: impl Fn(jiff::civil::Date, jiff::civil::Date) -> T,
) -> String {
    match moment {
        Moment::Meeting(id) => id.to_string(),
        Moment::Position(size) => size.to_string(),
        Moment::Dates(from, to) => day(*from, *to).to_string(),
    }
}
