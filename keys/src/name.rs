//! Key names, as they stand in notes and verifier keys.

use std::{fmt, str::FromStr};

/// The longest key name in bytes. Ours, not the specification's: a name has to fit a line.
pub const MAX_LEN: usize = 255;

/// The name of a key in a signed note, such as `ledger.example/minutes` (C2SP signed-note, "Format").
///
/// Not empty, at most [`MAX_LEN`] bytes, without Unicode spaces and without `+`. Control characters
/// are refused too, which the specification leaves open above U+001F: names are printed to terminals.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyName(String);

/// Why a text is not a [`KeyName`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyNameError {
    /// There is nothing to call the key by.
    #[error("key name is empty")]
    Empty,
    /// More than [`MAX_LEN`] bytes.
    #[error("key name has {len} bytes, more than {MAX_LEN}")]
    TooLong {
        /// Its length in bytes.
        len: usize,
    },
    /// A Unicode space, a `+` or a control character.
    #[error("key name {name:?} contains {found:?}")]
    Forbidden {
        /// The name as given.
        name: String,
        /// The first character that may not be in it.
        found: char,
    },
}

impl KeyName {
    /// Checks and takes a name.
    ///
    /// # Errors
    /// [`KeyNameError`] for what the type excludes.
    pub fn new(name: impl Into<String>) -> Result<Self, KeyNameError> {
        let name = name.into();
        if name.is_empty() {
            return Err(KeyNameError::Empty);
        }
        if name.len() > MAX_LEN {
            return Err(KeyNameError::TooLong { len: name.len() });
        }
        let forbidden = |c: char| c == '+' || c.is_whitespace() || c.is_control();
        match name.chars().find(|&c| forbidden(c)) {
            Some(found) => Err(KeyNameError::Forbidden { name, found }),
            None => Ok(Self(name)),
        }
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for KeyName {
    type Err = KeyNameError;

    fn from_str(name: &str) -> Result<Self, KeyNameError> {
        Self::new(name)
    }
}

impl fmt::Display for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyName({:?})", self.0)
    }
}

impl AsRef<str> for KeyName {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;

    #[test]
    fn names_of_logs_and_witnesses_pass() {
        for name in [
            "ledger.example/minutes",
            "witness.example/w1",
            "a",
            "é—ß",
            "a-b_c.d~e",
        ] {
            assert_eq!(KeyName::new(name).unwrap().to_string(), name);
        }
        assert!(KeyName::new("a".repeat(MAX_LEN)).is_ok());
    }

    #[test]
    fn what_would_break_a_line_is_refused() {
        assert_eq!(KeyName::new(""), Err(KeyNameError::Empty));
        assert_eq!(
            KeyName::new("a".repeat(256)),
            Err(KeyNameError::TooLong { len: 256 })
        );
        for found in [
            ' ', '+', '\n', '\t', '\0', '\u{1b}', '\u{7f}', '\u{85}', '\u{a0}', '\u{2003}',
            '\u{2028}', '\u{3000}',
        ] {
            let name = format!("a{found}b");
            assert_eq!(
                KeyName::new(name.clone()),
                Err(KeyNameError::Forbidden { name, found })
            );
        }
    }

    #[test]
    fn message_escapes_what_it_quotes() {
        let error = KeyName::new("a\u{1b}[2J").unwrap_err();
        assert!(!error.to_string().contains('\u{1b}'), "{error}");
    }
}
