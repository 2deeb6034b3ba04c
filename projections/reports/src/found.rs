//! What a search found, as a paper.

use minutebook_events::SubjectId;
use minutebook_papers::{Cell, Column, Fact, Paper, Row, Section, Table};
use minutebook_projections::search::{Hit, Hits, Snippet};
use schemars::JsonSchema;
use serde::Serialize;

use crate::context::{Context, counted, date_words};

/// What a search found.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Found<'a> {
    /// What was searched for.
    pub words: &'a str,
    /// What was found, the best first.
    pub hits: Vec<FoundHit<'a>>,
    /// True where there are more than were wanted.
    pub more: bool,
}

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct FoundHit<'a> {
    /// What it is about.
    pub subject: &'a SubjectId,
    /// What it is called; absent where nothing says so.
    pub title: Option<&'a str>,
    /// The piece of text in which the words stand.
    pub text: &'a str,
    /// Where the words stand in `text`, in bytes of UTF-8: the first, and the one after the last.
    pub marks: Vec<(usize, usize)>,
    /// The index of the entry that says so.
    pub entry: u64,
    /// When that was recorded, in seconds since 1970.
    pub recorded_at: i64,
    /// How many entries about it have at least one of the words.
    pub entries: u64,
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
        subject: &hit.subject,
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
