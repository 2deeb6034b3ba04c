//! Status reports: the newest about each thing; the earlier ones are its older versions.

use minutebook_events::catalogue::StatusReported;
use minutebook_events::{Payload, Period};

use crate::Noted;
use crate::stated::Stated;
use crate::table::Table;

/// A status report. Its rating is a word of its scale, or "not rated" or "not stated", which are
/// values of their own; it is absent where the report has no place for one.
pub type Report = Stated<StatusReported>;

/// The time that a report is about, or on which it stood so.
pub fn period(report: &StatusReported) -> Option<&Period> {
    report.period.as_ref().or(report.as_of.as_ref())
}

/// Folds a report into the newest reports, and into those that last declared a scale.
pub(crate) fn fold(
    status: &mut Table<Report>,
    scales: &mut Table<Report>,
    noted: &Noted<'_>,
    payload: &Payload,
) {
    if let Payload::StatusReported(fields) = payload {
        let report = noted.stated(fields);
        status.update(noted, noted.id, |_| Some(report.clone()));
        if !fields.scale.is_empty() {
            scales.update(noted, noted.id, |old| match old {
                Some(old) if old.scale == fields.scale => None,
                _ => Some(report.clone()),
            });
        }
    }
}
