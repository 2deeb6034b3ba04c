//! What is private was taken in private, and public entries keep quiet about it.

use minutebook_events::{Confidentiality, Event};
use serde_json::{Value, json};

use crate::board::{
    CALLED, GROUP, MAY, board, called, document, established, excluded, held, made, with,
};
use crate::given::{ANNA, BEN, DAN, Given, say};

const D: &str = "decision/private";

fn part_2(mut event: Event) -> Event {
    event.common.confidentiality = Confidentiality::Part2;
    event
}

fn restricted(mut event: Event) -> Event {
    event.common.confidentiality = Confidentiality::Restricted;
    event
}

fn paper(fields: Value) -> Event {
    let plain = json!({"title": "Lease", "document": document('a'), "version": 1,
        "for_meeting": CALLED, "item": "9", "exemption": "FOIA s43"});
    say("PaperLodged", "paper/p", "secretary", with(plain, fields))
}

fn agenda(private: bool) -> Event {
    let items = json!([{"number": "7", "title": "Plan"},
        {"number": "9", "title": "Estates", "part_2": private}]);
    let fields = json!({"version": 1, "items": items});
    say("AgendaPublished", CALLED, "secretary", fields)
}

fn decision(id: &str, minute: Option<&str>) -> Event {
    let mut event = made(id, json!({"meeting": MAY}));
    event.common.minute = minute.map(str::to_owned);
    event
}

/// The group decided item 9 in private.
fn in_private() -> Given {
    board()
        .and(ANNA, excluded(MAY, "9"))
        .and(ANNA, part_2(decision(D, Some("9"))))
}

#[test]
fn what_is_minuted_in_private_was_taken_in_private() {
    let given = board();
    let refusal = given
        .when(ANNA, part_2(decision(D, Some("9"))))
        .refused("private-item");
    assert_eq!(
        refusal.instead.as_deref(),
        Some("record PublicExcluded for item 9 first, or record this as public")
    );
    given.when(ANNA, decision(D, Some("9"))).accepted();
    let given = given.and(ANNA, excluded(MAY, "9"));
    for private in [part_2, restricted] {
        given.when(ANNA, private(decision(D, Some("9")))).accepted();
        let refusal = given
            .when(ANNA, private(decision(D, Some("8"))))
            .refused("private-item");
        assert_eq!(refusal.entries, [given.size() - 1]);
        let refusal = given
            .when(ANNA, private(decision(D, None)))
            .refused("private-item");
        assert!(refusal.instead.unwrap().contains("in minute"));
        let action = |minute: &str| {
            let fields = json!({"text": "Sign.", "owner": "Chair", "meeting": MAY,
                "minute": minute});
            private(say("ActionAssigned", "action/a", "secretary", fields))
        };
        given.when(ANNA, action("9")).accepted();
        given.when(ANNA, action("8")).refused("private-item");
    }
}

#[test]
fn minutes_of_a_private_part_need_one() {
    let draft = || {
        let fields = json!({"minutes_of": MAY, "document": document('a'), "version": 1});
        part_2(say("MinutesDrafted", "minutes/m", "secretary", fields))
    };
    board().when(ANNA, draft()).refused("private-item");
    in_private().when(ANNA, draft()).accepted();
}

#[test]
fn a_private_paper_is_for_an_item_that_will_be_private() {
    let given = board();
    given.when(ANNA, paper(json!({}))).accepted();
    let refusal = given
        .when(ANNA, part_2(paper(json!({}))))
        .refused("private-paper");
    assert!(
        refusal
            .instead
            .unwrap()
            .contains("part_2 in AgendaPublished")
    );
    given
        .clone()
        .and(ANNA, agenda(false))
        .when(ANNA, part_2(paper(json!({}))))
        .refused("private-paper");
    let marked = given.clone().and(ANNA, agenda(true));
    marked.when(ANNA, part_2(paper(json!({})))).accepted();
    marked
        .when(ANNA, part_2(paper(json!({"item": "7"}))))
        .refused("private-paper");
    given
        .clone()
        .and(ANNA, excluded(CALLED, "9"))
        .when(ANNA, part_2(paper(json!({}))))
        .accepted();
    let planned = json!({"body": GROUP, "part_2": true});
    given
        .and(ANNA, called("meeting/planned", planned))
        .when(
            ANNA,
            part_2(paper(json!({"for_meeting": "meeting/planned"}))),
        )
        .accepted();
}

