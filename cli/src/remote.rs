//! A ledger at a server, where a command is given `--server`: signing in, signing here and submitting
//! there, and asking for papers.
//!
//! What the server answers is held against the log's key. It is the one that `--vkey` gives, or else
//! the one that the server gave when this person first used the ledger ([`known`]).

use std::cell::OnceCell;
use std::path::{Path, PathBuf};

use minutebook_client::{Address, Client, Keys, LedgerClient, SignedIn};
use minutebook_events::{Blake3, Capacity, Digest, EventType, PersonId, SubjectId};
use minutebook_keys::rand_core::OsRng;
use minutebook_keys::{Kid, SigningKey};
use minutebook_ledger::Statement;
use minutebook_ledger::author::{Author, Submission};
use minutebook_ledger::log::Accepted;
use minutebook_ledger::tree::TreeHead;
use serde_json::{Value, json};

use crate::clock::now;
use crate::commands::Context;
use crate::failure::Failure;
use crate::folder::{Item, Officer, read_key};
use crate::passphrase::Passphrase;

mod failure;
mod known;
mod question;

pub use failure::not_recorded;
pub use question::{Question, first_day, last_day};

/// How to sign in at a server.
#[derive(Debug, Default, Clone, clap::Args)]
pub struct SignIn {
    /// At a server: sign in with this key, to read what its officer may read
    #[arg(long, value_name = "FILE", display_order = 804)]
    pub key: Option<PathBuf>,
    #[command(flatten)]
    pub passphrase: Passphrase,
}

impl SignIn {
    /// Refuses the key where there is no server to sign in at.
    ///
    /// # Errors
    /// Where a key is given.
    pub fn refuse(&self) -> Result<(), Failure> {
        match &self.key {
            None => Ok(()),
            Some(_) => Err(Failure::usage(
                "--key signs in at a server, and none is named",
                "give --server URL; of a folder, its owner may read everything",
            )),
        }
    }
}

/// A ledger of a server.
pub struct Remote {
    /// The ledger, to this reader.
    pub ledger: LedgerClient,
    vkey: Option<minutebook_keys::VerifierKey>,
    keys: OnceCell<Keys>,
    people: Vec<(Kid, SignedIn)>,
    context: Context,
}

/// What was recorded at a server, proved by its log.
pub struct Proved {
    /// The entries, in their order.
    pub accepted: Vec<Accepted>,
    /// The digest of each.
    pub digests: Vec<Digest>,
    /// The tree that covers them.
    pub head: TreeHead,
}

/// A client of the server at `address`, trusted under the authorities that the command line names.
///
/// # Errors
/// Where the file of authorities is of no use.
pub fn client(address: Address, context: &Context) -> Result<Client, Failure> {
    match &context.ca {
        None => Ok(Client::at(address)),
        Some(path) => {
            let pem = std::fs::read(path).map_err(|error| Failure::file("read", path, &error))?;
            Ok(Client::with_authorities(address, &pem)?)
        }
    }
}

impl Remote {
    /// The ledger that the command works on: the one named, or the only one of the server.
    ///
    /// # Errors
    /// Where the server cannot be reached, or has several ledgers and none was named.
    pub fn open(server: &str, context: &Context) -> Result<Self, Failure> {
        let (address, named) = Address::parse_ledger(server)?;
        let client = client(address, context)?;
        let named = context.ledger.clone().or(named);
        let name = match named {
            Some(name) => name,
            None => only_one(&client)?,
        };
        Ok(Self::of(client.ledger(&name)?, context))
    }

    /// A ledger of a server.
    pub fn of(ledger: LedgerClient, context: &Context) -> Self {
        Self {
            ledger,
            vkey: context.vkey.clone(),
            keys: OnceCell::new(),
            people: Vec::new(),
            context: context.clone(),
        }
    }

    /// As [`Remote::open`], signed in where a key is given.
    ///
    /// # Errors
    /// As [`Remote::open`], or where the key is refused.
    pub fn reading(server: &str, key: &SignIn, context: &Context) -> Result<Self, Failure> {
        let mut remote = Self::open(server, context)?;
        if let Some(path) = &key.key {
            let key = read_key(path, &key.passphrase)?;
            remote.sign_in(&key, path)?;
        }
        Ok(remote)
    }

    /// Signs in; of several officers the one who may read most is who reads.
    fn sign_in(&mut self, key: &SigningKey, path: &Path) -> Result<SignedIn, Failure> {
        let mut other = self.ledger.clone();
        let signed_in = other
            .sign_in(key)
            .map_err(|error| failure::sign_in(&error, path))?;
        let reads = |one: &SignedIn| one.reads;
        let most = self.people.iter().map(|(_, one)| reads(one)).max();
        if most.is_none_or(|most| reads(&signed_in) > most) {
            self.ledger = other;
        } else {
            other.sign_out()?;
        }
        self.people.push((key.kid(), signed_in.clone()));
        Ok(signed_in)
    }

    /// An officer by key file, signed in to find out who it is.
    ///
    /// # Errors
    /// Where the file gives no key, or the server does not know it.
    pub fn officer(&mut self, path: &Path, passphrase: &Passphrase) -> Result<Officer, Failure> {
        let key = read_key(path, passphrase)?;
        let person = self.sign_in(&key, path)?.person;
        Ok(Officer { person, key })
    }

    /// The roles with authority that an officer holds.
    pub fn capacities(&self, officer: &Officer) -> Vec<Capacity> {
        let signed_in = self.signed_in(officer);
        signed_in.map_or_else(Vec::new, |one| one.capacities.clone())
    }

