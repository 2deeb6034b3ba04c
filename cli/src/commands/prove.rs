//! `minutebook prove`: what one needs to check an entry without the ledger.

use std::path::PathBuf;

use serde_json::json;

use super::show::write_new;
use super::{Context, short_hex};
use crate::failure::Failure;

/// Write the proof that the ledger holds an entry
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  \
    minutebook prove 12 --out entry-12.tlog-proof --entry entry-12.cose\n  \
    minutebook verify entry-12.tlog-proof --entry entry-12.cose --vkey VKEY\n\n\
    The proof is a C2SP tlog-proof, which other tools read too; the receipt is a COSE receipt\n\
    (RFC 9942). Neither shows what the entry says: that stands in its disclosure, which\n\
    `minutebook show 12 --raw disclosure` writes.")]
#[command(group = clap::ArgGroup::new("what").required(true).multiple(true).args(["out", "receipt"]))]
pub struct Args {
    /// The entry's index, counted from 0
    index: u64,
    /// Where to write the .tlog-proof file
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Where to write a COSE receipt
    #[arg(long, value_name = "FILE")]
    receipt: Option<PathBuf>,
    /// Where to write the entry itself, which is checked with the proof
    #[arg(long, value_name = "FILE")]
    entry: Option<PathBuf>,
}

/// Runs the command.
///
/// # Errors
/// Where there is no such entry, or a file cannot be written.
pub fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    let ledger = context.open()?;
    let entry = ledger.log.entry(args.index)?;
    // Everything is made before anything is written.
    let proof = ledger.log.tlog_proof(args.index)?;
    let receipt = match &args.receipt {
        Some(_) => Some(ledger.log.receipt(args.index)?),
        None => None,
    };
    let mut files = Vec::new();
    if let Some(path) = &args.out {
        write_new(path, proof.format().as_bytes())?;
        files.push(("proof", path));
    }
    if let (Some(path), Some(receipt)) = (&args.receipt, &receipt) {
        write_new(path, receipt)?;
        files.push(("receipt", path));
    }
    if let Some(path) = &args.entry {
        write_new(path, entry.statement.bytes())?;
        files.push(("entry", path));
    }
    let head = ledger.views().head;
    let vkey = ledger.log.vkey().to_string();
    let mut page = context.out.page();
    page.line(format!("Entry {} is proved to stand among the {} entries of {}.", args.index, head.size, ledger.name));
    page.blank();
    let mut fields: Vec<(&str, String)> =
        files.iter().map(|(what, path)| (*what, path.display().to_string())).collect();
    fields.push(("fingerprint", short_hex(&head.root.0)));
    fields.push(("vkey", vkey.clone()));
    page.fields(2, fields);
    page.blank().text_block(
        "Whoever checks it needs these files, and the vkey from you by another way. `minutebook verify \
         --help` shows how.",
    );
    let json = json!({
        "ledger": ledger.name, "entry": args.index, "vkey": vkey,
        "checkpoint": {"size": head.size, "root": head.root.to_string()},
        "files": files.iter().map(|(what, path)| json!({"what": what, "path": path})).collect::<Vec<_>>(),
    });
    ledger.close()?;
    context.out.answer(&json, &page)
}
