//! `minutebook init`: a new ledger.

use std::path::{Path, PathBuf};

use minutebook_events::catalogue::PersonEnrolled;
use minutebook_events::{Capacity, Common, Event, PersonId, Role};
use minutebook_keys::{Kid, SigningKey, write_secret_file};
use minutebook_ledger::statement::is_origin;
use rand_core::{OsRng, RngCore as _};
use serde_json::json;

use super::Context;
use super::people::{Identified, sealed_identity};
use crate::failure::Failure;
use crate::folder::{FolderError, Founding, Layout, Officer, create_ledger, open_ledger, read_key};
use crate::passphrase::Passphrase;

/// Make a new ledger: its folder, its first entry and its first registrar's key
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  \
    minutebook init --ledger nwl --origin board.example/nwl \\\n    \
    --partnership \"North West Partnership\" \\\n    \
    --key registrar.pem --name \"Ada Example\"\n\n\
    The origin is the ledger's name among all logs in the world: take a web\n\
    address of yours, without https://. It cannot be changed later, for every\n\
    signature is bound to it.\n\n\
    The ledger also gets two keys of its own, in its folder, for checkpoints and\n\
    receipts. They are not encrypted, since a service starts without a person to\n\
    ask; they can sign no entry.")]
pub struct Args {
    /// The ledger's name among all logs, such as board.example/nwl
    #[arg(long)]
    origin: String,
    /// The partnership's full name; the ledger's own name where it is left out
    #[arg(long, value_name = "NAME")]
    partnership: Option<String>,
    /// The area that the partnership serves, in its own words
    #[arg(long, value_name = "TEXT")]
    area: Option<String>,
    /// The registrar's key file; it is made where it does not exist. NAME-registrar.pem if left out
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// Make the key file without encryption
    #[arg(long)]
    unencrypted: bool,
    /// The registrar's full name; it stands in a sealed part that can be erased
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Another role that the registrar holds from the start; may be given several times
    #[arg(long = "role", value_name = "ROLE", value_parser = super::people::role)]
    roles: Vec<Role>,
    #[command(flatten)]
    passphrase: Passphrase,
}

/// Runs the command.
///
/// # Errors
/// Where the ledger exists or cannot be made.
pub fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    let Some(name) = context.ledger.as_deref() else {
        return Err(Failure::usage(
            "--ledger is missing",
            "give the new ledger a short name, such as --ledger nwl",
        ));
    };
    refuse_existing(args, context, name)?;
    let path = args
        .key
        .clone()
        .unwrap_or_else(|| format!("{name}-registrar.pem").into());
    let (key, made) = existing_or_new_key(&path, args)?;
    let officer = Officer {
        person: random_person(),
        key,
    };
    let mut roles = vec![Role::Registrar];
    roles.extend(args.roles.iter().filter(|role| **role != Role::Registrar));
    roles.dedup();
    let ledger = create_ledger(
        &context.dir,
        &Founding {
            name,
            origin: &args.origin,
            partnership: args.partnership.as_deref().unwrap_or(name),
            area: args.area.as_deref(),
            officers: vec![(officer.person.clone(), roles, officer.key.public())],
            signer: &officer,
        },
    )?;
    if let Some(full_name) = &args.name {
        let identity = Identified {
            name: full_name.clone(),
            ..Identified::default()
        };
        let enrolled = PersonEnrolled {
            attested_by: None,
            attestation: None,
        };
        let common = Common::new(
            officer.person.subject(),
            Capacity::ledger_wide(Role::Registrar),
        );
        let event = Event {
            common,
            payload: enrolled.into(),
        };
        ledger.record(&officer, vec![(event, vec![sealed_identity(&identity)?])])?;
    }
    let vkey = ledger.log.vkey().to_string();
    let kid = officer.key.kid();
    let json = json!({
        "ledger": name,
        "folder": ledger.path,
        "origin": args.origin,
        "vkey": vkey,
        "entries": ledger.views().head.size,
        "registrar": {
            "person": officer.person, "kid": kid.to_string(), "fingerprint": kid.short(),
            "key_file": path, "key_file_made": made,
        },
    });
    let mut page = context.out.page();
    page.line(format!(
        "The ledger {name} is open, in {}.",
        ledger.path.display()
    ))
    .blank();
    page.fields(
        2,
        [
            ("origin", args.origin.clone()),
            ("vkey", vkey),
            ("registrar", format!("person {}", officer.person)),
            ("fingerprint", kid.short()),
            ("key file", key_file_words(&path, made, args.unencrypted)),
        ],
    );
    page.blank().text_block(
        "Give the origin and the vkey to your auditors by another way than this folder, such as in the \
         next minutes: they check everything else against it. Keep the key file safe; whoever has it \
         and its passphrase signs as you.",
    );
    page.blank().line("What to do next:");
    page.line("  minutebook key --help       take on the next officer");
    page.line("  minutebook record --list    everything that can be recorded");
    ledger.close()?;
    context.out.answer(&json, &page)
}

/// Refuses before a key is made for nothing.
fn refuse_existing(args: &Args, context: &Context, name: &str) -> Result<(), Failure> {
    if !is_origin(&args.origin) {
        return Err(FolderError::Origin {
            origin: args.origin.chars().take(255).collect(),
        }
        .into());
    }
    if !Layout::of(&context.dir, name)?.has_manifest() {
        return Ok(());
    }
    match open_ledger(&context.dir, Some(name)) {
        Ok(ledger) => {
            let entries = ledger.views().head.size;
            Err(FolderError::Exists {
                path: ledger.path,
                entries,
            }
            .into())
        }
        Err(FolderError::Unfinished { .. }) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

fn existing_or_new_key(path: &Path, args: &Args) -> Result<(SigningKey, bool), Failure> {
    if path.exists() {
        return Ok((read_key(path, &args.passphrase)?, false));
    }
    make_key(path, args.unencrypted, &args.passphrase).map(|key| (key, true))
}

/// Makes a key and writes its file: encrypted, unless that is declined in so many words.
///
/// # Errors
/// Where there is no passphrase or the file cannot be written.
pub fn make_key(
    path: &Path,
    unencrypted: bool,
    passphrase: &Passphrase,
) -> Result<SigningKey, Failure> {
    let key = SigningKey::generate(&mut OsRng);
    let pem = if unencrypted {
        key.to_plain_pem()?
    } else {
        let secret = passphrase.choose(&path.display().to_string())?;
        key.to_encrypted_pem(secret.as_bytes(), &mut OsRng)?
    };
    write_secret_file(path, &pem)?;
    Ok(key)
}

/// A new person's id: random, so that it means nothing to a reader.
pub fn random_person() -> PersonId {
    let mut bytes = [0; 16];
    OsRng.fill_bytes(&mut bytes);
    PersonId::from_random(bytes)
}

fn key_file_words(path: &Path, made: bool, unencrypted: bool) -> String {
    let how = match (made, unencrypted) {
        (true, true) => "made now, not encrypted",
        (true, false) => "made now, encrypted under your passphrase",
        (false, _) => "was there already",
    };
    format!("{} ({how})", path.display())
}

/// A key's thumbprint in full, in two lines of groups of four digits: what two people compare.
pub fn grouped(kid: &Kid) -> String {
    let digits = kid.to_string();
    let groups: Vec<&str> = (0..digits.len())
        .step_by(4)
        .map(|at| &digits[at..at + 4])
        .collect();
    let lines: Vec<String> = groups.chunks(8).map(|line| line.join(" ")).collect();
    lines.join("\n")
}
