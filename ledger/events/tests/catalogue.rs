//! What holds for every type of event, and what each refuses.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeSet;

use minutebook_events::catalogue::{EventType, example};
use minutebook_events::event::{COMMON_FIELDS, Common, Event};
use minutebook_events::{Capacity, Kind, Role, cbor};
use serde_json::{Value, json};

fn all() -> impl Iterator<Item = EventType> {
    EventType::ALL.iter().copied()
}

/// What is wrong with `json` by `schema`, for the parts of JSON Schema that ours use.
fn violation(schema: &Value, root: &Value, json: &Value, at: &str) -> Option<String> {
    let wrong = |what: &str| Some(format!("{at}: {what}: {json}"));
    if let Some(reference) = schema["$ref"].as_str() {
        let target = root.pointer(reference.strip_prefix('#').unwrap()).unwrap();
        return violation(target, root, json, at);
    }
    for branches in ["anyOf", "oneOf"] {
        if let Some(branches) = schema[branches].as_array()
            && !branches
                .iter()
                .any(|branch| violation(branch, root, json, at).is_none())
        {
            return wrong("fits no branch");
        }
    }
    if schema.get("const").is_some_and(|constant| constant != json) {
        return wrong("is not the constant");
    }
    if schema["enum"]
        .as_array()
        .is_some_and(|values| !values.contains(json))
    {
        return wrong("is not in the list");
    }
    let is = |name: &Value| match name.as_str().unwrap() {
        "string" => json.is_string(),
        "object" => json.is_object(),
        "array" => json.is_array(),
        "boolean" => json.is_boolean(),
        "integer" => json.is_i64() || json.is_u64(),
        "number" => json.is_number(),
        "null" => json.is_null(),
        other => panic!("{at}: unknown type {other}"),
    };
    match &schema["type"] {
        Value::String(_) if !is(&schema["type"]) => return wrong("has the wrong type"),
        Value::Array(types) if !types.iter().any(is) => return wrong("has the wrong type"),
        _ => {}
    }
    if let (Some(max), Some(text)) = (schema["maxLength"].as_u64(), json.as_str())
        && text.chars().count() as u64 > max
    {
        return wrong("is too long");
    }
    if let Some(items) = json.as_array()
        && schema.get("items").is_some()
    {
        return items
            .iter()
            .find_map(|item| violation(&schema["items"], root, item, at));
    }
    let (Some(fields), Some(properties)) = (json.as_object(), schema["properties"].as_object())
    else {
        return None;
    };
    for name in schema["required"].as_array().into_iter().flatten() {
        if !fields.contains_key(name.as_str().unwrap()) {
            return wrong(&format!("lacks {name}"));
        }
    }
    fields
        .iter()
        .find_map(|(name, value)| match properties.get(name) {
            Some(property) => violation(property, root, value, &format!("{at}.{name}")),
            None if schema["additionalProperties"] == false => {
                wrong(&format!("has unknown {name}"))
            }
            None => None,
        })
}

#[test]
fn names_are_unique_and_parse_back() {
    let names: BTreeSet<_> = all().map(EventType::name).collect();
    assert_eq!(names.len(), EventType::ALL.len());
    for event in all() {
        assert_eq!(EventType::parse(event.name()), Some(event));
        assert!(!event.authority().roles.is_empty());
    }
    assert_eq!(EventType::parse("DragonSlain"), None);
}

#[test]
fn every_example_survives_both_encodings() {
    for event in all() {
        let example = example(event);
        let bytes = example.encode().unwrap();
        let decoded = Event::decode(&bytes).unwrap();
        assert_eq!(decoded, example, "{}", event.name());
        assert_eq!(decoded.encode().unwrap(), bytes, "{}", event.name());
        assert_eq!(
            Event::from_json(example.to_json()).unwrap(),
            example,
            "{}",
            event.name()
        );
    }
}

