//! Kills the server in the middle of real work, and asks what it lost: nothing that it had answered.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use minutebook_events::{Event, Role};
use minutebook_keys::VerifierKey;
use minutebook_ledger::author::SealedPart;
use minutebook_ledger::checkpoint::Checkpoint;
use minutebook_ledger::disclosure::Disclosure;
use minutebook_ledger::proof::prove_consistency;
use minutebook_ledger::receipt::Receipt;
use minutebook_ledger::store::sled::SledStore;
use minutebook_ledger::store::{Held, Store as _};
use minutebook_ledger::submission::open_event;
use minutebook_ledger::tile::{TileId, TileNodes, TileSource, decode_bundle, entry_bundles_for};
use minutebook_ledger::tree::TreeHead;
use minutebook_ledger::{Statement, Submission};
use serde_json::Value;

use super::common::Desk;
use super::http::{Client, Sent, Tail};
use super::office::{LEDGER, ORIGIN, Office};
use super::served::Served;
use super::signing::{Officer, body, seen};

/// Beyond so long without any progress the test fails.
const PATIENCE: Duration = Duration::from_secs(60);
const AT: &str = "/v1/ledgers/live";

/// An event with its sealed parts.
struct Told {
    event: Event,
    sealed: Vec<SealedPart>,
}

/// The papers that the events were read from.
const PAPERS: [&str; 2] = ["nlmhp-strategy.yaml", "candi-transformation.yaml"];
const SEEDS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/seeds");

/// The events of a real paper, as an importer made them for another ledger.
fn real_events() -> Vec<Told> {
    let desk = Desk::new();
    desk.good(
        "init --ledger seed --origin board.example/seed --unencrypted --name Ada \
         --role secretary --role lead --key ada.pem",
    );
    let papers = PAPERS.map(|paper| format!("{SEEDS}/{paper}")).join(" ");
    desk.good(&format!("import {papers} --key ada.pem"));
    let (store, _) = SledStore::open(&desk.path("minutebook-data/seed")).unwrap();
    let records = store.read(0..store.head().size).unwrap();
    let told = records.iter().map(|record| {
        let statement = Statement::parse(&record.entry).unwrap();
        let parts = record.disclosures.iter().map(|part| match &part.content {
            Held::Present(bytes) => bytes,
            other => panic!("{other:?}"),
        });
        let parts: Vec<_> = parts.collect();
        let mut event = open_event(&statement, parts[0]).unwrap();
        event.common.sealed.clear();
        let sealed = parts[1..].iter().map(|bytes| {
            let part = Disclosure::decode(bytes).unwrap();
            SealedPart {
                content_type: part.content_type,
                body: part.body,
            }
        });
        Told {
            event,
            sealed: sealed.collect(),
        }
    });
    told.filter(|one| one.event.common.imported).collect()
}

/// Events in layers: those of one layer speak of nothing that begins in it or later, so that they may
/// enter in any order.
fn layers(events: Vec<Told>) -> Vec<Vec<Told>> {
    let mut layers: Vec<Vec<Told>> = Vec::new();
    let mut layer_of: BTreeMap<String, usize> = BTreeMap::new();
    for told in events {
        let event = &told.event;
        let mut names = BTreeSet::new();
        collect(&event.to_json(), &mut names);
        let known = names.iter().filter_map(|name| layer_of.get(name));
        let layer = known.max().map_or(0, |last| last + 1);
        layer_of.insert(event.common.subject.to_string(), layer);
        if layers.len() == layer {
            layers.push(Vec::new());
        }
        layers[layer].push(told);
    }
    layers
}

fn collect(value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => {
            names.insert(text.clone());
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, names)),
        Value::Object(fields) => fields.values().for_each(|field| collect(field, names)),
        _ => {}
    }
}

/// Where the server is, and how far the work: what everyone waits for.
struct Scene {
    state: Mutex<(SocketAddr, usize)>,
    changed: Condvar,
}

