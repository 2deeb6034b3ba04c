//! Signing in and out.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use minutebook_events::{Capacity, Confidentiality, PersonId};
use minutebook_keys::Kid;
use minutebook_projections::Views;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::answer;
use crate::asked::{Asked, COOKIE, Caller, Open, token};
use crate::extract::Json;
use crate::problem::{Kind, Problem};
use crate::route::{Route, Session as Sessions};
use crate::session::{CHALLENGE_SECONDS, Response as Signed, SESSION_SECONDS, Session, reads};

const TAG: &str = "Signing in";

/// A challenge to sign.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Challenge {
    /// What to put into the signed text.
    pub challenge: String,
    /// The ledger's origin, which stands in the signed text.
    pub origin: String,
    /// The addresses of this server, one of which stands in the signed text: the one that it was
    /// reached at.
    pub addresses: Vec<String>,
    /// When it runs out, in seconds since 1970.
    pub ends: i64,
}

/// A challenge that was signed. The signed text is `minutebook.session.v1`, the origin, the server's
/// address and the challenge, each followed by a line feed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The thumbprint of the key (RFC 9679), in lower-case hex.
    #[schemars(regex(pattern = "^[0-9a-f]{64}$"))]
    pub kid: String,
    /// The challenge.
    pub challenge: String,
    /// The server's address, as it stands in the signed text.
    pub address: String,
    /// The Ed25519 signature: 64 bytes in base64.
    #[schemars(
        extend("contentEncoding" = "base64"),
        regex(pattern = "^[A-Za-z0-9+/]{85}[AQgw]==$")
    )]
    pub signature: String,
}

/// Who is signed in.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct SignedIn {
    /// The session's token, for `Authorization: Bearer`. Given once, at the sign-in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// Who it is.
    pub person: PersonId,
    /// Their name, where the record has one.
    pub name: Option<String>,
    /// The key that signed in, by its thumbprint.
    pub kid: String,
    /// The roles with authority that they hold now.
    pub capacities: Vec<Capacity>,
    /// The most confidential sort of entry that they may read now.
    pub reads: Confidentiality,
    /// When the session ends, in seconds since 1970.
    pub ends: i64,
}

/// The routes.
pub fn routes() -> Vec<Route> {
    vec![
        Route::post("/v1/ledgers/{ledger}/challenges", "getChallenge", challenge)
            .about(
                TAG,
                "Ask for a challenge to sign",
                "It may be signed once, within two minutes. The private key stays with its owner.",
            )
            .gives_json::<Challenge>(201, "The challenge")
            .refuses(&[Kind::TooManyRequests])
            .session(Sessions::None),
        Route::post("/v1/ledgers/{ledger}/session", "signIn", sign_in)
            .about(
                TAG,
                "Sign in with a signed challenge",
                "Gives a session of an hour, as a token and as a cookie. What it may read follows from \
                 the roles that the record gives its person at each request.",
            )
            .takes_json::<SignIn>()
            .gives_json::<SignedIn>(201, "Signed in")
            .with_header("Set-Cookie", "The session for pages of this server")
            .refuses(&[
                Kind::SignInRefused,
                Kind::TooLarge,
                Kind::UnsupportedType,
                Kind::TooManyRequests,
            ])
            .session(Sessions::None),
        Route::get("/v1/ledgers/{ledger}/session", "getSession", who)
            .about(TAG, "Who is signed in", "")
            .gives_json::<SignedIn>(200, "The session")
            .refuses(&[Kind::SignInNeeded])
            .session(Sessions::Needed),
        Route::delete("/v1/ledgers/{ledger}/session", "signOut", sign_out)
            .about(TAG, "Sign out", "Ends the session at once. It is no mistake to have none.")
            .gives(204, "Signed out", [])
            .session(Sessions::Optional),
    ]
}

async fn challenge(open: Open, caller: Caller) -> Result<Response, Problem> {
    limit(&open, &caller)?;
    let now = open.server.now();
    let challenge = Challenge {
        challenge: open.server.sessions.challenge(&open.ledger.name, now),
        origin: open.ledger.log.origin().to_owned(),
        addresses: open.server.settings.addresses.clone(),
        ends: now.saturating_add(CHALLENGE_SECONDS),
    };
    Ok(answer::json(StatusCode::CREATED, &challenge))
}

fn limit(open: &Open, caller: &Caller) -> Result<(), Problem> {
    let taken = open.server.tries.take(caller.0, open.server.now());
    taken.map_err(|seconds| {
        Problem::new(
            Kind::TooManyRequests,
            format!("too many sign-ins from this address; try again in {seconds} s"),
        )
        .retry_after(seconds)
    })
}

async fn sign_in(
    open: Open,
    caller: Caller,
    Json(signed): Json<SignIn>,
) -> Result<Response, Problem> {
    limit(&open, &caller)?;
    let refused = |error: &dyn std::fmt::Display| {
        open.server.metrics.sign_ins_refused.inc();
        Problem::new(Kind::SignInRefused, error.to_string())
    };
    let kid: Kid = signed
        .kid
        .parse()
        .map_err(|_| Problem::malformed("kid is not 64 lower-case hex digits"))?;
    let signature = STANDARD.decode(&signed.signature).ok();
    let signature: [u8; 64] = signature
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or_else(|| Problem::malformed("signature is not 64 bytes in base64"))?;
    let (server, ledger) = (&open.server, &open.ledger);
    let published = ledger.published();
    let response = Signed {
        ledger: &ledger.name,
        origin: ledger.log.origin(),
        challenge: &signed.challenge,
        address: &signed.address,
        kid,
        signature: &signature,
    };
    let addresses = &server.settings.addresses;
    let (token, session) = server
        .sessions
        .sign_in(&published.views, addresses, &response, server.now())
        .map_err(|error| refused(&error))?;
    let cookie = cookie(
        &token,
        SESSION_SECONDS,
        signed.address.starts_with("https:"),
    );
    let about = SignedIn {
        token: Some(token),
        ..signed_in(&open, &published.views, &session)
            .ok_or_else(|| refused(&"the key has ended"))?
    };
    let mut response = answer::json(StatusCode::CREATED, &about);
    if let Ok(cookie) = HeaderValue::try_from(cookie) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

fn cookie(token: &str, seconds: i64, secure: bool) -> String {
    let secure = if secure { "; Secure" } else { "" };
    format!("{COOKIE}={token}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}")
}

fn signed_in(open: &Open, views: &Views, session: &Session) -> Option<SignedIn> {
    let person = &session.person;
    Some(SignedIn {
        token: None,
        person: person.clone(),
        name: open.ledger.names.of(&open.ledger.log, person),
        kid: session.kid.to_string(),
        capacities: views.people.capacities(person),
        reads: reads(views, session)?,
        ends: session.ends,
    })
}

async fn who(asked: Asked) -> Result<Response, Problem> {
    let open = Open {
        server: asked.server.clone(),
        ledger: asked.ledger.clone(),
    };
    let session = asked.session()?;
    match signed_in(&open, &asked.published.views, session) {
        Some(about) => Ok(answer::json(StatusCode::OK, &about)),
        None => Err(Problem::new(Kind::SignInNeeded, "the key has ended")),
    }
}

async fn sign_out(open: Open, headers: HeaderMap) -> Response {
    if let Some(token) = token(&headers) {
        open.server.sessions.end(token);
    }
    let clear = [
        (header::SET_COOKIE, cookie("", 0, false)),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    (StatusCode::NO_CONTENT, clear).into_response()
}