#[test]
fn the_examples_file_has_each_type_once_in_the_catalogues_order() {
    let file: Vec<Value> =
        serde_json::from_str(include_str!("../src/catalogue/examples.json")).unwrap();
    let names: Vec<_> = file
        .iter()
        .map(|event| event["type"].as_str().unwrap())
        .collect();
    assert_eq!(names, all().map(EventType::name).collect::<Vec<_>>());
}

/// Any value that fits `schema`.
fn sample(schema: &Value, root: &Value) -> Value {
    if let Some(reference) = schema["$ref"].as_str() {
        if reference.ends_with("/Period") {
            return json!("25/26");
        }
        return sample(
            root.pointer(reference.strip_prefix('#').unwrap()).unwrap(),
            root,
        );
    }
    if let Some(branches) = schema["anyOf"].as_array().or(schema["oneOf"].as_array()) {
        return sample(&branches[0], root);
    }
    if let Some(constant) = schema.get("const") {
        return constant.clone();
    }
    if let Some(values) = schema["enum"].as_array() {
        return values[0].clone();
    }
    let types = schema["type"]
        .as_array()
        .map_or(&schema["type"], |types| &types[0]);
    match types.as_str().unwrap() {
        "string" => match schema["pattern"].as_str() {
            Some("^[0-9a-f]{16,64}$") => json!("0123456789abcdef"),
            Some("^[0-9a-f]{64}$") => json!("ab".repeat(32)),
            Some("^[0-9a-f]{128}$") => json!("ab".repeat(64)),
            Some(pattern) if pattern.starts_with("^(ledger|") => json!("body/sample"),
            Some(_) => json!("12"),
            None => json!("some words"),
        },
        "integer" => json!(3),
        "boolean" => json!(schema["default"] != true),
        "array" => json!([sample(&schema["items"], root)]),
        "object" => {
            let properties = schema["properties"].as_object().unwrap().iter();
            let dates = ["from", "to"];
            let fitting = properties.filter(|(name, _)| !dates.contains(&name.as_str()));
            fitting
                .map(|(name, field)| (name.clone(), sample(field, root)))
                .collect()
        }
        other => panic!("no sample of {other}"),
    }
}

#[test]
fn every_field_that_no_example_shows_reads_back_too() {
    for event in all() {
        let schema = event.schema();
        let example = example(event).to_json();
        for field in event.own_fields() {
            // A refusal gives nothing out, so it cannot stand beside the document of the example.
            let excluded = event == EventType::Disclosed && field == "refused";
            if example.get(&field).is_some() || excluded {
                continue;
            }
            let mut json = example.clone();
            json[&field] = sample(&schema["properties"][&field], &schema);
            assert_eq!(violation(&schema, &schema, &json, event.name()), None);
            let given = Event::from_json(json).unwrap_or_else(|error| panic!("{field}: {error}"));
            assert!(
                given.to_json().get(&field).is_some(),
                "{}.{field} is lost",
                event.name()
            );
            assert_eq!(Event::decode(&given.encode().unwrap()).unwrap(), given);
        }
    }
}

/// The BLAKE3 digests of the documents anywhere in a JSON value, known by their five fields.
fn documents_in(json: &Value, found: &mut Vec<String>) {
    const FIELDS: [&str; 5] = ["blake3", "media_type", "name", "sha256", "size"];
    match json {
        Value::Array(items) => items.iter().for_each(|item| documents_in(item, found)),
        Value::Object(fields) => {
            let mut names: Vec<&str> = fields.keys().map(String::as_str).collect();
            names.sort_unstable();
            if names == FIELDS {
                found.push(fields["blake3"].as_str().unwrap().into());
            }
            fields.values().for_each(|field| documents_in(field, found));
        }
        _ => {}
    }
}

