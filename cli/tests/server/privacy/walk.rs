//! Every address that a reader can ask, found from the server's own list of routes.

use std::collections::BTreeSet;

use minutebook_api::problem;
use minutebook_api::route::Route;
use minutebook_events::SubjectId;
use minutebook_ledger::tile::{entry_bundles_for, tiles_for};
use minutebook_reports::Register;

use super::secrets::{NONE, Reader, Secrets, WORDS};
use crate::http::{Client, Reply, Tail};

/// Every form of a paper.
const FORMS: [&str; 5] = ["json", "text", "md", "csv", "html"];

/// How much is asked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// Every address, as it is.
    Plain,
    /// In every form, at other moments, and by every filter.
    Full,
}

/// The addresses below which a ledger can be asked, at the size that it has now.
pub fn addresses(secrets: &Secrets, size: u64, depth: Depth) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for route in minutebook_api::routes::all() {
        if route.method.as_str() != "GET" || route.path.ends_with("/events") {
            continue;
        }
        for path in filled(&route, secrets, size) {
            for query in queries(&route, size, depth) {
                all.insert(format!("{path}{query}"));
            }
        }
    }
    all
}

/// A route's address with everything that may stand in its braces.
fn filled(route: &Route, secrets: &Secrets, size: u64) -> Vec<String> {
    let path = route.path.replace("{ledger}", secrets.ledger);
    let Some((before, rest)) = path.split_once('{') else {
        return vec![path];
    };
    let (parameter, after) = rest.split_once('}').unwrap();
    let put = |value: String, after: &str| format!("{before}{value}{after}");
    match (parameter, after) {
        ("index", "/sealed/{digest}") => {
            let pairs = secrets.sealed.iter();
            let pairs = pairs.map(|(at, digest)| put(at.to_string(), &format!("/sealed/{digest}")));
            pairs.collect()
        }
        ("index", _) => (0..size).map(|at| put(at.to_string(), after)).collect(),
        ("kind", "/{name}") => secrets
            .ids
            .iter()
            .map(|id| put(id.to_string(), ""))
            .collect(),
        ("id", _) => ids_of(before, secrets)
            .map(|id| put(id.name().to_owned(), after))
            .collect(),
        ("blake3", _) => vec![put("0".repeat(64), after)],
        ("slug" | "problem" | "kind", "") => {
            let kinds = problem::Kind::ALL.iter();
            kinds
                .map(|kind| put(kind.slug().to_owned(), after))
                .collect()
        }
        ("*path", _) => {
            let tiles = tiles_for(size).map(|tile| tile.path());
            let paths = tiles.chain(entry_bundles_for(size).map(|bundle| bundle.path()));
            paths
                .map(|path| put(path.trim_start_matches("tile/").to_owned(), after))
                .collect()
        }
        other => panic!(
            "{}: the walk is to be told what {other:?} can be",
            route.path
        ),
    }
}

/// The ids of the register whose address this is.
fn ids_of<'a>(before: &str, secrets: &'a Secrets) -> impl Iterator<Item = &'a SubjectId> {
    let name = before
        .trim_end_matches('/')
        .rsplit('/')
        .next()
        .unwrap()
        .to_owned();
    let register = Register::ALL.iter().find(|one| one.name() == name);
    let kinds = register
        .unwrap_or_else(|| panic!("no register {name}"))
        .kinds();
    secrets.ids.iter().filter(|id| kinds.contains(&id.kind()))
}

/// The queries to ask a route with: each begins with `?` or is empty.
fn queries(route: &Route, size: u64, depth: Depth) -> Vec<String> {
    let Some(schema) = route.operation.query else {
        return vec![String::new()];
    };
    let schema = schema(&mut schemars::SchemaGenerator::default());
    let properties = schema
        .get("properties")
        .and_then(|one| one.as_object().cloned());
    let known = |name: &str| {
        let known = properties
            .as_ref()
            .is_some_and(|all| all.contains_key(name));
        known && !route.operation.without.contains(&name)
    };
    // Less than a whole word: the answer repeats what was asked.
    let needed: Vec<String> = match known("q") {
        true => ["zqpa", "zqre", "zqer", "zqna", "open"]
            .map(|q| format!("q={q}"))
            .into(),
        false => vec![String::new()],
    };
    let mut more = vec![String::new()];
    let mut add = |name: &str, values: &[String]| {
        if known(name) {
            more.extend(values.iter().map(|value| format!("{name}={value}")));
        }
    };
    let words = |kind: &str| -> Vec<String> {
        let words = WORDS[..2].iter().chain([&NONE]);
        words.map(|word| format!("{kind}/{word}-{kind}")).collect()
    };
    if depth == Depth::Full {
        add("format", &FORMS.map(str::to_owned));
        add(
            "known_at",
            &[(size - 1).to_string(), (size - 5).to_string()],
        );
        add("known_at", &words("meeting"));
        add("effective_at", &["2026-01-31".to_owned()]);
        add("by", &["effective".to_owned()]);
        add("since", &words("meeting"));
        add("until", &words("meeting"));
        add(
            "body",
            &[words("body"), vec!["body/board".to_owned()]].concat(),
        );
        add("under", &[words("objective"), words("milestone")].concat());
        add(
            "subject",
            &[words("decision"), vec!["milestone/open".to_owned()]].concat(),
        );
        add("overdue", &["true".to_owned()]);
        add("before", &[size.to_string()]);
        add("type", &["DecisionForeseen".to_owned()]);
    }
    add("since", &["0".to_owned()]);
    // The record as a whole is more than a page of entries.
    if known("limit") {
        more.push("limit=1000".to_owned());
    }
    let mut all = Vec::new();
    for needed in needed {
        for more in &more {
            let parts = [needed.as_str(), more.as_str()];
            let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
            let mark = if parts.is_empty() { "" } else { "?" };
            all.push(format!("{mark}{}", parts.join("&")));
        }
    }
    all
}

