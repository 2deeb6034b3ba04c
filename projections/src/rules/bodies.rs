//! A body changes until it is dissolved, and answers to none that answers to it.

use minutebook_events::{Payload, Refusal, SubjectId};

use super::{Candidate, broken};
use crate::Views;
use crate::table::Moment;

pub(super) fn judge(views: &Views, candidate: &Candidate) -> Result<(), Refusal> {
    let subject = &candidate.body.common.subject;
    match &candidate.body.payload {
        Payload::BodyTermsAmended(fields) => {
            alive(views, subject)?;
            match &fields.parent {
                Some(parent) => no_circle(views, subject, parent),
                None => Ok(()),
            }
        }
        Payload::MembershipBroadened(_) => alive(views, subject),
        Payload::BodyDissolved(fields) => {
            alive(views, subject)?;
            match &fields.successor {
                Some(successor) => alive(views, successor),
                None => Ok(()),
            }
        }
        _ => Ok(()),
    }
}

fn alive(views: &Views, id: &SubjectId) -> Result<(), Refusal> {
    let body = views.bodies.get(id);
    let Some(dissolved) = body.and_then(|body| body.dissolved.as_ref()) else {
        return Ok(());
    };
    let entry = dissolved.at.position;
    let message = format!("{id} was dissolved in entry {entry}");
    Err(broken("body-dissolved", message)
        .because_of([entry])
        .instead(match &dissolved.successor {
            Some(successor) => format!("record it for {successor}, which took over"),
            None => "record it for the body that took over".to_owned(),
        }))
}

fn no_circle(views: &Views, id: &SubjectId, parent: &SubjectId) -> Result<(), Refusal> {
    if !views.now(Moment::NOW.reader).stands_under(parent, id) {
        return Ok(());
    }
    let message = format!("{parent} is {id} or answers to it, so {id} cannot answer to {parent}");
    let above = views.bodies.get(parent).map(|body| {
        let amended = body.amended.iter().find(|terms| terms.parent.is_some());
        amended.map_or(body.established.at, |terms| terms.at)
    });
    Err(broken("body-circle", message)
        .because_of(above.map(|at| at.position))
        .instead(format!("amend the terms of {parent} first")))
}
