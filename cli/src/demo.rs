//! Four ledgers from five public documents, with officers made on the spot.
//!
//! The documents are those of partnerships that exist; the officers are not. Each ledger gets a
//! registrar, a secretary and a lead, each a person with an id and a key of their own, and what they
//! sign says of itself that it was imported.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use minutebook_keys::VerifierKey;
use minutebook_ledger::store::Store as _;
use minutebook_ledger::store::sled::SledStore;
use minutebook_ledger::verify::{Report, StoreEvidence, verify};
use minutebook_projections::{Summary, Views};

use crate::commands::import::refused;
use crate::commands::init::random_person;
use crate::failure::Failure;
use crate::folder::{Founding, Layout, OpenLedger, create_ledger};
use crate::import::{ImportPlan, Known, Signer, apply, plan_import};

mod officers;

pub use officers::{DemoOfficer, PASSPHRASE};

/// A ledger of the demo and its documents, in the order of their dates.
pub struct DemoLedger {
    /// The ledger's name.
    pub name: &'static str,
    /// File names and texts.
    pub files: &'static [(&'static str, &'static str)],
}

macro_rules! seed {
    ($file:literal) => {
        ($file, include_str!(concat!("../seeds/", $file)))
    };
}

/// The ledgers.
pub const LEDGERS: [DemoLedger; 4] = [
    DemoLedger {
        name: "nlmhp",
        files: &[seed!("candi-transformation.yaml"), seed!("nlmhp-strategy.yaml")],
    },
    DemoLedger { name: "nwl", files: &[seed!("nwl-strategy.yaml")] },
    DemoLedger { name: "nwl-concordat", files: &[seed!("nwl-concordat.yaml")] },
    DemoLedger { name: "swl", files: &[seed!("swl-partnerships.yaml")] },
];

/// A ledger that was made and verified.
pub struct Made {
    /// The ledger's name.
    pub name: &'static str,
    /// Its origin.
    pub origin: String,
    /// The key that checks its checkpoints.
    pub vkey: VerifierKey,
    /// Who signed in it.
    pub officers: Vec<DemoOfficer>,
    /// What came from each file.
    pub plans: Vec<ImportPlan>,
    /// What it holds.
    pub summary: Summary,
    /// What the audit of its files found.
    pub report: Report,
    /// How long recording took, and how long verifying.
    pub times: (Duration, Duration),
}

/// Where the key files lie.
pub fn key_folder(dir: &Path) -> PathBuf {
    dir.join("keys")
}

/// The ledgers and key files of the demo that `dir` holds already.
///
/// # Errors
/// Where a ledger's name cannot be one.
pub fn in_the_way(dir: &Path) -> Result<Vec<String>, Failure> {
    let mut found = Vec::new();
    for ledger in &LEDGERS {
        if Layout::of(dir, ledger.name)?.path().exists() {
            found.push(ledger.name.to_owned());
        }
        for signer in apply::SIGNERS {
            let path = officers::key_file(dir, ledger.name, signer);
            if path.exists() {
                found.push(path.display().to_string());
            }
        }
    }
    Ok(found)
}

/// Makes one ledger in `dir`, records its documents and verifies it from its files. `recorded` and
/// `verified` are told how far it is.
///
/// # Errors
/// Where something cannot be written, is refused, or does not verify.
pub fn make(
    dir: &Path,
    ledger: &DemoLedger,
    recorded: &dyn Fn(u64, u64),
    verified: &(dyn Fn(u64, u64) + Sync),
) -> Result<Made, Failure> {
    let folder = key_folder(dir);
    fs::create_dir_all(&folder).map_err(|error| Failure::file("create", &folder, &error))?;
    let start = Instant::now();
    let origin = format!("minutebook.example/{}", ledger.name);
    let officers = officers::make(dir, ledger.name)?;
    let first = first_plan(ledger)?;
    let registrar = officers::of(&officers, Signer::Registrar)?;
    let open = create_ledger(
        dir,
        &Founding {
            name: ledger.name,
            origin: &origin,
            partnership: &first.partnership,
            area: first.area.as_deref(),
            officers: vec![(
                registrar.officer.person.clone(),
                vec![Signer::Registrar.role()],
                registrar.officer.key.public(),
            )],
            signer: &registrar.officer,
        },
    )?;
    officers::enrol(&open, &officers)?;
    let plans = record(&open, ledger, &officers, recorded)?;
    let vkey = open.log.vkey().clone();
    let summary = open.views().views.summary();
    open.close()?;
    let recording = start.elapsed();

    let start = Instant::now();
    let report = audit(dir, ledger.name, &vkey, verified)?;
    let times = (recording, start.elapsed());
    Ok(Made { name: ledger.name, origin, vkey, officers, plans, summary, report, times })
}

/// The ledger's first document says whose ledger it is.
fn first_plan(ledger: &DemoLedger) -> Result<ImportPlan, Failure> {
    let Some((name, text)) = ledger.files.first() else {
        return Err(Failure::bare(format!("the demo has no document for {}", ledger.name)));
    };
    plan_import(name, text, &Known::default(), &mut random_person).map_err(|found| refused(&found))
}

fn record(
    open: &OpenLedger,
    ledger: &DemoLedger,
    officers: &[DemoOfficer],
    recorded: &dyn Fn(u64, u64),
) -> Result<Vec<ImportPlan>, Failure> {
    let signing =
        apply::Officers::new(&open.views().views, officers.iter().map(|one| &one.officer));
    let mut plans = Vec::new();
    for (name, text) in ledger.files {
        let known = apply::known(open, |_, _| {})?;
        let plan = plan_import(name, text, &known, &mut random_person)
            .map_err(|found| refused(&found))?;
        apply::record(open, &plan, &signing, recorded)?;
        plans.push(plan);
    }
    Ok(plans)
}

/// Opens the files anew, as an auditor would, and checks them with the key noted before.
fn audit(
    dir: &Path,
    name: &str,
    vkey: &VerifierKey,
    verified: &(dyn Fn(u64, u64) + Sync),
) -> Result<Report, Failure> {
    let (store, _) = SledStore::open(Layout::of(dir, name)?.path())?;
    let report = verify(&StoreEvidence(&store), vkey, Views::default(), verified);
    store.close()?;
    if report.is_good() {
        return Ok(report);
    }
    Err(Failure {
        details: report.findings.iter().map(ToString::to_string).collect(),
        ..Failure::new(
            format!("the ledger {name} does not verify"),
            "keep the folder for whoever looks into it, and try again with another --dir",
        )
    })
}
