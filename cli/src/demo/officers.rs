//! The demo's officers: made on the spot, enrolled as any other, their keys kept in files.

use std::path::{Path, PathBuf};

use minutebook_events::catalogue::people::{PersonEnrolled, RoleAppointed, SigningKeyEnrolled};
use minutebook_events::proof::enrol_challenge;
use minutebook_events::{Capacity, Common, CoseKey, Event, Payload, Role, Signature64};
use minutebook_keys::{SigningKey, write_secret_file};
use minutebook_ledger::author::SealedPart;
use rand_core::OsRng;

use super::key_folder;
use crate::commands::init::random_person;
use crate::commands::people::{Identified, sealed_identity};
use crate::failure::Failure;
use crate::folder::{Officer, OpenLedger};
use crate::import::{Signer, apply};

/// The passphrase of the demo's key files. It protects nothing and is shown on the screen.
pub const PASSPHRASE: &str = "demo";

/// An officer of the demo.
pub struct DemoOfficer {
    /// The part in the demo.
    pub signer: Signer,
    /// Person and key.
    pub officer: Officer,
    /// The key's file.
    pub key_file: PathBuf,
}

/// Where an officer's key lies.
pub fn key_file(dir: &Path, ledger: &str, signer: Signer) -> PathBuf {
    key_folder(dir).join(format!("{ledger}-{}.pem", signer.role().name()))
}

/// Makes a ledger's officers and writes their keys, encrypted under [`PASSPHRASE`].
///
/// # Errors
/// Where a file is there already or cannot be written.
pub fn make(dir: &Path, ledger: &str) -> Result<Vec<DemoOfficer>, Failure> {
    apply::SIGNERS
        .into_iter()
        .map(|signer| {
            let key = SigningKey::generate(&mut OsRng);
            let path = key_file(dir, ledger, signer);
            write_secret_file(&path, &key.to_encrypted_pem(PASSPHRASE.as_bytes(), &mut OsRng)?)?;
            let officer = Officer { person: random_person(), key };
            Ok(DemoOfficer { signer, officer, key_file: path })
        })
        .collect()
}

/// The officer with this part.
///
/// # Errors
/// Where there is none.
pub fn of(officers: &[DemoOfficer], signer: Signer) -> Result<&DemoOfficer, Failure> {
    officers
        .iter()
        .find(|one| one.signer == signer)
        .ok_or_else(|| Failure::bare(format!("the demo has no {}", signer.role().name())))
}

/// The registrar says who everyone is, and enrols the others' keys and roles.
///
/// # Errors
/// Where the ledger refuses.
pub fn enrol(ledger: &OpenLedger, officers: &[DemoOfficer]) -> Result<(), Failure> {
    let registrar = of(officers, Signer::Registrar)?;
    let mut events = Vec::new();
    for one in officers {
        let event = |payload: Payload| Event {
            common: Common::new(
                one.officer.person.subject(),
                Capacity::ledger_wide(Role::Registrar),
            ),
            payload,
        };
        let role = one.signer.role();
        let identity = sealed_identity(&Identified {
            name: format!("The demo's {}", role.name()),
            ..Identified::default()
        })?;
        let enrolled = PersonEnrolled {
            attested_by: None,
            attestation: Some("made up for the demo".into()),
        };
        events.push((event(enrolled.into()), vec![identity]));
        // The founding registrar's key and role stand in the first entry.
        if one.signer != Signer::Registrar {
            let challenge = enrol_challenge(ledger.log.origin(), one.officer.key.kid().into());
            let key = SigningKeyEnrolled {
                key: CoseKey(one.officer.key.public()),
                proof: Signature64(one.officer.key.sign(&challenge)),
                replaces: None,
            };
            events.push((event(key.into()), Vec::<SealedPart>::new()));
            events.push((event(appointed(role).into()), Vec::new()));
        }
    }
    ledger.record(&registrar.officer, events)?;
    Ok(())
}

fn appointed(role: Role) -> RoleAppointed {
    RoleAppointed {
        role: Some(role),
        title: None,
        statement: None,
        of: None,
        organisations: Vec::new(),
        voting: None,
        term: None,
        decision: None,
    }
}