impl Scene {
    fn address(&self) -> SocketAddr {
        self.state.lock().unwrap().0
    }

    /// The address of the server that came after the one at `gone`.
    fn after(&self, gone: SocketAddr) -> SocketAddr {
        self.wait_while(|state| state.0 == gone)
    }

    fn moved_to(&self, address: SocketAddr) {
        self.state.lock().unwrap().0 = address;
        self.changed.notify_all();
    }

    fn one_more(&self) {
        self.state.lock().unwrap().1 += 1;
        self.changed.notify_all();
    }

    fn wait_for(&self, count: usize) {
        self.wait_while(|state| state.1 < count);
    }

    /// Gives the address once something is so no more. Whoever waits too long fails the test.
    fn wait_while(&self, is_so: impl Fn(&(SocketAddr, usize)) -> bool) -> SocketAddr {
        let state = self.state.lock().unwrap();
        let waited = self
            .changed
            .wait_timeout_while(state, PATIENCE, |state| is_so(state));
        let (state, timeout) = waited.unwrap();
        assert!(!timeout.timed_out(), "nothing happens any more");
        state.0
    }
}

/// A submission and how it was answered.
struct Acknowledged {
    sent: Submission,
    answer: Value,
}

impl Acknowledged {
    fn position(&self) -> u64 {
        self.answer["entries"][0]["position"].as_u64().unwrap()
    }
}

/// Submits one after the other, through every end of the server.
fn work(scene: &Scene, submissions: Vec<Submission>) -> Vec<Acknowledged> {
    let mut client = Client::new(scene.address());
    let mut done: Vec<Acknowledged> = Vec::new();
    for sent in submissions {
        let answer = loop {
            match client.try_post(&format!("{AT}/entries"), &body([&sent])) {
                Ok(reply) => {
                    assert_eq!(reply.status, 201, "{}", reply.text());
                    break reply.json();
                }
                // Whether it is in, nobody knows: the same bytes again find out.
                Err(_) => {
                    client = Client::new(scene.after(client.address));
                    if let Some(last) = done.last() {
                        repeat(&mut client, last);
                    }
                }
            }
        };
        done.push(Acknowledged { sent, answer });
        scene.one_more();
    }
    done
}

/// What was acknowledged before the kill has the place it was given.
fn repeat(client: &mut Client, known: &Acknowledged) {
    let Ok(reply) = client.try_post(&format!("{AT}/entries"), &body([&known.sent])) else {
        // Killed again.
        return;
    };
    assert_eq!(reply.status, 201, "{}", reply.text());
    let again = &reply.json()["entries"][0];
    assert_eq!(again["repeated"], true, "{again}");
    for field in ["position", "recorded_at"] {
        assert_eq!(again[field], known.answer["entries"][0][field]);
    }
}

/// Watches all entries from `first` up to `end`, through every end of the server, and looks at a
/// checkpoint with each.
fn watch(scene: &Scene, first: u64, end: u64) -> (Vec<Sent>, Vec<String>) {
    let (mut seen, mut checkpoints) = (Vec::new(), Vec::new());
    let mut address = scene.address();
    while first + (seen.len() as u64) < end {
        let last = (first + seen.len() as u64 - 1).to_string();
        let opened = Tail::open(
            address,
            &format!("{AT}/events"),
            &[("Last-Event-ID", &last)],
        );
        if let Ok(mut tail) = opened {
            let mut client = Client::new(address);
            while let Ok(Some(event)) = tail.next() {
                seen.push(event);
                if let Ok(reply) = client.send("GET", "/log/live/checkpoint", &[], b"") {
                    checkpoints.push(reply.text());
                }
                if first + seen.len() as u64 == end {
                    return (seen, checkpoints);
                }
            }
        }
        address = scene.after(address);
    }
    (seen, checkpoints)
}

