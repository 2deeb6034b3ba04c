//! An officer's key file, and whose it is in a ledger.

use std::path::Path;

use minutebook_keys::{KeyError, SigningKey, read_secret_file};

use super::{Officer, OfficerError, OpenLedger};
use crate::passphrase::Passphrase;

/// Reads an officer's key and finds the person whom it is enrolled for. The passphrase is asked for
/// only where the file is encrypted. A revoked key is found too: the ledger refuses it with the rule.
///
/// # Errors
/// Where the file gives no key, or the key is not enrolled.
pub fn load_officer(
    ledger: &OpenLedger,
    key_file: &Path,
    passphrase: &Passphrase,
) -> Result<Officer, OfficerError> {
    let key = read_key(key_file, passphrase)?;
    let published = ledger.views();
    match published.views.keyring.person_of(&key.kid()) {
        Some(person) => Ok(Officer { person: person.as_ref().clone(), key }),
        None => Err(OfficerError::NotEnrolled {
            path: key_file.into(),
            short: key.kid().short(),
            ledger: ledger.name.clone(),
        }),
    }
}

/// Reads a secret key, asking for the passphrase where the file is encrypted.
///
/// # Errors
/// Where the file cannot be read, is no key, or the passphrase is wrong or missing.
pub fn read_key(path: &Path, passphrase: &Passphrase) -> Result<SigningKey, OfficerError> {
    let pem = read_secret_file(path)?;
    let failed = |source| OfficerError::Key { path: path.into(), source };
    match SigningKey::from_pem(&pem, None) {
        Err(KeyError::PassphraseNeeded) => {
            let secret = passphrase.ask(&format!("Passphrase of {}: ", path.display()))?;
            SigningKey::from_pem(&pem, Some(secret.as_bytes())).map_err(failed)
        }
        other => other.map_err(failed),
    }
}
