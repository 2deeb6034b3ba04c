//! The five forms, by the names that people and programs ask for them.

use std::str::FromStr;

use crate::Paper;

/// A form of a paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Plain text.
    Text,
    /// Markdown.
    Markdown,
    /// Comma-separated values.
    Csv,
    /// JSON.
    Json,
    /// A page to read and to print.
    Html,
}

/// No form has this name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no form is called {name:?}: use text, md, csv, json or html")]
pub struct FormError {
    /// What was asked for.
    pub name: String,
}

impl Form {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Text,
        Self::Markdown,
        Self::Csv,
        Self::Json,
        Self::Html,
    ];

    /// Its name, which is also how its files end, but for plain text.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Markdown => "md",
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Html => "html",
        }
    }

    /// Its media type, with the character set where that is to be said.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Text => "text/plain; charset=utf-8",
            Self::Markdown => "text/markdown; charset=utf-8",
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::Json => "application/json",
            Self::Html => "text/html; charset=utf-8",
        }
    }
}

impl FromStr for Form {
    type Err = FormError;

    fn from_str(name: &str) -> Result<Self, FormError> {
        let found = Self::ALL.into_iter().find(|form| form.name() == name);
        found.ok_or_else(|| FormError { name: name.into() })
    }
}

impl Paper {
    /// The paper in a form. Plain text is set to `width` columns; the other forms need none.
    pub fn set(&self, form: Form, width: usize) -> String {
        match form {
            Form::Text => crate::text(self, width),
            Form::Markdown => crate::markdown(self),
            Form::Csv => crate::csv(self),
            Form::Json => crate::json(self),
            Form::Html => crate::html(self),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_found_by_its_name() {
        for form in Form::ALL {
            assert_eq!(form.name().parse(), Ok(form));
        }
        let error = "pdf".parse::<Form>().map_err(|error| error.to_string());
        let said = "no form is called \"pdf\": use text, md, csv, json or html";
        assert_eq!(error, Err(said.to_owned()));
    }
}
