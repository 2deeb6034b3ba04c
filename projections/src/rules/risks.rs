//! A risk's score moves from the score there is, until the risk is closed.

use minutebook_events::catalogue::RiskScore;
use minutebook_events::{Payload, Refusal, RefusalKind};

use super::{Candidate, broken};
use crate::Views;

pub(super) fn judge(views: &Views, candidate: &Candidate) -> Result<(), Refusal> {
    let rescored = match &candidate.body.payload {
        Payload::RiskRescored(fields) => Some(fields),
        Payload::RiskClosed(_) => None,
        _ => return Ok(()),
    };
    let subject = &candidate.body.common.subject;
    let Some(risk) = views.risks.table.get(subject) else {
        return Ok(());
    };
    if let Some(closed) = &risk.closed {
        let entry = closed.at.position;
        let message = format!("{subject} was closed in entry {entry}");
        return Err(broken("risk-closed", message)
            .because_of([entry])
            .instead("raise it anew with RiskRaised where it is back"));
    }
    let Some(from) = rescored.and_then(|fields| fields.from.as_ref()) else {
        return Ok(());
    };
    if risk.score() == Some(from) {
        return Ok(());
    }
    let newest = risk.rescored.newest().map(|rescored| rescored.at);
    let entry = newest.unwrap_or(risk.raised.at).position;
    let (message, advice) = match risk.score() {
        Some(score) => (
            format!("the score of {subject} is {} now", words(score)),
            format!("write {} in from", words(score)),
        ),
        None => (
            format!("{subject} has no score yet"),
            "leave from out".to_owned(),
        ),
    };
    Err(
        Refusal::new(RefusalKind::Conflict, "risk-score-from", message)
            .because_of([entry])
            .instead(advice),
    )
}

fn words(score: &RiskScore) -> String {
    let RiskScore { likelihood, impact } = score;
    format!("likelihood {likelihood} times impact {impact}")
}
