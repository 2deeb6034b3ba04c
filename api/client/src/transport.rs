//! Requests and bounded answers.
//!
//! What may be repeated safely is: where the connection breaks or the ledger is busy, a request is made
//! again, a few times. A submission may be, since the same bytes enter once at most.

use std::time::Duration;

use minutebook_keys::Zeroizing;
use serde::de::DeserializeOwned;
use ureq::http::Response;
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::{Agent, Body};

use crate::{Address, ClientError, Problem};

/// How often a request is made at most.
const TRIES: u32 = 4;

/// The longest wait that a server may ask for between two tries.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// How long an answer may take from the request to its last byte.
const TIMEOUT: Duration = Duration::from_secs(180);

/// How long a server may be silent on a live tail: it gives a sign of life every 15 seconds.
const SILENCE: Duration = Duration::from_secs(60);

/// The largest explanation of a refusal.
const MAX_PROBLEM: u64 = 64 << 10;

/// A server, and connections to it.
#[derive(Debug, Clone)]
pub(crate) struct Transport {
    agent: Agent,
    pub(crate) address: Address,
}

/// A request.
pub(crate) struct Request<'a> {
    pub(crate) method: Method<'a>,
    /// Below the server's address, from its slash on.
    pub(crate) path: String,
    pub(crate) token: Option<&'a Zeroizing<String>>,
    /// The largest answer, in bytes.
    pub(crate) limit: u64,
}

