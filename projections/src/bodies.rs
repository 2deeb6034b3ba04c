//! Boards, committees and groups.

use minutebook_events::catalogue::{BodyEstablished, QuorumRule};
use minutebook_events::{Payload, SubjectId};
use serde::{Deserialize, Serialize};

use crate::Noted;
use crate::table::Table;

/// A body as its terms stand now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Body {
    /// The name in full.
    pub name: String,
    /// The short name, such as `PDG`.
    pub short_name: Option<String>,
    /// What sort of body it is.
    pub kind: Option<String>,
    /// What it answers to.
    pub parent: Option<SubjectId>,
    /// The organisations whose body it is.
    pub organisations: Vec<SubjectId>,
    /// The organisations that sit on it.
    pub members: Vec<SubjectId>,
    /// The categories of members that were added since, in the documents' words.
    pub broadened_by: Vec<String>,
    /// Who must be there for it to decide; the ledger's default where absent.
    pub quorum: Option<QuorumRule>,
    /// Whether it meets in public; absent where not stated.
    pub public: Option<bool>,
    /// The entry that established it.
    pub established_at: u64,
    /// The entry that dissolved it.
    pub dissolved_at: Option<u64>,
    /// The body that took over.
    pub successor: Option<SubjectId>,
}

pub(crate) fn fold(bodies: &mut Table<Body>, noted: &Noted<'_>, payload: &Payload) {
    match payload {
        Payload::BodyEstablished(fields) => {
            bodies.begin(noted, || established(fields, noted.position));
        }
        Payload::BodyTermsAmended(fields) => bodies.change(noted, |body| {
            if let Some(name) = &fields.name {
                body.name.clone_from(name);
            }
            if fields.quorum.is_some() {
                body.quorum.clone_from(&fields.quorum);
            }
            if fields.parent.is_some() {
                body.parent.clone_from(&fields.parent);
            }
            body.public = fields.public.or(body.public);
        }),
        Payload::MembershipBroadened(fields) => bodies.change(noted, |body| {
            body.broadened_by.extend(fields.added.iter().cloned());
            body.members.extend(fields.members.iter().cloned());
        }),
        Payload::BodyDissolved(fields) => bodies.change(noted, |body| {
            body.dissolved_at.get_or_insert(noted.position);
            body.successor.clone_from(&fields.successor);
        }),
        _ => {}
    }
}

fn established(fields: &BodyEstablished, position: u64) -> Body {
    let organisations = fields.organisation.iter().chain(&fields.organisations);
    Body {
        name: fields.name.clone(),
        short_name: fields.short_name.clone(),
        kind: fields.kind.clone(),
        parent: fields.parent.clone(),
        organisations: organisations.cloned().collect(),
        members: fields.members.clone(),
        broadened_by: Vec::new(),
        quorum: fields.quorum.clone(),
        public: fields.public,
        established_at: position,
        dissolved_at: None,
        successor: None,
    }
}
