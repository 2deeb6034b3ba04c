//! A register as `--format json` tells it, a line for each row, for expectations to be held against.

use serde_json::Value;

use crate::office::Office;

/// A register, as it was answered.
pub struct Register {
    asked: String,
    pub rows: Vec<Value>,
}

impl Register {
    /// Asks, at the clock's time: `decisions --reader part2`.
    pub fn ask(office: &Office, asked: &str) -> Self {
        let answer = office.json(&format!("{asked} --format json"));
        Self {
            asked: asked.to_owned(),
            rows: answer["data"]["rows"].as_array().unwrap().clone(),
        }
    }

    /// Holds the rows against the story: all of them, in order.
    pub fn says(&self, line: impl Fn(&Value) -> String, expected: &[&str]) -> &Self {
        let found: Vec<String> = self.rows.iter().map(line).collect();
        assert_eq!(
            found.join("\n"),
            expected.join("\n"),
            "minutebook {}",
            self.asked
        );
        self
    }

    /// As [`Register::says`], in whatever order.
    pub fn has(&self, line: impl Fn(&Value) -> String, expected: &[&str]) -> &Self {
        let mut found: Vec<String> = self.rows.iter().map(line).collect();
        let mut expected = expected.to_vec();
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(
            found.join("\n"),
            expected.join("\n"),
            "minutebook {}",
            self.asked
        );
        self
    }

    /// Holds what some rows say against the story.
    pub fn also(&self, line: impl Fn(&Value) -> String, expected: &[&str]) -> &Self {
        for one in expected {
            let found: Vec<String> = self.rows.iter().map(&line).collect();
            assert!(
                found.iter().any(|line| line == one),
                "minutebook {}: no {one:?} in\n{}",
                self.asked,
                found.join("\n")
            );
        }
        self
    }
}

/// Parts that are said, with strokes between.
pub fn parts<const N: usize>(parts: [Option<String>; N]) -> String {
    let said = parts.into_iter().flatten().filter(|part| !part.is_empty());
    said.collect::<Vec<_>>().join(" | ")
}

/// A text, a date or figure as written, the id of something: whatever stands for it in a line.
pub fn plain(value: &Value) -> Option<String> {
    match value {
        Value::Object(object) => {
            let words = object.get("as_written").or(object.get("id"));
            words.and_then(plain)
        }
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().filter_map(plain).collect();
            (!items.is_empty()).then(|| items.join(", "))
        }
        Value::Null | Value::Bool(_) => None,
    }
}

/// A part with a word before it.
pub fn with(word: &str, value: &Value) -> Option<String> {
    plain(value).map(|text| format!("{word}{text}"))
}

/// The state, and whether it is overdue.
pub fn state(row: &Value) -> Option<String> {
    let overdue = if row["overdue"] == true {
        ", overdue"
    } else {
        ""
    };
    plain(&row["state"]).map(|state| format!("{state}{overdue}"))
}

/// Where it was minuted: `meeting/board-2025-05, minute 3`.
pub fn minuted(said: &Value) -> Option<String> {
    let minute = plain(&said["minute"]).map(|minute| format!(", minute {minute}"));
    plain(&said["meeting"]).map(|meeting| format!("{meeting}{}", minute.unwrap_or_default()))
}

/// Every date, with what happened to it: `Q2 -> Q3 (slipped one quarter, reported, why: ...)`.
pub fn dates(due: &Value) -> Option<String> {
    let mut words = plain(&due["first"])?;
    for later in due["later"].as_array().unwrap() {
        let (verb, moved) = (plain(&later["verb"]).unwrap(), plain(&later["moved"]));
        let moved = moved.map(|moved| match moved.starts_with(&verb) {
            true => moved,
            false => format!("{verb}, {moved}"),
        });
        let agreed = plain(&later["agreed_by"]).map(|by| format!(" by {by}"));
        let standing = plain(&later["standing"]);
        let standing =
            standing.map(|word| format!(", {word}{}", agreed.clone().unwrap_or_default()));
        let why = plain(&later["said"]["reason"]).map(|why| format!(", why: {why}"));
        words.push_str(&format!(
            " -> {} ({}{}{})",
            plain(&later["to"]).unwrap(),
            moved.unwrap_or(verb),
            standing.unwrap_or_default(),
            why.unwrap_or_default()
        ));
    }
    Some(words)
}
