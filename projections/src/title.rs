//! What a thing is called, as it stood at a moment and to a reader.

use minutebook_events::{Kind, SubjectId};

use crate::AsOf;
use crate::people::Holding;

/// What a thing is called in short own words; `None` where it was not known then, or not to this
/// reader. A person is called by what they hold: names stand in sealed parts.
pub fn title(as_of: AsOf<'_>, id: &SubjectId) -> Option<String> {
    let views = as_of.views;
    let title = match id.kind() {
        Kind::Ledger => {
            let opened = as_of.get(&views.records.ledgers, id)?;
            opened.partnership.clone()
        }
        Kind::Organisation => {
            let organisation = as_of.get(&views.organisations, id)?;
            organisation.name()?.to_owned()
        }
        Kind::Body => as_of.get(&views.bodies, id)?.name().to_owned(),
        Kind::Person => {
            let person = as_of.get(&views.people.persons, id)?;
            held(as_of, &person.holdings)?
        }
        Kind::Post => held(as_of, as_of.get(&views.people.posts, id)?)?,
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
        // An entry has a number and no title.
        Kind::Record => return None,
    };
    (!title.is_empty()).then_some(title)
}

/// The posts and roles that are held, such as `Chief Executive, North Trust; member, Board`.
fn held(as_of: AsOf<'_>, holdings: &[Holding]) -> Option<String> {
    let held = holdings.iter().filter(|holding| holding.until.is_none());
    let words: Vec<String> = held
        .filter_map(|holding| {
            let role = holding.role.map(|role| role.name());
            let what = holding.title.as_deref().or(role)?;
            let of = holding.of.as_ref().and_then(|of| title(as_of, of));
            Some(match of {
                Some(of) => format!("{what}, {of}"),
                None => what.to_owned(),
            })
        })
        .collect();
    (!words.is_empty()).then(|| words.join("; "))
}
