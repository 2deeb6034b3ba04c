//! `minutebook import`: records what documents say, from seed files.

use std::path::{Path, PathBuf};

use minutebook_ledger::log::Accepted;
use serde_json::{Value, json};

use super::init::random_person;
use super::{Context, entries_words};
use crate::book::Book;
use crate::failure::Failure;
use crate::folder::Officer;
use crate::import::{ImportError, ImportPlan, Known, apply, plan_import};
use crate::output::plural;
use crate::passphrase::Passphrase;

/// The most mistakes that are listed.
const MOST_LISTED: usize = 50;

/// Record what documents say, from seed files in YAML
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  \
    minutebook import nwl-strategy.yaml --key registrar.pem \\\n    \
    --key secretary.pem --key lead.pem\n\n\
    Several files are recorded in the order of their documents' dates. A file with a mistake is\n\
    refused whole, and so are those beside it. Importing a file again adds nothing; an import that\n\
    was cut short goes on where it stopped. What a document leaves open is left empty and listed.")]
pub struct Args {
    /// The files, of the format minutebook-seed/1
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// An officer's key file; several times for several officers: registrar, secretary, lead
    #[arg(long = "key", value_name = "FILE", required_unless_present = "dry_run")]
    keys: Vec<PathBuf>,
    /// Read the files and say what they would add, without recording anything
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    passphrase: Passphrase,
}

struct Text {
    name: String,
    text: String,
}

/// Runs the command.
///
/// # Errors
/// Where a file cannot be read or has a mistake, a key cannot be used, or a rule refuses a record.
pub fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    let texts = args
        .files
        .iter()
        .map(|path| read(path))
        .collect::<Result<Vec<_>, _>>()?;
    let mut book = Book::open(context)?;
    let mut officers: Vec<Officer> = Vec::new();
    // At a server, what is there already is read as an officer.
    if matches!(book, Book::Server(_)) {
        officers = load(args, &mut book)?;
    }
    let reading = context.out.progress("Reading");
    let known = |book: &Book| -> Result<Known, Failure> {
        match book {
            Book::Folder(ledger) => Ok(apply::known(ledger, |done, all| reading.show(done, all))?),
            Book::Server(remote) => apply::known_at(remote, |done, all| reading.show(done, all)),
        }
    };
    let texts = in_order(texts, &known(&book)?)?;
    if matches!(book, Book::Folder(_)) {
        officers = load(args, &mut book)?;
    }
    let signing = apply::Officers::holding(&officers, |officer| book.capacities(officer));
    let recording = context.out.progress("Recording");
    let mut page = context.out.page();
    let mut reports = Vec::new();
    for (at, text) in texts.iter().enumerate() {
        // What the file before it added is known to the next.
        let plan = plan(text, &known(&book)?).map_err(|mistakes| refused(&mistakes))?;
        let progress = |done, all| recording.show(done, all);
        let accepted = match &book {
            _ if args.dry_run => Vec::new(),
            Book::Folder(ledger) => apply::record(ledger, &plan, &signing, progress)?,
            Book::Server(remote) => {
                // A server wants the document that an entry names before the entry.
                if !plan.is_empty() {
                    remote.upload(&text.name, text.text.as_bytes(), &plan.document.blake3)?;
                }
                apply::record_at(remote, &plan, &signing, progress)?
            }
        };
        if at > 0 {
            page.blank();
        }
        plan.tell(&mut page);
        if args.dry_run {
            page.indented(2, "nothing was recorded (--dry-run)");
        } else if let Some(words) = recorded_words(&accepted) {
            page.indented(2, &words);
        }
        reports.push(report(&plan, &accepted));
    }
    let json = json!({"ledger": book.name(), "dry_run": args.dry_run, "files": reports});
    book.close()?;
    context.out.answer(&json, &page)
}

fn load(args: &Args, book: &mut Book) -> Result<Vec<Officer>, Failure> {
    let keys = args.keys.iter();
    keys.map(|path| book.officer(path, &args.passphrase))
        .collect()
}

fn read(path: &Path) -> Result<Text, Failure> {
    let name = path
        .file_name()
        .map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Text { name, text }),
        Err(error) => Err(Failure::file("read", path, &error)),
    }
}

fn plan(text: &Text, known: &Known) -> Result<ImportPlan, Vec<ImportError>> {
    plan_import(&text.name, &text.text, known, &mut random_person)
}

/// The files by their documents' dates; what is undated comes last. All must be without mistakes
/// before any is recorded.
fn in_order(texts: Vec<Text>, known: &Known) -> Result<Vec<Text>, Failure> {
    let mut dated = Vec::new();
    let mut mistakes = Vec::new();
    for text in texts {
        match plan(&text, known) {
            Ok(plan) => {
                let day = plan.date.as_ref().and_then(|date| date.to);
                dated.push((day.is_none(), day, text));
            }
            Err(found) => mistakes.extend(found),
        }
    }
    if !mistakes.is_empty() {
        return Err(refused(&mistakes));
    }
    dated.sort_by_key(|(undated, day, _)| (*undated, *day));
    Ok(dated.into_iter().map(|(_, _, text)| text).collect())
}

/// All mistakes as one failure. Nothing was recorded.
pub fn refused(mistakes: &[ImportError]) -> Failure {
    let count = mistakes.len();
    let mut details: Vec<String> = mistakes
        .iter()
        .take(MOST_LISTED)
        .map(ToString::to_string)
        .collect();
    if count > MOST_LISTED {
        details.push(format!("and {} more", count - MOST_LISTED));
    }
    details.push("nothing was recorded".into());
    let listed: Vec<Value> = mistakes
        .iter()
        .map(|one| {
            json!({
                "file": one.file, "line": one.line, "record": one.record, "field": one.field,
                "message": one.message,
            })
        })
        .collect();
    Failure {
        details,
        json: Some(Box::new(json!({"mistakes": listed}))),
        ..Failure::new(
            format!(
                "{} in what was to be imported",
                plural(count as u64, "mistake", "mistakes")
            ),
            "put the lines named right, and run the command again",
        )
    }
}

fn recorded_words(accepted: &[Accepted]) -> Option<String> {
    let positions: Vec<u64> = accepted.iter().map(|accepted| accepted.position).collect();
    (!positions.is_empty()).then(|| format!("recorded as {}", entries_words(&positions)))
}

fn report(plan: &ImportPlan, accepted: &[Accepted]) -> Value {
    let mut report = plan.to_json();
    report["entries"] = match (accepted.first(), accepted.last()) {
        (Some(first), Some(last)) => json!([first.position, last.position]),
        _ => Value::Null,
    };
    report
}
