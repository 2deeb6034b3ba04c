//! An event in plain words, for a person who reads the record.

use minutebook_events::catalogue::Payload;
use minutebook_events::period::{Change, compare};
use minutebook_events::{Event, EventType, Period, SubjectId};
use serde_json::Value;

/// The type of an event as words: `Milestone brought forward`.
pub fn title(event: EventType) -> String {
    let name = event
        .name()
        .replace("SignOff", "Sign-off")
        .replace("ChairsAction", "Chair's action");
    let mut words = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !words.is_empty() {
            words.push(' ');
            words.extend(c.to_lowercase());
        } else {
            words.push(c);
        }
    }
    words
}

/// An event in one sentence, without a full stop. What it names stands there by its id.
pub fn sentence(event: &Event) -> String {
    sentence_with(event, &SubjectId::to_string)
}

/// As [`sentence`], with what it names as `called` calls it.
pub fn sentence_with(event: &Event, called: &dyn Fn(&SubjectId) -> String) -> String {
    let lead = title(event.event_type());
    let lead = match beside(event) {
        Some((word, id)) => format!("{lead} {word} {}", called(id)),
        None => lead,
    };
    match own(event, called).or_else(|| telling(&event.to_json())) {
        Some(text) => format!("{lead}: {text}"),
        None => lead,
    }
}

/// What stands beside the event: by what something was done, or for whom.
fn beside(event: &Event) -> Option<(&'static str, &SubjectId)> {
    match &event.payload {
        Payload::DecisionSuperseded(f) => Some(("by", &f.superseded_by)),
        Payload::DecisionRescinded(f) => Some(("by", f.decision.as_ref()?)),
        Payload::SignOffGiven(_) | Payload::SignOffDeclined(_) | Payload::SignOffWithdrawn(_) => {
            Some(("for", event.common.capacity.of.as_ref()?))
        }
        _ => None,
    }
}

/// What the fields of this type say in words of their own; `None` where a title or a reason says it.
fn own(event: &Event, called: &dyn Fn(&SubjectId) -> String) -> Option<String> {
    Some(match &event.payload {
        Payload::MilestoneSlipped(f) => change(&f.from, &f.to),
        Payload::MilestoneBroughtForward(f) => change(&f.from, &f.to),
        Payload::MilestoneDateRestated(f) => change(&f.from, &f.to),
        Payload::MilestoneReopened(f) => format!("due {}", f.due.as_ref()?),
        Payload::MilestoneCompleted(f) => shortened(f.result.as_ref()?, LONGEST),
        Payload::ActionAssigned(f) => shortened(&f.text, LONGEST),
        Payload::ActionDueChanged(f) => match &f.from {
            Some(from) => change(from, &f.to),
            None => format!("due {}", f.to),
        },
        Payload::ActionCompleted(f) => shortened(f.result.as_ref()?, LONGEST),
        Payload::ActionClosed(f) => shortened(f.outcome.as_ref()?, LONGEST),
        Payload::DecisionSuperseded(f) => shortened(f.changes.as_ref()?, LONGEST),
        Payload::SignOffGiven(f) => shortened(f.comment.as_ref()?, LONGEST),
        Payload::MinutesDrafted(f) => format!("version {}", f.version),
        Payload::MinutesAmended(f) => match f.version {
            Some(version) => format!("{} (version {version})", shortened(&f.changes, LONGEST)),
            None => shortened(&f.changes, LONGEST),
        },
        Payload::MinutesApproved(f) => {
            let text = f.text.to_string();
            format!("the text with the SHA-256 {}…", text.get(..16)?)
        }
        Payload::PublicExcluded(f) => {
            let word = if f.items.len() == 1 { "item" } else { "items" };
            format!("for {word} {}", f.items.join(", "))
        }
        Payload::PartyJoined(f) => called(&f.party),
        Payload::PartyLeft(f) => called(&f.party),
        Payload::CorrectionRecorded(f) => {
            let field = f.field.replace('_', " ");
            match &f.value {
                Some(value) => {
                    let value = shortened(value, LONGEST);
                    format!("{field} of entry {} is {value}", f.entry)
                }
                None => format!("{field} of entry {} should be left out", f.entry),
            }
        }
        Payload::LedgerOpened(f) => format!("{} ({})", f.partnership, f.origin),
        Payload::SigningKeyEnrolled(f) => f.key.kid().short(),
        Payload::RoleAppointed(f) => {
            let role = f.role.map(|role| role.name().to_owned());
            let role = role.or(f.title.clone()).unwrap_or_default();
            match &f.of {
                Some(of) => format!("{role} of {}", called(of)),
                None => role,
            }
        }
        _ => return None,
    })
}

/// How many characters of a text stand in a sentence.
const LONGEST: usize = 200;

/// The field that says most: a title, a name, or the text itself.
fn telling(json: &Value) -> Option<String> {
    [
        "title",
        "name",
        "narrative",
        "note",
        "legal_basis",
        "reason",
    ]
    .iter()
    .find_map(|field| json[field].as_str())
    .map(|text| shortened(text, LONGEST))
}

/// Text cut at a word, with an ellipsis where something is left out.
pub fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let cut: String = text.chars().take(most).collect();
    let whole = cut
        .rsplit_once(' ')
        .map_or(cut.as_str(), |(whole, _)| whole);
    format!("{whole} …")
}

/// A change of date with its measure: `2024/25 → 25/26 (slipped one year)`.
pub fn change(from: &Period, to: &Period) -> String {
    let how = match compare(from, to) {
        Change::Slipped(shift) => format!(" (slipped {})", shift.whole),
        Change::BroughtForward(shift) => format!(" (brought forward {})", shift.whole),
        _ => String::new(),
    };
    format!("{from} → {to}{how}")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use minutebook_events::catalogue::example;

    #[test]
    fn types_read_as_words() {
        assert_eq!(
            title(EventType::MilestoneBroughtForward),
            "Milestone brought forward"
        );
        assert_eq!(title(EventType::SignOffGiven), "Sign-off given");
    }

    #[test]
    fn a_slip_says_from_when_to_when_and_how_far() {
        let period = |words: &str| Period::parse(words).unwrap();
        assert_eq!(
            change(&period("2024/25"), &period("25/26")),
            "2024/25 → 25/26 (slipped one year)"
        );
    }

    #[test]
    fn every_event_can_be_told() {
        for event in EventType::ALL {
            let sentence = sentence(&example(*event));
            assert!(!sentence.contains(['{', '\n']), "{sentence}");
        }
    }

    #[test]
    fn what_took_the_place_of_a_decision_is_named() {
        let event = example(EventType::DecisionSuperseded);
        let Payload::DecisionSuperseded(fields) = &event.payload else {
            unreachable!("the example of a type is of that type");
        };
        let by = fields.superseded_by.to_string();
        assert!(sentence(&event).starts_with(&format!("Decision superseded by {by}")));
        let called = sentence_with(&event, &|id| format!("Another ({id})"));
        assert!(called.starts_with(&format!("Decision superseded by Another ({by})")));
    }

    #[test]
    fn long_text_is_cut_at_a_word() {
        assert_eq!(shortened("one two three", 9), "one two …");
        assert_eq!(shortened("one", 9), "one");
    }
}
