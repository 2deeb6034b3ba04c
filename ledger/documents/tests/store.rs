//! What is put comes back, whole or not at all, whatever breaks on the way.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use minutebook_documents::{DocumentError, Documents, Limits, MAX_DOCUMENT, Stored};
use minutebook_events::{Blake3, Digest};
use object_store::memory::InMemory;
use proptest::prelude::*;
use tempfile::TempDir;

fn run<T>(work: impl Future<Output = T>) -> T {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.build().unwrap().block_on(work)
}

fn digest(bytes: &[u8]) -> Blake3 {
    Blake3(*blake3::hash(bytes).as_bytes())
}

async fn put_pieces(
    documents: &Documents,
    bytes: &[u8],
    piece: usize,
    limits: Limits,
) -> Result<Stored, DocumentError> {
    let pieces: Vec<_> = bytes.chunks(piece).map(Bytes::copy_from_slice).collect();
    let pieces = pieces.into_iter().map(Ok::<_, io::Error>);
    documents.put(stream::iter(pieces), limits).await
}

async fn put(documents: &Documents, bytes: &[u8]) -> Stored {
    put_pieces(documents, bytes, 1 << 16, Limits::default())
        .await
        .unwrap()
}

/// The bytes that come before the end or the error.
async fn read(documents: &Documents, blake3: &Blake3) -> (Vec<u8>, Option<DocumentError>) {
    let mut bytes = documents.get(blake3).await.unwrap().unwrap().bytes;
    let mut read = Vec::new();
    while let Some(piece) = bytes.next().await {
        match piece {
            Ok(piece) => read.extend_from_slice(&piece),
            Err(error) => {
                assert!(bytes.next().await.is_none(), "an error ends the stream");
                return (read, Some(error));
            }
        }
    }
    (read, None)
}

fn folder() -> (TempDir, Documents) {
    let folder = tempfile::tempdir().unwrap();
    let documents = Documents::open(folder.path()).unwrap();
    (folder, documents)
}

fn file_of(folder: &TempDir, blake3: &Blake3) -> PathBuf {
    let name = blake3.to_string();
    let documents = folder.path().join("documents");
    documents.join(&name[..2]).join(name)
}

/// Every file but the lock.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if !path.ends_with("incoming/LOCK") {
                files.push(path);
            }
        }
    }
    files
}

#[test]
fn a_document_lies_under_its_digest_and_carries_both() {
    let (folder, documents) = folder();
    let stored = run(put(&documents, b"abc"));
    let blake3 = "6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85";
    let sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(stored.blake3, blake3.parse().unwrap());
    assert_eq!(stored.sha256, sha256.parse().unwrap());
    assert_eq!(stored.size, 3);
    let file = folder.path().join("documents/64").join(blake3);
    assert_eq!(files(folder.path()), [file]);
}

#[test]
fn what_is_put_is_found_and_what_is_deleted_is_not() {
    let memory = Documents::over(Arc::new(InMemory::new()), "nwl/documents");
    let (_folder, local) = folder();
    run(async {
        for documents in [memory, local] {
            let nobody = digest(b"nobody put this");
            assert!(documents.get(&nobody).await.unwrap().is_none());
            assert!(!documents.delete(&nobody).await.unwrap());
            let first = put(&documents, b"first").await;
            let second = put(&documents, b"the second").await;
            assert!(documents.has(&first.blake3).await.unwrap());
            assert_eq!(documents.size(&second.blake3).await.unwrap(), Some(10));
            let mut all = vec![(first.blake3, 5), (second.blake3, 10)];
            all.sort();
            assert_eq!(documents.list().await.unwrap(), all);
            let usage = documents.usage().await.unwrap();
            assert_eq!((usage.documents, usage.bytes), (2, 15));
            assert_eq!(documents.check().await.unwrap().usage, usage);

            assert!(documents.delete(&first.blake3).await.unwrap());
            assert!(!documents.delete(&first.blake3).await.unwrap());
            assert!(documents.get(&first.blake3).await.unwrap().is_none());
            assert_eq!(documents.list().await.unwrap(), [(second.blake3, 10)]);
        }
    });
}

