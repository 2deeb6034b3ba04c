//! A server over a ledger in memory, asked without a socket, at a time that the test sets.
#![allow(dead_code, clippy::unwrap_used, clippy::panic)]

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use minutebook_api::session::signed_text;
use minutebook_api::{Ledger, Server, Settings, router};
use minutebook_events::{Event, Seen};
use minutebook_keys::rand_core::OsRng;
use minutebook_ledger::{Author, Submission};
use minutebook_tests::{ORIGIN, TestLedger, TestOfficer};
use serde_json::{Value, json};
use tower::ServiceExt as _;

pub const AT: &str = "/v1/ledgers/test";
pub const ADDRESS: &str = "https://board.example";

pub struct Api {
    pub server: Arc<Server>,
    pub clock: Arc<AtomicI64>,
    pub registrar: TestOfficer,
    pub secretary: TestOfficer,
    pub lead: TestOfficer,
    router: Router,
}

/// An answer, whole.
#[derive(Debug)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value.map_or("", |value| value.to_str().unwrap())
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The last part of a problem's type.
    pub fn problem(&self) -> String {
        assert_eq!(
            self.header("content-type"),
            "application/problem+json",
            "{self:?}"
        );
        let of = self.json()["type"].as_str().unwrap().to_owned();
        of.trim_start_matches("/problems/").to_owned()
    }
}

impl Api {
    pub fn new() -> Self {
        Self::over(TestLedger::in_memory())
    }

    /// A server of this ledger, under the name `test`.
    pub fn over(ledger: TestLedger) -> Self {
        let clock = ledger.clock;
        let reads = clock.clone();
        let settings = Settings {
            addresses: vec![ADDRESS.to_owned()],
            ..Settings::default()
        };
        let served = Ledger::new("test", ledger.log);
        let server = Server::new(
            vec![served],
            settings,
            Arc::new(move || reads.load(Ordering::Relaxed)),
        );
        Self {
            router: router(server.clone()),
            server,
            clock,
            registrar: ledger.registrar,
            secretary: ledger.secretary,
            lead: ledger.lead,
        }
    }

    pub fn pass(&self, seconds: i64) {
        self.clock.fetch_add(seconds, Ordering::Relaxed);
    }

    pub fn seen(&self) -> Seen {
        let head = self.server.ledgers["test"].published().head;
        Seen {
            size: head.size,
            root: head.root.0,
        }
    }

    pub fn sign(&self, by: &TestOfficer, event: Event) -> Submission {
        let author = Author {
            origin: ORIGIN,
            person: &by.person,
            key: &by.key,
        };
        author
            .sign(event, &[], self.seen(), self.server.now(), &mut OsRng)
            .unwrap()
    }

    /// Records an event of an officer's, past HTTP.
    pub async fn record(&self, by: &TestOfficer, event: Event) {
        self.enter(vec![self.sign(by, event)]).await;
    }

    /// Enters a batch, past HTTP.
    pub async fn enter(&self, batch: Vec<Submission>) {
        let log = &self.server.ledgers["test"].log;
        log.try_submit_batch(batch).unwrap().await.unwrap();
    }

    pub async fn ask(
        &self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Reply {
        let mut request = Request::builder().method(method).uri(target);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body.to_owned())).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (head, body) = response.into_parts();
        Reply {
            status: head.status,
            headers: head.headers,
            body: to_bytes(body, usize::MAX).await.unwrap().to_vec(),
        }
    }

    pub async fn get(&self, target: &str) -> Reply {
        self.ask("GET", target, &[], "").await
    }

    pub async fn get_as(&self, token: &str, target: &str) -> Reply {
        let bearer = format!("Bearer {token}");
        self.ask("GET", target, &[("authorization", bearer.as_str())], "")
            .await
    }

    pub async fn post(&self, target: &str, body: &Value) -> Reply {
        let json = [("content-type", "application/json")];
        self.ask("POST", target, &json, &body.to_string()).await
    }

    pub async fn challenge(&self) -> Value {
        let reply = self.post(&format!("{AT}/challenges"), &json!({})).await;
        assert_eq!(reply.status, 201, "{reply:?}");
        reply.json()
    }

    /// Answers a challenge as an officer.
    pub async fn answer(&self, officer: &TestOfficer, challenge: &Value) -> Reply {
        let text = |name: &str| challenge[name].as_str().unwrap();
        let signed = signed_text(text("origin"), ADDRESS, text("challenge"));
        let body = json!({
            "kid": officer.key.kid().to_string(),
            "challenge": text("challenge"),
            "address": ADDRESS,
            "signature": STANDARD.encode(officer.key.sign(signed.as_bytes())),
        });
        self.post(&format!("{AT}/session"), &body).await
    }

    pub async fn sign_in(&self, officer: &TestOfficer) -> String {
        let reply = self.answer(officer, &self.challenge().await).await;
        assert_eq!(reply.status, 201, "{reply:?}");
        reply.json()["token"].as_str().unwrap().to_owned()
    }
}

/// The body that submits these.
pub fn body<'a>(batch: impl IntoIterator<Item = &'a Submission>) -> Value {
    let sent = |one: &Submission| {
        let parts = one.disclosures.iter().map(|part| STANDARD.encode(part));
        json!({
            "statement": STANDARD.encode(&one.statement),
            "disclosures": parts.collect::<Vec<_>>(),
        })
    };
    json!({ "submissions": batch.into_iter().map(sent).collect::<Vec<_>>() })
}

/// An event of an officer's, from its JSON.
pub fn event(by: &TestOfficer, mut json: Value) -> Event {
    json["capacity"] = json!(by.capacity());
    Event::from_json(json).unwrap()
}

/// A milestone of the secretary's.
pub fn milestone(api: &Api, name: &str) -> Event {
    minutebook_tests::milestone(api.secretary.capacity(), name, "25/26")
}
