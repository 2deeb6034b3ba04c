//! A paper for programs.

use serde::Serialize;
use serde_json::Value;

use crate::{Fact, Paper, Stamp};

/// The paper as JSON, with the answer in its own types in `data`. Sections and tables are for
/// people and not in it.
pub fn json(paper: &Paper) -> String {
    let form = Form {
        title: &paper.title,
        subtitle: &paper.subtitle,
        facts: &paper.facts,
        banners: &paper.banners,
        data: &paper.data,
        stamp: &paper.stamp,
    };
    // Strings, numbers and a `Value` always have a JSON form.
    let mut text = serde_json::to_string_pretty(&form).unwrap_or_default();
    text.push('\n');
    text
}

#[derive(Serialize)]
struct Form<'a> {
    title: &'a str,
    subtitle: &'a str,
    facts: &'a [Fact],
    banners: &'a [String],
    data: &'a Value,
    stamp: &'a Stamp,
}
