//! `minutebook document`: the papers and minutes that the record names.

use std::path::PathBuf;

use minutebook_events::Blake3;
use serde_json::json;

use super::Context;
use crate::failure::Failure;
use crate::fields::media_type;
use crate::folder::{DocumentFileError, DocumentFiles, Layout, reference};
use crate::output::plural;

/// Keep the papers and minutes that entries name, and get them back
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  \
    minutebook document add minutes-2025-05.pdf\n\n\
    `minutebook record` does this by itself where a field is given as @FILE.")]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    Add(AddArgs),
    Get(GetArgs),
}

/// Keep a file beside the ledger, and say how entries name it
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  \
    minutebook document add minutes-2025-05.pdf\n\n\
    The file's content is its name: the same file again changes nothing. At most\n\
    64 MiB. Nothing is recorded by this, and nobody is given what no entry names.")]
struct AddArgs {
    /// The file
    file: PathBuf,
    /// Its media type, such as application/pdf; found from the file's ending where left out
    #[arg(long, value_name = "TYPE")]
    media_type: Option<String>,
}

/// Write a document that is kept to a file
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  \
    minutebook document get BLAKE3 --out minutes.pdf\n\n\
    BLAKE3 is the digest by which an entry names it. What is written has that\n\
    digest: a damaged document is refused.")]
struct GetArgs {
    /// The document's BLAKE3 digest, 64 hex digits
    blake3: Blake3,
    /// The file to write; it must not exist yet
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// Runs the command. The ledger itself is not opened, so a server may have it.
///
/// # Errors
/// Where there is no such ledger, file or document.
pub fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    let layout = Layout::find(&context.dir, context.ledger.as_deref())?;
    let files = DocumentFiles::open(layout.path()).map_err(DocumentFileError::from)?;
    match &args.command {
        Command::Add(args) => add(args, &files, context),
        Command::Get(args) => get(args, &files, context),
    }
}

fn add(args: &AddArgs, files: &DocumentFiles, context: &Context) -> Result<(), Failure> {
    let stored = files.add(&args.file, None)?;
    let media_type = args.media_type.as_deref();
    let media_type = media_type.unwrap_or_else(|| self::media_type(&args.file));
    let document = reference(&stored, &args.file, media_type);
    // Digests, a number and texts always have a JSON form.
    let json = serde_json::to_value(&document).unwrap_or_default();
    let mut page = context.out.page();
    page.line(format!("{} is kept.", args.file.display()))
        .blank();
    page.fields(
        2,
        [
            ("blake3", document.blake3.to_string()),
            ("sha256", document.sha256.to_string()),
            ("size", plural(document.size, "byte", "bytes")),
            ("media type", document.media_type.clone()),
            ("name", document.name.clone()),
        ],
    );
    page.blank()
        .line("An entry names it so, with `minutebook record`:");
    page.line(format!(
        "  --document '{}'",
        json.to_string().replace('\'', "'\\''")
    ));
    context.out.answer(&json, &page)
}

fn get(args: &GetArgs, files: &DocumentFiles, context: &Context) -> Result<(), Failure> {
    let size = files.write(&args.blake3, &args.out)?;
    let mut page = context.out.page();
    page.line(format!(
        "{} in {}, and they are what the digest says.",
        plural(size, "byte is", "bytes are"),
        args.out.display()
    ));
    let json = json!({"blake3": args.blake3, "size": size, "file": args.out});
    context.out.answer(&json, &page)
}