/// The words that stand in an answer, beside the ids that the question itself named.
pub fn told(target: &str, reply: &Reply) -> BTreeSet<&'static str> {
    let mut text = reply.text().to_lowercase();
    for (name, value) in &reply.headers {
        text += &format!("\n{name}: {}", value.to_lowercase());
    }
    for word in WORDS {
        for named in target
            .split(['/', '=', '&', '?'])
            .filter(|part| part.starts_with(word))
        {
            text = text.replace(named, "");
        }
    }
    WORDS
        .into_iter()
        .filter(|word| text.contains(word))
        .collect()
}

/// What an answer is to someone who compares two of them. The tag of what is there is a hash of the
/// question, too, in which the ids differ.
pub fn comparable(reply: &Reply, word: &str) -> (u16, Vec<(String, String)>, String) {
    let found = reply.status == 200;
    let headers = reply
        .headers
        .iter()
        .filter(|(name, _)| name != "x-request-id" && name != "date");
    let headers = headers.map(|(name, value)| {
        let size = value.split('-').next().unwrap_or(value);
        let told = if name == "etag" && found { size } else { value };
        (name.clone(), told.replace(word, NONE))
    });
    (
        reply.status,
        headers.collect(),
        reply.text().replace(word, NONE),
    )
}

/// Asks everything and gives the words that came back, with an address where each did. What a reader
/// may not know has to be answered as what does not exist.
pub fn walk(
    reader: &Reader,
    client: &mut Client,
    secrets: &Secrets,
    size: u64,
    depth: Depth,
    erased: bool,
) -> BTreeSet<&'static str> {
    let mut heard = BTreeSet::new();
    for target in addresses(secrets, size, depth) {
        let reply = client.get(&target);
        assert!(
            reply.status < 500,
            "{}: {target}: {}",
            reply.status,
            reply.text()
        );
        for word in told(&target, &reply) {
            let may = reader.may_know(word, erased);
            assert!(
                may,
                "{} is told {word} at {target}:\n{}",
                reader.name,
                reply.text()
            );
            heard.insert(word);
        }
        for word in WORDS.into_iter().filter(|word| target.contains(word)) {
            if reader.may_know(word, erased) {
                continue;
            }
            let nothing = client.get(&target.replace(word, NONE));
            assert_eq!(
                comparable(&reply, word),
                comparable(&nothing, word),
                "{} sees a difference at {target}",
                reader.name
            );
        }
    }
    heard.extend(watched(reader, client, secrets, size, erased));
    heard
}

/// The live tail from the first entry on.
fn watched(
    reader: &Reader,
    client: &Client,
    secrets: &Secrets,
    size: u64,
    erased: bool,
) -> BTreeSet<&'static str> {
    let bearer = client.token.as_ref().map(|token| format!("Bearer {token}"));
    let mut headers = vec![("Last-Event-ID", "0")];
    headers.extend(
        bearer
            .as_ref()
            .map(|bearer| ("Authorization", bearer.as_str())),
    );
    let address = format!("/v1/ledgers/{}/events", secrets.ledger);
    let Ok(mut tail) = Tail::open(client.address, &address, &headers) else {
        return BTreeSet::new();
    };
    let mut heard = BTreeSet::new();
    loop {
        let event = tail.next().unwrap().unwrap();
        for word in WORDS
            .into_iter()
            .filter(|word| event.data.to_lowercase().contains(word))
        {
            let may = reader.may_know(word, erased);
            assert!(may, "{} hears {word}: {event:?}", reader.name);
            heard.insert(word);
        }
        if event.id == (size - 1).to_string() {
            return heard;
        }
    }
}
