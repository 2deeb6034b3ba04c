//! The store itself: documents by their BLAKE3 digest.

use std::error::Error;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use futures_util::{Stream, TryStreamExt as _};
use minutebook_events::Blake3;
use object_store::local::LocalFileSystem;
use object_store::path::Path as Place;
use object_store::{ObjectStore, ObjectStoreExt as _};
use rand_core::{OsRng, RngCore as _};

use crate::error::failed;
use crate::incoming::receive;
use crate::{Document, DocumentError, Limits, Stored};

/// Where documents lie while they are received.
const INCOMING: &str = "incoming";

/// The file in [`INCOMING`] that everyone holds who may be receiving.
const LOCK: &str = "LOCK";

/// The documents of one ledger. Copies are cheap and share the store.
#[derive(Debug, Clone)]
pub struct Documents {
    store: Arc<dyn ObjectStore>,
    /// What stands before every name in the store.
    prefix: Place,
    local: Option<Arc<Local>>,
}

/// The folder, where the store is one.
#[derive(Debug)]
struct Local {
    folder: PathBuf,
    /// Locked, shared, for as long as it is open.
    _lock: File,
}

/// How much is kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// How many documents.
    pub documents: u64,
    /// Their bytes, all together.
    pub bytes: u64,
}

impl Documents {
    /// Opens the documents in the folder of a ledger, in `documents/`, which is made where it is
    /// missing. What was never received in full is removed, unless another handle is open on the same
    /// folder, which may be receiving it.
    ///
    /// # Errors
    /// Where the operating system refuses.
    pub fn open(ledger: &Path) -> Result<Self, DocumentError> {
        let folder = ledger.join("documents");
        let incoming = folder.join(INCOMING);
        fs::create_dir_all(&incoming).map_err(failed(&incoming))?;
        for one in [&incoming, &folder, ledger] {
            sync_folder(one)?;
        }
        let path = incoming.join(LOCK);
        let lock = File::create(&path).map_err(failed(&path))?;
        if lock.try_lock().is_ok() {
            remove_leftovers(&incoming)?;
        }
        lock.lock_shared().map_err(failed(&path))?;
        let store = LocalFileSystem::new_with_prefix(&folder)?.with_fsync(true);
        Ok(Self {
            store: Arc::new(store),
            prefix: Place::default(),
            local: Some(Arc::new(Local {
                folder,
                _lock: lock,
            })),
        })
    }

    /// The documents under `prefix` in another store, such as a bucket. The store must keep a document
    /// for good once it says that it has it, and must rename one all at once or not at all.
    pub fn over(store: Arc<dyn ObjectStore>, prefix: &str) -> Self {
        Self {
            store,
            prefix: prefix.into(),
            local: None,
        }
    }

