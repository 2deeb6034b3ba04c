//! `minutebook prove`: what one needs to check an entry without the ledger.

use std::path::PathBuf;

use minutebook_ledger::receipt::Receipt;
use minutebook_ledger::tree::TreeHead;
use serde_json::json;

use super::show::write_new;
use super::{Context, short_hex};
use crate::failure::Failure;
use crate::remote::{Remote, SignIn};

/// Write the proof that the ledger holds an entry
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  \
    minutebook prove 12 --out entry-12.tlog-proof --entry entry-12.cose\n  \
    minutebook verify entry-12.tlog-proof --entry entry-12.cose --vkey VKEY\n\n\
    The proof is a C2SP tlog-proof, which other tools read too; the receipt is a\n\
    COSE receipt (RFC 9942). Neither shows what the entry says: that stands in its\n\
    disclosure, which `minutebook show 12 --raw disclosure` writes.")]
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
    #[command(flatten)]
    sign_in: SignIn,
}

/// Runs the command.
///
/// # Errors
/// Where there is no such entry, or a file cannot be written.
pub fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    // Everything is made before anything is written.
    let Proof {
        ledger,
        statement,
        proof,
        receipt,
        head,
        vkey,
    } = match &context.server {
        Some(server) => {
            let remote = Remote::reading(server, &args.sign_in, context)?;
            at_server(&remote, args)?
        }
        None => {
            args.sign_in.refuse()?;
            in_folder(args, context)?
        }
    };
    let mut files = Vec::new();
    if let Some(path) = &args.out {
        write_new(path, proof.as_bytes())?;
        files.push(("proof", path));
    }
    if let (Some(path), Some(receipt)) = (&args.receipt, &receipt) {
        write_new(path, receipt)?;
        files.push(("receipt", path));
    }
    if let Some(path) = &args.entry {
        write_new(path, &statement)?;
        files.push(("entry", path));
    }
    let mut page = context.out.page();
    page.line(format!(
        "Entry {} is proved to stand among the {} entries of {}.",
        args.index, head.size, ledger
    ));
    page.blank();
    let mut fields: Vec<(&str, String)> = files
        .iter()
        .map(|(what, path)| (*what, path.display().to_string()))
        .collect();
    fields.push(("fingerprint", short_hex(&head.root.0)));
    fields.push(("vkey", vkey.clone()));
    page.fields(2, fields);
    page.blank().text_block(
        "Whoever checks it needs these files, and the vkey from you by another way. `minutebook verify \
         --help` shows how.",
    );
    let json = json!({
        "ledger": ledger, "entry": args.index, "vkey": vkey,
        "checkpoint": {"size": head.size, "root": head.root.to_string()},
        "files": files.iter().map(|(what, path)| json!({"what": what, "path": path})).collect::<Vec<_>>(),
    });
    context.out.answer(&json, &page)
}

/// What proves an entry.
struct Proof {
    ledger: String,
    statement: Vec<u8>,
    proof: String,
    receipt: Option<Vec<u8>>,
    head: TreeHead,
    vkey: String,
}

fn in_folder(args: &Args, context: &Context) -> Result<Proof, Failure> {
    let ledger = context.open()?;
    let entry = ledger.log.entry(args.index)?;
    let receipt = args
        .receipt
        .as_ref()
        .map(|_| ledger.log.receipt(args.index));
    let made = Proof {
        ledger: ledger.name.clone(),
        statement: entry.statement.bytes().to_vec(),
        proof: ledger.log.tlog_proof(args.index)?.format(),
        receipt: receipt.transpose()?,
        head: ledger.views().head,
        vkey: ledger.log.vkey().to_string(),
    };
    ledger.close()?;
    Ok(made)
}

/// As a server gives it, once it holds under the log's keys.
fn at_server(remote: &Remote, args: &Args) -> Result<Proof, Failure> {
    let (ledger, keys) = (&remote.ledger, remote.keys()?);
    let statement = ledger.statement(args.index)?.bytes().to_vec();
    let proof = ledger.proof(args.index)?;
    let holds = |error: &dyn std::error::Error| {
        let mut failure = Failure::of(
            error,
            Some("nothing was written; ask the partnership".into()),
        );
        failure.message = format!("what the server gives is no proof: {}", failure.message);
        failure
    };
    let checkpoint = proof
        .verify(&keys.vkey, &statement)
        .map_err(|error| holds(&error))?;
    if proof.index != args.index {
        return Err(Failure::bare("what the server gives proves another entry"));
    }
    let receipt = match &args.receipt {
        Some(_) => {
            let bytes = ledger.receipt(args.index)?;
            let receipt = Receipt::parse(&bytes).map_err(|error| holds(&error))?;
            receipt
                .verify(&keys.receipt, &statement)
                .map_err(|error| holds(&error))?;
            Some(bytes)
        }
        None => None,
    };
    Ok(Proof {
        ledger: ledger.name().to_owned(),
        statement,
        proof: proof.format(),
        receipt,
        head: checkpoint.head,
        vkey: keys.vkey.to_string(),
    })
}
