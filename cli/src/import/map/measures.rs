//! Metrics and status reports.

use minutebook_events::catalogue::metrics::{
    BaselineAgreed, ChangeBasis, Direction, MetricDefined, MetricMeasured, TargetKind,
};
use minutebook_events::catalogue::status::{Rating, StatusReported};
use minutebook_events::{Event, Kind, Quantity};

use super::{PLAN, Rec, infer_from, open, remark};
use crate::import::seed;

/// A metric is defined; a printed baseline and a printed value are events of their own.
///
/// A figure that is printed with a date to reach it by, and no day of measurement, is what is to be
/// reached: it is recorded as the target, never as a measurement.
pub(super) fn metric(r: &Rec<'_>, m: seed::Metric) -> Vec<Event> {
    let unit = m.unit.as_deref();
    let figure = |words: &Option<String>| words.as_deref().map(|words| quantity(words, unit));
    let measured = r.date("measured", &m.measured);
    let due = r.date("due", &m.due);
    let ahead = due.is_some() && m.measured.is_none() && m.target.is_none();
    let (target, value) = match figure(&m.value) {
        Some(value) if ahead => (Some(value), None),
        value => (figure(&m.target), value),
    };
    let target_kind = target.as_ref().map(|target| target_kind(target, unit));
    let change = target_kind == Some(TargetKind::Change);
    let payload = MetricDefined {
        title: m.title,
        kind: m.kind,
        unit: m.unit.clone(),
        direction: m.direction.as_deref().and_then(|word| direction(r, word)),
        target,
        target_kind,
        target_basis: m.target_kind,
        // The count is of people or things, not of the target's unit.
        target_count: m.target_count.as_deref().map(Quantity::from_words),
        eventual_target: m.eventual_target.as_deref().map(Quantity::from_words),
        change_basis: change.then_some(ChangeBasis::NotStated),
        due,
        baseline_state: m.baseline_state,
        breakdown: m.breakdown,
        measured_by: m.measured_by,
        strategy: r.refer_to("programme", &m.programme, &[Kind::Strategy]),
        milestone: r.refer_to("milestone", &m.milestone, &[Kind::Milestone]),
        parent: r.refer_to("parent", &m.parent, PLAN),
        intent: m.wording,
        owner: None,
    };
    let stands_ahead = ahead && payload.target.is_some();
    let undefined = payload.target.is_none() && value.is_none() && m.baseline.is_none();
    let mut events = vec![r.event(payload, |common| {
        infer_from(common, None);
        open(common, "change_basis", change);
        open(common, "target", undefined);
        if stands_ahead {
            remark(
                common,
                "printed as a figure with a date to reach it by, not as a measurement",
            );
        }
    })];
    if let Some(value) = figure(&m.baseline) {
        let payload = BaselineAgreed {
            value,
            period: None,
            agreed_with: vec![],
            decision: None,
        };
        events.push(r.event(payload, |common| {
            open(common, "period", true);
            open(common, "agreed_with", true);
        }));
    }
    if let Some(value) = value {
        let payload = MetricMeasured {
            value,
            period: measured.clone(),
            data_source: None,
            parts: vec![],
            provisional: false,
        };
        events.push(r.event(payload, |common| {
            infer_from(common, measured.as_ref());
            open(common, "period", measured.is_none());
            common.effective = measured;
        }));
    }
    events
}

/// The words as a figure, in the metric's unit where the words name none.
fn quantity(words: &str, unit: Option<&str>) -> Quantity {
    let mut figure = Quantity::from_words(words);
    if figure.unit.is_none() && figure.value.is_some() {
        figure.unit = unit.map(str::to_owned);
    }
    figure
}

fn direction(r: &Rec<'_>, word: &str) -> Option<Direction> {
    match word {
        "up" => Some(Direction::Up),
        "down" => Some(Direction::Down),
        "hold" => Some(Direction::Hold),
        "improve" => Some(Direction::Improve),
        _ => {
            r.fail(
                "direction",
                format!("{word:?} is none of up, down, hold, improve"),
            );
            None
        }
    }
}

/// What sort of target the words and the unit describe.
fn target_kind(target: &Quantity, unit: Option<&str>) -> TargetKind {
    let words = target.as_written.to_lowercase();
    let says = |any: &[&str]| {
        let all = words.split(|c: char| !c.is_alphanumeric());
        all.clone().any(|word| any.contains(&word))
    };
    let unit = unit.unwrap_or_default();
    if ["improvement", "reduction", "increase"]
        .iter()
        .any(|word| unit.contains(word))
    {
        TargetKind::Change
    } else if target.value == Some(0.into()) || says(&["none", "zero", "eliminate"]) {
        TargetKind::Zero
    } else if says(&["quartile", "decile", "rank"]) {
        TargetKind::Rank
    } else if target.value.is_some()
        || words.contains(|c: char| c.is_ascii_digit())
        || says(&["all", "every", "half", "third", "quarter"])
    {
        TargetKind::Absolute
    } else {
        TargetKind::NotStated
    }
}

/// What the document says of how something stands. A rating is only ever what is printed: where there
/// is a place for one and nothing in it, the rating is "not stated"; where there is no place, there is
/// no rating at all. The state is a reading of the words and never becomes a rating.
pub(super) fn status(r: &Rec<'_>, s: seed::StatusReport) -> Vec<Event> {
    let Some(subject) = r.refer("subject", &s.subject, &[]) else {
        return Vec::new();
    };
    let (period, as_of) = (r.date("period", &s.period), r.date("as_of", &s.as_of));
    let meeting = r.refer_to("meeting", &s.meeting, &[Kind::Meeting]);
    let rating = match (s.rating, &s.rating_note) {
        (Some(printed), _) => Some(Rating::Value(printed)),
        (None, Some(_)) => Some(Rating::NotStated),
        (None, None) => None,
    };
    let unrated = rating == Some(Rating::NotStated);
    let payload = StatusReported {
        report: r.id().into(),
        narrative: s.text,
        kind: None,
        period: period.clone(),
        as_of: as_of.clone(),
        focus_period: r.date("focus_period", &s.focus_period),
        state: s.state,
        rating,
        scale: vec![],
        rating_note: s.rating_note,
        rated_by: s.rated_by,
        rating_body: None,
        reporter: None,
        place: s.place,
    };
    vec![r.event_about(subject, payload, |common| {
        let effective = as_of.or(period);
        infer_from(common, effective.as_ref());
        open(common, "as_of", effective.is_none());
        open(common, "rating", unrated);
        common.effective = effective;
        common.meeting = meeting;
    })]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_of_the_kind_that_words_and_unit_say() {
        for (words, unit, kind) in [
            ("90", "%", TargetKind::Absolute),
            ("62.8", "%", TargetKind::Absolute),
            ("200", "posts", TargetKind::Absolute),
            ("20", "% reduction", TargetKind::Change),
            ("30", "% improvement on baseline", TargetKind::Change),
            ("10", "% increase", TargetKind::Change),
            ("0", "", TargetKind::Zero),
            ("none", "", TargetKind::Zero),
            ("eliminate", "", TargetKind::Zero),
            ("top quartile", "", TargetKind::Rank),
            ("all", "", TargetKind::Absolute),
            ("every borough", "", TargetKind::Absolute),
            ("about one third", "", TargetKind::Absolute),
            ("at least £2.3 billion a year", "", TargetKind::Absolute),
            ("commitments agreed with NCL", "", TargetKind::NotStated),
        ] {
            assert_eq!(
                target_kind(&quantity(words, Some(unit)), Some(unit)),
                kind,
                "{words}"
            );
        }
    }
}
