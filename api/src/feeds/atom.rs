//! The changes as a feed (Atom, RFC 4287): an entry for each entry of the log that the reader may read.

use atom_syndication::{
    Category, Entry, Feed as Atom, FixedDateTime, Generator, Link, Person, Text,
};
use jiff::Timestamp;
use minutebook_events::Content;
use minutebook_ledger::log::{Log, ReadError};
use minutebook_projections::Views;
use minutebook_projections::effective::day_of;
use minutebook_projections::entries::{Entry as Recorded, Said};
use minutebook_reports::entry::Filter;
use minutebook_reports::sentence::{sentence, title};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::{Feed, clean, clean_line};

/// How many entries a page of the feed has.
const PAGE: usize = 100;

/// What stands in a tag (RFC 4151) and in a query as it is.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b'/')
    .remove(b':');

/// The newest changes before the entry `before`, or of all, the newest first; and, as RFC 5005 section 3
/// has it, the address of the page after.
///
/// # Errors
/// Where an entry cannot be read.
pub fn changes(
    feed: &Feed<'_>,
    log: &Log<Views>,
    before: Option<u64>,
) -> Result<String, ReadError> {
    let size = feed.as_of.ticks();
    let filter = Filter {
        body: feed.body.cloned(),
        ..Filter::default()
    };
    let positions = (0..before.map_or(size, |before| before.min(size))).rev();
    let readable = |at: u64| feed.as_of.entries(at..at.saturating_add(1)).next();
    let mut found: Vec<(&Recorded, &Said)> = positions
        .filter_map(readable)
        .map(|(_, entry, said)| (entry, said))
        .filter(|(entry, _)| filter.matches(feed.as_of, entry))
        .take(PAGE + 1)
        .collect();
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let entries = found
        .iter()
        .map(|(recorded, said)| entry(feed, log, recorded, said));
    let next = found.last().filter(|_| more).map(|(last, _)| last.position);
    let opened = feed.as_of.views.entries.get(0);
    let newest = found.first().map(|(newest, _)| *newest).or(opened);
    let mut links = vec![
        link("self", address(feed, "changes.atom", before), TYPE),
        link("via", address(feed, "entries", None), "application/json"),
    ];
    if next.is_some() {
        links.push(link("next", address(feed, "changes.atom", next), TYPE));
    }
    let body = feed.body.map_or(String::new(), |body| format!("/{body}"));
    Ok(Atom {
        title: Text::plain(feed.title("what changed")),
        id: tag(feed, &format!("changes{body}")),
        updated: time(newest.map_or(0, |newest| newest.recorded_at)),
        generator: Some(Generator {
            value: "Minutebook".into(),
            ..Generator::default()
        }),
        links,
        entries: entries.collect::<Result<_, _>>()?,
        ..Atom::default()
    }
    .to_string())
}

const TYPE: &str = "application/atom+xml";

fn entry(
    feed: &Feed<'_>,
    log: &Log<Views>,
    recorded: &Recorded,
    said: &Said,
) -> Result<Entry, ReadError> {
    let at = recorded.position;
    // What was erased meanwhile is told by its type alone.
    let told = match log.entry(at)?.content {
        Content::Event(event) => sentence(&event),
        Content::Erased | Content::Withheld => title(said.event),
    };
    let role = match &said.of {
        Some(of) => format!("{} of {}", said.role.name(), feed.called(of)),
        None => said.role.name().to_owned(),
    };
    let about = feed.called(&said.subject);
    let summary = match &said.reason {
        Some(reason) => format!("{about}\nbecause: {reason}"),
        None => about,
    };
    let recorded_at = time(recorded.recorded_at);
    Ok(Entry {
        title: Text::plain(clean_line(&told)),
        id: tag(feed, &format!("entries/{at}")),
        updated: recorded_at,
        published: Some(recorded_at),
        authors: vec![Person {
            name: clean_line(&role),
            ..Person::default()
        }],
        categories: vec![Category {
            term: said.event.name().into(),
            label: Some(title(said.event)),
            scheme: None,
        }],
        links: vec![link(
            "alternate",
            feed.address(&format!("entries/{at}")),
            "application/json",
        )],
        summary: Some(Text::plain(clean(&summary))),
        ..Entry::default()
    })
}

/// A tag URI (RFC 4151) of the ledger: of whoever its origin names, on the day that it was opened.
fn tag(feed: &Feed<'_>, specific: &str) -> String {
    let (authority, rest) = feed.origin.split_once('/').unwrap_or((feed.origin, ""));
    let opened = feed.as_of.views.entries.get(0);
    let day = opened.and_then(|entry| day_of(entry.recorded_at));
    let rest = if rest.is_empty() {
        specific.to_owned()
    } else {
        format!("{rest}/{specific}")
    };
    format!(
        "tag:{},{}:{}",
        utf8_percent_encode(authority, PLAIN),
        day.unwrap_or_default(),
        utf8_percent_encode(&rest, PLAIN)
    )
}

fn address(feed: &Feed<'_>, below: &str, before: Option<u64>) -> String {
    let body = feed.body.map(|body| {
        let body = body.to_string();
        format!("body={}", utf8_percent_encode(&body, PLAIN))
    });
    let before = before.map(|before| format!("before={before}"));
    let query: Vec<String> = body.into_iter().chain(before).collect();
    match query.is_empty() {
        true => feed.address(below),
        false => format!("{}?{}", feed.address(below), query.join("&")),
    }
}

fn link(rel: &str, href: String, media_type: &str) -> Link {
    Link {
        href,
        rel: rel.into(),
        mime_type: Some(media_type.into()),
        ..Link::default()
    }
}

/// A time in seconds since 1970, as RFC 3339 writes it in UTC.
fn time(seconds: i64) -> FixedDateTime {
    let text = Timestamp::from_second(seconds)
        .unwrap_or_default()
        .to_string();
    text.parse().unwrap_or_default()
}
