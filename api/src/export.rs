//! The auditor's bundle as one stream: a tar archive (POSIX ustar) that is made while it is sent, so
//! that nothing of it ever lies on the server's disk, and only so much in memory as is on its way.

use std::io::{self, Read, Write};
use std::time::Duration;

use axum::body::Bytes;
use futures_util::StreamExt as _;
use minutebook_documents::{Document, Documents};
use minutebook_events::{Confidentiality, Content, DocumentRef};
use minutebook_ledger::bundle::{self, BundleError, Sink};
use minutebook_ledger::log::{Published, StoredEntry};
use minutebook_projections::Views;
use tokio::runtime::Handle;
use tokio::sync::mpsc;

use crate::server::Ledger;

/// The bytes of a piece, and how many of them wait for a slow reader.
const PIECE: usize = 64 << 10;
const PIECES: usize = 4;

/// A bundle on its way.
pub type Pieces = mpsc::Receiver<io::Result<Bytes>>;

/// Both ends of what a bundle is sent through.
pub fn pipe() -> (mpsc::Sender<io::Result<Bytes>>, Pieces) {
    mpsc::channel(PIECES)
}

/// Writes the bundle of a ledger at the size that was `published`, with what a reader of `level` may
/// read, into a pipe. Blocks; ends early where nobody takes a piece for as long as `patience`. A bundle
/// that fails ends with an error in its stream, so that nobody takes it for whole.
pub fn write(
    ledger: &Ledger,
    published: &Published<Views>,
    level: Confidentiality,
    patience: Duration,
    pipe: &mpsc::Sender<io::Result<Bytes>>,
) {
    let runtime = Handle::current();
    let out = Out {
        pipe: pipe.clone(),
        runtime: runtime.clone(),
        patience,
        piece: Vec::with_capacity(PIECE),
    };
    let mut archive = Archive {
        folder: folder(ledger, published),
        time: u64::try_from(published.recorded_at).unwrap_or_default(),
        tar: tar::Builder::new(out),
        documents: ledger.documents.as_ref(),
        runtime: runtime.clone(),
    };
    let give = |entry: &StoredEntry, part: usize| may_give(level, entry, part);
    let written = bundle::write(&ledger.log, published, &mut archive, give, |_, _| {});
    let ended = written.map_err(Unfinished::from).and_then(|_| {
        let mut out = archive.tar.into_inner()?;
        Ok(out.flush()?)
    });
    if let Err(error) = ended {
        tracing::warn!(ledger = ledger.name, %error, "a bundle was not given out whole");
        let broken = pipe.send(Err(io::Error::other("the bundle is not whole")));
        // Where nobody takes anything any more, nobody takes this either.
        let _ = runtime.block_on(async { tokio::time::timeout(patience, broken).await });
    }
}

/// The name of a bundle: the ledger's, and the size.
pub fn folder(ledger: &Ledger, published: &Published<Views>) -> String {
    format!("{}-{}", ledger.name, published.head.size)
}

/// Whether a reader may be given a part of an entry: its event where they may read it, and a sealed
/// part where they may read everything.
pub fn may_give(level: Confidentiality, entry: &StoredEntry, part: usize) -> bool {
    match &entry.content {
        Content::Event(event) if part == 0 => event.common.confidentiality <= level,
        _ => part > 0 && level == Confidentiality::Restricted,
    }
}

#[derive(Debug, thiserror::Error)]
enum Unfinished {
    #[error(transparent)]
    Bundle(#[from] BundleError),
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// A tar archive of one folder.
struct Archive<'a> {
    tar: tar::Builder<Out>,
    folder: String,
    /// When every file in it was changed: as the newest entry was recorded, so that the same record
    /// gives the same bytes.
    time: u64,
    documents: Option<&'a Documents>,
    runtime: Handle,
}

impl Archive<'_> {
    fn append(&mut self, path: &str, size: u64, bytes: impl Read) -> io::Result<()> {
        let mut header = tar::Header::new_ustar();
        header.set_entry_type(tar::EntryType::Regular);
        header.set_mode(0o644);
        header.set_mtime(self.time);
        header.set_size(size);
        let path = format!("{}/{path}", self.folder);
        // A reader that ends early would shift all that follows.
        let mut counted = Counted { bytes, left: size };
        self.tar.append_data(&mut header, path, &mut counted)?;
        match counted.left {
            0 => Ok(()),
            _ => Err(io::ErrorKind::UnexpectedEof.into()),
        }
    }
}

impl Sink for Archive<'_> {
    fn put(&mut self, path: &str, bytes: &[u8]) -> io::Result<()> {
        self.append(path, bytes.len() as u64, bytes)
    }

    fn put_document(&mut self, path: &str, document: &DocumentRef) -> io::Result<bool> {
        let Some(documents) = self.documents else {
            return Ok(false);
        };
        let found = self.runtime.block_on(documents.get(&document.blake3));
        let Some(found) = found.map_err(io::Error::other)? else {
            return Ok(false);
        };
        let size = found.size;
        let bytes = Reading {
            document: found,
            piece: Bytes::new(),
            runtime: self.runtime.clone(),
        };
        self.append(path, size, bytes)?;
        Ok(true)
    }
}

/// What was said to be so long, and how much of it is still to come.
struct Counted<R> {
    bytes: R,
    left: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.bytes.read(buffer)?;
        match self.left.checked_sub(read as u64) {
            Some(left) => self.left = left,
            None => return Err(io::Error::other("the document grew while it was read")),
        }
        Ok(read)
    }
}

/// A document, for whoever blocks.
struct Reading {
    document: Document,
    piece: Bytes,
    runtime: Handle,
}

impl Read for Reading {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.piece.is_empty() {
            match self.runtime.block_on(self.document.bytes.next()) {
                Some(piece) => self.piece = piece.map_err(io::Error::other)?,
                None => return Ok(0),
            }
        }
        let length = buffer.len().min(self.piece.len());
        let taken = self.piece.split_to(length);
        buffer[..length].copy_from_slice(&taken);
        Ok(length)
    }
}

/// The end of the pipe that is written to.
struct Out {
    pipe: mpsc::Sender<io::Result<Bytes>>,
    runtime: Handle,
    patience: Duration,
    piece: Vec<u8>,
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = PIECE.saturating_sub(self.piece.len());
        let taken = &bytes[..bytes.len().min(room)];
        self.piece.extend_from_slice(taken);
        if self.piece.len() >= PIECE {
            self.flush()?;
        }
        Ok(taken.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.piece.is_empty() {
            return Ok(());
        }
        let piece = std::mem::replace(&mut self.piece, Vec::with_capacity(PIECE));
        let sent = self.pipe.send(Ok(piece.into()));
        let patience = self.patience;
        let sent = async { tokio::time::timeout(patience, sent).await };
        match self.runtime.block_on(sent) {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(io::ErrorKind::BrokenPipe.into()),
            Err(_) => Err(io::ErrorKind::TimedOut.into()),
        }
    }
}
