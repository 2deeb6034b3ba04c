//! `minutebook-load`: how fast a running server answers, and what the machine could do at best.
//!
//! `docs/performance.md` says which of these measurements stand against which limit. The server is another
//! process, on the same machine. Statements are signed before the clock starts.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use serde::Serialize;
use serde_json::json;

mod bare;
mod drive;
mod error;
mod http;
mod limits;
mod measure;
mod memory;
mod officers;
mod sse;
mod statements;

use drive::{Plan, Requests, drive};
use error::LoadError;
use http::Server;
use measure::{Summary, print_table};

/// Load for a running Minutebook server, and the limits of the machine that it runs on
#[derive(Debug, Parser)]
#[command(after_help = "Example:\n  \
    minutebook-load found --dir /var/tmp/load --ledger load --minutebook target/release/minutebook\n  \
    minutebook serve --dir /var/tmp/load &\n  \
    minutebook-load submit --url http://127.0.0.1:PORT --ledger load \\\n    \
    --officers /var/tmp/load/keys/load-officers.json")]
struct Cli {
    /// Print JSON
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    Found(Found),
    Submit(Submit),
    Get(Get),
    Sse(Sse),
    Bare(Bare),
    VerifyRate(VerifyRate),
    Fdatasync(Fdatasync),
}

/// Make a ledger to measure with: a registrar, a secretary and a lead with keys in the folder
#[derive(Debug, clap::Args)]
struct Found {
    /// The data folder
    #[arg(long)]
    dir: PathBuf,
    /// The new ledger's name
    #[arg(long, default_value = "load")]
    ledger: String,
    /// The program that makes it
    #[arg(long, default_value = "minutebook")]
    minutebook: PathBuf,
}

/// Which ledger of which server, and who signs.
#[derive(Debug, clap::Args)]
struct Target {
    /// The server, as http://HOST:PORT
    #[arg(long)]
    url: String,
    /// The ledger
    #[arg(long)]
    ledger: String,
    /// The officers and their key files: what `found` writes, or the `officers` of one ledger of
    /// `minutebook demo --json`; MINUTEBOOK_PASSPHRASE opens encrypted files
    #[arg(long, value_name = "FILE")]
    officers: PathBuf,
}

/// Submit signed statements
#[derive(Debug, clap::Args)]
struct Submit {
    #[command(flatten)]
    target: Target,
    #[command(flatten)]
    plan: Plan,
    /// Statements in a request
    #[arg(long, default_value_t = 1)]
    batch: usize,
    /// Statements to sign for each second, where no rate says it; measuring ends where they run out
    #[arg(long, default_value_t = 30_000)]
    fastest: u32,
}

/// Ask for paths, and compare with a bare server of as many bytes
#[derive(Debug, clap::Args)]
struct Get {
    /// The server, as http://HOST:PORT
    #[arg(long)]
    url: String,
    /// A path; several are asked for in turn. In it, {n} becomes a number below --below
    #[arg(long = "path", required = true)]
    paths: Vec<String>,
    /// The limit of {n}
    #[arg(long, default_value_t = 1)]
    below: u64,
    #[command(flatten)]
    plan: Plan,
    /// Measure a bare server too, a process of its own, in turns with this one
    #[arg(long)]
    bare: bool,
    /// How many turns; the median of their ratios counts
    #[arg(long, default_value_t = 3, requires = "bare")]
    rounds: usize,
}

/// Subscribe to a ledger's events and see how soon they come
#[derive(Debug, clap::Args)]
struct Sse {
    #[command(flatten)]
    target: Target,
    /// Subscribers, each with a connection
    #[arg(long, default_value_t = 1000)]
    subscribers: usize,
    /// Entries a second
    #[arg(long, default_value_t = 50.0)]
    rate: f64,
    /// How long
    #[arg(long, default_value_t = 10.0)]
    seconds: f64,
    /// The server's process id, to watch its memory
    #[arg(long)]
    pid: Option<u32>,
}

/// Serve the same bytes at every path, on a free port, until stopped; prints where
#[derive(Debug, clap::Args)]
struct Bare {
    /// How many
    #[arg(long, default_value_t = 1024)]
    bytes: usize,
}

/// Verify signatures on all cores
#[derive(Debug, clap::Args)]
struct VerifyRate {
    /// How long
    #[arg(long, default_value_t = 3.0)]
    seconds: f64,
}