#[test]
fn an_event_knows_every_document_that_it_names() {
    let mut naming = 0;
    for event in all() {
        let schema = event.schema();
        let example = example(event).to_json();
        // The example, and the example with each field that it lacks.
        let lacking = event.own_fields().into_iter().filter(|field| {
            let excluded = event == EventType::Disclosed && field == "refused";
            example.get(field).is_none() && !excluded
        });
        let with_each = lacking.map(|field| {
            let mut json = example.clone();
            json[&field] = sample(&schema["properties"][&field], &schema);
            json
        });
        for json in std::iter::once(example.clone()).chain(with_each) {
            let mut expected = Vec::new();
            documents_in(&json, &mut expected);
            let given = Event::from_json(json).unwrap();
            let documents = given.payload.documents().into_iter();
            let mut found: Vec<String> = documents.map(|named| named.blake3.to_string()).collect();
            expected.sort_unstable();
            found.sort_unstable();
            assert_eq!(found, expected, "{}", event.name());
            naming += expected.len();
        }
    }
    assert!(naming > 10, "the walk finds documents");
}

#[test]
fn schemas_describe_every_field_and_hold_for_the_example() {
    for event in all() {
        let schema = event.schema();
        assert_eq!(schema["title"], event.name());
        let described = schema["description"]
            .as_str()
            .is_some_and(|text| text.len() > 10);
        assert!(described, "{} has no description", event.name());
        let own = event.own_fields();
        for (name, field) in schema["properties"].as_object().unwrap() {
            let text = field["description"].as_str();
            let given = ["type", "v"].contains(&name.as_str()) || text.is_some_and(|t| t.len() > 3);
            assert!(given, "{}.{name} has no description", event.name());
        }
        for name in &own {
            assert!(
                !COMMON_FIELDS.contains(&name.as_str()),
                "{}.{name}",
                event.name()
            );
        }
        let json = example(event).to_json();
        assert_eq!(violation(&schema, &schema, &json, event.name()), None);
    }
}

#[test]
fn unknown_fields_are_refused_by_name_in_both_encodings() {
    for event in all() {
        let mut json = example(event).to_json();
        json["dragon"] = true.into();
        let schema = event.schema();
        assert!(violation(&schema, &schema, &json, "").is_some());
        let error = Event::from_json(json).unwrap_err().to_string();
        assert!(error.contains("dragon"), "{error}");

        let bytes = example(event).encode().unwrap();
        let ciborium::Value::Map(mut pairs) = cbor::decode(&bytes).unwrap() else {
            panic!()
        };
        pairs.push((
            ciborium::Value::Text("dragon".into()),
            ciborium::Value::Bool(true),
        ));
        let bytes = cbor::encode(&ciborium::Value::Map(pairs)).unwrap();
        let error = Event::decode(&bytes).unwrap_err().to_string();
        assert!(error.contains("dragon"), "{error}");
    }
}

#[test]
fn a_missing_required_field_is_named_in_both_encodings() {
    for event in all() {
        let schema = event.schema();
        for name in schema["required"].as_array().unwrap() {
            let name = name.as_str().unwrap();
            let mut json = example(event).to_json();
            json.as_object_mut().unwrap().remove(name);
            assert!(violation(&schema, &schema, &json, "").is_some());
            let error = Event::from_json(json).unwrap_err().to_string();
            assert!(error.contains(name), "{}.{name}: {error}", event.name());

            let bytes = example(event).encode().unwrap();
            let ciborium::Value::Map(mut pairs) = cbor::decode(&bytes).unwrap() else {
                panic!()
            };
            pairs.retain(|(key, _)| key.as_text() != Some(name));
            let bytes = cbor::encode(&ciborium::Value::Map(pairs)).unwrap();
            let error = Event::decode(&bytes).unwrap_err().to_string();
            assert!(error.contains(name), "{}.{name}: {error}", event.name());
        }
    }
}

