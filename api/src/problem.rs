//! Every refusal, as RFC 9457 problem details with a stable type.
//!
//! One table: the type's last part, its status, its title, and what it means. What cannot be read here
//! is never quoted in a refusal.

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use minutebook_events::{EventError, Refusal, RefusalKind};
use minutebook_ledger::log::{BatchError, ReadError, SubmitError};
use minutebook_ledger::state::JudgementError;
use minutebook_ledger::statement::StatementError;
use minutebook_ledger::store::StoreError;
use minutebook_ledger::submission::MalformedError;
use schemars::JsonSchema;
use serde::Serialize;

/// The media type of problem details (RFC 9457 section 3).
pub const MEDIA_TYPE: &str = "application/problem+json";

macro_rules! kinds {
    ($($kind:ident $slug:literal $status:literal $title:literal $meaning:literal)*) => {
        /// A sort of refusal.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Kind { $(#[doc = $meaning] $kind,)* }

        impl Kind {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$kind),*];

            /// The last part of its type.
            pub fn slug(self) -> &'static str {
                match self { $(Self::$kind => $slug,)* }
            }

            /// Its status code.
            pub fn status(self) -> u16 {
                match self { $(Self::$kind => $status,)* }
            }

            /// Its title, which is the same every time.
            pub fn title(self) -> &'static str {
                match self { $(Self::$kind => $title,)* }
            }

            /// What it means, and what to do.
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$kind => $meaning,)* }
            }
        }
    };
}

kinds! {
    Malformed "malformed" 400 "The request cannot be read"
        "Its bytes, parameters or JSON are not what this address takes. Repeating it will not help; `detail` says what is wrong."
    WrongLedger "wrong-ledger" 400 "Signed for another ledger"
        "The statement names another ledger's origin. Sign it again for this one."
    BadSignature "bad-signature" 400 "The signature does not verify"
        "The bytes were not signed by the key that they name."
    SignInNeeded "sign-in-needed" 401 "Sign in first"
        "This ledger, or this address, is for people with an enrolled key. Sign a challenge, then repeat the request with the session's token."
    SignInRefused "sign-in-refused" 401 "The sign-in was refused"
        "The challenge has run out or was used, the key is not enrolled or not usable any more, or its signature does not verify. Ask for a new challenge."
    UnknownKey "unknown-key" 403 "The key is not enrolled"
        "No such key was ever enrolled in this ledger, or not for this person. The registrar enrols keys."
    RevokedKey "revoked-key" 403 "The key is revoked"
        "The key was revoked or replaced. Sign with the key that took its place."
    NotAuthorised "not-authorised" 403 "The signer does not hold the role"
        "The event is signed by other roles; `detail` names them."
    Withheld "withheld" 403 "The content is private"
        "The entry is in the record and proved, and its content is not for this reader."
    NotFound "not-found" 404 "There is no such thing"
        "Nothing is at this address, or nothing that this reader may know of."
    MethodNotAllowed "method-not-allowed" 405 "This address does not take that method"
        "The Allow header lists the methods that it takes."
    NotAcceptable "not-acceptable" 406 "It does not come in that form"
        "None of the media types in Accept is one that this address gives; `detail` lists them."
    TooSlow "too-slow" 408 "The request took too long to arrive"
        "The server waited for the rest of the request, and gave up."
    Conflict "conflict" 409 "Something newer stands in the way"
        "Entries that the signer had not seen say otherwise. `entries` names them: look at them, and sign again if it still holds."
    Erased "erased" 410 "The content was erased"
        "A later entry erased it; the entry itself, and its proof, stay."
    TooLarge "too-large" 413 "The request is too large"
        "A statement has at most 4 KiB, a disclosure 64 KiB, a batch 1,000 statements and 16 MiB, a document 64 MiB."
    UnsupportedType "unsupported-type" 415 "The body is of another media type"
        "The Content-Type, or a Content-Encoding, is not one that this address takes; `detail` names those it takes."
    Stale "stale" 422 "Signed too long ago, or in the future"
        "The time in the statement is further from the server's clock than the ledger allows. Set the clock right and sign again."
    RuleBroken "rule-broken" 422 "A rule of the record refuses it"
        "`rule` is the rule's stable name, and `instead` the right way to say it, where there is one."
    MissingDocument "missing-document" 422 "A document is not here yet"
        "The event names a document that was not uploaded. Upload it first, then submit the event."
    TooManyRequests "too-many-requests" 429 "Too many requests"
        "This caller asked too often. Wait as long as Retry-After says, in seconds."
    Busy "busy" 429 "The ledger is busy"
        "Its queue is full. Wait as long as Retry-After says, in seconds, and repeat the same bytes: they enter once at most."
    Internal "internal" 500 "Something is wrong with the server"
        "It is logged under the request's id. Nothing that was acknowledged is lost."
    ReadOnly "read-only" 503 "The ledger takes no entries now"
        "An earlier write failed, or the ledger is being repaired or closed. Reading may go on; `/readyz` says more."
}

