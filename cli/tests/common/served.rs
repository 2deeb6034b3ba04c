//! A server of a desk's ledgers.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use super::Desk;

/// The program, serving until it goes out of scope.
pub struct Served {
    child: Child,
    /// Where it is.
    pub url: String,
}

impl Served {
    /// Serves the data folder of a desk, and leaves a copy of it as it is now in `copy`.
    pub fn with_copy(desk: &Desk) -> Self {
        copy(&desk.path("minutebook-data"), &desk.path("copy"));
        Self::of(desk)
    }

    /// Serves the data folder of a desk.
    pub fn of(desk: &Desk) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_minutebook"))
            .args(["serve", "--listen", "127.0.0.1:0"])
            .current_dir(desk.path(""))
            .env_remove("MINUTEBOOK_DIR")
            .env_remove("MINUTEBOOK_SERVER")
            .env("COLUMNS", "120")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap());
        let mut said = String::new();
        let url = loop {
            let mut line = String::new();
            if lines.read_line(&mut line).unwrap() == 0 {
                panic!("the server ended: {said}");
            }
            if let Some((_, url)) = line.split_once("at http://")
                && line.starts_with("serving")
            {
                break format!("http://{}", url.split(';').next().unwrap());
            }
            said.push_str(&line);
        };
        // What it says from now on is read, so that it never waits for a reader.
        std::thread::spawn(move || lines.read_to_end(&mut Vec::new()));
        Self { child, url }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let to = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &to);
        } else {
            fs::copy(&path, &to).unwrap();
        }
    }
}
