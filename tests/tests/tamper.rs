//! Whatever is done to a copy of a ledger, the audit finds it, names the promise that it breaks and
//! says where.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use minutebook_events::{
    Bytes, Claims, Content, Digest, Event, Judge, Recorded, Refusal, Role, Seen,
};
use minutebook_keys::{KeyName, Kid, NoteSigner, PublicKey, SigningKey, VerifierKey};
use minutebook_ledger::bundle::{Bundle, export};
use minutebook_ledger::checkpoint::Checkpoint;
use minutebook_ledger::hash::{Hash, leaf_hash};
use minutebook_ledger::log::StoredEntry;
use minutebook_ledger::statement::Statement;
use minutebook_ledger::store::memory::MemoryStore;
use minutebook_ledger::tile::{decode_bundle, encode_bundle};
use minutebook_ledger::tree::{MemoryTree, TreeHead};
use minutebook_ledger::verify::{Check, Report, verify};
use minutebook_ledger::{LedgerKeys, Log, Submission};
use minutebook_projections::Views;
use minutebook_tests::{
    NOON, ORIGIN, TestLedger, TestOfficer, below, ledger_keys, no_documents, still_clock, vkey,
};

/// Enough for one full tile and a partial one.
const ENTRIES: u64 = 300;

struct Copy {
    _temp: tempfile::TempDir,
    folder: PathBuf,
}

impl Copy {
    fn of(ledger: &TestLedger) -> Self {
        let temp = tempfile::tempdir().unwrap();
        let folder = temp.path().join("bundle");
        export(
            &ledger.log,
            &folder,
            |_: &StoredEntry, nth| nth == 0,
            no_documents,
            |_, _| (),
        )
        .unwrap();
        Self {
            _temp: temp,
            folder,
        }
    }

    fn audit(&self) -> Report {
        self.audit_with(&vkey())
    }

    fn audit_with(&self, vkey: &VerifierKey) -> Report {
        let bundle = Bundle::open(&self.folder).unwrap();
        verify(&bundle, vkey, Views::default(), &|_, _| ())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn edit(&self, name: &str, change: impl FnOnce(&mut Vec<u8>)) {
        let path = self.path(name);
        let mut bytes = fs::read(&path).unwrap();
        change(&mut bytes);
        fs::write(&path, bytes).unwrap();
    }

    /// Changes the list of entries of the first, full bundle and writes it back.
    fn edit_entries(&self, change: impl FnOnce(&mut Vec<Vec<u8>>)) {
        self.edit("tile/entries/000", |bytes| {
            let mut entries: Vec<Vec<u8>> = decode_bundle(bytes, 256)
                .unwrap()
                .into_iter()
                .map(<[u8]>::to_vec)
                .collect();
            change(&mut entries);
            *bytes = encode_bundle(&entries).unwrap();
        });
    }
}

fn ledger() -> TestLedger {
    let ledger = TestLedger::in_memory();
    while ledger.log.published().head.size < ENTRIES {
        let size = ledger.log.published().head.size;
        let batch = (size..ENTRIES.min(size + 40))
            .map(|n| {
                ledger.sign(
                    &ledger.secretary,
                    ledger.milestone(&format!("m{n}"), "25/26"),
                    &[],
                )
            })
            .collect();
        ledger.submit(batch).unwrap();
    }
    ledger
}

/// Whether the report has this finding, at this entry where one is given.
#[track_caller]
fn assert_found(report: &Report, check: Check, entry: Option<u64>) {
    let found = report
        .findings
        .iter()
        .any(|finding| finding.check == check && (entry.is_none() || finding.entry == entry));
    assert!(found, "no {check} at {entry:?} in {:#?}", report.findings);
}

#[test]
fn an_untouched_copy_checks_out() {
    let copy = Copy::of(&ledger());
    let report = copy.audit();
    assert!(report.is_good(), "{:#?}", report.findings);
    assert_eq!(report.counts.entries, ENTRIES);
    assert_eq!(report.counts.judged, ENTRIES);
    assert_eq!(
        (report.counts.disclosed, report.counts.withheld),
        (ENTRIES, 2)
    );
}

#[test]
fn a_flipped_bit_in_any_file_is_found() {
    let copy = Copy::of(&ledger());
    let mut files = Vec::new();
    list(&copy.folder, &mut files);
    // Every kind of file, and many of those that there are many of.
    let pick = |file: &&PathBuf| {
        let disclosure = file.parent().unwrap().ends_with("disclosures");
        !disclosure || below(10) == 0
    };
    for file in files.iter().filter(pick) {
        let original = fs::read(file).unwrap();
        for _ in 0..3 {
            let bit = below(original.len() * 8);
            let mut bytes = original.clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            fs::write(file, &bytes).unwrap();
            let name = file.strip_prefix(&copy.folder).unwrap().display();
            match Bundle::open(&copy.folder) {
                // A manifest or key that no longer reads is refused whole.
                Err(_) => assert!(
                    ["MANIFEST.json", "log.vkey"].contains(&&*name.to_string()),
                    "{name}"
                ),
                Ok(bundle) => {
                    let report = verify(&bundle, &vkey(), Views::default(), &|_, _| ());
                    assert!(!report.is_good(), "{name} bit {bit}");
                }
            }
        }
        fs::write(file, original).unwrap();
    }
    assert!(copy.audit().is_good());
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            list(&path, files)
        } else {
            files.push(path)
        }
    }
}

