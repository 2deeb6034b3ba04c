//! The day on which something is said to be true, beside the day on which it is recorded.

use jiff::civil::Date;
use minutebook_events::Period;

use super::Candidate;
use crate::effective::day_of;

/// The seconds of a day: how far something may lie ahead of the recorded day, which is counted in
/// UTC while the day of an event is counted where it happened.
pub(super) const DAY: i64 = 86_400;

/// Whether a date begins only after the day of recording.
pub(super) fn lies_ahead(candidate: &Candidate, date: &Period) -> bool {
    let latest = day_of(candidate.recorded_at.saturating_add(DAY));
    match (date.start(), latest) {
        (Some(start), Some(latest)) => start > latest,
        _ => false,
    }
}

/// The first and last day on which the event may have been true; the day of recording where it does
/// not say.
pub(super) fn window(candidate: &Candidate) -> Option<(Date, Date)> {
    let effective = candidate.body.common.effective.as_ref();
    let said = effective.and_then(|on| Some((on.start()?, on.end()?)));
    said.or_else(|| {
        let day = day_of(candidate.recorded_at)?;
        Some((day, day))
    })
}

/// Whether `one` ends before `other` begins. Dates without a window are not before anything.
pub(super) fn is_before(one: Option<&Period>, other: Option<&Period>) -> bool {
    let days = one.and_then(Period::end).zip(other.and_then(Period::start));
    days.is_some_and(|(end, start)| end < start)
}

/// Whether `one` cannot be later than `other`: it ends before the other begins, or on that day.
pub(super) fn is_no_later(one: Option<&Period>, other: Option<&Period>) -> bool {
    let days = one.and_then(Period::end).zip(other.and_then(Period::start));
    days.is_some_and(|(end, start)| end <= start)
}
