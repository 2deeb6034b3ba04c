//! `minutebook export`: the auditor's bundle.

use std::io;
use std::path::{Path, PathBuf};

use minutebook_api::export::may_give;
use minutebook_events::{Confidentiality, DocumentRef};
use minutebook_ledger::bundle;
use minutebook_ledger::log::StoredEntry;
use serde_json::json;

use super::{Context, short_hex};
use crate::failure::Failure;
use crate::folder::{DocumentFileError, DocumentFiles};
use crate::output::plural;

/// Write the auditor's bundle: everything that is needed to check the ledger offline
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  \
    minutebook export --ledger nwl --out nwl-bundle\n  \
    minutebook verify nwl-bundle --vkey VKEY\n\n\
    The bundle proves every entry and shows the public ones, with the documents\n\
    that they name. Part 2 and restricted entries, and the sealed parts that say\n\
    who someone is, are proved and not shown; --include-private shows\n\
    them too, for an auditor who may read them.")]
pub struct Args {
    /// The bundle's folder; it must not exist yet
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
    /// Also give part 2, restricted and sealed content
    #[arg(long)]
    include_private: bool,
}

/// Runs the command.
///
/// # Errors
/// Where the folder exists or cannot be written.
pub fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    let ledger = context.open()?;
    let progress = context.out.progress("Exporting");
    let may_give = |entry: &StoredEntry, part: usize| {
        args.include_private || may_give(Confidentiality::Public, entry, part)
    };
    let documents = DocumentFiles::open(&ledger.path).map_err(DocumentFileError::from)?;
    let mut missing = 0;
    let put_document =
        |document: &DocumentRef, path: &Path| match documents.write(&document.blake3, path) {
            Ok(_) => Ok(true),
            Err(DocumentFileError::Unknown(_)) => {
                missing += 1;
                Ok(false)
            }
            Err(error) => Err(io::Error::other(error)),
        };
    let manifest = bundle::export(
        &ledger.log,
        &args.out,
        may_give,
        put_document,
        |done, all| {
            progress.show(done, all);
        },
    )?;
    drop(progress);
    let vkey = ledger.log.vkey().to_string();
    let counts = manifest.counts;
    let mut page = context.out.page();
    page.line(format!(
        "The bundle of {} is in {}.",
        ledger.name,
        args.out.display()
    ))
    .blank();
    page.fields(
        2,
        [
            ("entries", counts.entries.to_string()),
            (
                "content",
                format!(
                    "{} given, {} withheld, {} erased",
                    counts.disclosed, counts.withheld, counts.erased
                ),
            ),
            (
                "documents",
                match missing {
                    0 => format!("{} given", counts.documents),
                    _ => format!("{} given, {missing} not kept here", counts.documents),
                },
            ),
            ("fingerprint", short_hex(&manifest.root.0)),
            ("vkey", vkey.clone()),
        ],
    );
    if args.include_private {
        page.blank().text_block(
            "It holds private content, names among it. Give it only to those who may read that.",
        );
    } else if counts.withheld > 0 {
        page.blank().text_block(&format!(
            "{} not shown in it, since not everyone may read them; they are proved all the same.",
            plural(counts.withheld, "content is", "contents are")
        ));
    }
    page.blank().line(format!(
        "`minutebook verify {} --vkey VKEY` checks it.",
        args.out.display()
    ));
    let json = json!({
        "ledger": ledger.name, "bundle": args.out, "vkey": vkey, "manifest": manifest,
    });
    ledger.close()?;
    context.out.answer(&json, &page)
}
