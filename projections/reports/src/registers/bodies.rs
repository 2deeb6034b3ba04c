//! The bodies, each under the one that it answers to.

use std::collections::{HashMap, HashSet};

use minutebook_events::catalogue::QuorumRule;
use minutebook_events::{Period, SubjectId};
use minutebook_papers::{Cell, Column, Section, Table};
use minutebook_projections::bodies::Body as View;
use schemars::JsonSchema;
use serde::Serialize;

use super::asking::Asking;
use super::row::{Named, Row};
use super::{cells, heading};
use crate::context::Context;

/// A body.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Body {
    /// How many bodies of this list stand above it.
    pub depth: u8,
    /// The short name.
    pub short_name: Option<String>,
    /// What sort it is, such as `committee in common`.
    pub kind: Option<String>,
    /// What it answers to.
    pub parent: Option<Named>,
    /// The organisations whose body it is, and those that lead it.
    pub organisations: Vec<Named>,
    /// The organisations that sit on it.
    pub members: Vec<Named>,
    /// The categories of members that were added, in the document's words.
    pub added: Vec<String>,
    /// Who chairs it, as far as is said: a person or a post.
    pub chair: Option<Named>,
    /// How many bodies it stands for, where a document only counts them.
    pub count: Option<u32>,
    /// What it is for.
    pub purpose: Option<String>,
    /// Who must be there for it to decide; absent where neither it nor the ledger has a rule.
    pub quorum: Option<QuorumRule>,
    /// Whether that is the ledger's rule, since it has none of its own.
    pub quorum_of_ledger: bool,
    /// Whether it meets in public; absent where not stated.
    pub public: Option<bool>,
    /// When it was established.
    pub established: Option<Period>,
    /// What changed of its terms, oldest first.
    pub amended: Vec<String>,
    /// The body that took over.
    pub successor: Option<Named>,
}

/// The bodies, each after the one that it answers to.
pub(crate) fn rows(asking: &Asking<'_>) -> Vec<Row<Body>> {
    let as_of = asking.as_of;
    let Some(id) = asking.only() else {
        return tree(asking);
    };
    let body = as_of.get(&as_of.views.bodies, id);
    let Some(body) = body.filter(|body| wants(asking, id, body)) else {
        return Vec::new();
    };
    match depth(asking, body) {
        Some(depth) => vec![row(asking, depth, id, body)],
        None => {
            let mut rows = tree(&asking.of_all());
            rows.retain(|row| row.id == *id);
            rows
        }
    }
}

/// Whether a body is asked for.
fn wants(asking: &Asking<'_>, id: &SubjectId, body: &View) -> bool {
    asking.wants(id, []) && asking.wants_state(state(body).as_deref())
}

/// How many bodies of those asked for stand above one; `None` where they stand in a circle.
fn depth(asking: &Asking<'_>, body: &View) -> Option<u8> {
    let bodies = &asking.as_of.views.bodies;
    let above = |body: &View| {
        let parent = body.parent()?;
        let above = asking.as_of.get(bodies, parent)?;
        wants(asking, parent, above).then_some(above)
    };
    let depth = std::iter::successors(above(body), |body| above(body))
        .take(bodies.len() + 1)
        .count();
    (depth <= bodies.len()).then(|| u8::try_from(depth).unwrap_or(u8::MAX))
}

fn tree(asking: &Asking<'_>) -> Vec<Row<Body>> {
    let as_of = asking.as_of;
    let wanted = asking
        .each(&as_of.views.bodies)
        .filter(|(id, body)| wants(asking, id, body));
    let wanted: Vec<(&SubjectId, &View)> = wanted.collect();
    let ids: HashSet<&SubjectId> = wanted.iter().map(|(id, _)| *id).collect();
    let mut roots = Vec::new();
    let mut below: HashMap<&SubjectId, Vec<(&SubjectId, &View)>> = HashMap::new();
    for (id, body) in &wanted {
        match body.parent().filter(|parent| ids.contains(parent)) {
            Some(parent) => below.entry(parent).or_default().push((id, body)),
            None => roots.push((0, *id, *body)),
        }
    }
    let mut rows = Vec::new();
    let mut told: HashSet<&SubjectId> = HashSet::new();
    // Terms may have been amended into a circle, which has no root: its bodies come last.
    let rest = wanted.iter().map(|(id, body)| (0, *id, *body));
    for start in roots.into_iter().chain(rest) {
        let mut todo: Vec<(u8, &SubjectId, &View)> = vec![start];
        while let Some((depth, id, body)) = todo.pop() {
            if told.insert(id) {
                rows.push(row(asking, depth, id, body));
                let below = below.get(id).into_iter().flatten().rev();
                todo.extend(below.map(|(id, one)| (depth.saturating_add(1), *id, *one)));
            }
        }
    }
    rows
}