    /// The officer as the server knows them.
    pub fn signed_in(&self, officer: &Officer) -> Option<&SignedIn> {
        let kid = officer.key.kid();
        let mut people = self.people.iter();
        people.find_map(|(one, signed_in)| (*one == kid).then_some(signed_in))
    }

    /// The name of one of the officers who are signed in.
    pub fn name_of(&self, person: &PersonId) -> Option<String> {
        let mut people = self.people.iter();
        people
            .find(|(_, one)| one.person == *person)
            .and_then(|(_, one)| one.name.clone())
    }

    /// The log's keys.
    ///
    /// # Errors
    /// Where they cannot be had, or are others than those that are trusted.
    pub fn keys(&self) -> Result<&Keys, Failure> {
        if let Some(keys) = self.keys.get() {
            return Ok(keys);
        }
        let keys = self.ledger.about()?.keys();
        match &self.vkey {
            Some(vkey) if *vkey == keys.vkey => {}
            Some(_) => return Err(failure::other_vkey(&keys.vkey)),
            None => known::check(&self.ledger, &keys.vkey, self.context.out)?,
        }
        Ok(self.keys.get_or_init(|| keys))
    }

    /// The ledger's origin.
    ///
    /// # Errors
    /// As [`Remote::keys`].
    pub fn origin(&self) -> Result<&str, Failure> {
        Ok(self.keys()?.vkey.name().as_str())
    }

    /// Signs the items, each as its own officer, and records all of them or none: at most 1,000. The
    /// officers vouch for the newest checkpoint, once it is verified; what the server answers is held
    /// against the log's keys.
    ///
    /// # Errors
    /// What could not be signed, or was refused and why, or is not proved to be in.
    pub fn record_all(&self, items: Vec<Item<'_>>) -> Result<Proved, Failure> {
        let keys = self.keys()?;
        let note = self.ledger.checkpoint_note()?;
        let seen = keys
            .seen(&note)
            .map_err(|error| failure::unproved(&error))?;
        let (origin, iat) = (keys.vkey.name().as_str(), now());
        let sign = |item: Item<'_>| {
            let author = Author {
                origin,
                person: &item.officer.person,
                key: &item.officer.key,
            };
            author.sign(item.event, &item.sealed, seen, iat, &mut OsRng)
        };
        let signed = items.into_iter().map(sign);
        let batch: Vec<Submission> = signed
            .collect::<Result<_, _>>()
            .map_err(|error| Failure::of(&error, None))?;
        let entered = self
            .ledger
            .submit(&batch)
            .map_err(|error| not_recorded(&error))?;
        let head = keys
            .check(&entered, &batch)
            .map_err(|error| failure::unproved(&error))?;
        let digest = |one: &Submission| Statement::parse(&one.statement).map(|s| s.claims().digest);
        let digests = batch.iter().map(digest).collect::<Result<_, _>>();
        Ok(Proved {
            accepted: entered
                .entries
                .iter()
                .map(|entry| Accepted {
                    position: entry.position,
                    recorded_at: Some(entry.recorded_at),
                })
                .collect(),
            digests: digests.map_err(|error| Failure::of(&error, None))?,
            head,
        })
    }

    /// Keeps a document at the server, so that it is durable before an event names it.
    ///
    /// # Errors
    /// Where it is another document than the event will name, or the server does not keep it.
    pub fn upload(&self, name: &str, bytes: &[u8], blake3: &Blake3) -> Result<(), Failure> {
        let kept = self.ledger.put_document(bytes)?;
        match kept.blake3 == *blake3 {
            true => Ok(()),
            false => Err(Failure::new(
                format!("{name} was changed while it was read"),
                "run the command again",
            )),
        }
    }

    /// What something is until now, for an event that changes it; where the server does not say, the
    /// person is asked to.
    pub fn what_is_now(&self, event: EventType, subject: &SubjectId) -> Option<Value> {
        let (register, place) = match event {
            EventType::MilestoneSlipped
            | EventType::MilestoneBroughtForward
            | EventType::MilestoneDateRestated => ("milestones", "/data/row/due/now"),
            EventType::ActionDueChanged => ("actions", "/data/row/due/now"),
            EventType::TargetRevised => ("metrics", "/data/row/target/value"),
            EventType::RiskRescored => ("risks", "/data/row/scores"),
            _ => return None,
        };
        let below = format!("/{register}/{}", subject.name());
        let json = [("format", "json".to_owned())];
        let paper = self.ledger.paper(&below, &json).ok()?;
        let answer: Value = serde_json::from_str(&paper).ok()?;
        match answer.pointer(place)? {
            Value::Null => None,
            // Every score of a risk, the newest last, each with what it comes to.
            Value::Array(scores) => {
                let newest = scores.last()?;
                Some(json!({"likelihood": newest["likelihood"], "impact": newest["impact"]}))
            }
            now => Some(now.clone()),
        }
    }
}

impl Drop for Remote {
    fn drop(&mut self) {
        // It would end by itself; where it cannot be ended now, that does.
        let _ = self.ledger.sign_out();
    }
}

fn only_one(client: &Client) -> Result<String, Failure> {
    let ledgers = client.ledgers()?;
    match ledgers.as_slice() {
        [only] => Ok(only.name.clone()),
        [] => Err(Failure::new(
            format!("{} serves no ledger", client.address()),
            "check the address given to --server",
        )),
        several => {
            let names: Vec<&str> = several.iter().map(|one| one.name.as_str()).collect();
            Err(Failure::new(
                format!("{} serves {}", client.address(), names.join(", ")),
                format!("say which one, such as --ledger {}", names[0]),
            ))
        }
    }
}