#[derive(Clone, Copy)]
pub(crate) enum Method<'a> {
    Get,
    Delete,
    /// A JSON body that may be sent again.
    Post(&'a [u8]),
    /// Bytes that may be sent again.
    PostBytes(&'a [u8]),
}

/// An answer of a bounded size.
pub(crate) struct Answer {
    pub(crate) bytes: Vec<u8>,
}

impl Transport {
    pub(crate) fn new(address: Address, roots: Option<&[Certificate<'static>]>) -> Self {
        let roots = match roots {
            Some(roots) => RootCerts::new_with_certs(roots),
            None => RootCerts::WebPki,
        };
        let config = Agent::config_builder()
            .http_status_as_error(false)
            // A token is for the server that gave it, and for no other that it may name.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_connect(Some(Duration::from_secs(15)))
            .user_agent(concat!("minutebook-client/", env!("CARGO_PKG_VERSION")))
            .tls_config(TlsConfig::builder().root_certs(roots).build());
        Self {
            agent: config.build().new_agent(),
            address,
        }
    }

    /// Makes a request until it is answered, a few times at most.
    pub(crate) fn ask(&self, request: &Request<'_>) -> Result<Answer, ClientError> {
        let mut pause = Duration::from_millis(100);
        for _ in 1..TRIES {
            let wait = match self.once(request) {
                Err(Failed {
                    error,
                    again: Some(wait),
                }) if wait.unwrap_or_default() <= LONGEST_WAIT => {
                    // Where nobody ever listened, nobody will in a moment.
                    if is_refused(&error) {
                        return Err(error);
                    }
                    wait.unwrap_or(pause)
                }
                Err(Failed { error, .. }) => return Err(error),
                Ok(answer) => return Ok(answer),
            };
            std::thread::sleep(wait);
            pause *= 4;
        }
        self.once(request).map_err(|failed| failed.error)
    }

    fn once(&self, request: &Request<'_>) -> Result<Answer, Failed> {
        let address = self.address.below(&request.path);
        let answered = match request.method {
            Method::Get => {
                let asked = self.agent.get(&address).config();
                let asked = asked.timeout_global(Some(TIMEOUT)).build();
                with_token(asked, request.token).call()
            }
            Method::Delete => {
                let asked = self.agent.delete(&address).config();
                let asked = asked.timeout_global(Some(TIMEOUT)).build();
                with_token(asked, request.token).call()
            }
            Method::Post(body) | Method::PostBytes(body) => {
                let media_type = match request.method {
                    Method::PostBytes(_) => "application/octet-stream",
                    _ => "application/json",
                };
                let asked = self.agent.post(&address).config();
                let asked = asked.timeout_global(Some(TIMEOUT)).build();
                with_token(asked, request.token)
                    .content_type(media_type)
                    .send(body)
            }
        };
        let mut response = answered.map_err(|error| self.broken(error))?;
        let status = response.status().as_u16();
        if !(200..300).contains(&status) {
            return Err(refusal(&address, &mut response));
        }
        let bytes = self.read(&address, &mut response, request.limit)?;
        Ok(Answer { bytes })
    }

    fn read(
        &self,
        address: &str,
        response: &mut Response<Body>,
        limit: u64,
    ) -> Result<Vec<u8>, Failed> {
        let body = response.body_mut().with_config().limit(limit);
        body.read_to_vec().map_err(|error| match error {
            ureq::Error::BodyExceedsLimit(_) => Failed::for_good(ClientError::TooLarge {
                address: address.to_owned(),
                limit,
            }),
            error => self.broken(error),
        })
    }

    fn broken(&self, error: ureq::Error) -> Failed {
        let again = matches!(
            error,
            ureq::Error::Io(_) | ureq::Error::Protocol(_) | ureq::Error::ConnectionFailed
        );
        Failed {
            error: ClientError::Unreachable {
                address: self.address.to_string(),
                source: Box::new(error),
            },
            again: again.then_some(None),
        }
    }

    /// Opens a live tail: an answer without an end.
    pub(crate) fn open(
        &self,
        path: &str,
        token: Option<&Zeroizing<String>>,
        last_seen: Option<u64>,
    ) -> Result<Body, ClientError> {
        let address = self.address.below(path);
        let asked = self.agent.get(&address).config();
        let mut asked = asked.timeout_per_read(Some(SILENCE)).build();
        if let Some(last) = last_seen {
            asked = asked.header("last-event-id", last.to_string());
        }
        let answered = with_token(asked, token)
            .header("accept", "text/event-stream")
            .call();
        let mut response = answered.map_err(|error| self.broken(error).error)?;
        match response.status().as_u16() {
            200 => Ok(response.into_body()),
            _ => Err(refusal(&address, &mut response).error),
        }
    }

    /// An answer in JSON.
    pub(crate) fn json<T: DeserializeOwned>(
        &self,
        request: &Request<'_>,
    ) -> Result<T, ClientError> {
        let answer = self.ask(request)?;
        serde_json::from_slice(&answer.bytes).map_err(|error| self.unreadable(request, &error))
    }

    /// An answer in text.
    pub(crate) fn text(&self, request: &Request<'_>) -> Result<String, ClientError> {
        let answer = self.ask(request)?;
        String::from_utf8(answer.bytes).map_err(|error| self.unreadable(request, &error))
    }

    pub(crate) fn unreadable(
        &self,
        request: &Request<'_>,
        reason: &dyn std::fmt::Display,
    ) -> ClientError {
        ClientError::Unreadable {
            address: self.address.below(&request.path),
            reason: reason.to_string(),
        }
    }
}

/// A request that failed once.
struct Failed {
    error: ClientError,
    /// Whether trying again may help, and how long to wait where the server says so.
    again: Option<Option<Duration>>,
}

impl Failed {
    fn for_good(error: ClientError) -> Self {
        Self { error, again: None }
    }
}

fn with_token<B>(
    request: ureq::RequestBuilder<B>,
    token: Option<&Zeroizing<String>>,
) -> ureq::RequestBuilder<B> {
    match token {
        Some(token) => request.header("authorization", format!("Bearer {}", token.as_str())),
        None => request,
    }
}

fn header(response: &Response<Body>, name: &str) -> Option<String> {
    let value = response.headers().get(name)?;
    value.to_str().ok().map(str::to_owned)
}

/// What an answer that is no success says.
fn refusal(address: &str, response: &mut Response<Body>) -> Failed {
    let status = response.status().as_u16();
    let is_problem = header(response, "content-type")
        .is_some_and(|media_type| media_type.starts_with("application/problem+json"));
    let wait = header(response, "retry-after").and_then(|seconds| seconds.parse().ok());
    let body = response.body_mut().with_config().limit(MAX_PROBLEM);
    let problem = body
        .read_to_vec()
        .ok()
        .filter(|_| is_problem)
        .and_then(|bytes| serde_json::from_slice::<Problem>(&bytes).ok());
    match problem {
        Some(problem) => Failed {
            // A queue that is full has room in a moment, and someone who asks too often may wait.
            again: (status == 429).then(|| wait.map(Duration::from_secs)),
            error: ClientError::Refused(Box::new(problem)),
        },
        None => Failed::for_good(ClientError::Status {
            address: address.to_owned(),
            status,
        }),
    }
}

fn is_refused(error: &ClientError) -> bool {
    let ClientError::Unreachable { source, .. } = error else {
        return false;
    };
    match &**source {
        ureq::Error::Io(error) => error.kind() == std::io::ErrorKind::ConnectionRefused,
        _ => false,
    }
}
