//! Decisions, actions, meetings and minutes.

use minutebook_events::catalogue::{DecisionMade, DecisionManner};
use minutebook_events::{EventType as E, Kind, SubjectId};
use serde::Serialize;

use super::{Step, now};
use crate::changes::Group;
use crate::changes::item::{self, Told};
use crate::quorum::{Quoracy, quorum};
use crate::title::title;

/// A word of the catalogue as it stands in events, with its hyphens as spaces.
pub(super) fn word<T: Serialize>(value: &T) -> String {
    // Unit variants with names of letters and hyphens: always text.
    match ciborium::Value::serialized(value) {
        Ok(ciborium::Value::Text(text)) => text.replace('-', " "),
        _ => String::new(),
    }
}

impl Step<'_, '_> {
    /// What a thing that an entry names is called, or else its id.
    pub(super) fn called(&self, id: &SubjectId) -> String {
        title(self.between.now, id).unwrap_or_else(|| id.to_string())
    }

    pub(super) fn governance(&self) -> Option<(Group, Told)> {
        match self.said.event {
            E::DecisionForeseen
            | E::DecisionMade
            | E::DecisionSuperseded
            | E::DecisionRescinded => self.decision(),
            E::ActionAssigned
            | E::ActionProgressReported
            | E::ActionDueChanged
            | E::ActionCompleted
            | E::ActionClosed => self.action(),
            E::MinutesDrafted | E::MinutesAmended | E::MinutesApproved => self.minutes(),
            _ => self.meeting(),
        }
    }

    fn decision(&self) -> Option<(Group, Told)> {
        let decision = self
            .after
            .get(&self.after.views.decisions, &self.said.subject)?;
        Some(match self.said.event {
            E::DecisionForeseen => {
                let foreseen = decision.foreseen.as_ref()?;
                let expected = foreseen.expected.as_ref();
                let mut notes = Vec::new();
                notes.extend(foreseen.state.clone());
                let told = Told {
                    after: expected.map(|when| format!("expected {when}")),
                    notes,
                    ..Told::default()
                };
                (Group::DecisionsForeseen, told)
            }
            E::DecisionMade => {
                let made = decision.made.as_ref()?;
                let kind = made.kind_as_written.clone();
                let kind = kind.or_else(|| made.kind.as_ref().map(word));
                let mut notes: Vec<String> = self.without_meeting(made).into_iter().collect();
                if let Some(votes) = &made.votes {
                    let (yes, no, abstained) = (votes.in_favour, votes.against, votes.abstained);
                    notes.push(format!("{yes} for, {no} against, {abstained} abstained"));
                }
                notes.extend(made.dissent.iter().map(|words| format!("dissent: {words}")));
                let after = kind.or_else(|| made.state.clone());
                let before = decision.foreseen.as_ref().map(|_| "foreseen".to_owned());
                let told = Told {
                    before,
                    after,
                    notes,
                    ..Told::default()
                };
                (Group::DecisionsMade, told)
            }
            E::DecisionSuperseded => {
                let superseded = decision.superseded.as_ref()?;
                let by = &superseded.superseded_by;
                let told = Told {
                    notes: superseded.changes.clone().into_iter().collect(),
                    ..now(format!("superseded by {} ({by})", self.called(by)))
                };
                (Group::DecisionsSuperseded, told)
            }
            _ => {
                let after = match &decision.rescinded.as_ref()?.decision {
                    Some(by) => format!("rescinded by {} ({by})", self.called(by)),
                    None => "rescinded".to_owned(),
                };
                (Group::DecisionsRescinded, now(after))
            }
        })
    }

    /// `by the chair, under Winter payments (authority/winter)`: how a body decided where it did not
    /// meet.
    fn without_meeting(&self, made: &DecisionMade) -> Option<String> {
        let how = match made.manner? {
            DecisionManner::Consensus | DecisionManner::Vote => return None,
            DecisionManner::WrittenResolution => "by written resolution",
            DecisionManner::ChairsAction => "by the chair",
            DecisionManner::Delegated => "by delegated authority",
        };
        Some(match &made.authority {
            Some(id) => {
                let rests = match id.kind() {
                    Kind::SignOff => "signed as",
                    _ => "under",
                };
                format!("{how}, {rests} {} ({id})", self.called(id))
            }
            None => how.to_owned(),
        })
    }

