//! What ends once: an application for money has one outcome, a consultation is closed once.

use minutebook_events::{Payload, Refusal};

use super::{Candidate, broken};
use crate::Views;

pub(super) fn judge(views: &Views, candidate: &Candidate) -> Result<(), Refusal> {
    match &candidate.body.payload {
        Payload::FundingAwarded(_) | Payload::FundingRefused(_) => funding(views, candidate),
        // "You said, we will" often comes when the consultation is over: answers are not asked about.
        Payload::ConsultationClosed(_) => consultation(views, candidate),
        _ => Ok(()),
    }
}

fn funding(views: &Views, candidate: &Candidate) -> Result<(), Refusal> {
    let subject = &candidate.body.common.subject;
    let Some(funding) = views.funding.get(subject) else {
        return Ok(());
    };
    let awarded = funding.awarded.as_ref().map(|said| said.at);
    let refused = funding.refused.as_ref().map(|said| said.at);
    let Some(at) = awarded.or(refused) else {
        return Ok(());
    };
    let message = format!("{subject} was {} in entry {}", funding.state(), at.position);
    Err(broken("funding-decided", message)
        .because_of([at.position])
        .instead("record a new application with FundingApplied, or CorrectionRecorded"))
}

fn consultation(views: &Views, candidate: &Candidate) -> Result<(), Refusal> {
    let subject = &candidate.body.common.subject;
    let consultation = views.consultations.get(subject);
    let Some(closed) = consultation.and_then(|one| one.closed.as_ref()) else {
        return Ok(());
    };
    let entry = closed.at.position;
    let message = format!("{subject} was closed in entry {entry}");
    Err(broken("consultation-closed", message)
        .because_of([entry])
        .instead("record CorrectionRecorded where the entry that closed it is wrong"))
}
