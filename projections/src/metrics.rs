//! Metrics: what is measured, from which baseline, to which target, and the values found.

use std::sync::Arc;

use imbl::{OrdMap, Vector};
use minutebook_events::catalogue::{ChangeBasis, Direction, TargetKind};
use minutebook_events::quantity::Quantity;
use minutebook_events::{Payload, Period, SubjectId};
use serde::{Deserialize, Serialize};

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
    pub baselines: Vec<Measurement>,
    /// The targets, oldest first.
    pub targets: Vec<Target>,
    measurements: Vector<Arc<Measurement>>,
}

impl Metric {
    /// The baseline now.
    pub fn baseline(&self) -> Option<&Measurement> {
        self.baselines.last()
    }

    /// The target now.
    pub fn target(&self) -> Option<&Target> {
        self.targets.last()
    }

    /// The values found, oldest entry first.
    pub fn measurements(
        &self,
    ) -> impl DoubleEndedIterator<Item = &Measurement> + ExactSizeIterator {
        self.measurements.iter().map(Arc::as_ref)
    }
}

/// Every metric.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Metrics {
    map: OrdMap<Id, Arc<Metric>>,
    of: OrdMap<SubjectId, Vector<Id>>,
}

impl Metrics {
    /// A metric.
    pub fn get(&self, id: &SubjectId) -> Option<&Metric> {
        self.map.get(id).map(Arc::as_ref)
    }

    /// Every metric, in order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = (&SubjectId, &Metric)> {
        self.map
            .iter()
            .map(|(id, metric)| (id.as_ref(), metric.as_ref()))
    }

    /// The metrics that measure a milestone, aim or strategy, in order of record.
    pub fn of(&self, parent: &SubjectId) -> impl Iterator<Item = &SubjectId> {
        self.of.get(parent).into_iter().flatten().map(Arc::as_ref)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.map.len()
    }

    /// True where there is none.
    pub fn is_empty(&self) -> bool {
        self.map.is_empty()
    }

    pub(crate) fn fold(&mut self, noted: &Noted<'_>, payload: &Payload) {
        let position = noted.position;
        match payload {
            Payload::MetricDefined(fields) if !self.map.contains_key(noted.id) => {
                let parents = [&fields.milestone, &fields.parent, &fields.strategy];
                let parent = parents.into_iter().find_map(Clone::clone);
                if let Some(parent) = &parent {
                    self.of
                        .entry(parent.clone())
                        .or_default()
                        .push_back(noted.id.clone());
                }
                let target = fields.target.clone().map(|value| Target {
                    position,
                    value,
                    kind: fields.target_kind,
                    change_basis: fields.change_basis,
                    due: fields.due.clone(),
                });
                let metric = Metric {
                    title: fields.title.clone(),
                    kind: fields.kind.clone(),
                    unit: fields.unit.clone(),
                    direction: fields.direction,
                    parent,
                    baseline_state: fields.baseline_state.clone(),
                    defined_at: position,
                    baselines: Vec::new(),
                    targets: target.into_iter().collect(),
                    measurements: Vector::new(),
                };
                self.map.insert(noted.id.clone(), Arc::new(metric));
            }
            Payload::BaselineAgreed(fields) => self.update(noted.id, |metric| {
                metric.baselines.push(Measurement {
                    position,
                    value: fields.value.clone(),
                    period: fields.period.clone(),
                    provisional: false,
                });
            }),
            Payload::TargetRevised(fields) => self.update(noted.id, |metric| {
                metric.targets.push(Target {
                    position,
                    value: fields.to.clone(),
                    kind: Some(fields.target_kind),
                    change_basis: fields.change_basis,
                    due: fields.due.clone(),
                });
            }),
            Payload::MetricMeasured(fields) => self.update(noted.id, |metric| {
                metric.measurements.push_back(Arc::new(Measurement {
                    position,
                    value: fields.value.clone(),
                    period: fields.period.clone(),
                    provisional: fields.provisional,
                }));
            }),
            _ => {}
        }
    }

    fn update(&mut self, id: &Id, change: impl FnOnce(&mut Metric)) {
        if let Some(metric) = self.map.get_mut(id) {
            change(Arc::make_mut(metric));
        }
    }
}