#[test]
fn what_may_not_be_kept_leaves_nothing() {
    let (folder, documents) = folder();
    run(async {
        let limits = |max_size, expected| Limits { max_size, expected };
        let error = |bytes: &'static [u8], limits| {
            let documents = &documents;
            async move { put_pieces(documents, bytes, 2, limits).await.unwrap_err() }
        };
        let empty = error(b"", Limits::default()).await;
        assert!(matches!(empty, DocumentError::Empty));
        let long = error(b"abcd", limits(3, None)).await;
        assert!(matches!(long, DocumentError::TooLarge { limit: 3 }));
        let other = error(b"abcd", limits(4, Some(digest(b"abc")))).await;
        assert!(matches!(other, DocumentError::Mismatch { found, .. } if found == digest(b"abcd")));
        assert_eq!(files(folder.path()), Vec::<PathBuf>::new());
        let right = limits(4, Some(digest(b"abcd")));
        put_pieces(&documents, b"abcd", 2, right).await.unwrap();
    });
}

#[test]
fn a_document_of_64_mib_is_kept_and_one_byte_more_is_not() {
    let (folder, documents) = folder();
    run(async {
        let mebibyte = Bytes::from(vec![7; 1 << 20]);
        let whole = || {
            stream::repeat(mebibyte.clone())
                .take(64)
                .map(Ok::<_, io::Error>)
        };
        let more = whole().chain(stream::iter([Ok(Bytes::from_static(b"."))]));
        let limits = Limits {
            // Nothing raises the limit.
            max_size: u64::MAX,
            expected: None,
        };
        let refused = documents.put(more, limits).await.unwrap_err();
        assert!(matches!(refused, DocumentError::TooLarge { limit } if limit == MAX_DOCUMENT));
        assert!(files(folder.path()).is_empty());
        let stored = documents.put(whole(), limits).await.unwrap();
        assert_eq!(stored.size, MAX_DOCUMENT);
        let document = documents.get(&stored.blake3).await.unwrap().unwrap();
        assert_eq!(document.size, MAX_DOCUMENT);
        document.verify().await.unwrap();
    });
}

#[test]
fn a_sender_who_stops_leaves_nothing() {
    let (folder, documents) = folder();
    run(async {
        let broken = stream::iter([
            Ok(Bytes::from_static(b"half of it")),
            Err(io::Error::from(io::ErrorKind::ConnectionReset)),
        ]);
        let error = documents.put(broken, Limits::default()).await.unwrap_err();
        assert!(matches!(error, DocumentError::Receiving(_)));
        assert!(files(folder.path()).is_empty());
        // Or who says nothing more, until the caller gives up.
        let silent = stream::iter([Ok::<_, io::Error>("half".into())]).chain(stream::pending());
        tokio::select! {
            biased;
            _ = documents.put(silent, Limits::default()) => panic!("it never ended"),
            () = tokio::task::yield_now() => {}
        }
        assert!(documents.list().await.unwrap().is_empty());
    });
    drop(documents);
    Documents::open(folder.path()).unwrap();
    assert!(files(folder.path()).is_empty());
}

#[test]
fn leftovers_go_when_nobody_may_be_receiving_them() {
    let (folder, documents) = folder();
    let kept = run(put(&documents, b"kept")).blake3;
    let incoming = folder.path().join("documents/incoming");
    let leftovers = [incoming.join("00ff"), incoming.join("00ff#1")];
    for path in &leftovers {
        fs::write(path, b"half").unwrap();
    }
    assert_eq!(run(documents.list()).unwrap(), [(kept, 4)]);
    assert!(run(documents.check()).unwrap().is_sound());
    let other = Documents::open(folder.path()).unwrap();
    assert!(leftovers.iter().all(|path| path.exists()));
    drop((documents, other));
    let documents = Documents::open(folder.path()).unwrap();
    assert_eq!(files(folder.path()), [file_of(&folder, &kept)]);
    assert_eq!(run(read(&documents, &kept)).0, b"kept");
}

