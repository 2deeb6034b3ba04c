//! `minutebook verify`: checks a copy of a ledger, or one proof, with nothing taken on trust but the
//! log's key.

use std::fs;
use std::path::{Path, PathBuf};

use minutebook_keys::VerifierKey;
use minutebook_ledger::bundle::Bundle;
use minutebook_ledger::store::Store as _;
use minutebook_ledger::store::sled::SledStore;
use minutebook_ledger::verify::{Evidence, Finding, Report, StoreEvidence, verify};
use minutebook_projections::Views;
use serde_json::{Value, json};

use super::{Context, short_hex};
use crate::failure::{FAILED, Failure};
use crate::folder::{Layout, ledger_names};
use crate::output::{Page, date_time, iso_time, plural};
use crate::remote::SignIn;

mod proof;
mod remote;

/// Check a bundle, a data folder, a ledger's folder, a server or one proof
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    minutebook verify nwl-bundle --vkey VKEY   (an auditor's bundle)\n  \
    minutebook verify ./minutebook-data        (every ledger of a data folder)\n  \
    minutebook verify entry-12.tlog-proof --entry entry-12.cose --vkey VKEY\n  \
    minutebook verify https://minutebook.example --ledger nwl --vkey VKEY\n  \
    minutebook verify entry-12.receipt --entry entry-12.cose \\\n    \
    --receipt-key nwl-bundle/receipt.cosekey\n\n\
    The vkey is what all trust rests on: take it from the partnership by another\n\
    way than the copy that you check. Without --vkey the copy's own is used, which\n\
    shows that the copy fits together, but not whose it is. Nothing is fetched\n\
    from anywhere, unless a server is what you check.")]
pub struct Args {
    /// The bundle, folder, proof or server
    #[arg(value_name = "PATH|URL")]
    path: PathBuf,
    /// The entry's bytes, for a proof or receipt
    #[arg(long, value_name = "FILE")]
    entry: Option<PathBuf>,
    /// The log's receipt key, for a receipt: receipt.cosekey of a bundle
    #[arg(long, value_name = "FILE")]
    receipt_key: Option<PathBuf>,
    #[command(flatten)]
    sign_in: SignIn,
}

/// Where the key that everything is checked with came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trust {
    /// Given by whoever checks.
    Given,
    /// Taken from the copy itself.
    OfTheCopy,
}

/// What was checked, and how it turned out.
struct Checked {
    name: String,
    vkey: VerifierKey,
    trust: Trust,
    report: Report,
}

/// Runs the command.
///
/// # Errors
/// Where there is nothing to check; or, with code 1, where something is wrong.
pub fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    let path = &args.path;
    if let Some(address) = path.to_str().filter(|text| is_address(text)) {
        let checked = remote::run(address, args, context)?;
        return conclude(&checked, context);
    }
    args.sign_in.refuse()?;
    if path.is_file() {
        return proof::run(args, context);
    }
    if !path.is_dir() {
        return Err(Failure::new(
            format!("there is nothing at {}", path.display()),
            "give a bundle, a data folder, a ledger's folder, or a proof",
        ));
    }
    let checked = if Bundle::is_one(path) {
        vec![bundle(path, context)?]
    } else {
        folders(path, context)?
    };
    conclude(&checked, context)
}

/// Whether what is to be checked is a server, or one of its ledgers.
fn is_address(text: &str) -> bool {
    text.starts_with("http://") || text.starts_with("https://")
}

/// Tells how the checks turned out.
fn conclude(checked: &[Checked], context: &Context) -> Result<(), Failure> {
    let good = checked.iter().all(|checked| checked.report.is_good());
    let mut page = context.out.page();
    for (i, checked) in checked.iter().enumerate() {
        if i > 0 {
            page.blank();
        }
        tell(&mut page, checked);
    }
    if checked
        .iter()
        .any(|checked| checked.trust == Trust::OfTheCopy)
    {
        page.blank().text_block(
            "The vkey was taken from the copy itself. Compare it with the one that the partnership gave \
             you, or give that one with --vkey: only then is it known whose record this is.",
        );
    }
    let json = json!({
        "good": good,
        "ledgers": checked.iter().map(checked_json).collect::<Vec<_>>(),
    });
    context.out.answer(&json, &page)?;
    if good {
        Ok(())
    } else {
        Err(Failure::silent(FAILED))
    }
}

fn bundle(path: &Path, context: &Context) -> Result<Checked, Failure> {
    let bundle = Bundle::open(path)?;
    let (vkey, trust) = match &context.vkey {
        Some(given) => (given.clone(), Trust::Given),
        None => (own_vkey(bundle.vkey())?, Trust::OfTheCopy),
    };
    Ok(audit(
        path.display().to_string(),
        &bundle,
        vkey,
        trust,
        context,
    ))
}

fn own_vkey(text: &str) -> Result<VerifierKey, Failure> {
    VerifierKey::parse(text).map_err(|error| {
        Failure::new(
            format!("the bundle's own log.vkey: {error}"),
            "give the --vkey that you trust",
        )
    })
}

