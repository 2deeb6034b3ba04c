//! `minutebook key enrol`: the registrar takes a person and a key into the record.

use std::path::PathBuf;

use minutebook_events::catalogue::{PersonEnrolled, RoleAppointed, SigningKeyEnrolled};
use minutebook_events::{Capacity, Common, Event, EventType, Payload, PersonId, Role, SubjectId};
use minutebook_ledger::author::SealedPart;
use serde_json::json;

use super::super::Context;
use super::super::init::{grouped, random_person};
use super::super::people::{Identified, fitting_capacity, role, sealed_identity};
use super::request::Request;
use crate::book::Book;
use crate::failure::Failure;
use crate::folder::read_key;
use crate::output::date_time;
use crate::passphrase::Passphrase;

/// Enrol a person's key and give the person a role; the registrar signs
#[derive(Debug, clap::Args)]
#[command(
    override_usage = "minutebook key enrol --request FILE --name NAME --role ROLE --key FILE",
    after_help = "Examples:\n  \
    minutebook key enrol --request jo.request --name \"Jo Example\" \\\n    \
    --role secretary --key registrar.pem\n  \
    minutebook key enrol --new-key jo.pem --name \"Jo Example\" \\\n    \
    --role lead --of body/pdg --key registrar.pem\n\n\
    Before you sign, compare the fingerprint with the one that its owner reads\n\
    out. The name goes into a sealed part that can be erased later; the public\n\
    entry holds a random id alone."
)]
#[command(group = clap::ArgGroup::new("which").required(true).args(["request", "new_key"]))]
pub struct Args {
    /// The request that the new key's owner made
    #[arg(long, value_name = "FILE")]
    request: Option<PathBuf>,
    /// The new key's file itself, where its owner sits beside you
    #[arg(long, value_name = "FILE")]
    new_key: Option<PathBuf>,
    /// The person's full name
    #[arg(long, required_unless_present = "person")]
    name: Option<String>,
    /// The name as minutes print it, such as Dr Okafor
    #[arg(long, value_name = "NAME")]
    short_name: Option<String>,
    /// How to reach the person, such as a work e-mail address
    #[arg(long, value_name = "TEXT")]
    contact: Option<String>,
    /// How you checked who it is, such as "NHS staff card seen"; no personal data
    #[arg(long, value_name = "TEXT")]
    attestation: Option<String>,
    /// A person of the record who gets another key, by id; instead of --name
    #[arg(long, value_name = "ID", conflicts_with = "name")]
    person: Option<PersonId>,
    /// A role to give; may be given several times
    #[arg(long = "role", value_name = "ROLE", value_parser = role)]
    roles: Vec<Role>,
    /// The body or organisation that the roles are held for; the whole ledger where it is left out
    #[arg(long, value_name = "KIND/NAME", requires = "roles")]
    of: Option<SubjectId>,
    /// The registrar's key file
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// Sign without asking
    #[arg(long)]
    yes: bool,
    /// File whose first line is the new key's passphrase, with --new-key
    #[arg(long, value_name = "FILE", requires = "new_key")]
    new_passphrase_file: Option<PathBuf>,
    #[command(flatten)]
    passphrase: Passphrase,
}

/// Runs the command.
///
/// # Errors
/// Where a key or request cannot be read, or the ledger refuses.
pub fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    let mut book = Book::open(context)?;
    let request = read_request(args, &book.origin()?)?;
    let registrar = book.officer(&args.key, &args.passphrase)?;
    let kid = request.key.kid();
    let person = args.person.clone().unwrap_or_else(random_person);
    let capacity = fitting_capacity(&book.capacities(&registrar), EventType::SigningKeyEnrolled)?;
    let events = events(args, &request, &person, &capacity)?;
    if context.out.is_interactive() && !args.yes {
        context.out.note(&format!(
            "The new key's fingerprint is\n\n{}\n",
            grouped(&kid)
        ));
        if !context
            .out
            .confirm("Is it the one that its owner read out to you?")?
        {
            return Err(Failure::new(
                "nothing was recorded",
                "ask the owner for a new request",
            ));
        }
    }
    let recorded = book.record(&registrar, events)?;
    let accepted = recorded.accepted;
    // As typed, where the name has only just gone into its sealed part.
    let typed = args.short_name.clone().or_else(|| args.name.clone());
    let label = typed.unwrap_or_else(|| book.person_label(&person));
    let entries: Vec<u64> = accepted.iter().map(|accepted| accepted.position).collect();
    let recorded_at = recorded.recorded_at;
    let roles: Vec<&str> = args.roles.iter().map(|role| role.name()).collect();
    let json = json!({
        "ledger": book.name(), "person": person, "kid": kid.to_string(), "fingerprint": kid.short(),
        "roles": roles, "of": args.of, "entries": entries, "recorded_at": recorded_at,
    });
    let mut page = context.out.page();
    page.line(format!("{label} is enrolled in {}.", book.name()))
        .blank();
    page.fields(
        2,
        [
            ("person", person.to_string()),
            ("fingerprint", kid.short()),
            ("roles", roles_words(args)),
            (
                "recorded",
                format!(
                    "{}, as {}",
                    date_time(recorded_at),
                    super::super::entries_words(&entries)
                ),
            ),
        ],
    );
    page.blank()
        .text_block("The key signs from the next entry on.");
    book.close()?;
    context.out.answer(&json, &page)
}

fn read_request(args: &Args, origin: &str) -> Result<Request, Failure> {
    match (&args.request, &args.new_key) {
        (Some(path), _) => Request::read(path, origin),
        (None, Some(path)) => {
            let passphrase = match &args.new_passphrase_file {
                Some(file) => Passphrase {
                    passphrase_file: Some(file.clone()),
                },
                None => args.passphrase.clone(),
            };
            Ok(Request::new(origin, &read_key(path, &passphrase)?))
        }
        // The argument group asks for one of them.
        (None, None) => Err(Failure::usage(
            "no key was given",
            "give --request or --new-key",
        )),
    }
}

fn events(
    args: &Args,
    request: &Request,
    person: &PersonId,
    capacity: &Capacity,
) -> Result<Vec<(Event, Vec<SealedPart>)>, Failure> {
    let event = |payload: Payload| Event {
        common: Common::new(person.subject(), capacity.clone()),
        payload,
    };
    let mut events = Vec::new();
    if let Some(name) = &args.name {
        let identity = sealed_identity(&Identified {
            name: name.clone(),
            short_name: args.short_name.clone(),
            contact: args.contact.clone(),
        })?;
        let enrolled = PersonEnrolled {
            attested_by: None,
            attestation: args.attestation.clone(),
        };
        events.push((event(enrolled.into()), vec![identity]));
    }
    let enrolled = SigningKeyEnrolled {
        key: request.key,
        proof: request.proof,
        replaces: None,
    };
    events.push((event(enrolled.into()), Vec::new()));
    for role in &args.roles {
        let appointed = RoleAppointed {
            role: Some(*role),
            title: None,
            statement: None,
            of: args.of.clone(),
            organisations: Vec::new(),
            voting: None,
            term: None,
            decision: None,
        };
        events.push((event(appointed.into()), Vec::new()));
    }
    Ok(events)
}

fn roles_words(args: &Args) -> String {
    let roles: Vec<&str> = args.roles.iter().map(|role| role.name()).collect();
    match (roles.is_empty(), &args.of) {
        (true, _) => "none yet".into(),
        (false, None) => format!("{}, for the whole ledger", roles.join(", ")),
        (false, Some(of)) => format!("{} of {of}", roles.join(", ")),
    }
}