#[test]
fn a_restricted_paper_names_its_exemption() {
    let given = board().and(ANNA, agenda(true));
    let mut event = restricted(paper(json!({})));
    given.when(ANNA, event.clone()).accepted();
    if let minutebook_events::Payload::PaperLodged(fields) = &mut event.payload {
        std::sync::Arc::make_mut(fields).exemption = None;
    }
    let refusal = given.when(ANNA, event).refused("private-paper");
    assert!(refusal.message.contains("exemption"));
}

#[test]
fn a_body_that_meets_in_private_has_nobody_to_exclude() {
    for (public, may) in [
        (json!({"public": false}), true),
        (json!({"public": true}), false),
    ] {
        let given = board()
            .and(ANNA, established("body/remuneration", public))
            .and(
                ANNA,
                called("meeting/r", json!({"body": "body/remuneration"})),
            )
            .and(ANNA, held("meeting/r", json!({"quorate": true})));
        let then = given.when(ANNA, part_2(made(D, json!({"meeting": "meeting/r"}))));
        if may {
            then.accepted();
        } else {
            then.refused("private-item");
        }
    }
}

#[test]
fn what_people_declare_of_themselves_may_be_private() {
    let event = crate::board::interest(MAY, BEN, "left");
    board().when(ANNA, restricted(event)).accepted();
}

#[test]
fn a_public_entry_is_not_about_what_is_private() {
    let given = in_private();
    let status = || {
        say(
            "StatusReported",
            D,
            "secretary",
            json!({"report": "r", "narrative": "N"}),
        )
    };
    let refusal = given.when(ANNA, status()).refused("private-subject");
    assert_eq!(refusal.entries, [given.size() - 1]);
    assert_eq!(
        refusal.message,
        "decision/private began as part-2, and a public entry that speaks of it would tell more \
         people that it exists"
    );
    assert!(refusal.instead.unwrap().starts_with("record it as part-2"));
    given.when(ANNA, part_2(status())).accepted();
    given.when(ANNA, restricted(status())).accepted();
    // Part 2 keeps quiet about what is restricted.
    let foreseen = || {
        say(
            "DecisionForeseen",
            "decision/f",
            "secretary",
            json!({"title": "T"}),
        )
    };
    let given = given.and(ANNA, restricted(foreseen()));
    let fields = json!({"report": "r", "narrative": "N"});
    let about = |level: fn(Event) -> Event| {
        level(say(
            "StatusReported",
            "decision/f",
            "secretary",
            fields.clone(),
        ))
    };
    given.when(ANNA, about(part_2)).refused("private-subject");
    given.when(ANNA, about(restricted)).accepted();
    // What began in public stays in public.
    let given = given.and(ANNA, decision("decision/open", Some("7")));
    let open = |level: fn(Event) -> Event| {
        level(say(
            "StatusReported",
            "decision/open",
            "secretary",
            fields.clone(),
        ))
    };
    given
        .and(ANNA, open(part_2))
        .when(ANNA, open(|event| event))
        .accepted();
}

#[test]
fn nor_does_it_name_it_in_a_field() {
    let private_meeting = part_2(called("meeting/secret", json!({"body": GROUP})));
    let given = in_private().and(ANNA, private_meeting);
    let milestone = |fields: Value| {
        let fields = with(json!({"title": "Crisis line"}), fields);
        say("MilestoneSet", "milestone/m", "secretary", fields)
    };
    given.when(ANNA, milestone(json!({}))).accepted();
    given
        .when(ANNA, milestone(json!({"meeting": "meeting/secret"})))
        .refused("private-subject");
    let action = |level: fn(Event) -> Event| {
        let fields = json!({"text": "Sign.", "owner": "Chair", "decision": D});
        level(say("ActionAssigned", "action/a", "secretary", fields))
    };
    given
        .when(ANNA, action(|event| event))
        .refused("private-subject");
    given.when(ANNA, action(part_2)).accepted();
    // An agenda names papers: those that are private stay off the public one.
    let given = given
        .and(ANNA, agenda(true))
        .and(ANNA, part_2(paper(json!({}))));
    let items = json!([{"number": "9", "title": "Estates", "papers": ["paper/p"]}]);
    let fields = json!({"version": 2, "items": items});
    let agenda = say("AgendaPublished", CALLED, "secretary", fields);
    given.when(ANNA, agenda.clone()).refused("private-subject");
    given.when(ANNA, part_2(agenda)).accepted();
    // A body of which only private entries speak is not acted for in public.
    let given = given.and(ANNA, part_2(established("body/secret", json!({}))));
    let mut event = milestone(json!({}));
    event.common.capacity.of = Some(crate::given::id("body/secret"));
    given.when(ANNA, event).refused("private-subject");
}

