//! Papers and other documents of a ledger: who may read them, and that they go with what named them.

use std::collections::BTreeSet;

use minutebook_documents::{DocumentError, Documents};
use minutebook_events::{Blake3, Content, Event, Kind, Payload, Recorded};
use minutebook_ledger::log::{Log, ReadError};
use minutebook_projections::Views;
use minutebook_projections::documents::DocumentIndex;

use crate::folds::{Follower, Follows};

impl Follows for DocumentIndex {
    fn fold(&mut self, recorded: &Recorded<Content>) {
        Self::fold(self, recorded);
    }

    fn is_stale(&self, views: &Views) -> bool {
        Self::is_stale(self, views)
    }
}

/// The documents that an entry names whose content `event` is about to erase, or dispose of. To be
/// asked before it is recorded: afterwards nobody knows.
///
/// # Errors
/// Where the entry cannot be read.
pub fn doomed(log: &Log<Views>, event: &Event) -> Result<Vec<Blake3>, ReadError> {
    let digests = match &event.payload {
        Payload::ContentErased(fields) => vec![fields.digest],
        Payload::RecordDisposed(fields) => fields.digests.clone(),
        _ => return Ok(Vec::new()),
    };
    let subject = &event.common.subject;
    let position = (subject.kind() == Kind::Record)
        .then(|| subject.name().parse::<u64>().ok())
        .flatten();
    let Some(position) = position.filter(|at| *at < log.published().head.size) else {
        return Ok(Vec::new());
    };
    let entry = log.entry(position)?;
    let Content::Event(named) = &entry.content else {
        return Ok(Vec::new());
    };
    let goes = digests.contains(&entry.statement.claims().digest);
    let documents = named.payload.documents().into_iter();
    Ok(documents.filter(|_| goes).map(|one| one.blake3).collect())
}

/// Removes those of some documents that no entry names any more.
///
/// # Errors
/// Where an entry cannot be read or a document not be removed.
pub async fn remove_unnamed(
    log: &Log<Views>,
    index: &Follower<DocumentIndex>,
    documents: &Documents,
    some: impl IntoIterator<Item = Blake3>,
) -> Result<u64, RemoveError> {
    let unnamed: BTreeSet<Blake3> = {
        let index = index.up_to_date(log)?;
        let some = some.into_iter();
        some.filter(|document| !index.0.is_named(document))
            .collect()
    };
    let mut removed = 0;
    for document in unnamed {
        removed += u64::from(documents.delete(&document).await?);
    }
    Ok(removed)
}

/// Removes every document that no entry names, where something was ever erased: what an erasure that
/// was cut short has left. Whoever had sent one and not recorded it yet is told to send it again.
///
/// # Errors
/// As [`remove_unnamed`].
pub async fn sweep(
    log: &Log<Views>,
    index: &Follower<DocumentIndex>,
    documents: &Documents,
) -> Result<u64, RemoveError> {
    if log.published().views.records.erasures() == 0 {
        return Ok(0);
    }
    let all = documents.list().await?;
    remove_unnamed(
        log,
        index,
        documents,
        all.into_iter().map(|(document, _)| document),
    )
    .await
}

/// Why documents that nothing names are still there.
#[derive(Debug, thiserror::Error)]
pub enum RemoveError {
    /// An entry cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A document cannot be removed.
    #[error(transparent)]
    Document(#[from] DocumentError),
}
