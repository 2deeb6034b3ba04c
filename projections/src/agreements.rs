//! Agreements and their parties.

use minutebook_events::{Payload, SubjectId};
use serde::{Deserialize, Serialize};

use crate::Noted;
use crate::table::Table;

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

pub(crate) fn fold(agreements: &mut Table<Agreement>, noted: &Noted<'_>, payload: &Payload) {
    match payload {
        Payload::AgreementMade(fields) => agreements.begin(noted, || Agreement {
            title: fields.title.clone(),
            kind: fields.kind.clone(),
            parties: fields.parties.clone(),
            signatory_count: fields.signatory_count,
            made_at: noted.position,
            varied_at: None,
            ended_at: None,
        }),
        Payload::AgreementVaried(_) => agreements.change(noted, |agreement| {
            agreement.varied_at = Some(noted.position);
        }),
        Payload::PartyJoined(fields) => agreements.change(noted, |agreement| {
            if !agreement.parties.contains(&fields.party) {
                agreement.parties.push(fields.party.clone());
            }
        }),
        Payload::PartyLeft(fields) => agreements.change(noted, |agreement| {
            agreement.parties.retain(|party| *party != fields.party);
        }),
        Payload::AgreementEnded(_) => agreements.change(noted, |agreement| {
            agreement.ended_at.get_or_insert(noted.position);
        }),
        _ => {}
    }
}
