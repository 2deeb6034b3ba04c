//! Agreements and their parties.

use std::sync::Arc;

use imbl::OrdMap;
use minutebook_events::{Payload, SubjectId};
use serde::{Deserialize, Serialize};

use crate::{Id, Noted};

/// An agreement between organisations.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Agreement {
    /// The agreement in short own words.
    pub title: String,
    /// What sort it is, such as `concordat`.
    pub kind: String,
    /// The parties now, in the order in which they joined.
    pub parties: Vec<SubjectId>,
    /// How many signed it, where the document only counts them.
    pub signatory_count: Option<u32>,
    /// The entry that made it.
    pub made_at: u64,
    /// The newest entry that varied it.
    pub varied_at: Option<u64>,
    /// The entry that ended it.
    pub ended_at: Option<u64>,
}

/// Every agreement.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Agreements {
    map: OrdMap<Id, Arc<Agreement>>,
}

impl Agreements {
    /// An agreement.
    pub fn get(&self, id: &SubjectId) -> Option<&Agreement> {
        self.map.get(id).map(Arc::as_ref)
    }

    /// Every agreement, ended ones too, in order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = (&SubjectId, &Agreement)> {
        self.map
            .iter()
            .map(|(id, agreement)| (id.as_ref(), agreement.as_ref()))
    }

    /// How many there are, ended ones too.
    pub fn len(&self) -> usize {
        self.map.len()
    }

    /// True where there is none.
    pub fn is_empty(&self) -> bool {
        self.map.is_empty()
    }

    pub(crate) fn fold(&mut self, noted: &Noted<'_>, payload: &Payload) {
        match payload {
            Payload::AgreementMade(fields) if !self.map.contains_key(noted.id) => {
                let agreement = Agreement {
                    title: fields.title.clone(),
                    kind: fields.kind.clone(),
                    parties: fields.parties.clone(),
                    signatory_count: fields.signatory_count,
                    made_at: noted.position,
                    varied_at: None,
                    ended_at: None,
                };
                self.map.insert(noted.id.clone(), Arc::new(agreement));
            }
            Payload::AgreementVaried(_) => self.update(noted.id, |agreement| {
                agreement.varied_at = Some(noted.position);
            }),
            Payload::PartyJoined(fields) => self.update(noted.id, |agreement| {
                if !agreement.parties.contains(&fields.party) {
                    agreement.parties.push(fields.party.clone());
                }
            }),
            Payload::PartyLeft(fields) => self.update(noted.id, |agreement| {
                agreement.parties.retain(|party| *party != fields.party);
            }),
            Payload::AgreementEnded(_) => self.update(noted.id, |agreement| {
                agreement.ended_at.get_or_insert(noted.position);
            }),
            _ => {}
        }
    }

    fn update(&mut self, id: &Id, change: impl FnOnce(&mut Agreement)) {
        if let Some(agreement) = self.map.get_mut(id) {
            change(Arc::make_mut(agreement));
        }
    }
}
