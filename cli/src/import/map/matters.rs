//! Funding, evaluations, engagement and risks.

use minutebook_events::catalogue::engagement::{ConsultationOpened, ConsultationResponded};
use minutebook_events::catalogue::evaluation::{EvaluationCommissioned, EvaluationReported};
use minutebook_events::catalogue::funding::FundingApplied;
use minutebook_events::catalogue::risks::RiskRaised;
use minutebook_events::{Event, Kind};

use super::{PLAN, Rec, infer_from, open};
use crate::import::seed;

/// An application keeps its state in the document's words: "to be submitted" stays to be submitted,
/// with the planned date as `submission` and none on which it was true.
pub(super) fn funding(r: &Rec<'_>, f: seed::Funding) -> Vec<Event> {
    let when = r.date("when", &f.when);
    let submitted = matches!(f.state.as_deref(), Some("submitted" | "applied"));
    let payload = FundingApplied {
        title: f.title,
        purpose: None,
        funder: None,
        funder_organisation: None,
        applicant: None,
        amount: None,
        submission: when.clone(),
        deadline: None,
        strategy: None,
        state: f.state,
    };
    vec![r.event(payload, |common| {
        infer_from(common, when.as_ref());
        open(common, "amount", true);
        open(common, "funder", true);
        common.effective = when.filter(|_| submitted);
    })]
}

/// What is finished is reported; what is planned or under way is commissioned.
pub(super) fn evaluation(r: &Rec<'_>, e: seed::Evaluation) -> Vec<Event> {
    let (period, due) = (r.date("period", &e.period), r.date("due", &e.due));
    let parent = r.refer_to("parent", &e.parent, PLAN);
    match e.state.as_str() {
        "complete" | "undertaken" | "reported" => {
            let payload = EvaluationReported {
                title: Some(e.title),
                parent,
                period: period.clone(),
                findings: None,
                informs: vec![],
                document: None,
                state: Some(e.state),
            };
            vec![r.event(payload, |common| {
                infer_from(common, period.as_ref());
                open(common, "findings", true);
                common.effective = period;
            })]
        }
        "underway" | "planned" | "commissioned" => {
            let undated = due.is_none();
            let payload = EvaluationCommissioned {
                title: e.title,
                parent,
                evaluates: vec![],
                evaluator: None,
                commissioned_by: None,
                period: period.clone(),
                due,
                state: Some(e.state),
            };
            vec![r.event(payload, |common| {
                infer_from(common, period.as_ref());
                open(common, "due", undated);
                common.effective = period;
            })]
        }
        other => {
            r.fail(
                "state",
                format!(
                    "{other:?} is none of complete, undertaken, reported, underway, planned, commissioned"
                ),
            );
            Vec::new()
        }
    }
}

/// What people said and what will be done is an answer; anything else is an activity.
pub(super) fn consultation(r: &Rec<'_>, c: seed::Consultation) -> Vec<Event> {
    let strategy = r.refer_to("strategy", &c.strategy, &[Kind::Strategy]);
    match (c.you_said, c.we_will, c.title) {
        (Some(you_said), Some(we_will), title) => {
            let payload = ConsultationResponded {
                you_said,
                we_will,
                title,
                kind: Some(c.kind),
                strategy,
                commitment: None,
                read_more_page: c.read_more_page,
            };
            vec![r.event(payload, |_| {})]
        }
        (None, None, Some(title)) => {
            let payload = ConsultationOpened {
                title,
                kind: Some(c.kind),
                audience: None,
                strategy,
                period: None,
                body: None,
            };
            vec![r.event(payload, |common| open(common, "period", true))]
        }
        (None, None, None) => {
            r.fail("title", "is missing");
            Vec::new()
        }
        (said, _, _) => {
            let missing = if said.is_some() {
                "we_will"
            } else {
                "you_said"
            };
            r.fail(
                missing,
                "is missing: an answer says what was said and what will be done",
            );
            Vec::new()
        }
    }
}

pub(super) fn risk(r: &Rec<'_>, risk: seed::Risk) -> Vec<Event> {
    let payload = RiskRaised {
        title: risk.title,
        kind: risk.kind,
        cause: None,
        effect: None,
        objective: None,
        owner: None,
        score: None,
        controls: None,
        state: None,
    };
    vec![r.event(payload, |common| open(common, "score", true))]
}
