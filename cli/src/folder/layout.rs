//! Where a ledger's files lie, and the small file that says which ledger it is.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use minutebook_events::{Kind, SubjectId};
use minutebook_keys::{KeyError, KeyName, SigningKey, VerifierKey, read_secret_file};
use serde::{Deserialize, Serialize};

use super::FolderError;

const FORMAT: &str = "minutebook-ledger/1";
const MANIFEST: &str = "ledger.json";

/// `ledger.json`: which ledger a folder holds. Written last when a ledger is made, so a folder
/// without it is not one yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    format: String,
    /// The folder's name for the ledger.
    pub name: String,
    /// The ledger's name among all logs.
    pub origin: String,
}

impl Manifest {
    /// The manifest of a ledger.
    pub fn new(name: &str, origin: &str) -> Self {
        Self { format: FORMAT.into(), name: name.into(), origin: origin.into() }
    }
}

/// The paths of one ledger's files.
#[derive(Debug, Clone)]
pub struct Layout {
    path: PathBuf,
}

impl Layout {
    /// Where the ledger `name` lies, or would lie, in the data folder `dir`.
    ///
    /// # Errors
    /// [`FolderError::Name`] for a name that could lead out of the folder or reads badly.
    pub fn of(dir: &Path, name: &str) -> Result<Self, FolderError> {
        // The name also stands in the genesis as `ledger/<name>`, so that form decides.
        SubjectId::new(Kind::Ledger, name)
            .map_err(|_| FolderError::Name { name: name.chars().take(80).collect() })?;
        Ok(Self { path: dir.join(name) })
    }

    /// The ledger `name`, or the only one there is.
    ///
    /// # Errors
    /// Where there is none, several, or none of that name; with the names there are.
    pub fn find(dir: &Path, name: Option<&str>) -> Result<Self, FolderError> {
        if let Some(name) = name {
            let layout = Self::of(dir, name)?;
            if layout.has_manifest() {
                return Ok(layout);
            }
            if layout.path.join("keys").is_dir() {
                return Err(FolderError::Unfinished { path: layout.path });
            }
            let names = ledger_names(dir)?;
            return Err(FolderError::Unknown { dir: dir.into(), name: name.into(), names });
        }
        let names = ledger_names(dir)?;
        match names.as_slice() {
            [] => Err(FolderError::Empty { dir: dir.into() }),
            [name] => Self::of(dir, name),
            _ => Err(FolderError::Several { dir: dir.into(), names }),
        }
    }

    /// The ledger's own folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The key that signs checkpoints.
    pub fn log_key(&self) -> PathBuf {
        self.path.join("keys/log.pem")
    }

    /// The key that signs receipts.
    pub fn receipt_key(&self) -> PathBuf {
        self.path.join("keys/receipt.pem")
    }

    /// Whether the folder was once made in full.
    pub fn has_manifest(&self) -> bool {
        self.path.join(MANIFEST).is_file()
    }

    /// Reads `ledger.json`.
    ///
    /// # Errors
    /// Where it is missing or of another form.
    pub fn manifest(&self) -> Result<Manifest, FolderError> {
        let path = self.path.join(MANIFEST);
        let text = fs::read_to_string(&path).map_err(|source| io_error("read", &path, source))?;
        let manifest: Manifest = serde_json::from_str(&text)
            .map_err(|source| FolderError::Manifest { path: path.clone(), source })?;
        if manifest.format == FORMAT {
            Ok(manifest)
        } else {
            Err(FolderError::Format { path, found: manifest.format })
        }
    }

    /// Writes `ledger.json`, durably and all at once.
    ///
    /// # Errors
    /// Where the operating system refuses.
    pub fn write_manifest(&self, manifest: &Manifest) -> Result<(), FolderError> {
        let path = self.path.join(MANIFEST);
        let draft = self.path.join(".ledger.json.new");
        let text = serde_json::to_string_pretty(manifest)
            .map_err(|source| FolderError::Manifest { path: path.clone(), source })?;
        let write = || {
            let mut file = File::create(&draft)?;
            file.write_all(text.as_bytes())?;
            file.write_all(b"\n")?;
            file.sync_all()?;
            fs::rename(&draft, &path)?;
            sync_folder(&self.path)
        };
        write().map_err(|source| io_error("write", &path, source))
    }

