//! `minutebook scrub`: holds the two stored copies of each ledger against each other.

use minutebook_documents::CheckReport;
use minutebook_ledger::store::sled::{ScrubReport, scrub};
use serde_json::{Value, json};

use super::{Context, short_hex};
use crate::failure::{FAILED, Failure};
use crate::folder::{DocumentFileError, DocumentFiles, Layout, ledger_names};
use crate::output::{Page, plural};

/// Compare the two stored copies of a ledger, and mend the wrong one
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    minutebook scrub                 (look only)\n  \
    minutebook scrub --mend\n\n\
    Every entry is stored twice: in a journal that is kept for ever, and in the\n\
    database that is read. The Merkle tree says which copy is right. Documents are\n\
    read too, and held against their digests. Works on ledgers that do not open.")]
pub struct Args {
    /// Mend what can be mended
    #[arg(long)]
    mend: bool,
}

/// Runs the command.
///
/// # Errors
/// Where a ledger cannot be read; or, with code 1, where damage is left.
pub fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    let layouts = match &context.ledger {
        Some(name) => vec![Layout::find(&context.dir, Some(name))?],
        None => ledger_names(&context.dir)?
            .iter()
            .map(|name| Layout::of(&context.dir, name))
            .collect::<Result<_, _>>()?,
    };
    if layouts.is_empty() {
        // Says that there is no ledger, and how to make one.
        Layout::find(&context.dir, None)?;
    }
    let mut page = context.out.page();
    let mut json: Vec<Value> = Vec::new();
    let mut sound = true;
    for layout in &layouts {
        let name = layout.manifest()?.name;
        let report = scrub(layout.path(), args.mend)?;
        let documents = documents(layout)?;
        let all_sound = report.is_sound() && documents.is_sound();
        sound &= all_sound;
        tell(&mut page, &name, &report, args.mend);
        tell_documents(&mut page, &name, &documents);
        let findings: Vec<Value> = report
            .findings
            .iter()
            .map(|f| {
                json!({
                    "copy": f.copy.to_string(), "place": f.place, "entry": f.position,
                    "check": f.check, "mended": f.mended,
                })
            })
            .collect();
        json.push(json!({
            "name": name, "sound": all_sound, "entries": report.records,
            "root": report.root.to_string(), "findings": findings,
            "documents": {
                "kept": documents.usage.documents,
                "damaged": documents.damaged,
                "misplaced": documents.misplaced,
            },
        }));
    }
    context
        .out
        .answer(&json!({"sound": sound, "ledgers": json}), &page)?;
    if sound {
        Ok(())
    } else {
        Err(Failure::silent(FAILED))
    }
}

/// Reads every document of the ledger; there are none where nothing was ever kept.
fn documents(layout: &Layout) -> Result<CheckReport, Failure> {
    if !layout.path().join("documents").is_dir() {
        return Ok(CheckReport::default());
    }
    let checked = DocumentFiles::open(layout.path()).and_then(|files| files.check());
    Ok(checked.map_err(DocumentFileError::from)?)
}

fn tell_documents(page: &mut Page, name: &str, report: &CheckReport) {
    let kept = plural(report.usage.documents, "document", "documents");
    if report.is_sound() {
        if report.usage.documents > 0 {
            page.line(format!("{name}: {kept} read, all as their digests say."));
        }
        return;
    }
    page.line(format!("{name}: among {kept}:"));
    for blake3 in &report.damaged {
        page.line(format!("  damaged  {blake3}"));
    }
    for path in &report.misplaced {
        page.line(format!("  no document's place  documents/{path}"));
    }
    page.text_block(
        "A document has no second copy here: `minutebook document add` with the same file mends it.",
    );
}

fn tell(page: &mut Page, name: &str, report: &ScrubReport, mend: bool) {
    let entries = plural(report.records, "entry", "entries");
    if report.findings.is_empty() {
        page.line(format!(
            "{name}: both copies agree on {entries}, fingerprint {}.",
            short_hex(&report.root.0)
        ));
        return;
    }
    let count = plural(report.findings.len() as u64, "place is", "places are");
    page.line(format!("{name}: {count} damaged, among {entries}."))
        .blank();
    let rows: Vec<Vec<String>> = report
        .findings
        .iter()
        .map(|finding| {
            let entry = finding
                .position
                .map_or("-".into(), |position| position.to_string());
            let mended = if finding.mended { "mended" } else { "left" };
            let what = format!("{}: {}", finding.place, finding.check);
            vec![finding.copy.to_string(), entry, mended.into(), what]
        })
        .collect();
    page.table(&["copy", "entry", "state", "what"], &rows)
        .blank();
    page.text_block(match (report.is_sound(), mend) {
        (true, _) => "Everything could be mended. `minutebook verify` checks the whole again.",
        (false, false) => "Nothing was changed. `minutebook scrub --mend` mends what can be mended.",
        (false, true) => {
            "Not everything could be mended: neither copy is right there. Keep this folder as it is, and \
             bring the ledger back from a backup."
        }
    });
}
