//! A server, and one of its ledgers.

use minutebook_events::Digest;
use minutebook_keys::{VerifierKey, Zeroizing};
use minutebook_ledger::checkpoint::Checkpoint;
use minutebook_ledger::disclosure::MAX_DISCLOSURE;
use minutebook_ledger::receipt::MAX_RECEIPT_BYTES;
use minutebook_ledger::statement::{MAX_STATEMENT, Statement};
use minutebook_ledger::tile::{EntriesId, TileId};
use minutebook_ledger::tlog_proof::TlogProof;
use serde::Deserialize;
use ureq::tls::{Certificate, PemItem, parse_pem};

use crate::address::{part, with_query};
use crate::transport::{Method, Request, Transport};
use crate::{About, Address, Brief, ClientError, Entry, KeptDocument, Unproved};

/// The largest answer in JSON, and the largest paper.
pub(crate) const MAX_ANSWER: u64 = 64 << 20;

/// The largest checkpoint or proof: what the ledger itself reads.
const MAX_NOTE: u64 = 1 << 20;

/// The largest tile: 256 hashes.
const MAX_TILE: u64 = 256 * 32;

/// The largest bundle of entries: 256 of them, each behind its length.
const MAX_ENTRIES: u64 = 256 * (MAX_STATEMENT as u64 + 2);

/// A server of ledgers.
#[derive(Debug, Clone)]
pub struct Client {
    transport: Transport,
}

impl Client {
    /// The server at an address such as `https://minutebook.example`. Nothing is asked of it yet.
    ///
    /// # Errors
    /// Where that is no address.
    pub fn new(address: &str) -> Result<Self, ClientError> {
        Ok(Self::at(Address::parse(address)?))
    }

    /// The server at an address.
    pub fn at(address: Address) -> Self {
        Self {
            transport: Transport::new(address, None),
        }
    }

    /// The server at an address, whose certificate comes from one of the authorities in `pem` and from
    /// no other: for a partnership that has an authority of its own.
    ///
    /// # Errors
    /// Where `pem` holds no certificate.
    pub fn with_authorities(address: Address, pem: &[u8]) -> Result<Self, ClientError> {
        let certificates: Vec<Certificate<'static>> = parse_pem(pem)
            .filter_map(|item| match item {
                Ok(PemItem::Certificate(certificate)) => Some(certificate),
                _ => None,
            })
            .collect();
        if certificates.is_empty() {
            return Err(ClientError::NoCertificate);
        }
        Ok(Self {
            transport: Transport::new(address, Some(&certificates)),
        })
    }

    /// Where it is.
    pub fn address(&self) -> &Address {
        &self.transport.address
    }

    /// Its ledgers, in the order of their names.
    ///
    /// # Errors
    /// Where it gives no such answer.
    pub fn ledgers(&self) -> Result<Vec<Brief>, ClientError> {
        #[derive(Deserialize)]
        struct Ledgers {
            ledgers: Vec<Brief>,
        }
        let listed: Ledgers = self.transport.json(&Request {
            method: Method::Get,
            path: "/v1/ledgers".into(),
            token: None,
            limit: MAX_ANSWER,
        })?;
        Ok(listed.ledgers)
    }

    /// One of its ledgers. Nothing is asked of the server yet.
    ///
    /// # Errors
    /// Where no ledger can be called that.
    pub fn ledger(&self, name: &str) -> Result<LedgerClient, ClientError> {
        if matches!(name, "" | "." | "..") {
            return Err(ClientError::Name(name.to_owned()));
        }
        Ok(LedgerClient {
            transport: self.transport.clone(),
            name: name.to_owned(),
            token: None,
        })
    }
}

/// A ledger of a server, as someone or as nobody in particular.
#[derive(Clone)]
pub struct LedgerClient {
    pub(crate) transport: Transport,
    pub(crate) name: String,
    /// The session's token. It is as good as the key while the session lasts.
    pub(crate) token: Option<Zeroizing<String>>,
}

impl std::fmt::Debug for LedgerClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LedgerClient")
            .field("server", &self.transport.address)
            .field("name", &self.name)
            .field("signed_in", &self.token.is_some())
            .finish_non_exhaustive()
    }
}

impl LedgerClient {
    /// Its name in addresses.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where its server is.
    pub fn address(&self) -> &Address {
        &self.transport.address
    }

