//! An event in plain words, for a person who reads the record.

use minutebook_events::catalogue::Payload;
use minutebook_events::period::{Change, compare};
use minutebook_events::{Event, EventType, Period};
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

/// An event in one sentence, without a full stop.
pub fn sentence(event: &Event) -> String {
    let lead = title(event.event_type());
    match &event.payload {
        Payload::MilestoneSlipped(f) => format!("{lead}: {}", change(&f.from, &f.to)),
        Payload::MilestoneBroughtForward(f) => format!("{lead}: {}", change(&f.from, &f.to)),
        Payload::MilestoneDateRestated(f) => format!("{lead}: {}", change(&f.from, &f.to)),
        Payload::LedgerOpened(f) => format!("{lead}: {} ({})", f.partnership, f.origin),
        Payload::SigningKeyEnrolled(f) => format!("{lead}: {}", f.key.kid().short()),
        Payload::RoleAppointed(f) => {
            let role = f
                .role
                .map(|role| role.name().to_owned())
                .or(f.title.clone());
            let of =
                f.of.as_ref()
                    .map(|of| format!(" of {of}"))
                    .unwrap_or_default();
            format!("{lead}: {}{of}", role.unwrap_or_default())
        }
        _ => match telling(&event.to_json()) {
            Some(text) => format!("{lead}: {text}"),
            None => lead,
        },
    }
}

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
    .map(|text| shortened(text, 200))
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
    fn long_text_is_cut_at_a_word() {
        assert_eq!(shortened("one two three", 9), "one two …");
        assert_eq!(shortened("one", 9), "one");
    }
}
