//! People, their keys and roles, and authority passed on to them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Fields, reason_given, some};
use crate::authority::{Authority, Role};
use crate::cose_key::CoseKey;
use crate::digest::{Signature64, Thumbprint};
use crate::event::Common;
use crate::id::{Kind, PersonId, SubjectId};
use crate::period::Period;
use crate::quantity::Quantity;

/// A person takes part in the record. Who it is stands only in the sealed part, an `Identity`, which
/// can be erased; this event holds no name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonEnrolled {
    /// Who vouches for the identity, where it is not the signer.
    #[serde(default)]
    pub attested_by: Option<PersonId>,
    /// How the identity was checked, such as `NHS staff card seen`. No personal data.
    #[serde(default)]
    pub attestation: Option<String>,
}

impl Fields for PersonEnrolled {
    fn check(&self, common: &Common) -> Result<(), String> {
        if common.sealed.is_empty() {
            return Err("the identity is missing from sealed".into());
        }
        Ok(())
    }
}

/// A person's new signing key. The same key stands in the statement's `cnf` claim, and works from
/// the next entry on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SigningKeyEnrolled {
    /// The new public key.
    pub key: CoseKey,
    /// The new key's signature that shows it is held, over SHA-256("minutebook.enrol.v1", origin,
    /// new thumbprint); for a rotation over SHA-256("minutebook.rotate.v1", origin, old thumbprint,
    /// new thumbprint).
    pub proof: Signature64,
    /// For a rotation: the thumbprint of the old key, which signs this entry and ends with it.
    #[serde(default)]
    pub replaces: Option<Thumbprint>,
}

impl Fields for SigningKeyEnrolled {
    fn check(&self, _common: &Common) -> Result<(), String> {
        if self.replaces == Some(self.key.kid().into()) {
            return Err("a key cannot replace itself".into());
        }
        Ok(())
    }

    fn authority(&self, general: Authority) -> Authority {
        // The old key vouches for the new one, so a rotation needs no registrar.
        match self.replaces {
            Some(_) => Authority {
                roles: &Role::ALL,
                ..general
            },
            None => general,
        }
    }
}

/// Why a key is no longer to be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RevocationCause {
    /// Nobody holds it any more.
    Lost,
    /// Someone else may hold it.
    Compromised,
    /// The person no longer takes part.
    Left,
    /// Another key has taken its place.
    Replaced,
}

/// A key signs no more. Its earlier signatures stay valid.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SigningKeyRevoked {
    /// The key's thumbprint.
    pub kid: Thumbprint,
    /// What happened to the key.
    pub cause: RevocationCause,
    /// Since when someone else may have held it: signatures from then on are marked.
    #[serde(default)]
    pub suspect_since: Option<Period>,
}

impl Fields for SigningKeyRevoked {
    fn check(&self, common: &Common) -> Result<(), String> {
        reason_given("revoking a key", common)
    }
}

/// A person takes up a role or a post; or a post exists whose holder is not named.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleAppointed {
    /// The role, which gives authority over the record.
    #[serde(default)]
    pub role: Option<Role>,
    /// The post, such as `Chief Executive`; a post gives no authority.
    #[serde(default)]
    pub title: Option<String>,
    /// The appointment in short own words, such as `Single Chair across both trusts`.
    #[serde(default)]
    pub statement: Option<String>,
    /// The body or organisation that it is held for; absent for the whole ledger.
    #[serde(default)]
    pub of: Option<SubjectId>,
    /// The organisations that the holder comes from or serves.
    #[serde(default)]
    pub organisations: Vec<SubjectId>,
    /// Whether the holder votes; absent where not stated.
    #[serde(default)]
    pub voting: Option<bool>,
    /// For how long.
    #[serde(default)]
    pub term: Option<Period>,
    /// The decision that made the appointment.
    #[serde(default)]
    pub decision: Option<SubjectId>,
}

impl Fields for RoleAppointed {
    fn check(&self, common: &Common) -> Result<(), String> {
        role_or_title(self.role, self.title.as_deref(), common)
    }

    fn authority(&self, general: Authority) -> Authority {
        // Who can enrol others could enrol accomplices: a second person has to agree.
        Authority {
            second_person: self.role == Some(Role::Registrar),
            ..general
        }
    }
}

/// A person leaves a role or a post.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleEnded {
    /// The role that ends.
    #[serde(default)]
    pub role: Option<Role>,
    /// The post that ends.
    #[serde(default)]
    pub title: Option<String>,
    /// The body or organisation that it was held for.
    #[serde(default)]
    pub of: Option<SubjectId>,
    /// The decision that ended it.
    #[serde(default)]
    pub decision: Option<SubjectId>,
}

impl Fields for RoleEnded {
    fn check(&self, common: &Common) -> Result<(), String> {
        role_or_title(self.role, self.title.as_deref(), common)
    }
}

fn role_or_title(role: Option<Role>, title: Option<&str>, common: &Common) -> Result<(), String> {
    match (role, title) {
        (None, None) => Err("a role or a title is needed".into()),
        (Some(role), _) if common.subject.kind() == Kind::Post => Err(format!(
            "a post has no key, so it cannot hold the role {}; give it a title, or appoint a person",
            role.name()
        )),
        _ => Ok(()),
    }
}

/// A body lets the holder of a role decide or sign in its name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AuthorityDelegated {
    /// The role that may act.
    pub role: Role,
    /// The body, organisation, post or person that holds it.
    pub to: SubjectId,
    /// The body that delegates.
    #[serde(default)]
    pub by: Option<SubjectId>,
    /// What may be decided or signed, such as `sign-offs of business cases`.
    pub may_sign: Vec<String>,
    /// Up to what amount, such as `£1 million`.
    #[serde(default)]
    pub limit: Option<Quantity>,
    /// For how long.
    #[serde(default)]
    pub term: Option<Period>,
    /// The decision that delegates.
    pub decision: SubjectId,
}

impl Fields for AuthorityDelegated {
    fn check(&self, _common: &Common) -> Result<(), String> {
        some("may_sign", &self.may_sign)
    }
}

/// A delegated authority ends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AuthorityWithdrawn {
    /// The decision that ends it.
    #[serde(default)]
    pub decision: Option<SubjectId>,
}

impl Fields for AuthorityWithdrawn {
    fn check(&self, common: &Common) -> Result<(), String> {
        reason_given("withdrawing an authority", common)
    }
}
