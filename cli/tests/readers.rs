//! Who may read what, and what the registers say of what is recorded here and not imported.

#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::Desk;
use common::registers::{REGISTERS, row, rows, words};

#[test]
fn what_is_private_shows_nowhere_to_the_public() {
    let desk = Desk::with_ledger();
    desk.good("record BodyEstablished --subject body/board --name Board --capacity registrar --key ada.pem");
    let private = "--confidentiality part-2 --key ada.pem";
    for line in [
        "record DecisionForeseen --subject decision/hush --title Hushmerger --body body/board \
         --capacity secretary",
        "record ActionAssigned --subject action/hush --text Hushtask --owner Hushowner \
         --body body/board --due 2024/25 --capacity secretary",
        "record BodyEstablished --subject body/hush --name Hushbody --capacity registrar",
        "record RiskRaised --subject risk/hush --title Hushrisk --capacity secretary",
        "record MeetingCalled --subject meeting/hush --title Hushmeeting --body body/board \
         --capacity secretary",
    ] {
        desk.good(&format!("{line} {private}"));
    }
    desk.good(
        "record MilestoneSet --subject milestone/hush --title Hushmilestone --due 2024/25 \
         --confidentiality part-2 --key jo.pem",
    );
    // The slip of a public milestone that only some may know of.
    desk.good(
        "record MilestoneSlipped --subject milestone/worker --to 25/26 --standing reported \
         --reason Hushreason --confidentiality part-2 --key jo.pem",
    );

    let mut questions: Vec<String> = REGISTERS.iter().map(ToString::to_string).collect();
    questions.extend(["status", "history milestone/worker"].map(str::to_owned));
    questions.push("milestones milestone/worker".to_owned());
    questions.push("bodies body/board".to_owned());
    for line in &questions {
        for form in ["text", "md", "csv", "json", "html"] {
            let said = desk.good(&format!("{line} --format {form}"));
            for text in [&said.out, &said.err] {
                let found = text.to_lowercase().contains("hush");
                assert!(!found, "{line} --format {form}:\n{text}");
            }
        }
    }
    let status = desk.json("status");
    let counts = &status["data"]["counts"];
    assert_eq!(
        (&counts["milestones"], &counts["slipped"]),
        (&1.into(), &0.into())
    );

    // What is private is answered as what does not exist, and named nowhere beside it.
    for line in [
        "decisions decision/",
        "actions action/",
        "bodies body/",
        "risks risk/",
        "meetings meeting/",
        "milestones milestone/",
        "history decision/",
        "history action/",
        "history milestone/",
        "status milestone/",
        "decisions --body body/",
        "actions --under milestone/",
    ] {
        let private = desk.run(&format!("{line}hush"));
        let nothing = desk.run(&format!("{line}none"));
        assert_eq!(
            (private.code, nothing.code),
            (1, 1),
            "{line}: {}",
            private.err
        );
        assert_eq!(private.out, nothing.out);
        let plain = private.err.replace("/hush", "/none");
        assert_eq!(plain, nothing.err, "{line}");
    }

    // Those who may read it see it.
    let reader = "--reader part2";
    for (line, words) in [
        ("decisions", "Hushmerger"),
        ("actions --overdue", "Hushtask"),
        ("milestones milestone/worker", "Hushreason"),
        ("history decision/hush", "Hushmerger"),
        ("status", "Hushmilestone"),
        ("bodies body/board", "Hushmeeting"),
    ] {
        let said = desk.good(&format!("{line} {reader}"));
        assert!(said.out.contains(words), "{line}: {}", said.out);
    }
}