/// Append to a file with an fdatasync each
#[derive(Debug, clap::Args)]
struct Fdatasync {
    /// A folder on the disk to measure
    #[arg(long)]
    dir: PathBuf,
    /// Bytes each
    #[arg(long, default_value_t = 1280)]
    bytes: usize,
    /// How long
    #[arg(long, default_value_t = 3.0)]
    seconds: f64,
}

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(&cli).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprint!("error: {error}");
            let mut source = std::error::Error::source(&error);
            while let Some(cause) = source {
                eprint!(": {cause}");
                source = cause.source();
            }
            eprintln!();
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: &Cli) -> Result<(), LoadError> {
    match &cli.command {
        Command::Found(args) => {
            let file = officers::found(&args.minutebook, &args.dir, &args.ledger)?;
            say(cli, &json!({ "officers": file }), || {
                println!("{}", file.display());
            })
        }
        Command::Submit(args) => submit(cli, args).await,
        Command::Get(args) => get(cli, args).await,
        Command::Sse(args) => listen(cli, args).await,
        Command::Bare(args) => {
            let bare = bare::serve(args.bytes).await?;
            println!("{}", bare.url);
            bare.serving
                .await?
                .map_err(LoadError::file("serve", "a port".as_ref()))
        }
        Command::VerifyRate(args) => {
            let rate = limits::verify_rate(args.seconds)?;
            say(cli, &json!({ "verify_strict_per_second": rate }), || {
                println!("verify_strict on all cores, a second: {rate:.0}");
            })
        }
        Command::Fdatasync(args) => {
            let found = limits::fdatasync(&args.dir, args.bytes, args.seconds)?;
            say(cli, &found, || print_table(&[("fdatasync", &found)]))
        }
    }
}

async fn submit(cli: &Cli, args: &Submit) -> Result<(), LoadError> {
    let (server, officers) = target(&args.target)?;
    let batch = args.batch.max(1);
    let needed = args.plan.needs(f64::from(args.fastest) / batch as f64);
    let mut connection = server.connect().await?;
    let ledger = &args.target.ledger;
    let bodies = statements::prepare(&mut connection, ledger, &officers, needed, batch).await?;
    let requests = Arc::new(Requests::Post {
        path: statements::entries_path(ledger),
        bodies,
    });
    let driven = drive(&server, &requests, args.plan).await?;
    if driven.ran_out {
        eprintln!("all statements were sent before the time was over; see --fastest");
    }
    let found = driven.samples.summary(driven.seconds, batch as u64);
    say(cli, &found, || print_table(&[("submitted", &found)]))
}

async fn get(cli: &Cli, args: &Get) -> Result<(), LoadError> {
    let server = Server::parse(&args.url)?;
    let requests = Arc::new(Requests::Get {
        paths: args.paths.clone(),
        below: args.below,
    });
    let measure = async |server: &Server| {
        let driven = drive(server, &requests, args.plan).await?;
        Ok::<Summary, LoadError>(driven.samples.summary(driven.seconds, 1))
    };
    let mut first = measure(&server).await?;
    if !args.bare {
        return say(cli, &first, || print_table(&[("server", &first)]));
    }
    let program = std::env::current_exe().map_err(LoadError::file("find", "itself".as_ref()))?;
    let bare = bare::spawn(&program, first.bytes_per_answer).await?;
    let bare = (Server::parse(&bare.url)?, bare);
    let mut rounds = Vec::new();
    for round in 0..args.rounds.max(1) {
        if round > 0 {
            first = measure(&server).await?;
        }
        let least = measure(&bare.0).await?;
        let ratio = first.requests_per_second / least.requests_per_second;
        rounds.push(json!({ "ratio": ratio, "server": first, "bare": least }));
        if !cli.json {
            print_table(&[("server", &first), ("bare", &least)]);
            println!("server / bare: {ratio:.2}\n");
        }
    }
    let mut ratios: Vec<f64> = rounds.iter().filter_map(|r| r["ratio"].as_f64()).collect();
    ratios.sort_by(f64::total_cmp);
    let median = ratios[ratios.len() / 2];
    say(cli, &json!({ "ratio": median, "rounds": rounds }), || {
        println!("median of {} rounds: {median:.2}", ratios.len());
    })
}

async fn listen(cli: &Cli, args: &Sse) -> Result<(), LoadError> {
    let (server, officers) = target(&args.target)?;
    let entries = (args.rate * args.seconds).ceil() as u64;
    let ledger = &args.target.ledger;
    let mut connection = server.connect().await?;
    let bodies = statements::prepare(&mut connection, ledger, &officers, entries, 1).await?;
    let report = sse::run(
        &server,
        ledger,
        args.subscribers,
        args.rate,
        bodies,
        args.pid,
    )
    .await?;
    say(cli, &report, || {
        print_table(&[
            ("heard", &report.heard),
            ("acknowledged", &report.acknowledged),
        ]);
        println!(
            "{} subscribers, {} entries, {} missing",
            report.subscribers, report.entries, report.missing
        );
        if let Some(memory) = report.memory {
            println!(
                "server memory: {:.1} MiB idle, {:.1} at most, {:.1} above idle",
                memory.idle_mib, memory.highest_mib, memory.above_idle_mib
            );
        }
    })
}

fn target(target: &Target) -> Result<(Server, Vec<officers::Officer>), LoadError> {
    Ok((
        Server::parse(&target.url)?,
        officers::read(&target.officers)?,
    ))
}

/// Prints JSON where that was asked for, or what `text` prints.
fn say(cli: &Cli, json: &impl Serialize, text: impl FnOnce()) -> Result<(), LoadError> {
    if cli.json {
        println!("{}", serde_json::to_string_pretty(json)?);
    } else {
        text();
    }
    Ok(())
}