#[test]
fn a_changed_entry_signature_tile_or_disclosure_is_named_with_its_place() {
    let ledger = ledger();
    let copy = Copy::of(&ledger);
    let last_of = |entry: &mut Vec<u8>| *entry.last_mut().unwrap() ^= 1;
    copy.edit_entries(|entries| last_of(&mut entries[42]));
    let report = copy.audit();
    assert_found(&report, Check::Signature, Some(42));
    assert_found(&report, Check::Tile, Some(42));
    assert_found(&report, Check::Tree, None);

    let copy = Copy::of(&ledger);
    copy.edit("tile/0/000", |bytes| bytes[32 * 77] ^= 1);
    assert_found(&copy.audit(), Check::Tile, Some(77));

    let copy = Copy::of(&ledger);
    copy.edit("tile/1/000.p/1", |bytes| bytes[0] ^= 1);
    assert_found(&copy.audit(), Check::Tile, None);

    let copy = Copy::of(&ledger);
    let digest = ledger.log.entry(50).unwrap().statement.claims().digest;
    copy.edit(&format!("disclosures/{digest}"), |bytes| {
        *bytes.last_mut().unwrap() ^= 1
    });
    assert_found(&copy.audit(), Check::Disclosure, Some(50));
}

#[test]
fn a_dropped_swapped_inserted_or_repeated_entry_is_found_where_it_is() {
    let ledger = ledger();
    type Edit = fn(&mut Vec<Vec<u8>>);
    let edits: [(&str, Edit, u64); 4] = [
        ("dropped", |entries| drop(entries.remove(100)), 100),
        ("swapped", |entries| entries.swap(20, 21), 20),
        (
            "inserted",
            |entries| {
                let e = entries[5].clone();
                entries.insert(60, e);
                entries.pop();
            },
            60,
        ),
        ("repeated", |entries| entries[31] = entries[30].clone(), 31),
    ];
    for (name, edit, at) in edits {
        let copy = Copy::of(&ledger);
        copy.edit_entries(edit);
        let report = copy.audit();
        assert!(!report.is_good(), "{name}");
        if name == "dropped" {
            // The bundle is one entry short, so it is no longer a bundle of that width.
            assert_found(&report, Check::Entry, None);
            continue;
        }
        assert_found(&report, Check::Tile, Some(at));
        assert_found(&report, Check::Tree, None);
        if name != "swapped" {
            assert_found(&report, Check::Repeat, Some(at));
        }
    }
}

