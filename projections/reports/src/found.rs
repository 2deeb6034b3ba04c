//! What a search found, as a paper.

use minutebook_papers::{Cell, Column, Fact, Paper, Row, Section, Table};
use minutebook_projections::search::{Hit, Hits, Snippet};
use serde::Serialize;

use crate::context::{Context, counted, date_words};

/// What was found, with its types.
#[derive(Debug, Serialize)]
struct Found<'a> {
    words: &'a str,
    hits: Vec<FoundHit<'a>>,
    /// True where there are more than were wanted.
    more: bool,
}

#[derive(Debug, Serialize)]
struct FoundHit<'a> {
    subject: String,
    title: Option<&'a str>,
    text: &'a str,
    /// Where the words stand in `text`: first byte, and the byte after the last.
    marks: Vec<(usize, usize)>,
    entry: u64,
    recorded_at: i64,
    /// How many entries about the subject have at least one of the words.
    entries: u64,
}

/// The paper on what a search for `words` found.
pub fn found(context: &Context<'_>, words: &str, found: &Hits) -> Paper {
    let mut table = Table::new([
        Column::text("What"),
        Column::text("Where the words stand"),
        Column::date("Recorded"),
    ]);
    table.rows = found.hits.iter().map(|hit| row(context, hit)).collect();
    let mut section = Section::new("Found").when_empty("Nothing was found.");
    if found.more {
        section = section.intro("There is more: give more words, or a higher --limit.");
    }
    let facts = vec![
        Fact::new("Words", words),
        Fact::new("Found", counted(found.hits.len() as u64, "thing", "things")),
    ];
    let data = Found {
        words,
        hits: found.hits.iter().map(data).collect(),
        more: found.more,
    };
    let title = format!("Search: {words}");
    context.paper(title, facts, vec![section.block(table.into())], &data)
}

fn row(context: &Context<'_>, hit: &Hit) -> Row {
    let mut recorded = Cell::new(date_words(hit.recorded_at)).entry(hit.position);
    if hit.entries > 1 {
        let more = counted(hit.entries - 1, "more entry", "more entries");
        recorded = recorded.note(format!("and {more}"));
    }
    let text = match &hit.title {
        Some(title) if *title == hit.snippet.text => "in its title".to_owned(),
        _ => cut(&hit.snippet),
    };
    Row::new([
        Cell::new(context.called(&hit.subject)).subject(hit.subject.clone()),
        Cell::new(text),
        recorded,
    ])
}

fn cut(snippet: &Snippet) -> String {
    let before = if snippet.cut_before { "… " } else { "" };
    let after = if snippet.cut_after { " …" } else { "" };
    format!("{before}{}{after}", snippet.text.trim())
}

fn data(hit: &Hit) -> FoundHit<'_> {
    FoundHit {
        subject: hit.subject.to_string(),
        title: hit.title.as_deref(),
        text: &hit.snippet.text,
        marks: hit
            .snippet
            .marks
            .iter()
            .map(|mark| (mark.start, mark.end))
            .collect(),
        entry: hit.position,
        recorded_at: hit.recorded_at,
        entries: hit.entries,
    }
}
