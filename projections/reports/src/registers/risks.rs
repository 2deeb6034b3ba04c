//! The risk register, the highest score first.

use minutebook_events::catalogue::RiskScore;
use minutebook_papers::{Cell, Column, Section, Table};
use schemars::JsonSchema;
use serde::Serialize;

use super::asking::Asking;
use super::row::{Named, Row};
use super::{cells, heading};
use crate::context::Context;

/// A risk.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Risk {
    /// What sort it is, such as `external change`.
    pub kind: Option<String>,
    /// What would bring it about.
    pub cause: Option<String>,
    /// What would follow.
    pub effect: Option<String>,
    /// What it threatens.
    pub objective: Option<Named>,
    /// The post that owns it.
    pub owner: Option<String>,
    /// Every score, oldest first; empty where none is stated.
    pub scores: Vec<Score>,
    /// What is done about it now.
    pub controls: Option<String>,
    /// The state in the document's own words.
    pub state_as_written: Option<String>,
    /// Why it was closed.
    pub closed_because: Option<String>,
    /// What the board was assured of about it.
    pub assurance: Vec<Named>,
}

/// A score, with its product.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Score {
    /// Likelihood, from 1 to 5.
    pub likelihood: u8,
    /// Impact, from 1 to 5.
    pub impact: u8,
    /// Likelihood times impact.
    pub product: u32,
}

impl From<&RiskScore> for Score {
    fn from(score: &RiskScore) -> Self {
        Self {
            likelihood: score.likelihood,
            impact: score.impact,
            product: score.product(),
        }
    }
}

/// The risks that are open by their scores, those without one after them; then the closed ones.
pub(crate) fn rows(asking: &Asking<'_>) -> Vec<Row<Risk>> {
    let as_of = asking.as_of;
    let mut rows = Vec::new();
    for (id, risk) in asking.each(&as_of.views.risks.table) {
        let raised = &risk.raised;
        let state = if risk.closed.is_some() {
            "closed"
        } else {
            "open"
        };
        let objective = raised.objective.as_ref();
        if !asking.wants(id, [objective]) || !asking.wants_state([state]) {
            continue;
        }
        let first = raised.score.iter();
        let later = risk.rescored.oldest_first().map(|one| &one.fields.to);
        let assurance = as_of.views.risks.assurance_of.of(id);
        let assurance =
            assurance.filter(|id| as_of.get(&as_of.views.risks.assurance, id).is_some());
        let closed = risk.closed.as_ref();
        let fields = Risk {
            kind: raised.kind.clone(),
            cause: raised.cause.clone(),
            effect: raised.effect.clone(),
            objective: asking.maybe(objective),
            owner: raised.owner.clone(),
            scores: first.chain(later).map(Score::from).collect(),
            controls: risk.controls().map(str::to_owned),
            state_as_written: raised.state.clone(),
            closed_because: closed.and_then(|one| asking.said(one.at)?.reason),
            assurance: asking.all(assurance),
        };
        let places = std::iter::once(raised.at)
            .chain(risk.rescored.iter().map(|one| one.at))
            .chain(closed.map(|one| one.at));
        let places: Vec<_> = places.collect();
        let state = Some(state.to_owned());
        rows.push(asking.row(id, raised.title.as_str(), state, places, fields));
    }
    rows.sort_by_key(|row| {
        let score = row.fields.scores.last().map(|score| score.product);
        (
            row.state.as_deref() == Some("closed"),
            std::cmp::Reverse(score),
        )
    });
    rows
}

/// The risks as a table.
pub fn sections(context: &Context<'_>, rows: &[Row<Risk>]) -> Vec<Section> {
    let mut table = Table::new([
        Column::text("Risk"),
        Column::text("Score"),
        Column::text("How it stands"),
        Column::text("Controls, assurance"),
        Column::text("Entry"),
    ]);
    for row in rows {
        let fields = &row.fields;
        let objective = fields.objective.as_ref();
        let objective = objective.map(|one| format!("threatens {}", context.called(&one.id)));
        let cause = fields.cause.as_ref().map(|text| format!("cause: {text}"));
        let effect = fields.effect.as_ref().map(|text| format!("effect: {text}"));
        let notes = [fields.kind.clone(), cause, effect, objective]
            .into_iter()
            .flatten();
        let owner = fields.owner.as_ref().map(|owner| format!("owner: {owner}"));
        let own = fields.state_as_written.clone();
        let closed = fields.closed_because.clone();
        let stands = [row.state.clone(), own, closed, owner]
            .into_iter()
            .flatten();
        let assurance = fields.assurance.iter().map(|one| context.called(&one.id));
        table = table.row([
            notes.fold(cells::what_of(context, row), Cell::note),
            score(&fields.scores),
            cells::lines(stands),
            cells::lines(fields.controls.clone().into_iter().chain(assurance)),
            cells::entry(row.said.as_ref()),
        ]);
    }
    vec![Section::new(heading("Risks", rows.len())).block(table.into())]
}

/// `16 → 12`, with the two numbers of the newest below; `not scored` where none is stated.
fn score(scores: &[Score]) -> Cell {
    let Some(now) = scores.last() else {
        return Cell::new("not scored");
    };
    let products: Vec<String> = scores
        .iter()
        .map(|score| score.product.to_string())
        .collect();
    Cell::new(products.join(" → ")).note(format!(
        "likelihood {}, impact {}",
        now.likelihood, now.impact
    ))
}