/// The ledger of a folder, or every ledger of a data folder; the one named by `--ledger` alone.
fn folders(path: &Path, context: &Context) -> Result<Vec<Checked>, Failure> {
    let mut layouts = Vec::new();
    if let (Some(parent), Some(name)) = (path.parent(), path.file_name())
        && let Ok(layout) = Layout::of(parent, &name.to_string_lossy())
        && layout.has_manifest()
    {
        layouts.push(layout);
    } else if let Some(name) = &context.ledger {
        layouts.push(Layout::find(path, Some(name))?);
    } else {
        for name in ledger_names(path)? {
            layouts.push(Layout::of(path, &name)?);
        }
    }
    if layouts.is_empty() {
        return Err(Failure::new(
            format!("{} is neither a bundle nor a data folder", path.display()),
            "give a bundle that `minutebook export` wrote, or the folder that --dir names",
        ));
    }
    if context.vkey.is_some() && layouts.len() > 1 {
        return Err(Failure::usage(
            format!(
                "{} holds several ledgers, each with a key of its own",
                path.display()
            ),
            "name the one that the --vkey belongs to with --ledger",
        ));
    }
    layouts
        .iter()
        .map(|layout| folder(layout, context))
        .collect()
}

fn folder(layout: &Layout, context: &Context) -> Result<Checked, Failure> {
    let manifest = layout.manifest()?;
    let (vkey, trust) = match &context.vkey {
        Some(given) => (given.clone(), Trust::Given),
        None => (layout.vkey()?, Trust::OfTheCopy),
    };
    let (store, notices) = SledStore::open(layout.path())?;
    for notice in notices {
        context
            .out
            .note(&format!("note: {}: {notice}", manifest.name));
    }
    let checked = audit(manifest.name, &StoreEvidence(&store), vkey, trust, context);
    store.close()?;
    Ok(checked)
}

fn audit(
    name: String,
    evidence: &dyn Evidence,
    vkey: VerifierKey,
    trust: Trust,
    context: &Context,
) -> Checked {
    let progress = context.out.progress("Verifying");
    let report = verify(evidence, &vkey, Views::default(), &|done, all| {
        progress.show(done, all)
    });
    Checked {
        name,
        vkey,
        trust,
        report,
    }
}

fn tell(page: &mut Page, checked: &Checked) {
    let Checked {
        name, vkey, report, ..
    } = checked;
    if report.is_good() {
        page.line(format!("{name}: everything checks out."));
    } else {
        let count = report.findings.len() as u64 + report.more;
        page.line(format!(
            "{name}: {}.",
            plural(count, "thing is wrong", "things are wrong")
        ));
    }
    let counts = report.counts;
    page.blank().fields(
        2,
        [
            ("origin", report.origin.clone()),
            (
                "entries",
                format!(
                    "{}, of which {} were judged again by the rules",
                    counts.entries, counts.judged
                ),
            ),
            ("signers", counts.signers.to_string()),
            (
                "content",
                format!(
                    "{} here, {} withheld, {} erased",
                    counts.disclosed, counts.withheld, counts.erased
                ),
            ),
            ("newest entry", date_time(report.recorded_at)),
            ("fingerprint", short_hex(&report.head.root.0)),
            ("root", report.head.root.to_string()),
            ("vkey", vkey.to_string()),
        ],
    );
    if !report.is_good() {
        page.blank().table(
            &["entry", "check", "what is wrong"],
            &rows(&report.findings),
        );
        if report.more > 0 {
            page.line(format!("and {} more", report.more));
        }
    }
    if !report.open.is_empty() {
        page.blank().text_block(
            "Not settled by this copy, since something before these entries is withheld or erased \
             that could be what allows them. A fuller copy settles it:",
        );
        page.blank()
            .table(&["entry", "check", "what is open"], &rows(&report.open));
    }
}

fn rows(findings: &[Finding]) -> Vec<Vec<String>> {
    findings
        .iter()
        .map(|finding| {
            let entry = finding.entry.map_or("-".into(), |entry| entry.to_string());
            vec![entry, finding.check.to_string(), finding.message.clone()]
        })
        .collect()
}

fn findings_json(findings: &[Finding]) -> Vec<Value> {
    findings
        .iter()
        .map(|f| json!({"entry": f.entry, "check": f.check.name(), "message": f.message}))
        .collect()
}

fn checked_json(checked: &Checked) -> Value {
    let report = &checked.report;
    let counts = report.counts;
    json!({
        "name": checked.name,
        "good": report.is_good(),
        "origin": report.origin,
        "vkey": checked.vkey.to_string(),
        "vkey_from": match checked.trust { Trust::Given => "given", Trust::OfTheCopy => "copy" },
        "size": report.head.size,
        "root": report.head.root.to_string(),
        "recorded_at": report.recorded_at,
        "recorded": iso_time(report.recorded_at),
        "counts": {
            "entries": counts.entries, "judged": counts.judged, "signers": counts.signers,
            "disclosed": counts.disclosed, "withheld": counts.withheld, "erased": counts.erased,
        },
        "findings": findings_json(&report.findings),
        "more_findings": report.more,
        "open": findings_json(&report.open),
    })
}

/// Reads a file of a bounded size.
fn read_small(path: &Path) -> Result<Vec<u8>, Failure> {
    use std::io::Read as _;
    const MOST: u64 = 2 << 20;
    let mut bytes = Vec::new();
    fs::File::open(path)
        .and_then(|file| file.take(MOST).read_to_end(&mut bytes))
        .map_err(|error| Failure::file("read", path, &error))?;
    Ok(bytes)
}
