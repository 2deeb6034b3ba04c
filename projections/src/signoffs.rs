//! Sign-offs: what was asked, who answered, who is missing; and totals that a document attests.

use std::sync::Arc;

use jiff::civil::Date;
use minutebook_events::catalogue::{
    SignOffAttested, SignOffCancelled, SignOffRequested, SignOffRule, Signatory,
};
use minutebook_events::{Payload, PersonId, SubjectId};
use serde::{Deserialize, Serialize};

use crate::stack::Stack;
use crate::stated::{At, Stated};
use crate::table::Table;
use crate::{Id, Noted};

/// What a signatory answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// Signed.
    Given,
    /// Said no.
    Declined,
    /// Took the signature back.
    Withdrawn,
}

/// An answer to a request. Nothing imported is among them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Response {
    /// The entry, whose signature is the signature.
    pub at: At,
    /// Who signed the entry.
    pub person: Arc<PersonId>,
    /// The organisation or body that it was given for.
    pub of: Option<Id>,
    /// The answer.
    pub answer: Answer,
}

/// Whether signatures were asked for here, or a document reports them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// Signatures are asked for in this record.
    Requested(Stated<SignOffRequested>),
    /// A document says so: attested, not signed.
    Attested(Stated<SignOffAttested>),
}

/// A sign-off.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SignOff {
    /// How it stands in the record.
    pub basis: Basis,
    /// The answers given.
    pub responses: Stack<Response>,
    /// That it ended without effect.
    pub cancelled: Option<Stated<SignOffCancelled>>,
}

/// How a sign-off stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SignOffState {
    /// Signatures are missing.
    Waiting,
    /// Its rule is met.
    Complete,
    /// It ended without effect.
    Cancelled,
    /// A document reports it; nobody signed it here.
    Attested,
}

impl SignOffState {
    /// The words for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Complete => "complete",
            Self::Cancelled => "cancelled",
            Self::Attested => "attested, not signed",
        }
    }
}

/// A signatory with the answer that counts: the newest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Asked<'a> {
    /// Who was asked.
    pub signatory: &'a Signatory,
    /// The newest answer; absent where there is none, or a signature was taken back.
    pub response: Option<&'a Response>,
}

impl Asked<'_> {
    /// Whether this signatory has signed.
    pub fn has_signed(&self) -> bool {
        self.response.is_some_and(|one| one.answer == Answer::Given)
    }
}

impl SignOff {
    /// What is signed, in short.
    pub fn title(&self) -> &str {
        match &self.basis {
            Basis::Requested(requested) => &requested.title,
            Basis::Attested(attested) => &attested.title,
        }
    }

    /// The entry that it began with.
    pub fn begun(&self) -> At {
        match &self.basis {
            Basis::Requested(requested) => requested.at,
            Basis::Attested(attested) => attested.at,
        }
    }

    /// The agreement that it brings about.
    pub fn agreement(&self) -> Option<&SubjectId> {
        match &self.basis {
            Basis::Requested(requested) => requested.agreement.as_ref(),
            Basis::Attested(attested) => attested.agreement.as_ref(),
        }
    }

    /// The request; absent for a total that a document attests.
    pub fn request(&self) -> Option<&Stated<SignOffRequested>> {
        match &self.basis {
            Basis::Requested(requested) => Some(requested),
            Basis::Attested(_) => None,
        }
    }

    /// Everyone who was asked, in the order of the request, with the answer that counts.
    pub fn asked(&self) -> impl Iterator<Item = Asked<'_>> {
        let signatories = self.request().map(|requested| &requested.signatories);
        signatories.into_iter().flatten().map(|signatory| Asked {
            signatory,
            response: self
                .answer_of(signatory)
                .filter(|one| one.answer != Answer::Withdrawn),
        })
    }

    /// How many signatures its rule needs, and how many of them there are.
    pub fn progress(&self) -> (usize, usize) {
        let signed = self.asked().filter(Asked::has_signed).count();
        let needed = self.request().map_or(0, |requested| match requested.rule {
            SignOffRule::NOfM => requested.needed.map_or(usize::MAX, |n| n as usize),
            SignOffRule::AllNamed | SignOffRule::EachOrganisationOnce => {
                requested.signatories.len()
            }
        });
        (signed, needed)
    }

    /// How it stands.
    pub fn state(&self) -> SignOffState {
        match &self.basis {
            Basis::Attested(_) => SignOffState::Attested,
            Basis::Requested(_) if self.cancelled.is_some() => SignOffState::Cancelled,
            Basis::Requested(_) => match self.progress() {
                (signed, needed) if signed >= needed => SignOffState::Complete,
                _ => SignOffState::Waiting,
            },
        }
    }

    /// Whether signatures are missing after the deadline.
    pub fn is_overdue(&self, on: Date) -> bool {
        let deadline = self.request().and_then(|one| one.deadline.as_ref());
        self.state() == SignOffState::Waiting
            && deadline.is_some_and(|deadline| crate::is_past(deadline, on))
    }

    /// The newest answer of a signatory.
    fn answer_of(&self, signatory: &Signatory) -> Option<&Response> {
        let mut responses = self.responses.iter();
        responses.find(|response| answers_for(signatory, &response.person, response.of.as_deref()))
    }
}

/// Whether a person who acts for `of` answers for this signatory.
pub fn answers_for(signatory: &Signatory, person: &PersonId, of: Option<&SubjectId>) -> bool {
    let is_person = signatory.person.as_ref().is_none_or(|one| one == person);
    let is_organisation = signatory
        .organisation
        .as_ref()
        .is_none_or(|one| Some(one) == of);
    is_person && is_organisation
}

pub(crate) fn fold(signoffs: &mut Table<SignOff>, noted: &Noted<'_>, payload: &Payload) {
    let begun = |basis: Basis| SignOff {
        basis,
        responses: Stack::new(),
        cancelled: None,
    };
    match payload {
        Payload::SignOffRequested(fields) => {
            let requested = noted.stated(fields);
            signoffs.begin(noted, || begun(Basis::Requested(requested.clone())));
        }
        Payload::SignOffAttested(fields) => {
            let attested = noted.stated(fields);
            signoffs.begin(noted, || begun(Basis::Attested(attested.clone())));
        }
        Payload::SignOffGiven(_) => respond(signoffs, noted, Answer::Given),
        Payload::SignOffDeclined(_) => respond(signoffs, noted, Answer::Declined),
        Payload::SignOffWithdrawn(_) => respond(signoffs, noted, Answer::Withdrawn),
        Payload::SignOffCancelled(fields) => {
            let cancelled = noted.stated(fields);
            signoffs.change(noted, |sign_off| {
                sign_off.cancelled.get_or_insert_with(|| cancelled.clone());
            });
        }
        _ => {}
    }
}

fn respond(signoffs: &mut Table<SignOff>, noted: &Noted<'_>, answer: Answer) {
    if noted.common.imported {
        return;
    }
    let response = Response {
        at: noted.at(),
        person: noted.signer.clone(),
        of: noted.said.of.clone(),
        answer,
    };
    signoffs.change(noted, |sign_off| sign_off.responses.push(response.clone()));
}
