//! Signing in with a key that never leaves this side.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use minutebook_keys::{SigningKey, Zeroizing};
use serde::Deserialize;
use serde_json::json;

use crate::ledger::MAX_ANSWER;
use crate::transport::Method;
use crate::{Challenge, ClientError, LedgerClient, SignedIn};

/// What is signed to answer a challenge: text that no statement can be.
pub fn signed_text(origin: &str, address: &str, challenge: &str) -> String {
    format!("minutebook.session.v1\n{origin}\n{address}\n{challenge}\n")
}

impl LedgerClient {
    /// Signs in: every further request of this client is made as the key's person, for an hour at
    /// most.
    ///
    /// What is signed names the address that the server was reached at, so that whoever stands between
    /// cannot use it anywhere else.
    ///
    /// # Errors
    /// Where others could read along, the server goes by other addresses, or it refuses the key.
    pub fn sign_in(&mut self, key: &SigningKey) -> Result<SignedIn, ClientError> {
        #[derive(Deserialize)]
        struct Answer {
            token: String,
            #[serde(flatten)]
            signed_in: SignedIn,
        }
        let address = self.transport.address.clone();
        if !address.is_private() {
            return Err(ClientError::NotPrivate {
                address: address.to_string(),
            });
        }
        self.token = None;
        let asking = self.request(Method::Post(b""), "/challenges", MAX_ANSWER);
        let challenge: Challenge = self.transport.json(&asking)?;
        if [&challenge.origin, &challenge.challenge]
            .iter()
            .any(|text| text.contains(char::is_control))
        {
            let reason = "a challenge has no control characters";
            return Err(self.transport.unreadable(&asking, &reason));
        }
        if !challenge
            .addresses
            .iter()
            .any(|one| one == address.as_str())
        {
            return Err(ClientError::OtherAddress {
                reached: address.to_string(),
                served: challenge.addresses,
            });
        }
        let text = signed_text(&challenge.origin, address.as_str(), &challenge.challenge);
        let body = json!({
            "kid": key.kid().to_string(),
            "challenge": challenge.challenge,
            "address": address.as_str(),
            "signature": STANDARD.encode(key.sign(text.as_bytes())),
        })
        .to_string();
        let answer: Answer = self.transport.json(&self.request(
            Method::Post(body.as_bytes()),
            "/session",
            MAX_ANSWER,
        ))?;
        self.token = Some(Zeroizing::new(answer.token));
        Ok(answer.signed_in)
    }

    /// Who is signed in.
    ///
    /// # Errors
    /// Where nobody is, or not any more.
    pub fn session(&self) -> Result<SignedIn, ClientError> {
        self.transport
            .json(&self.request(Method::Get, "/session", MAX_ANSWER))
    }

    /// Ends the session, here and at the server.
    ///
    /// # Errors
    /// Where the server cannot be told; the token is forgotten all the same.
    pub fn sign_out(&mut self) -> Result<(), ClientError> {
        if self.token.is_none() {
            return Ok(());
        }
        let told = self
            .transport
            .ask(&self.request(Method::Delete, "/session", MAX_ANSWER));
        self.token = None;
        told.map(drop)
    }
}
