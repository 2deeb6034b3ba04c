//! Metrics: what is measured, from which baseline, to which target, and the values found.

use std::sync::Arc;

use imbl::Vector;
use minutebook_events::catalogue::{ChangeBasis, Direction, TargetKind};
use minutebook_events::quantity::Quantity;
use minutebook_events::{Payload, Period, SubjectId};
use serde::{Deserialize, Serialize};

use crate::shelf::Shelf;
use crate::stack::Stack;
use crate::table::Table;
use crate::{Id, Noted};

/// A target.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Target {
    /// The entry that set it.
    pub position: u64,
    /// The figure.
    pub value: Quantity,
    /// What sort of target it is.
    pub kind: Option<TargetKind>,
    /// For a change in per cent, what it refers to.
    pub change_basis: Option<ChangeBasis>,
    /// By when it is to be reached.
    pub due: Option<Period>,
}

/// A value found, or a baseline agreed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Measurement {
    /// The entry.
    pub position: u64,
    /// The value.
    pub value: Quantity,
    /// What it was measured for.
    pub period: Option<Period>,
    /// True where it may still change.
    pub provisional: bool,
}

/// A metric.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Metric {
    /// What is measured.
    pub title: String,
    /// What sort of figure it is, such as `context`; absent for a metric of the plan.
    pub kind: Option<String>,
    /// The unit.
    pub unit: Option<String>,
    /// Which way is better.
    pub direction: Option<Direction>,
    /// The milestone, aim or strategy that it measures.
    pub parent: Option<SubjectId>,
    /// How the baseline stands where there is none yet, such as `to be agreed`.
    pub baseline_state: Option<String>,
    /// The entry that defined it.
    pub defined_at: u64,
    /// The baselines agreed, oldest first. No progress can be counted without one.
    pub baselines: Stack<Measurement>,
    /// The targets, oldest first.
    pub targets: Stack<Target>,
    /// The values found, in order of record.
    pub measurements: Stack<Measurement>,
}

impl Metric {
    /// The baseline now.
    pub fn baseline(&self) -> Option<&Measurement> {
        self.baselines.newest()
    }

    /// The target now.
    pub fn target(&self) -> Option<&Target> {
        self.targets.newest()
    }
}

/// Every metric.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Metrics {
    /// The metrics.
    pub table: Table<Metric>,
    of: Shelf<Vector<Id>>,
}

impl Metrics {
    /// The metrics that ever measured a milestone, aim or strategy, in order of record. Some may not
    /// be known at a moment, or to a reader.
    pub fn of(&self, parent: &SubjectId) -> impl Iterator<Item = &SubjectId> {
        self.of.get(parent).into_iter().flatten().map(Arc::as_ref)
    }

    pub(crate) fn fold(&mut self, noted: &Noted<'_>, payload: &Payload) {
        let position = noted.position;
        match payload {
            Payload::MetricDefined(fields) => {
                let parents = [&fields.milestone, &fields.parent, &fields.strategy];
                let parent = parents.into_iter().find_map(Clone::clone);
                if let Some(parent) = parent
                    .as_ref()
                    .filter(|_| self.table.get(noted.id).is_none())
                {
                    self.of
                        .edit(parent, |metrics| metrics.push_back(noted.id.clone()));
                }
                self.table.begin(noted, || Metric {
                    title: fields.title.clone(),
                    kind: fields.kind.clone(),
                    unit: fields.unit.clone(),
                    direction: fields.direction,
                    parent: parent.clone(),
                    baseline_state: fields.baseline_state.clone(),
                    defined_at: position,
                    baselines: Stack::new(),
                    targets: fields
                        .target
                        .iter()
                        .map(|value| Target {
                            position,
                            value: value.clone(),
                            kind: fields.target_kind,
                            change_basis: fields.change_basis,
                            due: fields.due.clone(),
                        })
                        .collect(),
                    measurements: Stack::new(),
                });
            }
            Payload::BaselineAgreed(fields) => self.table.change(noted, |metric| {
                metric.baselines.push(Measurement {
                    position,
                    value: fields.value.clone(),
                    period: fields.period.clone(),
                    provisional: false,
                });
            }),
            Payload::TargetRevised(fields) => self.table.change(noted, |metric| {
                metric.targets.push(Target {
                    position,
                    value: fields.to.clone(),
                    kind: Some(fields.target_kind),
                    change_basis: fields.change_basis,
                    due: fields.due.clone(),
                });
            }),
            Payload::MetricMeasured(fields) => self.table.change(noted, |metric| {
                metric.measurements.push(Measurement {
                    position,
                    value: fields.value.clone(),
                    period: fields.period.clone(),
                    provisional: fields.provisional,
                });
            }),
            _ => {}
        }
    }
}
