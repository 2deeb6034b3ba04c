//! What this machine can do at best, measured in the same minute as the server: verifying on all cores,
//! and making bytes durable.

use std::fs::{self, File};
use std::hint::black_box;
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use minutebook_events::{PersonId, Role, Seen};
use minutebook_keys::SigningKey;
use minutebook_ledger::Statement;
use rayon::prelude::*;

use crate::error::LoadError;
use crate::measure::{Samples, Summary};
use crate::officers::Officer;
use crate::statements::Signing;

/// How many different statements are verified, round and round.
const STATEMENTS: u64 = 10_000;

/// Signatures verified a second on all cores, with `verify_strict`, over statements of the usual length.
///
/// # Errors
/// Where a statement cannot be signed or read.
pub fn verify_rate(seconds: f64) -> Result<f64, LoadError> {
    let key = SigningKey::from_seed(&[2; 32]);
    let public = key.public();
    let officers = [Officer {
        person: PersonId::from_random([2; 16]),
        role: Role::Secretary,
        key,
    }];
    let signing = Signing {
        origin: "load.example/limits".into(),
        seen: Seen {
            size: 1,
            root: [0; 32],
        },
        iat: 1_778_760_000,
        run: 0,
        officers: &officers,
    };
    let signed = signing
        .reports(STATEMENTS)?
        .into_par_iter()
        .map(|one| {
            let statement = Statement::parse(&one.statement)
                .map_err(|error| LoadError::form("a statement", error))?;
            Ok((statement.signed_bytes(), *statement.signature()))
        })
        .collect::<Result<Vec<_>, LoadError>>()?;
    let begun = Instant::now();
    let mut verified = 0;
    while begun.elapsed().as_secs_f64() < seconds {
        let good = signed
            .par_iter()
            .filter(|(bytes, signature)| black_box(public.verify_strict(bytes, signature)).is_ok())
            .count();
        if good != signed.len() {
            return Err(LoadError::form("a statement", "its signature is bad"));
        }
        verified += good;
    }
    Ok(verified as f64 / begun.elapsed().as_secs_f64())
}

/// Appends `bytes` bytes to a new file in the folder `dir` with an `fdatasync` each, one after the other.
///
/// # Errors
/// Where the system refuses.
pub fn fdatasync(dir: &Path, bytes: usize, seconds: f64) -> Result<Summary, LoadError> {
    let path = dir.join(format!("fdatasync-{}", std::process::id()));
    let mut file = File::create_new(&path).map_err(LoadError::file("create", &path))?;
    let result = append(&mut file, bytes, seconds).map_err(LoadError::file("write", &path));
    fs::remove_file(&path).map_err(LoadError::file("remove", &path))?;
    result
}

fn append(file: &mut File, bytes: usize, seconds: f64) -> std::io::Result<Summary> {
    let bytes = vec![b'x'; bytes];
    let mut samples = Samples::default();
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs_f64(seconds) {
        let one = Instant::now();
        file.write_all(&bytes)?;
        file.sync_data()?;
        samples.latencies.push(one.elapsed());
        samples.bytes += bytes.len() as u64;
    }
    Ok(samples.summary(begun.elapsed().as_secs_f64(), 1))
}
