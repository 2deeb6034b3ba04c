//! Reading a bundle as a copy to audit, and holding it against its own account of itself.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use minutebook_events::{Digest, Payload};

use super::{BundleError, Manifest, ManifestCounts, cose_key, policy};
use crate::disclosure::MAX_DISCLOSURE;
use crate::store::Held;
use crate::tile::{EntriesId, TILE_WIDTH, TileId, decode_bundle, entry_bundles_for, tiles_for};
use crate::verify::{Check, Chunk, Committed, Evidence, Kept, Report};

/// The most bytes a small file of a bundle may have: the checkpoint with all its cosignatures.
const MAX_SMALL: u64 = 1 << 20;

/// The largest manifest: some millions of withheld digests.
const MAX_MANIFEST: u64 = 1 << 30;

/// The largest entry bundle: 256 entries of 4 KiB and their lengths.
const MAX_ENTRIES: u64 = 256 * (4096 + 2);

/// A bundle, opened for audit.
pub struct Bundle {
    folder: PathBuf,
    pub(super) manifest: Manifest,
    vkey: String,
}

impl Bundle {
    /// Whether a folder looks like a bundle.
    pub fn is_one(folder: &Path) -> bool {
        folder.join("MANIFEST.json").is_file() || folder.join("log.vkey").is_file()
    }

    /// Opens a bundle; reads its manifest and its own claim of the log's key.
    ///
    /// # Errors
    /// [`BundleError::NotABundle`].
    pub fn open(folder: &Path) -> Result<Self, BundleError> {
        let refuse = |reason: String| BundleError::NotABundle {
            path: folder.to_owned(),
            reason,
        };
        let read = |name: &str, limit| {
            read_bounded(&folder.join(name), limit).map_err(|e| refuse(format!("{name}: {e}")))
        };
        let manifest = serde_json::from_slice(&read("MANIFEST.json", MAX_MANIFEST)?)
            .map_err(|error| refuse(format!("MANIFEST.json: {error}")))?;
        let vkey = String::from_utf8(read("log.vkey", MAX_SMALL)?)
            .map_err(|_| refuse("log.vkey: not text".into()))?
            .trim_end_matches('\n')
            .to_owned();
        Ok(Self {
            folder: folder.to_owned(),
            manifest,
            vkey,
        })
    }

    /// The log's key as the bundle itself gives it, which proves nothing: compare it with the one
    /// that reached you another way.
    pub fn vkey(&self) -> &str {
        &self.vkey
    }

    pub(super) fn small(&self, name: &str, limit: u64) -> Result<Vec<u8>, String> {
        read_bounded(&self.folder.join(name), limit).map_err(|error| format!("{name}: {error}"))
    }

    pub(super) fn files_in(&self, name: &str) -> Result<BTreeSet<String>, String> {
        let folder = self.folder.join(name);
        let mut files = BTreeSet::new();
        let mut open = vec![(folder.clone(), String::new())];
        while let Some((folder, prefix)) = open.pop() {
            let listing = match fs::read_dir(&folder) {
                Ok(listing) => listing,
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(format!("{}: {error}", folder.display())),
            };
            for file in listing {
                let file = file.map_err(|error| format!("{}: {error}", folder.display()))?;
                let path = format!("{prefix}{}", file.file_name().to_string_lossy());
                if file.path().is_dir() {
                    open.push((file.path(), format!("{path}/")));
                } else {
                    files.insert(path);
                }
            }
        }
        Ok(files)
    }
}

fn read_bounded(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    use io::Read as _;
    let mut bytes = Vec::new();
    fs::File::open(path)?
        .take(limit.saturating_add(1))
        .read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(io::Error::new(
            io::ErrorKind::FileTooLarge,
            "the file is too large",
        ));
    }
    Ok(bytes)
}

/// Some entries of a bundle, from one or more entry bundles.
struct BundleChunk<'a> {
    bundle: &'a Bundle,
    entries: Vec<Result<Vec<u8>, String>>,
}

