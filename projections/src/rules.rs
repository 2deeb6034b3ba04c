//! The rules on what may enter the record.
//!
//! Each rule is a pure function of the views and the candidate, in the file of its concern. A refusal
//! names a stable rule id, the entries that stand in the way, and the right way to say it. The order
//! here is the order in which someone would want to hear it: who you are, whether you may, whether
//! what you speak of is there, whether you have seen its newest state, and only then the details.

mod actions;
mod agreements;
mod answers;
mod attendance;
mod authority;
mod bodies;
mod clocks;
mod conflict;
mod days;
mod deciding;
mod decisions;
mod existence;
mod genesis;
mod holds;
mod imports;
mod keys;
mod meetings;
mod metrics;
mod milestones;
mod minutes;
mod on_behalf;
mod organisations;
mod outcomes;
mod plan;
mod privacy;
mod private_part;
mod ratings;
mod references;
mod registrars;
mod releases;
mod resting;
mod risks;
mod roles;
mod second_person;
mod sign_offs;
mod signer;
mod superseding;

use minutebook_events::{Event, Recorded, Refusal, RefusalKind};

use crate::Views;
use crate::subjects::Subject;

/// An event that asks to be the next entry.
type Candidate = Recorded<Event>;

/// Whether an event may be the next entry.
///
/// # Errors
/// The first rule that it breaks.
pub fn admit(views: &Views, candidate: &Candidate) -> Result<(), Refusal> {
    if genesis::concerns(candidate) {
        return genesis::judge(candidate);
    }
    signer::judge(views, candidate)?;
    authority::judge(views, candidate)?;
    imports::judge(views, candidate)?;
    // Looked up once: finding a subject by name is what judging costs most.
    let subject = views.subjects.get(&candidate.body.common.subject);
    existence::judge(views, candidate, subject)?;
    references::judge(views, candidate)?;
    conflict::judge(candidate, subject)?;
    keys::judge(views, candidate)?;
    roles::judge(views, candidate)?;
    registrars::judge(views, candidate)?;
    milestones::judge(views, candidate)?;
    sign_offs::cancelled(views, candidate)?;
    if !tells_history(candidate) {
        governance(views, candidate, subject)?;
        delivery(views, candidate)?;
    }
    clocks::not_ahead(candidate)?;
    holds::judge(views, candidate)?;
    second_person::judge(views, candidate)
}

/// How bodies meet, decide and follow up, and what of it is private.
fn governance(
    views: &Views,
    candidate: &Candidate,
    subject: Option<&Subject>,
) -> Result<(), Refusal> {
    privacy::judge(candidate, subject)?;
    private_part::judge(views, candidate)?;
    meetings::judge(views, candidate)?;
    attendance::judge(views, candidate)?;
    minutes::judge(views, candidate)?;
    decisions::judge(views, candidate)?;
    superseding::judge(views, candidate)?;
    actions::judge(views, candidate)?;
    releases::judge(views, candidate, subject)
}

/// How plans, sign-offs and agreements are kept.
fn delivery(views: &Views, candidate: &Candidate) -> Result<(), Refusal> {
    organisations::judge(views, candidate)?;
    bodies::judge(views, candidate)?;
    plan::judge(views, candidate)?;
    metrics::judge(views, candidate)?;
    ratings::judge(views, candidate)?;
    risks::judge(views, candidate)?;
    sign_offs::judge(views, candidate)?;
    answers::judge(views, candidate)?;
    agreements::judge(views, candidate)?;
    outcomes::judge(views, candidate)?;
    resting::judge(views, candidate)?;
    clocks::in_office(views, candidate)
}

/// Imported history tells what documents say: of meetings, decisions and actions that followed the
/// rules of their own day, or did not. It is exempt from all that [`governance`] and [`delivery`] ask.
fn tells_history(candidate: &Candidate) -> bool {
    candidate.body.common.imported
}

/// A rule of the field that the candidate breaks.
fn broken(rule: &'static str, message: impl Into<String>) -> Refusal {
    Refusal::new(RefusalKind::RuleBroken, rule, message)
}

/// A rule that the candidate breaks because of an entry, which the signer may not have seen.
fn in_the_way(
    candidate: &Candidate,
    entry: u64,
    rule: &'static str,
    message: impl Into<String>,
) -> Refusal {
    let kind = if entry >= candidate.claims.seen.size {
        RefusalKind::Conflict
    } else {
        RefusalKind::RuleBroken
    };
    Refusal::new(kind, rule, message).because_of([entry])
}

/// `a`, `a or b`, `a, b or c`.
fn one_of<T: ToString>(items: impl IntoIterator<Item = T>) -> String {
    let mut words: Vec<String> = items.into_iter().map(|item| item.to_string()).collect();
    match (words.pop(), words.is_empty()) {
        (Some(last), true) => last,
        (Some(last), false) => format!("{} or {last}", words.join(", ")),
        (None, _) => String::new(),
    }
}
