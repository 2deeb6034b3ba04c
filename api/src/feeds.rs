//! Feeds that other programs subscribe to: a calendar of meetings and due dates, and the changes.

use minutebook_events::SubjectId;
use minutebook_projections::AsOf;
use minutebook_projections::title::title;

use crate::asked::Asked;

pub mod atom;
pub mod calendar;

/// What a feed is about, and for whom.
#[derive(Clone, Copy)]
pub struct Feed<'a> {
    /// The record as it stands, to the reader.
    pub as_of: AsOf<'a>,
    /// The ledger's name in addresses.
    pub ledger: &'a str,
    /// The ledger's origin.
    pub origin: &'a str,
    /// The address that people reach the server at; empty where none is known.
    pub base: &'a str,
    /// The body that it is about, with those below it; absent for all.
    pub body: Option<&'a SubjectId>,
}

impl<'a> Feed<'a> {
    /// A feed of what was asked.
    pub fn new(asked: &'a Asked, body: Option<&'a SubjectId>) -> Self {
        let addresses = &asked.server.settings.addresses;
        Self {
            as_of: asked.now(),
            ledger: &asked.ledger.name,
            origin: asked.ledger.log.origin(),
            base: addresses.first().map_or("", String::as_str),
            body,
        }
    }

    /// An address below the ledger's.
    fn address(&self, below: &str) -> String {
        format!("{}/v1/ledgers/{}/{below}", self.base, self.ledger)
    }

    /// What it is called: `Partnership, Board: meetings`.
    fn title(&self, of: &str) -> String {
        let opened = self.as_of.views.records.opened();
        let partnership = opened.map_or(self.ledger, |opened| &opened.partnership);
        clean(&match self.body {
            Some(body) => format!("{partnership}, {}: {of}", self.called(body)),
            None => format!("{partnership}: {of}"),
        })
    }

    /// What a thing is called, to this reader. People are not called by name: their names are sealed.
    fn called(&self, id: &SubjectId) -> String {
        title(self.as_of, id).unwrap_or_else(|| id.to_string())
    }

    /// Whether a thing belongs to the body that the feed is about.
    fn concerns(&self, id: &SubjectId) -> bool {
        let Some(above) = self.body else {
            return true;
        };
        let body = self.as_of.body_of(id);
        body.is_some_and(|body| self.as_of.stands_under(body, above))
    }
}

/// Text without the characters that iCalendar (RFC 5545 section 3.1) or XML 1.0 (section 2.2) cannot
/// hold, and with line feeds for line ends.
fn clean(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let allowed = |c: char| match c {
        '\n' | '\t' => true,
        '\u{fffe}' | '\u{ffff}' => false,
        c => !c.is_control(),
    };
    text.chars()
        .map(|c| if allowed(c) { c } else { '\u{fffd}' })
        .collect()
}

/// As [`clean`], in one line.
fn clean_line(text: &str) -> String {
    clean(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_feed_cannot_hold_is_replaced() {
        assert_eq!(clean("a\r\nb\rc\td"), "a\nb\nc\td");
        assert_eq!(
            clean("\u{0}\u{8}\u{7f}\u{ffff}é"),
            "\u{fffd}\u{fffd}\u{fffd}\u{fffd}é"
        );
        assert_eq!(clean_line(" one\r\n two\tthree "), "one two three");
    }
}
