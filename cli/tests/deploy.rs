//! The examples for whoever runs a server, held against the real program; and the auditor's bundle, from
//! the server to `minutebook verify`.
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use common::Desk;
use common::served::Served;

fn example(name: &str) -> PathBuf {
    let docs = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/deploy");
    PathBuf::from(docs).join(name)
}

fn get(served: &Served, address: &str) -> Vec<u8> {
    let answer = ureq::get(format!("{}{address}", served.url)).call();
    answer.unwrap().body_mut().read_to_vec().unwrap()
}

#[test]
fn the_example_settings_are_fine_and_name_every_setting() {
    let desk = Desk::new();
    let path = example("minutebook.toml");
    let said = desk.run_words(&["serve", "--check", "--config", path.to_str().unwrap()]);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.err.contains("the settings are fine"), "{said:?}");
    let text = fs::read_to_string(path).unwrap();
    let named: BTreeSet<String> = text
        .lines()
        .filter_map(|line| line.trim_start_matches("# ").split_once(" = "))
        .map(|(name, _)| name.replace('_', "-"))
        .collect();
    let help = desk.good("serve --help");
    let mut settings = BTreeSet::new();
    for line in help.out.lines() {
        let line = line.trim_start();
        if let Some(name) = line.strip_prefix("--") {
            settings.insert(name.split([' ', '[']).next().unwrap().to_owned());
        }
    }
    // Of the program as a whole, or not to be set in the file.
    for other in [
        "ca", "check", "config", "dir", "json", "ledger", "no-color", "quiet", "server", "vkey",
    ] {
        settings.remove(other);
    }
    assert_eq!(named, settings);
}

#[test]
fn settings_that_do_not_fit_together_are_refused_before_anything_is_served() {
    let desk = Desk::new();
    desk.write("bad.toml", "listen = \"0.0.0.0:80\"\n");
    let said = desk.run("serve --check --config bad.toml");
    assert_eq!(said.code, 2, "{said:?}");
    assert!(said.err.contains("without TLS"), "{said:?}");
}

#[test]
fn the_alerts_ask_for_figures_that_there_are() {
    let desk = Desk::with_ledger();
    let served = Served::of(&desk);
    // Answers are counted once there is one.
    get(&served, "/readyz");
    let page = String::from_utf8(get(&served, "/metrics")).unwrap();
    let there: BTreeSet<&str> = page
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split(['{', ' ']).next())
        .collect();
    let rules = fs::read_to_string(example("prometheus-alerts.yml")).unwrap();
    let guide = fs::read_to_string(example("README.md")).unwrap();
    let expressions = rules.lines().filter(|line| line.contains("expr:"));
    let mut asked = BTreeSet::new();
    for line in expressions.chain(guide.lines()) {
        let words = line.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        asked.extend(words.filter(|word| word.starts_with("minutebook_")));
    }
    assert!(asked.len() > 15, "{asked:?}");
    for name in asked {
        let is_there = there.contains(name) || there.contains(format!("{name}_count").as_str());
        assert!(is_there, "{name} is not among the figures");
    }
}

#[test]
fn a_bundle_from_the_server_verifies() {
    let desk = Desk::with_ledger();
    let vkey = {
        let served = Served::of(&desk);
        let bundle = get(&served, "/v1/ledgers/nwl/export");
        tar::Archive::new(&bundle[..])
            .unpack(desk.path(""))
            .unwrap();
        let ledger: serde_json::Value =
            serde_json::from_slice(&get(&served, "/v1/ledgers/nwl")).unwrap();
        ledger["vkey"].as_str().unwrap().to_owned()
    };
    let folders = fs::read_dir(desk.path("")).unwrap();
    let names = folders.map(|one| one.unwrap().file_name().into_string().unwrap());
    let bundle = names
        .filter(|name| name.starts_with("nwl-"))
        .collect::<Vec<_>>();
    let [bundle] = &bundle[..] else {
        unreachable!("one folder: {bundle:?}")
    };
    let said = desk.run_words(&["verify", bundle, "--vkey", &vkey]);
    assert_eq!(said.code, 0, "{said:?}");
    // It is what the command writes, but for what the server may give.
    desk.good("export --ledger nwl --out exported");
    for file in ["checkpoint", "MANIFEST.json", "policy", "receipt.cosekey"] {
        let path = format!("{bundle}/{file}");
        assert!(
            desk.read(&path) == desk.read(&format!("exported/{file}")),
            "{file}"
        );
    }
}
