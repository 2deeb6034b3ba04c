//! `minutebook show`: one entry, decoded and explained.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use minutebook_events::{Confidentiality, Content, Event};
use minutebook_ledger::hash::leaf_hash;
use minutebook_ledger::log::StoredEntry;
use minutebook_ledger::store::{Disclosed, Held};
use minutebook_reports::date_words;
use minutebook_reports::sentence::sentence;
use serde_json::{Value, json};

use super::people::Names;
use super::{Context, recorded_times, short_hex};
use crate::failure::Failure;
use crate::folder::OpenLedger;
use crate::narrate;
use crate::output::{Page, date_time, iso_time};

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
    let ledger = context.open()?;
    let entry = ledger.log.entry(args.index)?;
    if let Some(what) = args.raw {
        let bytes = raw(&ledger, &entry, what)?;
        return match &args.out {
            Some(path) => write_new(path, &bytes),
            None => context.out.raw(&bytes),
        };
    }
    let times = recorded_times(&ledger, &[args.index], context)?;
    let recorded_at = times.first().copied().unwrap_or_default();
    let json = describe(&ledger, &entry, recorded_at);
    let page = explain(&ledger, &entry, recorded_at, context);
    ledger.close()?;
    context.out.answer(&json, &page)
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

fn raw(ledger: &OpenLedger, entry: &StoredEntry, what: Raw) -> Result<Vec<u8>, Failure> {
    let statement = &entry.statement;
    match what {
        Raw::Statement => Ok(statement.bytes().to_vec()),
        Raw::SignedBytes => Ok(statement.signed_bytes()),
        Raw::Signature => Ok(statement.signature().to_vec()),
        Raw::PublicKey => match ledger.views().views.keyring.public(&statement.claims().kid) {
            Some(key) => Ok(key.to_spki_pem().into_bytes()),
            None => Err(Failure::bare(
                "the key that signed this entry is not in the record",
            )),
        },
        Raw::Disclosure => match entry.record.disclosures.first().map(|d| &d.content) {
            Some(Held::Present(bytes)) => Ok(bytes.clone()),
            Some(Held::Erased) => Err(Failure::new(
                format!(
                    "the content of entry {} was erased{}",
                    entry.position,
                    erased_by(ledger, entry)
                ),
                "its statement and proof are still there: --raw statement",
            )),
            _ => Err(Failure::bare(format!(
                "the content of entry {} is not in this copy of the ledger",
                entry.position
            ))),
        },
    }
}

/// By which entry, when, and on which basis: an erasure is public, whatever was erased.
fn erased_by(ledger: &OpenLedger, entry: &StoredEntry) -> String {
    let digest = &entry.statement.claims().digest;
    let views = &ledger.views().views;
    let Some(by) = views.records.erased_by(digest) else {
        return String::new();
    };
    let mut words = format!(" by entry {by}");
    if let Some(erasing) = views.entries.get(by) {
        words.push_str(&format!(" on {}", date_words(erasing.recorded_at)));
    }
    let now = views.now(Confidentiality::Public);
    let basis = now.all(&views.records.remarks).find_map(|(_, remarks)| {
        let mut erased = remarks.erased.iter();
        let mut disposed = remarks.disposed.iter();
        let erased = erased.find(|one| one.at.position == by);
        let disposed = disposed.find(|one| one.at.position == by);
        let rule = disposed.map(|one| &one.retention_rule);
        erased.map(|one| &one.legal_basis).or(rule)
    });
    words.extend(basis.map(|basis| format!(" ({basis})")));
    words
}

fn signature_verifies(ledger: &OpenLedger, entry: &StoredEntry) -> bool {
    let key = ledger
        .views()
        .views
        .keyring
        .public(&entry.statement.claims().kid);
    key.is_some_and(|key| entry.statement.verify(&key).is_ok())
}

fn held_words(content: &Held) -> &'static str {
    match content {
        Held::Present(_) => "held",
        Held::Erased => "erased",
        Held::Absent => "withheld",
    }
}

