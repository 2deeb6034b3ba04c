//! A ledger with secrets of every sort, each told by a word that stands nowhere else.

use std::path::Path;

use minutebook_events::catalogue::ledger::ReadPolicy;
use minutebook_events::{
    Capacity, Confidentiality, Digest, Event, Identity, Payload, PersonId, Role, SubjectId,
};
use minutebook_keys::{SigningKey, write_secret_file};
use minutebook_ledger::author::SealedPart;
use minutebook_ledger::store::sled::SledStore;
use minutebook_tests::{ORIGIN, TestLedger, TestOfficer};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::signing::{Officer, digest, now};

/// Words of six letters, so that an address with one is as long as an address with another.
pub const PART: &str = "zqpart";
pub const RESTRICTED: &str = "zqrest";
pub const ERASED: &str = "zqeras";
pub const NAME: &str = "zqname";
/// The date that a public milestone has, which only some may know.
pub const SECRET_DATE: &str = "14 May 2031";
/// Stands in no entry.
pub const NONE: &str = "zqnone";

/// All words that tell something.
pub const WORDS: [&str; 4] = [PART, RESTRICTED, ERASED, NAME];

/// Someone who reads.
pub struct Reader {
    pub name: &'static str,
    pub officer: Option<Officer>,
    pub level: Confidentiality,
}

/// A ledger with secrets, closed.
pub struct Secrets {
    pub ledger: &'static str,
    pub size: u64,
    pub ids: Vec<SubjectId>,
    pub sealed: Vec<(u64, Digest)>,
    /// Entries that are to be erased.
    pub doomed: Vec<(u64, Digest)>,
}

const ROLES: [(&str, Role, u8); 6] = [
    ("registrar", Role::Registrar, 1),
    ("secretary", Role::Secretary, 2),
    ("lead", Role::Lead, 3),
    ("records officer", Role::RecordsOfficer, 4),
    ("member", Role::Member, 5),
    ("auditor", Role::Auditor, 6),
];

/// Whoever is signed out, then everyone with a role.
pub fn readers() -> Vec<Reader> {
    let signed_out = Reader {
        name: "signed out",
        officer: None,
        level: Confidentiality::Public,
    };
    let officers = ROLES.map(|(name, role, seed)| Reader {
        name,
        officer: Some(officer(role, seed)),
        level: match role {
            Role::Registrar | Role::RecordsOfficer => Confidentiality::Restricted,
            Role::Lead => Confidentiality::Public,
            _ => Confidentiality::Part2,
        },
    });
    std::iter::once(signed_out).chain(officers).collect()
}

pub fn officer(role: Role, seed: u8) -> Officer {
    let TestOfficer { person, key, .. } = TestOfficer::from_seed(seed, role);
    Officer { person, key }
}

impl Reader {
    /// Whether this reader may be told the word.
    pub fn may_know(&self, word: &str, erased: bool) -> bool {
        match word {
            PART => self.level >= Confidentiality::Part2,
            RESTRICTED => self.level >= Confidentiality::Restricted,
            ERASED => !erased,
            NAME => self.officer.is_some(),
            _ => true,
        }
    }
}

impl Secrets {
    /// Makes the ledger in a folder of ledgers.
    pub fn make(dir: &TempDir, name: &'static str, read: ReadPolicy) -> Self {
        let folder = dir.path().join(name);
        std::fs::create_dir_all(folder.join("keys")).unwrap();
        for (file, seed) in [("log", 201), ("receipt", 202)] {
            let pem = SigningKey::from_seed(&[seed; 32]).to_plain_pem().unwrap();
            write_secret_file(&folder.join(format!("keys/{file}.pem")), &pem).unwrap();
        }
        let (store, _) = SledStore::open(&folder).unwrap();
        let ledger = TestLedger::open(std::sync::Arc::new(store)).unwrap();
        ledger
            .clock
            .store(now(), std::sync::atomic::Ordering::Relaxed);
        let mut secrets = Self {
            ledger: name,
            size: 0,
            ids: Vec::new(),
            sealed: Vec::new(),
            doomed: Vec::new(),
        };
        let mut genesis = ledger.genesis();
        if let Payload::LedgerOpened(fields) = &mut genesis.payload {
            std::sync::Arc::make_mut(fields).read = read;
        }
        let registrar = TestOfficer::from_seed(1, Role::Registrar);
        secrets.record(&ledger, &registrar, genesis, &[]);
        for (_, role, seed) in ROLES.into_iter().skip(1) {
            for (event, sealed) in ledger.enrolment(&TestOfficer::from_seed(seed, role)) {
                let sealed: Vec<_> = sealed.into_iter().map(named).collect();
                secrets.record(&ledger, &registrar, event, &sealed);
            }
        }
        for event in public_events() {
            secrets.tell(&ledger, event);
        }
        for (word, level) in [
            (ERASED, "public"),
            (PART, "part-2"),
            (RESTRICTED, "restricted"),
        ] {
            for event in secret_events(word) {
                // What is held is not to be erased.
                if word == ERASED && event["type"] == "HoldPlaced" {
                    continue;
                }
                secrets.tell(&ledger, with(event, "confidentiality", level));
            }
        }
        ledger.log.close().unwrap();
        write_manifest(&folder, name);
        secrets
    }

