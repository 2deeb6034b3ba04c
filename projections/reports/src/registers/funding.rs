//! Applications for money: for what, to whom, and what came of them.

use minutebook_events::Period;
use minutebook_events::quantity::Quantity;
use minutebook_papers::{Cell, Column, Section, Table};
use schemars::JsonSchema;
use serde::Serialize;

use super::asking::Asking;
use super::row::{Named, Row, by_end};
use super::{cells, heading};
use crate::context::Context;

/// An application.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Funding {
    /// What the money is for.
    pub purpose: Option<String>,
    /// Who is asked; absent where not stated.
    pub funder: Option<String>,
    /// The funder, where it is registered here.
    pub funder_organisation: Option<Named>,
    /// Who applies.
    pub applicant: Option<Named>,
    /// How much is asked for; absent where not stated.
    pub amount: Option<Quantity>,
    /// When it is or will be submitted.
    pub submission: Option<Period>,
    /// The funder's deadline.
    pub deadline: Option<Period>,
    /// The strategy that it serves.
    pub strategy: Option<Named>,
    /// How much was awarded.
    pub awarded: Option<Quantity>,
    /// For what time.
    pub term: Option<Period>,
    /// On what conditions.
    pub conditions: Option<String>,
    /// When it may be made again, where it was refused.
    pub may_reapply: Option<Period>,
}

/// The applications, by the days on which they are submitted.
pub(crate) fn rows(asking: &Asking<'_>) -> Vec<Row<Funding>> {
    let as_of = asking.as_of;
    let mut rows = Vec::new();
    for (id, funding) in asking.each(&as_of.views.funding) {
        let applied = &funding.applied;
        let strategy = applied.strategy.as_ref();
        if !asking.wants(id, [strategy]) || !asking.wants_state([funding.state()]) {
            continue;
        }
        let (awarded, refused) = (funding.awarded.as_ref(), funding.refused.as_ref());
        let fields = Funding {
            purpose: applied.purpose.clone(),
            funder: applied.funder.clone(),
            funder_organisation: asking.maybe(applied.funder_organisation.as_ref()),
            applicant: asking.maybe(applied.applicant.as_ref()),
            amount: applied.amount.clone(),
            submission: applied.submission.clone(),
            deadline: applied.deadline.clone(),
            strategy: asking.maybe(strategy),
            awarded: awarded.and_then(|one| one.amount.clone()),
            term: awarded.and_then(|one| one.term.clone()),
            conditions: awarded.and_then(|one| one.conditions.clone()),
            may_reapply: refused.and_then(|one| one.may_reapply.clone()),
        };
        let places = [
            Some(applied.at),
            awarded.map(|one| one.at),
            refused.map(|one| one.at),
        ];
        let state = Some(funding.state().to_owned());
        let places = places.into_iter().flatten();
        rows.push(asking.row(id, applied.title.as_str(), state, places, fields));
    }
    rows.sort_by_key(|row| by_end(row.fields.submission.as_ref()));
    rows
}

/// The applications as a table.
pub fn sections(context: &Context<'_>, rows: &[Row<Funding>]) -> Vec<Section> {
    let mut table = Table::new([
        Column::text("Application"),
        Column::text("Funder, amount"),
        Column::date("Submitted"),
        Column::text("How it stands"),
        Column::text("Entry"),
    ]);
    for row in rows {
        let fields = &row.fields;
        let applicant = fields.applicant.as_ref();
        let applicant = applicant.map(|one| format!("by {}", context.called(&one.id)));
        let notes = fields.purpose.clone().into_iter().chain(applicant);
        let organisation = fields.funder_organisation.as_ref();
        let organisation = organisation.map(|one| context.called(&one.id));
        let deadline = fields
            .deadline
            .iter()
            .map(|date| format!("deadline {date}"));
        let awarded = fields.awarded.as_ref();
        let awarded = awarded.map(|amount| format!("awarded {}", amount.as_written));
        let term = fields.term.as_ref().map(|term| format!("for {term}"));
        let again = fields.may_reapply.as_ref();
        let again = again.map(|when| format!("may be made again {when}"));
        let stands = [
            row.state.clone(),
            awarded,
            term,
            fields.conditions.clone(),
            again,
        ];
        let amount = fields.amount.as_ref().map(|amount| &amount.as_written);
        let funder = cells::stated(fields.funder.clone().or(organisation));
        table = table.row([
            notes.fold(cells::what_of(context, row), Cell::note),
            funder.note(match amount {
                Some(amount) => amount.clone(),
                None => "amount not stated".to_owned(),
            }),
            deadline.fold(cells::stated(fields.submission.as_ref()), Cell::note),
            cells::lines(stands.into_iter().flatten()),
            cells::entry(row.said.as_ref()),
        ]);
    }
    vec![Section::new(heading("Funding", rows.len())).block(table.into())]
}