impl Kind {
    /// Its type: a reference that resolves to its description on this server.
    pub fn uri(self) -> String {
        format!("/problems/{}", self.slug())
    }
}

/// Problem details (RFC 9457).
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Details {
    /// The sort of problem: a stable reference to its description on this server.
    #[serde(rename = "type")]
    pub of: String,
    /// The sort of problem in words, the same every time.
    pub title: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// What is wrong this time.
    pub detail: String,
    /// Of a batch: the index of the first submission that was refused, counted from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index: Option<usize>,
    /// The rule that refuses it, by its stable name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<&'static str>,
    /// The entries that stand in the way.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub entries: Vec<u64>,
    /// The right way to say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instead: Option<String>,
}

/// A refusal on its way out.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// Its sort.
    pub kind: Kind,
    /// What is said of it.
    pub details: Box<Details>,
    /// A header that goes with it.
    pub header: Option<(HeaderName, HeaderValue)>,
}

impl Problem {
    /// A problem of a sort.
    pub fn new(kind: Kind, detail: impl Into<String>) -> Self {
        Self {
            kind,
            details: Box::new(Details {
                of: kind.uri(),
                title: kind.title(),
                status: kind.status(),
                detail: detail.into(),
                index: None,
                rule: None,
                entries: Vec::new(),
                instead: None,
            }),
            header: None,
        }
    }

    /// A request that cannot be read.
    pub fn malformed(detail: impl Into<String>) -> Self {
        Self::new(Kind::Malformed, detail)
    }

    /// Nothing that this reader may know of. The words are the same whatever is there.
    pub fn not_found(what: impl std::fmt::Display) -> Self {
        Self::new(Kind::NotFound, format!("there is no {what}"))
    }

    /// Something that should not happen; the cause goes to the log and not to the caller.
    pub fn internal(error: &dyn std::error::Error) -> Self {
        tracing::error!(cause = %causes(error), "internal error");
        Self::new(
            Kind::Internal,
            "the server could not answer; the cause is in its log under this request's id",
        )
    }

    /// With the seconds to wait.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.header = Some((header::RETRY_AFTER, seconds.into()));
        self
    }

    /// With the place in the batch that it is about.
    #[must_use]
    pub fn at(mut self, index: usize) -> Self {
        self.details.index = Some(index);
        self
    }

    /// With the right way to do it.
    #[must_use]
    pub fn instead(mut self, advice: impl Into<String>) -> Self {
        self.details.instead = Some(advice.into());
        self
    }
}

/// An error and its causes, in one line.
pub fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        text = format!("{text}: {next}");
        cause = next.source();
    }
    text
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        // Numbers and strings always have a JSON form.
        let body = serde_json::to_vec(&self.details).unwrap_or_default();
        let status = StatusCode::from_u16(self.kind.status());
        let mut response = (
            status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            [
                (header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE)),
                (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
            ],
            body,
        )
            .into_response();
        if self.kind.status() == 401 {
            let scheme = HeaderValue::from_static("Bearer");
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, scheme);
        }
        if let Some((name, value)) = self.header {
            response.headers_mut().insert(name, value);
        }
        response
    }
}

impl From<StatementError> for Problem {
    fn from(error: StatementError) -> Self {
        let kind = match &error {
            StatementError::BadSignature | StatementError::OtherKey { .. } => Kind::BadSignature,
            StatementError::WrongLedger { .. } => Kind::WrongLedger,
            StatementError::TooLarge(_) => Kind::TooLarge,
            _ => Kind::Malformed,
        };
        Self::new(kind, error.to_string())
    }
}

