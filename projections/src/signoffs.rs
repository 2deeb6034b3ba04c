//! Sign-offs: what was asked, who answered, and totals that a document only attests.

use std::sync::Arc;

use imbl::{OrdMap, Vector};
use minutebook_events::catalogue::{SignOffRule, Signatory};
use minutebook_events::{Digest, Payload, PersonId, SubjectId};
use serde::{Deserialize, Serialize};

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
    pub position: u64,
    /// Who signed the entry.
    pub person: Arc<PersonId>,
    /// The organisation or body that it was given for.
    pub of: Option<SubjectId>,
    /// The answer.
    pub answer: Answer,
}

/// A sign-off.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SignOff {
    /// What is signed, in short.
    pub title: String,
    /// How it stands in the record.
    pub basis: Basis,
    /// The agreement that it brings about.
    pub agreement: Option<SubjectId>,
    /// The entry that it began with.
    pub begun_at: u64,
    /// The entry that cancelled it.
    pub cancelled_at: Option<u64>,
    responses: Vector<Arc<Response>>,
}

/// Whether signatures were asked for here, or a document reports them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// Signatures are asked for in this record.
    Requested {
        /// SHA-256 of the exact text.
        text: Digest,
        /// When it is complete.
        rule: SignOffRule,
        /// For the rule n-of-m, how many are needed.
        needed: Option<u32>,
        /// Who is asked.
        signatories: Vec<Signatory>,
    },
    /// A document says so: attested, not signed.
    Attested {
        /// How many signatures were needed; absent where not stated.
        required: Option<u32>,
        /// How many were given; absent where not stated.
        signed: Option<u32>,
        /// Who signed, which may be a counted group.
        signatories: Vec<SubjectId>,
    },
}

impl SignOff {
    /// The answers given, oldest first.
    pub fn responses(&self) -> impl DoubleEndedIterator<Item = &Response> + ExactSizeIterator {
        self.responses.iter().map(Arc::as_ref)
    }
}

/// Every sign-off.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct SignOffs {
    map: OrdMap<Id, Arc<SignOff>>,
}

impl SignOffs {
    /// A sign-off.
    pub fn get(&self, id: &SubjectId) -> Option<&SignOff> {
        self.map.get(id).map(Arc::as_ref)
    }

    /// Every sign-off, in order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = (&SubjectId, &SignOff)> {
        self.map
            .iter()
            .map(|(id, sign_off)| (id.as_ref(), sign_off.as_ref()))
    }

    /// How many there are, attested ones too.
    pub fn len(&self) -> usize {
        self.map.len()
    }

    /// True where there is none.
    pub fn is_empty(&self) -> bool {
        self.map.is_empty()
    }

    pub(crate) fn fold(&mut self, noted: &Noted<'_>, payload: &Payload) {
        match payload {
            Payload::SignOffRequested(fields) => {
                let basis = Basis::Requested {
                    text: fields.text,
                    rule: fields.rule,
                    needed: fields.needed,
                    signatories: fields.signatories.clone(),
                };
                self.begin(noted, &fields.title, basis, &fields.agreement);
            }
            Payload::SignOffAttested(fields) => {
                let basis = Basis::Attested {
                    required: fields.required,
                    signed: fields.signed,
                    signatories: fields.signatories.clone(),
                };
                self.begin(noted, &fields.title, basis, &fields.agreement);
            }
            Payload::SignOffGiven(_) => self.respond(noted, Answer::Given),
            Payload::SignOffDeclined(_) => self.respond(noted, Answer::Declined),
            Payload::SignOffWithdrawn(_) => self.respond(noted, Answer::Withdrawn),
            Payload::SignOffCancelled(_) => self.update(noted.id, |sign_off| {
                sign_off.cancelled_at.get_or_insert(noted.position);
            }),
            _ => {}
        }
    }

    fn begin(
        &mut self,
        noted: &Noted<'_>,
        title: &str,
        basis: Basis,
        agreement: &Option<SubjectId>,
    ) {
        if self.map.contains_key(noted.id) {
            return;
        }
        let sign_off = SignOff {
            title: title.to_owned(),
            basis,
            agreement: agreement.clone(),
            begun_at: noted.position,
            cancelled_at: None,
            responses: Vector::new(),
        };
        self.map.insert(noted.id.clone(), Arc::new(sign_off));
    }

    fn respond(&mut self, noted: &Noted<'_>, answer: Answer) {
        if noted.common.imported {
            return;
        }
        let response = Response {
            position: noted.position,
            person: noted.signer.clone(),
            of: noted.common.capacity.of.clone(),
            answer,
        };
        self.update(noted.id, |sign_off| {
            sign_off.responses.push_back(Arc::new(response))
        });
    }

    fn update(&mut self, id: &Id, change: impl FnOnce(&mut SignOff)) {
        if let Some(sign_off) = self.map.get_mut(id) {
            change(Arc::make_mut(sign_off));
        }
    }
}
