//! Who signs: the officers of a ledger with their keys, and a new ledger that has some.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use minutebook_events::{Capacity, PersonId, Role};
use minutebook_keys::{SigningKey, read_secret_file};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::LoadError;

/// The environment variable with the passphrase of encrypted key files, as the command line has it.
const PASSPHRASE: &str = "MINUTEBOOK_PASSPHRASE";

/// An officer in the officers' file: a JSON array of these, such as `minutebook demo --json` has for each
/// of its ledgers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Listed {
    person: PersonId,
    role: Role,
    key_file: PathBuf,
}

/// An officer, ready to sign.
pub struct Officer {
    /// The person.
    pub person: PersonId,
    /// The role in which the person signs.
    pub role: Role,
    /// The key.
    pub key: SigningKey,
}

impl Officer {
    /// The role, for the whole ledger.
    pub fn capacity(&self) -> Capacity {
        Capacity::ledger_wide(self.role)
    }
}

/// Reads an officers' file and the keys it names.
///
/// # Errors
/// Where a file is missing or holds something else.
pub fn read(path: &Path) -> Result<Vec<Officer>, LoadError> {
    let text = fs::read_to_string(path).map_err(LoadError::file("read", path))?;
    let listed: Vec<Listed> = serde_json::from_str(&text)
        .map_err(|error| LoadError::form("the officers' file", error))?;
    let passphrase = std::env::var(PASSPHRASE).ok();
    listed
        .into_iter()
        .map(|one| {
            let pem = read_secret_file(&one.key_file)?;
            let key = SigningKey::from_pem(&pem, passphrase.as_deref().map(str::as_bytes))
                .map_err(|source| LoadError::Key {
                    path: one.key_file,
                    source,
                })?;
            Ok(Officer {
                person: one.person,
                role: one.role,
                key,
            })
        })
        .collect()
}

/// Makes a ledger in the data folder `dir` with the program `minutebook`: a registrar, a secretary and a
/// lead, whose keys lie unencrypted in `dir/keys`. Returns the officers' file that it writes.
///
/// # Errors
/// Where the program refuses, as it does where there is such a ledger.
pub fn found(minutebook: &Path, dir: &Path, ledger: &str) -> Result<PathBuf, LoadError> {
    let keys = dir.join("keys");
    fs::create_dir_all(&keys).map_err(LoadError::file("create", &keys))?;
    let keys = keys
        .canonicalize()
        .map_err(LoadError::file("find", &keys))?;
    let run = |arguments: &[&OsStr]| run(minutebook, dir, ledger, arguments);
    let key_file = |role: Role| keys.join(format!("{ledger}-{}.pem", role.name()));
    let registrar = key_file(Role::Registrar);
    let origin = format!("load.example/{ledger}");
    let made = run(&[
        "init".as_ref(),
        "--origin".as_ref(),
        origin.as_ref(),
        "--unencrypted".as_ref(),
        "--key".as_ref(),
        registrar.as_ref(),
    ])?;
    let mut listed = vec![Listed {
        person: person(&made["registrar"])?,
        role: Role::Registrar,
        key_file: registrar.clone(),
    }];
    for role in [Role::Secretary, Role::Lead] {
        let key_file = key_file(role);
        run(&[
            "key".as_ref(),
            "new".as_ref(),
            "--unencrypted".as_ref(),
            "--out".as_ref(),
            key_file.as_ref(),
        ])?;
        let enrolled = run(&[
            "key".as_ref(),
            "enrol".as_ref(),
            "--new-key".as_ref(),
            key_file.as_ref(),
            "--name".as_ref(),
            format!("The {}", role.name()).as_ref(),
            "--role".as_ref(),
            role.name().as_ref(),
            "--key".as_ref(),
            registrar.as_ref(),
            "--yes".as_ref(),
        ])?;
        listed.push(Listed {
            person: person(&enrolled)?,
            role,
            key_file,
        });
    }
    let path = keys.join(format!("{ledger}-officers.json"));
    fs::write(&path, serde_json::to_string_pretty(&listed)?)
        .map_err(LoadError::file("write", &path))?;
    Ok(path)
}

fn run(
    minutebook: &Path,
    dir: &Path,
    ledger: &str,
    arguments: &[&OsStr],
) -> Result<Value, LoadError> {
    let mut command = Command::new(minutebook);
    command
        .args(arguments)
        .args(["--json", "--ledger", ledger, "--dir"])
        .arg(dir);
    let output = command
        .output()
        .map_err(LoadError::file("run", minutebook))?;
    if !output.status.success() {
        return Err(LoadError::Program {
            command: format!("{command:?}"),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        });
    }
    serde_json::from_slice(&output.stdout)
        .map_err(|error| LoadError::form("the output of minutebook", error))
}

fn person(json: &Value) -> Result<PersonId, LoadError> {
    let id = json["person"].as_str().unwrap_or_default();
    id.parse()
        .map_err(|error| LoadError::form("the output of minutebook", error))
}
