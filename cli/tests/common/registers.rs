//! The registers as a script reads them.

use serde_json::Value;

use super::Desk;

pub const REGISTERS: [&str; 20] = [
    "decisions",
    "actions",
    "milestones",
    "progress",
    "metrics",
    "sign-offs",
    "meetings",
    "minutes",
    "bodies",
    "organisations",
    "people",
    "interests",
    "agreements",
    "risks",
    "assurance",
    "funding",
    "evaluations",
    "consultations",
    "documents",
    "records",
];

pub fn rows(desk: &Desk, line: &str) -> Vec<Value> {
    desk.json(line)["data"]["rows"].as_array().unwrap().clone()
}

pub fn row(desk: &Desk, line: &str, id: &str) -> Value {
    let rows = rows(desk, line);
    let found = rows.iter().find(|row| row["id"] == id);
    found
        .unwrap_or_else(|| panic!("{line} has no {id}"))
        .clone()
}

pub fn ids(rows: &[Value]) -> Vec<&str> {
    rows.iter().map(|row| row["id"].as_str().unwrap()).collect()
}

/// The words of a list of dates, steps or names.
pub fn words<'a>(list: &'a Value, pointer: &str) -> Vec<&'a str> {
    let list = list.as_array().unwrap().iter();
    list.map(|one| one.pointer(pointer).unwrap().as_str().unwrap())
        .collect()
}
