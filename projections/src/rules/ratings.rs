//! A rating is a word of a scale; one for the whole year was given by a body at a meeting.

use minutebook_events::catalogue::{Rating, ReportKind, StatusReported};
use minutebook_events::{Payload, Refusal};

use super::{Candidate, broken};
use crate::Views;

pub(super) fn judge(views: &Views, candidate: &Candidate) -> Result<(), Refusal> {
    let Payload::StatusReported(fields) = &candidate.body.payload else {
        return Ok(());
    };
    let Some(Rating::Value(value)) = &fields.rating else {
        return Ok(());
    };
    on_scale(views, candidate, fields, value)?;
    if fields.kind == Some(ReportKind::YearEnd) {
        return at_year_end(views, candidate, fields);
    }
    Ok(())
}

/// A report that declares no scale takes the one last declared for its subject.
fn on_scale(
    views: &Views,
    candidate: &Candidate,
    fields: &StatusReported,
    value: &String,
) -> Result<(), Refusal> {
    // Whether a value is on its own report's scale is checked when it is signed.
    if !fields.scale.is_empty() {
        return Ok(());
    }
    let subject = &candidate.body.common.subject;
    match views.scales.get(subject) {
        Some(declared) if declared.scale.contains(value) => Ok(()),
        Some(declared) => {
            let scale = declared.scale.join(", ");
            let message = format!("rating {value:?} is not on the scale of {subject}: {scale}");
            Err(broken("rating-scale", message)
                .because_of([declared.at.position])
                .instead("rate by that scale, declare another in scale, or say not-rated"))
        }
        None => {
            let message = format!("rating {value:?} belongs to no scale: none is declared yet");
            Err(broken("rating-scale", message)
                .instead("declare the scale from worst to best, such as Red, Amber, Green"))
        }
    }
}

fn at_year_end(
    views: &Views,
    candidate: &Candidate,
    fields: &StatusReported,
) -> Result<(), Refusal> {
    const RULE: &str = "year-end-rating";
    // That a meeting is named is checked when it is signed.
    let Some(id) = &candidate.body.common.meeting else {
        return Ok(());
    };
    let Some(meeting) = views.meetings.get(id) else {
        return Ok(());
    };
    let held = meeting.held.as_ref().map(|held| held.at);
    match held {
        None => {
            let message = format!("{id} was not held yet, so it gave no year-end rating");
            return Err(broken(RULE, message)
                .because_of([meeting.called.at.position])
                .instead("record MeetingHeld first, or report it as in-year"));
        }
        Some(at) if views.entries.is_imported(at) => {
            let message = format!("{id} is imported history, which gives no authority here");
            return Err(broken(RULE, message)
                .because_of([at.position])
                .instead("import the rating from the document that tells of the meeting"));
        }
        Some(_) => {}
    }
    if fields.rating_body.is_none() && meeting.body().is_none() {
        let message = format!("a year-end rating is given by a body, and {id} names none");
        return Err(broken(RULE, message)
            .because_of([meeting.called.at.position])
            .instead("name the body in rating_body"));
    }
    Ok(())
}
