//! Writing a bundle.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use minutebook_events::{Content, Digest, Judge, Payload};

use super::{BundleError, Manifest, ManifestCounts, cose_key, policy};
use crate::log::{Log, ReadError, StoredEntry};
use crate::store::Held;
use crate::tile::{encode_bundle, entry_bundles_for, tiles_for};

/// Writes the bundle of `log` to the new folder `out`. `may_give` says which of an entry's
/// disclosures go out: it is asked with the entry and 0 for the event, 1 and up for the sealed parts.
/// The genesis always goes out.
///
/// # Errors
/// Where `out` exists, a file cannot be written or the ledger cannot be read; `out` is not left
/// half-written.
pub fn export<J: Judge>(
    log: &Log<J>,
    out: &Path,
    may_give: impl Fn(&StoredEntry, usize) -> bool,
    progress: impl Fn(u64, u64),
) -> Result<Manifest, BundleError> {
    if out.exists() {
        return Err(BundleError::Exists(out.to_owned()));
    }
    // Written beside its place and moved there whole, so that nobody takes a torn bundle for one.
    let mut name = out.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    let part = out.with_file_name(name);
    match write(log, &part, may_give, progress) {
        Ok(manifest) => {
            fs::rename(&part, out).map_err(|source| BundleError::Io {
                path: out.into(),
                source,
            })?;
            Ok(manifest)
        }
        Err(error) => {
            // What could not be written whole is worth nothing.
            let _ = fs::remove_dir_all(&part);
            Err(error)
        }
    }
}

fn write<J: Judge>(
    log: &Log<J>,
    out: &Path,
    may_give: impl Fn(&StoredEntry, usize) -> bool,
    progress: impl Fn(u64, u64),
) -> Result<Manifest, BundleError> {
    let published = log.published();
    let size = published.head.size;
    let put = |name: &str, bytes: &[u8]| put_file(&out.join(name), bytes);
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
                    Held::Present(bytes) if entry.position == 0 || may_give(entry, nth) => {
                        put(&format!("disclosures/{digest}"), bytes)?;
                        manifest.counts.disclosed += 1;
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

fn put_file(path: &Path, bytes: &[u8]) -> Result<(), BundleError> {
    let io = |source| BundleError::Io {
        path: path.into(),
        source,
    };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(io)?;
    }
    fs::write(path, bytes).map_err(io)
}
