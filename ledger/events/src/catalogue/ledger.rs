//! The ledger itself: the one entry on which all trust in it rests.

use jiff::civil::Date;
use minutebook_keys::VerifierKey;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::bodies::QuorumRule;
use super::{Fields, distinct, some};
use crate::authority::Role;
use crate::cose_key::CoseKey;
use crate::event::{Common, Confidentiality};
use crate::id::PersonId;

/// The most seconds of freshness: with more than a day, a statement's own time would say little.
pub const MAX_FRESHNESS: u64 = 86_400;

/// Who may read the public items of a ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ReadPolicy {
    /// Anyone.
    Public,
    /// Only those who sign in.
    Members,
}

/// A founding officer: the key and the roles that the ledger starts from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Officer {
    /// The person, by opaque id.
    pub person: PersonId,
    /// The roles held from the first entry on, for the whole ledger.
    pub roles: Vec<Role>,
    /// The person's public key.
    pub key: CoseKey,
}

/// The ledger's first entry: who keeps it, under which keys and terms. It is never erased.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LedgerOpened {
    /// The ledger's name among all logs, such as `board.example/nlmhp`; every statement is bound to
    /// it.
    pub origin: String,
    /// The key that signs checkpoints, as verifier key text.
    pub log_vkey: String,
    /// The key that signs receipts.
    pub receipt_key: CoseKey,
    /// The founding officers; one of them signs this entry, and one at least is a registrar.
    pub officers: Vec<Officer>,
    /// Who may read public items.
    pub read: ReadPolicy,
    /// How many seconds a statement's own time may differ from the server's clock; a day at
    /// most.
    pub freshness: u64,
    /// The witnesses that the ledger asks to countersign, as tlog-policy text.
    pub witness_policy: String,
    /// The partnership's name.
    pub partnership: String,
    /// The area it serves, in its own words.
    #[serde(default)]
    pub area: Option<String>,
    /// The first day of its year as month and day, such as `04-01`.
    #[serde(default)]
    pub year_start: Option<String>,
    /// The quorum of bodies that set none of their own.
    #[serde(default)]
    pub quorum: Option<QuorumRule>,
}

impl Fields for LedgerOpened {
    fn check(&self, common: &Common) -> Result<(), String> {
        if common.confidentiality != Confidentiality::Public {
            return Err("the first entry is public, or nobody could check the rest".into());
        }
        self.check_keys()?;
        if !(1..=MAX_FRESHNESS).contains(&self.freshness) {
            return Err(format!(
                "freshness is {} seconds; 1 to {MAX_FRESHNESS} make sense",
                self.freshness
            ));
        }
        if let Some(day) = &self.year_start {
            // 2024 is a leap year: 29 February may begin a year, 30 February may not.
            if day.len() != 5 || format!("2024-{day}").parse::<Date>().is_err() {
                return Err(format!(
                    "year_start {day:?} is no month and day, such as 04-01"
                ));
            }
        }
        self.quorum.as_ref().map_or(Ok(()), QuorumRule::check)
    }
}

impl LedgerOpened {
    /// Log, receipt and officers' keys are all different: log and receipt keys never sign entries.
    fn check_keys(&self) -> Result<(), String> {
        let log =
            VerifierKey::parse(&self.log_vkey).map_err(|error| format!("log_vkey: {error}"))?;
        if log.name().as_str() != self.origin {
            return Err(format!(
                "log_vkey is for {}, not for {}",
                log.name().as_str(),
                self.origin
            ));
        }
        some("officers", &self.officers)?;
        let persons = self.officers.iter().map(|officer| officer.person.as_str());
        distinct("officers: the person", persons)?;
        let officers = self.officers.iter().map(|officer| officer.key.kid());
        distinct(
            "the key",
            officers.chain([self.receipt_key.kid(), log.public().kid()]),
        )?;
        for officer in &self.officers {
            some("roles", &officer.roles)?;
            distinct(
                "roles: the role",
                officer.roles.iter().map(|role| role.name()),
            )?;
        }
        let registrar = |officer: &Officer| officer.roles.contains(&Role::Registrar);
        if !self.officers.iter().any(registrar) {
            return Err(
                "one officer at least must be a registrar, or nobody can be enrolled".into(),
            );
        }
        Ok(())
    }
}
