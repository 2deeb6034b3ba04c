//! Text on its way into HTML. Nothing that a record says reaches a page but through here.

use crate::paper::printable;

/// Text between tags. Line breaks stay, arrows are read aloud as the word that they stand for.
pub(super) fn text(text: &str) -> String {
    let mut out = String::new();
    let lines = printable(text);
    for (i, line) in lines.lines().enumerate() {
        if i > 0 {
            out.push_str("<br>");
        }
        let line = attribute(line);
        out.push_str(&line.replace("→ ", "→\u{a0}").replace('→', ARROW));
    }
    out
}

/// Screen readers pass over a bare arrow, or call it by its direction.
const ARROW: &str = "<span role=\"img\" aria-label=\"to\">→</span>";

/// A date or a change of dates between tags: what is short stays in one line.
pub(super) fn date(date: &str) -> String {
    let parts: Vec<String> = date.split(" → ").map(whole).collect();
    text(&parts.join(" → "))
}

/// A number or a change of numbers between tags, in one line where it is short.
pub(super) fn number(number: &str) -> String {
    text(&whole(number))
}

/// A short text, so that it is not broken; a longer one as it is.
fn whole(text: &str) -> String {
    match text.chars().count() {
        0..=20 => text.replace(' ', "\u{a0}"),
        _ => text.to_owned(),
    }
}

/// Text in a quoted attribute, or in the title.
pub(super) fn attribute(text: &str) -> String {
    let mut out = String::new();
    for c in printable(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// A quoted string of CSS inside a `style` element. Everything that is neither letter nor digit nor
/// space goes in by its number, so that it can end neither the string nor the element.
pub(super) fn css_string(text: &str) -> String {
    let mut out = String::from("\"");
    for c in printable(text).chars() {
        if c.is_alphanumeric() || c == ' ' {
            out.push(c);
        } else {
            // The space ends the number and is no part of the text.
            out.push_str(&format!("\\{:x} ", u32::from(c)));
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_becomes_text() {
        let hostile = "<script>alert('1')</script> & \"quotes\"";
        let escaped = "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &amp; &quot;quotes&quot;";
        assert_eq!(text(hostile), escaped);
        assert_eq!(attribute(hostile), escaped);
        assert_eq!(text("one\ntwo"), "one<br>two");
        assert_eq!(attribute("one\ntwo"), "one two");
    }

    #[test]
    fn an_arrow_is_read_as_a_word_and_stays_with_what_it_points_to() {
        let expected = "24/25 <span role=\"img\" aria-label=\"to\">→</span>\u{a0}25/26";
        assert_eq!(text("24/25 → 25/26"), expected);
        assert_eq!(attribute("24/25 → 25/26"), "24/25 → 25/26");
    }

    #[test]
    fn what_is_short_is_not_broken() {
        assert_eq!(date("14 May 2025"), "14\u{a0}May\u{a0}2025");
        let long = "week commencing 3 November 2025";
        assert_eq!(date(long), long);
        assert_eq!(number("+4.5 points"), "+4.5\u{a0}points");
    }

    #[test]
    fn a_string_of_css_ends_where_we_end_it() {
        assert_eq!(
            css_string("a\"; } </style>\\"),
            "\"a\\22 \\3b  \\7d  \\3c \\2f style\\3e \\5c \""
        );
        assert_eq!(css_string("été 2"), "\"été 2\"");
    }
}
