//! The partnership's office: one folder, the keys of its officers, and a clock that the story sets.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use minutebook_events::Digest;
use serde_json::Value;

use crate::common::{Desk, Said};

/// The folder's ledger.
pub const LEDGER: &str = "marches";
const DATA: &str = "minutebook-data";
const ORIGIN: &str = "board.example/marches";

/// Who signs.
#[derive(Clone)]
pub struct Officer {
    pub person: String,
    pub kid: String,
    key: String,
}

/// What was recorded: its entry, and the name of the officer whose key signed it.
#[derive(Clone)]
pub struct Recorded {
    pub entry: u64,
    pub by: &'static str,
    pub about: String,
}

/// An answer as it was printed, in one form, with the command that its stamp gives.
#[derive(Clone)]
pub struct Answer {
    pub form: &'static str,
    pub printed: String,
    pub command: String,
}

#[derive(Clone)]
pub struct Office {
    pub desk: Arc<Desk>,
    /// The folder of its ledgers, at the desk.
    data: &'static str,
    pub officers: BTreeMap<&'static str, Officer>,
    pub recorded: Vec<Recorded>,
    /// Answers that were given on the way, to be asked for again.
    pub kept: Vec<Answer>,
    library: String,
    now: String,
    entries: u64,
}

/// Every form of an answer.
pub const FORMS: [&str; 5] = ["text", "md", "csv", "json", "html"];
/// One for people and one for programs, where every form of everything would take too long.
pub const SHORT_FORMS: [&str; 2] = ["text", "json"];

impl Office {
    /// Opens the ledger: Ada is its first registrar.
    pub fn open(now: &str) -> Self {
        let mut office = Self {
            desk: Arc::new(Desk::new()),
            data: DATA,
            officers: BTreeMap::new(),
            recorded: Vec::new(),
            kept: Vec::new(),
            library: clock_library(),
            now: now.to_owned(),
            entries: 0,
        };
        let init = format!(
            "init --ledger {LEDGER} --origin {ORIGIN} --unencrypted --key ada.pem \
             --partnership 'Marches Mental Health Partnership' --name 'Ada Achebe' --json"
        );
        let made = office.json(&init);
        office.entries = made["entries"].as_u64().unwrap();
        let (person, kid) = identity(&made["registrar"]);
        let key = "ada.pem".to_owned();
        office.officers.insert("ada", Officer { person, kid, key });
        office
    }

    /// Sets the clock, as `2025-05-14 17:00:00` in UTC.
    pub fn at(&mut self, now: &str) {
        now.clone_into(&mut self.now);
    }

    /// Ada enrols someone's key, with a role where one is given: `chair of body/board`.
    pub fn enrol(&mut self, id: &'static str, name: &str, role: &str) {
        let key = format!("{id}.pem");
        self.good(&format!("key new --out {key} --unencrypted"));
        let role = match role.split_once(" of ") {
            Some((role, of)) => format!("--role {role} --of {of}"),
            None if role.is_empty() => String::new(),
            None => format!("--role {role}"),
        };
        let made = self.json(&format!(
            "key enrol --new-key {key} --name '{name}' {role} --key ada.pem --yes --json"
        ));
        for entry in made["entries"].as_array().unwrap() {
            assert_eq!(entry.as_u64(), Some(self.entries));
            self.note(self.entries, "ada", &made["person"]);
        }
        let (person, kid) = identity(&made);
        self.officers.insert(id, Officer { person, kid, key });
    }

    /// An officer records an event, typed as on the command line without `record` and `--key`.
    pub fn record(&mut self, by: &'static str, typed: &str) -> u64 {
        let key = &self.officers[by].key;
        let said = self.json(&format!("record {typed} --key {key} --json"));
        let entry = said["entry"].as_u64().unwrap();
        // What was refused before it left no trace: the next entry has the next number.
        assert_eq!(entry, self.entries, "{typed}");
        let recorded = said["recorded"].as_str().unwrap();
        assert_eq!(
            recorded[..10],
            self.now[..10],
            "the clock was not set: {}",
            self.library
        );
        assert_eq!(said["kid"], self.officers[by].kid.as_str(), "{typed}");
        self.note(entry, by, &said["event"]["subject"]);
        entry
    }

    /// An officer tries to record what a rule refuses: exit code 1, the rule's name, a way out, and
    /// nothing recorded.
    pub fn refused(&mut self, by: &'static str, rule: &str, says: &[&str], typed: &str) -> Said {
        let key = &self.officers[by].key;
        let said = self.run(&format!("record {typed} --key {key}"));
        assert_eq!(said.code, 1, "{typed}\n{}{}", said.out, said.err);
        assert_eq!(said.out, "", "{typed}");
        let rule = format!("rule: {rule}\n");
        for words in [rule.as_str(), "nothing was recorded", "help: "]
            .iter()
            .chain(says)
        {
            let plain = said.err.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(
                plain.contains(words.trim()),
                "{typed} does not say {words:?}:\n{}",
                said.err
            );
        }
        said
    }

    /// Asks a question in every form and keeps the answers, to be asked for again a year later.
    pub fn keep(&mut self, question: &str) {
        self.keep_in(question, &FORMS);
    }

