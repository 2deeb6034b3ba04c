//! How a route may refuse: what it says of itself, and what follows from what it takes and gives.

use axum::http::Method;
use minutebook_events::{Refusal, RefusalKind};
use minutebook_ledger::log::SubmitError;
use minutebook_ledger::statement::StatementError;

use crate::problem::{Details, Kind, Problem};
use crate::route::{Operation, Route, Session};

/// Every way in which a route may refuse, in the order of [`Kind::ALL`].
pub fn of(route: &Route) -> Vec<Kind> {
    let all = Kind::ALL.iter().copied();
    all.filter(|kind| may(*kind, &route.method, &route.path, &route.operation))
        .collect()
}

/// The one place that decides what a route may answer beside what it states.
fn may(kind: Kind, method: &Method, path: &str, operation: &Operation) -> bool {
    let takes_body = operation.takes.is_some();
    let is_of_ledger = path.contains("{ledger}");
    let has_forms = operation
        .answers
        .iter()
        .any(|answer| answer.bodies.len() > 1);
    let follows = match kind {
        // An address or a parameter that is not UTF-8, or not of its type; a body that is none.
        Kind::Malformed => path.contains('{') || operation.query.is_some() || takes_body,
        Kind::SignInNeeded => is_of_ledger && operation.session != Session::None,
        Kind::NotFound => path.contains('{'),
        Kind::MethodNotAllowed | Kind::Internal => true,
        Kind::NotAcceptable => has_forms,
        Kind::TooSlow | Kind::TooLarge | Kind::UnsupportedType => takes_body,
        _ => false,
    };
    // Ending a session asks for none.
    let never = kind == Kind::SignInNeeded && method == Method::DELETE;
    operation.problems.contains(&kind) || (follows && !never)
}

/// The headers that go with a refusal.
pub fn headers(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::SignInNeeded | Kind::SignInRefused => &["WWW-Authenticate"],
        Kind::MethodNotAllowed => &["Allow"],
        Kind::TooManyRequests | Kind::Busy => &["Retry-After"],
        _ => &[],
    }
}

/// A refusal of each sort, in the words of the server.
pub fn example(kind: Kind) -> Details {
    let words = |words: &str| Problem::new(kind, words);
    let refused = |kind: RefusalKind, rule: &'static str, words: &str, instead: &str| {
        Problem::from(Refusal::new(kind, rule, words).instead(instead)).at(0)
    };
    let problem = match kind {
        Kind::Malformed => words("limit: 1 to 1000"),
        Kind::WrongLedger => Problem::from(StatementError::WrongLedger {
            expected: "board.example/minutes".into(),
            found: "board.example/other".into(),
        }),
        Kind::BadSignature => Problem::from(StatementError::BadSignature),
        Kind::SignInNeeded => words("only people with a key of this ledger may read this"),
        Kind::SignInRefused => words(&crate::session::SignInError::Challenge.to_string()),
        Kind::UnknownKey => refused(
            RefusalKind::UnknownKey,
            "known-key",
            "key 72d1 6faf is not enrolled in this ledger",
            "ask the registrar to enrol this key",
        ),
        Kind::RevokedKey => refused(
            RefusalKind::RevokedKey,
            "key-usable",
            "key 72d1 6faf was replaced in entry 41",
            "sign with the key that replaced it",
        ),
        Kind::NotAuthorised => refused(
            RefusalKind::NotAuthorised,
            "role-needed",
            "MinutesApproved needs the role chair, not secretary",
            "ask someone who holds the role chair to record it",
        ),
        Kind::Withheld => words("this content is not for this reader"),
        Kind::NotFound => Problem::not_found("such ledger here").instead("GET /v1/ledgers lists them"),
        Kind::MethodNotAllowed => words("this address does not take that method"),
        Kind::NotAcceptable => words(
            "this address gives text/plain, text/markdown, text/csv, application/json, text/html",
        ),
        Kind::TooSlow => words("the rest of the request did not arrive in time"),
        Kind::Conflict => Problem::from(
            Refusal::new(
                RefusalKind::Conflict,
                "changed-since",
                "milestone/m-key-worker was changed by someone else in entry 118, which the signer had \
                 not seen",
            )
            .because_of([118])
            .instead("look at the newer entries, then sign again if it still holds"),
        )
        .at(0),
        Kind::Erased => words("this content was erased; its statement and proof stay"),
        Kind::TooLarge => words("a document has at most 64 MiB"),
        Kind::UnsupportedType => words("this address takes application/json"),
        Kind::Stale => Problem::from(SubmitError::Stale {
            seconds: 3724,
            ahead: false,
            window: 600,
        })
        .at(0),
        Kind::RuleBroken => refused(
            RefusalKind::RuleBroken,
            "milestone-date-verb",
            "25/26 is later than 24/25 (31 March 2025): record it as MilestoneSlipped",
            "record MilestoneSlipped from 24/25 to 25/26",
        ),
        Kind::MissingDocument => words("the document af1349b9… is not here")
            .at(0)
            .instead("POST it to …/documents first, then submit the same bytes"),
        Kind::TooManyRequests => words("too many sign-ins from this address; try again in 3 s"),
        Kind::Busy => Problem::from(SubmitError::Busy),
        Kind::Internal => words(
            "the server could not answer; the cause is in its log under this request's id",
        ),
        Kind::ReadOnly => words("the ledger takes no entries until it is opened again"),
    };
    *problem.details
}
