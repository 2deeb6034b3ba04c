//! A client of Minutebook's HTTP interface: small, blocking and typed.
//!
//! ```no_run
//! # fn main() -> Result<(), minutebook_client::ClientError> {
//! use minutebook_client::Client;
//!
//! let nwl = Client::new("https://minutebook.example")?.ledger("nwl")?;
//! let about = nwl.about()?;
//! let checkpoint = nwl.checkpoint(&about.vkey)?;
//! println!("{} entries", checkpoint.head.size);
//! for entry in nwl.entries(&Default::default()) {
//!     println!("{}", entry?.summary.unwrap_or_default());
//! }
//! # Ok(())
//! # }
//! ```
//!
//! Nothing that a server says is believed because it says so. Sizes are bounded; a checkpoint, a proof
//! and a receipt count once they verify under the log's keys ([`Keys`]), and a whole ledger is audited
//! over HTTP as a bundle is, with [`Copy`]. Keys that a server itself gives show that its answers fit
//! together, not whose they are: take the vkey from the partnership by another way.
//!
//! Private keys never leave this side: [`LedgerClient::sign_in`] and
//! `minutebook_ledger::author::Author` sign here.
//!
//! Start at [`Client`], then [`LedgerClient`]. Out of scope: anything that folds events into views;
//! those are asked for as papers ([`LedgerClient::paper`]).

mod address;
mod answers;
mod entries;
mod error;
mod evidence;
mod keys;
mod ledger;
mod session;
mod submit;
mod transport;
mod watch;

pub use address::Address;
pub use answers::{
    About, Brief, Challenge, Entry, Erasure, Held, KeptDocument, Page, Sealed, Seen, SignedIn,
    Signer, Statement,
};
pub use entries::{Entries, EntriesQuery};
pub use error::{ClientError, Problem, Unproved};
pub use evidence::Copy;
pub use keys::Keys;
pub use ledger::{Client, LedgerClient};
pub use session::signed_text;
pub use submit::{Entered, EnteredEntry};
pub use watch::Watch;
