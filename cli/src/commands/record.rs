//! `minutebook record`: sign one event and record it.

use clap::ArgMatches;
use minutebook_events::{Event, EventType};
use minutebook_ledger::log::Accepted;
use minutebook_reports::sentence::sentence;
use serde_json::{Value, json};

use super::Context;
use super::people::{Names, fitting_capacity};
use crate::failure::Failure;
use crate::folder::{Officer, OpenLedger, load_officer};
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
    let ledger = context.open()?;
    let object = build::with_what_is_now(event, object, &ledger);
    build::require_fields(event, &object, &ledger)?;
    let officer = load_officer(
        &ledger,
        &types::key_file(matches)?,
        &types::passphrase(matches),
    )?;
    let event = build::finish(event, object, |event| {
        fitting_capacity(&ledger, &officer.person, event)
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
    let accepted = ledger.record(&officer, vec![(event.clone(), Vec::new())])?;
    let Some(accepted) = accepted.into_iter().next() else {
        return Err(Failure::bare("the ledger gave no answer"));
    };
    let (json, page) = answer(&ledger, &officer, &event, &accepted, context)?;
    ledger.close_erasing()?;
    context.out.answer(&json, &page)
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
    ledger: &OpenLedger,
    officer: &Officer,
    event: &Event,
    accepted: &Accepted,
    context: &Context,
) -> Result<(Value, crate::output::Page), Failure> {
    let published = ledger.views();
    let head = published.head;
    // A fresh signature never repeats an entry, so the time is there; the newest is no worse.
    let recorded_at = accepted.recorded_at.unwrap_or(published.recorded_at);
    let digest = ledger
        .log
        .entry(accepted.position)?
        .statement
        .claims()
        .digest;
    let mut names = Names::new(ledger);
    let kid = officer.key.kid();
    let capacity = narrate::capacity(&event.common.capacity);
    let dates: Vec<Value> = narrate::dates(event)
        .into_iter()
        .map(|(field, period)| json!({"field": field, "as_written": period.as_written, "reading": period.reading()}))
        .collect();
    let json = json!({
        "ledger": ledger.name,
        "entry": accepted.position,
        "recorded_at": recorded_at,
        "recorded": iso_time(recorded_at),
        "summary": sentence(event),
        "signer": names.json(&officer.person),
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
        accepted.position, ledger.name
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
                format!("{}, {capacity}", names.label(&officer.person)),
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
