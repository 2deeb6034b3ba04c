//! What the views answer.

use minutebook_events::catalogue::{EventType, Rating};
use minutebook_events::{Content, Digest, Judge, Kind, Role};
use minutebook_projections::Views;
use minutebook_projections::table::Moment;
use serde_json::json;

use crate::given::{ANNA, BEN, CARA, DAN, Given, enrolment, id, say};

fn planned() -> Given {
    let strategy = say(
        "StrategyAdopted",
        "strategy/s",
        "secretary",
        json!({"title": "Strategy"}),
    );
    let aim = |name: &str, fields: serde_json::Value| {
        let mut all = json!({"title": name, "level": "aim", "strategy": "strategy/s"});
        all.as_object_mut()
            .unwrap()
            .extend(fields.as_object().unwrap().clone());
        say("AimSet", &format!("aim/{name}"), "secretary", all)
    };
    let milestone =
        json!({"title": "Crisis line", "parent": "aim/z", "due": "24/25", "level": "deliverable"});
    Given::opened()
        .and(ANNA, strategy)
        .and(ANNA, aim("z", json!({})))
        .and(ANNA, aim("a", json!({})))
        .and(
            ANNA,
            say("MilestoneSet", "milestone/m", "secretary", milestone),
        )
        .and(ANNA, aim("sub", json!({"parent": "aim/z"})))
        .milestone("milestone/alone", None)
}

#[test]
fn the_plan_is_walked_in_order_of_record() {
    let given = planned();
    let walk: Vec<_> = given
        .views
        .plan
        .walk(Moment::NOW)
        .map(|step| (step.depth, step.id.to_string()))
        .collect();
    let expected = [
        (0, "strategy/s"),
        (1, "aim/z"),
        (2, "milestone/m"),
        (2, "aim/sub"),
        (1, "aim/a"),
        (0, "milestone/alone"),
    ];
    assert_eq!(walk, expected.map(|(depth, id)| (depth, id.to_owned())));
    let under = id("aim/z");
    assert_eq!(given.views.plan.walk_from(&under, Moment::NOW).count(), 3);
    assert_eq!(given.views.plan.children(&under, Moment::NOW).count(), 2);
    assert_eq!(given.views.plan.roots(Moment::NOW).count(), 2);
    let node = given.views.plan.get(&id("milestone/m")).unwrap();
    assert_eq!(
        (&*node.title, node.level.as_deref()),
        ("Crisis line", Some("deliverable"))
    );
}

#[test]
fn counts_histories_and_reports() {
    let slip =
        json!({"from": "24/25", "to": "25/26", "standing": "reported", "reason": "Capacity."});
    let status = |rating: &str| {
        let fields = json!({"report": "st", "narrative": "On course.", "rating": rating,
            "scale": ["Red", "Amber", "Green"]});
        say("StatusReported", "milestone/m", "secretary", fields)
    };
    let given = planned()
        .and(
            ANNA,
            say("MilestoneSlipped", "milestone/m", "secretary", slip),
        )
        .and(CARA, status("Amber"))
        .and(CARA, status("not-stated"));
    let views = &given.views;
    let summary = views.summary();
    assert_eq!(
        (summary.entries, summary.milestones, summary.slipped),
        (10, 2, 1)
    );
    assert_eq!((summary.brought_forward, summary.sign_offs), (0, 0));
    assert_eq!(
        views.history(&id("milestone/m")).collect::<Vec<_>>(),
        [4, 7, 8, 9]
    );
    assert_eq!(views.history(&id("milestone/none")).count(), 0);
    assert_eq!(views.records.count(EventType::AimSet), 3);
    let reports = views.status.get(&id("milestone/m")).unwrap();
    assert_eq!(reports.rating, Some(Rating::NotStated));
    assert_eq!(
        views
            .status
            .versions(&id("milestone/m"), Moment::NOW)
            .map(|(tick, _)| tick)
            .collect::<Vec<_>>(),
        [9, 8]
    );
    let milestones: Vec<_> = views
        .subjects
        .of_kind(Kind::Milestone)
        .map(|(id, _)| id.name())
        .collect();
    assert_eq!(milestones, ["alone", "m"]);
}

