//! What is found.

use std::ops::Range;

use minutebook_events::SubjectId;

use super::query::{Look, Term};
use super::words::Splitter;

/// Stands between the texts of one entry. No text of an event holds control characters.
pub(super) const BETWEEN: char = '\u{1f}';

/// How long a snippet is at most, in bytes, where it is cut from a longer text.
const LENGTH: usize = 240;

/// How much of that stands before the first word that matched.
const BEFORE: usize = 60;

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hits {
    /// The best first: those with more of the words in their titles, then those with more entries,
    /// then those whose newest entry is newer.
    pub hits: Vec<Hit>,
    /// True where there are more than were wanted.
    pub more: bool,
}

/// A subject in whose texts all the words occur.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The subject. Its kind is that of its id.
    pub subject: SubjectId,
    /// Its title as it stood at that moment to that reader; see [`crate::title::title`].
    pub title: Option<String>,
    /// The text in the entry that has the most of the words.
    pub snippet: Snippet,
    /// That entry's index in the log: the newest one where several have as many.
    pub position: u64,
    /// When it was recorded, in seconds since 1970.
    pub recorded_at: i64,
    /// How many entries about the subject have at least one of the words.
    pub entries: u64,
}

/// A text, or a piece of one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snippet {
    /// The text as it was recorded.
    pub text: String,
    /// Where the words stand in it, in bytes, in order and apart from each other.
    pub marks: Vec<Range<usize>>,
    /// True where the text begins earlier.
    pub cut_before: bool,
    /// True where the text goes on.
    pub cut_after: bool,
}

/// Where each of the terms stands in a text, by their number.
pub(super) fn marks(text: &str, terms: &[Term]) -> Vec<(usize, Range<usize>)> {
    let mut words = Vec::new();
    Splitter::default().split(text, 0, &mut |word| {
        words.push((word.folded.to_owned(), word.place, word.range.clone()));
    });
    let mut marks = Vec::new();
    for (number, term) in terms.iter().enumerate() {
        for look in &term.looks {
            for (at, (word, place, range)) in words.iter().enumerate() {
                if look.fits(0, word)
                    && let Some(end) = end(look, &words[at..], *place)
                {
                    marks.push((number, range.start..end.max(range.end)));
                }
            }
        }
    }
    marks
}

/// Where a look ends that begins with the first of these words.
fn end(look: &Look, words: &[(String, u16, Range<usize>)], place: u16) -> Option<usize> {
    let count = u16::try_from(look.words.len()).ok()?;
    let after = place.checked_add(count)?;
    let near = words.iter().take_while(|(_, other, _)| *other < after);
    let mut end = None;
    for at in 0..count {
        let mut here = near.clone().filter(|(_, other, _)| *other == place + at);
        let (_, _, range) = here.find(|(word, _, _)| look.fits(usize::from(at), word))?;
        end = Some(range.end);
    }
    end
}

/// The piece of an entry's texts that shows the most of the terms.
pub(super) fn snippet(texts: &str, terms: &[Term]) -> Snippet {
    let distinct = |marks: &[(usize, Range<usize>)]| {
        marks
            .iter()
            .fold(0u32, |all, (term, _)| all | 1 << term)
            .count_ones()
    };
    let mut best = ("", Vec::new(), 0);
    for text in texts.split(BETWEEN) {
        let marks = marks(text, terms);
        let shown = distinct(&marks);
        if shown > best.2 {
            best = (text, marks, shown);
        }
    }
    let (text, marks, _) = best;
    let mut ranges: Vec<_> = marks.into_iter().map(|(_, range)| range).collect();
    ranges.sort_by_key(|range| (range.start, range.end));
    let (start, end) = cut(text, ranges.first().map_or(0, |range| range.start));
    let mut marks: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        let range = range.start.max(start)..range.end.min(end);
        match marks.last_mut() {
            _ if range.is_empty() => {}
            Some(last) if range.start - start <= last.end => {
                last.end = last.end.max(range.end - start);
            }
            _ => marks.push(range.start - start..range.end - start),
        }
    }
    Snippet {
        text: text[start..end].to_owned(),
        marks,
        cut_before: start > 0,
        cut_after: end < text.len(),
    }
}

/// The bytes of a text that are shown, where the first match begins at `first`.
fn cut(text: &str, first: usize) -> (usize, usize) {
    if text.len() <= LENGTH {
        return (0, text.len());
    }
    let space = |text: &str| text.find(char::is_whitespace);
    let mut start = first.saturating_sub(BEFORE);
    if start > 0 {
        start = boundary(text, start);
        // The next word begins after a space, where there is one before the match.
        if let Some(at) = space(&text[start..first]) {
            let gap = &text[start + at..first];
            start = first - gap.trim_start().len();
        }
    }
    let most = (start + LENGTH).min(text.len());
    let mut end = boundary(text, most);
    if end < text.len()
        && let Some(at) = text[first.max(start)..end].rfind(char::is_whitespace)
        && at > 0
    {
        end = first.max(start) + at;
    }
    (start, end)
}

/// The last place at or before this one where a character begins.
fn boundary(text: &str, at: usize) -> usize {
    (0..=at)
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::search::Query;

    fn shown(texts: &str, query: &str) -> String {
        let snippet = snippet(texts, &Query::parse(query).unwrap().terms);
        let mut text = snippet.text;
        for mark in snippet.marks.iter().rev() {
            text.insert(mark.end, ']');
            text.insert(mark.start, '[');
        }
        let dots = |cut| if cut { "~" } else { "" };
        format!(
            "{}{text}{}",
            dots(snippet.cut_before),
            dots(snippet.cut_after)
        )
    }

    #[test]
    fn the_words_are_marked_where_they_stand() {
        for (texts, query, expected) in [
            (
                "The crisis line opens.",
                "line cris",
                "The [crisis] [line] opens.",
            ),
            ("Sign-off of the plan", "signoff", "[Sign-off] of the plan"),
            ("Sign-off of the plan", "sign-off", "[Sign-off] of the plan"),
            ("Sign-off of the plan", "off sign", "[Sign-off] of the plan"),
            ("Due 25/26.", "2025-26", "Due [25/26]."),
            (
                "A plan. The plan of care.",
                "\"plan of care\"",
                "A plan. The [plan of care].",
            ),
            (
                "One\u{1f}crisis\u{1f}line of crisis",
                "line crisis",
                "[line] of [crisis]",
            ),
            ("Café, École", "cafe ecole", "[Café], [École]"),
            ("a a a", "\"a a\"", "[a a a]"),
        ] {
            assert_eq!(shown(texts, query), expected, "{query}");
        }
    }

    #[test]
    fn a_long_text_is_cut_between_words_around_the_match() {
        let long = "été word ".repeat(60) + "the crisis line opens " + &"and on ü ".repeat(60);
        let text = shown(&long, "crisis");
        assert!(
            text.starts_with("~word") || text.starts_with("~été"),
            "{text}"
        );
        assert!(
            text.contains(" the [crisis] line ") && text.ends_with('~'),
            "{text}"
        );
        assert!(text.len() <= LENGTH + 4);
        let one = "é".repeat(9_000);
        let text = shown(&one, &one);
        assert!(text.starts_with("[é") && text.ends_with("]~") && text.len() <= LENGTH + 3);
    }
}