impl Chunk for BundleChunk<'_> {
    fn entry(&self, nth: usize) -> Result<&[u8], String> {
        match self.entries.get(nth) {
            Some(Ok(bytes)) => Ok(bytes),
            Some(Err(error)) => Err(error.clone()),
            None => Err("the entry is missing".into()),
        }
    }

    fn disclosure(&self, _: usize, digest: &Digest) -> Held {
        let path = self
            .bundle
            .folder
            .join("disclosures")
            .join(digest.to_string());
        // A file that is there and cannot be read whole is damage, and shows as such by its digest.
        match read_bounded(&path, MAX_DISCLOSURE as u64) {
            Ok(bytes) => Held::Present(bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                if self.bundle.manifest.erased.contains(digest) {
                    Held::Erased
                } else {
                    Held::Absent
                }
            }
            Err(_) => Held::Present(Vec::new()),
        }
    }
}

impl Evidence for Bundle {
    fn checkpoint(&self) -> Result<String, String> {
        String::from_utf8(self.small("checkpoint", MAX_SMALL)?)
            .map_err(|_| "checkpoint: not text".to_owned())
    }

    /// As many as the entry bundles hold, whatever the manifest says.
    fn size(&self) -> Result<u64, String> {
        let mut size = 0;
        for name in self.files_in("tile/entries")? {
            if let Ok(id) = EntriesId::parse(&format!("tile/entries/{name}")) {
                size = size.max(id.index * u64::from(TILE_WIDTH) + u64::from(id.width));
            }
        }
        Ok(size.min(self.manifest.size.saturating_add(u64::from(TILE_WIDTH))))
    }

    fn chunk(&self, range: Range<u64>) -> Result<Box<dyn Chunk + '_>, String> {
        let size = self.size()?;
        let mut entries = Vec::new();
        let mut at = range.start;
        while at < range.end {
            let index = at / u64::from(TILE_WIDTH);
            let first = index * u64::from(TILE_WIDTH);
            let width = (size - first).min(u64::from(TILE_WIDTH));
            let id = EntriesId {
                index,
                width: u16::try_from(width).unwrap_or(TILE_WIDTH),
            };
            let bundle = self.small(&id.path(), MAX_ENTRIES).and_then(|bytes| {
                let entries =
                    decode_bundle(&bytes, id.width).map_err(|e| format!("{}: {e}", id.path()))?;
                Ok(entries.into_iter().map(<[u8]>::to_vec).collect::<Vec<_>>())
            });
            let upto = range.end.min(first + width);
            for position in at..upto {
                let nth = usize::try_from(position - first).unwrap_or(usize::MAX);
                entries.push(match &bundle {
                    Ok(bundle) => bundle
                        .get(nth)
                        .cloned()
                        .ok_or("the entry is missing".to_owned()),
                    Err(error) => Err(error.clone()),
                });
            }
            at = upto.max(at + 1);
        }
        Ok(Box::new(BundleChunk {
            bundle: self,
            entries,
        }))
    }

    fn tile(&self, id: TileId) -> Result<Option<Vec<u8>>, String> {
        let bytes = read_bounded(&self.folder.join(id.path()), 8192);
        bytes.map(Some).map_err(|error| error.to_string())
    }

    /// The manifest against what the entries committed to, and the folder against both.
    fn own_checks(&self, committed: &Committed, report: &mut Report) {
        let manifest = &self.manifest;
        let (found, head, origin) = (report.counts, report.head, report.origin.clone());
        let mut wrong = |entry, message: String| {
            report.find::<()>(entry, Check::Manifest, message);
        };
        for (digest, (entry, kept)) in &committed.digests {
            let listed = match (
                manifest.withheld.contains(digest),
                manifest.erased.contains(digest),
            ) {
                (true, true) => "both withheld and erased",
                (true, false) => "withheld",
                (false, true) => "erased",
                (false, false) => "disclosed",
            };
            let right = match kept {
                Kept::Disclosed => "disclosed",
                Kept::Withheld => "not here",
                Kept::Erased => "erased",
            };
            if listed != right && (listed, right) != ("withheld", "not here") {
                wrong(
                    Some(*entry),
                    format!("{digest} is {right}, and the manifest has it as {listed}"),
                );
            }
            if *kept == Kept::Erased && !committed.erased_by.contains_key(digest) {
                wrong(
                    Some(*entry),
                    format!("{digest} is listed as erased, and no entry erases it"),
                );
            }
        }
        // A sealed digest is named in its event only, so where the event is withheld or erased the
        // manifest may list digests that the entries do not show.
        let hidden = committed
            .digests
            .values()
            .any(|(_, kept)| *kept != Kept::Disclosed);
        for digest in manifest.withheld.iter().chain(&manifest.erased) {
            if !committed.digests.contains_key(digest) && !hidden {
                wrong(
                    None,
                    format!("the manifest lists {digest}, which no entry committed to"),
                );
            }
        }
        let counts = ManifestCounts {
            entries: found.entries,
            disclosed: found.disclosed,
            withheld: manifest.withheld.len() as u64,
            erased: manifest.erased.len() as u64,
            documents: manifest.counts.documents,
        };
        if counts != manifest.counts || manifest.size != found.entries {
            wrong(
                None,
                "the manifest's counts are not those of the bundle".into(),
            );
        }
        if manifest.root.0 != head.root.0 || manifest.origin != origin {
            wrong(
                None,
                "the manifest names another root or origin than the bundle has".into(),
            );
        }
        self.check_keys(committed, &mut wrong);
        self.check_files(committed, &mut wrong);
    }
}

