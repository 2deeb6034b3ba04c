//! A server over a ledger in memory, and whoever asks it.

use std::sync::Arc;

use axum::body::{Body, Bytes, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use minutebook_api::session::{Response as SignIn, signed_text};
use minutebook_api::{Ledger, Server, Settings, router};
use minutebook_events::Event;
use minutebook_tests::{ORIGIN, TestLedger, TestOfficer, still_clock};
use serde_json::{Value, json};
use tower::ServiceExt as _;

/// Where the server is reached.
pub const ADDRESS: &str = "https://board.example";

/// A title with all that a feed has to take care of: both sorts of special characters, line ends, and
/// more than a line.
pub const NASTY: &str = "A; b, c\\n d: \"e\" <f> & g\r\nsecond ]]> line é 老虎 \
                         and on and on and on and on and on and on and on and on and on and on";

/// An answer.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }
}

/// A server with one ledger, `test`.
pub struct Desk {
    pub server: Arc<Server>,
}

/// A ledger with two bodies, a meeting of either, a milestone, actions, and an action in private.
pub fn ledger() -> TestLedger {
    let ledger = TestLedger::in_memory();
    let registrar = |fields| record(&ledger, &ledger.registrar, fields);
    let secretary = |fields| record(&ledger, &ledger.secretary, fields);
    registrar(json!({"type": "BodyEstablished", "subject": "body/board", "name": "Board"}));
    registrar(json!({"type": "BodyEstablished", "subject": "body/other", "name": "Other"}));
    secretary(json!({
        "type": "MeetingCalled", "subject": "meeting/may", "title": NASTY, "body": "body/board",
        "date": "14 May 2027", "time": "14:00", "place": "Room 1, first floor; ring",
        "link": "https://meet.example/1?a=b&c=d",
    }));
    secretary(json!({
        "type": "MeetingCalled", "subject": "meeting/june", "title": "June", "body": "body/other",
        "date": "June 2027", "time": "in the afternoon",
    }));
    secretary(json!({
        "type": "MilestoneSet", "subject": "milestone/worker", "title": "Key worker", "due": "25/26",
    }));
    secretary(json!({
        "type": "ActionAssigned", "subject": "action/write", "text": "Write it down",
        "owner": "Director", "body": "body/board", "due": "30 June 2027",
    }));
    secretary(json!({
        "type": "ActionAssigned", "subject": "action/secret", "text": "Sell the land",
        "owner": "Director", "body": "body/board", "due": "30 June 2027",
        "confidentiality": "part-2",
    }));
    ledger
}

/// Records an event, given by its fields but for the capacity.
pub fn record(ledger: &TestLedger, officer: &TestOfficer, mut fields: Value) -> u64 {
    fields["capacity"] = serde_json::to_value(officer.capacity()).unwrap();
    let event = Event::from_json(fields).unwrap();
    let submission = ledger.sign(officer, event, &[]);
    ledger.submit(vec![submission]).unwrap()[0].position
}

impl Desk {
    pub fn over(ledger: TestLedger) -> Self {
        let (clock, _) = still_clock();
        let settings = Settings {
            addresses: vec![ADDRESS.into()],
            ..Settings::default()
        };
        let ledger = Ledger::new("test", ledger.log);
        Self {
            server: Server::new(vec![ledger], settings, clock),
        }
    }

    pub async fn get(&self, address: &str) -> Answer {
        self.get_with(address, &[]).await
    }

    pub async fn get_with(&self, address: &str, headers: &[(&str, &str)]) -> Answer {
        let answer = self.begun(address, headers).await;
        let (parts, body) = answer.into_parts();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: to_bytes(body, usize::MAX).await.unwrap(),
        }
    }

    /// An answer whose body was not read yet.
    pub async fn begun(
        &self,
        address: &str,
        headers: &[(&str, &str)],
    ) -> axum::http::Response<Body> {
        let mut request = Request::get(format!("/v1/ledgers/test/{address}"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::empty()).unwrap();
        router(self.server.clone()).oneshot(request).await.unwrap()
    }

    /// What an officer who is signed in sends along.
    pub fn signed_in(&self, officer: &TestOfficer) -> String {
        let (sessions, now) = (&self.server.sessions, self.server.now());
        let challenge = sessions.challenge("test", now);
        let text = signed_text(ORIGIN, ADDRESS, &challenge);
        let response = SignIn {
            ledger: "test",
            origin: ORIGIN,
            challenge: &challenge,
            address: ADDRESS,
            kid: officer.key.public().kid(),
            signature: &officer.key.sign(text.as_bytes()),
        };
        let published = self.server.ledgers["test"].published();
        let addresses = [ADDRESS.to_owned()];
        let signed = sessions.sign_in(&published.views, &addresses, &response, now);
        format!("Bearer {}", signed.unwrap().0)
    }
}
