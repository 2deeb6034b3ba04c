//! What a subject is called.

use minutebook_events::{EventType, Kind, SubjectId};

use crate::AsOf;
use crate::people::Holding;

/// The title of a subject as it stood at a moment, to a reader. A person is called by what they
/// hold, since names are not in the record's open parts. None where the record has no title for it
/// then, or none for that reader.
pub fn title(as_of: AsOf<'_>, id: &SubjectId) -> Option<String> {
    let views = as_of.views;
    let title = match id.kind() {
        Kind::Organisation | Kind::Body => name(as_of, id)?,
        Kind::Person => {
            let person = as_of.get(&views.people.persons, id)?;
            held(as_of, &person.holdings)
        }
        Kind::Post => held(as_of, as_of.get(&views.people.posts, id)?),
        Kind::Meeting => as_of.get(&views.meetings, id)?.title.clone(),
        Kind::Decision => as_of.get(&views.decisions, id)?.title.clone(),
        Kind::Strategy | Kind::Aim | Kind::Objective => {
            as_of.get(&views.plan.nodes, id)?.title.clone()
        }
        Kind::Milestone => as_of.get(&views.milestones, id)?.title.clone(),
        Kind::Metric => as_of.get(&views.metrics.table, id)?.title.clone(),
        Kind::SignOff => as_of.get(&views.signoffs, id)?.title.clone(),
        Kind::Agreement => as_of.get(&views.agreements, id)?.title.clone(),
        Kind::Minutes => minutes(as_of, id)?,
        Kind::Document => document(as_of, id)?,
        Kind::Authority
        | Kind::Paper
        | Kind::Interest
        | Kind::Action
        | Kind::Risk
        | Kind::Assurance
        | Kind::Funding
        | Kind::Evaluation
        | Kind::Consultation
        | Kind::Hold => as_of.get(&views.register, id)?.title.clone(),
        Kind::Ledger | Kind::Record => return None,
    };
    (!title.is_empty()).then_some(title)
}

fn name(as_of: AsOf<'_>, id: &SubjectId) -> Option<String> {
    let views = as_of.views;
    match id.kind() {
        Kind::Body => Some(as_of.get(&views.bodies, id)?.name.clone()),
        _ => as_of.get(&views.organisations, id)?.name.clone(),
    }
}

/// The roles and posts that are held, such as `Chief Executive, North Trust; member, Board`.
fn held(as_of: AsOf<'_>, holdings: &[Holding]) -> String {
    let held = holdings.iter().filter(|holding| holding.until.is_none());
    let words = held.filter_map(|holding| {
        let role = || holding.role.map(|role| role.name().to_owned());
        let what = holding.title.clone().or_else(role)?;
        let of = holding.of.as_ref().and_then(|of| name(as_of, of));
        Some(match of {
            Some(of) => format!("{what}, {of}"),
            None => what,
        })
    });
    words.collect::<Vec<_>>().join("; ")
}

/// Minutes are called after their meeting, or else after their file.
fn minutes(as_of: AsOf<'_>, id: &SubjectId) -> Option<String> {
    let item = as_of.get(&as_of.views.register, id)?;
    let meeting = item.parent.as_ref();
    let meeting = meeting.and_then(|meeting| as_of.get(&as_of.views.meetings, meeting));
    Some(match meeting {
        Some(meeting) => format!("Minutes: {}", meeting.title),
        None => item.title.clone(),
    })
}

/// The list of documents is the same at every moment and for every reader. The title may be shown
/// where the entry may be read that it stands in; a document is imported once.
fn document(as_of: AsOf<'_>, id: &SubjectId) -> Option<String> {
    let mut documents = as_of.views.records.documents();
    let (_, document) = documents.find(|(other, _)| *other == id)?;
    let imported = as_of.history(id).any(|entry| {
        let said = entry.said.as_ref();
        entry.position == document.position
            && said.is_some_and(|said| {
                said.event == EventType::DocumentImported && *said.subject == *id
            })
    });
    imported.then(|| document.title.clone())
}