#[test]
fn actions_keep_every_due_date_and_sign_offs_say_who_is_missing() {
    let desk = Desk::with_ledger();
    for line in [
        "record OrganisationRegistered --subject organisation/a --name Alpha --named true \
         --capacity registrar --key ada.pem",
        "record OrganisationRegistered --subject organisation/b --name Beta --named true \
         --capacity registrar --key ada.pem",
        "record ActionAssigned --subject action/one --text Write --owner Director --due 2024/25 \
         --capacity secretary --key ada.pem",
        "record ActionDueChanged --subject action/one --to 25/26 --reason holidays \
         --capacity secretary --key ada.pem",
        "record ActionDueChanged --subject action/one --to 26/27 --reason again \
         --capacity secretary --key ada.pem",
    ] {
        desk.good(line);
    }
    let action = row(&desk, "actions", "action/one");
    assert_eq!(action["due"]["first"]["as_written"], "2024/25");
    assert_eq!(
        words(&action["due"]["later"], "/to/as_written"),
        ["25/26", "26/27"]
    );
    assert_eq!(action["due"]["moved"], "slipped two years");
    let text = desk.good("actions").out;
    assert!(text.contains("2024/25 → 25/26"), "{text}");

    let digest = minutebook_events::Digest::of(b"the text").to_string();
    desk.good(&format!(
        "record SignOffRequested --subject sign-off/deal --title Deal --text {digest} \
         --rule each-organisation-once --signatories organisation=organisation/a \
         --signatories organisation=organisation/b --deadline 2024/25 \
         --capacity secretary --key ada.pem"
    ));
    let found = row(&desk, "sign-offs --overdue", "sign-off/deal");
    assert_eq!((&found["signed"], &found["needed"]), (&0.into(), &2.into()));
    assert_eq!(
        words(&found["missing"], "/organisation/title"),
        ["Alpha", "Beta"]
    );
    let text = desk.good("sign-offs").out;
    assert!(
        text.contains("0 of 2 signed") && text.contains("Alpha"),
        "{text}"
    );
}

#[test]
fn a_meeting_shows_whether_it_could_decide_what_it_did_and_what_came_late() {
    let desk = Desk::with_ledger();
    let secretary = "--capacity secretary --key ada.pem";
    desk.write("rule.json", r#"{"quorum": {"at_least": 2}}"#);
    desk.good(
        "record BodyEstablished --subject body/board --name Board --from rule.json \
         --capacity registrar --key ada.pem",
    );
    let person = |index: u64| {
        let shown = desk.json(&format!("show {index}"));
        shown["signer"]["person"].as_str().unwrap().to_owned()
    };
    let (ada, jo) = (person(0), person(5));
    desk.write(
        "agenda.json",
        r#"{"items": [{"number": "1", "title": "Plan", "purpose": "decision"},
                      {"number": "2", "title": "Lease", "purpose": "decision"}]}"#,
    );
    desk.write(
        "held.json",
        format!(
            r#"{{"present": [{{"person": "{ada}", "voting": true}},
                             {{"person": "{jo}", "voting": true, "left": "item 2"}}]}}"#
        ),
    );
    for line in [
        "record MeetingCalled --subject meeting/may --title May --body body/board --date 2025-05-14",
        "record AgendaPublished --subject meeting/may --version 1 --from agenda.json",
        "record MeetingHeld --subject meeting/may --from held.json --effective 2025-05-14",
        "record DecisionMade --subject decision/plan --title Approve --kind approved \
         --body body/board --meeting meeting/may --minute 1 --effective 2025-05-14",
        "record ActionAssigned --subject action/plan --text Publish --owner Director \
         --body body/board --decision decision/plan --meeting meeting/may --minute 1",
        "record DecisionForeseen --subject decision/late --title Before --body body/board \
         --effective 2025-04-01",
    ] {
        desk.good(&format!("{line} {secretary}"));
    }
    let meeting = row(&desk, "meetings --body body/board", "meeting/may");
    assert_eq!(meeting["quorum"]["quoracy"], "quorate");
    assert_eq!(
        (&meeting["present"], &meeting["minutes"]),
        (&2.into(), &"no minutes".into())
    );
    let text = desk.good("meetings meeting/may").out;
    for words in [
        "Agenda",
        "2 voting members are needed, 1",
        "Attendance",
        "Ada",
        "left item 2",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    let links = desk.json("meetings meeting/may")["data"]["links"].clone();
    assert_eq!(links[0]["ids"], serde_json::json!(["decision/plan"]));
    assert_eq!(links[1]["ids"], serde_json::json!(["action/plan"]));
    let decision = desk.good("decisions decision/plan").out;
    assert!(
        decision.contains("May (meeting/may), minute 1"),
        "{decision}"
    );
    let follows = desk.json("decisions decision/plan")["data"]["links"].clone();
    assert_eq!(follows[0]["what"], "Actions that follow from it");
    assert_eq!(follows[0]["ids"], serde_json::json!(["action/plan"]));
    let late = rows(&desk, "records --state late");
    assert_eq!(late.len(), 1, "{late:?}");
    assert_eq!(late[0]["id"], "decision/late");
}
