//! A register of what has no view of its own yet: actions, risks, assurance, funding, evaluations,
//! consultations, papers, minutes, interests, delegated authorities and holds.
//!
//! It keeps a title, a state in one word or the document's own, and when each began and ended.

use minutebook_events::{Payload, SubjectId};
use serde::{Deserialize, Serialize};

use crate::Noted;
use crate::table::Table;

/// One line of the register.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// What it is, in short own words.
    pub title: String,
    /// How it stands: the document's own words, or what the newest entry did, such as `closed`.
    pub state: Option<String>,
    /// What it belongs to.
    pub parent: Option<SubjectId>,
    /// The entry that it began with.
    pub begun_at: u64,
    /// The newest entry that changed it.
    pub changed_at: u64,
    /// The entry that it ended with.
    pub ended_at: Option<u64>,
}

/// What an entry does to a line.
enum Line<'a> {
    Begins {
        title: &'a str,
        state: Option<&'a str>,
        parent: Option<&'a SubjectId>,
    },
    Becomes(&'a str),
    Ends(&'a str),
}

pub(crate) fn fold(register: &mut Table<Item>, noted: &Noted<'_>, payload: &Payload) {
    let position = noted.position;
    match line(noted, payload) {
        None => {}
        Some(Line::Begins {
            title,
            state,
            parent,
        }) => {
            register.begin(noted, || Item {
                begun_at: position,
                ..Item::default()
            });
            register.change(noted, |item| {
                if !title.is_empty() {
                    item.title = title.to_owned();
                }
                item.state = state.map(str::to_owned);
                item.parent = parent.cloned().or(item.parent.take());
                item.changed_at = position;
            });
        }
        Some(Line::Becomes(state)) => register.change(noted, |item| {
            item.state = Some(state.to_owned());
            item.changed_at = position;
        }),
        Some(Line::Ends(state)) => register.change(noted, |item| {
            item.state = Some(state.to_owned());
            item.changed_at = position;
            item.ended_at.get_or_insert(position);
        }),
    }
}

fn line<'a>(noted: &'a Noted<'_>, payload: &'a Payload) -> Option<Line<'a>> {
    use Line::{Becomes, Ends};
    let begins = |title, state: Option<&'a str>, parent| Line::Begins {
        title,
        state,
        parent,
    };
    Some(match payload {
        Payload::ActionAssigned(f) => begins(&f.text, None, f.decision.as_ref()),
        Payload::ActionProgressReported(f) => Becomes(f.state.as_deref().unwrap_or("reported")),
        Payload::ActionDueChanged(_) => Becomes("due date changed"),
        Payload::ActionCompleted(_) => Becomes("completed"),
        Payload::ActionClosed(_) => Ends("closed"),
        Payload::RiskRaised(f) => begins(&f.title, f.state.as_deref(), f.objective.as_ref()),
        Payload::RiskRescored(_) => Becomes("rescored"),
        Payload::RiskClosed(_) => Ends("closed"),
        Payload::AssuranceRecorded(f) => begins(&f.title, None, f.of.first()),
        Payload::FundingApplied(f) => begins(&f.title, f.state.as_deref(), f.strategy.as_ref()),
        Payload::FundingAwarded(_) => Ends("awarded"),
        Payload::FundingRefused(_) => Ends("refused"),
        Payload::EvaluationCommissioned(f) => {
            begins(&f.title, f.state.as_deref(), f.parent.as_ref())
        }
        Payload::EvaluationReported(f) => {
            let state = f.state.as_deref().unwrap_or("reported");
            begins(
                f.title.as_deref().unwrap_or_default(),
                Some(state),
                f.parent.as_ref(),
            )
        }
        Payload::ConsultationOpened(f) => begins(&f.title, None, f.strategy.as_ref()),
        Payload::ConsultationResponded(f) => {
            let title = f.title.as_deref().unwrap_or_default();
            begins(
                title,
                Some("responded"),
                f.commitment.as_ref().or(f.strategy.as_ref()),
            )
        }
        Payload::ConsultationClosed(_) => Ends("closed"),
        Payload::PaperLodged(f) => begins(&f.title, Some("lodged"), f.for_meeting.as_ref()),
        Payload::MinutesDrafted(f) => begins(&f.document.name, Some("draft"), Some(&f.minutes_of)),
        Payload::MinutesAmended(_) => Becomes("amended"),
        Payload::MinutesApproved(_) => Becomes("approved"),
        // What the interest is may be private; whose it is stands in the entry.
        Payload::InterestDeclared(_) => begins("", None, noted.common.meeting.as_ref()),
        Payload::AuthorityDelegated(f) => begins(
            f.may_sign.first().map_or("", String::as_str),
            None,
            Some(&f.to),
        ),
        Payload::AuthorityWithdrawn(_) => Ends("withdrawn"),
        Payload::HoldPlaced(f) => begins(&f.title, Some("placed"), None),
        Payload::HoldLifted(_) => Ends("lifted"),
        _ => return None,
    })
}
