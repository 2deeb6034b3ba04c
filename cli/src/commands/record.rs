//! `minutebook record`: sign one event and record it.

use std::path::PathBuf;

use clap::ArgMatches;
use minutebook_events::{Event, EventType};
use minutebook_reports::sentence::sentence;
use serde_json::{Value, json};

use super::Context;
use super::people::fitting_capacity;
use crate::book::{Book, Recorded};
use crate::failure::Failure;
use crate::folder::{DocumentFileError, DocumentFiles, Doomed, Officer, OpenLedger};
use crate::narrate;
use crate::output::{date_time, iso_time};

mod build;
mod list;
mod types;

pub use types::add_types;

/// Sign one event with an officer's key and record it
#[derive(Debug, clap::Args)]
#[command(
    allow_external_subcommands = true,
    override_usage = "minutebook record TYPE [--FIELD VALUE]... --key FILE\n       \
        minutebook record TYPE --help\n       minutebook record --list",
    after_help = "Examples:\n  \
        minutebook record --list\n  \
        minutebook record MilestoneSlipped --help\n  \
        minutebook record MilestoneSlipped --subject milestone/key-worker \\\n    \
        --to 25/26 --standing reported --reason \"recruitment took longer\" \\\n    \
        --key jo.pem"
)]
pub struct Args {
    /// List every type of event, what it means and who may sign it
    #[arg(long)]
    list: bool,
}

/// Runs the command; `typed` is the type of event that was named, with its options.
///
/// # Errors
/// Where the event is not whole, the key cannot be used, or the ledger refuses.
pub fn run(
    args: &Args,
    typed: Option<(&str, &ArgMatches)>,
    context: &Context,
) -> Result<(), Failure> {
    if args.list {
        return list::run(context);
    }
    const LIST: &str = "`minutebook record --list` shows the types";
    let Some((name, matches)) = typed else {
        return Err(Failure::usage("no type of event was given", LIST));
    };
    let event = EventType::parse(name).ok_or_else(|| {
        let help = match types::alike(name).as_slice() {
            [] => LIST.to_owned(),
            alike => format!("perhaps {}; {LIST}", alike.join(", ")),
        };
        Failure::usage(format!("there is no type of event {name:?}"), help)
    })?;
    types::refuse_special(event)?;
    let object = build::typed_fields(event, matches)?;
    let mut book = Book::open(context)?;
    // At a server one has to be signed in to look at what is now; in a folder nobody is asked for a
    // passphrase before everything else is there.
    let signing = |book: &mut Book| {
        let file = types::key_file(matches)?;
        book.officer(&file, &types::passphrase(matches))
    };
    let early = match &book {
        Book::Server(_) => Some(signing(&mut book)?),
        Book::Folder(_) => None,
    };
    let object = build::with_what_is_now(event, object, &book);
    build::require_fields(event, &object, &book)?;
    let officer = match early {
        Some(officer) => officer,
        None => signing(&mut book)?,
    };
    let event = build::finish(event, object, |event| {
        fitting_capacity(&book.capacities(&officer), event)
    })?;
    read_back(&event, context);
    if context.out.is_interactive() && !matches.get_flag("yes") {
        context.out.note(&format!(
            "{}\nabout {}",
            sentence(&event),
            event.common.subject
        ));
        if !context
            .out
            .confirm("Sign and record this? It cannot be taken back.")?
        {
            return Err(Failure::new(
                "nothing was recorded",
                "run the command again when it is right",
            ));
        }
    }
    let files = build::typed_documents(event.event_type(), matches);
    let doomed = match &book {
        Book::Folder(ledger) => {
            keep_documents(ledger, &event, &files, context)?;
            Some(Doomed::with(ledger, &event)?)
        }
        Book::Server(remote) => {
            // No type of event has two fields for documents: a file is the one that the event names.
            for (file, document) in files.iter().zip(event.payload.documents()) {
                let bytes =
                    std::fs::read(file).map_err(|error| Failure::file("read", file, &error))?;
                remote.upload(&document.name, &bytes, &document.blake3)?;
            }
            None
        }
    };
    let recorded = book.record(&officer, vec![(event.clone(), Vec::new())])?;
    if let (Some(doomed), Book::Folder(ledger)) = (doomed, &book) {
        doomed.remove(ledger)?;
    }
    let (json, page) = answer(&book, &officer, &event, &recorded, context)?;
    book.close()?;
    context.out.answer(&json, &page)
}

