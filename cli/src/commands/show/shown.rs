//! An entry as it is shown, from a folder or from a server.

use minutebook_api::entry::told;
use minutebook_api::names::Names;
use minutebook_client::Held as Told;
use minutebook_events::{Confidentiality, Content, Digest, Payload};
use minutebook_keys::{Kid, PublicKey};
use minutebook_ledger::Statement;
use minutebook_ledger::store::Held as Kept;
use minutebook_ledger::submission::open_event;
use minutebook_reports::date_words;
use minutebook_reports::entry::{Erasure, Held};
use serde_json::{Value, json};

use crate::failure::Failure;
use crate::folder::OpenLedger;
use crate::output::iso_time;
use crate::remote::Remote;

/// An entry, and what is known around it.
pub struct Shown {
    /// The ledger's name.
    pub ledger: String,
    /// Its index.
    pub position: u64,
    /// When it counts as recorded, in seconds since 1970.
    pub recorded_at: i64,
    /// Its statement.
    pub statement: Statement,
    /// What it says, or why that is not here.
    pub content: Content,
    /// The disclosure with its event.
    pub disclosure: Kept,
    /// Why the content is not here, where it is not.
    pub withheld: &'static str,
    /// Its sealed parts.
    pub sealed: Vec<(Digest, Held)>,
    /// The entries that correct it.
    pub corrections: Vec<u64>,
    /// By which entry, when, and on which basis it was erased; empty where it was not.
    pub erased_by: String,
    /// The signer's name, where it can be known.
    pub signer: Option<String>,
    /// The key that signed it, where the record has it.
    pub key: Option<PublicKey>,
    /// All of it for a script.
    pub json: Value,
}

impl Shown {
    /// An entry of a folder. Whoever has the folder may read all that it holds.
    ///
    /// # Errors
    /// Where there is no such entry, or it cannot be read.
    pub fn of(ledger: &OpenLedger, index: u64) -> Result<Self, Failure> {
        let entry = ledger.log.entry(index)?;
        let published = ledger.views();
        let told = told(
            &ledger.log,
            &published,
            Confidentiality::Restricted,
            Some(&Names::default()),
            &entry,
        );
        let first = entry.record.disclosures.first();
        Ok(Self {
            ledger: ledger.name.clone(),
            position: entry.position,
            recorded_at: told.recorded_at,
            content: entry.content,
            disclosure: first.map_or(Kept::Absent, |part| part.content.clone()),
            withheld: "Its content is not in this copy of the ledger.",
            sealed: told
                .sealed
                .iter()
                .map(|part| (part.digest, part.content))
                .collect(),
            corrections: told.corrected_by.clone(),
            // An erasure is public, whatever was erased.
            erased_by: told
                .erased_by
                .as_ref()
                .map_or_else(String::new, erased_words),
            signer: told.signer.name.clone(),
            key: published
                .views
                .keyring
                .public(&entry.statement.claims().kid),
            json: json!(told),
            statement: entry.statement,
        }
        .with_what_is_checked())
    }

    /// An entry at a server, as far as the reader may read it. What it says is taken from the
    /// disclosure that its statement commits to.
    ///
    /// # Errors
    /// Where there is no such entry, or the server does not give it.
    pub fn at(remote: &Remote, index: u64) -> Result<Self, Failure> {
        let ledger = &remote.ledger;
        let told = ledger.entry(index)?;
        let statement = ledger.statement(index)?;
        let disclosure = match ledger.disclosure(index) {
            Ok(bytes) => Kept::Present(bytes),
            Err(error) if error.is("erased") => Kept::Erased,
            Err(error) if error.is("withheld") => Kept::Absent,
            Err(error) => return Err(error.into()),
        };
        let content = match &disclosure {
            Kept::Present(bytes) => {
                let event = open_event(&statement, bytes);
                Content::Event(Box::new(event.map_err(|error| Failure::of(&error, None))?))
            }
            Kept::Erased => Content::Erased,
            Kept::Absent => Content::Withheld,
        };
        let sealed = told.sealed.iter().map(|part| {
            let held = match part.content {
                Told::Held => Held::Held,
                Told::Erased => Held::Erased,
                Told::Withheld => Held::Withheld,
            };
            (part.digest, held)
        });
        let erased_by = told.erased_by.map(|by| Erasure {
            entry: by.entry,
            recorded_at: by.recorded_at,
            basis: by.basis,
        });
        Ok(Self {
            ledger: ledger.name().to_owned(),
            position: index,
            recorded_at: told.recorded_at,
            content,
            disclosure,
            withheld: "Its content is not for this reader.",
            sealed: sealed.collect(),
            corrections: told.corrected_by,
            erased_by: erased_by.map_or_else(String::new, |by| erased_words(&by)),
            signer: told.signer.name,
            key: key_at(remote, &statement.claims().kid)?,
            json: ledger.entry_json(index)?,
            statement,
        }
        .with_what_is_checked())
    }

    /// Whether its signature verifies.
    pub fn verifies(&self) -> bool {
        let key = self.key.as_ref();
        key.is_some_and(|key| self.statement.verify(key).is_ok())
    }

    fn with_what_is_checked(mut self) -> Self {
        let verifies = self.verifies();
        if let Value::Object(json) = &mut self.json {
            json.insert("ledger".into(), json!(self.ledger));
            json.insert("recorded".into(), json!(iso_time(self.recorded_at)));
            json.insert("signature_verifies".into(), json!(verifies));
        }
        self
    }
}

/// The public key of a name, from the entry that brought it in. A key is named by its own hash, so
/// whoever gives it cannot give another.
fn key_at(remote: &Remote, kid: &Kid) -> Result<Option<PublicKey>, Failure> {
    let ledger = &remote.ledger;
    let genesis = open_event(&ledger.statement(0)?, &ledger.disclosure(0)?);
    let genesis = genesis.map_err(|error| Failure::of(&error, None))?;
    if let Payload::LedgerOpened(genesis) = &genesis.payload {
        let mut keys = genesis.officers.iter().map(|officer| officer.key.0);
        if let Some(key) = keys.find(|key| key.kid() == *kid) {
            return Ok(Some(key));
        }
    }
    let enrolments = minutebook_client::EntriesQuery {
        event_type: Some("SigningKeyEnrolled".into()),
        ..Default::default()
    };
    let name = kid.to_string();
    for entry in ledger.entries(&enrolments) {
        let entry = entry?;
        if entry.statement.enrols.as_ref() == Some(&name) {
            let key = ledger.statement(entry.entry)?.claims().enrols;
            return Ok(key.filter(|key| key.kid() == *kid));
        }
    }
    Ok(None)
}

fn erased_words(by: &Erasure) -> String {
    let basis = by.basis.as_ref();
    let basis = basis.map_or_else(String::new, |basis| format!(" ({basis})"));
    format!(
        " by entry {} on {}{basis}",
        by.entry,
        date_words(by.recorded_at)
    )
}
