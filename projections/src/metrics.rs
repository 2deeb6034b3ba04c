//! Metrics: what is measured, from which baseline, to which target, and the values found.

use minutebook_events::catalogue::{
    BaselineAgreed, ChangeBasis, MetricDefined, MetricMeasured, TargetKind, TargetRevised,
};
use minutebook_events::quantity::Quantity;
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