/// Keeps the files that the event names, so that they are durable before it is recorded; says what is
/// named and not kept.
fn keep_documents(
    ledger: &OpenLedger,
    event: &Event,
    files: &[PathBuf],
    context: &Context,
) -> Result<(), Failure> {
    let named = event.payload.documents();
    if named.is_empty() {
        return Ok(());
    }
    let documents = DocumentFiles::open(&ledger.path).map_err(DocumentFileError::from)?;
    // No type of event has two fields for documents: a file is the one that the event names.
    for (file, document) in files.iter().zip(&named) {
        documents.add(file, Some(document.blake3))?;
    }
    for document in named {
        let kept = documents.has(&document.blake3);
        if !kept.map_err(DocumentFileError::from)? {
            context.out.note(&format!(
                "note: {} is named and not kept here; `minutebook document add` keeps it",
                document.name
            ));
        }
    }
    Ok(())
}

/// Says each date back in words, before anything is signed.
fn read_back(event: &Event, context: &Context) {
    if context.out.is_json() {
        return;
    }
    for (name, period) in narrate::dates(event) {
        context
            .out
            .note(&format!("{name}: {}", narrate::read_back(&period)));
    }
}

fn answer(
    book: &Book,
    officer: &Officer,
    event: &Event,
    recorded: &Recorded,
    context: &Context,
) -> Result<(Value, crate::output::Page), Failure> {
    let (Some(accepted), Some(digest)) = (recorded.accepted.first(), recorded.digests.first())
    else {
        return Err(Failure::bare("the ledger gave no answer"));
    };
    let head = recorded.head;
    // A fresh signature never repeats an entry, so the time is there; the newest is no worse.
    let recorded_at = accepted.recorded_at.unwrap_or(recorded.recorded_at);
    let kid = officer.key.kid();
    let capacity = narrate::capacity(&event.common.capacity);
    let dates: Vec<Value> = narrate::dates(event)
        .into_iter()
        .map(|(field, period)| json!({"field": field, "as_written": period.as_written, "reading": period.reading()}))
        .collect();
    let json = json!({
        "ledger": book.name(),
        "entry": accepted.position,
        "recorded_at": recorded_at,
        "recorded": iso_time(recorded_at),
        "summary": sentence(event),
        "signer": book.person_json(&officer.person),
        "capacity": capacity,
        "kid": kid.to_string(),
        "digest": digest.to_string(),
        "checkpoint": {"size": head.size, "root": head.root.to_string()},
        "dates": dates,
        "event": event.to_json(),
    });
    let mut page = context.out.page();
    page.line(format!(
        "Recorded as entry {} of {}.",
        accepted.position,
        book.name()
    ))
    .blank();
    page.hanging("  ", &sentence(event)).blank();
    page.fields(
        2,
        [
            ("about", event.common.subject.to_string()),
            ("recorded", date_time(recorded_at)),
            (
                "signed by",
                format!("{}, {capacity}", book.person_label(&officer.person)),
            ),
            ("with the key", kid.short()),
            (
                "checkpoint",
                format!(
                    "{} entries, fingerprint {}",
                    head.size,
                    super::short_hex(&head.root.0)
                ),
            ),
        ],
    );
    let (index, again) = (accepted.position, context.again());
    page.blank().line("To see it, and to get its proof:");
    page.line(format!("  minutebook show {index}{again}"));
    page.line(format!(
        "  minutebook prove {index} --out entry-{index}.tlog-proof{again}"
    ));
    Ok((json, page))
}
