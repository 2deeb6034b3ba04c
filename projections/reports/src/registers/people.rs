//! The people and posts: what each holds or held, and their keys. Names are not in the rows.

use minutebook_events::{Kind, Period, PersonId, Role, SubjectId};
use minutebook_papers::{Cell, Column, Section, Table};
use minutebook_projections::people::Holding as View;
use minutebook_projections::stated::At;
use schemars::JsonSchema;
use serde::Serialize;

use super::asking::Asking;
use super::row::{Named, Row};
use super::{cells, heading};
use crate::context::{Context, counted};

/// A person, or a post whose holder is not named.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Person {
    /// The person, by opaque id; absent for a post.
    pub person: Option<PersonId>,
    /// Every role and post, past ones too, oldest first.
    pub holds: Vec<Holding>,
    /// The thumbprints of the keys, oldest first.
    pub keys: Vec<String>,
}

/// A role or post that someone holds or held.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Holding {
    /// The role, which gives authority over the record.
    pub role: Option<Role>,
    /// The post, such as `Chief Executive`.
    pub title: Option<String>,
    /// The body or organisation that it is held for; absent for the whole ledger.
    #[serde(rename = "for")]
    pub of: Option<Named>,
    /// The organisations that the holder comes from or serves.
    pub organisations: Vec<Named>,
    /// Whether the holder votes; absent where not stated.
    pub voting: Option<bool>,
    /// For how long it was given.
    pub term: Option<Period>,
    /// The entry that appointed.
    pub since_entry: u64,
    /// Since when it was true, as written.
    pub since: Option<Period>,
    /// The entry that ended it; absent where it is held.
    pub until_entry: Option<u64>,
    /// Until when it was true, as written.
    pub until: Option<Period>,
    /// True for imported history, which gives no authority over this record.
    pub imported: bool,
}

/// Everyone: people first, those enrolled first before those after; then posts.
pub(crate) fn rows(asking: &Asking<'_>) -> Vec<Row<Person>> {
    let as_of = asking.as_of;
    let wants =
        |holdings: &[View]| asking.wants_of(holdings.iter().filter_map(|one| one.of.as_ref()));
    let mut rows = Vec::new();
    for (id, person) in asking.each(&as_of.views.people.persons) {
        let keys = person.keys.iter().map(|key| key.to_string()).collect();
        if wants(&person.holdings) {
            rows.extend(row(asking, id, person.enrolled_at, &person.holdings, keys));
        }
    }
    for (id, holdings) in asking.each(&as_of.views.people.posts) {
        if wants(holdings) {
            rows.extend(row(asking, id, None, holdings, Vec::new()));
        }
    }
    rows.sort_by_key(|row| (row.fields.person.is_none(), row.entries.first().copied()));
    rows
}

fn row(
    asking: &Asking<'_>,
    id: &SubjectId,
    enrolled: Option<At>,
    holdings: &[View],
    keys: Vec<String>,
) -> Option<Row<Person>> {
    let state = match id.kind() {
        _ if holdings.iter().any(View::gives_authority) => "officer",
        Kind::Person => "person",
        _ => "post",
    };
    if !asking.wants_state([state]) {
        return None;
    }
    let holds = holdings.iter().map(|held| Holding {
        role: held.role,
        title: held.title.as_deref().map(str::to_owned),
        of: asking.maybe(held.of.as_ref()),
        organisations: asking.all(&held.organisations),
        voting: held.voting,
        term: held.term.as_deref().cloned(),
        since_entry: held.since.0.position,
        since: held.since.1.as_deref().cloned(),
        until_entry: held.until.as_ref().map(|(at, _)| at.position),
        until: held
            .until
            .as_ref()
            .and_then(|(_, when)| when.as_deref().cloned()),
        imported: held.imported,
    });
    let places = enrolled.into_iter().chain(holdings.iter().flat_map(|held| {
        let until = held.until.as_ref().map(|(at, _)| *at);
        std::iter::once(held.since.0).chain(until)
    }));
    let places: Vec<At> = places.collect();
    let fields = Person {
        person: id.person(),
        holds: holds.collect(),
        keys,
    };
    let title = minutebook_projections::title::title(asking.as_of, id);
    let title = title.unwrap_or_else(|| id.name().to_owned());
    Some(asking.row(id, title, Some(state.to_owned()), places, fields))
}

/// Everyone as tables: the people, and the posts.
pub fn sections(context: &Context<'_>, rows: &[Row<Person>]) -> Vec<Section> {
    let (people, posts): (Vec<_>, Vec<_>) =
        rows.iter().partition(|row| row.fields.person.is_some());
    let mut sections = Vec::new();
    for (called, first, rows) in [("People", "Person", people), ("Posts", "Post", posts)] {
        if rows.is_empty() {
            continue;
        }
        let mut table = Table::new([
            Column::text(first),
            Column::text("Holds"),
            Column::text("Of"),
            Column::text("Entry"),
        ]);
        for row in &rows {
            let mut what = match &row.fields.person {
                Some(person) => Cell::new(context.person(person)).subject(row.id.clone()),
                None => cells::what(row),
            };
            if !row.fields.keys.is_empty() {
                what = what.note(counted(row.fields.keys.len() as u64, "key", "keys"));
            }
            for (i, held) in row.fields.holds.iter().enumerate() {
                let first = if i == 0 {
                    std::mem::take(&mut what)
                } else {
                    Cell::default()
                };
                table = table.row(holding(context, first, held));
            }
            if row.fields.holds.is_empty() {
                let entry = cells::entry(row.said.as_ref());
                table = table.row([what, "nothing".into(), Cell::default(), entry]);
            }
        }
        sections.push(Section::new(heading(called, rows.len())).block(table.into()));
    }
    sections
}

fn holding(context: &Context<'_>, first: Cell, held: &Holding) -> [Cell; 4] {
    let role = held.role.map(|role| role.name().to_owned());
    let mut what = cells::lines(role.into_iter().chain(held.title.clone()));
    match held.voting {
        Some(true) => what = what.note("votes"),
        Some(false) => what = what.note("does not vote"),
        None => {}
    }
    let of = held.of.as_ref().map(|of| context.called(&of.id));
    let from = held.organisations.iter();
    let from = from.map(|one| format!("from {}", context.called(&one.id)));
    let since = held.since.as_ref().map(|when| format!("since {when}"));
    let term = held.term.as_ref().map(|term| format!("for {term}"));
    let until = held.until_entry.map(|entry| match &held.until {
        Some(until) => format!("until {until}"),
        None => format!("ended with entry {entry}"),
    });
    let mut entry = Cell::default().entry(held.since_entry);
    if held.imported {
        entry.text = "imported".to_owned();
    }
    [
        first,
        since
            .into_iter()
            .chain(term)
            .chain(until)
            .fold(what, Cell::note),
        cells::lines(of.into_iter().chain(from)),
        held.until_entry.into_iter().fold(entry, Cell::entry),
    ]
}
