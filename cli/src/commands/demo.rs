//! `minutebook demo`: real documents as ledgers, to try everything on.

use std::net::SocketAddr;
use std::time::Duration;

use serde_json::{Value, json};

use super::{Context, serve, short_hex};
use crate::demo::{LEDGERS, Made, PASSPHRASE, in_the_way, make};
use crate::failure::Failure;
use crate::output::{Page, plural};

/// Make four ledgers from five public documents, verify them, and serve them
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  \
    minutebook demo --dir ./try-it\n\n\
    The documents are public ones of four partnerships and come with the program. The officers\n\
    are made up on the spot; their keys lie in the folder's keys/, under the passphrase demo.\n\
    Nothing that is there is overwritten.")]
pub struct Args {
    /// Make and verify the ledgers only, and serve nothing
    #[arg(long)]
    no_serve: bool,
    /// Where to serve them afterwards
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
}

/// Runs the command.
///
/// # Errors
/// Where the folder holds such ledgers already, or something cannot be written or does not verify.
pub fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    let dir = &context.dir;
    let there = in_the_way(dir)?;
    if !there.is_empty() {
        return Err(Failure::new(
            format!("{} holds {} already", dir.display(), there.join(", ")),
            format!(
                "run `minutebook demo --dir ANOTHER-FOLDER`; or, if nothing in it is needed any more, \
                 remove {} first",
                dir.display()
            ),
        ));
    }
    let recording = context.out.progress("Recording");
    let verifying = context.out.progress("Verifying");
    let mut made = Vec::new();
    for ledger in &LEDGERS {
        made.push(make(
            dir,
            ledger,
            &|done, all| recording.show(done, all),
            &|done, all| {
                verifying.show(done, all);
            },
        )?);
    }
    drop((recording, verifying));
    let json = json!({
        "dir": dir,
        "passphrase": PASSPHRASE,
        "ledgers": made.iter().map(made_json).collect::<Vec<_>>(),
    });
    let mut page = context.out.page();
    tell(&mut page, &made, context);
    context.out.answer(&json, &page)?;
    match args.no_serve {
        true => Ok(()),
        false => serve::run_demo(args.listen, context),
    }
}

fn tell(page: &mut Page, made: &[Made], context: &Context) {
    let dir = context.dir.display();
    let files: usize = made.iter().map(|one| one.plans.len()).sum();
    let records: usize = made
        .iter()
        .flat_map(|one| &one.plans)
        .map(|plan| plan.records.len())
        .sum();
    page.text_block(&format!(
        "{records} records of {files} public documents are now {} in {dir}.",
        plural(made.len() as u64, "ledger", "ledgers"),
    ));
    page.blank().text_block(&format!(
        "Who signs in them was made up just now. Their keys, each in a file of its own under the \
         passphrase \"{PASSPHRASE}\":",
    ));
    let officers: Vec<Vec<String>> = made
        .iter()
        .flat_map(|one| one.officers.iter().map(move |officer| (one.name, officer)))
        .map(|(ledger, officer)| {
            vec![
                ledger.to_owned(),
                officer.signer.role().name().to_owned(),
                officer.officer.key.kid().short(),
                officer.key_file.display().to_string(),
            ]
        })
        .collect();
    page.blank()
        .table(&["ledger", "officer", "fingerprint", "key file"], &officers);
    page.blank()
        .text_block("Each ledger was then verified from its files, entry by entry:");
    let rows: Vec<Vec<String>> = made.iter().map(row).collect();
    page.blank().table(
        &[
            "ledger",
            "entries",
            "signers",
            "milestones",
            "slips",
            "forward",
            "root",
            "time",
        ],
        &rows,
    );
    page.blank().line("What to try next:");
    let dir = context.again();
    let verify = format!("minutebook verify {}", context.dir.display());
    let ask =
        |question: &str, ledger: &str| format!("minutebook {question} --ledger {ledger}{dir}");
    for (what, command) in [
        (
            "the provider collaborative slipped a year, and why",
            ask("changes --since \"1 May 2024\" --by effective", "swl"),
        ),
        (
            "key workers came six months early",
            ask("milestones milestone/m-key-worker", "nlmhp"),
        ),
        (
            "ambitions: planned, reported, and what is next",
            ask("progress", "nwl"),
        ),
        (
            "25 of 25 signed, says a paper; nobody signed here",
            ask("sign-offs", "nwl-concordat"),
        ),
        ("every entry judged again, from the files alone", verify),
    ] {
        page.line(format!("  {what}"));
        page.line(format!("    {command}"));
    }
}

fn row(one: &Made) -> Vec<String> {
    let counts = [
        one.report.counts.entries,
        one.report.counts.signers,
        one.summary.milestones,
        one.summary.slipped,
        one.summary.brought_forward,
    ];
    let mut row = vec![one.name.to_owned()];
    row.extend(counts.map(|count| count.to_string()));
    row.push(short_hex(&one.report.head.root.0));
    row.push(seconds(one.times.0 + one.times.1));
    row
}

fn seconds(time: Duration) -> String {
    format!("{:.2} s", time.as_secs_f64())
}

fn made_json(one: &Made) -> Value {
    let officers: Vec<Value> = one
        .officers
        .iter()
        .map(|officer| {
            let kid = officer.officer.key.kid();
            json!({
                "role": officer.signer.role().name(), "person": officer.officer.person,
                "kid": kid.to_string(), "fingerprint": kid.short(), "key_file": officer.key_file,
            })
        })
        .collect();
    json!({
        "name": one.name,
        "origin": one.origin,
        "vkey": one.vkey.to_string(),
        "verified": one.report.is_good(),
        "entries": one.report.counts.entries,
        "signers": one.report.counts.signers,
        "counts": one.summary,
        "root": one.report.head.root.to_string(),
        "recording_seconds": one.times.0.as_secs_f64(),
        "verifying_seconds": one.times.1.as_secs_f64(),
        "officers": officers,
        "files": one.plans.iter().map(|plan| plan.to_json()).collect::<Vec<_>>(),
    })
}
