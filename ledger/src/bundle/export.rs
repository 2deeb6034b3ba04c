//! Writing a bundle.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use minutebook_events::{Content, Digest, DocumentRef, Judge, Payload};

use super::{BundleError, Manifest, ManifestCounts, cose_key, policy};
use crate::log::{Log, Published, ReadError, StoredEntry};
use crate::store::Held;
use crate::tile::{encode_bundle, entry_bundles_for, tiles_for};

/// Where the files of a bundle go, one after the other.
pub trait Sink {
    /// Takes a file, by its path in the bundle.
    ///
    /// # Errors
    /// Where it cannot be written.
    fn put(&mut self, path: &str, bytes: &[u8]) -> io::Result<()>;

    /// Takes a document that an event going out names, and says whether it is kept. What is not kept
    /// is left out.
    ///
    /// # Errors
    /// Where it cannot be read, or not be written.
    fn put_document(&mut self, path: &str, document: &DocumentRef) -> io::Result<bool>;
}

/// Writes the bundle of `log` to the new folder `out`. `may_give` says which of an entry's
/// disclosures go out: it is asked with the entry and 0 for the event, 1 and up for the sealed parts.
/// The event of the genesis always goes out.
///
/// `put_document` writes a document that an event going out names to a new file, and says whether it
/// had it. What is not kept is left out.
///
/// # Errors
/// Where `out` exists, a file cannot be written or the ledger cannot be read; `out` is not left
/// half-written.
pub fn export<J: Judge>(
    log: &Log<J>,
    out: &Path,
    may_give: impl Fn(&StoredEntry, usize) -> bool,
    put_document: impl FnMut(&DocumentRef, &Path) -> io::Result<bool>,
    progress: impl Fn(u64, u64),
) -> Result<Manifest, BundleError> {
    if out.exists() {
        return Err(BundleError::Exists(out.to_owned()));
    }
    // Written beside its place and moved there whole, so that nobody takes a torn bundle for one.
    let mut name = out.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    let part = out.with_file_name(name);
    let mut folder = Folder {
        path: part.clone(),
        put_document,
    };
    match write(log, &log.published(), &mut folder, may_give, progress) {
        Ok(manifest) => {
            fs::rename(&part, out).map_err(failed(out))?;
            Ok(manifest)
        }
        Err(error) => {
            // What could not be written whole is worth nothing.
            let _ = fs::remove_dir_all(&part);
            Err(error.below(&part))
        }
    }
}

/// A folder.
struct Folder<F> {
    path: PathBuf,
    put_document: F,
}

impl<F: FnMut(&DocumentRef, &Path) -> io::Result<bool>> Sink for Folder<F> {
    fn put(&mut self, path: &str, bytes: &[u8]) -> io::Result<()> {
        fs::write(self.place(path)?, bytes)
    }

    fn put_document(&mut self, path: &str, document: &DocumentRef) -> io::Result<bool> {
        let place = self.place(path)?;
        (self.put_document)(document, &place)
    }
}

impl<F> Folder<F> {
    /// The place of a file, whose folder is there.
    fn place(&self, path: &str) -> io::Result<PathBuf> {
        let place = self.path.join(path);
        if let Some(folder) = place.parent() {
            fs::create_dir_all(folder)?;
        }
        Ok(place)
    }
}

/// Writes the bundle of `log` at the size that was `published` into a sink, the manifest last.
/// `may_give` is asked as by [`export`].
///
/// # Errors
/// Where the sink takes a file no more, or the ledger cannot be read. What the sink has by then is no
/// bundle.
pub fn write<J: Judge>(
    log: &Log<J>,
    published: &Published<J>,
    sink: &mut impl Sink,
    may_give: impl Fn(&StoredEntry, usize) -> bool,
    progress: impl Fn(u64, u64),
) -> Result<Manifest, BundleError> {
    let size = published.head.size;
    let mut put = |path: &str, bytes: &[u8]| sink.put(path, bytes).map_err(failed(path.as_ref()));
    let mut manifest = Manifest {
        origin: log.origin().into(),
        size,
        root: Digest(published.head.root.0),
        counts: ManifestCounts {
            entries: size,
            ..ManifestCounts::default()
        },
        withheld: BTreeSet::new(),
        erased: BTreeSet::new(),
    };
    let mut witnesses = String::new();
    let mut documents = BTreeMap::new();
    for bundle in entry_bundles_for(size) {
        let range = bundle.positions();
        let entries = log.entries(range.clone())?;
        let bytes: Vec<&[u8]> = entries
            .iter()
            .map(|entry| entry.statement.bytes())
            .collect();
        let bytes = encode_bundle(&bytes)
            .map_err(|error| ReadError::Tree(format!("{}: {error}", bundle.path())))?;
        put(&bundle.path(), &bytes)?;
        for entry in &entries {
            if let Content::Event(event) = &entry.content
                && let Payload::LedgerOpened(genesis) = &event.payload
            {
                witnesses.clone_from(&genesis.witness_policy);
            }
            for (nth, part) in entry.record.disclosures.iter().enumerate() {
                let digest = Digest(part.digest);
                match &part.content {
                    Held::Present(bytes)
                        if (entry.position, nth) == (0, 0) || may_give(entry, nth) =>
                    {
                        put(&format!("disclosures/{digest}"), bytes)?;
                        manifest.counts.disclosed += 1;
                        if nth == 0
                            && let Content::Event(event) = &entry.content
                        {
                            let named = event.payload.documents().into_iter();
                            documents.extend(named.map(|one| (one.blake3, one.clone())));
                        }
                    }
                    Held::Erased => drop(manifest.erased.insert(digest)),
                    Held::Present(_) | Held::Absent => drop(manifest.withheld.insert(digest)),
                }
            }
        }
        progress(range.end, size);
    }
    for id in tiles_for(size) {
        put(&id.path(), &log.tile(id)?)?;
    }
    for document in documents.values() {
        let path = format!("documents/{}", document.blake3);
        let written = sink.put_document(&path, document);
        manifest.counts.documents += u64::from(written.map_err(failed(path.as_ref()))?);
    }
    let mut put = |path: &str, bytes: &[u8]| sink.put(path, bytes).map_err(failed(path.as_ref()));
    manifest.counts.withheld = manifest.withheld.len() as u64;
    manifest.counts.erased = manifest.erased.len() as u64;
    put("checkpoint", published.checkpoint.as_bytes())?;
    put("log.vkey", format!("{}\n", log.vkey()).as_bytes())?;
    put(
        "policy",
        policy(&log.vkey().to_string(), &witnesses).as_bytes(),
    )?;
    put("receipt.cosekey", &cose_key(&log.receipt_key()))?;
    // A map of text, numbers and hex always has a JSON form.
    let json = serde_json::to_vec_pretty(&manifest).unwrap_or_default();
    put("MANIFEST.json", &json)?;
    Ok(manifest)
}

fn failed(path: &Path) -> impl Fn(io::Error) -> BundleError {
    move |source| BundleError::Io {
        path: path.into(),
        source,
    }
}
