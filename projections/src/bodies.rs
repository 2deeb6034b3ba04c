//! Boards, committees and groups.

use std::sync::Arc;

use imbl::OrdMap;
use minutebook_events::catalogue::{BodyEstablished, QuorumRule};
use minutebook_events::{Payload, SubjectId};
use serde::{Deserialize, Serialize};

use crate::{Id, Noted};

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

/// Every body.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Bodies {
    map: OrdMap<Id, Arc<Body>>,
}

impl Bodies {
    /// A body.
    pub fn get(&self, id: &SubjectId) -> Option<&Body> {
        self.map.get(id).map(Arc::as_ref)
    }

    /// Every body, dissolved ones too, in order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = (&SubjectId, &Body)> {
        self.map
            .iter()
            .map(|(id, body)| (id.as_ref(), body.as_ref()))
    }

    /// How many there are, dissolved ones too.
    pub fn len(&self) -> usize {
        self.map.len()
    }

    /// True where none is established.
    pub fn is_empty(&self) -> bool {
        self.map.is_empty()
    }

    pub(crate) fn fold(&mut self, noted: &Noted<'_>, payload: &Payload) {
        match payload {
            Payload::BodyEstablished(fields) if !self.map.contains_key(noted.id) => {
                self.map.insert(
                    noted.id.clone(),
                    Arc::new(established(fields, noted.position)),
                );
            }
            Payload::BodyTermsAmended(fields) => self.update(noted.id, |body| {
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
            Payload::MembershipBroadened(fields) => self.update(noted.id, |body| {
                body.broadened_by.extend(fields.added.iter().cloned());
                body.members.extend(fields.members.iter().cloned());
            }),
            Payload::BodyDissolved(fields) => self.update(noted.id, |body| {
                body.dissolved_at.get_or_insert(noted.position);
                body.successor.clone_from(&fields.successor);
            }),
            _ => {}
        }
    }

    fn update(&mut self, id: &Id, change: impl FnOnce(&mut Body)) {
        if let Some(body) = self.map.get_mut(id) {
            change(Arc::make_mut(body));
        }
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
