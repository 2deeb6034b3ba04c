//! Where something is recorded: a ledger in a folder of this machine, or one at a server. Commands that
//! sign are written once, against this.

use std::path::Path;

use minutebook_api::names::Names;
use minutebook_events::{
    Capacity, Confidentiality, Digest, Event, EventType, Kind, PersonId, SubjectId,
};
use minutebook_ledger::author::SealedPart;
use minutebook_ledger::log::Accepted;
use minutebook_ledger::tree::TreeHead;
use serde_json::{Value, json};

use crate::commands::Context;
use crate::commands::people;
use crate::failure::Failure;
use crate::folder::{Item, Officer, OpenLedger, load_officer};
use crate::passphrase::Passphrase;
use crate::remote::Remote;

/// A ledger that something is recorded in.
pub enum Book {
    /// In a folder of this machine.
    Folder(OpenLedger),
    /// At a server.
    Server(Box<Remote>),
}

/// What was recorded.
pub struct Recorded {
    /// The entries, in their order.
    pub accepted: Vec<Accepted>,
    /// The digest of each.
    pub digests: Vec<Digest>,
    /// When the newest counts as recorded, in seconds since 1970.
    pub recorded_at: i64,
    /// The tree that covers them.
    pub head: TreeHead,
}

impl Book {
    /// Opens the ledger that the command works on.
    ///
    /// # Errors
    /// Where it cannot be opened or reached.
    pub fn open(context: &Context) -> Result<Self, Failure> {
        match &context.server {
            None => Ok(Self::Folder(context.open()?)),
            Some(server) => Ok(Self::Server(Box::new(Remote::open(server, context)?))),
        }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        match self {
            Self::Folder(ledger) => &ledger.name,
            Self::Server(remote) => remote.ledger.name(),
        }
    }

    /// Its origin.
    ///
    /// # Errors
    /// Where the server does not say.
    pub fn origin(&self) -> Result<String, Failure> {
        match self {
            Self::Folder(ledger) => Ok(ledger.log.origin().to_owned()),
            Self::Server(remote) => remote.origin().map(str::to_owned),
        }
    }

    /// An officer by key file. At a server, further reading is done as the officer who may read most.
    ///
    /// # Errors
    /// Where the file gives no key, or the key is not enrolled.
    pub fn officer(&mut self, file: &Path, passphrase: &Passphrase) -> Result<Officer, Failure> {
        match self {
            Self::Folder(ledger) => Ok(load_officer(ledger, file, passphrase)?),
            Self::Server(remote) => remote.officer(file, passphrase),
        }
    }

    /// The roles with authority that an officer holds now.
    pub fn capacities(&self, officer: &Officer) -> Vec<Capacity> {
        match self {
            Self::Folder(ledger) => ledger.views().views.people.capacities(&officer.person),
            Self::Server(remote) => remote.capacities(officer),
        }
    }

    /// What of this kind the record has, for a few examples that everyone may read.
    pub fn some_of(&self, kind: Kind) -> Vec<String> {
        match self {
            Self::Folder(ledger) => {
                let views = ledger.views();
                let all = views.views.subjects.of_kind(kind);
                // Whoever is shown this gave no key yet.
                let public =
                    all.filter(|(_, subject)| subject.confidentiality == Confidentiality::Public);
                public.take(4).map(|(id, _)| id.to_string()).collect()
            }
            Self::Server(_) => Vec::new(),
        }
    }

    /// What something is until now, for an event that changes it, as far as it can be found out.
    pub fn what_is_now(&self, event: EventType, subject: &SubjectId) -> Option<Value> {
        match self {
            Self::Folder(ledger) => people::what_is_now(event, &ledger.views().views, subject),
            Self::Server(remote) => remote.what_is_now(event, subject),
        }
    }

    /// Signs `events` one after another as `officer` and records all of them or none.
    ///
    /// # Errors
    /// Which event could not be signed, or was refused and why.
    pub fn record(
        &self,
        officer: &Officer,
        events: Vec<(Event, Vec<SealedPart>)>,
    ) -> Result<Recorded, Failure> {
        match self {
            Self::Folder(ledger) => {
                let accepted = ledger.record(officer, events)?;
                let published = ledger.views();
                let digest = |one: &Accepted| -> Result<Digest, Failure> {
                    Ok(ledger.log.entry(one.position)?.statement.claims().digest)
                };
                let digests = accepted.iter().map(digest).collect::<Result<_, _>>()?;
                Ok(Recorded {
                    accepted,
                    digests,
                    recorded_at: published.recorded_at,
                    head: published.head,
                })
            }
            Self::Server(remote) => {
                let items = events.into_iter().map(|(event, sealed)| Item {
                    officer,
                    event,
                    sealed,
                });
                let proved = remote.record_all(items.collect())?;
                let newest = proved
                    .accepted
                    .iter()
                    .filter_map(|one| one.recorded_at)
                    .max();
                Ok(Recorded {
                    recorded_at: newest.unwrap_or_default(),
                    accepted: proved.accepted,
                    digests: proved.digests,
                    head: proved.head,
                })
            }
        }
    }

    /// A person's name, as far as it can be known here.
    pub fn person_name(&self, person: &PersonId) -> Option<String> {
        match self {
            Self::Folder(ledger) => Names::default().of(&ledger.log, person),
            Self::Server(remote) => remote.name_of(person),
        }
    }

    /// A person for a reader: the name, or the beginning of the id.
    pub fn person_label(&self, person: &PersonId) -> String {
        let name = self.person_name(person);
        name.unwrap_or_else(|| people::label_without_name(person))
    }

    /// A person for a script.
    pub fn person_json(&self, person: &PersonId) -> Value {
        match self.person_name(person) {
            Some(name) => json!({"person": person, "name": name}),
            None => json!({"person": person}),
        }
    }

    /// Closes the ledger; at a server, signs out.
    ///
    /// # Errors
    /// Where the folder's store cannot be closed cleanly.
    pub fn close(self) -> Result<(), Failure> {
        match self {
            Self::Folder(ledger) => Ok(ledger.close()?),
            Self::Server(_) => Ok(()),
        }
    }
}