#[test]
fn people_their_keys_and_officers() {
    let given = Given::opened().organisation("organisation/t").person(
        DAN,
        "signatory",
        Some("organisation/t"),
    );
    let views = &given.views;
    let dan = views.people.get(&DAN.id()).unwrap();
    assert_eq!(dan.keys, [DAN.key().kid().into()]);
    assert_eq!(
        views.keyring.person_of(&DAN.key().kid()).unwrap().as_str(),
        DAN.id().as_str()
    );
    assert_eq!(views.key(&DAN.key().kid()), Some(DAN.key()));
    assert_eq!(views.key(&DAN.with_key(9).key().kid()), None);
    let key = views.key_of(&DAN.key().kid()).unwrap();
    assert!(!key.usable_at(key.enrolled_at) && key.usable_at(key.enrolled_at + 1));
    let t = id("organisation/t");
    assert!(views.people.holds(&DAN.id(), Role::Signatory, Some(&t)));
    assert!(!views.people.holds(&DAN.id(), Role::Signatory, None));
    assert_eq!(views.people.officers().count(), 4);
    assert_eq!(views.people.registrars().count(), 2);
    assert_eq!(
        views.organisations.get(&t).unwrap().name(),
        Some("North Mental Health Trust")
    );
}

#[test]
fn a_key_is_learned_from_the_statement_when_the_content_is_gone() {
    let given = Given::opened()
        .enrolled(DAN)
        .and(ANNA, enrolment(DAN, "registrar", None));
    for gone in [Content::Withheld, Content::Erased] {
        let mut views = Views::default();
        for (index, entry) in given.entries.iter().enumerate() {
            let mut entry = entry.clone().into_content();
            if index == 2 {
                entry.body = gone.clone();
            }
            views.apply(&entry);
        }
        assert_eq!(views.key(&DAN.key().kid()), Some(DAN.key()));
        assert_eq!(views.keyring.person_of(&DAN.key().kid()), None);
        assert!(!views.records.gaps().is_empty());
        // Nobody signs with a key whose owner is not known.
        let entry = given.signed(
            DAN,
            say(
                "StrategyAdopted",
                "strategy/s",
                "secretary",
                json!({"title": "S"}),
            ),
        );
        assert_eq!(views.admit(&entry).unwrap_err().rule, "known-key");
        // What the record took in shows whose it is.
        views.apply(&entry.into_content());
        assert!(views.keyring.person_of(&DAN.key().kid()).is_some());
    }
}

#[test]
fn corrections_imports_and_erasures_are_found() {
    let mut event = say(
        "AimSet",
        "aim/a",
        "secretary",
        json!({"title": "A", "level": "aim"}),
    );
    event.common.imported = true;
    event.common.source =
        serde_json::from_value(json!({"document": "Strategy", "record": "s/a"})).unwrap();
    let correction = json!({"entry": 1, "field": "title", "value": "B", "reason": "Misread."});
    let given = Given::opened()
        .and(ANNA, event)
        .and(
            ANNA,
            say("CorrectionRecorded", "aim/a", "secretary", correction),
        )
        .and(
            BEN,
            say(
                "ApprovalGiven",
                "record/1",
                "registrar",
                json!({"digest": "11".repeat(32)}),
            ),
        );
    let records = &given.views.records;
    assert_eq!(records.imported("Strategy", "s/a").len(), 1);
    assert!(records.imported("Strategy", "s/b").is_empty());
    assert_eq!(records.sources().collect::<Vec<_>>(), [("Strategy", 1)]);
    assert_eq!(records.corrections(1), [2]);
    assert_eq!(records.erasures(), 0);
}

#[test]
fn what_is_erased_is_told_by_the_entry_that_it_is_of() {
    let given = Given::opened();
    let mut views = given.views.clone();
    assert_eq!((views.erasing_entries(), views.erasures()), (0, Vec::new()));
    let digest = |n: u8| Digest([n; 32]);
    let two_people = json!({"requester": BEN.id().to_string(), "approver": ANNA.id().to_string()});
    let mut apply = |kind: &str, entry: u64, fields: serde_json::Value| {
        let mut all = two_people.clone();
        let fields = fields.as_object().unwrap().clone();
        all.as_object_mut().unwrap().extend(fields);
        let event = say(kind, &format!("record/{entry}"), "records-officer", all);
        let mut recorded = given.signed(BEN, event).into_content();
        recorded.position = views.records.size();
        views.apply(&recorded);
    };
    let erased = |n| json!({"digest": digest(n), "legal_basis": "UK GDPR Art 17(1)(d)"});
    apply("ContentErased", 7, erased(1));
    // The same digest, said of another entry: which of the two has it, the views need not know.
    apply("ContentErased", 8, erased(1));
    apply(
        "RecordDisposed",
        7,
        json!({"digests": [digest(2), digest(3)], "retention_rule": "six years",
            "appraisal": "no lasting value", "decision": "decision/d"}),
    );
    assert_eq!(views.erasing_entries(), 3);
    let loaded = Views::load(views.save().into()).unwrap();
    for views in [views, loaded] {
        let mut told = views.erasures();
        told.sort_unstable();
        let expected = [
            (7, digest(1)),
            (7, digest(2)),
            (7, digest(3)),
            (8, digest(1)),
        ];
        assert_eq!(told, expected);
    }
}
