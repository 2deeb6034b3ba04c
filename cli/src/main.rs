//! The command line of Minutebook: record, query, prove and verify.
//!
//! A command's arguments and its work stand in one file of [`commands`]; [`folder`] opens the ledgers
//! of a data folder; [`output`] prints. Exit code 0 says that all is well, 1 that the check or the
//! request failed, 2 that the command was not understood.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::parser::ValueSource;
use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

mod book;
mod clock;
mod commands;
mod demo;
mod failure;
mod fields;
mod folder;
mod help;
mod import;
mod narrate;
mod output;
mod passphrase;
mod remote;
mod viewpoint;

use commands::Context;
use failure::Failure;
use output::Output;

/// Answering many requests at once is mostly small allocations on several threads, on which the
/// system's allocator spends a quarter of the time; see `docs/performance.md`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// An append-only, signed record for partnership boards.
#[derive(Debug, Parser)]
#[command(
    name = "minutebook",
    version,
    max_term_width = 100,
    disable_help_subcommand = true,
    after_help = "Example, from nothing to a first entry that anyone can check:\n  \
        minutebook init --ledger nwl --origin board.example/nwl --key me.pem\n  \
        minutebook record --list\n  \
        minutebook status\n  \
        minutebook verify ./minutebook-data"
)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// The heading over the options that every command takes.
const EVERYWHERE: &str = "With every command";

/// Options that every command takes.
#[derive(Debug, Clone, clap::Args)]
struct Global {
    /// The data folder
    #[arg(
        long, global = true, env = "MINUTEBOOK_DIR", default_value = "./minutebook-data",
        value_name = "FOLDER", hide_env_values = true, display_order = 900,
        help_heading = EVERYWHERE
    )]
    dir: PathBuf,
    /// A server, instead of a data folder on this machine
    #[arg(
        long, global = true, env = "MINUTEBOOK_SERVER", value_name = "URL", hide_env_values = true,
        display_order = 901, help_heading = EVERYWHERE
    )]
    server: Option<String>,
    /// The log's verifier key, as it reached you: what a server or a copy says is held against it
    #[arg(
        long, global = true, value_name = "VKEY", value_parser = commands::vkey,
        display_order = 903, help_heading = EVERYWHERE
    )]
    vkey: Option<minutebook_keys::VerifierKey>,
    /// The certificate authorities that the server is trusted under, in PEM [default: public ones]
    #[arg(
        long, global = true, env = "MINUTEBOOK_CA", value_name = "FILE", hide_env_values = true,
        display_order = 904, help_heading = EVERYWHERE
    )]
    ca: Option<PathBuf>,
    /// The ledger, where there are several
    #[arg(long, global = true, value_name = "NAME", display_order = 902, help_heading = EVERYWHERE)]
    ledger: Option<String>,
    /// Print JSON for a script instead of text
    #[arg(long, global = true, display_order = 905, help_heading = EVERYWHERE)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    Status(commands::status::Args),
    Changes(commands::changes::Args),
    #[command(flatten)]
    Registers(commands::registers::Args),
    History(commands::history::Args),
    Search(commands::search::Args),
    Show(commands::show::Args),
    Serve(commands::serve::Args),
    Demo(commands::demo::Args),
    Init(commands::init::Args),
    Key(commands::key::Args),
    Record(commands::record::Args),
    Document(commands::document::Args),
    Import(commands::import::Args),
    Prove(commands::prove::Args),
    Export(commands::export::Args),
    Verify(commands::verify::Args),
    Scrub(commands::scrub::Args),
}

fn main() -> ExitCode {
    let matches = match command().try_get_matches() {
        Ok(matches) => matches,
        Err(error) => return usage(&error),
    };
    let cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(error) => return usage(&error.format(&mut command())),
    };
    let out = Output::new(cli.global.json);
    let run = || {
        let context = Context {
            server: server(&cli.global, &cli.command, &matches)?,
            dir: cli.global.dir,
            ledger: cli.global.ledger,
            ca: cli.global.ca,
            vkey: cli.global.vkey,
            out,
        };
        run(cli.command, &context, &matches)
    };
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => report(&failure, out),
    }
}

/// The whole command line. The types of events are added to `record` from the catalogue.
fn command() -> clap::Command {
    let command = Cli::command().mut_subcommand("record", commands::record::add_types);
    help::grouped(command, Output::new(false))
}

