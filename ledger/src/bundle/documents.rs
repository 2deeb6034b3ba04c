//! The documents of a bundle against their names, and against the entries that name them.

use std::collections::BTreeMap;

use minutebook_events::{Blake3, Digest, DocumentRef};

use super::Bundle;
use crate::verify::Committed;

/// The largest document. Nothing larger is ever kept, so what is larger is not read.
const MAX_DOCUMENT: u64 = 64 << 20;

impl Bundle {
    pub(super) fn check_documents(
        &self,
        committed: &Committed,
        wrong: &mut impl FnMut(Option<u64>, String),
    ) {
        let found = match self.files_in("documents") {
            Ok(found) => found,
            Err(error) => return wrong(None, error),
        };
        let counted = self.manifest.counts.documents;
        if found.len() as u64 != counted {
            let here = found.len();
            wrong(
                None,
                format!("{here} documents are here, and the manifest counts {counted}"),
            );
        }
        let mut named: BTreeMap<Blake3, Vec<&(u64, DocumentRef)>> = BTreeMap::new();
        for one in &committed.documents {
            named.entry(one.1.blake3).or_default().push(one);
        }
        for name in &found {
            let path = format!("documents/{name}");
            let bytes = match self.small(&path, MAX_DOCUMENT) {
                Ok(bytes) => bytes,
                Err(error) => {
                    wrong(None, error);
                    continue;
                }
            };
            let blake3 = Blake3(*blake3::hash(&bytes).as_bytes());
            if blake3.to_string() != *name {
                wrong(None, format!("{path} has another BLAKE3 digest"));
                continue;
            }
            let Some(named) = named.get(&blake3) else {
                continue;
            };
            let (size, sha256) = (bytes.len() as u64, Digest::of(&bytes));
            for (entry, document) in named {
                if document.size != size || document.sha256 != sha256 {
                    let message =
                        format!("{path} has another length or SHA-256 than the entry says");
                    wrong(Some(*entry), message);
                }
            }
        }
    }
}