/// The log's tiles as anyone gets them.
struct Web(Mutex<Client>);

impl TileSource for Web {
    type Bytes = Vec<u8>;
    type Error = String;

    fn tile(&self, id: TileId) -> Result<Vec<u8>, String> {
        let reply = self
            .0
            .lock()
            .unwrap()
            .get(&format!("/log/live/{}", id.path()));
        match reply.status {
            200 => Ok(reply.body),
            status => Err(format!("{status} {}", id.path())),
        }
    }
}

#[test]
fn nothing_acknowledged_is_lost_however_often_the_server_is_killed() {
    let Office { desk, officers } = Office::open();
    let folder = desk.path("minutebook-data");
    let layers = layers(real_events());
    let count: usize = layers.iter().map(Vec::len).sum();
    assert!(count > 150, "{count}");

    let mut served = Served::start(&folder, &[]);
    send_papers(&mut served.client(), &officers[&Role::Secretary]);
    let first = seen(&mut served.client(), LEDGER).size;
    let scene = Arc::new(Scene {
        state: Mutex::new((served.address, 0)),
        changed: Condvar::new(),
    });
    let end = first + count as u64;
    let watcher = std::thread::spawn({
        let scene = scene.clone();
        move || watch(&scene, first, end)
    });
    let workers = std::thread::spawn({
        let scene = scene.clone();
        move || {
            let mut done = Vec::new();
            for layer in layers {
                done.extend(enter(&scene, &officers, layer));
            }
            done
        }
    });
    for share in [1, 2, 3] {
        scene.wait_for(count * share / 4);
        served.kill();
        served = Served::start(&folder, &[]);
        scene.moved_to(served.address);
    }
    let done = workers.join().unwrap();
    let (tail, checkpoints) = watcher.join().unwrap();
    assert_eq!(done.len(), count);

    let mut client = served.client();
    let entries = all_entries(&mut client);
    assert_eq!(entries.len() as u64, end);
    check_places(&done, &entries);
    check_tail(&tail, first, end);
    check_proofs(&mut client, &done, &entries, &checkpoints);
    served.end();
    check_folder(&desk, &done, end);
}

/// One layer, by three officers at once.
fn enter(
    scene: &Arc<Scene>,
    officers: &BTreeMap<Role, Officer>,
    layer: Vec<Told>,
) -> Vec<Acknowledged> {
    let seen = loop {
        let address = scene.address();
        let about = Client::new(address).send("GET", AT, &[], b"");
        match about {
            Ok(about) => break super::signing::seen_in(&about.json()),
            Err(_) => drop(scene.after(address)),
        }
    };
    let mut hands: BTreeMap<Role, Vec<Submission>> = BTreeMap::new();
    for Told { event, sealed } in layer {
        let role = event.common.capacity.role;
        let submission = officers[&role].sign_with(ORIGIN, event, &sealed, seen);
        hands.entry(role).or_default().push(submission);
    }
    let hands: Vec<_> = hands
        .into_values()
        .map(|submissions| {
            let scene = scene.clone();
            std::thread::spawn(move || work(&scene, submissions))
        })
        .collect();
    hands
        .into_iter()
        .flat_map(|hand| hand.join().unwrap())
        .collect()
}

/// The secretary sends the papers, which events name.
fn send_papers(client: &mut Client, secretary: &Officer) {
    secretary.sign_in(client, LEDGER);
    for paper in PAPERS {
        let bytes = std::fs::read(format!("{SEEDS}/{paper}")).unwrap();
        let plain = [("Content-Type", "application/octet-stream")];
        let reply = client
            .send("POST", &format!("{AT}/documents"), &plain, &bytes)
            .unwrap();
        assert_eq!(reply.status, 201, "{}", reply.text());
    }
}

