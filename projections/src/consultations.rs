//! Consultations, and what will be done about the answers: "You said, we will".

use minutebook_events::Payload;
use minutebook_events::catalogue::{ConsultationClosed, ConsultationOpened, ConsultationResponded};
use serde::{Deserialize, Serialize};

use crate::Noted;
use crate::stack::Stack;
use crate::stated::Stated;
use crate::table::Table;

/// A consultation, or a promise that answers one.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Consultation {
    /// Who was asked what; absent where only the answer is in the record.
    pub opened: Option<Stated<ConsultationOpened>>,
    /// What people said, and what will be done.
    pub responses: Stack<Stated<ConsultationResponded>>,
    /// That it is over.
    pub closed: Option<Stated<ConsultationClosed>>,
}

impl Consultation {
    /// The activity or theme in short own words.
    pub fn title(&self) -> &str {
        let opened = self.opened.as_ref().map(|one| one.title.as_str());
        let response = || self.responses.newest()?.fields.title.as_deref();
        opened.or_else(response).unwrap_or_default()
    }
}

pub(crate) fn fold(consultations: &mut Table<Consultation>, noted: &Noted<'_>, payload: &Payload) {
    match payload {
        Payload::ConsultationOpened(fields) => {
            let opened = noted.stated(fields);
            consultations.upsert(noted, |consultation| {
                consultation.opened.get_or_insert_with(|| opened.clone());
            });
        }
        Payload::ConsultationResponded(fields) => {
            let response = noted.stated(fields);
            consultations.upsert(noted, |consultation| {
                consultation.responses.push(response.clone());
            });
        }
        Payload::ConsultationClosed(fields) => {
            let closed = noted.stated(fields);
            consultations.change(noted, |consultation| {
                consultation.closed.get_or_insert_with(|| closed.clone());
            });
        }
        _ => {}
    }
}
