//! Submitting signed statements: one or a batch, all or nothing.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use minutebook_events::{
    Blake3, Event, Kind as EventKind, Payload, PersonId, Refusal, RefusalKind, SubjectId,
};
use minutebook_ledger::author::Submission;
use minutebook_ledger::log::{Accepted, BatchError, MAX_BATCH, SubmitError, Ticket};
use minutebook_ledger::state::JudgementError;
use minutebook_ledger::statement::Statement;
use minutebook_ledger::submission::{Prepared, open_event};
use minutebook_projections::reading::reading_level;
use minutebook_projections::{AsOf, Views};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::answer;
use crate::asked::Open;
use crate::documents;
use crate::extract::Json;
use crate::problem::{Kind, Problem};
use crate::route::{Route, Session};
use crate::server::{Ledger, Server};

/// So few statements are checked, and proved, on the thread that answers: some 50 microseconds each.
const FEW: usize = 16;

/// One or more signed statements, which enter together or not at all.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Submissions {
    /// The statements, in the order in which they are to enter.
    #[schemars(length(min = 1, max = 1000))]
    pub submissions: Vec<Sent>,
}

/// A signed statement and what it commits to.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sent {
    /// The statement: a COSE_Sign1 of at most 4 KiB, in base64.
    #[schemars(extend("contentEncoding" = "base64"))]
    pub statement: String,
    /// The event's disclosure, then each sealed part in the order of the event's `sealed` list: at
    /// most 64 KiB each, in base64.
    #[schemars(length(min = 1, max = 255))]
    pub disclosures: Vec<String>,
}

/// What entered, and the checkpoint that covers it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Entered {
    /// An answer for each submission, in their order.
    pub entries: Vec<EnteredEntry>,
    /// How many entries the log has.
    pub size: u64,
    /// The root of the tree over them: SHA-256 in lower-case hex.
    pub root: String,
    /// The signed checkpoint over size and root, a C2SP note.
    pub checkpoint: String,
}

/// A submission that is in, durably.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct EnteredEntry {
    /// Its index in the log.
    pub position: u64,
    /// When it counts as recorded, in seconds since 1970.
    pub recorded_at: i64,
    /// Whether exactly these bytes had been submitted before: they are in once.
    pub repeated: bool,
    /// A COSE receipt (RFC 9942) that proves the entry's place in the log, in base64. A log of one
    /// entry has none.
    #[schemars(extend("contentEncoding" = "base64"))]
    pub receipt: Option<String>,
}

/// The routes.
pub fn routes() -> Vec<Route> {
    vec![
        Route::post("/v1/ledgers/{ledger}/entries", "submit", submit)
            .about(
                "Entries",
                "Submit signed events",
                "All of them enter, in their order, or none. Who may sign what is judged by the \
                 signature and the signer's role at that point of the record, so no session is needed. \
                 Repeating the same bytes is safe: they are answered with the place that they have.",
            )
            .takes_json::<Submissions>()
            .gives_json::<Entered>(201, "They are in, durably, and covered by the checkpoint")
            .with_header("Location", "The first of the entries")
            .refuses(&[
                Kind::WrongLedger,
                Kind::BadSignature,
                Kind::UnknownKey,
                Kind::RevokedKey,
                Kind::NotAuthorised,
                Kind::Conflict,
                Kind::TooLarge,
                Kind::UnsupportedType,
                Kind::Stale,
                Kind::RuleBroken,
                Kind::MissingDocument,
                Kind::Busy,
                Kind::ReadOnly,
            ])
            .session(Session::None),
    ]
}

async fn submit(open: Open, Json(sent): Json<Submissions>) -> Result<Response, Problem> {
    let (server, name) = (open.server.clone(), open.ledger.name.clone());
    let entered = take(open, sent).await;
    let entered =
        entered.inspect_err(|problem| server.metrics.submission_refused(&name, problem.kind))?;
    let place = entered.entries.first().map(|first| first.position);
    let location = place.map(|place| format!("/v1/ledgers/{name}/entries/{place}"));
    let mut response = answer::json(StatusCode::CREATED, &entered);
    if let Some(Ok(location)) = location.map(HeaderValue::try_from) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}

async fn take(open: Open, sent: Submissions) -> Result<Entered, Problem> {
    if sent.submissions.is_empty() {
        return Err(Problem::malformed("there is no submission in the body"));
    }
    if sent.submissions.len() > MAX_BATCH {
        return Err(Problem::from(SubmitError::BatchTooLarge(
            sent.submissions.len(),
        )));
    }
    let batch = decode(sent.submissions)?;
    enter(open.server, open.ledger, batch).await
}