    fn action(&self) -> Option<(Group, Told)> {
        let action = self
            .after
            .get(&self.after.views.actions, &self.said.subject)?;
        let owner = format!("owner: {}", action.assigned.owner);
        Some(match self.said.event {
            E::ActionAssigned => {
                let told = Told {
                    after: action.due().map(|due| format!("due {due}")),
                    notes: vec![owner],
                    ..Told::default()
                };
                (Group::ActionsNew, told)
            }
            E::ActionProgressReported => {
                let progress = action.progress.as_ref()?;
                let told = Told {
                    after: progress.state.clone(),
                    notes: vec![progress.narrative.clone(), owner],
                    ..Told::default()
                };
                (Group::ActionsReported, told)
            }
            E::ActionDueChanged => {
                let before = self
                    .before
                    .get(&self.before.views.actions, &self.said.subject);
                let from = before.and_then(|before| before.due());
                let to = action.due();
                let told = Told {
                    before: from.map(ToString::to_string),
                    after: to.map(ToString::to_string),
                    moved: item::moved(from, to),
                    notes: vec![owner],
                    ..Told::default()
                };
                (Group::ActionsMoved, told)
            }
            E::ActionCompleted => {
                let result = action.completed.as_ref()?.result.clone();
                let told = Told {
                    before: action.due().map(|due| format!("was due {due}")),
                    notes: result.into_iter().chain([owner]).collect(),
                    ..now("completed")
                };
                (Group::ActionsCompleted, told)
            }
            _ => {
                let outcome = action.closed.as_ref()?.outcome.clone();
                let told = Told {
                    notes: outcome.into_iter().collect(),
                    ..now("closed")
                };
                (Group::ActionsClosed, told)
            }
        })
    }

    fn minutes(&self) -> Option<(Group, Told)> {
        let table = &self.after.views.minutes.table;
        let minutes = self.after.get(table, &self.said.subject)?;
        Some(match self.said.event {
            E::MinutesDrafted => {
                let version = minutes.drafts.newest()?.version;
                (Group::Minutes, now(format!("draft, version {version}")))
            }
            E::MinutesAmended => {
                let changes = minutes.amendments.newest()?.changes.clone();
                let told = Told {
                    notes: vec![changes],
                    ..now("amended")
                };
                (Group::Minutes, told)
            }
            _ => {
                let corrections = &minutes.approved.as_ref()?.corrections;
                let told = Told {
                    notes: corrections.clone(),
                    ..now("approved")
                };
                (Group::MinutesApproved, told)
            }
        })
    }

    /// Whether the meeting was held or cancelled by the later moment.
    fn is_over(&self) -> bool {
        let now = self.between.now;
        let meeting = now.get(&now.views.meetings, &self.said.subject);
        meeting.is_some_and(|meeting| meeting.held.is_some() || meeting.cancelled.is_some())
    }

    fn meeting(&self) -> Option<(Group, Told)> {
        let (after, id) = (self.after, &*self.said.subject);
        match self.said.event {
            E::PaperLodged => {
                let paper = after.get(&after.views.papers.table, id)?;
                let of = paper.for_meeting.as_ref().map(|of| self.called(of));
                let told = Told {
                    notes: of.into_iter().map(|of| format!("for {of}")).collect(),
                    ..now(format!("paper lodged, version {}", paper.version))
                };
                return Some((Group::Meetings, told));
            }
            E::InterestDeclared => {
                let interest = after.get(&after.views.interests.table, id)?;
                let mut notes = Vec::new();
                notes.extend(
                    interest
                        .declared
                        .item
                        .as_ref()
                        .map(|item| format!("item {item}")),
                );
                let of = interest.declared.organisation.as_ref();
                notes.extend(of.map(|of| format!("concerns {}", self.called(of))));
                let told = Told {
                    notes,
                    ..now(word(&interest.declared.handling))
                };
                return Some((Group::Interests, told));
            }
            _ => {}
        }
        let meeting = after.get(&after.views.meetings, id)?;
        let told = match self.said.event {
            // That it was held or cancelled since says more.
            E::MeetingCalled if self.is_over() => return None,
            E::MeetingCalled => now(match meeting.date() {
                Some(date) => format!("called for {date}"),
                None => "called".to_owned(),
            }),
            E::MeetingCancelled => now("cancelled"),
            E::AgendaPublished => {
                let agenda = meeting.agenda.as_ref()?;
                let (version, items) = (agenda.version, agenda.items.len());
                let word = if items == 1 { "item" } else { "items" };
                now(format!(
                    "agenda published, version {version}, {items} {word}"
                ))
            }
            E::PublicExcluded => {
                let resolution = meeting.excluded.newest()?;
                let told = now(format!(
                    "public excluded for item {}",
                    resolution.items.join(", ")
                ));
                Told {
                    notes: vec![resolution.statutory_reason.clone()],
                    ..told
                }
            }
            _ => {
                let held = meeting.date().map(|date| format!("held {date}"));
                let found = quorum(self.between.now, id, None)
                    .filter(|found| found.quoracy != Quoracy::NoRule);
                Told {
                    notes: found
                        .map(|found| found.quoracy.name().to_owned())
                        .into_iter()
                        .collect(),
                    ..now(held.unwrap_or_else(|| "held".to_owned()))
                }
            }
        };
        Some((Group::Meetings, told))
    }
}