#[test]
fn an_entry_dropped_with_all_tiles_made_anew_contradicts_the_checkpoint_and_later_signers() {
    let ledger = ledger();
    let forged = Forged::from(&ledger, |entries| drop(entries.remove(100)));
    // Without the log's key: the checkpoint no longer covers it.
    let report = forged.audit_under(&ledger_checkpoint(&ledger));
    assert_found(&report, Check::Size, None);
    // With the log's key: the officers' own later signatures saw another history.
    let report = forged.audit_under(&forged.resigned());
    assert_eq!(
        report
            .findings
            .iter()
            .find(|f| f.check == Check::Checkpoint),
        None
    );
    assert_found(&report, Check::Seen, None);
    let first = report
        .findings
        .iter()
        .find(|f| f.check == Check::Seen)
        .unwrap()
        .entry
        .unwrap();
    assert!((100..160).contains(&first), "{first}");
}

fn ledger_checkpoint(ledger: &TestLedger) -> String {
    ledger.log.published().checkpoint.to_string()
}

/// A history made up by someone who holds the data and, where they sign, the ledger's own keys.
struct Forged {
    entries: Vec<(Vec<u8>, Vec<Vec<u8>>)>,
}

impl Forged {
    fn from(ledger: &TestLedger, change: impl FnOnce(&mut Vec<(Vec<u8>, Vec<Vec<u8>>)>)) -> Self {
        let mut entries: Vec<_> =
            ledger
                .log
                .entries(0..u64::MAX)
                .unwrap()
                .into_iter()
                .map(|entry| {
                    let parts =
                        entry.record.disclosures.into_iter().filter_map(|part| {
                            match part.content {
                                minutebook_ledger::store::Held::Present(bytes) => Some(bytes),
                                _ => None,
                            }
                        });
                    (entry.statement.bytes().to_vec(), parts.collect())
                })
                .collect();
        change(&mut entries);
        Self { entries }
    }

    fn head(&self) -> TreeHead {
        MemoryTree::from_leaves(self.entries.iter().map(|(entry, _)| leaf_hash(entry))).head()
    }

    fn resigned(&self) -> String {
        Checkpoint {
            origin: ORIGIN.into(),
            head: self.head(),
        }
        .sign(&ledger_keys().log)
        .unwrap()
    }

    fn audit_under(&self, checkpoint: &str) -> Report {
        let evidence = InMemory {
            forged: self,
            checkpoint: checkpoint.into(),
        };
        verify(&evidence, &vkey(), Views::default(), &|_, _| ())
    }
}

struct InMemory<'a> {
    forged: &'a Forged,
    checkpoint: String,
}

struct Slice<'a>(&'a [(Vec<u8>, Vec<Vec<u8>>)]);

impl minutebook_ledger::verify::Evidence for InMemory<'_> {
    fn checkpoint(&self) -> Result<String, String> {
        Ok(self.checkpoint.clone())
    }

    fn size(&self) -> Result<u64, String> {
        Ok(self.forged.entries.len() as u64)
    }

    fn chunk(
        &self,
        range: std::ops::Range<u64>,
    ) -> Result<Box<dyn minutebook_ledger::verify::Chunk + '_>, String> {
        Ok(Box::new(Slice(
            &self.forged.entries[range.start as usize..range.end as usize],
        )))
    }

    fn tile(&self, _: minutebook_ledger::tile::TileId) -> Result<Option<Vec<u8>>, String> {
        Ok(None)
    }
}

impl minutebook_ledger::verify::Chunk for Slice<'_> {
    fn entry(&self, nth: usize) -> Result<&[u8], String> {
        Ok(&self.0[nth].0)
    }

    fn disclosure(
        &self,
        nth: usize,
        digest: &minutebook_events::Digest,
    ) -> minutebook_ledger::store::Held {
        use minutebook_ledger::store::Held;
        let parts = &self.0[nth].1;
        parts
            .iter()
            .find(|part| minutebook_events::Digest::of(part) == *digest)
            .map_or(Held::Absent, |part| Held::Present(part.clone()))
    }
}

/// Appends a forged entry, signed by `officer`, with a checkpoint by the log's own key.
fn audit_with_forged_entry(
    ledger: &TestLedger,
    officer: &TestOfficer,
    event: Event,
    change: impl FnOnce(&mut Claims),
) -> (Report, u64) {
    let position = ledger.log.published().head.size;
    let submission = ledger.sign(officer, event, &[]);
    let mut claims = Statement::parse(&submission.statement)
        .unwrap()
        .claims()
        .clone();
    change(&mut claims);
    let statement = Statement::sign(ORIGIN, &claims, &officer.key).unwrap();
    let forged = Forged::from(ledger, |entries| {
        entries.push((statement.bytes().to_vec(), submission.disclosures));
    });
    (forged.audit_under(&forged.resigned()), position)
}