impl Bundle {
    /// The key and policy files against the genesis, which is what counts.
    fn check_keys(&self, committed: &Committed, wrong: &mut impl FnMut(Option<u64>, String)) {
        let Some(Payload::LedgerOpened(genesis)) = committed.genesis.as_ref().map(|e| &e.payload)
        else {
            return;
        };
        let expected = [
            ("log.vkey", format!("{}\n", genesis.log_vkey).into_bytes()),
            ("receipt.cosekey", cose_key(&genesis.receipt_key.0)),
            (
                "policy",
                policy(&genesis.log_vkey, &genesis.witness_policy).into_bytes(),
            ),
        ];
        for (name, expected) in expected {
            match self.small(name, MAX_SMALL) {
                Ok(found) if found == expected => {}
                Ok(_) => wrong(None, format!("{name} is not what the genesis says")),
                Err(error) => wrong(None, error),
            }
        }
    }

    fn check_files(&self, committed: &Committed, wrong: &mut impl FnMut(Option<u64>, String)) {
        let size = self.manifest.size;
        let tiles = tiles_for(size).map(|id| id.path());
        let expected: BTreeSet<String> = tiles
            .chain(entry_bundles_for(size).map(|id| id.path()))
            .collect();
        match self.files_in("tile") {
            Ok(found) => {
                let found: BTreeSet<String> =
                    found.into_iter().map(|f| format!("tile/{f}")).collect();
                for path in expected.difference(&found) {
                    wrong(None, format!("{path} is missing"));
                }
                for path in found.difference(&expected) {
                    wrong(None, format!("{path} is not a tile of this size"));
                }
            }
            Err(error) => wrong(None, error),
        }
        match self.files_in("disclosures") {
            Ok(found) => {
                let known: BTreeSet<String> =
                    committed.digests.keys().map(Digest::to_string).collect();
                for name in found.difference(&known) {
                    wrong(
                        None,
                        format!("disclosures/{name} is nothing that an entry committed to"),
                    );
                }
            }
            Err(error) => wrong(None, error),
        }
        self.check_documents(committed, wrong);
    }
}