    fn tell(&mut self, ledger: &TestLedger, event: Value) {
        let role: Role = serde_json::from_value(event["capacity"]["role"].clone()).unwrap();
        let (_, _, seed) = *ROLES.iter().find(|(_, one, _)| *one == role).unwrap();
        let parsed =
            Event::from_json(event.clone()).unwrap_or_else(|error| panic!("{error}: {event}"));
        self.record(ledger, &TestOfficer::from_seed(seed, role), parsed, &[]);
    }

    fn record(
        &mut self,
        ledger: &TestLedger,
        by: &TestOfficer,
        event: Event,
        sealed: &[SealedPart],
    ) {
        let (subject, told) = (event.common.subject.clone(), event.to_json().to_string());
        let submission = ledger.sign(by, event, sealed);
        let content = digest(&submission);
        for part in &submission.disclosures[1..] {
            let part = minutebook_ledger::disclosure::digest(part);
            self.sealed.push((self.size, part));
        }
        ledger
            .submit(vec![submission])
            .unwrap_or_else(|error| panic!("{error}: {told}"));
        if told.contains(ERASED) {
            self.doomed.push((self.size, content));
        }
        if !self.ids.contains(&subject) {
            self.ids.push(subject);
        }
        self.size += 1;
    }
}

/// A person's identity with the word in its name.
fn named(part: SealedPart) -> SealedPart {
    let identity = Identity {
        name: format!("{NAME} person"),
        short_name: None,
        contact: Some(format!("{NAME}@board.example")),
    };
    SealedPart {
        body: identity.encode().unwrap(),
        ..part
    }
}

fn write_manifest(folder: &Path, name: &str) {
    let manifest = json!({"format": "minutebook-ledger/1", "name": name, "origin": ORIGIN});
    std::fs::write(folder.join("ledger.json"), manifest.to_string()).unwrap();
}

fn with(mut event: Value, field: &str, value: impl Into<Value>) -> Value {
    event[field] = value.into();
    event
}

fn by(role: Role, of: &str, subject: &str, fields: Value) -> Value {
    let mut event = json!({
        "type": of,
        "subject": subject,
        "capacity": Capacity::ledger_wide(role),
    });
    for (name, value) in fields.as_object().unwrap() {
        event[name] = value.clone();
    }
    event
}

fn public_events() -> Vec<Value> {
    vec![
        by(
            Role::Registrar,
            "BodyEstablished",
            "body/board",
            json!({"name": "Board"}),
        ),
        by(
            Role::Secretary,
            "MilestoneSet",
            "milestone/open",
            json!({
            "title": "Open the line", "due": "2024/25"}),
        ),
        by(
            Role::Secretary,
            "MilestoneSet",
            "milestone/moved",
            json!({
            "title": "Move in", "due": "2024/25"}),
        ),
        with(
            by(
                Role::Secretary,
                "MilestoneSlipped",
                "milestone/moved",
                json!({
            "from": "2024/25", "to": SECRET_DATE, "standing": "reported", "reason": "none"}),
            ),
            "confidentiality",
            "part-2",
        ),
        by(
            Role::Secretary,
            "DecisionForeseen",
            "decision/open",
            json!({
            "title": "Open it", "body": "body/board"}),
        ),
        by(
            Role::Secretary,
            "ActionAssigned",
            "action/open",
            json!({
            "text": "Open it", "owner": "Director", "body": "body/board", "due": "2024/25"}),
        ),
        by(
            Role::Secretary,
            "RiskRaised",
            "risk/open",
            json!({"title": "It stays shut"}),
        ),
    ]
}

