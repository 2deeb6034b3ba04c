//! The rules on what may enter the record.
//!
//! Each rule is a pure function of the views and the candidate, in the file of its concern. A refusal
//! names a stable rule id, the entries that stand in the way, and the right way to say it. The order
//! here is the order in which someone would want to hear it: who you are, whether you may, whether
//! what you speak of is there, whether you have seen its newest state, and only then the details.

mod authority;
mod conflict;
mod existence;
mod genesis;
mod imports;
mod keys;
mod milestones;
mod references;
mod roles;
mod second_person;
mod signer;

use minutebook_events::{Event, Recorded, Refusal};

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
    existence::judge(views, candidate)?;
    references::judge(views, candidate)?;
    conflict::judge(views, candidate)?;
    keys::judge(views, candidate)?;
    roles::judge(views, candidate)?;
    milestones::judge(views, candidate)?;
    second_person::judge(views, candidate)
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
