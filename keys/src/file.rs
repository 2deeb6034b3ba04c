//! Key files: secrets on disk. The only file of this crate that does input or output.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
};

use zeroize::{Zeroize as _, Zeroizing};

use crate::pem::MAX_LEN;

/// Why a key file was not written or read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeyFileError {
    /// Something is there already. A lost key cannot be had back, so nothing overwrites one.
    #[error("{} exists already and is not overwritten", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// Longer than any key file.
    #[error("{} is longer than {MAX_LEN} bytes, so it is no key file", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
    /// Not UTF-8, so not PEM.
    #[error("{} is not text, so it is no key file", path.display())]
    NotText {
        /// The file.
        path: PathBuf,
    },
    /// The operating system refused.
    #[error("cannot {action} {}", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// Its answer.
        source: io::Error,
    },
}

/// Writes a new secret file that only its owner can read, durably.
///
/// The mode is 0600 from the moment the file exists (on Unix; elsewhere the folder's rules apply).
/// On return, file and folder entry have been flushed to the device. On error nothing is left at
/// `path` as far as it can be removed; after a power cut in between, an incomplete file may be there,
/// which does not parse and is not overwritten.
///
/// # Errors
/// [`KeyFileError::Exists`] if anything is at `path`, even a dangling link;
/// [`KeyFileError::Io`] otherwise.
pub fn write_secret_file(path: &Path, pem: &str) -> Result<(), KeyFileError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path).map_err(|source| match source.kind() {
        io::ErrorKind::AlreadyExists => KeyFileError::Exists { path: path.into() },
        _ => failed("create", path, source),
    })?;
    let written = write_durably(file, path, pem);
    if written.is_err() {
        // The first failure is the one worth reporting.
        let _ = fs::remove_file(path);
    }
    written
}

fn write_durably(mut file: File, path: &Path, pem: &str) -> Result<(), KeyFileError> {
    file.write_all(pem.as_bytes())
        .map_err(|source| failed("write", path, source))?;
    file.sync_all()
        .map_err(|source| failed("flush", path, source))?;
    // Without this a power cut can lose the name, and with it the key. Unix only: elsewhere a folder
    // cannot be opened as a file.
    if cfg!(unix) {
        let folder = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        File::open(folder)
            .and_then(|folder| folder.sync_all())
            .map_err(|source| failed("flush folder", folder, source))?;
    }
    Ok(())
}

/// Reads a secret file of at most 64 KiB into memory that is erased when dropped.
///
/// Does not look at who else can read it: see [`is_private`].
///
/// # Errors
/// [`KeyFileError::TooLarge`], [`KeyFileError::NotText`], or [`KeyFileError::Io`].
pub fn read_secret_file(path: &Path) -> Result<Zeroizing<String>, KeyFileError> {
    let file = File::open(path).map_err(|source| failed("open", path, source))?;
    // Room for everything at once: a growing vector would leave copies behind.
    let mut bytes = Zeroizing::new(vec![0; MAX_LEN + 1]);
    let mut len = 0;
    while len < bytes.len() {
        match (&file).read(&mut bytes[len..]) {
            Ok(0) => break,
            Ok(count) => len += count,
            Err(source) if source.kind() == io::ErrorKind::Interrupted => {}
            Err(source) => return Err(failed("read", path, source)),
        }
    }
    if len > MAX_LEN {
        return Err(KeyFileError::TooLarge { path: path.into() });
    }
    bytes.truncate(len);
    String::from_utf8(std::mem::take(&mut *bytes))
        .map(Zeroizing::new)
        .map_err(|error| {
            error.into_bytes().zeroize();
            KeyFileError::NotText { path: path.into() }
        })
}

/// Whether nobody but the owner may read or write the file, by its mode. Always true where files
/// have no Unix mode. Worth a warning when false, not a refusal: access lists and containers differ.
///
/// # Errors
/// [`KeyFileError::Io`] if the file cannot be looked at.
pub fn is_private(path: &Path) -> Result<bool, KeyFileError> {
    let metadata = fs::metadata(path).map_err(|source| failed("inspect", path, source))?;
    #[cfg(unix)]
    return Ok(std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o077 == 0);
    #[cfg(not(unix))]
    {
        let _ = metadata;
        Ok(true)
    }
}

fn failed(action: &'static str, path: &Path, source: io::Error) -> KeyFileError {
    KeyFileError::Io {
        action,
        path: path.into(),
        source,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;

    #[test]
    fn what_was_written_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("officer.pem");
        write_secret_file(&path, "secret\n").unwrap();
        assert_eq!(*read_secret_file(&path).unwrap(), "secret\n");
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_may_read() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("officer.pem");
        write_secret_file(&path, "secret\n").unwrap();
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
        assert!(is_private(&path).unwrap());
        for mode in [0o640, 0o604, 0o622] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            assert!(!is_private(&path).unwrap(), "{mode:o}");
        }
    }

    #[test]
    fn nothing_is_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("officer.pem");
        write_secret_file(&path, "first\n").unwrap();
        let error = write_secret_file(&path, "second\n").unwrap_err();
        assert!(matches!(error, KeyFileError::Exists { .. }), "{error}");
        assert_eq!(*read_secret_file(&path).unwrap(), "first\n");
    }

    #[cfg(unix)]
    #[test]
    fn a_dangling_link_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("officer.pem");
        std::os::unix::fs::symlink(folder.path().join("elsewhere"), &path).unwrap();
        let error = write_secret_file(&path, "secret\n").unwrap_err();
        assert!(matches!(error, KeyFileError::Exists { .. }), "{error}");
    }

    #[test]
    fn size_is_bounded() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("big");
        fs::write(&path, vec![b'a'; MAX_LEN]).unwrap();
        assert_eq!(read_secret_file(&path).unwrap().len(), MAX_LEN);
        fs::write(&path, vec![b'a'; MAX_LEN + 1]).unwrap();
        let error = read_secret_file(&path).unwrap_err();
        assert!(matches!(error, KeyFileError::TooLarge { .. }), "{error}");
    }

    #[test]
    fn what_is_no_text_file_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("binary");
        fs::write(&path, [0xff, 0xfe]).unwrap();
        let error = read_secret_file(&path).unwrap_err();
        assert!(matches!(error, KeyFileError::NotText { .. }), "{error}");
        let error = read_secret_file(&folder.path().join("absent")).unwrap_err();
        assert!(
            matches!(error, KeyFileError::Io { action: "open", .. }),
            "{error}"
        );
    }
}
