//! Breaking text into lines, by the columns that a terminal gives it.

use unicode_width::UnicodeWidthStr as _;

/// How many columns of a terminal a text takes.
pub(crate) fn width_of(text: &str) -> usize {
    text.width()
}

/// A text, filled with spaces up to `width` columns: before it where `right`, else after it.
pub(crate) fn padded(text: &str, width: usize, right: bool) -> String {
    let fill = " ".repeat(width.saturating_sub(width_of(text)));
    match right {
        true => fill + text,
        false => text.to_owned() + &fill,
    }
}

/// Breaks text at spaces into lines of at most `width` columns. A longer word gets a line of its
/// own and is not broken: it may be a digest or a path that is to be copied. Leading spaces stay.
/// An arrow stays with what it points to, and where breaks before arrows are enough there are no
/// others.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    if width_of(text) > width && text.contains(" → ") {
        let lines = text.replace(" → ", "\n→ ");
        let lines: Vec<String> = lines.lines().map(str::to_owned).collect();
        if lines.iter().all(|line| width_of(line) <= width) {
            return lines;
        }
    }
    let indent = text.len() - text.trim_start().len();
    let mut lines = Vec::new();
    let mut line = text[..indent].to_owned();
    let mut filled = false;
    for word in words(text, width) {
        if filled && width_of(&line) + 1 + width_of(&word) > width {
            lines.push(std::mem::take(&mut line));
            filled = false;
        }
        if filled {
            line.push(' ');
        }
        line.push_str(&word);
        filled = true;
    }
    lines.push(line);
    lines
}

/// The columns of the longest word, in lines of at most `width` columns.
pub(crate) fn longest_word(text: &str, width: usize) -> usize {
    let words = words(text, width);
    words.map(|word| width_of(&word)).max().unwrap_or(0)
}

/// What is not broken. A no-break space is no place to break.
fn words(text: &str, width: usize) -> impl Iterator<Item = String> {
    let space = |c: char| c.is_whitespace() && !matches!(c, '\u{a0}' | '\u{202f}');
    let mut words = text.split(space).filter(|word| !word.is_empty()).peekable();
    std::iter::from_fn(move || {
        let word = words.next()?;
        let fits = |next: &&str| word == "→" && 2 + width_of(next) <= width;
        Some(match words.next_if(fits) {
            Some(next) => format!("{word} {next}"),
            None => word.to_owned(),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_broken_at_spaces_only() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("0123456789 a b", 4), ["0123456789", "a b"]);
        assert_eq!(wrap("", 10), [""]);
        assert_eq!(wrap("  a b", 4), ["  a", "b"]);
        assert_eq!(wrap("14\u{a0}May 2025", 8), ["14\u{a0}May", "2025"]);
    }

    #[test]
    fn an_arrow_stays_with_what_it_points_to() {
        assert_eq!(wrap("2024/25 → 25/26", 10), ["2024/25", "→ 25/26"]);
        assert_eq!(wrap("2024/25 → 25/26", 15), ["2024/25 → 25/26"]);
        let dates = "December 2025 → 3 November 2025";
        assert_eq!(wrap(dates, 19), ["December 2025", "→ 3 November 2025"]);
        assert_eq!(wrap("a → 0123456789", 10), ["a →", "0123456789"]);
        assert_eq!(longest_word("2024/25 → 25/26", 20), 7);
        assert_eq!(longest_word("to → 2025/26", 20), 9);
    }

    #[test]
    fn width_is_counted_in_columns_and_not_in_letters() {
        assert_eq!(wrap("委員 会議", 8), ["委員", "会議"]);
        assert_eq!(wrap("e\u{301}te\u{301} x", 5), ["e\u{301}te\u{301} x"]);
        assert_eq!(padded("é", 3, true), "  é");
        assert_eq!(padded("委", 3, false), "委 ");
    }
}