/// Many sorts of events with the word in what they are about and in what they say.
fn secret_events(word: &str) -> Vec<Value> {
    let id = |kind: &str| format!("{kind}/{word}-{kind}");
    let said = |what: &str| format!("{word}secret {what}");
    let (board, registrar, secretary) = ("body/board", Role::Registrar, Role::Secretary);
    let one = |of: &str, kind: &str, fields: Value| by(secretary, of, &id(kind), fields);
    vec![
        by(
            registrar,
            "OrganisationRegistered",
            &id("organisation"),
            json!({"name": said("trust")}),
        ),
        by(
            registrar,
            "BodyEstablished",
            &id("body"),
            json!({"name": said("group")}),
        ),
        by(
            registrar,
            "RoleAppointed",
            &id("post"),
            json!({"title": said("director")}),
        ),
        one(
            "MeetingCalled",
            "meeting",
            json!({"title": said("meeting"), "body": board, "date": "2026-01-14"}),
        ),
        one(
            "DecisionForeseen",
            "decision",
            json!({"title": said("merger"), "body": board, "note": said("note")}),
        ),
        one(
            "ActionAssigned",
            "action",
            json!({
            "text": said("task"), "owner": said("owner"), "body": board, "due": "2024/25"}),
        ),
        one(
            "ActionProgressReported",
            "action",
            json!({"narrative": said("progress")}),
        ),
        one(
            "StrategyAdopted",
            "strategy",
            json!({"title": said("strategy")}),
        ),
        one(
            "AimSet",
            "aim",
            json!({"title": said("aim"), "level": "aim", "strategy": id("strategy")}),
        ),
        one(
            "ObjectiveSet",
            "objective",
            json!({
            "title": said("objective"), "level": "objective", "strategy": id("strategy")}),
        ),
        one(
            "MilestoneSet",
            "milestone",
            json!({
            "title": said("milestone"), "due": "2024/25", "parent": id("objective")}),
        ),
        one(
            "MilestoneSlipped",
            "milestone",
            json!({
            "from": "2024/25", "to": "25/26", "standing": "reported", "reason": said("reason")}),
        ),
        one(
            "MetricDefined",
            "metric",
            json!({"title": said("metric"), "unit": said("unit")}),
        ),
        one(
            "RiskRaised",
            "risk",
            json!({"title": said("risk"), "cause": said("cause")}),
        ),
        one(
            "AssuranceRecorded",
            "assurance",
            json!({
            "title": said("assurance"), "of": [id("risk")], "line": "first", "given_by": said("team"), "level": "limited"}),
        ),
        one(
            "FundingApplied",
            "funding",
            json!({"title": said("bid"), "funder": said("funder")}),
        ),
        one(
            "EvaluationCommissioned",
            "evaluation",
            json!({"title": said("evaluation")}),
        ),
        one(
            "ConsultationOpened",
            "consultation",
            json!({"title": said("survey"), "kind": "survey"}),
        ),
        by(
            secretary,
            "StatusReported",
            "milestone/open",
            json!({
            "report": format!("{word}-report"), "narrative": said("narrative")}),
        ),
        by(
            secretary,
            "CorrectionRecorded",
            "risk/open",
            json!({
            "reason": said("mistake"), "entry": 5, "field": "title", "value": said("value")}),
        ),
        by(
            Role::RecordsOfficer,
            "HoldPlaced",
            &id("hold"),
            json!({
            "title": said("inquiry"), "reason": said("inquiry"), "ground": "inquiry",
            "scope": [id("body")]}),
        ),
    ]
}

/// What erases the content of an entry, after what approves it.
pub fn erasure(position: u64, digest: Digest) -> [(Event, u8); 2] {
    let record = format!("record/{position}");
    let person = |role, seed| -> PersonId { officer(role, seed).person };
    let approval = by(
        Role::Secretary,
        "ApprovalGiven",
        &record,
        json!({"digest": digest}),
    );
    let erasing = by(
        Role::RecordsOfficer,
        "ContentErased",
        &record,
        json!({
            "digest": digest,
            "legal_basis": "UK GDPR Art 17(1)(d)",
            "requester": person(Role::RecordsOfficer, 4),
            "approver": person(Role::Secretary, 2),
        }),
    );
    let parse = |event| Event::from_json(event).unwrap();
    [(parse(approval), 2), (parse(erasing), 4)]
}
