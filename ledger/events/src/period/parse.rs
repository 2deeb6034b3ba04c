//! Reading a period from the words that people write.
//!
//! The words are
//! `[expected] [by | before | in | from] [end of | start of] CORE [and beyond]`,
//! where CORE is a day, week, month, quarter, financial year, calendar year or a span of them. The
//! core is read by [`super::context`]; this file reads what stands around it.

use super::calendar::Months;
use super::check::check_line;
use super::context::{Context, Core};
use super::words::Token::{self, Word};
use super::words::tokens;
use super::{Period, PeriodError, Precision};

/// The word in front.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Front {
    None,
    In,
    By,
    Before,
    From,
}

/// The part of the window that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Edge {
    Whole,
    Start,
    End,
}

impl Period {
    /// Reads a period from words such as `25/26`, `by Q4 2023/24` or `14 May 2025`.
    ///
    /// The words are kept exactly, apart from spaces at either end. Years with a slash or a hyphen
    /// between consecutive years, and `FY26`, are UK financial years from 1 April. Choices that the
    /// words leave open, and are flagged `ambiguous`: a calendar year after `by` or `in`, a hyphen
    /// between two full years (`2023-2026`, read as financial years), and pairs that could be a
    /// month (`11/12`, `2011-12`). A bare `2021` is the calendar year, not flagged.
    ///
    /// `before X` is a deadline at the end of the unit before X. `from X` and `X and beyond` are
    /// open-ended. `end of X` is the last day of X, `start of X` the first.
    ///
    /// # Errors
    ///
    /// Says what is wrong and asks what was meant; see [`PeriodError`].
    pub fn parse(text: &str) -> Result<Self, PeriodError> {
        Self::parse_in(text, None)
    }

    /// Reads a period as [`Period::parse`] does, where the document's date may supply what the
    /// words leave out.
    ///
    /// A day or month without its year is the first one that ends on or after the document's first
    /// day, flagged `year_inferred`; also `ambiguous` where nothing says that it lies ahead and the
    /// one before is nearer. `last week`, `next month` and the like are counted from the document's
    /// day. `this year` could be either sort of year: it is kept without a window, and `relative_to`
    /// says what it relates to.
    ///
    /// # Errors
    ///
    /// As [`Period::parse`]; without a document, or with one dated only to several years, relative
    /// words and missing years are refused.
    pub fn parse_in(text: &str, document: Option<&Self>) -> Result<Self, PeriodError> {
        let text = text.trim();
        check_line(text)?;
        let unknown = || PeriodError::Unknown { words: text.into() };
        let lower = text.to_lowercase();
        let tokens = tokens(&lower);

        let (expected, rest) = match tokens.as_slice() {
            [Word("expected" | "due" | "planned"), rest @ ..] => (true, rest),
            rest => (false, rest),
        };
        let (front, rest) = front(rest);
        let (edge, rest) = match rest {
            [Word("end"), rest @ ..] => (Edge::End, rest),
            [Word("start" | "beginning"), rest @ ..] => (Edge::Start, rest),
            rest => (Edge::Whole, rest),
        };
        let (beyond, rest) = match rest {
            [
                rest @ ..,
                Word("and"),
                Word("beyond" | "onwards" | "onward"),
            ] => (true, rest),
            [rest @ .., Word("onwards" | "onward")] => (true, rest),
            rest => (false, rest),
        };
        // "from 2023 to 2026" names its end.
        let closed = front == Front::From && rest.contains(&Word("to"));
        let context = Context {
            words: text,
            document,
            ahead: expected || matches!(front, Front::By | Front::Before | Front::From),
        };
        let core = context.core(rest)?.ok_or_else(unknown)?;

        let bare = front == Front::None && edge == Edge::Whole && !beyond && !expected;
        let calendar = matches!(core.window, Some((_, _, Precision::CalendarYear)));
        let window = match core.window {
            Some(_) => Some(counted(&core, front, edge).ok_or_else(unknown)?),
            None => None,
        };
        let period = Self {
            as_written: Some(text.into()),
            from: window.map(|(from, _, _)| from),
            to: window.map(|(_, to, _)| to),
            precision: window.map(|(_, _, precision)| precision),
            deadline: matches!(front, Front::By | Front::Before),
            open_ended: beyond || (front == Front::From && !closed),
            ambiguous: core.ambiguous || (calendar && !bare),
            year_inferred: core.year_inferred,
            relative_to: core.relative_to,
            derived: None,
        };
        period.check()?;
        Ok(period)
    }
}

fn front<'t, 'a>(tokens: &'t [Token<'a>]) -> (Front, &'t [Token<'a>]) {
    match tokens {
        [Word("by"), rest @ ..] => (Front::By, rest),
        [Word("no" | "not"), Word("later"), Word("than"), rest @ ..] => (Front::By, rest),
        [Word("before"), rest @ ..] => (Front::Before, rest),
        [Word("from"), rest @ ..] => (Front::From, rest),
        [Word("in" | "during" | "on" | "at"), rest @ ..] => (Front::In, rest),
        rest => (Front::None, rest),
    }
}

type Window = (jiff::civil::Date, jiff::civil::Date, Precision);

/// The part of the core's window that the words around it leave.
fn counted(core: &Core, front: Front, edge: Edge) -> Option<Window> {
    let (from, to, precision) = core.window?;
    match (front, edge) {
        // "before the end of March" says no more than "by the end of March" to most writers.
        (_, Edge::End) => Some((to, to, Precision::Day)),
        (Front::Before, _) => before(from, precision),
        (_, Edge::Start) => Some((from, from, Precision::Day)),
        (_, Edge::Whole) => Some((from, to, precision)),
    }
}

/// The unit that ends the day before `from`.
fn before(from: jiff::civil::Date, precision: Precision) -> Option<Window> {
    let last = from.yesterday().ok()?;
    match precision {
        Precision::Day | Precision::Week => Some((last, last, Precision::Day)),
        _ => {
            let unit = match precision {
                Precision::QuarterRange => Precision::Quarter,
                Precision::FinancialYearRange => Precision::FinancialYear,
                other => other,
            };
            let (from, to) = Months::month(from.year(), from.month())
                .preceding(precision)
                .window()?;
            Some((from, to, unit))
        }
    }
}

#[cfg(test)]
mod refusals;
#[cfg(test)]
mod tests;