/// The server that the command works at. What is typed goes before the environment, and some commands
/// work on a folder only.
///
/// # Errors
/// Where both a folder and a server are typed, or a server to a command that needs a folder.
fn server(
    global: &Global,
    command: &Command,
    matches: &clap::ArgMatches,
) -> Result<Option<String>, Failure> {
    let typed = |name| matches.value_source(name) == Some(ValueSource::CommandLine);
    let needs_folder = matches!(
        command,
        Command::Serve(_)
            | Command::Demo(_)
            | Command::Init(_)
            | Command::Document(_)
            | Command::Export(_)
            | Command::Scrub(_)
    );
    let (server, dir) = (typed("server"), typed("dir"));
    if server && (dir || needs_folder) {
        let message = match dir {
            true => "--dir names a folder of this machine, and --server a server",
            false => "this command works on a data folder, at the machine that has it",
        };
        return Err(Failure::usage(message, "leave --server out, or --dir"));
    }
    let address = global.server.clone();
    let address = address.filter(|_| !needs_folder && (server || !dir));
    Ok(address)
}

fn run(command: Command, context: &Context, matches: &clap::ArgMatches) -> Result<(), Failure> {
    match command {
        Command::Serve(args) => commands::serve::run(&args, context),
        Command::Demo(args) => commands::demo::run(&args, context),
        Command::Init(args) => commands::init::run(&args, context),
        Command::Key(args) => commands::key::run(&args, context),
        Command::Record(args) => {
            let typed = matches
                .subcommand_matches("record")
                .and_then(|record| record.subcommand());
            commands::record::run(&args, typed, context)
        }
        Command::Document(args) => commands::document::run(&args, context),
        Command::Import(args) => commands::import::run(&args, context),
        Command::Status(args) => commands::status::run(&args, context),
        Command::Changes(args) => commands::changes::run(&args, context),
        Command::Registers(args) => commands::registers::run(&args, context),
        Command::History(args) => commands::history::run(&args, context),
        Command::Search(args) => commands::search::run(&args, context),
        Command::Show(args) => commands::show::run(&args, context),
        Command::Prove(args) => commands::prove::run(&args, context),
        Command::Export(args) => commands::export::run(&args, context),
        Command::Verify(args) => commands::verify::run(&args, context),
        Command::Scrub(args) => commands::scrub::run(&args, context),
    }
}

/// Help and version go to standard output with 0, mistakes to standard error with 2.
fn usage(error: &clap::Error) -> ExitCode {
    // Where the reader went away there is nobody to tell.
    let _ = error.print();
    if error.use_stderr() {
        ExitCode::from(failure::USAGE)
    } else {
        ExitCode::SUCCESS
    }
}

fn report(failure: &Failure, out: Output) -> ExitCode {
    if !failure.silent {
        if out.is_json() {
            // A script reads one JSON value, whatever happened.
            let _ = out.raw(format!("{:#}\n", failure.to_json()).as_bytes());
        }
        let _ = write!(std::io::stderr(), "{failure}");
    }
    ExitCode::from(failure.code)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_command_line_is_well_formed() {
        super::command().debug_assert();
    }

    #[test]
    fn the_help_lists_every_command_once() {
        let mut command = super::command();
        let help = command.render_help().to_string();
        for one in command.get_subcommands() {
            let lead = format!("  {} ", one.get_name());
            let listed = help.lines().filter(|line| line.starts_with(&lead)).count();
            assert_eq!(listed, 1, "{}", one.get_name());
        }
    }

    #[test]
    fn examples_fit_a_narrow_terminal_and_every_command_has_one() {
        fn check(command: &mut clap::Command) {
            let help = command
                .get_after_help()
                .map(ToString::to_string)
                .unwrap_or_default();
            assert!(help.contains("Example"), "{}", command.get_name());
            // Prose is wrapped to the terminal; a wrapped command would be pasted in pieces.
            for line in help.lines().filter(|line| line.starts_with("  ")) {
                assert!(line.chars().count() <= 80, "{}: {line}", command.get_name());
            }
            if command.get_name() != "record" {
                command.get_subcommands_mut().for_each(check);
            }
        }
        let mut command = super::command();
        command.build();
        check(&mut command);
    }
}