fn decode(sent: Vec<Sent>) -> Result<Vec<Submission>, Problem> {
    let bytes = |index: usize, what: &str, text: &str| {
        STANDARD
            .decode(text)
            .map_err(|error| Problem::malformed(format!("{what}: {error}")).at(index))
    };
    let sent = sent.into_iter().enumerate();
    sent.map(|(index, one)| {
        let parts = one.disclosures.iter();
        let parts = parts.map(|part| bytes(index, "a disclosure is no base64", part));
        Ok(Submission {
            statement: bytes(index, "the statement is no base64", &one.statement)?,
            disclosures: parts.collect::<Result<_, _>>()?,
        })
    })
    .collect()
}

/// Enters a batch and proves it.
async fn enter(
    server: Arc<Server>,
    ledger: Arc<Ledger>,
    batch: Vec<Submission>,
) -> Result<Entered, Problem> {
    let sent = batch.clone();
    let refused = |error| refused(&ledger, &sent, error);
    let many = sent.len() > FEW;
    let log = ledger.clone();
    let prepared = aside(many, move || log.log.prepare_batch(batch)).await?;
    let prepared = prepared.map_err(refused)?;
    let doomed = look_ahead(&ledger, &prepared).await?;
    let ticket = ledger.log.try_submit_prepared(prepared).map_err(refused)?;
    let accepted = match doomed {
        None => ticket.await.map_err(refused)?,
        Some(doomed) => erase(server, ledger.clone(), ticket, doomed)
            .await?
            .map_err(refused)?,
    };
    aside(many, move || prove(&ledger, accepted)).await
}

/// Does some work here where it is little, else on a thread apart: the threads that answer are few.
async fn aside<T: Send + 'static>(
    many: bool,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Problem> {
    if !many {
        return Ok(work());
    }
    let worked = tokio::task::spawn_blocking(work).await;
    worked.map_err(|error| Problem::internal(&error))
}

/// What entered, with its receipts over one tree.
fn prove(ledger: &Ledger, accepted: Vec<Accepted>) -> Entered {
    let published = ledger.published();
    let recorded_at = |position| {
        let entry = published.views.entries.get(position);
        entry.map_or(published.recorded_at, |entry| entry.recorded_at)
    };
    let entries = accepted.into_iter().map(|one| EnteredEntry {
        position: one.position,
        recorded_at: one.recorded_at.unwrap_or_else(|| recorded_at(one.position)),
        repeated: one.recorded_at.is_none(),
        receipt: ledger
            .log
            .receipt_in(&published, one.position)
            .ok()
            .map(|bytes| STANDARD.encode(bytes)),
    });
    Entered {
        entries: entries.collect(),
        size: published.head.size,
        root: published.head.root.to_string(),
        checkpoint: published.checkpoint.to_string(),
    }
}

/// Waits for a batch that erases, then forgets what it erased. On a task of its own, which goes on
/// where the caller goes away.
async fn erase(
    server: Arc<Server>,
    ledger: Arc<Ledger>,
    ticket: Ticket,
    doomed: Vec<Blake3>,
) -> Result<Result<Vec<Accepted>, BatchError>, Problem> {
    let erasing = async move {
        let accepted = ticket.await;
        if accepted.is_ok() {
            forget(&server, &ledger, doomed).await?;
        }
        Ok(accepted)
    };
    match tokio::spawn(erasing).await {
        Ok(erased) => erased,
        Err(error) => Err(Problem::internal(&error)),
    }
}

/// What is to be seen to before a batch enters: that the documents it names are here, and which
/// documents go with what it erases; `None` where it erases nothing. Whoever has no key of the ledger
/// is not told which documents are here: the log refuses them.
async fn look_ahead(ledger: &Ledger, batch: &[Prepared]) -> Result<Option<Vec<Blake3>>, Problem> {
    let mut erased = None;
    for (index, one) in batch.iter().enumerate().filter(|(_, one)| one.verified) {
        let payload = &one.event.payload;
        for document in payload.documents() {
            let kept = match &ledger.documents {
                Some(documents) => documents.has(&document.blake3).await,
                None => Ok(false),
            };
            if !kept.map_err(|error| Problem::internal(&error))? {
                let detail = format!("the document {} is not here", document.blake3);
                return Err(Problem::new(Kind::MissingDocument, detail)
                    .at(index)
                    .instead("POST it to …/documents first, then submit the same bytes"));
            }
        }
        if matches!(
            payload,
            Payload::ContentErased(_) | Payload::RecordDisposed(_)
        ) {
            let doomed: &mut Vec<Blake3> = erased.get_or_insert_default();
            doomed.extend(documents::doomed(&ledger.log, &one.event)?);
        }
    }
    Ok(erased)
}

