//! Metrics: what is measured, from which baseline, to which target, and the values found.

use minutebook_events::catalogue::{
    BaselineAgreed, ChangeBasis, Direction, MetricDefined, MetricMeasured, TargetKind,
    TargetRevised,
};
use minutebook_events::quantity::{Decimal, Quantity};
use minutebook_events::{Payload, Period, SubjectId};
use serde::{Deserialize, Serialize};

use crate::Noted;
use crate::stack::Stack;
use crate::stated::Stated;
use crate::table::Table;
use crate::under::Under;

/// The target that holds now.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Target<'a> {
    /// The figure.
    pub value: &'a Quantity,
    /// What sort of target it is.
    pub kind: Option<TargetKind>,
    /// For a change in per cent, what it refers to.
    pub change_basis: Option<ChangeBasis>,
    /// By when it is to be reached.
    pub due: Option<&'a Period>,
}

/// A metric.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Metric {
    /// What is measured.
    pub defined: Stated<MetricDefined>,
    /// The baselines agreed. No progress can be counted without one.
    pub baselines: Stack<Stated<BaselineAgreed>>,
    /// The later targets.
    pub targets: Stack<Stated<TargetRevised>>,
    /// The values found, in order of record.
    pub measurements: Stack<Stated<MetricMeasured>>,
}

impl Metric {
    /// The milestone, aim or strategy that it measures.
    pub fn parent(&self) -> Option<&SubjectId> {
        parent(&self.defined)
    }

    /// The baseline now.
    pub fn baseline(&self) -> Option<&Stated<BaselineAgreed>> {
        self.baselines.newest()
    }

    /// The target now.
    pub fn target(&self) -> Option<Target<'_>> {
        if let Some(revised) = self.targets.newest() {
            return Some(Target {
                value: &revised.to,
                kind: Some(revised.target_kind),
                change_basis: revised.change_basis,
                due: revised.due.as_ref(),
            });
        }
        let defined = &self.defined;
        Some(Target {
            value: defined.target.as_ref()?,
            kind: defined.target_kind,
            change_basis: defined.change_basis,
            due: defined.due.as_ref(),
        })
    }

    /// The value found last.
    pub fn latest(&self) -> Option<&Stated<MetricMeasured>> {
        self.measurements.newest()
    }

    /// How much of the way from the baseline to the target is done, in whole per cent, rounded
    /// towards zero: 100 only once the target is reached, more beyond it, less than nothing where it
    /// went the other way.
    ///
    /// Absent until a baseline exists and a value was found; where the figures are words, or count
    /// different things; where it is not said which way is better, or the target lies the other way;
    /// and where a change in per cent does not say of what.
    pub fn progress(&self) -> Option<i64> {
        let (baseline, target) = (&self.baseline()?.value, self.target()?);
        let latest = &self.latest()?.value;
        if other_unit(baseline, latest) {
            return None;
        }
        let from = baseline.value?;
        let way = self.way(baseline, from, &target)?;
        let up = match self.defined.direction? {
            Direction::Up => true,
            Direction::Down => false,
            Direction::Hold | Direction::Improve => return None,
        };
        let nothing = Decimal::from(0);
        if way == nothing || (way > nothing) != up {
            return None;
        }
        latest.value?.checked_sub(from)?.per_cent_of(way)
    }

    /// How far it is from the baseline to the target.
    fn way(&self, baseline: &Quantity, from: Decimal, target: &Target<'_>) -> Option<Decimal> {
        let to = target.value;
        match target.kind? {
            TargetKind::Absolute if !other_unit(baseline, to) => to.value?.checked_sub(from),
            TargetKind::Zero => Decimal::from(0).checked_sub(from),
            TargetKind::Change => {
                let change = match target.change_basis {
                    Some(ChangeBasis::Relative) => from.abs().checked_per_cent(to.value?.abs())?,
                    Some(ChangeBasis::PercentagePoints) => to.value?.abs(),
                    // A change in anything but per cent is of the thing that is counted.
                    Some(ChangeBasis::NotStated) | None if to.unit.as_deref() == Some("%") => {
                        return None;
                    }
                    Some(ChangeBasis::NotStated) | None if other_unit(baseline, to) => return None,
                    Some(ChangeBasis::NotStated) | None => to.value?.abs(),
                };
                match self.defined.direction? {
                    Direction::Down => Decimal::from(0).checked_sub(change),
                    _ => Some(change),
                }
            }
            TargetKind::Absolute | TargetKind::Rank | TargetKind::NotStated => None,
        }
    }
}

/// Whether two figures say that they count different things.
pub fn other_unit(one: &Quantity, other: &Quantity) -> bool {
    matches!((&one.unit, &other.unit), (Some(a), Some(b)) if a != b)
}

fn parent(fields: &MetricDefined) -> Option<&SubjectId> {
    let named = [&fields.milestone, &fields.parent, &fields.strategy];
    named.into_iter().find_map(Option::as_ref)
}

/// Every metric.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Metrics {
    /// The metrics.
    pub table: Table<Metric>,
    /// The metrics of each milestone, aim or strategy.
    pub of: Under,
}

impl Metrics {
    pub(crate) fn fold(&mut self, noted: &Noted<'_>, payload: &Payload) {
        match payload {
            Payload::MetricDefined(fields) => {
                if let Some(parent) = parent(fields)
                    && self.table.get(noted.id).is_none()
                {
                    self.of.add(parent, noted.id);
                }
                let defined = noted.stated(fields);
                self.table.begin(noted, || Metric {
                    defined: defined.clone(),
                    baselines: Stack::new(),
                    targets: Stack::new(),
                    measurements: Stack::new(),
                });
            }
            Payload::BaselineAgreed(fields) => {
                let baseline = noted.stated(fields);
                self.table
                    .change(noted, |metric| metric.baselines.push(baseline.clone()));
            }
            Payload::TargetRevised(fields) => {
                let target = noted.stated(fields);
                self.table
                    .change(noted, |metric| metric.targets.push(target.clone()));
            }
            Payload::MetricMeasured(fields) => {
                let measured = noted.stated(fields);
                self.table
                    .change(noted, |metric| metric.measurements.push(measured.clone()));
            }
            _ => {}
        }
    }
}
