//! The agreements: between whom, for how long, and when they are to be reviewed.

use minutebook_events::Period;
use minutebook_papers::{Column, Section, Table};
use minutebook_projections::agreements::{Agreement as View, Move};
use schemars::JsonSchema;
use serde::Serialize;

use super::asking::Asking;
use super::row::{Named, Row};
use super::{cells, heading};
use crate::context::{Context, counted};

/// An agreement.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Agreement {
    /// What sort it is, such as `concordat`.
    pub kind: String,
    /// The parties now, which may be a counted group.
    pub parties: Vec<Named>,
    /// Those that joined since it was made.
    pub joined: Vec<Named>,
    /// Those that left since.
    pub left: Vec<Named>,
    /// When it was signed; absent where not stated.
    pub signed: Option<Period>,
    /// How many signed it, where the document only counts them.
    pub signatory_count: Option<u32>,
    /// The sign-off by which it was signed.
    pub sign_off: Option<Named>,
    /// For how long it holds.
    pub term: Option<Period>,
    /// When it is to be reviewed.
    pub review: Option<Period>,
    /// Whether its review is overdue, on the day asked about.
    pub overdue: bool,
    /// What changed since it was made, oldest first.
    pub varied: Vec<String>,
    /// What it stands under.
    pub parent: Option<Named>,
    /// The agreement that took its place.
    pub replaced_by: Option<Named>,
}

/// The agreements, by their titles; those that ended last.
pub(crate) fn rows(asking: &Asking<'_>) -> Vec<Row<Agreement>> {
    let (as_of, day) = (asking.as_of, asking.day);
    let mut rows = Vec::new();
    for (id, agreement) in asking.each(&as_of.views.agreements) {
        let made = &agreement.made;
        let ended = agreement.ended.as_ref();
        let review = newest(agreement, |varied| varied.review.clone());
        let review = review.or_else(|| made.review.clone());
        let is_past = |date: &Period| minutebook_projections::is_past(date, day);
        let overdue = ended.is_none() && review.as_ref().is_some_and(is_past);
        let state = agreement.state();
        if !asking.wants(id, [made.parent.as_ref()])
            || !asking.wants_state(state)
            || !asking.wants_overdue(overdue)
        {
            continue;
        }
        let term = newest(agreement, |varied| varied.term.clone());
        let joined = agreement
            .moves
            .oldest_first()
            .filter_map(|step| match step {
                Move::Joined(one) => Some(&one.fields.party),
                Move::Left(_) => None,
            });
        let left = agreement
            .moves
            .oldest_first()
            .filter_map(|step| match step {
                Move::Left(one) => Some(&one.fields.party),
                Move::Joined(_) => None,
            });
        let varied = agreement.varied.oldest_first();
        let fields = Agreement {
            kind: made.kind.clone(),
            parties: asking.all(agreement.parties()),
            joined: asking.all(joined),
            left: asking.all(left),
            signed: made.signed.clone(),
            signatory_count: made.signatory_count,
            sign_off: asking.maybe(made.sign_off.as_ref()),
            term: term.or_else(|| made.term.clone()),
            review,
            overdue,
            varied: varied.map(|one| one.changes.clone()).collect(),
            parent: asking.maybe(made.parent.as_ref()),
            replaced_by: asking.maybe(ended.and_then(|one| one.replaced_by.as_ref())),
        };
        let places = std::iter::once(made.at)
            .chain(agreement.varied.iter().map(|one| one.at))
            .chain(agreement.moves.iter().map(|step| match step {
                Move::Joined(one) => one.at,
                Move::Left(one) => one.at,
            }))
            .chain(ended.map(|one| one.at));
        let places: Vec<_> = places.collect();
        let state = state.map(str::to_owned);
        rows.push(asking.row(id, made.title.as_str(), state, places, fields));
    }
    rows.sort_by_key(|row| {
        let ended = row.state.as_deref() == Some("ended");
        (ended, row.title.to_lowercase())
    });
    rows
}

fn newest<T>(
    agreement: &View,
    part: impl Fn(&minutebook_events::catalogue::AgreementVaried) -> Option<T>,
) -> Option<T> {
    agreement
        .varied
        .iter()
        .find_map(|varied| part(&varied.fields))
}

/// The agreements as a table.
pub fn sections(context: &Context<'_>, rows: &[Row<Agreement>]) -> Vec<Section> {
    let mut table = Table::new([
        Column::text("Agreement"),
        Column::text("Parties"),
        Column::date("Signed"),
        Column::text("How it stands"),
        Column::text("Entry"),
    ]);
    for row in rows {
        let fields = &row.fields;
        let parties = fields.parties.iter().map(|one| context.called(&one.id));
        let left = fields.left.iter();
        let left = left.map(|one| format!("left: {}", context.called(&one.id)));
        let mut signed = cells::stated(fields.signed.as_ref());
        if let Some(count) = fields.signatory_count {
            signed = signed.note(counted(count.into(), "signatory", "signatories"));
        }
        if let Some(sign_off) = &fields.sign_off {
            signed = signed.note(context.called(&sign_off.id));
        }
        let review = fields.review.as_ref().map(|review| match fields.overdue {
            true => format!("review overdue: {review}"),
            false => format!("review {review}"),
        });
        let replaced = fields.replaced_by.as_ref();
        let replaced = replaced.map(|one| format!("replaced by {}", context.called(&one.id)));
        let state = row.state.clone().unwrap_or_else(|| "not stated".to_owned());
        let term = fields.term.as_ref().map(|term| format!("for {term}"));
        let stands = [Some(state), term, review, replaced].into_iter().flatten();
        table = table.row([
            cells::what_of(context, row).note(fields.kind.as_str()),
            cells::list(parties.chain(left)),
            signed,
            cells::lines(stands.chain(fields.varied.iter().cloned())),
            cells::entry(row.said.as_ref()),
        ]);
    }
    vec![Section::new(heading("Agreements", rows.len())).block(table.into())]
}