#[test]
fn common_fields_are_those_of_common() {
    let common = Common::new(
        "ledger/x".parse().unwrap(),
        Capacity::ledger_wide(Role::Registrar),
    );
    let common = Common {
        imported: true,
        ..common
    };
    let json = serde_json::to_value(&common).unwrap();
    let names: BTreeSet<_> = json
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(names, BTreeSet::from(COMMON_FIELDS));
}

#[test]
fn every_kind_of_subject_has_an_event_about_it() {
    for kind in Kind::ALL {
        assert!(
            all().any(|event| event.about().contains(kind)),
            "{}",
            kind.name()
        );
    }
}

#[test]
fn authority_depends_on_the_fields_where_the_design_says_so() {
    let ask = |json: Value| Event::from_json(json).unwrap().authority();
    let mut appointed = example(EventType::RoleAppointed).to_json();
    assert!(!ask(appointed.clone()).second_person);
    appointed["role"] = "registrar".into();
    assert!(ask(appointed).second_person);

    let mut enrolled = example(EventType::SigningKeyEnrolled).to_json();
    assert_eq!(ask(enrolled.clone()).roles, [Role::Registrar]);
    enrolled["replaces"] = "ab".repeat(32).into();
    assert_eq!(ask(enrolled).roles, Role::ALL);

    assert!(example(EventType::ContentErased).authority().second_person);
    assert_eq!(
        example(EventType::MinutesApproved).authority().roles,
        [Role::Chair]
    );
}

