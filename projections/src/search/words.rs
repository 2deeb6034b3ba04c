//! The words of a text, as people type them.
//!
//! Case and accents do not count, nor do apostrophes: `Children's` is `childrens`. A word with a
//! hyphen is its parts and, beside them, the parts in one: `sign-off` is found by `sign`, `off` and
//! `signoff`. A financial year is one word however it is written: `25/26`, `2025-26` and `FY26` are
//! all `2025/26`. `organize` is `organise`.

use std::ops::Range;

/// What a word is to the text that it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// A word of the text.
    Plain,
    /// Words that a hyphen joins, in one. It follows them.
    Joined,
    /// Another way to say the plain word in the same place.
    Aside,
}

/// A word in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word<'a> {
    /// The word, folded.
    pub folded: &'a str,
    /// What it is to the text.
    pub form: Form,
    /// How many plain words stand before it.
    pub place: u16,
    /// Where it stands in the text, in bytes.
    pub range: Range<usize>,
}

/// Splits texts into words. Keeps its buffers from one text to the next.
#[derive(Debug, Default)]
pub(super) struct Splitter {
    folded: String,
    pieces: Vec<Piece>,
    joined: bool,
    spare: String,
}

/// A part of a word between hyphens, slashes and ampersands.
#[derive(Debug, Clone)]
struct Piece {
    folded: Range<usize>,
    text: Range<usize>,
}

