//! The log's index: the ids and digests of all entries, by which a repeat is known. It is kept in pages,
//! so that opening need not read every entry, and is only ever a cache.

use rayon::prelude::*;

use super::{ReadError, stored_entry};
use crate::chain::{Chain, index_entry};
use crate::store::{Record, Store};
use crate::tile::TILE_WIDTH;

/// Tells the chain the ids and digests of the first `size` entries. Only a writer needs them, so this
/// is the first thing that it does, while readers are served already.
pub(super) fn remember_index(
    store: &dyn Store,
    size: u64,
    chain: &mut Chain,
) -> Result<(), ReadError> {
    let pages: Vec<Vec<u8>> = (0..size.div_ceil(u64::from(TILE_WIDTH)))
        .into_par_iter()
        .map(|index| match store.page(index)? {
            Some(page) if IndexPage::is_whole(&page) => Ok(page),
            _ => make_page(store, index, size),
        })
        .collect::<Result<_, ReadError>>()?;
    chain.remember(size, || {
        pages.iter().flat_map(|page| IndexPage::entries(page))
    });
    Ok(())
}

/// Makes an index page again from its entries, and keeps it where it is whole.
fn make_page(store: &dyn Store, index: u64, size: u64) -> Result<Vec<u8>, ReadError> {
    let first = index * u64::from(TILE_WIDTH);
    let range = first..(first + u64::from(TILE_WIDTH)).min(size);
    let mut page = IndexPage::default();
    for (position, record) in range.clone().zip(store.read(range)?) {
        let (id, digests) = index_of(position, record)?;
        page.push(id, &digests);
    }
    let page = page.take();
    if IndexPage::is_whole(&page) {
        // Only a cache: without it the next opening makes it once more.
        let _ = store.put_page(index, &page);
    }
    Ok(page)
}

/// The digests of an entry's sealed parts.
pub(super) fn sealed_digests(
    record: &Record,
) -> impl Iterator<Item = minutebook_events::Digest> + '_ {
    record
        .disclosures
        .iter()
        .skip(1)
        .map(|part| minutebook_events::Digest(part.digest))
}

type IndexEntry = ([u8; 16], Vec<[u8; 16]>);

/// What an index page holds of a stored entry.
pub(super) fn index_of(position: u64, record: Record) -> Result<IndexEntry, ReadError> {
    let sealed: Vec<_> = sealed_digests(&record).collect();
    let entry = stored_entry(position, record)?;
    Ok(index_entry(entry.statement.claims(), &sealed))
}

/// The ids and digests of up to 256 entries: for each, 16 bytes of id, a count, 16 bytes a digest.
#[derive(Debug, Default)]
pub(super) struct IndexPage(Vec<u8>);

impl IndexPage {
    pub fn push(&mut self, id: [u8; 16], digests: &[[u8; 16]]) {
        self.0.extend(id);
        // An event of 64 KiB has room for fewer than 2,000 digests of 34 bytes.
        self.0.extend(
            u16::try_from(digests.len())
                .unwrap_or(u16::MAX)
                .to_be_bytes(),
        );
        self.0.extend(digests.iter().flatten());
    }

    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.0)
    }

    /// Whether these bytes are the page of 256 entries.
    fn is_whole(bytes: &[u8]) -> bool {
        Self::entries(bytes).count() == usize::from(TILE_WIDTH)
    }

    /// The entries of a page: id, and digests one after another. Ends where the bytes do.
    fn entries(mut bytes: &[u8]) -> impl Iterator<Item = (&[u8; 16], &[u8])> {
        std::iter::from_fn(move || {
            let (id, rest) = bytes.split_first_chunk::<16>()?;
            let (count, rest) = rest.split_first_chunk::<2>()?;
            let (digests, rest) =
                rest.split_at_checked(usize::from(u16::from_be_bytes(*count)) * 16)?;
            bytes = rest;
            Some((id, digests))
        })
    }
}
