//! `minutebook show`: one entry, decoded and explained.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use minutebook_events::{Content, Event};
use minutebook_ledger::hash::leaf_hash;
use minutebook_ledger::store::Held as Kept;
use minutebook_reports::entry::Held;
use minutebook_reports::sentence::sentence;

use super::{Context, short_hex};
use crate::failure::Failure;
use crate::narrate;
use crate::output::{Page, date_time};
use crate::remote::{Remote, SignIn};

mod shown;

use shown::Shown;

/// Show one entry: what it says, who signed it, and what anyone can check
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    minutebook show 12\n  \
    minutebook show 12 --raw disclosure --out entry-12.disclosure\n  \
    sha256sum entry-12.disclosure          (its digest, as signed)\n\n\
    openssl checks the signature too:\n  \
    minutebook show 12 --raw signed-bytes --out entry.signed\n  \
    minutebook show 12 --raw signature --out entry.sig\n  \
    minutebook show 12 --raw public-key --out officer.pub\n  \
    openssl pkeyutl -verify -rawin -pubin -inkey officer.pub \\\n    \
    -in entry.signed -sigfile entry.sig")]
pub struct Args {
    /// The entry's index, counted from 0
    index: u64,
    /// Write the bytes themselves instead of explaining them
    #[arg(long, value_enum, value_name = "WHAT")]
    raw: Option<Raw>,
    /// Where to write the bytes; standard output where it is left out
    #[arg(long, value_name = "FILE", requires = "raw")]
    out: Option<PathBuf>,
    #[command(flatten)]
    sign_in: SignIn,
}

/// Bytes of an entry.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Raw {
    /// The signed statement, which is the entry
    Statement,
    /// The disclosure that holds the event
    Disclosure,
    /// The bytes that were signed (RFC 9052 `Sig_structure`)
    SignedBytes,
    /// The 64 bytes of the signature
    Signature,
    /// The officer's public key, as PEM
    PublicKey,
}

/// Runs the command.
///
/// # Errors
/// Where there is no such entry, or its content was erased.
pub fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    let shown = match &context.server {
        Some(server) => {
            let remote = Remote::reading(server, &args.sign_in, context)?;
            Shown::at(&remote, args.index)?
        }
        None => {
            args.sign_in.refuse()?;
            let ledger = context.open()?;
            let shown = Shown::of(&ledger, args.index)?;
            ledger.close()?;
            shown
        }
    };
    match (args.raw, &args.out) {
        (None, _) => context.out.answer(&shown.json, &explain(&shown, context)),
        (Some(what), Some(path)) => write_new(path, &raw(&shown, what)?),
        (Some(what), None) => context.out.raw(&raw(&shown, what)?),
    }
}

/// Writes a file that was not there before.
///
/// # Errors
/// Where it is there, or cannot be written.
pub fn write_new(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path)
        .and_then(|mut file| file.write_all(bytes))
        .map_err(|error| Failure::file("write", path, &error))
}

fn raw(shown: &Shown, what: Raw) -> Result<Vec<u8>, Failure> {
    let statement = &shown.statement;
    match what {
        Raw::Statement => Ok(statement.bytes().to_vec()),
        Raw::SignedBytes => Ok(statement.signed_bytes()),
        Raw::Signature => Ok(statement.signature().to_vec()),
        Raw::PublicKey => match &shown.key {
            Some(key) => Ok(key.to_spki_pem().into_bytes()),
            None => Err(Failure::bare(
                "the key that signed this entry is not in the record",
            )),
        },
        Raw::Disclosure => match &shown.disclosure {
            Kept::Present(bytes) => Ok(bytes.clone()),
            Kept::Erased => Err(Failure::new(
                format!(
                    "the content of entry {} was erased{}",
                    shown.position, shown.erased_by
                ),
                "its statement and proof are still there: --raw statement",
            )),
            Kept::Absent => Err(Failure::bare(format!(
                "the content of entry {} is not in this copy of the ledger",
                shown.position
            ))),
        },
    }
}

fn explain(shown: &Shown, context: &Context) -> Page {
    let mut page = context.out.page();
    page.line(format!("Entry {} of {}", shown.position, shown.ledger))
        .blank();
    match &shown.content {
        Content::Event(event) => explain_event(&mut page, event),
        Content::Erased => {
            page.indented(
                2,
                &format!(
                    "Its content was erased{}. That it stood here, and that it verifies, stays.",
                    shown.erased_by
                ),
            );
        }
        Content::Withheld => {
            page.indented(2, shown.withheld);
        }
    }
    for correction in &shown.corrections {
        page.blank().indented(
            2,
            &format!("Corrected by entry {correction}: see that one too."),
        );
    }
    let claims = shown.statement.claims();
    page.blank().line("Who signed it, and when");
    let signer = match &shown.signer {
        Some(name) => format!("{name} (person {})", claims.signer),
        None => format!("person {}", claims.signer),
    };
    let mut fields = vec![("signed by", signer)];
    if let Content::Event(event) = &shown.content {
        fields.push(("acting as", narrate::capacity(&event.common.capacity)));
    }
    fields.push(("with the key", claims.kid.short()));
    fields.push(("signed at", date_time(claims.iat)));
    fields.push(("recorded at", date_time(shown.recorded_at)));
    fields.push((
        "having seen",
        match claims.seen.size {
            0 => "no entry yet".into(),
            size => format!(
                "{size} entries, with the fingerprint {}",
                short_hex(&claims.seen.root)
            ),
        },
    ));
    page.fields(2, fields);
    page.blank().line("What anyone can check");
    let verifies = match shown.verifies() {
        true => "verifies".to_owned(),
        false => "DOES NOT VERIFY".to_owned(),
    };
    let leaf = leaf_hash(shown.statement.bytes());
    let mut fields = vec![
        ("signature", verifies),
        ("digest", claims.digest.to_string()),
        ("leaf hash", leaf.to_string()),
    ];
    for (digest, held) in &shown.sealed {
        fields.push(("sealed part", format!("{digest} ({})", held_words(*held))));
    }
    page.fields(2, fields);
    let (index, again) = (shown.position, context.again());
    page.blank().line(format!(
        "`minutebook prove {index} --out entry-{index}.tlog-proof{again}` writes its proof."
    ));
    page
}

fn held_words(held: Held) -> &'static str {
    match held {
        Held::Held => "held",
        Held::Erased => "erased",
        Held::Withheld => "withheld",
    }
}

fn explain_event(page: &mut Page, event: &Event) {
    page.hanging("  ", &sentence(event)).blank();
    page.line("What it says");
    let mut fields = vec![("about".to_owned(), event.common.subject.to_string())];
    fields.extend(
        narrate::explained(event)
            .into_iter()
            .filter(|(name, _)| name != "sealed"),
    );
    page.fields(2, fields);
}
