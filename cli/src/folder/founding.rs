//! Making a ledger: its folder, its own keys and its first entry.
//!
//! The order makes a crash boring. Keys first, then `ledger.json`, then the first entry: until that is
//! durable nothing was signed that anyone could have seen, so making the ledger again goes on where
//! it was cut short, with the keys that are there.

use std::fs;
use std::io;
use std::path::Path;

use minutebook_events::catalogue::ledger::{LedgerOpened, Officer as FoundingOfficer, ReadPolicy};
use minutebook_events::{Capacity, Common, CoseKey, Event, Kind, PersonId, Role, SubjectId};
use minutebook_keys::{KeyError, KeyFileError, SigningKey, write_secret_file};
use minutebook_ledger::state::DEFAULT_FRESHNESS;
use minutebook_ledger::statement::is_origin;
use rand_core::OsRng;

use super::layout::{Layout, Manifest, io_error, key_error, sync_folder};
use super::{FolderError, Founding, OpenLedger, open_layout};

/// No witness is asked to countersign, as tlog-policy text.
const NO_WITNESSES: &str = "quorum none";

/// Makes a ledger in the data folder `dir` and records its first entry.
///
/// # Errors
/// [`FolderError::Exists`] where the ledger has an entry already, [`FolderError::OtherOrigin`] where
/// it was begun for another origin, and where the system or the ledger's own rules refuse.
pub fn create_ledger(dir: &Path, founding: &Founding<'_>) -> Result<OpenLedger, FolderError> {
    let layout = Layout::of(dir, founding.name)?;
    let origin = founding.origin;
    if !is_origin(origin) {
        return Err(FolderError::Origin { origin: origin.chars().take(255).collect() });
    }
    let signer = founding.signer;
    let is_founder = |person: &PersonId, key: &minutebook_keys::PublicKey| {
        *person == signer.person && key.kid() == signer.key.kid()
    };
    if !founding.officers.iter().any(|(person, _, key)| is_founder(person, key)) {
        return Err(FolderError::SignerNotFounder);
    }
    prepare_folder(dir, &layout, founding)?;
    let ledger = open_layout(layout)?;
    let entries = ledger.views().head.size;
    if entries > 0 {
        return Err(FolderError::Exists { path: ledger.path, entries });
    }
    let genesis = genesis(founding, &ledger)?;
    ledger
        .record(signer, vec![(genesis, Vec::new())])
        .map_err(|error| FolderError::Genesis(Box::new(error)))?;
    Ok(ledger)
}

/// Brings folder, keys and `ledger.json` into being, as far as they are missing.
fn prepare_folder(dir: &Path, layout: &Layout, founding: &Founding<'_>) -> Result<(), FolderError> {
    if layout.has_manifest() {
        let found = layout.manifest()?.origin;
        if found == founding.origin {
            return Ok(());
        }
        let (path, wanted) = (layout.path().to_owned(), founding.origin.to_owned());
        return Err(FolderError::OtherOrigin { path, found, wanted });
    }
    let keys = layout.path().join("keys");
    if !keys.is_dir() && is_filled(layout.path())? {
        return Err(FolderError::NotALedger { path: layout.path().into() });
    }
    fs::create_dir_all(&keys).map_err(|source| io_error("create", &keys, source))?;
    private_folder(&keys)?;
    for path in [layout.log_key(), layout.receipt_key()] {
        service_key(layout, &path)?;
    }
    for folder in [layout.path(), dir] {
        sync_folder(folder).map_err(|source| io_error("flush", folder, source))?;
    }
    layout.write_manifest(&Manifest::new(founding.name, founding.origin))
}

fn is_filled(path: &Path) -> Result<bool, FolderError> {
    match fs::read_dir(path) {
        Ok(mut entries) => Ok(entries.next().is_some()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(source) => Err(io_error("read", path, source)),
    }
}

/// Makes one of the ledger's own keys, or takes the one that an earlier try left. A file that a power
/// cut left incomplete has signed nothing, since the ledger has no `ledger.json` yet, and is replaced.
fn service_key(layout: &Layout, path: &Path) -> Result<(), FolderError> {
    match layout.service_key(path) {
        Ok(_) => return Ok(()),
        Err(FolderError::Key { source: KeyError::Malformed { .. }, .. }) => {
            fs::remove_file(path).map_err(|source| io_error("remove", path, source))?;
        }
        Err(FolderError::KeyFile(KeyFileError::Io { source, .. }))
            if source.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    let pem = SigningKey::generate(&mut OsRng)
        .to_plain_pem()
        .map_err(|source| key_error(path, source))?;
    Ok(write_secret_file(path, &pem)?)
}

/// Keeps others from even listing the keys. The files' own mode protects them elsewhere.
fn private_folder(keys: &Path) -> Result<(), FolderError> {
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o700);
        fs::set_permissions(keys, mode).map_err(|source| io_error("protect", keys, source))?;
    }
    #[cfg(not(unix))]
    let _ = keys;
    Ok(())
}

fn genesis(founding: &Founding<'_>, ledger: &OpenLedger) -> Result<Event, FolderError> {
    let subject = SubjectId::new(Kind::Ledger, founding.name)
        .map_err(|_| FolderError::Name { name: founding.name.into() })?;
    let officers = founding.officers.iter().map(|(person, roles, key)| FoundingOfficer {
        person: person.clone(),
        roles: roles.clone(),
        key: CoseKey(*key),
    });
    let opened = LedgerOpened {
        origin: founding.origin.into(),
        log_vkey: ledger.log.vkey().to_string(),
        receipt_key: CoseKey(ledger.log.receipt_key()),
        officers: officers.collect(),
        read: ReadPolicy::Public,
        freshness: DEFAULT_FRESHNESS.unsigned_abs(),
        witness_policy: NO_WITNESSES.into(),
        partnership: founding.partnership.into(),
        area: founding.area.map(Into::into),
        year_start: Some("04-01".into()),
        quorum: None,
    };
    let common = Common::new(subject, Capacity::ledger_wide(Role::Registrar));
    Ok(Event { common, payload: opened.into() })
}
