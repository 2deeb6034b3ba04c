//! Which body may change what another decided, and who may decide in a body's name.

use minutebook_events::{Kind, Refusal, RefusalKind, SubjectId};

use super::{Candidate, broken, days};
use crate::Views;
use crate::authorities::Delegation;
use crate::bodies::Body;
use crate::table::Moment;

/// How many bodies are followed that took one another's place. Successors could form a circle.
const FURTHEST: usize = 64;

/// A body, the one that took its place when it ended, the one that took that one's place, and so on.
fn heirs<'a>(views: &'a Views, body: &'a SubjectId) -> impl Iterator<Item = &'a SubjectId> {
    let next = |at: &&'a SubjectId| views.bodies.get(at).and_then(Body::successor);
    std::iter::successors(Some(body), next).take(FURTHEST)
}

/// Whether `acting` is `body` or took its place when it ended.
pub(super) fn continues(views: &Views, acting: &SubjectId, body: &SubjectId) -> bool {
    heirs(views, body).any(|heir| heir == acting)
}

/// Whether `acting` may change what `body` decided: it is that body or stands above it, or does so
/// with the body that took its place.
pub(super) fn answers_for(views: &Views, acting: &SubjectId, body: &SubjectId) -> bool {
    let now = views.now(Moment::NOW.reader);
    heirs(views, body).any(|heir| now.stands_under(heir, acting))
}

/// The authority by which someone decides, where it is in force on the day of the event.
pub(super) fn delegation<'a>(
    views: &'a Views,
    candidate: &Candidate,
    id: &SubjectId,
) -> Result<&'a Delegation, Refusal> {
    let Some(authority) = views.authorities.get(id) else {
        let message = format!("{id} is no delegated authority");
        return Err(
            Refusal::new(RefusalKind::NotFound, "authority-in-force", message)
                .instead("name the AuthorityDelegated under which it was decided"),
        );
    };
    let refused = |message: String, entry: u64| {
        Err(broken("authority-in-force", message)
            .because_of([entry])
            .instead("name an authority that is in force, or record it as decided in a meeting"))
    };
    if let Some(withdrawn) = &authority.withdrawn {
        let entry = withdrawn.at.position;
        return refused(format!("{id} was withdrawn in entry {entry}"), entry);
    }
    let term = authority.delegated.term.as_ref();
    let outside = term
        .zip(days::window(candidate))
        .filter(|(term, (from, to))| {
            crate::is_past(term, *from) || term.start().is_some_and(|start| *to < start)
        });
    match outside {
        Some((term, _)) => refused(
            format!("{id} was given for {term}, and this lies outside it"),
            authority.delegated.at.position,
        ),
        None => Ok(authority),
    }
}

/// Whether a delegated authority is that of the body named, or else of whoever signs.
pub(super) fn fits(
    authority: &Delegation,
    candidate: &Candidate,
    named: Option<&SubjectId>,
) -> bool {
    let (to, by) = (&authority.delegated.to, authority.delegated.by.as_ref());
    let capacity = candidate.body.common.capacity.of.as_ref();
    let concerned = |body: &SubjectId| body == to || by == Some(body);
    if named.or(capacity).is_some_and(concerned) {
        return true;
    }
    // The record does not tell who holds a post, so that its holder is taken at their word.
    let signs =
        candidate.claims.signer.subject() == *to || capacity == Some(to) || to.kind() == Kind::Post;
    signs && (named.is_none() || by.is_none())
}
