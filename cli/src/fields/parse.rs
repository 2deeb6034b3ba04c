//! What people type, as the JSON of a field.

use std::fs;
use std::io::{self, Read as _};
use std::path::Path;

use minutebook_documents::MAX_DOCUMENT;
use minutebook_events::Period;
use minutebook_events::authority::Role;
use serde_json::{Map, Value, json};

use super::Form;

/// Reads what was typed for a field.
///
/// # Errors
/// What is wrong with it, in plain words that end without a full stop.
pub fn parse(form: &Form, text: &str) -> Result<Value, String> {
    match form {
        Form::Text | Form::Subject => Ok(text.into()),
        Form::Period | Form::Figure if text.starts_with('{') => json_of(text),
        Form::Figure => Ok(text.into()),
        Form::Period => match Period::parse(text) {
            Ok(_) => Ok(text.trim().into()),
            Err(error) => Err(error.to_string()),
        },
        Form::Number => number(text),
        Form::Flag => match text.to_lowercase().as_str() {
            "true" | "yes" => Ok(true.into()),
            "false" | "no" => Ok(false.into()),
            _ => Err(format!("{text:?} is neither true nor false")),
        },
        Form::Choice(words) => choice(words, text),
        Form::Capacity => capacity(text),
        Form::Document => document(text),
        Form::Group(_) if text.trim_start().starts_with('{') => json_of(text),
        Form::Group(parts) => group(parts, text),
        Form::Many(form) => parse(form, text),
        Form::Json => json_of(text),
    }
}

fn json_of(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|error| format!("not JSON: {error}"))
}

fn number(text: &str) -> Result<Value, String> {
    match serde_json::from_str::<Value>(text) {
        Ok(value) if value.is_number() => Ok(value),
        _ => Err(format!("{text:?} is not a number")),
    }
}

fn choice(words: &[(String, String)], text: &str) -> Result<Value, String> {
    // Words such as `part-2` are also typed `Part 2`.
    let plain = |word: &str| word.to_lowercase().replace([' ', '_'], "-");
    match words.iter().find(|(word, _)| plain(word) == plain(text)) {
        Some((word, _)) => Ok(word.clone().into()),
        None => {
            let words: Vec<&str> = words.iter().map(|(word, _)| word.as_str()).collect();
            Err(format!("{text:?} is none of {}", words.join(", ")))
        }
    }
}

fn capacity(text: &str) -> Result<Value, String> {
    if text.starts_with('{') {
        return json_of(text);
    }
    let (role, of) = match text.split_once(" of ") {
        Some((role, of)) => (role.trim(), Some(of.trim())),
        None => (text.trim(), None),
    };
    let role = role.to_lowercase().replace(' ', "-");
    if serde_json::from_value::<Role>(role.clone().into()).is_err() {
        let roles: Vec<&str> = Role::ALL.iter().map(|role| role.name()).collect();
        return Err(format!(
            "{role:?} is no role; there are {}",
            roles.join(", ")
        ));
    }
    Ok(match of {
        Some(of) => json!({"role": role, "of": of}),
        None => json!({"role": role}),
    })
}

fn group(parts: &[(String, Form)], text: &str) -> Result<Value, String> {
    let names = || {
        parts
            .iter()
            .map(|(name, _)| name.as_str())
            .collect::<Vec<_>>()
            .join(", ")
    };
    let mut object = Map::new();
    for piece in pieces(parts, text) {
        let Some((name, value)) = piece.split_once('=') else {
            return Err(format!(
                "{piece:?} is not name=value; the names are {}",
                names()
            ));
        };
        let Some((name, form)) = parts.iter().find(|(part, _)| part == name.trim()) else {
            return Err(format!(
                "there is no part {:?}; there are {}",
                name.trim(),
                names()
            ));
        };
        let value = parse(form, value.trim()).map_err(|error| format!("{name}: {error}"))?;
        match (form, object.get_mut(name)) {
            (Form::Many(_), Some(Value::Array(items))) => items.push(value),
            (Form::Many(_), _) => drop(object.insert(name.clone(), vec![value].into())),
            (_, Some(_)) => return Err(format!("{name} stands twice")),
            (_, None) => drop(object.insert(name.clone(), value)),
        }
    }
    Ok(object.into())
}

/// Splits at the commas before `name=`, so that values may hold commas of their own.
fn pieces<'a>(parts: &[(String, Form)], text: &'a str) -> Vec<&'a str> {
    let begins = |rest: &str| {
        let name = rest.split('=').next().unwrap_or_default().trim();
        rest.contains('=') && parts.iter().any(|(part, _)| part == name)
    };
    let mut pieces = Vec::new();
    let mut start = 0;
    for (at, _) in text.match_indices(',') {
        if begins(&text[at + 1..]) {
            pieces.push(&text[start..at]);
            start = at + 1;
        }
    }
    pieces.push(&text[start..]);
    pieces
}