impl Splitter {
    /// Gives each word of a text to `give`, the first in this place. Returns the place after the
    /// last.
    pub fn split(&mut self, text: &str, place: u16, give: &mut impl FnMut(&Word<'_>)) -> u16 {
        let mut place = place;
        let mut chars = text.char_indices().peekable();
        // True after a letter or digit of the run that is open.
        let mut open = false;
        while let Some((at, c)) = chars.next() {
            let end = at + c.len_utf8();
            if c.is_alphanumeric() {
                self.push(c, at..end, open);
                open = true;
                continue;
            }
            if open && silent(c) {
                continue;
            }
            let next = chars.peek().map(|(_, next)| *next);
            let between = open && next.is_some_and(char::is_alphanumeric);
            match c {
                '-' | '\u{2010}' | '\u{2011}' | '\u{2013}' | '&' | '/' if between => {
                    self.joined |= c != '/';
                    open = false;
                }
                '.' if between && self.ends_in_digit() && next.is_some_and(is_digit) => {
                    self.folded.push('.');
                }
                ',' if between && self.ends_in_digit() && thousands(&text[end..]) => {}
                _ => {
                    place = self.finish(place, give);
                    open = false;
                }
            }
        }
        self.finish(place, give)
    }

    fn push(&mut self, c: char, text: Range<usize>, open: bool) {
        let start = self.folded.len();
        fold(c, &mut self.folded);
        match self.pieces.last_mut().filter(|_| open) {
            Some(piece) => {
                piece.folded.end = self.folded.len();
                piece.text.end = text.end;
            }
            None => self.pieces.push(Piece {
                folded: start..self.folded.len(),
                text,
            }),
        }
    }

    fn ends_in_digit(&self) -> bool {
        self.folded.ends_with(|c: char| c.is_ascii_digit())
    }

    /// Gives the words of the run that ends here, and begins anew.
    fn finish(&mut self, first: u16, give: &mut impl FnMut(&Word<'_>)) -> u16 {
        let (mut place, mut years) = (first, false);
        let mut at = 0;
        while let Some(piece) = self.pieces.get(at) {
            let word = &self.folded[piece.folded.clone()];
            let next = self.pieces.get(at + 1);
            let pair = next.and_then(|next| year(word, &self.folded[next.folded.clone()]));
            let (year, used) = match pair {
                Some(start) => (Some(start), 2),
                None => (fy(word), 1),
            };
            let mut say = |folded: &str, form, range: Range<usize>| {
                give(&Word {
                    folded,
                    form,
                    place,
                    range,
                });
            };
            if let Some(start) = year {
                let parts = &self.pieces[at..at + used];
                let end = parts.last().map_or(piece.text.end, |last| last.text.end);
                let name = format!("{start}/{:02}", (start + 1) % 100);
                say(&name, Form::Plain, piece.text.start..end);
                for part in parts.iter().filter(|_| word.len() != 4 || used == 1) {
                    let word = &self.folded[part.folded.clone()];
                    say(word, Form::Aside, part.text.clone());
                }
                years = true;
            } else if british(word, &mut self.spare) {
                say(&self.spare, Form::Plain, piece.text.clone());
            } else {
                say(word, Form::Plain, piece.text.clone());
            }
            place = place.saturating_add(1);
            at += used;
        }
        if let [begin, .., end] = self.pieces.as_slice()
            && self.joined
            && !years
            && self.folded.contains(char::is_alphabetic)
        {
            let range = begin.text.start..end.text.end;
            let folded = match british(&self.folded, &mut self.spare) {
                true => &self.spare,
                false => &self.folded,
            };
            give(&Word {
                folded,
                form: Form::Joined,
                place: first,
                range,
            });
        }
        self.folded.clear();
        self.pieces.clear();
        self.joined = false;
        place
    }
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}

/// Apostrophes, soft hyphens and accents that follow their letter.
fn silent(c: char) -> bool {
    matches!(
        c,
        '\'' | '\u{2019}' | '\u{2018}' | '\u{ad}' | '\u{300}'..='\u{36f}'
    )
}

/// Whether what follows a comma are three digits and no more.
fn thousands(rest: &str) -> bool {
    rest.bytes().take_while(u8::is_ascii_digit).count() == 3
}

/// The first year of a financial year that is written as two numbers.
fn year(first: &str, second: &str) -> Option<u16> {
    let first = first.strip_prefix("fy").unwrap_or(first);
    let (start, next) = (full(first)?, number(second)?);
    let follows = match second.len() {
        2 => (start + 1) % 100 == next,
        4 => start + 1 == next,
        _ => false,
    };
    follows.then_some(start)
}

/// The first year of a financial year that is written as the one it ends in, such as `FY26`.
fn fy(word: &str) -> Option<u16> {
    full(word.strip_prefix("fy")?)?.checked_sub(1)
}

/// A year of two or four digits.
fn full(digits: &str) -> Option<u16> {
    let year = number(digits)?;
    match digits.len() {
        2 if year >= 70 => Some(1900 + year),
        2 => Some(2000 + year),
        4 if (1800..2200).contains(&year) => Some(year),
        _ => None,
    }
}

fn number(digits: &str) -> Option<u16> {
    let all = digits.len() <= 4 && digits.bytes().all(|b| b.is_ascii_digit());
    all.then(|| digits.parse().ok()).flatten()
}

/// Writes a word with `-ise` for `-ize`; false where there is nothing to do.
fn british(word: &str, spare: &mut String) -> bool {
    if !word.contains('z') {
        return false;
    }
    spare.clear();
    let mut rest = word;
    while let Some(at) = rest.find("iz") {
        let after = &rest[at + 2..];
        spare.push_str(&rest[..at]);
        spare.push_str(match after.starts_with(['a', 'e', 'i']) {
            true => "is",
            false => "iz",
        });
        rest = after;
    }
    spare.push_str(rest);
    true
}

/// A letter without case and accents.
fn fold(c: char, into: &mut String) {
    if c.is_ascii() {
        return into.push(c.to_ascii_lowercase());
    }
    for c in c.to_lowercase() {
        let plain = match c {
            'à'..='å' | 'ā' | 'ă' | 'ą' => "a",
            'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => "c",
            'ď' | 'đ' | 'ð' => "d",
            'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => "e",
            'ĝ' | 'ğ' | 'ġ' | 'ģ' => "g",
            'ĥ' | 'ħ' => "h",
            'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' => "i",
            'ĵ' => "j",
            'ķ' => "k",
            'ĺ' | 'ļ' | 'ľ' | 'ŀ' | 'ł' => "l",
            'ñ' | 'ń' | 'ņ' | 'ň' => "n",
            'ò'..='ö' | 'ø' | 'ō' | 'ŏ' | 'ő' => "o",
            'ŕ' | 'ŗ' | 'ř' => "r",
            'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => "s",
            'ţ' | 'ť' | 'ŧ' | 'ț' => "t",
            'ù'..='ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' => "u",
            'ŵ' | 'ẁ' | 'ẃ' | 'ẅ' => "w",
            'ý' | 'ÿ' | 'ŷ' | 'ỳ' => "y",
            'ź' | 'ż' | 'ž' => "z",
            'æ' => "ae",
            'œ' => "oe",
            'þ' => "th",
            'ß' => "ss",
            '\u{300}'..='\u{36f}' => "",
            other => {
                into.push(other);
                continue;
            }
        };
        into.push_str(plain);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        let mut words = Vec::new();
        Splitter::default().split(text, 0, &mut |word| {
            let mark = match word.form {
                Form::Plain => "",
                Form::Joined => "+",
                Form::Aside => "~",
            };
            words.push(format!("{mark}{}@{}", word.folded, word.place));
        });
        words
    }

    #[test]
    fn words_are_folded_as_people_type_them() {
        for (text, expected) in [
            ("", ""),
            (" -- & ' ", ""),
            ("The Board", "the@0 board@1"),
            (
                "Children\u{2019}s boards' 'plan'",
                "childrens@0 boards@1 plan@2",
            ),
            ("Sign-off, now", "sign@0 off@1 +signoff@0 now@2"),
            ("sign \u{2013} off", "sign@0 off@1"),
            ("A&E and/or R&D", "a@0 e@1 +ae@0 and@2 or@3 r@4 d@5 +rd@4"),
            ("Ynys Môn, tŷ, E\u{301}té", "ynys@0 mon@1 ty@2 ete@3"),
            ("Straße Œuvre", "strasse@0 oeuvre@1"),
            (
                "organization organise size",
                "organisation@0 organise@1 sise@2",
            ),
            ("£1,200 1.2 7.2. 20% 3,4", "1200@0 1.2@1 7.2@2 20@3 3@4 4@5"),
            ("s43(2)", "s43@0 2@1"),
            ("日本 Ωμέγα", "日本@0 ωμέγα@1"),
        ] {
            assert_eq!(words(text).join(" "), expected, "{text}");
        }
    }

    #[test]
    fn a_financial_year_is_one_word_however_it_is_written() {
        for text in ["2025/26", "2025-26", "2025/2026", "2025\u{2013}26"] {
            assert_eq!(words(text), ["2025/26@0"], "{text}");
        }
        for text in ["25/26", "25-26"] {
            assert_eq!(words(text), ["2025/26@0", "~25@0", "~26@0"], "{text}");
        }
        assert_eq!(words("FY26"), ["2025/26@0", "~fy26@0"]);
        assert_eq!(words("1999/00 plan"), ["1999/00@0", "plan@1"]);
        assert_eq!(
            words("2023/24-2025/26 Q3/4"),
            ["2023/24@0", "2025/26@1", "q3@2", "4@3"]
        );
        assert_eq!(words("2023-2026"), ["2023@0", "2026@1"]);
        assert_eq!(words("25/27"), ["25@0", "27@1"]);
    }

    #[test]
    fn words_are_found_where_they_stand() {
        let text = "É sign-off 25/26!";
        let mut found = Vec::new();
        Splitter::default().split(text, 0, &mut |word| found.push(&text[word.range.clone()]));
        assert_eq!(found, ["É", "sign", "off", "sign-off", "25/26", "25", "26"]);
    }
}
