//! Officers as they are on their own machines: they sign what they saw, and sign in.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use minutebook_api::session::signed_text;
use minutebook_events::{Digest, Event, PersonId, Seen};
use minutebook_keys::SigningKey;
use minutebook_keys::rand_core::OsRng;
use minutebook_ledger::author::SealedPart;
use minutebook_ledger::hash::Hash;
use minutebook_ledger::{Author, Submission};
use serde_json::{Value, json};

use super::http::{Client, Reply};

/// Someone with a key.
pub struct Officer {
    pub person: PersonId,
    pub key: SigningKey,
}

/// The seconds since 1970.
pub fn now() -> i64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    i64::try_from(now.unwrap().as_secs()).unwrap()
}

/// What the ledger has now.
pub fn seen(client: &mut Client, ledger: &str) -> Seen {
    let about = client.json(&format!("/v1/ledgers/{ledger}"));
    seen_in(&about)
}

/// The size and root in an answer.
pub fn seen_in(answer: &Value) -> Seen {
    Seen {
        size: answer["size"].as_u64().unwrap(),
        root: Hash::from_hex(answer["root"].as_str().unwrap()).unwrap().0,
    }
}

impl Officer {
    /// Signs an event over what was seen.
    pub fn sign(&self, origin: &str, event: Event, seen: Seen) -> Submission {
        self.sign_at(origin, event, seen, now())
    }

    pub fn sign_at(&self, origin: &str, event: Event, seen: Seen, iat: i64) -> Submission {
        let author = Author {
            origin,
            person: &self.person,
            key: &self.key,
        };
        author.sign(event, &[], seen, iat, &mut OsRng).unwrap()
    }

    /// Signs an event with private parts.
    pub fn sign_with(
        &self,
        origin: &str,
        event: Event,
        sealed: &[SealedPart],
        seen: Seen,
    ) -> Submission {
        let author = Author {
            origin,
            person: &self.person,
            key: &self.key,
        };
        author.sign(event, sealed, seen, now(), &mut OsRng).unwrap()
    }

    /// Signs in; the client then asks as this officer.
    pub fn sign_in(&self, client: &mut Client, ledger: &str) {
        let reply = self.try_sign_in(client, ledger, None);
        assert_eq!(reply.status, 201, "{}", reply.text());
        client.token = Some(reply.json()["token"].as_str().unwrap().to_owned());
    }

    /// Answers a new challenge, or this one, and gives what the server says.
    pub fn try_sign_in(
        &self,
        client: &mut Client,
        ledger: &str,
        challenge: Option<&Value>,
    ) -> Reply {
        let challenge = match challenge {
            Some(challenge) => challenge.clone(),
            None => ask_challenge(client, ledger),
        };
        let address = challenge["addresses"][0].as_str().unwrap().to_owned();
        let body = self.answer(&challenge, &address);
        client.post(&format!("/v1/ledgers/{ledger}/session"), &body)
    }

    /// The answer to a challenge, signed for an address.
    pub fn answer(&self, challenge: &Value, address: &str) -> Value {
        let text = |name: &str| challenge[name].as_str().unwrap();
        let signed = signed_text(text("origin"), address, text("challenge"));
        json!({
            "kid": self.key.kid().to_string(),
            "challenge": text("challenge"),
            "address": address,
            "signature": STANDARD.encode(self.key.sign(signed.as_bytes())),
        })
    }
}

pub fn ask_challenge(client: &mut Client, ledger: &str) -> Value {
    let reply = client.post(&format!("/v1/ledgers/{ledger}/challenges"), &json!({}));
    assert_eq!(reply.status, 201, "{}", reply.text());
    reply.json()
}

/// The body that submits these.
pub fn body<'a>(batch: impl IntoIterator<Item = &'a Submission>) -> Value {
    let sent = |one: &Submission| {
        let disclosures = one.disclosures.iter().map(|bytes| STANDARD.encode(bytes));
        json!({
            "statement": STANDARD.encode(&one.statement),
            "disclosures": disclosures.collect::<Vec<_>>(),
        })
    };
    json!({ "submissions": batch.into_iter().map(sent).collect::<Vec<_>>() })
}

/// The digest by which what was submitted is called.
pub fn digest(submission: &Submission) -> Digest {
    minutebook_ledger::disclosure::digest(&submission.disclosures[0])
}