#[test]
fn an_entry_without_authority_is_found() {
    let ledger = ledger();
    let stranger = TestOfficer::from_seed(99, Role::Secretary);
    let event = ledger.milestone("forged", "25/26");
    let (report, at) = audit_with_forged_entry(&ledger, &stranger, event.clone(), |_| ());
    assert_found(&report, Check::Signature, Some(at));
    assert_found(&report, Check::Authority, Some(at));
    // A known officer, without the role.
    let mut event = event;
    event.common.capacity = ledger.lead.capacity();
    event.common.capacity.role = Role::Registrar;
    let (report, at) = audit_with_forged_entry(&ledger, &ledger.lead, event, |_| ());
    assert_eq!(report.findings.len(), 1, "{:#?}", report.findings);
    assert_found(&report, Check::Authority, Some(at));
}

#[test]
fn an_entry_after_its_key_was_revoked_is_found() {
    let ledger = ledger();
    let kid = ledger.secretary.key.kid();
    let revoke = Event::from_json(serde_json::json!({
        "type": "SigningKeyRevoked",
        "subject": ledger.secretary.person.subject().to_string(),
        "capacity": ledger.registrar.capacity(),
        "kid": kid.to_string(),
        "cause": "lost",
        "reason": "laptop left on a train",
    }))
    .unwrap();
    ledger
        .submit(vec![ledger.sign(&ledger.registrar, revoke, &[])])
        .unwrap();
    assert!(Copy::of(&ledger).audit().is_good());
    let event = ledger.milestone("late", "25/26");
    let (report, at) = audit_with_forged_entry(&ledger, &ledger.secretary, event, |_| ());
    assert_eq!(report.findings.len(), 1, "{:#?}", report.findings);
    assert_found(&report, Check::Authority, Some(at));
    assert!(
        report.findings[0].message.contains("revoked"),
        "{}",
        report.findings[0].message
    );
}

#[test]
fn a_back_dated_entry_and_a_false_seen_are_found() {
    let ledger = ledger();
    let event = ledger.milestone("late", "25/26");
    let (report, at) =
        audit_with_forged_entry(&ledger, &ledger.secretary, event.clone(), |claims| {
            claims.iat -= 1201
        });
    assert_found(&report, Check::Time, Some(at));
    let (report, at) =
        audit_with_forged_entry(&ledger, &ledger.secretary, event.clone(), |claims| {
            claims.seen.root[0] ^= 1;
        });
    assert_found(&report, Check::Seen, Some(at));
    let (report, at) = audit_with_forged_entry(&ledger, &ledger.secretary, event, |claims| {
        claims.seen = Seen {
            size: 100_000,
            root: [0; 32],
        };
    });
    assert_found(&report, Check::Seen, Some(at));
}

#[test]
fn a_checkpoint_by_another_key_and_another_ledgers_key_are_found() {
    let ledger = ledger();
    let copy = Copy::of(&ledger);
    let other = NoteSigner::new(
        KeyName::new(ORIGIN).unwrap(),
        SigningKey::from_seed(&[7; 32]),
    );
    assert_found(&copy.audit_with(&other.verifier()), Check::Checkpoint, None);
    let checkpoint = Checkpoint {
        origin: ORIGIN.into(),
        head: ledger.log.published().head,
    };
    fs::write(copy.path("checkpoint"), checkpoint.sign(&other).unwrap()).unwrap();
    assert_found(&copy.audit(), Check::Checkpoint, None);
    // Signed anew with a key that the auditor was talked into trusting: the genesis names another.
    assert_found(&copy.audit_with(&other.verifier()), Check::Genesis, Some(0));
}

