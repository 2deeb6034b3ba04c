//! The texts of an event that people read and look for.
//!
//! A text is searched where its field is named here, and not otherwise: ids, digests, keys, links
//! and the machine's form of a date are no texts. Dates and figures count as written. Nobody's name
//! is among these fields, since names stand in sealed parts.

use minutebook_events::{Event, Payload};
use serde::Serialize;

use super::reader::Reader;

/// The fields that are read, in order of the alphabet.
#[rustfmt::skip]
const TEXTS: &[&str] = &[
    "added", "appraisal", "area", "as_written", "asked_by", "attestation", "audience", "author",
    "baseline_state", "breakdown", "by", "cause", "changes", "comment", "conditions",
    "controls", "corrections", "covers", "data_source", "date_note", "depends_on", "dissent",
    "duration", "effect", "elapsed", "evaluator", "executive_sponsor", "exemption",
    "exemptions", "findings", "focus", "funder", "gaps", "given_by", "group", "intent",
    "interest", "kind", "kind_as_written", "legal_basis", "level", "manner", "may_sign",
    "measured_by", "must_include", "name", "narrative", "note", "operating_for", "outcome",
    "owner", "pace", "paragraphs", "partnership", "place", "post", "presented_to", "presenter",
    "purpose", "rated_by", "rating_note", "reason", "recommendation", "redactions", "reporter",
    "request", "resolution", "result", "retention_rule", "role", "short_name", "spoken_at",
    "state", "statement", "status", "statutory_reason", "summary", "target_basis", "text",
    "title", "unit", "value", "vision", "we_will", "you_said",
];

/// The fields that a title is made of, where they are the event's own and not a part's.
const TITLES: &[&str] = &[
    "interest",
    "may_sign",
    "name",
    "partnership",
    "role",
    "short_name",
    "title",
];

