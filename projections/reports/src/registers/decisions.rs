//! The decision register, the newest first, and what is expected to be decided.

use minutebook_events::Period;
use minutebook_events::catalogue::{OptionConsidered, Votes};
use minutebook_papers::{Cell, Column, Section, Table};
use minutebook_projections::decisions::DecisionState;
use schemars::JsonSchema;
use serde::Serialize;

use super::asking::Asking;
use super::row::{Named, Row, by_end};
use super::{cells, heading};
use crate::context::{Context, counted};

/// A decision, made or foreseen.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Decision {
    /// The decision or the question in full, as minuted.
    pub text: Option<String>,
    /// What the meeting did, such as `approved`; the document's own words where it has some.
    pub kind: Option<String>,
    /// When it was decided, as written; or the date of the meeting.
    pub decided: Option<Period>,
    /// When it is expected, where it is only foreseen.
    pub expected: Option<Period>,
    /// When it takes effect, where later than it was made.
    pub takes_effect: Option<Period>,
    /// How it came about, such as `consensus`.
    pub manner: Option<String>,
    /// The votes cast.
    pub votes: Option<Votes>,
    /// Dissent, as minuted.
    pub dissent: Vec<String>,
    /// The options considered.
    pub options: Vec<OptionConsidered>,
    /// What it rests on.
    pub evidence: Vec<Named>,
    /// The delegated authority or sign-off that it rests on.
    pub authority: Option<Named>,
    /// The organisations that decided, or that it concerns.
    pub organisations: Vec<Named>,
    /// The strategy that it concerns.
    pub strategy: Option<Named>,
    /// What it belongs to.
    pub parent: Option<Named>,
    /// The state in the document's own words.
    pub state_as_written: Option<String>,
    /// The decision that took its place.
    pub superseded_by: Option<Named>,
    /// What is different then.
    pub changes: Option<String>,
    /// The decision that took it back.
    pub rescinded_by: Option<Named>,
    /// Why it was taken back.
    pub rescinded_because: Option<String>,
}

/// The register: what was made, the newest first and what is undated last; then what is foreseen.
pub(crate) fn rows(asking: &Asking<'_>) -> Vec<Row<Decision>> {
    let as_of = asking.as_of;
    let mut rows = Vec::new();
    for (id, decision) in asking.each(&as_of.views.decisions) {
        let (made, foreseen) = (&decision.made, &decision.foreseen);
        let strategy = made.as_ref().and_then(|one| one.strategy.as_ref());
        let strategy = strategy.or(foreseen.as_ref().and_then(|one| one.strategy.as_ref()));
        let parent = made.as_ref().and_then(|one| one.parent.as_ref());
        let parent = parent.or(foreseen.as_ref().and_then(|one| one.parent.as_ref()));
        let state = decision.state();
        if !asking.wants(id, [strategy, parent]) || !asking.wants_state([state.name()]) {
            continue;
        }
        let said = made.as_ref().and_then(|made| asking.said(made.at));
        let of_meeting = || {
            let meeting = said.as_ref()?.meeting.as_ref()?;
            let meeting = as_of.get(&as_of.views.meetings, &meeting.id)?;
            meeting.date().cloned()
        };
        let decided = said.as_ref().and_then(|said| said.effective.clone());
        let rescinded = decision.rescinded.as_ref();
        let superseded = decision.superseded.as_ref();
        let evidence = match (made, foreseen) {
            (Some(made), _) => asking.all(&made.evidence),
            (None, Some(foreseen)) => asking.all(&foreseen.evidence),
            (None, None) => Vec::new(),
        };
        let organisations = match (made, foreseen) {
            (Some(made), _) => asking.all(&made.organisations),
            (None, Some(foreseen)) => asking.all(&foreseen.organisations),
            (None, None) => Vec::new(),
        };
        let fields = Decision {
            text: made
                .as_ref()
                .and_then(|made| made.text.clone())
                .or_else(|| foreseen.as_ref()?.text.clone()),
            kind: made.as_ref().and_then(|made| {
                let word = made.kind.as_ref().map(cells::word);
                made.kind_as_written.clone().or(word)
            }),
            decided: decided.or_else(of_meeting),
            expected: foreseen.as_ref().and_then(|one| one.expected.clone()),
            takes_effect: made.as_ref().and_then(|made| made.takes_effect.clone()),
            manner: made
                .as_ref()
                .and_then(|made| made.manner.as_ref().map(cells::word)),
            votes: made.as_ref().and_then(|made| made.votes.clone()),
            dissent: made.as_ref().map_or_else(Vec::new, |m| m.dissent.clone()),
            options: made.as_ref().map_or_else(Vec::new, |m| m.options.clone()),
            evidence,
            authority: asking.maybe(made.as_ref().and_then(|made| made.authority.as_ref())),
            organisations,
            strategy: asking.maybe(strategy),
            parent: asking.maybe(parent),
            state_as_written: match (made, foreseen) {
                (Some(made), _) => made.state.clone(),
                (None, Some(foreseen)) => foreseen.state.clone(),
                (None, None) => None,
            },
            superseded_by: superseded.map(|one| asking.named(&one.superseded_by)),
            changes: superseded.and_then(|one| one.changes.clone()),
            rescinded_by: asking.maybe(rescinded.and_then(|one| one.decision.as_ref())),
            rescinded_because: rescinded.and_then(|one| asking.said(one.at)?.reason),
        };
        let places = [
            made.as_ref().map(|one| one.at),
            foreseen.as_ref().map(|one| one.at),
            superseded.map(|one| one.at),
            rescinded.map(|one| one.at),
        ];
        let state = Some(state.name().to_owned());
        rows.push(asking.row(
            id,
            decision.title(),
            state,
            places.into_iter().flatten(),
            fields,
        ));
    }
    rows.sort_by_key(|row| {
        let foreseen = is_foreseen(row);
        let (undated, end) = by_end(row.fields.decided.as_ref());
        let newest = std::cmp::Reverse(end);
        let (late, expected) = by_end(row.fields.expected.as_ref());
        // What one meeting decided stands in the order in which it was minuted.
        let entry = row.said.as_ref().map(|said| said.entry);
        (foreseen, undated, newest, late, expected, entry)
    });
    rows
}