#[test]
fn entries_and_people_are_known_to_everyone() {
    let given = in_private();
    let entry = given.size() - 1;
    let approval = json!({"digest": "11".repeat(32)});
    let approval = say(
        "ApprovalGiven",
        &format!("record/{entry}"),
        "registrar",
        approval,
    );
    let given = given
        .and(ANNA, part_2(approval.clone()))
        .and(ANNA, approval);
    let enrolled = json!({"sealed": ["11".repeat(32)]});
    let enrolled = say("PersonEnrolled", &DAN.subject(), "registrar", enrolled);
    given
        .and(ANNA, restricted(enrolled))
        .when(ANNA, crate::given::appointment(DAN, "member", None))
        .accepted();
}

#[test]
fn imported_history_may_say_what_its_document_said() {
    let mut event = say(
        "StatusReported",
        D,
        "secretary",
        json!({"report": "r", "narrative": "N"}),
    );
    let given = in_private();
    given.when(ANNA, event.clone()).refused("private-subject");
    event.common.imported = true;
    event.common.source = Some(minutebook_events::Source {
        document: "A published report".into(),
        section: None,
        record: None,
    });
    given.when(ANNA, event).accepted();
}

fn published(subject: &str, decision: Option<&str>) -> Event {
    let mut fields = json!({"document": document('b'), "channel": "https://board.example/d"});
    if let Some(decision) = decision {
        fields["decision"] = decision.into();
    }
    say("Published", subject, "secretary", fields)
}

#[test]
fn what_began_in_private_is_published_by_a_decision() {
    let given = in_private().and(ANNA, decision("decision/open", Some("7")));
    given
        .when(ANNA, published("decision/open", None))
        .accepted();
    for level in [|event| event, part_2 as fn(Event) -> Event] {
        let refusal = given
            .when(ANNA, level(published(D, None)))
            .refused("published-by-decision");
        assert!(refusal.instead.unwrap().contains("once it is made"));
        given
            .when(ANNA, level(published(D, Some("decision/open"))))
            .accepted();
    }
    let foreseen = say(
        "DecisionForeseen",
        "decision/f",
        "secretary",
        json!({"title": "T"}),
    );
    let given = given.and(ANNA, foreseen);
    let refusal = given
        .when(ANNA, published(D, Some("decision/f")))
        .refused("published-by-decision");
    assert_eq!(refusal.entries, [given.size() - 1]);
    assert!(refusal.message.contains("is foreseen"));
    // One that does not stand any more releases nothing.
    let rescinded = json!({"reason": "R", "meeting": MAY, "minute": "7"});
    given
        .clone()
        .and(
            ANNA,
            say("DecisionRescinded", "decision/open", "secretary", rescinded),
        )
        .when(ANNA, published(D, Some("decision/open")))
        .refused("published-by-decision");
    // It is the one public entry about it, and the decision that releases it is no secret.
    let given = given.and(ANNA, published(D, Some("decision/open")));
    let status = say(
        "StatusReported",
        D,
        "secretary",
        json!({"report": "r", "narrative": "N"}),
    );
    given.when(ANNA, status).refused("private-subject");
    given
        .when(ANNA, published(D, Some(D)))
        .refused("private-subject");
    given
        .when(ANNA, published(D, Some("decision/open")))
        .accepted();
}

#[test]
fn so_is_an_entry_that_is_private() {
    let given = in_private().and(ANNA, decision("decision/open", Some("7")));
    let entry = |back: u64| format!("record/{}", given.size() - back);
    given.when(ANNA, published(&entry(1), None)).accepted();
    given
        .when(ANNA, published(&entry(2), None))
        .refused("published-by-decision");
    given
        .when(ANNA, published(&entry(2), Some("decision/open")))
        .accepted();
}

#[test]
fn what_is_private_is_given_out_in_private() {
    let disclosed = || {
        let fields = json!({"request": "FOI 2025-017", "document": document('b')});
        say("Disclosed", D, "secretary", fields)
    };
    let given = in_private();
    given.when(ANNA, disclosed()).refused("private-subject");
    given.when(ANNA, part_2(disclosed())).accepted();
}