fn state(body: &View) -> Option<String> {
    match &body.dissolved {
        Some(_) => Some("dissolved".to_owned()),
        None => body.established.status.clone(),
    }
}

fn row(asking: &Asking<'_>, depth: u8, id: &SubjectId, body: &View) -> Row<Body> {
    let set = &body.established;
    let organisations = set.organisation.iter().chain(&set.organisations);
    let organisations = organisations.chain(&set.jointly_led_by);
    let mut named: Vec<&SubjectId> = Vec::new();
    for id in organisations {
        if !named.contains(&id) {
            named.push(id);
        }
    }
    let mut purpose = body.amended.iter();
    let purpose = purpose.find_map(|amended| amended.fields.purpose.clone());
    let added = body.broadened.oldest_first();
    let default = asking.as_of.views.records.default_quorum();
    let fields = Body {
        depth,
        short_name: set.short_name.clone(),
        kind: set.kind.clone(),
        parent: asking.maybe(body.parent()),
        organisations: asking.all(named),
        members: asking.all(body.members()),
        added: added.flat_map(|one| one.fields.added.clone()).collect(),
        chair: asking.maybe(set.chair.as_ref()),
        count: set.count,
        purpose: purpose.or_else(|| set.purpose.clone()),
        quorum: body.quorum().or(default).cloned(),
        quorum_of_ledger: body.quorum().is_none() && default.is_some(),
        public: body.is_public(),
        established: set.established.clone(),
        amended: body
            .amended
            .oldest_first()
            .map(|one| one.fields.changes.clone())
            .collect(),
        successor: asking.maybe(body.successor()),
    };
    let places = std::iter::once(set.at)
        .chain(body.amended.iter().map(|one| one.at))
        .chain(body.broadened.iter().map(|one| one.at))
        .chain(body.dissolved.iter().map(|one| one.at));
    let places: Vec<_> = places.collect();
    asking.row(id, body.name(), state(body), places, fields)
}

/// The bodies as a table.
pub fn sections(context: &Context<'_>, rows: &[Row<Body>]) -> Vec<Section> {
    let mut table = Table::new([
        Column::text("Body"),
        Column::text("Members"),
        Column::text("Quorum, public"),
        Column::text("Entry"),
    ]);
    for row in rows {
        let fields = &row.fields;
        let mut what = cells::what(row);
        if let Some(count) = fields.count {
            what = what.note(format!("{count} bodies, counted and not named"));
        }
        let above = fields.parent.as_ref().filter(|_| fields.depth == 0);
        if let Some(parent) = above {
            what = what.note(format!("answers to {}", context.called(&parent.id)));
        }
        if let Some(successor) = &fields.successor {
            what = what.note(format!("followed by {}", context.called(&successor.id)));
        }
        let kind = fields.kind.clone().into_iter().chain(row.state.clone());
        what = kind.fold(what, Cell::note);
        let members = fields.members.iter().map(|one| context.called(&one.id));
        let added = fields.added.iter().map(|one| format!("added: {one}"));
        table = table.row([
            what,
            cells::list(members.chain(added)),
            quorum(fields),
            cells::entry(row.said.as_ref()),
        ]);
        if let Some(row) = table.rows.last_mut() {
            row.depth = fields.depth;
        }
    }
    vec![Section::new(heading("Bodies", rows.len())).block(table.into())]
}

fn quorum(fields: &Body) -> Cell {
    let cell = match &fields.quorum {
        Some(rule) => Cell::new(rule_words(rule)),
        None => Cell::new("no quorum rule"),
    };
    let cell = match fields.quorum_of_ledger {
        true => cell.note("the ledger's rule"),
        false => cell,
    };
    match fields.public {
        Some(true) => cell.note("meets in public"),
        Some(false) => cell.note("meets in private"),
        None => cell.note("in public: not stated"),
    }
}

/// A quorum rule in words.
pub(crate) fn rule_words(rule: &QuorumRule) -> String {
    if let Some(words) = &rule.as_written {
        return words.clone();
    }
    let mut words = Vec::new();
    words.extend(
        rule.at_least
            .map(|n| format!("at least {n} voting members")),
    );
    if let Some(share) = &rule.share {
        let (n, of) = (share.numerator, share.denominator);
        words.push(format!("{n}/{of} of the voting members"));
    }
    words.extend(rule.organisations.map(|n| format!("{n} organisations")));
    words.extend(rule.must_include.iter().cloned());
    words.join("; ")
}
