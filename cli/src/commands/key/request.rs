//! `minutebook key request`: a new key's public half with the proof that its owner holds it, so that
//! no secret travels to the registrar.

use std::fs::{self, OpenOptions};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use minutebook_events::CoseKey;
use minutebook_events::digest::Signature64;
use minutebook_events::proof::enrol_challenge;
use minutebook_keys::SigningKey;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::super::Context;
use crate::book::Book;
use crate::failure::Failure;
use crate::folder::{Layout, read_key};
use crate::passphrase::Passphrase;

const FORMAT: &str = "minutebook-key-request/1";

/// The most bytes that a request may have; a real one has a few hundred.
const MAX_REQUEST: u64 = 16 * 1024;

/// Write the request with which the registrar enrols a key; it holds nothing secret
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  \
    minutebook key request --key jo.pem --origin board.example/nwl \\\n    \
    --out jo.request")]
pub struct Args {
    /// The new key's file
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// Where to write the request
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// The ledger's origin; taken from the data folder where it is left out
    #[arg(long)]
    origin: Option<String>,
    #[command(flatten)]
    passphrase: Passphrase,
}

/// What a request says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    format: String,
    /// The ledger that the key is for.
    pub origin: String,
    /// The new public key.
    pub key: CoseKey,
    /// The new key's own signature for this ledger.
    pub proof: Signature64,
}

impl Request {
    /// Makes the request for a key.
    pub fn new(origin: &str, key: &SigningKey) -> Self {
        let challenge = enrol_challenge(origin, key.kid().into());
        Self {
            format: FORMAT.into(),
            origin: origin.into(),
            key: CoseKey(key.public()),
            proof: Signature64(key.sign(&challenge)),
        }
    }

    /// Reads a request file and checks that it is whole and for the ledger `origin`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(path: &Path, origin: &str) -> Result<Self, Failure> {
        let mut text = String::new();
        fs::File::open(path)
            .and_then(|file| file.take(MAX_REQUEST).read_to_string(&mut text))
            .map_err(|error| Failure::file("read", path, &error))?;
        const ASK: &str = "ask the key's owner for the file that `minutebook key request` writes";
        let request: Self = serde_json::from_str(&text).map_err(|error| {
            Failure::new(
                format!("{} is no key request: {error}", path.display()),
                ASK,
            )
        })?;
        if request.format != FORMAT {
            let message = format!("{} is of format {:?}", path.display(), request.format);
            return Err(Failure::new(message, "use a newer minutebook"));
        }
        if request.origin != origin {
            let message = format!(
                "the request is for the ledger {:?}, not {origin:?}",
                request.origin
            );
            return Err(Failure::new(
                message,
                format!("the owner makes it with --origin {origin}"),
            ));
        }
        let challenge = enrol_challenge(origin, request.key.kid().into());
        match request.key.0.verify_strict(&challenge, &request.proof.0) {
            Ok(()) => Ok(request),
            Err(_) => Err(Failure::new(
                "the request was changed, or made with another key",
                ASK,
            )),
        }
    }
}

/// Runs the command.
///
/// # Errors
/// Where the key cannot be read or the request not be written.
pub fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    let origin = match &args.origin {
        Some(origin) => origin.clone(),
        None if context.server.is_some() => Book::open(context)?.origin()?,
        None => Layout::find(&context.dir, context.ledger.as_deref())
            .and_then(|layout| layout.manifest())
            .map(|manifest| manifest.origin)
            .map_err(|error| Failure {
                help: Some("give the ledger's --origin, which the registrar knows".into()),
                ..error.into()
            })?,
    };
    let key = read_key(&args.key, &args.passphrase)?;
    let request = Request::new(&origin, &key);
    let failed = |error: &std::io::Error| Failure::file("write", &args.out, error);
    let text = serde_json::to_string_pretty(&request).map_err(|e| Failure::bare(e.to_string()))?;
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&args.out)
        .and_then(|mut file| file.write_all(format!("{text}\n").as_bytes()))
        .map_err(|error| failed(&error))?;
    let kid = key.kid();
    let mut page = context.out.page();
    page.line(format!("The request is in {}.", args.out.display()))
        .blank();
    page.fields(
        2,
        [("ledger", origin.as_str()), ("fingerprint", &kid.short())],
    );
    page.blank().text_block(
        "Send the file to the registrar, and read out the fingerprint by telephone or face to face: it \
         is how the registrar knows that the request is yours.",
    );
    let json = json!({
        "file": args.out, "origin": origin, "kid": kid.to_string(), "fingerprint": kid.short(),
    });
    context.out.answer(&json, &page)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_request_is_for_one_ledger_and_one_key() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("jo.request");
        let request = Request::new("board.example/nwl", &SigningKey::from_seed(&[7; 32]));
        let write =
            |request: &Request| fs::write(&path, serde_json::to_string(request).unwrap()).unwrap();
        write(&request);
        assert_eq!(Request::read(&path, "board.example/nwl").unwrap(), request);
        let other = Request::read(&path, "board.example/swl").unwrap_err();
        assert!(other.message.contains("board.example/nwl"), "{other}");
        let stolen = CoseKey(SigningKey::from_seed(&[8; 32]).public());
        write(&Request {
            key: stolen,
            ..request.clone()
        });
        assert!(Request::read(&path, "board.example/nwl").is_err());
        write(&Request {
            format: "minutebook-key-request/2".into(),
            ..request
        });
        assert!(Request::read(&path, "board.example/nwl").is_err());
    }
}
