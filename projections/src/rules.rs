//! The rules on what may enter the record.
//!
//! Each rule is a pure function of the views and the candidate, in the file of its concern. A refusal
//! names a stable rule id, the entries that stand in the way, and the right way to say it. The order
//! here is the order in which someone would want to hear it: who you are, whether you may, whether
//! what you speak of is there, whether you have seen its newest state, and only then the details.

mod agreements;
mod answers;
mod authority;
mod bodies;
mod clocks;
mod conflict;
mod existence;
mod genesis;
mod holds;
mod imports;
mod keys;
mod metrics;
mod milestones;
mod organisations;
mod outcomes;
mod plan;
mod ratings;
mod references;
mod registrars;
mod resting;
mod risks;
mod roles;
mod second_person;
mod sign_offs;
mod signer;

use minutebook_events::{Event, Recorded, Refusal, RefusalKind};

use crate::Views;

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
    if !candidate.body.common.imported {
        delivery(views, candidate)?;
    }
    clocks::not_ahead(candidate)?;
    holds::judge(views, candidate)?;
    second_person::judge(views, candidate)
}

/// How plans, sign-offs and agreements are kept. Imported history is exempt: it tells what documents
/// say, whether or not that fits together.
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

/// A rule of the field is broken.
fn broken(rule: &'static str, message: impl Into<String>) -> Refusal {
    Refusal::new(RefusalKind::RuleBroken, rule, message)
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