    /// The verifier key of the ledger's log, from its own key file.
    ///
    /// # Errors
    /// Where a file cannot be read or holds no key.
    pub fn vkey(&self) -> Result<VerifierKey, FolderError> {
        let origin = KeyName::new(self.manifest()?.origin)?;
        Ok(VerifierKey::new_ed25519(origin, self.service_key(&self.log_key())?.public()))
    }

    /// One of the ledger's own keys.
    ///
    /// # Errors
    /// Where the file cannot be read or holds no unencrypted key.
    pub fn service_key(&self, path: &Path) -> Result<SigningKey, FolderError> {
        let pem = read_secret_file(path)?;
        SigningKey::from_pem(&pem, None).map_err(|source| key_error(path, source))
    }
}

/// The names of the ledgers in a data folder, in alphabetical order.
///
/// # Errors
/// Where there is no such folder.
pub fn ledger_names(dir: &Path) -> Result<Vec<String>, FolderError> {
    let entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(FolderError::Missing { dir: dir.into() });
        }
        Err(source) => return Err(io_error("read", dir, source)),
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|source| io_error("read", dir, source))?;
        if let Ok(name) = entry.file_name().into_string()
            && Layout::of(dir, &name).is_ok_and(|layout| layout.has_manifest())
        {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

/// Makes a folder's names durable. Unix only: elsewhere a folder cannot be opened as a file.
pub fn sync_folder(path: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(path)?.sync_all() } else { Ok(()) }
}

pub(super) fn io_error(action: &'static str, path: &Path, source: io::Error) -> FolderError {
    FolderError::Io { action, path: path.into(), source }
}

pub(super) fn key_error(path: &Path, source: KeyError) -> FolderError {
    FolderError::Key { path: path.into(), source }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;

    fn made(dir: &Path, name: &str) {
        let layout = Layout::of(dir, name).unwrap();
        fs::create_dir_all(layout.path()).unwrap();
        layout.write_manifest(&Manifest::new(name, "board.example/x")).unwrap();
    }

    #[test]
    fn a_name_cannot_lead_out_of_the_folder() {
        for name in ["", ".", "..", "../x", "a/b", "a b", "/etc", "-x", "é"] {
            assert!(matches!(Layout::of(Path::new("d"), name), Err(FolderError::Name { .. })), "{name}");
        }
        assert_eq!(Layout::of(Path::new("d"), "nwl-1.a_b").unwrap().path(), Path::new("d/nwl-1.a_b"));
    }

    #[test]
    fn the_only_ledger_needs_no_name_and_several_do() {
        let dir = tempfile::tempdir().unwrap();
        assert!(matches!(Layout::find(dir.path(), None), Err(FolderError::Empty { .. })));
        made(dir.path(), "nwl");
        assert!(Layout::find(dir.path(), None).unwrap().path().ends_with("nwl"));
        made(dir.path(), "swl");
        match Layout::find(dir.path(), None) {
            Err(FolderError::Several { names, .. }) => assert_eq!(names, ["nwl", "swl"]),
            other => panic!("{other:?}"),
        }
        assert!(Layout::find(dir.path(), Some("swl")).is_ok());
        match Layout::find(dir.path(), Some("nlmhp")) {
            Err(FolderError::Unknown { names, .. }) => assert_eq!(names, ["nwl", "swl"]),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_manifest_reads_back_and_another_format_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        made(dir.path(), "nwl");
        let layout = Layout::of(dir.path(), "nwl").unwrap();
        assert_eq!(layout.manifest().unwrap(), Manifest::new("nwl", "board.example/x"));
        let later = r#"{"format": "minutebook-ledger/2", "name": "nwl", "origin": "x"}"#;
        fs::write(layout.path().join(MANIFEST), later).unwrap();
        assert!(matches!(layout.manifest(), Err(FolderError::Format { .. })));
    }
}