#[test]
fn writers_at_once_do_not_disturb_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    runtime.worker_threads(4).build().unwrap().block_on(async {
        let contents = |n: u32| vec![u8::try_from(n % 5).unwrap(); 200_000];
        let writers: Vec<_> = (0..20)
            .map(|n| {
                // Each with a handle of its own, as two processes would have; five write the same.
                let documents = Documents::open(folder.path()).unwrap();
                tokio::spawn(async move { put(&documents, &contents(n)).await })
            })
            .collect();
        for writer in writers {
            assert_eq!(writer.await.unwrap().size, 200_000);
        }
        let documents = Documents::open(folder.path()).unwrap();
        let report = documents.check().await.unwrap();
        assert!(report.is_sound());
        assert_eq!(report.usage.documents, 5);
    });
    assert_eq!(files(folder.path()).len(), 5, "nothing else is left");
}

#[test]
fn what_lies_elsewhere_is_found_by_the_check_only() {
    let (folder, documents) = folder();
    let stored = run(put(&documents, b"abc"));
    let right = file_of(&folder, &stored.blake3);
    let elsewhere = folder.path().join("documents/ff");
    fs::create_dir(&elsewhere).unwrap();
    fs::rename(&right, elsewhere.join(stored.blake3.to_string())).unwrap();
    fs::write(folder.path().join("documents/notes.txt"), b"x").unwrap();
    assert!(run(documents.list()).unwrap().is_empty());
    assert!(!run(documents.has(&stored.blake3)).unwrap());
    let report = run(documents.check()).unwrap();
    let misplaced = [format!("ff/{}", stored.blake3), "notes.txt".into()];
    assert_eq!(report.misplaced, misplaced);
    assert!(report.damaged.is_empty() && !report.is_sound());
}

/// What happens to a file.
#[derive(Debug, Clone)]
enum Damage {
    Flip(prop::sample::Index, u8),
    Cut(prop::sample::Index),
    Append(Vec<u8>),
}

impl Damage {
    fn to(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::Flip(at, mask) => {
                let at = at.index(bytes.len());
                bytes[at] ^= mask;
            }
            Self::Cut(at) => bytes.truncate(at.index(bytes.len())),
            Self::Append(more) => bytes.extend_from_slice(more),
        }
    }
}

fn damage() -> impl Strategy<Value = Damage> {
    prop_oneof![
        (any::<prop::sample::Index>(), 1..=u8::MAX).prop_map(|(at, mask)| Damage::Flip(at, mask)),
        any::<prop::sample::Index>().prop_map(Damage::Cut),
        prop::collection::vec(any::<u8>(), 1..20_000).prop_map(Damage::Append),
    ]
}

fn contents() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 1..40_000)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_comes_back_is_what_was_put(bytes in contents(), piece in 1_usize..50_000) {
        let (_folder, documents) = folder();
        run(async {
            let stored = put_pieces(&documents, &bytes, piece, Limits::default()).await.unwrap();
            assert_eq!(stored.blake3, digest(&bytes));
            assert_eq!(stored.sha256, Digest::of(&bytes));
            assert_eq!(stored.size, bytes.len() as u64);
            // The same again is no matter.
            assert_eq!(put(&documents, &bytes).await, stored);
            let (found, error) = read(&documents, &stored.blake3).await;
            assert!(error.is_none());
            assert_eq!(found, bytes);
        });
    }

    #[test]
    fn damage_is_found_and_never_given_out_whole(bytes in contents(), damage in damage()) {
        let (folder, documents) = folder();
        run(async {
            let stored = put(&documents, &bytes).await;
            let sound = put(&documents, b"beside it").await;
            let mut damaged = bytes.clone();
            damage.to(&mut damaged);
            fs::write(file_of(&folder, &stored.blake3), &damaged).unwrap();

            let (given, error) = read(&documents, &stored.blake3).await;
            assert!(matches!(error, Some(DocumentError::Damaged(name)) if name == stored.blake3));
            assert!(given.is_empty() || given.len() < damaged.len());
            let report = documents.check().await.unwrap();
            assert_eq!(report.damaged, [stored.blake3]);
            assert!(documents.has(&sound.blake3).await.unwrap());

            // Whoever still has it puts it again.
            put(&documents, &bytes).await;
            assert!(documents.check().await.unwrap().is_sound());
        });
    }
}