fn is_foreseen(row: &Row<Decision>) -> bool {
    row.state.as_deref() == Some(DecisionState::Foreseen.name())
}

/// The register as tables: what was made, and what is foreseen.
pub fn sections(context: &Context<'_>, rows: &[Row<Decision>]) -> Vec<Section> {
    let (foreseen, made): (Vec<_>, Vec<_>) = rows.iter().partition(|row| is_foreseen(row));
    let mut sections = Vec::new();
    if !made.is_empty() {
        let mut table = Table::new([
            Column::text("Decision"),
            Column::date("Decided"),
            Column::text("How it stands"),
            Column::text("Entry"),
        ]);
        for row in &made {
            table = table.row([
                cells::what_of(context, row),
                decided(context, row),
                standing(context, row),
                cells::entry(row.said.as_ref()),
            ]);
        }
        sections.push(Section::new(heading("Decisions made", made.len())).block(table.into()));
    }
    if !foreseen.is_empty() {
        let mut table = Table::new([
            Column::text("Question"),
            Column::date("Expected"),
            Column::text("Rests on"),
            Column::text("Entry"),
        ]);
        for row in &foreseen {
            let expected = cells::stated(row.fields.expected.as_ref());
            let state = row.fields.state_as_written.iter();
            table = table.row([
                cells::what_of(context, row),
                state.fold(expected, |cell, state| cell.note(state.as_str())),
                cells::names(context, &row.fields.evidence),
                cells::entry(row.said.as_ref()),
            ]);
        }
        let heading = heading("Decisions foreseen, not made", foreseen.len());
        sections.push(Section::new(heading).block(table.into()));
    }
    sections
}

fn decided(context: &Context<'_>, row: &Row<Decision>) -> Cell {
    let cell = cells::stated(row.fields.decided.as_ref());
    let minuted = cells::minuted(context, row.said.as_ref()).into_iter();
    minuted.fold(cell, Cell::note)
}

/// How it came about, where no meeting decided it: by the chair, by signatures, under a delegation.
fn apart_from_a_meeting(context: &Context<'_>, fields: &Decision) -> Option<String> {
    let authority = fields.authority.as_ref()?;
    let manner = fields.manner.as_deref()?.replace("chairs", "chair's");
    Some(format!("{manner}: {}", context.called(&authority.id)))
}

fn standing(context: &Context<'_>, row: &Row<Decision>) -> Cell {
    let fields = &row.fields;
    let mut lines: Vec<String> = row.state.clone().into_iter().collect();
    lines.extend(fields.kind.clone());
    lines.extend(apart_from_a_meeting(context, fields));
    if fields.kind.is_none() {
        let own = fields.state_as_written.clone();
        lines.extend(own.filter(|own| Some(own) != row.state.as_ref()));
    }
    lines.extend(fields.votes.as_ref().map(|votes| {
        format!(
            "{} in favour, {} against, {}",
            votes.in_favour,
            votes.against,
            counted(votes.abstained.into(), "abstention", "abstentions")
        )
    }));
    lines.extend(fields.dissent.iter().map(|text| format!("dissent: {text}")));
    let by = fields.superseded_by.iter().chain(&fields.rescinded_by);
    lines.extend(by.map(|by| format!("by {}", context.called(&by.id))));
    lines.extend(fields.rescinded_because.clone());
    if let Some(when) = &fields.takes_effect {
        lines.push(format!("takes effect {when}"));
    }
    cells::lines(lines)
}
