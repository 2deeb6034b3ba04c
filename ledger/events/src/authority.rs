//! Who may say what: roles, the capacity in which someone acts, and the roles an event needs.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::id::SubjectId;

/// A role that gives authority over the record. A position such as "Chief Executive" is a post, not
/// a role, and gives none.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Keeps people, keys and roles.
    Registrar,
    /// Records meetings, decisions, actions and the plan.
    Secretary,
    /// Chairs a body and signs its minutes.
    Chair,
    /// Sits on a body.
    Member,
    /// Owns milestones and actions.
    Lead,
    /// Signs for an organisation.
    Signatory,
    /// Reads part 2.
    Auditor,
    /// Erases content and places holds.
    RecordsOfficer,
}

impl Role {
    /// Every role.
    pub const ALL: [Role; 8] = [
        Role::Registrar,
        Role::Secretary,
        Role::Chair,
        Role::Member,
        Role::Lead,
        Role::Signatory,
        Role::Auditor,
        Role::RecordsOfficer,
    ];

    /// The word that stands in events.
    pub fn name(self) -> &'static str {
        match self {
            Role::Registrar => "registrar",
            Role::Secretary => "secretary",
            Role::Chair => "chair",
            Role::Member => "member",
            Role::Lead => "lead",
            Role::Signatory => "signatory",
            Role::Auditor => "auditor",
            Role::RecordsOfficer => "records-officer",
        }
    }
}

/// The role a signer acts in, and the body or organisation it is held for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Capacity {
    /// The role.
    pub role: Role,
    /// The body or organisation acted for; absent where the role is held for the whole ledger.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<SubjectId>,
}

impl Capacity {
    /// A role held for the whole ledger.
    pub fn ledger_wide(role: Role) -> Self {
        Self { role, of: None }
    }
}

/// What an event type asks of its signer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Authority {
    /// Any one of these roles.
    pub roles: &'static [Role],
    /// Whether another person must have approved before.
    pub second_person: bool,
}
