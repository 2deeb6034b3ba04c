//! Runs the real program in a folder of its own.

#![allow(dead_code, clippy::unwrap_used, clippy::panic)]

pub mod registers;
pub mod served;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A folder in which commands are run one after another.
pub struct Desk {
    folder: TempDir,
}

/// What a command said.
#[derive(Debug)]
pub struct Said {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Desk {
    pub fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// A desk with the ledger `nwl`: Ada is its registrar and secretary (`ada.pem`), Jo a lead
    /// (`jo.pem`), and one milestone is due in 2024/25 (entry 5).
    pub fn with_ledger() -> Self {
        let desk = Self::new();
        desk.good(
            "init --ledger nwl --origin board.example/nwl --partnership NWL --unencrypted \
                   --name Ada --role secretary --key ada.pem",
        );
        desk.good("key new --out jo.pem --unencrypted");
        desk.good("key enrol --new-key jo.pem --name Jo --role lead --key ada.pem");
        desk.good("record MilestoneSet --subject milestone/worker --title Worker --due 2024/25 --key jo.pem");
        desk
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.path(name), bytes).unwrap();
    }

    /// Runs a command; words are parted by spaces.
    pub fn run(&self, line: &str) -> Said {
        self.run_words(&line.split_whitespace().collect::<Vec<_>>())
    }

    pub fn run_words(&self, words: &[&str]) -> Said {
        self.run_with(words, &[])
    }

    pub fn run_with(&self, words: &[&str], environment: &[(&str, &str)]) -> Said {
        let output = Command::new(env!("CARGO_BIN_EXE_minutebook"))
            .args(words)
            .current_dir(self.folder.path())
            .env_remove("MINUTEBOOK_DIR")
            .env_remove("MINUTEBOOK_PASSPHRASE")
            .env_remove("MINUTEBOOK_SERVER")
            // What is remembered of servers stays on the desk, and no proxy stands before them.
            .env("XDG_CONFIG_HOME", self.path("config"))
            .env("NO_PROXY", "127.0.0.1")
            .env("COLUMNS", "80")
            .envs(environment.iter().copied())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        Said {
            code: output.status.code().unwrap(),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Runs a command that has to succeed.
    pub fn good(&self, line: &str) -> Said {
        let said = self.run(line);
        assert_eq!(said.code, 0, "{line}\n{}{}", said.out, said.err);
        said
    }

    /// Runs a command that has to fail with this code, saying this.
    pub fn bad(&self, code: i32, line: &str, words: &[&str]) -> Said {
        self.fails(code, &line.split_whitespace().collect::<Vec<_>>(), words)
    }

    pub fn fails(&self, code: i32, line: &[&str], words: &[&str]) -> Said {
        let said = self.run_words(line);
        assert_eq!(said.code, code, "{line:?}\n{}{}", said.out, said.err);
        for word in words {
            assert!(
                said.err.contains(word),
                "{line:?} does not say {word:?}:\n{}",
                said.err
            );
        }
        said
    }

    /// Runs a command with `--json` and reads its answer.
    pub fn json(&self, line: &str) -> Value {
        let said = self.good(&format!("{line} --json"));
        serde_json::from_str(&said.out)
            .unwrap_or_else(|error| panic!("{line}: {error}\n{}", said.out))
    }

    /// Every file under the folder, with its bytes.
    pub fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut files = Vec::new();
        collect(self.folder.path(), &mut files);
        files
    }
}

fn collect(folder: &Path, files: &mut Vec<(PathBuf, Vec<u8>)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else {
            files.push((path.clone(), fs::read(path).unwrap()));
        }
    }
}