/// Every entry's bytes, from the log's entry bundles.
fn all_entries(client: &mut Client) -> Vec<Vec<u8>> {
    let size = seen(client, LEDGER).size;
    let mut entries = Vec::new();
    for id in entry_bundles_for(size) {
        let reply = client.get(&format!("/log/live/{}", id.path()));
        assert_eq!(reply.status, 200, "{}", id.path());
        let bundle = decode_bundle(&reply.body, id.width).unwrap();
        entries.extend(bundle.into_iter().map(<[u8]>::to_vec));
    }
    entries
}

/// Each is where its answer said, with the bytes that were sent, and nowhere else.
fn check_places(done: &[Acknowledged], entries: &[Vec<u8>]) {
    for one in done {
        let place = usize::try_from(one.position()).unwrap();
        assert_eq!(entries[place], one.sent.statement);
    }
    let different: BTreeSet<_> = entries.iter().collect();
    assert_eq!(different.len(), entries.len(), "something is in twice");
}

fn check_tail(tail: &[Sent], first: u64, end: u64) {
    let ids: Vec<u64> = tail.iter().map(|one| one.id.parse().unwrap()).collect();
    assert!(ids.iter().copied().eq(first..end), "{ids:?}");
    for one in tail {
        let data: Value = serde_json::from_str(&one.data).unwrap();
        assert!(data.is_object() && one.event == "entry", "{one:?}");
    }
}

/// Every receipt, and every checkpoint that anybody was shown, is of the one history.
fn check_proofs(
    client: &mut Client,
    done: &[Acknowledged],
    entries: &[Vec<u8>],
    checkpoints: &[String],
) {
    let about = client.json(AT);
    let vkey = VerifierKey::parse(about["vkey"].as_str().unwrap()).unwrap();
    let key = STANDARD
        .decode(about["receipt_key"].as_str().unwrap())
        .unwrap();
    let key = minutebook_keys::PublicKey::from_bytes(&key.try_into().unwrap()).unwrap();
    let open = |note: &str| Checkpoint::open(note, &vkey).unwrap().head;
    let last = open(about["checkpoint"].as_str().unwrap());
    assert_eq!(last.size, entries.len() as u64);

    let mut heads: BTreeMap<u64, TreeHead> = BTreeMap::new();
    let mut keep = |head: TreeHead| {
        let known = heads.entry(head.size).or_insert(head);
        assert_eq!(known.root, head.root, "two trees of {} entries", head.size);
    };
    for one in done {
        let head = open(one.answer["checkpoint"].as_str().unwrap());
        assert!(head.size > one.position());
        keep(head);
        let receipt = one.answer["entries"][0]["receipt"].as_str().unwrap();
        let receipt = Receipt::parse(&STANDARD.decode(receipt).unwrap()).unwrap();
        keep(receipt.verify(&key, &one.sent.statement).unwrap());
        assert_eq!(receipt.proof.index, one.position());
    }
    assert!(checkpoints.len() > done.len() / 2, "{}", checkpoints.len());
    checkpoints.iter().for_each(|note| keep(open(note)));

    let nodes = TileNodes::new(Web(Mutex::new(Client::new(client.address))), last.size);
    for (size, head) in &heads {
        let proof = prove_consistency(&nodes, *size, last.size).unwrap();
        proof.verify(head, &last).unwrap();
    }
}

/// The closed folder holds all of it, private parts too, and an auditor has nothing to say.
fn check_folder(desk: &Desk, done: &[Acknowledged], end: u64) {
    desk.good("verify minutebook-data");
    let (store, notices) = SledStore::open(&desk.path("minutebook-data/live")).unwrap();
    assert!(notices.is_empty(), "{notices:?}");
    assert_eq!(store.head().size, end);
    for one in done {
        let record = store
            .read(one.position()..one.position() + 1)
            .unwrap()
            .remove(0);
        let held: Vec<Vec<u8>> = record
            .disclosures
            .into_iter()
            .map(|part| match part.content {
                Held::Present(bytes) => bytes,
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(held, one.sent.disclosures);
    }
}
