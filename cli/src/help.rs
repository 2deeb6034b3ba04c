//! The first page of the help: the commands by what they are for.

use clap::Command;

use crate::output::Output;

/// The commands by what they are for. Whatever is not named stands with the last.
const GROUPS: [(&str, &[&str]); 4] = [
    ("Ask the record", &["status", "changes", "history", "show"]),
    ("Its registers, each alone or one thing of it", REGISTERS),
    (
        "Make and keep a ledger",
        &["demo", "init", "key", "record", "import", "scrub"],
    ),
    ("Prove and check", &["prove", "export", "verify"]),
];

/// Stands for every register.
const REGISTERS: &[&str] = &[];

/// The command with its help by groups.
pub fn grouped(command: Command, out: Output) -> Command {
    let mut page = out.page();
    for (i, (heading, names)) in GROUPS.iter().enumerate() {
        if i > 0 {
            page.blank();
        }
        page.line(format!("{heading}:"));
        let about = command
            .get_subcommands()
            .filter(|one| match names.is_empty() {
                true => minutebook_reports::Register::parse(one.get_name()).is_some(),
                false => names.contains(&one.get_name()),
            });
        page.fields(
            2,
            about.map(|one| {
                let about = one.get_about().map(ToString::to_string);
                (one.get_name().to_owned(), about.unwrap_or_default())
            }),
        );
    }
    let commands = page.text().trim_end().to_owned();
    command.help_template(format!(
        "{{about-with-newline}}\n{{usage-heading}} {{usage}}\n\n{commands}\n\n{{options}}{{after-help}}"
    ))
}