/// The reference to a document: JSON, or `@FILE`, whose digests are then taken.
fn document(text: &str) -> Result<Value, String> {
    let Some(path) = text.strip_prefix('@') else {
        return json_of(text);
    };
    let path = Path::new(path);
    let unreadable = |error: io::Error| format!("cannot read {}: {error}", path.display());
    let mut bytes = Vec::new();
    let file = fs::File::open(path).map_err(unreadable)?;
    let read = file.take(MAX_DOCUMENT + 1).read_to_end(&mut bytes);
    match read.map_err(unreadable)? {
        0 => return Err(format!("{} is empty", path.display())),
        read if read as u64 > MAX_DOCUMENT => {
            let most = MAX_DOCUMENT >> 20;
            return Err(format!("{} is larger than {most} MiB", path.display()));
        }
        _ => {}
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    Ok(json!({
        "blake3": blake3::hash(&bytes).to_hex().as_str(),
        "sha256": minutebook_events::Digest::of(&bytes).to_string(),
        "size": bytes.len(),
        "media_type": media_type(path),
        "name": name,
    }))
}

/// The media type by the file's ending, as boards' documents have them.
pub fn media_type(path: &Path) -> &'static str {
    let ending = path
        .extension()
        .unwrap_or_default()
        .to_string_lossy()
        .to_lowercase();
    match ending.as_str() {
        "pdf" => "application/pdf",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "pptx" => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "odt" => "application/vnd.oasis.opendocument.text",
        "html" | "htm" => "text/html",
        "md" => "text/markdown",
        "txt" => "text/plain",
        "csv" => "text/csv",
        "yaml" | "yml" => "application/yaml",
        "json" => "application/json",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn words(words: &[&str]) -> Form {
        Form::Choice(
            words
                .iter()
                .map(|word| ((*word).into(), String::new()))
                .collect(),
        )
    }

    #[test]
    fn plain_values_become_json() {
        assert_eq!(parse(&Form::Text, "a, b").unwrap(), json!("a, b"));
        assert_eq!(parse(&Form::Number, "12").unwrap(), json!(12));
        assert!(parse(&Form::Number, "twelve").is_err());
        assert_eq!(parse(&Form::Flag, "yes").unwrap(), json!(true));
        assert!(parse(&Form::Flag, "perhaps").is_err());
        let form = words(&["public", "part-2"]);
        assert_eq!(parse(&form, "Part 2").unwrap(), json!("part-2"));
        assert!(
            parse(&form, "secret")
                .unwrap_err()
                .contains("public, part-2")
        );
    }

    #[test]
    fn dates_stay_as_typed_and_ambiguous_ones_are_questions() {
        assert_eq!(parse(&Form::Period, " 25/26 ").unwrap(), json!("25/26"));
        let question = parse(&Form::Period, "Q3 2025").unwrap_err();
        assert!(question.contains("Q3 2025/26"), "{question}");
    }

    #[test]
    fn a_capacity_is_a_role_and_what_it_is_held_for() {
        assert_eq!(
            parse(&Form::Capacity, "Secretary").unwrap(),
            json!({"role": "secretary"})
        );
        let typed = parse(&Form::Capacity, "records officer of body/pdg").unwrap();
        assert_eq!(typed, json!({"role": "records-officer", "of": "body/pdg"}));
        assert!(
            parse(&Form::Capacity, "king")
                .unwrap_err()
                .contains("registrar")
        );
    }

    #[test]
    fn a_group_is_typed_as_names_and_values() {
        let form = Form::Group(vec![
            ("name".into(), Form::Text),
            ("votes".into(), Form::Number),
            ("for".into(), Form::Many(Box::new(Form::Text))),
        ]);
        let typed = parse(&form, "name=A, with commas, votes=3, for=x, for=y").unwrap();
        assert_eq!(
            typed,
            json!({"name": "A, with commas", "votes": 3, "for": ["x", "y"]})
        );
        assert_eq!(
            parse(&form, r#"{"votes": 1}"#).unwrap(),
            json!({"votes": 1})
        );
        assert!(
            parse(&form, "votes=3,votes=4")
                .unwrap_err()
                .contains("twice")
        );
        assert!(
            parse(&form, "size=3")
                .unwrap_err()
                .contains("name, votes, for")
        );
        assert!(parse(&form, "three").is_err());
    }

    #[test]
    fn a_document_is_named_by_the_digests_of_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("minutes.pdf");
        fs::write(&path, b"abc").unwrap();
        let typed = parse(&Form::Document, &format!("@{}", path.display())).unwrap();
        assert_eq!(typed["size"], 3);
        assert_eq!(typed["media_type"], "application/pdf");
        assert_eq!(typed["name"], "minutes.pdf");
        let sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(typed["sha256"], sha256);
        assert!(parse(&Form::Document, "@/nowhere").is_err());
        fs::write(&path, b"").unwrap();
        let empty = parse(&Form::Document, &format!("@{}", path.display()));
        assert!(empty.unwrap_err().contains("is empty"));
    }
}
