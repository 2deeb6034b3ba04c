//! `minutebook key`: officers' keys.

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use minutebook_keys::{PublicKey, is_private};
use serde_json::{Value, json};

use super::Context;
use super::init::{grouped, make_key};
use crate::failure::Failure;
use crate::folder::read_key;
use crate::passphrase::Passphrase;

mod enrol;
mod request;

/// Make, show and enrol officers' signing keys
#[derive(Debug, clap::Args)]
#[command(after_help = "Example, when registrar and new officer sit at two machines:\n  \
    minutebook key new --out jo.pem                                   (the new officer)\n  \
    minutebook key request --key jo.pem --origin board.example/nwl --out jo.request\n  \
    minutebook key enrol --request jo.request --name \"Jo Example\" \\\n    \
    --role secretary --key registrar.pem                            (the registrar)\n\n\
    A key may also be replaced (`key enrol --person ID` enrols another) and revoked\n\
    (`minutebook record SigningKeyRevoked --help`).")]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    New(NewArgs),
    Show(ShowArgs),
    Request(request::Args),
    Enrol(enrol::Args),
}

/// Make a new key and its file
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  minutebook key new --out jo.pem\n\n\
    The file is PKCS#8, encrypted under a passphrase, readable by openssl and by its owner only.\n\
    A lost key or a forgotten passphrase cannot be recovered; the registrar then enrols a new key.")]
struct NewArgs {
    /// Where to write it; an existing file is never overwritten
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Write it without encryption
    #[arg(long)]
    unencrypted: bool,
    #[command(flatten)]
    passphrase: Passphrase,
}

/// Show a key's fingerprint and public key, never the secret
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  minutebook key show jo.pem")]
struct ShowArgs {
    /// The key file; also a file with a public key alone
    file: PathBuf,
    #[command(flatten)]
    passphrase: Passphrase,
}

/// Runs the command.
///
/// # Errors
/// Where a file cannot be read or written, or the ledger refuses the enrolment.
pub fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    match &args.command {
        Command::New(args) => new(args, context),
        Command::Show(args) => show(args, context),
        Command::Request(args) => request::run(args, context),
        Command::Enrol(args) => enrol::run(args, context),
    }
}

fn new(args: &NewArgs, context: &Context) -> Result<(), Failure> {
    if args.out.exists() {
        // Said before a passphrase is asked for.
        let path = args.out.clone();
        return Err(minutebook_keys::KeyFileError::Exists { path }.into());
    }
    let key = make_key(&args.out, args.unencrypted, &args.passphrase)?;
    let mut page = context.out.page();
    let how = if args.unencrypted { "not encrypted" } else { "encrypted" };
    page.line(format!("A new key is in {} ({how}).", args.out.display())).blank();
    describe(&mut page, &key.public());
    page.blank().text_block(
        "It speaks for nobody yet. `minutebook key request` makes the request that the registrar enrols \
         it with; read the fingerprint to the registrar by telephone or face to face.",
    );
    context.out.answer(&public_json(&key.public(), Some(&args.out)), &page)
}

fn show(args: &ShowArgs, context: &Context) -> Result<(), Failure> {
    let pem = minutebook_keys::read_secret_file(&args.file)?;
    let (public, secret) = match PublicKey::from_spki_pem(&pem) {
        Ok(public) => (public, false),
        Err(_) => (read_key(&args.file, &args.passphrase)?.public(), true),
    };
    if secret {
        warn_if_open(&args.file, context)?;
    }
    let mut page = context.out.page();
    describe(&mut page, &public);
    context.out.answer(&public_json(&public, Some(&args.file)), &page)
}

/// Warns where others than the owner can read a secret key's file.
fn warn_if_open(path: &Path, context: &Context) -> Result<(), Failure> {
    if !is_private(path)? {
        let path = path.display();
        context.out.note(&format!(
            "warning: others on this machine can read {path}; `chmod 600 {path}` keeps it to its owner"
        ));
    }
    Ok(())
}

fn describe(page: &mut crate::output::Page, public: &PublicKey) {
    let kid = public.kid();
    page.fields(2, [
        ("fingerprint", kid.short()),
        ("in full", grouped(&kid)),
        ("public key", STANDARD.encode(public.as_bytes())),
    ]);
}

fn public_json(public: &PublicKey, path: Option<&Path>) -> Value {
    let kid = public.kid();
    json!({
        "kid": kid.to_string(),
        "fingerprint": kid.short(),
        "public_key": STANDARD.encode(public.as_bytes()),
        "public_pem": public.to_spki_pem(),
        "file": path,
    })
}
