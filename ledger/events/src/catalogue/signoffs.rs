//! Sign-offs: signatures on an exact text by those who were asked.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Fields, distinct, reason_given, some};
use crate::digest::Digest;
use crate::document::DocumentRef;
use crate::event::Common;
use crate::id::{PersonId, SubjectId};
use crate::period::Period;

/// When a sign-off is complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SignOffRule {
    /// Every named signatory has signed.
    AllNamed,
    /// The number given in `needed` has signed.
    NOfM,
    /// Every organisation named has signed once.
    EachOrganisationOnce,
}

/// Someone asked to sign.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Signatory {
    /// The organisation signed for.
    #[serde(default)]
    pub organisation: Option<SubjectId>,
    /// The post that is asked, such as `Chief Executive`.
    #[serde(default)]
    pub post: Option<String>,
    /// The person who is asked, by opaque id.
    #[serde(default)]
    pub person: Option<PersonId>,
}

/// Signatures are asked for on one exact text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SignOffRequested {
    /// What is signed, in short.
    pub title: String,
    /// SHA-256 of the exact text.
    pub text: Digest,
    /// The text.
    #[serde(default)]
    pub document: Option<DocumentRef>,
    /// When it is complete.
    pub rule: SignOffRule,
    /// For the rule n-of-m: how many signatures are needed.
    #[serde(default)]
    pub needed: Option<u32>,
    /// Who is asked.
    pub signatories: Vec<Signatory>,
    /// By when.
    #[serde(default)]
    pub deadline: Option<Period>,
    /// The agreement that it brings about.
    #[serde(default)]
    pub agreement: Option<SubjectId>,
    /// The aim, decision or other matter that it belongs to.
    #[serde(default)]
    pub parent: Option<SubjectId>,
    /// The cancelled sign-off that it replaces.
    #[serde(default)]
    pub replaces: Option<SubjectId>,
}

impl Fields for SignOffRequested {
    fn check(&self, _common: &Common) -> Result<(), String> {
        some("signatories", &self.signatories)?;
        if self
            .document
            .as_ref()
            .is_some_and(|document| document.sha256 != self.text)
        {
            return Err("text is not the SHA-256 of document".into());
        }
        let asked = self.signatories.len();
        match (self.rule, self.needed) {
            (SignOffRule::NOfM, None) => return Err("the rule n-of-m needs needed".into()),
            (SignOffRule::NOfM, Some(n)) if n == 0 || n as usize > asked => {
                return Err(format!("needed is {n}, of {asked} signatories"));
            }
            (SignOffRule::AllNamed | SignOffRule::EachOrganisationOnce, Some(_)) => {
                return Err("needed belongs to the rule n-of-m".into());
            }
            _ => {}
        }
        let organisations = self
            .signatories
            .iter()
            .filter_map(|one| one.organisation.as_ref());
        if self.rule == SignOffRule::EachOrganisationOnce {
            if organisations.clone().count() != asked {
                return Err(
                    "each-organisation-once needs the organisation of every signatory".into(),
                );
            }
            distinct("signatories: the organisation", organisations)?;
        }
        if self
            .signatories
            .iter()
            .any(|one| one.organisation.is_none() && one.person.is_none())
        {
            return Err("every signatory needs an organisation or a person".into());
        }
        distinct(
            "signatories: the person",
            self.signatories
                .iter()
                .filter_map(|one| one.person.as_ref()),
        )
    }

    fn documents(&self) -> Vec<&DocumentRef> {
        self.document.iter().collect()
    }
}

/// A signatory signs the exact text. The signature is the one on this entry; for whom it is given
/// stands in `capacity`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SignOffGiven {
    /// SHA-256 of the text signed, as requested.
    pub text: Digest,
    /// A remark that binds nobody.
    #[serde(default)]
    pub comment: Option<String>,
}

impl Fields for SignOffGiven {}

/// A signatory says no. It stays visible.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SignOffDeclined {
    /// SHA-256 of the text declined.
    #[serde(default)]
    pub text: Option<Digest>,
}

impl Fields for SignOffDeclined {
    fn check(&self, common: &Common) -> Result<(), String> {
        reason_given("declining", common)
    }
}

/// A signatory takes a signature back, which is possible only before the sign-off is complete.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SignOffWithdrawn {
    /// SHA-256 of the text that was signed.
    #[serde(default)]
    pub text: Option<Digest>,
}

impl Fields for SignOffWithdrawn {
    fn check(&self, common: &Common) -> Result<(), String> {
        reason_given("withdrawing a signature", common)
    }
}

/// A request for signatures ends without effect, such as when the text changes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SignOffCancelled {
    /// The request that replaces it.
    #[serde(default)]
    pub replacement: Option<SubjectId>,
}

impl Fields for SignOffCancelled {
    fn check(&self, common: &Common) -> Result<(), String> {
        reason_given("cancelling a sign-off", common)?;
        match &self.replacement {
            Some(other) if *other == common.subject => {
                Err("a sign-off cannot replace itself".into())
            }
            _ => Ok(()),
        }
    }
}

/// A sign-off that a document reports. It counts no signatures of this record: shown as attested,
/// not signed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SignOffAttested {
    /// What was signed off, in short own words.
    pub title: String,
    /// How many signatures were needed; absent where not stated.
    #[serde(default)]
    pub required: Option<u32>,
    /// How many were given; absent where not stated.
    #[serde(default)]
    pub signed: Option<u32>,
    /// Who signed, which may be a counted group.
    #[serde(default)]
    pub signatories: Vec<SubjectId>,
    /// Those of them that the document names.
    #[serde(default)]
    pub signatories_named: Vec<SubjectId>,
    /// The agreement that it brought about.
    #[serde(default)]
    pub agreement: Option<SubjectId>,
    /// The aim, decision or other matter that it belongs to.
    #[serde(default)]
    pub parent: Option<SubjectId>,
    /// The state in the document's own words, such as `signed off`.
    #[serde(default)]
    pub state: Option<String>,
}

impl Fields for SignOffAttested {
    fn check(&self, common: &Common) -> Result<(), String> {
        if common.source.is_none() {
            return Err("an attested sign-off needs its source".into());
        }
        match (self.required, self.signed) {
            (Some(required), Some(signed)) if signed > required => Err(format!(
                "signed is {signed}, more than the {required} required"
            )),
            _ => distinct("signatories: the signatory", self.signatories.iter()),
        }
    }
}
