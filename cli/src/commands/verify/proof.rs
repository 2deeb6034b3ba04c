//! Checking one proof or receipt, with the entry it is for.

use std::path::Path;

use minutebook_events::CoseKey;
use minutebook_keys::{PublicKey, VerifierKey};
use minutebook_ledger::receipt::Receipt;
use minutebook_ledger::statement::Statement;
use minutebook_ledger::tlog_proof::TlogProof;
use serde_json::json;

use super::super::{Context, short_hex};
use super::{Args, read_small};
use crate::failure::Failure;
use crate::folder::Layout;
use crate::output::date_time;

/// Checks the proof or receipt at `args.path`.
///
/// # Errors
/// Where something is missing, or the proof does not hold.
pub fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    let bytes = read_small(&args.path)?;
    let Some(entry_path) = &args.entry else {
        return Err(Failure::usage(
            "a proof is checked together with its entry",
            "give --entry FILE: `minutebook prove INDEX --entry FILE` writes it",
        ));
    };
    let entry = read_small(entry_path)?;
    let statement = Statement::parse(&entry).map_err(|error| {
        let path = entry_path.display();
        Failure::new(
            format!("{path} is no entry: {error}"),
            "give the file that `prove --entry` wrote",
        )
    })?;
    match std::str::from_utf8(&bytes) {
        Ok(text) if text.starts_with("c2sp.org/tlog-proof") => {
            tlog_proof(text, &entry, &statement, context)
        }
        _ => receipt(&bytes, &entry, &statement, args, context),
    }
}

fn tlog_proof(
    text: &str,
    entry: &[u8],
    statement: &Statement,
    context: &Context,
) -> Result<(), Failure> {
    let vkey = match &context.vkey {
        Some(vkey) => vkey.clone(),
        None => vkey_of_folder(context)?,
    };
    let proof = TlogProof::parse(text).map_err(|error| fails(&error))?;
    let checkpoint = proof.verify(&vkey, entry).map_err(|error| fails(&error))?;
    check_origin(statement, vkey.name().as_str())?;
    let mut page = context.out.page();
    page.line("The proof holds.").blank();
    page.fields(
        2,
        [
            (
                "entry",
                format!("{} of {}", proof.index, checkpoint.head.size),
            ),
            ("ledger", checkpoint.origin.clone()),
            ("signed at", date_time(statement.claims().iat)),
            ("with the key", statement.claims().kid.short()),
            ("digest", statement.claims().digest.to_string()),
            ("fingerprint", short_hex(&checkpoint.head.root.0)),
            ("vkey", vkey.to_string()),
        ],
    );
    let json = json!({
        "good": true, "entry": proof.index, "origin": checkpoint.origin,
        "checkpoint": {"size": checkpoint.head.size, "root": checkpoint.head.root.to_string()},
        "digest": statement.claims().digest.to_string(), "vkey": vkey.to_string(),
    });
    context.out.answer(&json, &page)
}

fn receipt(
    bytes: &[u8],
    entry: &[u8],
    statement: &Statement,
    args: &Args,
    context: &Context,
) -> Result<(), Failure> {
    let receipt = Receipt::parse(bytes).map_err(|error| {
        let path = args.path.display();
        Failure::new(
            format!("{path} is neither a .tlog-proof nor a receipt: {error}"),
            "give the file that `minutebook prove` wrote",
        )
    })?;
    let key = match &args.receipt_key {
        Some(path) => cose_key(path)?,
        None => Layout::find(&context.dir, context.ledger.as_deref())
            .and_then(|layout| layout.service_key(&layout.receipt_key()))
            .map(|key| key.public())
            .map_err(|_| {
                Failure::usage(
                    "a receipt is checked with the log's receipt key",
                    "give --receipt-key FILE: receipt.cosekey of a bundle",
                )
            })?,
    };
    let head = receipt.verify(&key, entry).map_err(|error| fails(&error))?;
    check_origin(statement, &receipt.subject)?;
    let mut page = context.out.page();
    page.line("The receipt holds: the ledger has this entry.")
        .blank();
    page.fields(
        2,
        [
            ("ledger", receipt.subject.clone()),
            ("issued at", date_time(receipt.issued_at)),
            ("digest", statement.claims().digest.to_string()),
            ("fingerprint", short_hex(&head.root.0)),
            ("receipt key", key.kid().short()),
        ],
    );
    let json = json!({
        "good": true, "origin": receipt.subject, "issued_at": receipt.issued_at,
        "digest": statement.claims().digest.to_string(), "root": head.root.to_string(),
        "receipt_key": key.kid().to_string(),
    });
    context.out.answer(&json, &page)
}

fn cose_key(path: &Path) -> Result<PublicKey, Failure> {
    let bytes = read_small(path)?;
    let not_a_key = || {
        Failure::new(
            format!("{} is no COSE key", path.display()),
            "give receipt.cosekey of a bundle",
        )
    };
    let value = minutebook_events::cbor::decode(&bytes).map_err(|_| not_a_key())?;
    let key: CoseKey = value.deserialized().map_err(|_| not_a_key())?;
    Ok(key.0)
}

fn vkey_of_folder(context: &Context) -> Result<VerifierKey, Failure> {
    let layout = Layout::find(&context.dir, context.ledger.as_deref());
    layout.and_then(|layout| layout.vkey()).map_err(|_| {
        Failure::usage(
            "a proof is checked with the log's key",
            "give the --vkey that the partnership gave you",
        )
    })
}

fn check_origin(statement: &Statement, origin: &str) -> Result<(), Failure> {
    statement
        .check_origin(origin)
        .map_err(|error| fails(&error))
}

fn fails(error: &dyn std::error::Error) -> Failure {
    let mut failure = Failure::of(error, None);
    failure.message = format!("the proof does not hold: {}", failure.message);
    failure.help = Some(
        "check that proof, entry and key belong together; if they do, ask for new ones".into(),
    );
    failure.json = Some(Box::new(json!({"good": false})));
    failure
}