    /// Keeps a document. It is durable when this returns; where it fails, or its future is dropped,
    /// nothing stands under the document's name that was not there before. The same bytes again are
    /// written again, which also mends a copy that was damaged.
    ///
    /// # Errors
    /// Where the bytes are not what `limits` asks for or do not come in full, or the store refuses.
    pub async fn put<S, E>(&self, bytes: S, limits: Limits) -> Result<Stored, DocumentError>
    where
        S: Stream<Item = Result<Bytes, E>>,
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        let incoming = self.incoming_place();
        let mut upload = self.store.put_multipart(&incoming).await?;
        let stored = match receive(&mut *upload, bytes, limits).await {
            Ok(stored) => stored,
            Err(error) => {
                // What is left of it is removed at the next opening.
                let _ = upload.abort().await;
                return Err(error);
            }
        };
        let place = self.place(&stored.blake3);
        if let Err(error) = self.store.rename(&incoming, &place).await {
            let _ = self.store.delete(&incoming).await;
            return Err(error.into());
        }
        self.sync(None).await?;
        Ok(stored)
    }

    /// Opens a document for reading; `None` where it is not kept. There is no reading of a part: the
    /// digest covers the whole.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub async fn get(&self, blake3: &Blake3) -> Result<Option<Document>, DocumentError> {
        let found = self.store.get(&self.place(blake3)).await;
        Ok(found_or_none(found)?.map(|found| Document::new(*blake3, found)))
    }

    /// Whether a document is kept. It is not read for this.
    ///
    /// # Errors
    /// Where the store cannot be asked.
    pub async fn has(&self, blake3: &Blake3) -> Result<bool, DocumentError> {
        Ok(self.size(blake3).await?.is_some())
    }

    /// A document's length in bytes; `None` where it is not kept.
    ///
    /// # Errors
    /// Where the store cannot be asked.
    pub async fn size(&self, blake3: &Blake3) -> Result<Option<u64>, DocumentError> {
        let found = self.store.head(&self.place(blake3)).await;
        Ok(found_or_none(found)?.map(|meta| meta.size))
    }

    /// Removes a document for good, as when its content is erased; says whether it was there. Durable
    /// when this returns. The blocks it lay in are not written over.
    ///
    /// # Errors
    /// Where the store refuses.
    pub async fn delete(&self, blake3: &Blake3) -> Result<bool, DocumentError> {
        // Some stores say the same whether it was there or not.
        let was_there = self.has(blake3).await?;
        let removed = found_or_none(self.store.delete(&self.place(blake3)).await)?;
        if removed.is_some() && was_there {
            self.sync(Some(blake3)).await?;
        }
        Ok(was_there && removed.is_some())
    }

    /// Every document with its length in bytes, in order of the digests.
    ///
    /// # Errors
    /// Where the store cannot be listed.
    pub async fn list(&self) -> Result<Vec<(Blake3, u64)>, DocumentError> {
        Ok(self.walk().await?.0)
    }

    /// How much is kept. Looks at every document's length and reads none.
    ///
    /// # Errors
    /// Where the store cannot be listed.
    pub async fn usage(&self) -> Result<Usage, DocumentError> {
        let all = self.list().await?;
        Ok(Usage {
            documents: all.len() as u64,
            bytes: all.iter().map(|(_, size)| size).sum(),
        })
    }

    /// The documents, and the paths of what is none, both in order.
    pub(crate) async fn walk(&self) -> Result<(Vec<(Blake3, u64)>, Vec<String>), DocumentError> {
        let incoming = self.prefix.clone().join(INCOMING);
        let (mut documents, mut misplaced) = (Vec::new(), Vec::new());
        let mut all = self.store.list(Some(&self.prefix));
        while let Some(meta) = all.try_next().await? {
            if meta.location.prefix_matches(&incoming) {
                continue;
            }
            let name = meta.location.filename().and_then(|name| name.parse().ok());
            match name {
                Some(blake3) if self.place(&blake3) == meta.location => {
                    documents.push((blake3, meta.size));
                }
                _ => misplaced.push(meta.location.to_string()),
            }
        }
        documents.sort_unstable();
        misplaced.sort_unstable();
        Ok((documents, misplaced))
    }

    fn place(&self, blake3: &Blake3) -> Place {
        let name = blake3.to_string();
        let first = &name[..2];
        self.prefix.clone().join(first).join(name.as_str())
    }

    /// A place that nobody else uses.
    fn incoming_place(&self) -> Place {
        let mut random = [0; 16];
        OsRng.fill_bytes(&mut random);
        let name: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
        self.prefix.clone().join(INCOMING).join(name)
    }

    /// Makes durable what the local file system of `object_store` does not: the name of a folder that
    /// another writer made a moment ago, and that a document is gone.
    async fn sync(&self, removed: Option<&Blake3>) -> Result<(), DocumentError> {
        let Some(local) = &self.local else {
            return Ok(());
        };
        let folder = match removed {
            None => local.folder.clone(),
            Some(blake3) => local.folder.join(&blake3.to_string()[..2]),
        };
        // A disk may take long, and others wait for this thread; without a runtime nobody does.
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            return sync_folder(&folder);
        };
        let path = folder.clone();
        let synced = runtime.spawn_blocking(move || sync_folder(&path)).await;
        synced.map_err(|stopped| failed(&folder)(stopped.into()))?
    }
}

/// Makes the names in a folder durable. Unix only: elsewhere a folder cannot be opened as a file.
fn sync_folder(folder: &Path) -> Result<(), DocumentError> {
    if !cfg!(unix) {
        return Ok(());
    }
    let sync = || File::open(folder)?.sync_all();
    sync().map_err(failed(folder))
}

/// Removes what was never received in full. Called while nobody is receiving.
fn remove_leftovers(incoming: &Path) -> Result<(), DocumentError> {
    let remove = || {
        for file in fs::read_dir(incoming)? {
            let file = file?;
            if file.file_name() != LOCK {
                fs::remove_file(file.path())?;
            }
        }
        io::Result::Ok(())
    };
    remove().map_err(failed(incoming))
}

fn found_or_none<T>(found: object_store::Result<T>) -> Result<Option<T>, DocumentError> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(object_store::Error::NotFound { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