    /// As [`Office::keep`], in some forms.
    pub fn keep_in(&mut self, question: &str, forms: &[&'static str]) {
        let stamped = self.good(&format!("{question} --format json")).out;
        let answer: Value = serde_json::from_str(&stamped).unwrap();
        let command = answer["stamp"]["question"].as_str().unwrap();
        for form in forms.iter().copied() {
            let printed = match form {
                "json" => stamped.clone(),
                _ => self.good(&format!("{question} --format {form}")).out,
            };
            let command = command.to_owned();
            self.kept.push(Answer {
                form,
                printed,
                command,
            });
        }
    }

    /// The newest entry of an officer about a subject.
    pub fn entry_of(&self, about: &str) -> u64 {
        let mut found = self.recorded.iter().filter(|one| one.about == about);
        found.next_back().map(|one| one.entry).unwrap()
    }

    /// The entry whose content was erased: what was first reported on the carers survey.
    pub fn erased_entry(&self) -> u64 {
        let mut about = self
            .recorded
            .iter()
            .filter(|one| one.about == "action/carers-survey");
        about.nth(1).map(|one| one.entry).unwrap()
    }

    /// How many entries there are.
    pub fn entries(&self) -> u64 {
        self.entries
    }

    /// The first entry about a subject, which may be an officer's name in braces.
    pub fn first_about(&self, about: &str) -> u64 {
        let about = self.filled(about);
        let found = self.recorded.iter().find(|one| one.about == about);
        found.map(|one| one.entry).unwrap()
    }

    /// The entry that says that a meeting was held: the secretary's third, after call and agenda.
    pub fn meeting_held(&self, meeting: &str) -> u64 {
        let mut about = self.recorded.iter().filter(|one| one.about == meeting);
        about.nth(2).map(|one| one.entry).unwrap()
    }

    /// The name that the story uses for a person's id.
    pub fn who(&self, person: &str) -> &'static str {
        let found = self.officers.iter().find(|(_, one)| one.person == person);
        found.map_or("?", |(id, _)| id)
    }

    /// Copies the data folder, as a backup does.
    pub fn copy_folder(&self, name: &str) {
        copy(&self.desk.path(self.data), &self.desk.path(name));
    }

    /// The same office with a copy of the data folder, for questions that are asked at the same time:
    /// a folder is open to one program only.
    pub fn beside(&self, data: &'static str) -> Self {
        self.copy_folder(data);
        Self {
            data,
            ..self.clone()
        }
    }

    pub fn write(&self, name: &str, text: &str) {
        self.desk.write(name, text);
    }

    /// The SHA-256 of a file's content.
    pub fn digest(&self, name: &str) -> String {
        Digest::of(&self.desk.read(name)).to_string()
    }

    /// Runs a command that has to succeed and prints JSON.
    pub fn json(&self, line: &str) -> Value {
        let said = self.good(line);
        serde_json::from_str(&said.out).unwrap_or_else(|error| panic!("{line}: {error}"))
    }

    /// Runs a command that has to succeed.
    pub fn good(&self, line: &str) -> Said {
        let said = self.run(line);
        assert_eq!(said.code, 0, "{line}\n{}{}", said.out, said.err);
        said
    }

    /// Runs a command as typed in a shell, at the clock's time. `{nina}` stands for a person's id,
    /// and `{sha256 NAME}` for the digest of a file.
    pub fn run(&self, line: &str) -> Said {
        let words = words(&self.filled(line));
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let now = format!("@{}", self.now);
        let clock = [
            ("LD_PRELOAD", self.library.as_str()),
            ("FAKETIME", now.as_str()),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
            ("TZ", "UTC"),
            ("MINUTEBOOK_DIR", self.data),
        ];
        self.desk.run_with(&words, &clock)
    }

    fn filled(&self, line: &str) -> String {
        let mut text = line.to_owned();
        for (id, officer) in &self.officers {
            text = text.replace(&format!("{{{id}}}"), &officer.person);
        }
        while let Some((before, rest)) = text.split_once("{sha256 ") {
            let (name, after) = rest.split_once('}').unwrap();
            text = format!("{before}{}{after}", self.digest(name));
        }
        text
    }

    fn note(&mut self, entry: u64, by: &'static str, about: &Value) {
        let about = about.as_str().unwrap().to_owned();
        self.recorded.push(Recorded { entry, by, about });
        self.entries = entry + 1;
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}

fn identity(made: &Value) -> (String, String) {
    let text = |name: &str| made[name].as_str().unwrap().to_owned();
    (text("person"), text("kid"))
}

/// Words parted by spaces and line ends; `'...'` keeps them together.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (index, part) in line.split('\'').enumerate() {
        // Every other part stands between quotation marks.
        if index % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    words
}

/// The library that sets the clock of a program, from Debian's package `faketime` or from where
/// MINUTEBOOK_FAKETIME says.
fn clock_library() -> String {
    if let Ok(named) = std::env::var("MINUTEBOOK_FAKETIME") {
        assert!(
            Path::new(&named).is_file(),
            "MINUTEBOOK_FAKETIME: no file {named}"
        );
        return named;
    }
    let usual = [
        "/usr/lib/x86_64-linux-gnu",
        "/usr/lib/aarch64-linux-gnu",
        "/usr/lib",
        "/usr/lib64",
        "/usr/local/lib",
    ];
    let mut usual = usual
        .iter()
        .map(|folder| format!("{folder}/faketime/libfaketime.so.1"));
    let found = usual.find(|path| Path::new(path).is_file());
    found.unwrap_or_else(|| {
        panic!(
            "libfaketime.so.1 is missing: install the package faketime, or name the library in \
             MINUTEBOOK_FAKETIME; without it the year cannot be recorded at its own dates"
        )
    })
}
