//! One subcommand of `record` for each type of event, its options taken from the event's schema.

use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use minutebook_events::catalogue::example;
use minutebook_events::{Event, EventType};
use minutebook_reports::sentence::shortened;
use serde_json::Value;

use crate::failure::Failure;
use crate::fields::{self, Field, Form};
use crate::passphrase::Passphrase;

const SIGNING: &str = "Signing";

/// Which types someone may have meant by a name that is none.
pub fn alike(name: &str) -> Vec<&'static str> {
    let plain = |text: &str| text.to_lowercase().replace(['-', '_', ' '], "");
    let (wanted, all) = (plain(name), EventType::ALL.iter().map(|event| event.name()));
    let mut alike: Vec<&str> = all
        .clone()
        .filter(|name| plain(name).contains(&wanted))
        .collect();
    if alike.is_empty() {
        let begins = wanted.get(..4).unwrap_or(&wanted).to_owned();
        alike = all
            .filter(|name| plain(name).starts_with(&begins))
            .collect();
    }
    alike
}

/// Adds the types to `record`. Each is put together only when it is asked for: reading all the
/// schemas would take longer than most commands.
pub fn add_types(mut command: Command) -> Command {
    for event in EventType::ALL {
        let typed = Command::new(event.name())
            .alias(kebab(event.name()))
            .hide(true);
        command = command.subcommand(typed.defer(with_fields));
    }
    command
}

/// The options of a type, by the subcommand's name.
fn with_fields(command: Command) -> Command {
    let Some(event) = EventType::parse(command.get_name()) else {
        return command;
    };
    if refuse_special(event).is_err() {
        // Whatever is typed, the answer is which command to use instead.
        let rest = Arg::new("rest")
            .num_args(0..)
            .allow_hyphen_values(true)
            .trailing_var_arg(true);
        let about = format!("{}\n\n{}", fields::meaning(event), example_command(event));
        return command.about(about).arg(rest.hide(true));
    }
    let all = fields::of(event);
    let takes_from = all.iter().any(|field| field.name == "from");
    let roles: Vec<&str> = event
        .authority()
        .roles
        .iter()
        .map(|role| role.name())
        .collect();
    let about = format!(
        "{}\nSigned by: {}.",
        fields::meaning(event),
        roles.join(", ")
    );
    let usage = format!(
        "minutebook record {} --subject KIND/NAME ... --key FILE",
        event.name()
    );
    let mut command = command.about(about).override_usage(usage);
    for id in ["dir", "ledger", "json"] {
        // They would stand above the fields, which are what is looked for here.
        if command.get_arguments().any(|arg| arg.get_id() == id) {
            command = command.mut_arg(id, |arg| arg.hide(true));
        }
    }
    for (order, field) in all.iter().enumerate() {
        command = command.arg(option(field, order));
    }
    let mut file = Arg::new("from_file")
        .long("from-file")
        .value_name("FILE")
        .help("Fields as a JSON object, from a file or - for standard input; options win over it");
    if !takes_from {
        file = file.visible_alias("from");
    }
    let key = Arg::new("key")
        .long("key")
        .value_name("FILE")
        .help("The signing officer's key file");
    let passphrase = Arg::new("passphrase_file").long("passphrase-file").value_name("FILE").help(
        "File whose first line is the key's passphrase; else MINUTEBOOK_PASSPHRASE, else it is asked",
    );
    let yes = Arg::new("yes")
        .long("yes")
        .action(ArgAction::SetTrue)
        .help("Sign without asking");
    let path = || value_parser!(PathBuf);
    let signing = [
        key.value_parser(path()),
        passphrase.value_parser(path()),
        file.value_parser(path()),
        yes,
    ];
    for (order, arg) in signing.into_iter().enumerate() {
        command = command.arg(arg.help_heading(SIGNING).display_order(800 + order));
    }
    command.after_help(format!(
        "Example:\n  {}\n\n--dir, --ledger and --json work as with every command.",
        example_command(event)
    ))
}

/// The options' ids begin so, since a field may have the name of another option.
pub fn id(field: &Field) -> String {
    format!("field.{}", field.name)
}

fn option(field: &Field, order: usize) -> Arg {
    let mut help = field.description.trim_end_matches('.').to_owned();
    if let Some(words) = field.form.choices()
        && words.len() > 4
    {
        let words: Vec<&str> = words.iter().map(|(word, _)| word.as_str()).collect();
        help = format!("{help}: {}", words.join(", "));
    }
    if matches!(field.form, Form::Many(_)) {
        help.push_str(" (once for each)");
    }
    if let Form::Group(parts) = &field.form {
        let names: Vec<&str> = parts.iter().map(|(name, _)| name.as_str()).collect();
        help = format!("{help}; parts: {}", names.join(", "));
    }
    if field.name == "capacity" {
        help.push_str("; found from your roles where only one fits");
    }
    let heading = match (field.required, field.common) {
        (true, _) => "Needed",
        (false, false) => "What else it may say",
        (false, true) => "What every event may say",
    };
    let mut arg = Arg::new(id(field))
        .long(field.option())
        .value_name(field.form.placeholder())
        .help(help)
        .help_heading(heading)
        .display_order(order);
    if field.name == "sealed" {
        // The digests of sealed parts come from the parts, which the command that seals them adds.
        arg = arg.hide(true);
    }
    if field.name.contains('_') {
        arg = arg.alias(field.name.clone());
    }
    match field.form {
        Form::Flag => arg.num_args(0..=1).default_missing_value("true"),
        Form::Many(_) => arg.action(ArgAction::Append),
        Form::Number => arg.allow_negative_numbers(true),
        _ => arg,
    }
}

