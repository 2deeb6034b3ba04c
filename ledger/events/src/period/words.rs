//! The words of a date as tokens: numbers, months, other words, signs.

use super::calendar::month_number;

/// One piece of what was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// ASCII digits, as written: `05` and `5` differ.
    Number(&'a str),
    /// A month's name or its short form, 1 to 12.
    Month(i8),
    /// Other letters.
    Word(&'a str),
    /// Anything else, one character; every dash is `-`.
    Sign(char),
}

/// Splits lower-case text, dropping what never changes its meaning: spaces, commas, apostrophes,
/// "of", "the", the letters of "10th", the full stop of "Dec." and a dash beside a month's name.
pub(super) fn tokens(lower: &str) -> Vec<Token<'_>> {
    let mut kept: Vec<Token<'_>> = Vec::new();
    let mut rest = lower;
    while let Some(c) = rest.chars().next() {
        let class = |c: char| (c.is_ascii_digit(), c.is_alphabetic());
        let run = match class(c) {
            (false, false) => c.len_utf8(),
            of => rest.find(|c| class(c) != of).unwrap_or(rest.len()),
        };
        let (piece, after) = rest.split_at(run);
        rest = after;
        let token = match (class(c), c) {
            ((true, _), _) => Token::Number(piece),
            ((_, true), _) => match month_number(piece) {
                Some(month) => Token::Month(month),
                None => Token::Word(piece),
            },
            (_, '\u{2010}'..='\u{2015}' | '\u{2212}') => Token::Sign('-'),
            _ => Token::Sign(c),
        };
        let noise = match (token, kept.last()) {
            (Token::Sign(',' | '\'' | '\u{2018}' | '\u{2019}'), _) => true,
            (Token::Sign(c), _) if c.is_whitespace() => true,
            (Token::Sign('.'), Some(Token::Word(_) | Token::Month(_))) => true,
            (Token::Sign('-'), Some(Token::Month(_))) => true,
            (Token::Word("st" | "nd" | "rd" | "th"), Some(Token::Number(_))) => true,
            (Token::Word("of" | "the"), _) => true,
            _ => false,
        };
        if noise {
            continue;
        }
        if matches!(token, Token::Month(_)) && kept.last() == Some(&Token::Sign('-')) {
            kept.pop();
        }
        kept.push(token);
    }
    kept
}