impl From<MalformedError> for Problem {
    fn from(error: MalformedError) -> Self {
        use minutebook_ledger::disclosure::DisclosureError;
        match error {
            MalformedError::Statement(error) => error.into(),
            MalformedError::Disclosure(DisclosureError::TooLarge(_))
            | MalformedError::TooManyDisclosures(_) => Self::new(Kind::TooLarge, error.to_string()),
            other => Self::malformed(causes(&other)),
        }
    }
}

impl From<EventError> for Problem {
    fn from(error: EventError) -> Self {
        Self::malformed(error.to_string())
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let kind = match refusal.kind {
            RefusalKind::UnknownKey => Kind::UnknownKey,
            RefusalKind::RevokedKey => Kind::RevokedKey,
            RefusalKind::NotAuthorised => Kind::NotAuthorised,
            RefusalKind::RuleBroken | RefusalKind::NotFound => Kind::RuleBroken,
            RefusalKind::Conflict => Kind::Conflict,
        };
        let mut problem = Self::new(kind, refusal.message);
        problem.details.rule = Some(refusal.rule);
        problem.details.entries = refusal.entries;
        problem.details.instead = refusal.instead;
        problem
    }
}

impl From<SubmitError> for Problem {
    fn from(error: SubmitError) -> Self {
        match error {
            SubmitError::Malformed(error) => error.into(),
            SubmitError::Judgement(JudgementError::Refused(refusal)) => refusal.into(),
            SubmitError::Judgement(JudgementError::Signature(error)) => error.into(),
            SubmitError::Judgement(JudgementError::Chain(error)) => {
                let mut problem = Self::new(Kind::RuleBroken, error.to_string());
                problem.details.rule = Some("chain");
                problem
            }
            SubmitError::Stale { .. } => Self::new(Kind::Stale, error.to_string()),
            SubmitError::BatchTooLarge(_) => Self::new(Kind::TooLarge, error.to_string()),
            SubmitError::Busy => Self::new(Kind::Busy, error.to_string()).retry_after(1),
            SubmitError::Store(error) => Self::read_only(&error),
            SubmitError::Closed => {
                Self::new(Kind::ReadOnly, "the ledger is being closed").retry_after(5)
            }
        }
    }
}

impl Problem {
    /// The store takes no more. Where it lies is the operator's business.
    fn read_only(error: &StoreError) -> Self {
        tracing::error!(cause = %causes(error), "the store takes no entries");
        let detail = match error {
            StoreError::Full { .. } => "the server's disk is full",
            _ => "the ledger takes no entries until it is opened again",
        };
        Self::new(Kind::ReadOnly, detail).retry_after(30)
    }
}

impl From<BatchError> for Problem {
    fn from(error: BatchError) -> Self {
        let index = error.index;
        let problem = Self::from(error.error);
        // What concerns the whole batch has no place in it.
        match problem.kind {
            Kind::Busy | Kind::ReadOnly => problem,
            _ => problem.at(index),
        }
    }
}

impl From<ReadError> for Problem {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::NoSuchEntry { index, .. } => Self::not_found(format_args!("entry {index}")),
            ReadError::Receipt(error) => Self::new(Kind::NotFound, error.to_string()),
            other => Self::internal(&other),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_sort_has_its_own_name_and_a_status_of_an_error() {
        let slugs: BTreeSet<_> = Kind::ALL.iter().map(|kind| kind.slug()).collect();
        assert_eq!(slugs.len(), Kind::ALL.len());
        for kind in Kind::ALL {
            assert!((400..600).contains(&kind.status()), "{kind:?}");
        }
    }

    #[test]
    fn a_refusal_says_rule_entries_and_the_right_way() {
        let refusal = Refusal::new(RefusalKind::Conflict, "seen", "somebody moved it")
            .because_of([7])
            .instead("look at it");
        let problem = Problem::from(BatchError {
            index: 2,
            error: SubmitError::Judgement(JudgementError::Refused(refusal)),
        });
        assert_eq!(problem.kind, Kind::Conflict);
        let json = serde_json::to_value(&problem.details).unwrap();
        assert_eq!(json["type"], "/problems/conflict");
        assert_eq!(
            (&json["index"], &json["entries"][0]),
            (&2.into(), &7.into())
        );
        assert_eq!(
            (&json["rule"], &json["instead"]),
            (&"seen".into(), &"look at it".into())
        );
    }
}
