//! The stories that the documents tell, by hand.

use minutebook_events::catalogue::milestones::Standing;
use minutebook_events::catalogue::status::Rating;
use minutebook_events::period::compare;
use minutebook_events::{EventType, Payload};

use super::*;

#[test]
fn swl_slips_a_year_with_its_reason_and_the_tie_is_inferred() {
    let plan = planned(SWL);
    let events = about(&plan, "milestone/m-mhpc-in-place");
    assert_eq!(types(&events), ["MilestoneSet", "MilestoneSlipped"]);
    let Payload::MilestoneSet(set) = &events[0].payload else {
        panic!()
    };
    let due = set.due.as_ref().unwrap();
    assert_eq!(
        (due.from, due.to),
        (
            Some("2024-04-01".parse().unwrap()),
            Some("2025-03-31".parse().unwrap())
        )
    );
    assert_eq!(due.as_written, None);
    assert_eq!(events[0].common.inferred, ["date"]);
    let Payload::MilestoneSlipped(slip) = &events[1].payload else {
        panic!()
    };
    assert_eq!(slip.to.as_written.as_deref(), Some("25/26"));
    assert_eq!(
        compare(&slip.from, &slip.to).to_string(),
        "slipped one year (24/25 to 25/26)"
    );
    assert_eq!(
        events[1].common.reason.as_deref(),
        Some("system-wide capacity constraints and ICB restructure")
    );
    assert_eq!(events[1].common.inferred, ["link", "date"]);
    assert_eq!(slip.standing, Standing::Reported);
    assert_eq!(
        of_type(&plan, EventType::MilestoneSlipped).len(),
        1,
        "no other slip is named"
    );
}

#[test]
fn swl_prints_a_rating_column_without_a_value() {
    let plan = planned(SWL);
    let ratings: Vec<_> = of_type(&plan, EventType::StatusReported)
        .into_iter()
        .filter_map(|event| match &event.payload {
            Payload::StatusReported(fields) => {
                Some((fields.report.as_str(), fields.rating.clone()?))
            }
            _ => None,
        })
        .collect();
    assert_eq!(ratings, [("st-adp2", Rating::NotStated)]);
}

#[test]
fn nlmhp_brings_a_milestone_forward_six_months() {
    let events = about(&planned(CANDI), "milestone/m-key-worker");
    assert_eq!(types(&events), ["MilestoneSet", "MilestoneBroughtForward"]);
    let Payload::MilestoneBroughtForward(fields) = &events[1].payload else {
        panic!()
    };
    assert_eq!(
        compare(&fields.from, &fields.to).to_string(),
        "brought forward six months"
    );
    assert_eq!(fields.by.as_deref(), Some("six months"));
    assert_eq!(events[1].common.inferred, ["year", "date"]);
    assert!(
        events[1]
            .common
            .reason
            .as_deref()
            .unwrap()
            .starts_with("make sure everyone")
    );

    let events = about(&planned(CANDI), "milestone/m-vcs-first");
    assert_eq!(types(&events), ["MilestoneSet", "MilestoneCompleted"]);
    assert_eq!(
        events[1]
            .common
            .effective
            .as_ref()
            .unwrap()
            .as_written
            .as_deref(),
        Some("last week")
    );
}

#[test]
fn nwl_narrows_two_dates_under_a_wider_heading() {
    let plan = planned(NWL);
    let restated: Vec<_> = of_type(&plan, EventType::MilestoneDateRestated)
        .into_iter()
        .map(|event| match &event.payload {
            Payload::MilestoneDateRestated(fields) => {
                assert_eq!(event.common.inferred, ["heading"]);
                (
                    event.common.subject.to_string(),
                    fields.from.to_string(),
                    fields.to.to_string(),
                )
            }
            _ => panic!(),
        })
        .collect();
    let wide = "2025/26 and beyond".to_owned();
    assert_eq!(
        restated,
        [
            (
                "milestone/m2526-03-3".into(),
                wide.clone(),
                "December 2025".into()
            ),
            ("milestone/m2526-05-3".into(), wide, "Q3/4 2025/26".into()),
        ]
    );
    assert!(of_type(&plan, EventType::MilestoneSlipped).is_empty());
}

