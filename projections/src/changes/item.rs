//! The words of a change.

use minutebook_events::catalogue::Rating;
use minutebook_events::period::{Change, compare};
use minutebook_events::{Period, SubjectId};

use crate::AsOf;
use crate::milestones::{DateChange, Milestone};
use crate::signoffs::{Answer, Asked, SignOff};
use crate::status::Report;
use crate::title::title;

/// What an entry changed, before it is an item about its subject.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub title: Option<String>,
    pub before: Option<String>,
    pub after: Option<String>,
    pub moved: Option<String>,
    pub in_all: Option<String>,
    pub reason: Option<String>,
    pub notes: Vec<String>,
    pub missing: Vec<SubjectId>,
}

/// `slipped one year`: how a date moved; `None` where it was only said otherwise.
pub(super) fn moved(from: Option<&Period>, to: Option<&Period>) -> Option<String> {
    let change = compare(from?, to?);
    match &change {
        Change::Slipped(shift) | Change::BroughtForward(shift) => {
            Some(format!("{} {}", change.verb(), shift.whole))
        }
        _ => None,
    }
}

/// How far a milestone has moved from its first date, where that is more than one change says.
pub(super) fn moved_in_all(milestone: &Milestone, change: Option<&DateChange>) -> Option<String> {
    let first = milestone.first()?;
    if change.is_some_and(|change| change.from.as_deref() == Some(first)) {
        return None;
    }
    let to = change.map_or_else(|| milestone.due(), |change| Some(&*change.to));
    let moved = moved(Some(first), to)?;
    Some(format!("{moved} since the first date, {first}"))
}

/// `17 of 25 signed`.
pub(super) fn signed_so_far(sign_off: &SignOff) -> String {
    let (signed, needed) = sign_off.progress();
    format!("{signed} of {needed} signed")
}

/// Whose signature is missing: those who were asked and have not signed.
pub(super) fn missing(sign_off: &SignOff) -> Vec<SubjectId> {
    let waiting = sign_off.asked().filter(|asked| !asked.has_signed());
    waiting.filter_map(|asked| signatory(&asked)).collect()
}

/// Those among them who said no, as they are called.
pub(super) fn declined(now: AsOf<'_>, sign_off: &SignOff) -> Vec<String> {
    let said_no = |asked: &Asked<'_>| {
        let response = asked.response.as_ref();
        response.is_some_and(|response| response.answer == Answer::Declined)
    };
    let declined = sign_off.asked().filter(said_no);
    let called = |id: SubjectId| title(now, &id).unwrap_or_else(|| id.to_string());
    declined
        .filter_map(|asked| signatory(&asked))
        .map(called)
        .collect()
}

fn signatory(asked: &Asked<'_>) -> Option<SubjectId> {
    let organisation = asked.signatory.organisation.clone();
    organisation.or_else(|| Some(asked.signatory.person.as_ref()?.subject()))
}

/// A rating or state in words: `rated Amber`, `rating not stated`, `in progress`.
pub(super) fn standing(report: &Report) -> Option<String> {
    match &report.rating {
        Some(Rating::Value(value)) => Some(format!("rated {value}")),
        Some(Rating::NotRated) => Some("not rated".into()),
        Some(Rating::NotStated) => Some("rating not stated".into()),
        None => report.state.clone(),
    }
}

/// A date for behind the word `by`, which its own words may begin with.
pub(super) fn without_by(date: &Period) -> String {
    let words = date.to_string();
    let plain = words.strip_prefix("by ").or(words.strip_prefix("By "));
    plain.map_or(words.clone(), str::to_owned)
}
