//! The sorts of change, in the order in which a board reads.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Changed, Sorted};

macro_rules! groups {
    ($($group:ident $heading:literal $doc:literal)*) => {
        /// A sort of change.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, JsonSchema)]
        #[serde(rename_all = "kebab-case")]
        pub enum Group { $(#[doc = $doc] $group,)* }

        impl Group {
            /// Every sort, in the order in which a board reads.
            pub const ALL: &'static [Group] = &[$(Group::$group),*];

            /// The heading over changes of this sort.
            pub fn heading(self) -> &'static str {
                match self { $(Group::$group => $heading,)* }
            }
        }
    };
}

groups! {
    DecisionsMade "Decisions made" "A decision was made."
    DecisionsSuperseded "Decisions superseded" "Another decision took its place."
    DecisionsRescinded "Decisions rescinded" "A decision was taken back."
    DecisionsForeseen "Decisions foreseen" "A decision is expected."
    Slipped "Milestones slipped" "A date moved later."
    BroughtForward "Milestones brought forward" "A date moved earlier."
    Restated "Milestone dates restated" "A date was said more or less exactly."
    Completed "Milestones completed" "A milestone was met."
    Reopened "Milestones reopened" "A milestone that was called met is not."
    MilestonesSet "Milestones set" "A milestone is new in the plan."
    MilestonesWithdrawn "Milestones withdrawn" "A milestone was given up."
    MilestonesFellOverdue "Milestones that fell overdue" "A date went by; no entry says anything."
    MilestonesStillOverdue "Milestones still overdue" "A date had gone by before."
    PlanSet "Plan items added or refreshed" "A strategy, aim or objective is new or refreshed."
    PlanWithdrawn "Plan items withdrawn" "An aim or objective was given up."
    Status "Status reports and ratings" "How something stands was reported."
    MetricsMeasured "Metrics measured" "A value was found."
    MetricsSet "Metrics, baselines and targets set" "A metric, baseline or target is new."
    SignOffsCompleted "Sign-offs completed" "The last signature came."
    SignOffsGiven "Signatures given" "Someone signed."
    SignOffsDeclined "Signatures declined" "Someone said no."
    SignOffsWithdrawn "Signatures withdrawn" "Someone took a signature back."
    SignOffsRequested "Sign-offs requested" "Signatures were asked for."
    SignOffsCancelled "Sign-offs cancelled" "A request ended without effect."
    SignOffsAttested "Sign-offs attested, not signed" "A document reports signatures."
    SignOffsWaiting "Sign-offs still waiting" "Signatures are missing."
    ActionsCompleted "Actions completed" "An owner has done it."
    ActionsClosed "Actions closed" "The body needs no more of it."
    ActionsMoved "Actions moved" "A due date changed."
    ActionsNew "Actions new" "Someone was given something to do."
    ActionsReported "Actions reported on" "How it goes was reported."
    ActionsFellOverdue "Actions that fell overdue" "A date went by; no entry says anything."
    ActionsStillOverdue "Actions still overdue" "A date had gone by before."
    MinutesApproved "Minutes approved" "A meeting approved minutes."
    Minutes "Minutes drafted or amended" "Minutes were written or changed."
    Meetings "Meetings and papers" "A meeting was called, prepared, held or cancelled."
    Interests "Interests declared" "Someone declared an interest."
    Agreements "Agreements" "An agreement was made, varied or ended."
    Parties "Parties joined and left" "A party joined or left an agreement."
    Members "Members, roles and authority" "A role or authority was given or ended."
    Bodies "Bodies and organisations" "A body or organisation changed."
    People "People and keys" "A person or key came or went."
    Risks "Risks and assurance" "A risk was raised, rescored or closed; assurance was given."
    Funding "Funding" "Money was applied for, awarded or refused."
    Evaluations "Evaluations" "An evaluation was commissioned or reported."
    Consultations "Consultations" "People were asked, or answered."
    Corrections "Corrections" "An entry was found to hold a mistake."
    Erasures "Erasures and disposals" "Content went, with its reason."
    Releases "Published and disclosed" "Something left the record."
    Holds "Holds" "Records must be kept, or need be no longer."
    Records "Approvals and imports" "The record about itself."
}

/// Sorts changes into their groups: those of entries first, each group in the order given.
pub(super) fn sorted(changes: Vec<Sorted>, standing: Vec<Sorted>) -> Vec<Changed> {
    let mut all: Vec<Sorted> = changes.into_iter().chain(standing).collect();
    all.sort_by_key(|(group, _)| *group);
    let mut groups: Vec<Changed> = Vec::new();
    for (group, item) in all {
        match groups.last_mut() {
            Some(changed) if changed.group == group => changed.items.push(item),
            _ => groups.push(Changed {
                group,
                items: vec![item],
            }),
        }
    }
    groups
}