/// Forgets what was erased wherever something was made of it: answers, lines, and documents that
/// nothing names any more.
async fn forget(server: &Server, ledger: &Ledger, doomed: Vec<Blake3>) -> Result<(), Problem> {
    let erasures = ledger.published().views.records.erasures();
    server.answers.forget(&ledger.name, erasures);
    ledger.lines.forget();
    ledger.folds.forget();
    let Some(kept) = &ledger.documents else {
        return Ok(());
    };
    let removed =
        documents::remove_unnamed(&ledger.log, &ledger.documents_named, kept, doomed).await;
    removed
        .map(|_| ())
        .map_err(|error| Problem::internal(&error))
}

/// A refusal, as its signer may know it. Where the event names something that the signer may not read,
/// the answer is the one for something that is not there.
fn refused(ledger: &Ledger, sent: &[Submission], error: BatchError) -> Problem {
    let SubmitError::Judgement(JudgementError::Refused(refusal)) = &error.error else {
        return error.into();
    };
    let Some((event, signer)) = sent.get(error.index).and_then(event_of) else {
        return error.into();
    };
    let published = ledger.published();
    let missing = missing(&published.views, &event, &signer);
    let hidden = missing.iter().any(|id| published.views.exists(id));
    if !hidden && refusal.kind != RefusalKind::NotFound {
        return match rests_on_hidden(&published.views, refusal, &signer) {
            true => without_words(refusal, error.index),
            false => error.into(),
        };
    }
    let ids: Vec<String> = missing.iter().map(SubjectId::to_string).collect();
    let detail = format!(
        "the event names what is not in the record, or what its signer may not read: {}",
        ids.join(", ")
    );
    let mut problem = Problem::new(Kind::RuleBroken, detail).at(error.index);
    problem.details.rule = Some("subject-exists");
    problem.instead("check the ids, or record what is missing first")
}

/// Whether entries stand in the way that the signer may not read: what a public thing became in
/// private, for one.
fn rests_on_hidden(views: &Views, refusal: &Refusal, signer: &PersonId) -> bool {
    let reader = views.now(reading_level(views, signer));
    let mut entries = refusal.entries.iter();
    entries.any(|at| reader.entries(*at..at.saturating_add(1)).next().is_none())
}

/// A refusal by its rule and entries alone, whose numbers are no secret: its words quote what they say.
fn without_words(refusal: &Refusal, index: usize) -> Problem {
    let told = Refusal {
        message: "an entry that its signer may not read stands in the way".to_owned(),
        instead: Some("ask someone who may read it, such as the secretary".to_owned()),
        ..refusal.clone()
    };
    Problem::from(told).at(index)
}

fn event_of(sent: &Submission) -> Option<(Event, PersonId)> {
    let statement = Statement::parse(&sent.statement).ok()?;
    let event = open_event(&statement, sent.disclosures.first()?).ok()?;
    Some((event, statement.claims().signer.clone()))
}

/// What the event names and its signer cannot find.
fn missing(views: &Views, event: &Event, signer: &PersonId) -> Vec<SubjectId> {
    let reader = views.now(reading_level(views, signer));
    let named = named(event).into_iter();
    named
        .filter(|id| !views.exists(id) || !is_readable(reader, id))
        .collect()
}

fn is_readable(reader: AsOf<'_>, id: &SubjectId) -> bool {
    match id.kind() {
        EventKind::Person => true,
        EventKind::Record => id
            .name()
            .parse()
            .is_ok_and(|at: u64| reader.entries(at..at.saturating_add(1)).next().is_some()),
        _ => reader.history(id).next().is_some(),
    }
}

/// Everything that an event names.
fn named(event: &Event) -> BTreeSet<SubjectId> {
    fn walk(value: &serde_json::Value, found: &mut BTreeSet<SubjectId>) {
        match value {
            serde_json::Value::String(text) => found.extend(text.parse::<SubjectId>().ok()),
            serde_json::Value::Array(items) => items.iter().for_each(|item| walk(item, found)),
            serde_json::Value::Object(fields) => {
                fields.values().for_each(|field| walk(field, found));
            }
            _ => {}
        }
    }
    let mut found = BTreeSet::new();
    walk(&event.to_json(), &mut found);
    found
}
