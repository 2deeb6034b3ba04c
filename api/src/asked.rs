//! Who asks, and of which ledger: the first thing that a handler wants to know.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use minutebook_events::Confidentiality;
use minutebook_events::catalogue::ledger::ReadPolicy;
use minutebook_ledger::log::Published;
use minutebook_projections::{AsOf, Views};

use crate::names::Names;
use crate::problem::{Kind, Problem};
use crate::server::{Ledger, Server};
use crate::session::{Session, reads};

/// The cookie that pages carry a session in.
pub const COOKIE: &str = "minutebook_session";

/// A question to a ledger by a reader who may ask it.
pub struct Asked {
    /// The server.
    pub server: Arc<Server>,
    /// The ledger.
    pub ledger: Arc<Ledger>,
    /// What readers saw when it was asked.
    pub published: Arc<Published<Views>>,
    /// Who asks.
    pub reader: Reader,
}

/// Someone who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reader {
    /// The most confidential sort of entry that they may read.
    pub level: Confidentiality,
    /// Their session, where they are signed in.
    pub session: Option<Session>,
}

impl Reader {
    /// Whoever is not signed in.
    pub const PUBLIC: Self = Self {
        level: Confidentiality::Public,
        session: None,
    };

    /// Whether they may know the names of people: those who are part of the record themselves.
    pub fn knows_names(&self) -> bool {
        self.session.is_some()
    }

    /// The names of a ledger's people, where they may know them.
    pub fn names<'a>(&self, ledger: &'a Ledger) -> Option<&'a Names> {
        self.knows_names().then_some(&ledger.names)
    }
}

impl Asked {
    /// The record as it stands, to this reader.
    pub fn now(&self) -> AsOf<'_> {
        self.published.views.now(self.reader.level)
    }

    /// The session.
    ///
    /// # Errors
    /// [`Kind::SignInNeeded`] where there is none.
    pub fn session(&self) -> Result<&Session, Problem> {
        self.reader.session.as_ref().ok_or_else(sign_in_needed)
    }
}

/// A ledger that exists, whoever asks: for what is open to all, and for signing in.
pub struct Open {
    /// The server.
    pub server: Arc<Server>,
    /// The ledger.
    pub ledger: Arc<Ledger>,
}

impl FromRequestParts<Arc<Server>> for Open {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, server: &Arc<Server>) -> Result<Self, Problem> {
        let params = RawPathParams::from_request_parts(parts, server).await;
        let params = params.map_err(|_| Problem::malformed("the address is not UTF-8"))?;
        let name = params.iter().find(|(name, _)| *name == "ledger");
        let ledger = name.and_then(|(_, name)| server.ledgers.get(name));
        match ledger {
            Some(ledger) => Ok(Self {
                server: server.clone(),
                ledger: ledger.clone(),
            }),
            None => {
                Err(Problem::not_found("such ledger here").instead("GET /v1/ledgers lists them"))
            }
        }
    }
}

impl FromRequestParts<Arc<Server>> for Asked {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, server: &Arc<Server>) -> Result<Self, Problem> {
        let Open { server, ledger } = Open::from_request_parts(parts, server).await?;
        let published = ledger.published();
        let reader = reader(&server, &ledger, &published.views, &parts.headers)?;
        Ok(Self {
            server,
            ledger,
            published,
            reader,
        })
    }
}

/// Who sends these headers.
///
/// # Errors
/// [`Kind::SignInNeeded`] where the ledger is for members only and nobody is signed in, and where a
/// token was sent that is none, or not any more: whoever thinks they are signed in should know.
pub fn reader(
    server: &Server,
    ledger: &Ledger,
    views: &Views,
    headers: &HeaderMap,
) -> Result<Reader, Problem> {
    let public = views.records.opened().map(|opened| opened.read) == Some(ReadPolicy::Public);
    let Some(token) = token(headers) else {
        return match public {
            true => Ok(Reader::PUBLIC),
            false => Err(sign_in_needed()),
        };
    };
    let session = server.sessions.get(token, server.now());
    let session = session.filter(|session| session.ledger == ledger.name);
    match session.and_then(|session| Some((reads(views, &session)?, session))) {
        Some((level, session)) => Ok(Reader {
            level,
            session: Some(session),
        }),
        // A page's cookie may outlive its session, or belong to another ledger of this server.
        None if public && bearer(headers).is_none() => Ok(Reader::PUBLIC),
        None => Err(Problem::new(
            Kind::SignInNeeded,
            "the session has ended, or is another ledger's",
        )),
    }
}

fn sign_in_needed() -> Problem {
    Problem::new(
        Kind::SignInNeeded,
        "only people with a key of this ledger may read this",
    )
}

/// The session's token, from `Authorization: Bearer` or the cookie.
pub fn token(headers: &HeaderMap) -> Option<&str> {
    bearer(headers).or_else(|| cookie(headers))
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then_some(token.trim())
}

fn cookie(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(header::COOKIE).iter();
    let mut pairs = cookies
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    pairs.find_map(|(name, value)| (name == COOKIE).then_some(value))
}

/// The address that a request comes from.
pub struct Caller(pub Option<IpAddr>);

impl FromRequestParts<Arc<Server>> for Caller {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        server: &Arc<Server>,
    ) -> Result<Self, Self::Rejection> {
        let connected = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let connected = connected.map(|ConnectInfo(address)| address.ip());
        if !server.settings.behind_proxy {
            return Ok(Self(connected));
        }
        // The last address is the one that the proxy itself saw; those before it anyone may write.
        let forwarded = parts.headers.get_all("x-forwarded-for").iter();
        let last = forwarded
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .last()
            .and_then(|text| text.trim().parse().ok());
        Ok(Self(last.or(connected)))
    }
}