#[test]
fn the_concordat_is_attested_by_25_of_25() {
    let plan = planned(CONCORDAT);
    let [event] = of_type(&plan, EventType::SignOffAttested)[..] else {
        panic!()
    };
    let Payload::SignOffAttested(fields) = &event.payload else {
        panic!()
    };
    assert_eq!((fields.signed, fields.required), (Some(25), Some(25)));
    assert_eq!(event.common.effective, None, "the page is undated");
    assert!(plan.steps.iter().all(|step| {
        let subject = step.event.common.subject.to_string();
        step.event.common.effective.is_none() || subject == "agreement/national-concordat"
    }));
    let Payload::DocumentImported(document) = &plan.steps.last().unwrap().event.payload else {
        panic!()
    };
    assert_eq!(document.date, None);
    assert_eq!(
        document.date_note.as_deref(),
        Some("undated; written as \"today\"")
    );
    // The chair is an appointment of a person without a name, to the body and to the organisation.
    let chairs: Vec<_> = of_type(&plan, EventType::RoleAppointed)
        .into_iter()
        .filter_map(|event| match &event.payload {
            Payload::RoleAppointed(fields) => {
                assert_eq!(fields.role, None, "a post gives no authority");
                Some(fields.of.as_ref()?.to_string())
            }
            _ => None,
        })
        .collect();
    assert_eq!(
        chairs,
        [
            "body/nwl-mh-programme-board",
            "organisation/west-london-ccg",
            "organisation/mind",
            "organisation/met-police"
        ]
    );
}

fn decisions(plan: &ImportPlan, event: EventType) -> Vec<String> {
    of_type(plan, event)
        .into_iter()
        .map(|one| one.common.subject.name().to_owned())
        .collect()
}

#[test]
fn what_is_still_to_be_decided_is_never_a_decision_made() {
    let lists = ALL.map(|file| {
        let plan = planned(file);
        (
            decisions(&plan, EventType::DecisionMade),
            decisions(&plan, EventType::DecisionForeseen),
        )
    });
    let made: Vec<_> = lists.iter().flat_map(|(made, _)| made).collect();
    let foreseen: Vec<_> = lists.iter().flat_map(|(_, foreseen)| foreseen).collect();
    assert_eq!(
        made,
        [
            "dec-commission-12",
            "dec-plan-agreed",
            "dec-plan-approved",
            "dec-complex-care-board",
            "dec-launch",
            "dec-plan-2526",
            "dec-received-output",
            "dec-mhpc-reset",
        ]
    );
    assert_eq!(
        foreseen,
        [
            "dec-org-form",
            "dec-name",
            "dec-lead-provider",
            "dec-model-of-care",
            "dec-strategy-refresh"
        ]
    );
    let plan = planned(SWL);
    let bodies: Vec<_> = of_type(&plan, EventType::DecisionMade)
        .into_iter()
        .filter_map(|event| match &event.payload {
            Payload::DecisionMade(fields) => Some(fields.body.as_ref()?.to_string()),
            _ => None,
        })
        .collect();
    assert_eq!(
        bodies,
        ["body/swl-mh-pdg"],
        "only where it was made at the body's own meeting"
    );
}

#[test]
fn meetings_are_held_only_where_the_document_says_so() {
    let held = |file| decisions(&planned(file), EventType::MeetingHeld);
    assert_eq!(held(CANDI), ["cmh-summit-2021"]);
    assert_eq!(held(SWL), ["pdg-2025-03", "conf-2024", "board-2025-05"]);
    assert!(
        held(NWL).is_empty(),
        "a paper for a meeting does not say that it met"
    );
    assert_eq!(decisions(&planned(SWL), EventType::MeetingCalled).len(), 4);
}

#[test]
fn an_application_to_be_submitted_stays_to_be_submitted() {
    let plan = planned(CANDI);
    let [event] = of_type(&plan, EventType::FundingApplied)[..] else {
        panic!()
    };
    let Payload::FundingApplied(fields) = &event.payload else {
        panic!()
    };
    assert_eq!(fields.state.as_deref(), Some("to be submitted"));
    assert_eq!(event.common.effective, None);
    assert_eq!(event.common.not_stated, ["amount", "funder"]);
}

#[test]
fn metrics_keep_what_is_printed_apart() {
    let plan = planned(NLMHP);
    assert_eq!(decisions(&plan, EventType::BaselineAgreed), ["met-2.1.2"]);
    assert_eq!(decisions(&plan, EventType::MetricMeasured), ["population"]);
    assert_eq!(
        decisions(&planned(CANDI), EventType::MetricMeasured),
        ["hired"]
    );
    assert_eq!(
        decisions(&planned(CANDI), EventType::BaselineAgreed),
        ["islington-forms"]
    );
}
