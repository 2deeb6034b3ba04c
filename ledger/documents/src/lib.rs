//! The papers, minutes and other documents that the record names, kept by their content.
//!
//! An event names a document by its BLAKE3 digest, and the bytes lie here under that name. A document
//! is durable once [`Documents::put`] has returned, so whoever records an event that names it puts it
//! first. The store knows no event: who may read a document is for the views to say.
//!
//! ```text
//! documents/
//!   <first 2 hex digits>/<BLAKE3, hex>   a document, whole or not there
//!   incoming/                            what is being received; emptied when nobody is receiving
//! ```
//!
//! **Durability.** The store is `object_store`. Its local file system is opened with syncing on: a
//! file is synced before it gets its name, and the folder of the name after. That leaves two gaps,
//! which are closed here: a folder that another writer has just made is not synced by the second one
//! to use it, and removals are not synced at all. Services that speak the S3 protocol promise
//! durability with their answer.
//!
//! **S3.** [`Documents::over`] takes any `object_store::ObjectStore`; building one for S3 needs that
//! crate's feature `aws`, which is not compiled in. Uploads that were never finished are not removed
//! there by this program: give the bucket a rule that ends incomplete uploads and expires
//! `incoming/`.
//!
//! ```
//! # use minutebook_documents::{Documents, Limits};
//! # use futures_util::{TryStreamExt as _, stream};
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! let documents = Documents::open(folder.path())?;
//! let pieces = stream::iter([Ok::<_, std::io::Error>("The minutes".into())]);
//! let stored = documents.put(pieces, Limits::default()).await?;
//! let document = documents.get(&stored.blake3).await?.ok_or("it is gone")?;
//! let pieces: Vec<_> = document.bytes.try_collect().await?;
//! assert_eq!(pieces.concat(), b"The minutes");
//! # Ok(())
//! # }
//! ```

mod check;
mod error;
mod incoming;
mod read;
mod store;

pub use check::CheckReport;
pub use error::DocumentError;
pub use incoming::{Limits, MAX_DOCUMENT, Stored};
pub use read::Document;
pub use store::{Documents, Usage};
