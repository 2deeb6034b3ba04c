//! The few ways in which this store touches files, with the errors and the barriers in one place.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use crate::store::StoreError;

/// Turns an operating system error about `path` into ours.
pub(super) fn failed(path: &Path) -> impl Fn(io::Error) -> StoreError {
    move |source| match source.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => StoreError::Full {
            path: path.to_owned(),
        },
        _ => StoreError::Io {
            path: path.to_owned(),
            source,
        },
    }
}

/// Damage in `file`.
pub(super) fn corrupt(file: &Path, offset: u64, message: impl Into<String>) -> StoreError {
    StoreError::Corrupt {
        file: file.to_owned(),
        offset,
        message: message.into(),
    }
}

/// Makes the names in a folder durable: a file that was synced is still lost while its name is not.
pub(super) fn sync_folder(folder: &Path) -> Result<(), StoreError> {
    let sync = || File::open(folder)?.sync_all();
    sync().map_err(failed(folder))
}

/// Creates a folder with a durable name.
pub(super) fn create_folder(folder: &Path) -> Result<(), StoreError> {
    fs::create_dir_all(folder).map_err(failed(folder))?;
    sync_folder(folder)?;
    match folder.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => sync_folder(parent),
        _ => sync_folder(Path::new(".")),
    }
}

/// Puts a whole file in place at once: a crash leaves the old one or the new one.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    replace_in_pieces(path, &[bytes])
}

/// How the name of a file ends that is to be put in place.
pub(super) const NEW: &str = ".new";

/// As [`replace`], for bytes that lie apart.
pub(super) fn replace_in_pieces(path: &Path, pieces: &[&[u8]]) -> Result<(), StoreError> {
    let mut name = path.as_os_str().to_owned();
    name.push(NEW);
    let new = PathBuf::from(name);
    let write = || {
        let mut file = File::create(&new)?;
        for piece in pieces {
            file.write_all(piece)?;
        }
        file.sync_all()
    };
    write().map_err(failed(&new))?;
    fs::rename(&new, path).map_err(failed(path))?;
    path.parent().map_or(Ok(()), sync_folder)
}

/// The whole of a file; `None` where there is none.
pub(super) fn read(path: &Path) -> Result<Option<Vec<u8>>, StoreError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed(path)(error)),
    }
}

/// Removes a file or folder, if it is there.
pub(super) fn remove(path: &Path) -> Result<(), StoreError> {
    let removed = if path.is_dir() {
        fs::remove_dir_all(path)
    } else {
        fs::remove_file(path)
    };
    match removed {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(failed(path)(error)),
        _ => Ok(()),
    }
}

/// Names in a folder, sorted; none where there is no folder. Names that are not text are skipped:
/// nothing here writes such.
pub(super) fn names(folder: &Path) -> Result<Vec<String>, StoreError> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed(folder)(error)),
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(failed(folder))?;
        names.extend(entry.file_name().into_string());
    }
    names.sort_unstable();
    Ok(names)
}

/// Opens an existing file for positioned reads and writes.
pub(super) fn open_rw(path: &Path) -> Result<File, StoreError> {
    let file = OpenOptions::new().read(true).write(true).open(path);
    file.map_err(failed(path))
}

/// Reads exactly `len` bytes at `offset`.
pub(super) fn read_at(
    file: &File,
    path: &Path,
    offset: u64,
    len: u64,
) -> Result<Vec<u8>, StoreError> {
    // Lengths come from stored bytes: refuse one beyond the file before room is made for it.
    let end = file.metadata().map_err(failed(path))?.len();
    if offset.checked_add(len).is_none_or(|wanted| wanted > end) {
        return Err(corrupt(path, end, "the file ends inside a frame"));
    }
    let len = usize::try_from(len).map_err(|_| corrupt(path, offset, "too long"))?;
    let mut bytes = vec![0; len];
    file.read_exact_at(&mut bytes, offset)
        .map_err(failed(path))?;
    Ok(bytes)
}

/// Where tests make a disk fail. Without tests it is nothing.
#[derive(Default)]
pub(super) struct Faults {
    #[cfg(test)]
    pub next: std::sync::Mutex<Option<Fault>>,
}

/// What the next write to the journal does instead of working.
#[cfg(test)]
#[derive(Clone, Copy, Debug)]
pub(super) enum Fault {
    /// Writes so many bytes, then reports this.
    Write(usize, ErrorKind),
    /// Writes everything, then reports this from the sync.
    Sync(ErrorKind),
}

impl Faults {
    /// Writes all of `bytes` at `offset` and makes them durable.
    pub fn write_durably(&self, file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
        #[cfg(test)]
        if let Some(fault) = self.next.lock().ok().and_then(|mut next| next.take()) {
            return match fault {
                Fault::Write(len, kind) => {
                    file.write_all_at(&bytes[..len.min(bytes.len())], offset)?;
                    Err(kind.into())
                }
                Fault::Sync(kind) => {
                    file.write_all_at(bytes, offset)?;
                    Err(kind.into())
                }
            };
        }
        file.write_all_at(bytes, offset)?;
        file.sync_data()
    }
}