/// Gives each text of an event to `give`, and whether it may be part of its subject's title.
pub(super) fn each_text(event: &Event, give: &mut impl FnMut(&str, bool)) {
    let common = &event.common;
    let effective = common.effective.as_ref();
    let effective = effective.and_then(|period| period.as_written.as_deref());
    for text in [effective, common.reason.as_deref(), common.note.as_deref()] {
        text.into_iter().for_each(|text| give(text, false));
    }
    // An action is called by its text.
    let action = matches!(event.payload, Payload::ActionAssigned(_));
    let mut read = |field: &'static str, depth, text: &str| {
        if TEXTS.binary_search(&field).is_ok() {
            let titles = TITLES.contains(&field) || (action && field == "text");
            give(text, titles && depth == 1);
        }
    };
    let reader = &mut Reader::new(&mut read);
    macro_rules! each {
        ($($event:ident)*) => {
            match &event.payload { $(Payload::$event(fields) => fields.serialize(reader),)* }
        };
    }
    // Every payload is a struct, which the reader can always read.
    let _ = each! {
        LedgerOpened OrganisationRegistered OrganisationSucceeded BodyEstablished
        BodyTermsAmended BodyDissolved PersonEnrolled SigningKeyEnrolled SigningKeyRevoked
        RoleAppointed RoleEnded MembershipBroadened AuthorityDelegated AuthorityWithdrawn
        MeetingCalled MeetingCancelled AgendaPublished PaperLodged MeetingHeld
        InterestDeclared PublicExcluded MinutesDrafted MinutesAmended MinutesApproved
        DecisionForeseen DecisionMade DecisionSuperseded DecisionRescinded ActionAssigned
        ActionProgressReported ActionDueChanged ActionCompleted ActionClosed StrategyAdopted
        StrategyRefreshed AimSet ObjectiveSet ObjectiveWithdrawn MilestoneSet
        MilestoneSlipped MilestoneBroughtForward MilestoneDateRestated MilestoneCompleted
        MilestoneReopened MilestoneWithdrawn StatusReported MetricDefined BaselineAgreed
        TargetRevised MetricMeasured RiskRaised RiskRescored RiskClosed AssuranceRecorded
        SignOffRequested SignOffGiven SignOffDeclined SignOffWithdrawn SignOffCancelled
        SignOffAttested AgreementMade AgreementVaried PartyJoined PartyLeft AgreementEnded
        FundingApplied FundingAwarded FundingRefused EvaluationCommissioned
        EvaluationReported ConsultationOpened ConsultationResponded ConsultationClosed
        CorrectionRecorded ApprovalGiven Published Disclosed HoldPlaced HoldLifted
        ContentErased RecordDisposed DocumentImported
    };
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use minutebook_events::catalogue::example;
    use minutebook_events::{EventType, SubjectId};
    use serde_json::Value;

    use super::*;

    /// Texts that nobody looks for: machine forms, addresses, numbers of items, the words of an
    /// import.
    const LEFT: &[&str] = &[
        "channel",
        "contact",
        "derived",
        "document",
        "field",
        "inferred",
        "item",
        "items",
        "joined",
        "left",
        "link",
        "log_vkey",
        "media_type",
        "minute",
        "not_carried",
        "not_stated",
        "number",
        "origin",
        "precision",
        "record",
        "relative_to",
        "report",
        "scale",
        "section",
        "seed_file",
        "time",
        "witness_policy",
        "year_start",
        "x",
    ];

    #[test]
    fn the_fields_stand_in_order() {
        assert!(TEXTS.is_sorted());
        assert!(TITLES.iter().all(|field| TEXTS.contains(field)));
    }

    #[test]
    fn every_text_of_the_catalogue_is_read_or_left_on_purpose() {
        for event in EventType::ALL {
            let schema = event.schema();
            let mut unknown = Vec::new();
            free_texts("", &schema, &mut unknown);
            for (field, _) in schema["$defs"].as_object().into_iter().flatten() {
                free_texts("", &schema["$defs"][field], &mut unknown);
            }
            unknown.retain(|field| {
                !TEXTS.contains(&field.as_str()) && !LEFT.contains(&field.as_str())
            });
            assert_eq!(unknown, [""; 0], "{}", event.name());
        }
    }

    /// The fields of a schema that hold free text.
    fn free_texts(field: &str, schema: &Value, into: &mut Vec<String>) {
        let text = |kind: &Value| {
            kind == "string"
                || kind
                    .as_array()
                    .is_some_and(|kinds| kinds.contains(&"string".into()))
        };
        let bound = ["pattern", "format", "const", "enum"];
        if text(&schema["type"])
            && bound.iter().all(|bound| schema.get(bound).is_none())
            && !["", "type"].contains(&field)
        {
            into.push(field.to_owned());
        }
        if let Some(items) = schema.get("items") {
            free_texts(field, items, into);
        }
        for (name, inner) in schema["properties"].as_object().into_iter().flatten() {
            free_texts(name, inner, into);
        }
    }

    /// Whether it is an id or a digest, which some events have where others have a text.
    fn is_name(text: &str) -> bool {
        let hex = |b: u8| matches!(b, b'0'..=b'9' | b'a'..=b'f');
        (text.len() >= 16 && text.bytes().all(hex)) || text.parse::<SubjectId>().is_ok()
    }

    #[test]
    fn what_the_json_form_has_under_these_fields_is_read() {
        for event in EventType::ALL {
            let event = example(*event);
            let mut json = event.to_json();
            for field in ["capacity", "officers", "source", "subject"] {
                json.as_object_mut().unwrap().remove(field);
            }
            let (mut expected, mut read) = (Vec::new(), Vec::new());
            texts_of("", &json, &mut expected);
            each_text(&event, &mut |text, _| read.push(text.to_owned()));
            expected.sort();
            read.sort();
            assert_eq!(read, expected, "{}", event.event_type().name());
        }
    }

    fn texts_of(field: &str, json: &Value, into: &mut Vec<String>) {
        match json {
            Value::String(text) if TEXTS.contains(&field) && !is_name(text) => {
                into.push(text.clone());
            }
            Value::Array(items) => items.iter().for_each(|item| texts_of(field, item, into)),
            // The words of a figure are read, and not its decimal.
            Value::Object(fields) => fields
                .iter()
                .filter(|(field, _)| *field != "value" || !fields.contains_key("as_written"))
                .for_each(|(field, value)| texts_of(field, value, into)),
            _ => {}
        }
    }

    #[test]
    fn texts_and_nothing_else_are_read() {
        let read = |event| {
            let mut texts = Vec::new();
            each_text(&example(event), &mut |text, titles| {
                texts.push((text.to_owned(), titles))
            });
            texts
        };
        let all: Vec<_> = EventType::ALL
            .iter()
            .flat_map(|event| read(*event))
            .collect();
        for (text, _) in &all {
            assert!(
                !is_name(text) && !text.contains("://") && !text.starts_with("2025-"),
                "{text}"
            );
        }
        let appointed = read(EventType::RoleAppointed);
        assert!(appointed.contains(&("Chief Executive".into(), true)));
        assert!(appointed.contains(&("1 June 2025".into(), false)));
        let given = read(EventType::SignOffGiven);
        assert_eq!(given.len(), 2, "{given:?}");
    }
}
