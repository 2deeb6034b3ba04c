//! The first page of the help: the commands by what they are for.

use clap::Command;
use minutebook_reports::Register;

use crate::output::Output;

/// The commands by what they are for; the registers come after the questions.
const QUESTIONS: [&str; 5] = ["status", "changes", "search", "history", "show"];
const KEEPING: [&str; 8] = [
    "demo", "init", "key", "record", "document", "import", "serve", "scrub",
];
const PROVING: [&str; 3] = ["prove", "export", "verify"];

/// The command with its help by groups.
pub fn grouped(command: Command, out: Output) -> Command {
    let registers: Vec<&str> = Register::ALL.iter().map(|one| one.name()).collect();
    let groups: [(&str, &[&str]); 4] = [
        ("Ask the record", &QUESTIONS),
        ("Its registers, whole or one thing of them", &registers),
        ("Make and keep a ledger", &KEEPING),
        ("Prove and check", &PROVING),
    ];
    let mut page = out.page();
    for (heading, names) in groups {
        page.line(format!("{heading}:"));
        let listed = names.iter().filter_map(|name| {
            let about = command.find_subcommand(name)?.get_about();
            Some((*name, about.map(ToString::to_string).unwrap_or_default()))
        });
        page.fields(2, listed.collect::<Vec<_>>()).blank();
    }
    let commands = page.text();
    command.help_template(format!(
        "{{about-with-newline}}\n{{usage-heading}} {{usage}}\n\n{commands}\
         With every command:\n{{options}}{{after-help}}"
    ))
}