/// The signing officer's key file.
///
/// # Errors
/// Where none was named.
pub fn key_file(matches: &ArgMatches) -> Result<PathBuf, Failure> {
    matches.get_one::<PathBuf>("key").cloned().ok_or_else(|| {
        Failure::usage(
            "--key is missing",
            "give the key file of the officer who signs, such as --key jo.pem",
        )
    })
}

/// Where the key's passphrase comes from.
pub fn passphrase(matches: &ArgMatches) -> Passphrase {
    Passphrase {
        passphrase_file: matches.get_one::<PathBuf>("passphrase_file").cloned(),
    }
}

/// Refuses the types that need more than a signature, naming the command that makes them.
///
/// # Errors
/// For those types.
pub fn refuse_special(event: EventType) -> Result<(), Failure> {
    let instead = match event {
        EventType::LedgerOpened => "`minutebook init` opens a ledger",
        EventType::PersonEnrolled | EventType::SigningKeyEnrolled => {
            "`minutebook key enrol` enrols a person with the sealed identity and the key's own proof"
        }
        _ => return Ok(()),
    };
    Err(Failure::usage(
        format!("{} is not recorded by itself", event.name()),
        instead,
    ))
}

/// `MilestoneSlipped` as people may type it: `milestone-slipped`.
fn kebab(name: &str) -> String {
    let mut words = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !words.is_empty() {
            words.push('-');
        }
        words.extend(c.to_lowercase());
    }
    words
}

/// A whole command for the type's example event, broken over lines.
fn example_command(event: EventType) -> String {
    if refuse_special(event).is_err() {
        return "see `minutebook key enrol --help` and `minutebook init --help`".into();
    }
    let example = example(event);
    let options = options_of(&example);
    let mut lines = vec![format!("minutebook record {}", event.name())];
    for option in options.into_iter().chain(["--key jo.pem".to_owned()]) {
        match lines.last_mut() {
            Some(line) if line.chars().count() + option.chars().count() < 72 => {
                line.push(' ');
                line.push_str(&option);
            }
            _ => lines.push(format!("    {option}")),
        }
    }
    lines.join(" \\\n  ")
}

/// The options that make this event.
pub fn options_of(event: &Event) -> Vec<String> {
    let json = event.to_json();
    let mut options = Vec::new();
    for field in fields::of(event.event_type()) {
        let Some(value) = json.get(&field.name) else {
            continue;
        };
        // Both are found without being typed.
        if field.name == "capacity" || (field.name == "confidentiality" && value == "public") {
            continue;
        }
        let items = match (&field.form, value) {
            (Form::Many(_), Value::Array(items)) => items.iter().collect(),
            _ => vec![value],
        };
        for item in items {
            options.push(format!("--{} {}", field.option(), typed(&field.form, item)));
        }
    }
    options
}

fn is_nested(value: &Value) -> bool {
    value.is_object() || value.is_array()
}

/// A value as a person types it in a shell.
fn typed(form: &Form, value: &Value) -> String {
    let text = match (form, value) {
        (Form::Many(form), value) => return typed(form, value),
        (Form::Document, Value::Object(document)) => {
            format!(
                "@{}",
                document
                    .get("name")
                    .and_then(Value::as_str)
                    .unwrap_or("FILE")
            )
        }
        (_, Value::String(text)) => shortened(text, 48),
        (_, Value::Object(object)) if object.contains_key("as_written") && object.len() < 8 => {
            object["as_written"].as_str().unwrap_or_default().to_owned()
        }
        (Form::Group(_), Value::Object(object)) if !object.values().any(is_nested) => {
            let part = |(name, value): (&String, &Value)| match value.as_str() {
                Some(text) => format!("{name}={}", shortened(text, 48)),
                None => format!("{name}={value}"),
            };
            object.iter().map(part).collect::<Vec<_>>().join(",")
        }
        (_, value) => value.to_string(),
    };
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./@:+".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_type_has_help_with_an_example_and_its_required_fields_first() {
        for event in EventType::ALL
            .iter()
            .filter(|event| refuse_special(**event).is_ok())
        {
            let mut command = with_fields(Command::new(event.name()));
            let help = command.render_long_help().to_string();
            assert!(help.contains("Example:"), "{}", event.name());
            let needed = help.find("Needed:").unwrap();
            let every = help.find("What every event may say:").unwrap();
            assert!(needed < every, "{help}");
        }
    }

    #[test]
    fn a_wrong_name_brings_up_those_alike() {
        assert_eq!(alike("milestoneslip"), ["MilestoneSlipped"]);
        assert_eq!(alike("milestone-set"), ["MilestoneSet"]);
        assert!(alike("DecisionTaken").contains(&"DecisionMade"));
        assert!(alike("Nonsense").is_empty());
    }

    #[test]
    fn every_example_command_makes_its_event() {
        for event in EventType::ALL
            .iter()
            .filter(|event| refuse_special(**event).is_ok())
        {
            let wanted = example(*event);
            let json = wanted.to_json();
            let mut args = vec![event.name().to_owned()];
            for field in fields::of(*event) {
                let Some(value) = json.get(&field.name) else {
                    continue;
                };
                let items = match (&field.form, value) {
                    (Form::Many(_), Value::Array(items)) => items.clone(),
                    (_, value) => vec![value.clone()],
                };
                for item in items {
                    args.push(format!("--{}", field.option()));
                    args.push(
                        item.as_str()
                            .map_or_else(|| item.to_string(), str::to_owned),
                    );
                }
            }
            let matches = with_fields(Command::new(event.name())).get_matches_from(args);
            let object = super::super::build::typed_fields(*event, &matches).unwrap();
            let made = Event::from_json(object.into()).unwrap();
            assert_eq!(made, wanted, "{}", event.name());
        }
    }
}