#[test]
fn truncated_missing_and_added_files_are_found() {
    let ledger = ledger();
    let entries_partial = format!("tile/entries/001.p/{}", ENTRIES - 256);
    for name in [
        "tile/0/000",
        "tile/entries/000",
        &entries_partial,
        "tile/1/000.p/1",
        "checkpoint",
    ] {
        let copy = Copy::of(&ledger);
        copy.edit(name, |bytes| bytes.truncate(bytes.len() - 1));
        assert!(!copy.audit().is_good(), "{name} truncated");
        fs::remove_file(copy.path(name)).unwrap();
        assert!(!copy.audit().is_good(), "{name} removed");
    }
    let copy = Copy::of(&ledger);
    let digest = ledger.log.entry(50).unwrap().statement.claims().digest;
    fs::remove_file(copy.path(&format!("disclosures/{digest}"))).unwrap();
    assert_found(&copy.audit(), Check::Manifest, Some(50));
    let copy = Copy::of(&ledger);
    fs::write(
        copy.path(&format!("disclosures/{}", "0".repeat(64))),
        b"more",
    )
    .unwrap();
    assert_found(&copy.audit(), Check::Manifest, None);
    let copy = Copy::of(&ledger);
    fs::write(copy.path("tile/0/001"), vec![0; 8192]).unwrap();
    assert_found(&copy.audit(), Check::Manifest, None);
}

#[test]
fn what_is_withheld_is_said_and_the_rest_is_still_checked() {
    let ledger = ledger();
    let temp = tempfile::tempdir().unwrap();
    let folder = temp.path().join("bundle");
    export(
        &ledger.log,
        &folder,
        |entry, nth| nth == 0 && entry.position % 2 == 0,
        no_documents,
        |_, _| (),
    )
    .unwrap();
    let bundle = Bundle::open(&folder).unwrap();
    let report = verify(&bundle, &vkey(), Views::default(), &|_, _| ());
    assert!(report.counts.withheld > 100);
    assert!(report.is_good(), "{:#?}", report.findings);
    // Roles and milestones that are not shown could allow what follows them: said, and not accused.
    assert!(!report.open.is_empty());
    assert_eq!(
        report.counts.judged + report.open.len() as u64,
        report.counts.disclosed
    );
}

/// A judge that lets everything in: what an operator's own server could do.
#[derive(Clone)]
struct Anything;

impl Judge for Anything {
    fn admit(&self, _: &Recorded<Event>) -> Result<(), Refusal> {
        Ok(())
    }

    fn apply(&mut self, _: &Recorded<Content>) {}

    fn erasing_entries(&self) -> u64 {
        0
    }

    fn erasures(&self) -> Vec<(u64, Digest)> {
        Vec::new()
    }

    fn key(&self, kid: &Kid) -> Option<PublicKey> {
        (1..=3)
            .map(|n| SigningKey::from_seed(&[n; 32]).public())
            .find(|key| key.kid() == *kid)
    }

    fn save(&self) -> Vec<u8> {
        Vec::new()
    }

    fn load(_: Bytes) -> Option<Self> {
        Some(Self)
    }
}

#[test]
fn a_server_that_let_everything_in_is_found_out() {
    let honest = TestLedger::in_memory();
    let (clock, _) = still_clock();
    let store = Arc::new(MemoryStore::new());
    let LedgerKeys { log, receipt } = ledger_keys();
    let log = Log::open(store, LedgerKeys { log, receipt }, Anything, clock).unwrap();
    let seen = || {
        let head = log.published().head;
        Seen {
            size: head.size,
            root: head.root.0,
        }
    };
    let put = |officer: &TestOfficer, event: Event| {
        let submission: Submission = honest.sign_at(officer, event, &[], seen(), NOON);
        log.submit_batch(vec![submission]).unwrap()
    };
    put(&honest.registrar, honest.genesis());
    // The secretary was never enrolled, and the server did not mind.
    put(&honest.secretary, honest.milestone("a", "25/26"));
    let temp = tempfile::tempdir().unwrap();
    let folder = temp.path().join("bundle");
    export(&log, &folder, |_, _| true, no_documents, |_, _| ()).unwrap();
    let report = verify(
        &Bundle::open(&folder).unwrap(),
        &vkey(),
        Views::default(),
        &|_, _| (),
    );
    assert_found(&report, Check::Authority, Some(1));
    assert_eq!(report.head.root, Hash(seen().root));
}