/// The entry for a script.
pub fn describe(ledger: &OpenLedger, entry: &StoredEntry, recorded_at: i64) -> Value {
    let claims = entry.statement.claims();
    let hex = |bytes: &[u8]| bytes.iter().map(|b| format!("{b:02x}")).collect::<String>();
    let parts = |part: &Disclosed| json!({"digest": hex(&part.digest), "content": held_words(&part.content)});
    let sealed: Vec<Value> = entry.record.disclosures.iter().skip(1).map(parts).collect();
    let event = match &entry.content {
        Content::Event(event) => Some(event.to_json()),
        Content::Withheld | Content::Erased => None,
    };
    let summary = match &entry.content {
        Content::Event(event) => Some(sentence(event)),
        _ => None,
    };
    json!({
        "ledger": ledger.name,
        "entry": entry.position,
        "summary": summary,
        "recorded_at": recorded_at,
        "recorded": iso_time(recorded_at),
        "signer": Names::new(ledger).json(&claims.signer),
        "statement": {
            "origin": entry.statement.origin(),
            "kid": claims.kid.to_string(),
            "iat": claims.iat,
            "cti": hex(&claims.cti),
            "digest": claims.digest.to_string(),
            "enrols": claims.enrols.map(|key| key.kid().to_string()),
            "seen": {"size": claims.seen.size, "root": hex(&claims.seen.root)},
            "size_bytes": entry.statement.bytes().len(),
        },
        "leaf_hash": leaf_hash(entry.statement.bytes()).to_string(),
        "signature": hex(entry.statement.signature()),
        "signature_verifies": signature_verifies(ledger, entry),
        "content": entry.record.disclosures.first().map_or("withheld", |d| held_words(&d.content)),
        "sealed": sealed,
        "corrected_by": ledger.views().views.records.corrections(entry.position),
        "event": event,
    })
}

fn explain(ledger: &OpenLedger, entry: &StoredEntry, recorded_at: i64, context: &Context) -> Page {
    let mut page = context.out.page();
    page.line(format!("Entry {} of {}", entry.position, ledger.name))
        .blank();
    match &entry.content {
        Content::Event(event) => explain_event(&mut page, event),
        Content::Erased => {
            page.indented(
                2,
                &format!(
                    "Its content was erased{}. That it stood here, and that it verifies, stays.",
                    erased_by(ledger, entry)
                ),
            );
        }
        Content::Withheld => {
            page.indented(2, "Its content is not in this copy of the ledger.");
        }
    }
    for correction in ledger.views().views.records.corrections(entry.position) {
        page.blank().indented(
            2,
            &format!("Corrected by entry {correction}: see that one too."),
        );
    }
    let claims = entry.statement.claims();
    let mut names = Names::new(ledger);
    page.blank().line("Who signed it, and when");
    let signer = match names.name(&claims.signer) {
        Some(name) => format!("{name} (person {})", claims.signer),
        None => format!("person {}", claims.signer),
    };
    let mut fields = vec![("signed by", signer)];
    if let Content::Event(event) = &entry.content {
        fields.push(("acting as", narrate::capacity(&event.common.capacity)));
    }
    fields.push(("with the key", claims.kid.short()));
    fields.push(("signed at", date_time(claims.iat)));
    fields.push(("recorded at", date_time(recorded_at)));
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
    let mut fields = vec![
        (
            "signature",
            if signature_verifies(ledger, entry) {
                "verifies".into()
            } else {
                "DOES NOT VERIFY".into()
            },
        ),
        ("digest", claims.digest.to_string()),
        ("leaf hash", leaf_hash(entry.statement.bytes()).to_string()),
    ];
    for part in entry.record.disclosures.iter().skip(1) {
        let digest = minutebook_events::Digest(part.digest);
        fields.push((
            "sealed part",
            format!("{digest} ({})", held_words(&part.content)),
        ));
    }
    page.fields(2, fields);
    let (index, again) = (entry.position, context.again());
    page.blank().line(format!(
        "`minutebook prove {index} --out entry-{index}.tlog-proof{again}` writes its proof."
    ));
    page
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
