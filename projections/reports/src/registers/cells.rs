//! The cells that the tables of registers share.

use minutebook_papers::Cell;

use super::row::{Dates, Named, Row, Said, Who};
use crate::context::Context;

/// What a row is about, with the body that it belongs to below.
pub(crate) fn what<F>(row: &Row<F>) -> Cell {
    Cell::new(row.title.as_str()).subject(row.id.clone())
}

/// As [`what`], with the name of the body below.
pub(crate) fn what_of<F>(context: &Context<'_>, row: &Row<F>) -> Cell {
    let body = row.body.as_ref().filter(|body| body.id != row.id);
    let what = what(row);
    match body {
        Some(body) => what.note(context.called(&body.id)),
        None => what,
    }
}

/// The entry that says it.
pub(crate) fn entry(said: Option<&Said>) -> Cell {
    let Some(said) = said else {
        return Cell::default();
    };
    let mut cell = Cell::default().entry(said.entry);
    if said.imported {
        cell.text = "imported".to_owned();
    }
    if !said.inferred.is_empty() {
        cell = cell.note(format!("inferred: {}", said.inferred.join(", ")));
    }
    cell
}

/// Several lines: the first is the cell's text, the others stand below.
pub(crate) fn lines(lines: impl IntoIterator<Item = String>) -> Cell {
    let mut lines = lines.into_iter();
    let first = Cell::new(lines.next().unwrap_or_default());
    lines.fold(first, Cell::note)
}

/// Several that are alike, one a line.
pub(crate) fn list(items: impl IntoIterator<Item = String>) -> Cell {
    let items: Vec<String> = items.into_iter().collect();
    Cell::new(items.join("\n"))
}

/// Every date in its words, and how far it has moved in all.
pub(crate) fn dates(dates: &Dates, none: &str) -> Cell {
    let cell = Cell::new(dates.chain().unwrap_or_else(|| none.to_owned()));
    match &dates.moved {
        Some(moved) => cell.note(moved.as_str()),
        None => cell,
    }
}

/// What several things are called, one a line.
pub(crate) fn names(context: &Context<'_>, named: &[Named]) -> Cell {
    list(named.iter().map(|one| context.called(&one.id)))
}

/// Where something was said: the meeting, and the minute.
pub(crate) fn minuted(context: &Context<'_>, said: Option<&Said>) -> Option<String> {
    let said = said?;
    let meeting = said.meeting.as_ref().map(|one| context.called(&one.id));
    let minute = said
        .minute
        .as_ref()
        .map(|minute| format!("minute {minute}"));
    let words: Vec<String> = meeting.into_iter().chain(minute).collect();
    (!words.is_empty()).then(|| words.join(", "))
}

/// Someone in words: the person's name, the post, the organisation.
pub(crate) fn who(context: &Context<'_>, who: &Who) -> String {
    let person = who.person.as_ref().map(|person| context.person(person));
    let organisation = who.organisation.as_ref();
    let organisation = organisation.map(|one| context.called(&one.id));
    let words: Vec<String> = person
        .into_iter()
        .chain(who.post.clone())
        .chain(organisation)
        .collect();
    words.join(", ")
}

/// A text, or that it is not stated.
pub(crate) fn stated(text: Option<impl ToString>) -> Cell {
    Cell::new(text.map_or_else(|| "not stated".to_owned(), |text| text.to_string()))
}

/// A text with its first letter as a capital.
pub(crate) fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}

/// The word that an enum of the catalogue is written with, such as `stayed without vote`.
pub(crate) fn word(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word.replace('-', " "),
        _ => String::new(),
    }
}
