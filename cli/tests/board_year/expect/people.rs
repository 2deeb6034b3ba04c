//! Bodies, organisations, people, and the posts that nobody is named for.

use serde_json::Value;

use crate::office::Office;
use crate::register::{Register, parts, plain, state, with};
use crate::story::founding::PARTNERS;

pub fn check(office: &Office) {
    bodies(office);
    organisations(office);
    people(office);
    as_known_then(office);
}

fn bodies(office: &Office) {
    let line = |row: &Value| {
        let quorum = &row["quorum"];
        let share = &quorum["share"];
        let share = plain(&share["numerator"])
            .map(|numerator| format!("{numerator} of {}", share["denominator"]));
        parts([
            plain(&row["id"]),
            plain(&row["title"]),
            with("below ", &row["parent"]),
            with("at least ", &quorum["at_least"]),
            share,
            with("organisations: ", &quorum["organisations"]),
            with("with ", &quorum["must_include"]),
            plain(&row["chair"]),
            state(row),
        ])
    };
    let board = "body/board | Partnership Board | at least 5 | organisations: 3";
    let delivery = "body/delivery | Delivery Group | below body/board | 1 of 2";
    let audit = "body/audit | Audit Committee | below body/board | at least 2 | with Chair";
    Register::ask(office, "bodies").has(line, &[board, delivery, audit]);
    Register::ask(office, "bodies --body body/audit").has(line, &[audit]);
}

fn organisations(office: &Office) {
    let line = |row: &Value| parts([plain(&row["id"]), plain(&row["title"]), state(row)]);
    let named: Vec<String> = PARTNERS
        .iter()
        .map(|(id, name, _)| format!("organisation/{id} | {name} | named"))
        .collect();
    let named: Vec<&str> = named.iter().map(String::as_str).collect();
    Register::ask(office, "organisations").has(line, &named);
    // After the first five were registered.
    let sixth = office.first_about("organisation/police");
    Register::ask(office, &format!("organisations --known-at {sixth}")).has(line, &named[..5]);
}

/// `who | state | what they hold | keys`; posts by their id.
fn line(office: &Office, row: &Value) -> String {
    let who = match plain(&row["person"]) {
        Some(person) => Some(office.who(&person).to_owned()),
        None => plain(&row["id"]),
    };
    let holds = row["holds"].as_array().unwrap().iter().map(|held| {
        let what = plain(&held["role"]).or(plain(&held["title"])).unwrap();
        let of = with(" of ", &held["for"]).unwrap_or_default();
        let votes = if held["voting"] == true {
            ", votes"
        } else {
            ""
        };
        assert_eq!(held["until_entry"], Value::Null);
        format!("{what}{of}{votes}")
    });
    let keys = row["keys"].as_array().unwrap().len();
    parts([
        who,
        state(row),
        Some(holds.collect::<Vec<_>>().join("; ")),
        (keys > 0).then(|| format!("keys: {keys}")),
    ])
}

const OFFICERS: [&str; 8] = [
    "ada | officer | registrar | keys: 1",
    "rex | officer | registrar; records-officer | keys: 1",
    "sam | officer | secretary | keys: 1",
    "cora | officer | chair of body/board | keys: 1",
    "colin | officer | chair of body/audit | keys: 1",
    "lena | officer | lead | keys: 1",
    "dev | officer | lead of body/delivery | keys: 1",
    "tova | officer | auditor | keys: 1",
];

const POSTS: [&str; 6] = [
    "post/head-of-crisis-care | post | Head of Crisis Care of body/delivery, votes",
    "post/head-of-emergency-care | post | Head of Emergency Care of body/delivery, votes",
    "post/head-of-community-nursing | post | Head of Community Nursing of body/delivery, votes",
    "post/head-of-adult-social-care | post | Head of Adult Social Care of body/delivery, votes",
    "post/mental-health-lead-officer | post | Mental Health Lead Officer of body/delivery, votes",
    "post/services-manager | post | Services Manager of body/delivery, votes",
];

fn signatories() -> Vec<String> {
    let signers = ["nina", "paul", "carl", "carol", "vera", "hugo"].iter();
    let line = |who: &&str| {
        let signs = PARTNERS.iter().filter(|(_, _, by)| by == who);
        let signs: Vec<String> = signs
            .map(|(id, _, _)| format!("signatory of organisation/{id}"))
            .collect();
        format!("{who} | officer | {} | keys: 1", signs.join("; "))
    };
    signers.map(line).collect()
}

/// In the order in which they came; posts after people.
fn people(office: &Office) {
    let line = |row: &Value| line(office, row);
    let signatories = signatories();
    let mut all = OFFICERS.to_vec();
    all.extend(signatories.iter().map(String::as_str));
    all.extend(POSTS);
    Register::ask(office, "people").says(line, &all);
    let mut delivery = vec![OFFICERS[6]];
    delivery.extend(POSTS);
    Register::ask(office, "people --body body/delivery").says(line, &delivery);
    let mut board = vec![OFFICERS[3], OFFICERS[4], OFFICERS[6]];
    board.extend(POSTS);
    Register::ask(office, "people --body body/board").says(line, &board);
    // Everything above happened on the first of April.
    Register::ask(office, "people --effective-at '30 April 2025'").says(line, &all);
    // Names are printed for whoever may read them.
    let text = office.good("people --format csv").out;
    assert!(text.contains("Hugo Hartley") && text.contains("Royal Marches Hospitals NHS Trust"));
}

fn as_known_then(office: &Office) {
    let line = |row: &Value| line(office, row);
    // Before anyone but Ada was enrolled; and before Rex was records officer too.
    let rex = office.first_about("{rex}");
    let sam = office.first_about("{sam}");
    let mut first = vec![OFFICERS[0]];
    first.extend(POSTS);
    Register::ask(office, &format!("people --known-at {rex}")).says(line, &first);
    let mut second = vec![OFFICERS[0], "rex | officer | registrar | keys: 1"];
    second.extend(POSTS);
    Register::ask(office, &format!("people --known-at {}", sam - 1)).says(line, &second);
}
