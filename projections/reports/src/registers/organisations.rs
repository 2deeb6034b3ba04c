//! The organisations, named and counted, and which one followed which.

use minutebook_events::Period;
use minutebook_papers::{Cell, Column, Section, Table};
use schemars::JsonSchema;
use serde::Serialize;

use super::asking::Asking;
use super::row::{Named, Row};
use super::{cells, heading};
use crate::context::{Context, counted};

/// An organisation, or a counted group of them.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Organisation {
    /// The short name.
    pub short_name: Option<String>,
    /// What sort it is, such as `borough`.
    pub kind: Option<String>,
    /// How many an unnamed group stands for.
    pub count: Option<u32>,
    /// False where the document never gives the name or names.
    pub named: bool,
    /// The organisations that it is made of.
    pub members: Vec<Named>,
    /// The boroughs that it works in.
    pub boroughs: Vec<Named>,
    /// When it was established.
    pub established: Option<Period>,
    /// What it replaced.
    pub predecessors: Vec<Named>,
    /// How that came about, such as `merger`.
    pub manner: Option<String>,
    /// The organisation that replaced it.
    pub successor: Option<Named>,
}

/// The organisations: those that are named by their names, then the counted groups.
pub(crate) fn rows(asking: &Asking<'_>) -> Vec<Row<Organisation>> {
    let as_of = asking.as_of;
    let mut rows = Vec::new();
    for (id, organisation) in asking.each(&as_of.views.organisations) {
        let registered = organisation.registered.as_ref();
        let successor = organisation.successor.as_ref();
        let state = match successor {
            Some(_) => "succeeded",
            None if organisation.is_unnamed() => "not named",
            None => "named",
        };
        if !asking.wants_state([state]) {
            continue;
        }
        let succeeded = organisation.succeeded.as_ref();
        let fields = Organisation {
            short_name: registered.and_then(|one| one.short_name.clone()),
            kind: registered.and_then(|one| one.kind.clone()),
            count: organisation.count(),
            named: !organisation.is_unnamed(),
            members: registered.map_or_else(Vec::new, |one| asking.all(&one.members)),
            boroughs: registered.map_or_else(Vec::new, |one| asking.all(&one.boroughs)),
            established: registered.and_then(|one| one.established.clone()),
            predecessors: succeeded.map_or_else(Vec::new, |one| asking.all(&one.predecessors)),
            manner: succeeded.and_then(|one| one.manner.clone()),
            successor: successor.map(|(id, _)| asking.named(id)),
        };
        let title = organisation.name().unwrap_or(id.name());
        let places = registered
            .map(|one| one.at)
            .into_iter()
            .chain(succeeded.map(|one| one.at))
            .chain(successor.map(|(_, one)| one.at));
        let places: Vec<_> = places.collect();
        rows.push(asking.row(id, title, Some(state.to_owned()), places, fields));
    }
    rows.sort_by_key(|row| (!row.fields.named, row.title.to_lowercase()));
    rows
}

/// The organisations as a table.
pub fn sections(context: &Context<'_>, rows: &[Row<Organisation>]) -> Vec<Section> {
    let mut table = Table::new([
        Column::text("Organisation"),
        Column::text("Kind"),
        Column::text("Made of"),
        Column::text("Entry"),
    ]);
    for row in rows {
        let fields = &row.fields;
        let mut what = cells::what(row);
        what = fields
            .short_name
            .iter()
            .fold(what, |cell, name| cell.note(name.as_str()));
        what = match (fields.named, fields.count) {
            (false, Some(count)) => {
                let count = counted(count.into(), "organisation", "organisations");
                what.note(format!("{count}, counted and not named"))
            }
            (false, None) => what.note("not named"),
            (true, Some(count)) => {
                what.note(counted(count.into(), "organisation", "organisations"))
            }
            (true, None) => what,
        };
        let made_of = fields.members.iter().chain(&fields.boroughs);
        let before = fields.predecessors.iter();
        let before = before.map(|one| format!("follows {}", context.called(&one.id)));
        let after = fields.successor.iter();
        let after = after.map(|one| format!("followed by {}", context.called(&one.id)));
        let linked = before.chain(fields.manner.clone()).chain(after);
        table = table.row([
            linked.fold(what, Cell::note),
            Cell::new(fields.kind.clone().unwrap_or_default()),
            cells::list(made_of.map(|one| context.called(&one.id))),
            cells::entry(row.said.as_ref()),
        ]);
    }
    vec![Section::new(heading("Organisations", rows.len())).block(table.into())]
}
