//! Sign-offs: what was asked, who answered, and totals that a document only attests.

use std::sync::Arc;

use minutebook_events::catalogue::{SignOffRule, Signatory};
use minutebook_events::{Digest, Payload, PersonId, SubjectId};
use serde::{Deserialize, Serialize};

use crate::Noted;
use crate::stack::Stack;
use crate::table::Table;

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
    /// The answers given.
    pub responses: Stack<Response>,
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

pub(crate) fn fold(signoffs: &mut Table<SignOff>, noted: &Noted<'_>, payload: &Payload) {
    let begin = |title: &str, basis: Basis, agreement: &Option<SubjectId>| SignOff {
        title: title.to_owned(),
        basis,
        agreement: agreement.clone(),
        begun_at: noted.position,
        cancelled_at: None,
        responses: Stack::new(),
    };
    match payload {
        Payload::SignOffRequested(fields) => signoffs.begin(noted, || {
            let basis = Basis::Requested {
                text: fields.text,
                rule: fields.rule,
                needed: fields.needed,
                signatories: fields.signatories.clone(),
            };
            begin(&fields.title, basis, &fields.agreement)
        }),
        Payload::SignOffAttested(fields) => signoffs.begin(noted, || {
            let basis = Basis::Attested {
                required: fields.required,
                signed: fields.signed,
                signatories: fields.signatories.clone(),
            };
            begin(&fields.title, basis, &fields.agreement)
        }),
        Payload::SignOffGiven(_) => respond(signoffs, noted, Answer::Given),
        Payload::SignOffDeclined(_) => respond(signoffs, noted, Answer::Declined),
        Payload::SignOffWithdrawn(_) => respond(signoffs, noted, Answer::Withdrawn),
        Payload::SignOffCancelled(_) => signoffs.change(noted, |sign_off| {
            sign_off.cancelled_at.get_or_insert(noted.position);
        }),
        _ => {}
    }
}

fn respond(signoffs: &mut Table<SignOff>, noted: &Noted<'_>, answer: Answer) {
    if noted.common.imported {
        return;
    }
    signoffs.change(noted, |sign_off| {
        sign_off.responses.push(Response {
            position: noted.position,
            person: noted.signer.clone(),
            of: noted.common.capacity.of.clone(),
            answer,
        });
    });
}
