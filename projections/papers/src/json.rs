//! A paper for programs.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::{Fact, Paper, Stamp};

/// A paper as JSON: what it is about, the answer in its own types, and where it comes from.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "{T}Paper")]
pub struct Envelope<'a, T = Value> {
    /// What it is, such as `What changed since 14 May 2025`.
    pub title: &'a str,
    /// Whose it is: the partnership, the ledger.
    pub subtitle: &'a str,
    /// What was asked, in words.
    pub facts: &'a [Fact],
    /// What the reader must know first, such as how much is not shown.
    pub banners: &'a [String],
    /// The answer.
    pub data: &'a T,
    /// Where it comes from, and how to make the same bytes again.
    pub stamp: &'a Stamp,
}

/// The paper as JSON, with the answer in its own types in `data`. Sections and tables are for
/// people and not in it.
pub fn json(paper: &Paper) -> String {
    let envelope = Envelope {
        title: &paper.title,
        subtitle: &paper.subtitle,
        facts: &paper.facts,
        banners: &paper.banners,
        data: &paper.data,
        stamp: &paper.stamp,
    };
    // Strings, numbers and a `Value` always have a JSON form.
    let mut text = serde_json::to_string_pretty(&envelope).unwrap_or_default();
    text.push('\n');
    text
}
