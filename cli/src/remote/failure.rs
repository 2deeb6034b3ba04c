//! What a server's refusals are to the person who gave the command.

use std::path::Path;

use minutebook_client::{ClientError, Problem, Unproved};
use minutebook_keys::VerifierKey;
use serde_json::json;

use crate::failure::Failure;

const COMPARE: &str =
    "compare the vkey with the one that the partnership gave you, and tell its registrar";

/// A refusal of something that was to be recorded: with the rule, the entries in the way and the right
/// way, as in a folder.
pub fn not_recorded(error: &ClientError) -> Failure {
    let Some(problem) = error.problem() else {
        return Failure {
            details: vec![match error {
                ClientError::Unreachable { .. } => {
                    "it is not known whether anything was recorded; look before you repeat it"
                        .into()
                }
                _ => "the answer to what was submitted cannot be used".into(),
            }],
            ..Failure::from_client(error)
        };
    };
    let mut failure = Failure::from_client(error);
    let entries: Vec<String> = problem.entries.iter().map(u64::to_string).collect();
    let rule = problem.rule.iter().map(|rule| format!("rule: {rule}"));
    failure.details = rule.collect();
    if let Some(first) = entries.first() {
        let what = if entries.len() == 1 {
            "entry"
        } else {
            "entries"
        };
        failure.details.push(format!(
            "see {what} {} (`minutebook show {first}`)",
            entries.join(", ")
        ));
    }
    failure.details.push("nothing was recorded".into());
    failure.json = Some(Box::new(json!({
        "refused": {
            "kind": problem.kind(),
            "rule": problem.rule,
            "message": problem.detail,
            "entries": problem.entries,
            "instead": problem.instead,
        }
    })));
    failure
}

/// A sign-in that failed, with the key file that it was tried with.
pub fn sign_in(error: &ClientError, key: &Path) -> Failure {
    if !error.is("sign-in-refused") {
        return Failure::from_client(error);
    }
    Failure::new(
        format!("the server refuses {}: {error}", key.display()),
        "the registrar enrols a key with `minutebook key enrol`; `minutebook key request` asks for it",
    )
}

/// An answer that is not proved.
pub fn unproved(error: &Unproved) -> Failure {
    Failure::of(error, Some(COMPARE.into()))
}

/// A server whose log has another key than the one that is trusted.
pub fn other_vkey(found: &VerifierKey) -> Failure {
    Failure {
        details: vec![format!("the server's is {found}")],
        ..Failure::new(
            "the server's log has another vkey than the one given",
            COMPARE,
        )
    }
}

impl Failure {
    /// A server's refusal, or that it cannot be reached.
    pub fn from_client(error: &ClientError) -> Self {
        let help = match error {
            ClientError::Address(_) => {
                Some("give an address such as https://minutebook.example or http://127.0.0.1:8080")
            }
            ClientError::Unreachable { .. } => {
                Some("check the address given to --server, and that `minutebook serve` runs there")
            }
            ClientError::NotPrivate { .. } => Some("give the server's address with https://"),
            ClientError::Status { .. } | ClientError::Unreadable { .. } => {
                Some("check the address given to --server")
            }
            ClientError::OtherAddress { .. } => Some("give --server one of its own addresses"),
            ClientError::NoCertificate => Some("give --ca a file of certificates in PEM"),
            ClientError::Name(_) => Some("give --ledger a short name, such as nwl"),
            ClientError::Unproved(_) => Some(COMPARE),
            ClientError::Refused(problem) => return Self::of_problem(problem),
            _ => None,
        };
        Self::of(error, help.map(str::to_owned))
    }

    fn of_problem(problem: &Problem) -> Self {
        // What a server advises is said to programs in a few cases, and to people in the others.
        let help = match problem.kind() {
            "sign-in-needed" => Some("give --key FILE, the key of someone enrolled in this ledger"),
            "withheld" => Some("sign in with --key FILE as someone who may read it"),
            "erased" => Some("its statement and proof are still there"),
            "stale" => Some("set this machine's clock right, and try again"),
            "too-many-requests" | "busy" | "read-only" => Some("try again in a while"),
            "missing-document" => Some("give the document itself: the field as @FILE"),
            _ => None,
        };
        let advice = problem.instead.clone();
        let advice = advice.filter(|_| problem.kind() != "missing-document");
        Self {
            help: advice.or_else(|| help.map(str::to_owned)),
            ..Self::bare(match problem.detail.as_str() {
                "" => &problem.title,
                detail => detail,
            })
        }
    }
}

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        Self::from_client(&error)
    }
}