/// An example with some fields set, or taken away by a null, and the message it is refused with.
fn refusal(event: EventType, changes: Value) -> String {
    let mut json = example(event).to_json();
    for (name, value) in changes.as_object().unwrap() {
        match value {
            Value::Null => drop(json.as_object_mut().unwrap().remove(name)),
            value => json[name] = value.clone(),
        }
    }
    match Event::from_json(json) {
        Ok(event) => panic!("let in: {event:?}"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn each_check_says_what_is_wrong() {
    use EventType::*;
    let ledger = example(LedgerOpened).to_json();
    let officer = ledger["officers"][0].clone();
    let mut no_registrar = ledger["officers"].clone();
    no_registrar[0]["roles"] = json!(["secretary"]);
    let mut receipt_twice = ledger["officers"].clone();
    receipt_twice[0]["key"] = ledger["receipt_key"].clone();
    let person = example(ContentErased).to_json()["approver"].clone();
    let cases = [
        (LedgerOpened, json!({"officers": []}), "officers"),
        (
            LedgerOpened,
            json!({"officers": [officer, officer]}),
            "stands twice",
        ),
        (LedgerOpened, json!({"officers": no_registrar}), "registrar"),
        (
            LedgerOpened,
            json!({"officers": receipt_twice}),
            "stands twice",
        ),
        (
            LedgerOpened,
            json!({"confidentiality": "restricted"}),
            "public",
        ),
        (LedgerOpened, json!({"freshness": 0}), "freshness"),
        (LedgerOpened, json!({"freshness": 86_401}), "freshness"),
        (
            LedgerOpened,
            json!({"origin": "board.example/other"}),
            "log_vkey",
        ),
        (LedgerOpened, json!({"log_vkey": "x"}), "log_vkey"),
        (LedgerOpened, json!({"year_start": "02-30"}), "year_start"),
        (LedgerOpened, json!({"subject": "body/x"}), "ledger/"),
        (BodyEstablished, json!({"quorum": {}}), "quorum"),
        (
            BodyEstablished,
            json!({"quorum": {"share": {"numerator": 4, "denominator": 3}}}),
            "4/3",
        ),
        (PersonEnrolled, json!({"sealed": null}), "sealed"),
        (PersonEnrolled, json!({"name": "Ada Example"}), "name"),
        (
            RoleAppointed,
            json!({"role": null, "title": null}),
            "role or a title",
        ),
        (
            RoleAppointed,
            json!({"subject": "post/chief-executive"}),
            "a post has no key",
        ),
        (SigningKeyRevoked, json!({"reason": null}), "reason"),
        (
            SigningKeyRevoked,
            json!({"reason": "  "}),
            "reason is empty",
        ),
        (
            PaperLodged,
            json!({"confidentiality": "part-2"}),
            "exemption",
        ),
        (PaperLodged, json!({"version": 0}), "from 1"),
        (InterestDeclared, json!({"interest": null}), "interest"),
        (InterestDeclared, json!({"item": null}), "item"),
        (MinutesApproved, json!({"meeting": null}), "meeting"),
        (DecisionMade, json!({"kind": null}), "kind"),
        (DecisionMade, json!({"manner": "consensus"}), "vote"),
        (DecisionMade, json!({"votes": null}), "votes"),
        (
            DecisionMade,
            json!({"manner": "delegated", "votes": null}),
            "authority",
        ),
        (
            DecisionSuperseded,
            json!({"superseded_by": "decision/plan-2526"}),
            "itself",
        ),
        (ActionDueChanged, json!({"reason": null}), "reason"),
        (MilestoneSlipped, json!({"reason": null}), "reason"),
        (MilestoneSlipped, json!({"agreed_by": null}), "agreed_by"),
        (MilestoneSlipped, json!({"standing": "reported"}), "agreed"),
        (MilestoneBroughtForward, json!({"reason": null}), "reason"),
        (
            StatusReported,
            json!({"rating": "Blue"}),
            "not on the scale",
        ),
        (
            StatusReported,
            json!({"rating": "Not stated"}),
            "not-stated",
        ),
        (
            StatusReported,
            json!({"kind": "year-end", "meeting": null}),
            "year-end",
        ),
        (StatusReported, json!({"report": "two words"}), "report"),
        (
            MetricDefined,
            json!({"target_kind": null, "change_basis": null}),
            "target_kind",
        ),
        (
            MetricDefined,
            json!({"target_kind": "zero", "change_basis": null}),
            "not zero",
        ),
        (
            MetricDefined,
            json!({"target_kind": "absolute"}),
            "change_basis",
        ),
        (
            RiskRaised,
            json!({"score": {"likelihood": 6, "impact": 1}}),
            "1 to 5",
        ),
        (SignOffRequested, json!({"needed": 4}), "needed is 4, of 3"),
        (SignOffRequested, json!({"needed": null}), "needed"),
        (SignOffRequested, json!({"rule": "all-named"}), "n-of-m"),
        (
            SignOffRequested,
            json!({"text": "00".repeat(32)}),
            "SHA-256",
        ),
        (SignOffDeclined, json!({"reason": null}), "reason"),
        (SignOffAttested, json!({"signed": 26}), "26"),
        (SignOffAttested, json!({"source": null}), "source"),
        (AgreementMade, json!({"parties": []}), "parties"),
        (Published, json!({"document": null}), "digest"),
        (Disclosed, json!({"refused": true}), "refusal"),
        (ContentErased, json!({"requester": person}), "two people"),
        (
            ContentErased,
            json!({"confidentiality": "restricted"}),
            "public",
        ),
        (DocumentImported, json!({"records_made": 8}), "add up"),
        (
            MilestoneSet,
            json!({"title": "x".repeat(1_001)}),
            "title is longer",
        ),
        (MilestoneSet, json!({"imported": true}), "source"),
    ];
    for (event, changes, expected) in cases {
        let message = refusal(event, changes.clone());
        assert!(
            message.contains(expected),
            "{} {changes}: {message}",
            event.name()
        );
    }
}

#[test]
fn a_blank_rating_is_a_value_of_its_own() {
    let mut json = example(EventType::StatusReported).to_json();
    for rating in ["not-stated", "not-rated"] {
        json["rating"] = rating.into();
        let event = Event::from_json(json.clone()).unwrap();
        assert_eq!(
            Event::decode(&event.encode().unwrap()).unwrap().to_json()["rating"],
            rating
        );
    }
}
