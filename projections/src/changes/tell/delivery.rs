//! The plan, its dates, what was reported and measured, and risks.

use minutebook_events::EventType as E;
use minutebook_events::catalogue::{RiskScore, Standing};

use super::governance::word;
use super::{Step, now};
use crate::changes::Group;
use crate::changes::item::{self, Told};
use crate::metrics::Metric;
use crate::milestones::State;

impl Step<'_, '_> {
    pub(super) fn delivery(&self) -> Option<(Group, Told)> {
        match self.said.event {
            E::MilestoneSet
            | E::MilestoneSlipped
            | E::MilestoneBroughtForward
            | E::MilestoneDateRestated
            | E::MilestoneCompleted
            | E::MilestoneReopened
            | E::MilestoneWithdrawn => self.milestone(),
            E::StatusReported => self.status(),
            E::MetricDefined | E::BaselineAgreed | E::TargetRevised | E::MetricMeasured => {
                self.metric()
            }
            E::RiskRaised | E::RiskRescored | E::RiskClosed | E::AssuranceRecorded => self.risk(),
            E::ObjectiveWithdrawn => Some((Group::PlanWithdrawn, now("withdrawn"))),
            _ => {
                let nodes = &self.after.views.plan.nodes;
                let node = self.after.get(nodes, &self.said.subject)?;
                let mut notes: Vec<String> = node.level.iter().map(ToString::to_string).collect();
                notes.extend(node.state.iter().map(ToString::to_string));
                let told = Told {
                    after: node.horizon.as_ref().map(ToString::to_string),
                    notes,
                    ..Told::default()
                };
                Some((Group::PlanSet, told))
            }
        }
    }

    fn milestone(&self) -> Option<(Group, Told)> {
        let milestone = self
            .after
            .get(&self.after.views.milestones, &self.said.subject)?;
        let group = match self.said.event {
            E::MilestoneSet => {
                let due = milestone.first().map(|due| format!("due {due}"));
                let told = Told {
                    after: Some(due.unwrap_or_else(|| "no date stated".to_owned())),
                    notes: milestone.set.state.clone().into_iter().collect(),
                    ..Told::default()
                };
                return Some((Group::MilestonesSet, told));
            }
            E::MilestoneCompleted => {
                let State::Completed { on, said } = &milestone.state else {
                    return None;
                };
                let due = milestone.due().map(|due| format!("was due {due}"));
                let told = Told {
                    before: due,
                    notes: said.result.clone().into_iter().collect(),
                    ..now(match on {
                        Some(on) => format!("completed {on}"),
                        None => "completed".to_owned(),
                    })
                };
                return Some((Group::Completed, told));
            }
            E::MilestoneWithdrawn => {
                let State::Withdrawn(withdrawn) = &milestone.state else {
                    return None;
                };
                let by = withdrawn.decision.as_ref();
                let told = Told {
                    before: milestone.due().map(|due| format!("was due {due}")),
                    notes: by
                        .map(|by| format!("by {} ({by})", self.called(by)))
                        .into_iter()
                        .collect(),
                    ..now("withdrawn")
                };
                return Some((Group::MilestonesWithdrawn, told));
            }
            E::MilestoneReopened => Group::Reopened,
            E::MilestoneSlipped => Group::Slipped,
            E::MilestoneBroughtForward => Group::BroughtForward,
            _ => Group::Restated,
        };
        let change = milestone
            .last_change()
            .filter(|change| change.at.tick == self.tick);
        let Some(change) = change else {
            return Some((group, now("reopened")));
        };
        let mut notes = Vec::new();
        match (change.standing, &change.agreed_by) {
            (Some(Standing::Agreed), Some(decision)) => {
                notes.push(format!("agreed by {} ({decision})", self.called(decision)));
            }
            (Some(standing), _) => notes.push(word(&standing)),
            (None, _) => {}
        }
        let told = Told {
            before: change.from.as_ref().map(ToString::to_string),
            after: Some(change.to.to_string()),
            moved: item::moved(change.from.as_deref(), Some(&change.to)),
            in_all: item::moved_in_all(milestone, Some(change)),
            notes,
            ..Told::default()
        };
        Some((group, told))
    }

    /// The newest report alone: what it says is how things stand, and how they stood before `since`.
    fn status(&self) -> Option<(Group, Told)> {
        let (now, then) = (self.between.now, self.between.then);
        let report = now.get(&now.views.status, &self.said.subject)?;
        if report.at.tick != self.tick {
            return None;
        }
        let before = then.get(&then.views.status, &self.said.subject);
        let told = Told {
            before: before.and_then(item::standing),
            after: item::standing(report),
            notes: vec![report.narrative.clone()],
            ..Told::default()
        };
        Some((Group::Status, told))
    }

    fn metric(&self) -> Option<(Group, Told)> {
        let (now, then) = (self.between.now, self.between.then);
        let metrics = &self.after.views.metrics.table;
        let metric = self.after.get(metrics, &self.said.subject)?;
        if self.said.event != E::MetricMeasured {
            let told = Told {
                after: against(metric),
                ..Told::default()
            };
            return Some((Group::MetricsSet, told));
        }
        let newest = now.get(&now.views.metrics.table, &self.said.subject)?;
        let latest = newest.latest().filter(|found| found.at.tick == self.tick)?;
        let before = then.get(&then.views.metrics.table, &self.said.subject);
        let before = before.and_then(Metric::latest);
        let mut notes: Vec<String> = against(newest).into_iter().collect();
        notes.extend(latest.period.as_ref().map(|period| format!("for {period}")));
        let told = Told {
            before: before.map(|found| found.value.as_written.clone()),
            after: Some(latest.value.as_written.clone()),
            notes,
            ..Told::default()
        };
        Some((Group::MetricsMeasured, told))
    }

    fn risk(&self) -> Option<(Group, Told)> {
        let (after, id) = (self.after, &*self.said.subject);
        if self.said.event == E::AssuranceRecorded {
            let assurance = after.get(&after.views.risks.assurance, id)?;
            let told = Told {
                notes: assurance
                    .gaps
                    .iter()
                    .map(|gap| format!("gap: {gap}"))
                    .collect(),
                ..now(format!("assurance: {}", word(&assurance.level)))
            };
            return Some((Group::Risks, told));
        }
        let risk = after.get(&after.views.risks.table, id)?;
        let before = self.before.get(&self.before.views.risks.table, id);
        let before = before.and_then(|before| before.score());
        let told = match self.said.event {
            E::RiskRaised => now(risk.score().map_or("raised".to_owned(), score)),
            E::RiskRescored => Told {
                before: before.map(score),
                after: risk.score().map(score),
                ..Told::default()
            },
            _ => now("closed"),
        };
        Some((Group::Risks, told))
    }
}

/// `target 90% by 2026/27; baseline 62%`: what a value is held against.
fn against(metric: &Metric) -> Option<String> {
    let mut words = Vec::new();
    if let Some(target) = metric.target() {
        let value = &target.value.as_written;
        words.push(match target.due {
            Some(due) => format!("target {value} by {}", item::without_by(due)),
            None => format!("target {value}"),
        });
    }
    match (metric.baseline(), &metric.defined.baseline_state) {
        (Some(baseline), _) => words.push(format!("baseline {}", baseline.value.as_written)),
        (None, Some(state)) => words.push(format!("baseline {state}")),
        (None, None) => {}
    }
    (!words.is_empty()).then(|| words.join("; "))
}

fn score(score: &RiskScore) -> String {
    let (likelihood, impact) = (score.likelihood, score.impact);
    format!("score {} ({likelihood} × {impact})", score.product())
}
