//! A role is given to someone who does not hold it, and ended for someone who does.

use minutebook_events::{Payload, Refusal, RefusalKind};

use super::Candidate;
use crate::Views;
use crate::people::Holding;

pub(super) fn judge(views: &Views, candidate: &Candidate) -> Result<(), Refusal> {
    let subject = &candidate.body.common.subject;
    let open = || {
        let person = subject
            .person()
            .and_then(|person| views.people.get(&person));
        let holdings = person.map_or(&[][..], |person| &person.holdings);
        holdings.iter().filter(|holding| holding.until.is_none())
    };
    match &candidate.body.payload {
        Payload::RoleAppointed(fields) => {
            let Some(role) = fields.role else {
                return Ok(());
            };
            // An imported holding gives no authority, so that a real one may stand beside it.
            let same = |holding: &&Holding| {
                holding.role == Some(role)
                    && holding.of == fields.of
                    && holding.imported == candidate.body.common.imported
            };
            match open().find(same) {
                Some(held) => {
                    let (role, entry) = (role.name(), held.since.0.position);
                    let message = format!("{subject} holds the role {role} since entry {entry}");
                    Err(
                        Refusal::new(RefusalKind::RuleBroken, "role-held-already", message)
                            .because_of([entry])
                            .instead("end the role first where its terms change"),
                    )
                }
                None => Ok(()),
            }
        }
        Payload::RoleEnded(fields) if subject.person().is_some() => {
            if open().any(|holding| holding.ends_with(fields)) {
                return Ok(());
            }
            let what = match (fields.role, &fields.title) {
                (Some(role), _) => format!("the role {}", role.name()),
                (None, Some(title)) => format!("the post {title}"),
                (None, None) => "such a role".to_owned(),
            };
            let scope = match &fields.of {
                Some(of) => format!(" for {of}"),
                None => String::new(),
            };
            let message = format!("{subject} does not hold {what}{scope}, so it cannot end");
            Err(
                Refusal::new(RefusalKind::NotFound, "role-not-held", message)
                    .instead("name the role and the body or organisation as they were appointed"),
            )
        }
        _ => Ok(()),
    }
}