    /// A request to an address below `/v1/ledgers/<name>`.
    pub(crate) fn request<'a>(
        &'a self,
        method: Method<'a>,
        below: &str,
        limit: u64,
    ) -> Request<'a> {
        Request {
            method,
            path: format!("/v1/ledgers/{}{below}", part(&self.name)),
            token: self.token.as_ref(),
            limit,
        }
    }

    fn log(&self, below: &str, limit: u64) -> Request<'_> {
        Request {
            method: Method::Get,
            path: format!("/log/{}/{below}", part(&self.name)),
            // The log is open to all.
            token: None,
            limit,
        }
    }

    /// What the server says of the ledger, its keys among it. Where the checkpoint in it does not
    /// belong to the vkey beside it, the answer is no answer.
    ///
    /// # Errors
    /// Where it gives no such answer, or is for members only and nobody is signed in.
    pub fn about(&self) -> Result<About, ClientError> {
        let about: About = self
            .transport
            .json(&self.request(Method::Get, "", MAX_ANSWER))?;
        let head = Checkpoint::open(&about.checkpoint, &about.vkey)
            .map_err(Unproved::from)?
            .head;
        if about.brief.origin != about.vkey.name().as_str()
            || (head.size, head.root) != (about.brief.size, about.brief.root)
        {
            let what = "its checkpoint is over another tree than it says";
            return Err(Unproved::Contradiction(what.into()).into());
        }
        Ok(about)
    }

    /// The newest checkpoint, under the log's key.
    ///
    /// # Errors
    /// Where it cannot be had or is not signed with that key.
    pub fn checkpoint(&self, vkey: &VerifierKey) -> Result<Checkpoint, ClientError> {
        let note = self.checkpoint_note()?;
        Ok(Checkpoint::open(&note, vkey).map_err(Unproved::from)?)
    }

    /// The note with the newest checkpoint, unchecked.
    ///
    /// # Errors
    /// Where it cannot be had.
    pub fn checkpoint_note(&self) -> Result<String, ClientError> {
        self.transport.text(&self.log("checkpoint", MAX_NOTE))
    }

    /// A tile of the tree, unchecked but for its size.
    ///
    /// # Errors
    /// Where it cannot be had.
    pub fn tile(&self, id: TileId) -> Result<Vec<u8>, ClientError> {
        Ok(self.transport.ask(&self.log(&id.path(), MAX_TILE))?.bytes)
    }

    /// A bundle of entries, unchecked.
    ///
    /// # Errors
    /// Where it cannot be had.
    pub fn entries_bundle(&self, id: EntriesId) -> Result<Vec<u8>, ClientError> {
        Ok(self
            .transport
            .ask(&self.log(&id.path(), MAX_ENTRIES))?
            .bytes)
    }

    /// One entry, as the server tells it.
    ///
    /// # Errors
    /// Where there is none, or it cannot be had.
    pub fn entry(&self, index: u64) -> Result<Entry, ClientError> {
        let below = format!("/entries/{index}");
        let request = self.request(Method::Get, &below, MAX_ANSWER);
        let entry: Entry = self.transport.json(&request)?;
        match entry.entry == index {
            true => Ok(entry),
            false => Err(self.transport.unreadable(&request, &"it is another entry")),
        }
    }

    /// The same in JSON, with all that a newer server may say.
    ///
    /// # Errors
    /// As [`LedgerClient::entry`].
    pub fn entry_json(&self, index: u64) -> Result<serde_json::Value, ClientError> {
        let below = format!("/entries/{index}");
        self.transport
            .json(&self.request(Method::Get, &below, MAX_ANSWER))
    }

    /// The statement of an entry: parsed, not yet verified under anyone's key.
    ///
    /// # Errors
    /// Where there is none, or what came is no statement.
    pub fn statement(&self, index: u64) -> Result<Statement, ClientError> {
        let bytes = self.part_of(index, "statement", MAX_STATEMENT as u64)?;
        Ok(Statement::parse(&bytes).map_err(Unproved::from)?)
    }

    /// The disclosure that holds an entry's event, unchecked: its digest stands in the statement.
    ///
    /// # Errors
    /// Where it was erased (`erased`) or is not for this reader (`withheld`), or cannot be had.
    pub fn disclosure(&self, index: u64) -> Result<Vec<u8>, ClientError> {
        self.part_of(index, "disclosure", MAX_DISCLOSURE as u64)
    }

    /// The disclosure of a sealed part of an entry, unchecked.
    ///
    /// # Errors
    /// As [`LedgerClient::disclosure`].
    pub fn sealed(&self, index: u64, digest: &Digest) -> Result<Vec<u8>, ClientError> {
        self.part_of(index, &format!("sealed/{digest}"), MAX_DISCLOSURE as u64)
    }

    /// Keeps a document of up to 64 MiB, so that an event may name it. Keeping the same bytes again
    /// changes nothing. The digests are the server's word.
    ///
    /// # Errors
    /// Where nobody is signed in, or the server does not keep it.
    pub fn put_document(&self, bytes: &[u8]) -> Result<KeptDocument, ClientError> {
        self.transport
            .json(&self.request(Method::PostBytes(bytes), "/documents", MAX_ANSWER))
    }

    /// A COSE receipt for an entry (RFC 9942), unchecked.
    ///
    /// # Errors
    /// Where it cannot be had: a log of one entry has none.
    pub fn receipt(&self, index: u64) -> Result<Vec<u8>, ClientError> {
        self.part_of(index, "receipt", MAX_RECEIPT_BYTES as u64)
    }

    /// A C2SP tlog-proof for an entry: parsed, not yet verified under the log's key.
    ///
    /// # Errors
    /// Where it cannot be had, or is none.
    pub fn proof(&self, index: u64) -> Result<TlogProof, ClientError> {
        let below = format!("/entries/{index}/proof");
        let request = self.request(Method::Get, &below, MAX_NOTE);
        let text = self.transport.text(&request)?;
        Ok(TlogProof::parse(&text).map_err(Unproved::from)?)
    }

    fn part_of(&self, index: u64, what: &str, limit: u64) -> Result<Vec<u8>, ClientError> {
        let below = format!("/entries/{index}/{what}");
        Ok(self
            .transport
            .ask(&self.request(Method::Get, &below, limit))?
            .bytes)
    }

    /// The answer to a question, in the form that `query` names: `below` is the address below the
    /// ledger's, such as `/milestones`.
    ///
    /// # Errors
    /// Where there is no such question, or what it asks for is not there.
    pub fn paper(&self, below: &str, query: &[(&str, String)]) -> Result<String, ClientError> {
        let request = self.request(Method::Get, &with_query(below, query), MAX_ANSWER);
        self.transport.text(&request)
    }
}
