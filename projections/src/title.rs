//! What a thing is called, as it stood at a moment and to a reader.

use minutebook_events::{Kind, SubjectId};

use crate::AsOf;

/// What a thing is called in short own words; `None` where it was not known then, or not to this
/// reader. A person has no name here: names stand in sealed parts.
pub fn title(as_of: AsOf<'_>, id: &SubjectId) -> Option<String> {
    let views = as_of.views;
    Some(match id.kind() {
        Kind::Ledger => views.records.opened()?.partnership.clone(),
        Kind::Organisation => {
            let organisation = as_of.get(&views.organisations, id)?;
            organisation.name()?.to_owned()
        }
        Kind::Body => as_of.get(&views.bodies, id)?.name().to_owned(),
        Kind::Person => {
            as_of.get(&views.people.persons, id)?;
            format!("person {}", id.name().get(..8).unwrap_or(id.name()))
        }
        Kind::Post => {
            let held = as_of.get(&views.people.posts, id)?;
            held.iter()
                .rev()
                .find_map(|held| held.title.as_deref())?
                .to_owned()
        }
        Kind::Authority => {
            let authority = as_of.get(&views.authorities, id)?;
            authority.delegated.may_sign.join(", ")
        }
        Kind::Meeting => as_of.get(&views.meetings, id)?.title().to_owned(),
        Kind::Paper => as_of.get(&views.papers.table, id)?.title.clone(),
        Kind::Interest => {
            let interest = as_of.get(&views.interests.table, id)?;
            let words = interest.declared.interest.as_deref();
            words.unwrap_or("An interest").to_owned()
        }
        Kind::Minutes => {
            let minutes = as_of.get(&views.minutes.table, id)?;
            let of = minutes.of().and_then(|meeting| title(as_of, meeting));
            match of {
                Some(meeting) => format!("Minutes of {meeting}"),
                None => "Minutes".to_owned(),
            }
        }
        Kind::Decision => as_of.get(&views.decisions, id)?.title().to_owned(),
        Kind::Action => as_of.get(&views.actions, id)?.assigned.text.clone(),
        Kind::Milestone => as_of.get(&views.milestones, id)?.title().to_owned(),
        Kind::Strategy | Kind::Aim | Kind::Objective => {
            as_of.get(&views.plan.nodes, id)?.title.as_ref().to_owned()
        }
        Kind::Metric => as_of.get(&views.metrics.table, id)?.defined.title.clone(),
        Kind::Risk => as_of.get(&views.risks.table, id)?.raised.title.clone(),
        Kind::Assurance => as_of.get(&views.risks.assurance, id)?.title.clone(),
        Kind::SignOff => as_of.get(&views.signoffs, id)?.title().to_owned(),
        Kind::Agreement => as_of.get(&views.agreements, id)?.made.title.clone(),
        Kind::Funding => as_of.get(&views.funding, id)?.applied.title.clone(),
        Kind::Evaluation => as_of.get(&views.evaluations, id)?.title().to_owned(),
        Kind::Consultation => as_of.get(&views.consultations, id)?.title().to_owned(),
        Kind::Document => as_of.get(&views.records.documents, id)?.title.clone(),
        Kind::Hold => as_of.get(&views.holds, id)?.placed.title.clone(),
        Kind::Record => format!("Entry {}", id.name()),
    })
}
