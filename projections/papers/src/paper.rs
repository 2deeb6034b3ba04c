//! A paper: what it is about, what it says, and where it comes from.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::Section;

/// What a board is handed.
#[derive(Debug, Clone, PartialEq)]
pub struct Paper {
    /// What it is: `What changed since 14 May 2025`.
    pub title: String,
    /// Whose it is: the partnership, the ledger.
    pub subtitle: String,
    /// What was asked: the meeting, since when, for which reader.
    pub facts: Vec<Fact>,
    /// What the reader must know first: `As known on 14 May 2025; later entries are not shown`.
    pub banners: Vec<String>,
    /// What it says, in the order a board reads.
    pub sections: Vec<Section>,
    /// Where it comes from.
    pub stamp: Stamp,
    /// The same answer with its types, for [`json`](crate::json). The other forms do not show it.
    pub data: Value,
}

/// A name and a value: `Meeting`, `Partnership board, 12 November 2025`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Fact {
    /// What it is.
    pub label: String,
    /// What it is here.
    pub value: String,
}

impl Fact {
    /// A fact.
    pub fn new(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            value: value.into(),
        }
    }
}

/// Where a paper comes from, and how to make the same bytes again. It stands at the foot of every
/// form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Stamp {
    /// The ledger's name where it is kept: `swl`.
    pub ledger: String,
    /// The ledger's origin, which its signatures name.
    pub origin: String,
    /// How many entries the paper was made from.
    pub entries: u64,
    /// The root of the tree over these entries: SHA-256 in lower-case hex.
    pub root: String,
    /// The digest of the views that it was made from: BLAKE3 in lower-case hex.
    pub view_digest: String,
    /// The command or query that makes the same bytes again.
    pub question: String,
}

impl Stamp {
    /// Its parts by the names that people read, in the order of every form.
    pub(crate) fn parts(&self) -> [(&'static str, String, Part); 6] {
        [
            ("Ledger", self.ledger.clone(), Part::Words),
            ("Origin", self.origin.clone(), Part::Words),
            ("Entries", grouped(self.entries), Part::Words),
            ("Root", self.root.clone(), Part::Code),
            ("View digest", self.view_digest.clone(), Part::Code),
            ("Made by", self.question.clone(), Part::Code),
        ]
    }
}

/// How a part of a stamp is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// As text.
    Words,
    /// As something to copy to the letter.
    Code,
}

/// A count with its thousands apart: `12,345`.
pub(crate) fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The first 16 digits of a digest, in fours, as people compare them.
pub(crate) fn short(digest: &str) -> String {
    let digits: Vec<char> = digest.chars().take(16).collect();
    let fours: Vec<String> = digits.chunks(4).map(|four| four.iter().collect()).collect();
    fours.join(" ")
}

/// Text without control characters, which could steer a terminal or end a document early. Line
/// breaks stay, and a tab becomes a space.
pub(crate) fn printable(text: &str) -> String {
    let seen = |c: char| match c {
        '\n' => c,
        '\t' => ' ',
        c if c.is_control() => '\u{fffd}',
        c => c,
    };
    text.replace("\r\n", "\n").chars().map(seen).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_and_digests_are_set_as_people_compare_them() {
        let counts = [0, 999, 1_000, 1_234_567].map(grouped);
        assert_eq!(counts, ["0", "999", "1,000", "1,234,567"]);
        assert_eq!(short("e1d1610fa02b77c9ffff"), "e1d1 610f a02b 77c9");
        assert_eq!(short("e1d16"), "e1d1 6");
    }

    #[test]
    fn nothing_that_steers_a_terminal_stays() {
        assert_eq!(
            printable("a\r\nb\u{1b}[31mc\rd\te"),
            "a\nb\u{fffd}[31mc\u{fffd}d e"
        );
    }
}
