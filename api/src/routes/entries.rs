//! Entries: the history as a list, and one entry with its bytes and proofs.

use std::borrow::Cow;

use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use minutebook_events::{Confidentiality, Content, Digest, EventType, PersonId, SubjectId};
use minutebook_ledger::log::StoredEntry;
use minutebook_ledger::store::Held;
use minutebook_reports::entry::{Entry, Filter};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use crate::answer;
use crate::asked::Asked;
use crate::extract::Query;
use crate::looking::{DateText, Question, a_day, moment};
use crate::problem::{Kind, Problem};
use crate::route::{Route, Shape};

const TAG: &str = "Entries";

/// The most entries of a page.
const PAGE: u64 = 1000;

/// How many entries of a page, where nothing is said.
const USUAL: u64 = 100;

/// Which entries, and where the page begins.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EntriesQuery {
    /// Entries after this index, oldest first.
    after: Option<u64>,
    /// Entries before this index, newest first.
    before: Option<u64>,
    /// How many at most.
    #[schemars(range(min = 1, max = 1000))]
    limit: Option<u64>,
    /// Only events of this type, such as `MilestoneSlipped`.
    #[serde(rename = "type")]
    #[schemars(with = "Option<EventTypeName>")]
    event: Option<String>,
    /// Only what is about this: `milestone/m-key-worker`.
    subject: Option<SubjectId>,
    /// Only what belongs to this body or to one below it: `body/board`.
    body: Option<SubjectId>,
    /// Only what this person signed, by opaque id.
    signer: Option<PersonId>,
    /// Only what was recorded on this day, in UTC, or later.
    #[schemars(with = "Option<DateText>")]
    from: Option<String>,
    /// Only what was recorded on this day, in UTC, or before.
    #[schemars(with = "Option<DateText>")]
    to: Option<String>,
}

/// The name of a type of event, for the description of a query.
struct EventTypeName;

impl JsonSchema for EventTypeName {
    fn schema_name() -> Cow<'static, str> {
        "EventType".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let names: Vec<&str> = EventType::ALL.iter().map(|event| event.name()).collect();
        json_schema!({"type": "string", "enum": names, "description": "A type of event."})
    }
}

/// A page of entries.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct EntriesPage {
    /// The entries, in the order that was asked for.
    pub entries: Vec<Entry>,
    /// How many entries the log has.
    pub size: u64,
    /// The address of the next page in the same direction. Where there is none now, this page ends
    /// with the newest entry or the first one.
    pub next: Option<String>,
    /// The address of the page on the other side.
    pub previous: Option<String>,
}

/// The routes.
pub fn routes() -> Vec<Route> {
    let at = "/v1/ledgers/{ledger}/entries/{index}";
    let refused = [Kind::SignInNeeded, Kind::NotFound];
    vec![
        Route::get("/v1/ledgers/{ledger}/entries", "listEntries", list)
            .about(
                TAG,
                "The history, forward or backward",
                "Oldest first after an index, or newest first before one; from the beginning where \
                 neither is given. An index never changes, so a page is the same however the log grows. \
                 A question about what entries say (type, subject, body) finds those that this reader \
                 may read.",
            )
            .query::<EntriesQuery>()
            .gives_json::<EntriesPage>(200, "A page")
            .with_header("ETag", "Changes with the head")
            .refuses(&[Kind::SignInNeeded]),
        Route::get(at, "getEntry", one)
            .about(TAG, "One entry", "What its statement says is public; what it says, for who may read it.")
            .gives_json::<Entry>(200, "The entry")
            .with_header("ETag", "Changes with the head")
            .refuses(&refused),
        Route::get(format!("{at}/statement"), "getStatement", statement)
            .about(TAG, "Its statement", "The signed bytes, which are the leaf of the tree.")
            .gives(200, "A COSE_Sign1 (RFC 9052)", [(STATEMENT, Shape::Bytes)])
            .refuses(&refused),
        Route::get(format!("{at}/disclosure"), "getDisclosure", disclosure)
            .about(TAG, "Its disclosure", "The bytes whose SHA-256 the statement commits to, with the event.")
            .gives(200, "The disclosure", [(DISCLOSURE, Shape::Bytes)])
            .refuses(&[Kind::SignInNeeded, Kind::NotFound, Kind::Withheld, Kind::Erased]),
        Route::get(format!("{at}/sealed/{{digest}}"), "getSealed", sealed)
            .about(TAG, "A sealed part of it", "For readers of restricted content only.")
            .gives(200, "The part's disclosure", [(DISCLOSURE, Shape::Bytes)])
            .refuses(&[Kind::SignInNeeded, Kind::NotFound, Kind::Withheld, Kind::Erased]),
        Route::get(format!("{at}/receipt"), "getReceipt", receipt)
            .about(TAG, "Its receipt", "Proves its place in the log as it stands now.")
            .gives(200, "A COSE receipt (RFC 9942)", [(RECEIPT, Shape::Bytes)])
            .refuses(&refused),
        Route::get(format!("{at}/proof"), "getProof", proof)
            .about(TAG, "Its proof", "For tools that read C2SP formats.")
            .gives(200, "A C2SP tlog-proof", [("text/plain; charset=utf-8", Shape::Text)])
            .refuses(&refused),
    ]
}

const STATEMENT: &str = "application/scitt-statement+cose";
const DISCLOSURE: &str = "application/vnd.minutebook.disclosure+cbor";
const RECEIPT: &str = "application/scitt-receipt+cose";

/// A list of entries as it is asked: which, from where, which way.
struct Asking {
    filter: Filter,
    backward: bool,
    limit: usize,
}

impl EntriesQuery {
    fn asking(&self) -> Result<Asking, Problem> {
        let limit = self.limit.unwrap_or(USUAL);
        if !(1..=PAGE).contains(&limit) {
            return Err(Problem::malformed(format!("limit: 1 to {PAGE}")));
        }
        if self.after.is_some() && self.before.is_some() {
            return Err(Problem::malformed("after and before: give one of them"));
        }
        let event = self.event.as_deref().map(|name| {
            EventType::parse(name)
                .ok_or_else(|| Problem::malformed(format!("type: no event is called {name:?}")))
        });
        let from = self.from.as_deref().map(|text| {
            let dates = moment("from", text)?.dates();
            let (first, _) = dates.ok_or_else(|| Problem::malformed("from: give a date"))?;
            Ok::<_, Problem>(first)
        });
        let to = self.to.as_deref().map(|text| a_day("to", text));
        Ok(Asking {
            filter: Filter {
                event: event.transpose()?,
                subject: self.subject.clone(),
                body: self.body.clone(),
                signer: self.signer.clone(),
                from: from.transpose()?,
                to: to.transpose()?,
            },
            backward: self.before.is_some(),
            // At most a thousand.
            limit: limit as usize,
        })
    }

    /// The address of a page that begins elsewhere.
    fn page(&self, asked: &Asked, after: Option<u64>, before: Option<u64>) -> String {
        Question::new(asked, "entries")
            .with("after", after)
            .with("before", before)
            .with("limit", self.limit)
            .with("type", self.event.as_ref())
            .with("subject", self.subject.as_ref())
            .with("body", self.body.as_ref())
            .with("signer", self.signer.as_ref())
            .with("from", self.from.as_ref())
            .with("to", self.to.as_ref())
            .to_string()
    }
}

async fn list(
    asked: Asked,
    headers: HeaderMap,
    Query(query): Query<EntriesQuery>,
) -> Result<Response, Problem> {
    let asking = query.asking()?;
    let server = asked.server.clone();
    let _turn = server.turn().await?;
    let size = asked.published.head.size;
    let here = query.page(&asked, query.after, query.before);
    let make = move || {
        let page = page(&asked, &query, &asking)?;
        let body = serde_json::to_vec(&page).map_err(|error| Problem::internal(&error))?;
        Ok::<_, Problem>((body, asked.reader))
    };
    let (body, reader) = match tokio::task::spawn_blocking(make).await {
        Ok(made) => made?,
        Err(error) => return Err(Problem::internal(&error)),
    };
    let key = format!("{here} {reader:?}");
    let tag = format!("{size}-{}", &blake3::hash(key.as_bytes()).to_hex()[..16]);
    Ok(answer::tagged(
        &headers,
        &reader,
        &tag,
        "application/json",
        body,
    ))
}

fn page(asked: &Asked, query: &EntriesQuery, asking: &Asking) -> Result<EntriesPage, Problem> {
    let size = asked.published.head.size;
    let first = match query.after {
        Some(after) => after.saturating_add(1),
        None => 0,
    };
    let range = match query.before {
        Some(before) => 0..before.min(size),
        None => first.min(size)..size,
    };
    let found = find(asked, asking, range);
    let more = found.len() > asking.limit;
    let shown = &found[..found.len().min(asking.limit)];
    let names = asked.reader.names(&asked.ledger);
    let mut entries = Vec::with_capacity(shown.len());
    for position in shown {
        let entry = asked.ledger.log.entry(*position)?;
        entries.push(crate::entry::told(
            &asked.ledger.log,
            &asked.published,
            asked.reader.level,
            names,
            &entry,
        ));
    }
    let (head, tail) = (shown.first().copied(), shown.last().copied());
    let (next, previous) = match asking.backward {
        false => (
            tail.filter(|_| more)
                .map(|last| query.page(asked, Some(last), None)),
            head.filter(|first| *first > 0)
                .map(|first| query.page(asked, None, Some(first))),
        ),
        true => (
            tail.filter(|_| more)
                .map(|last| query.page(asked, None, Some(last))),
            head.map(|first| query.page(asked, Some(first), None)),
        ),
    };
    Ok(EntriesPage {
        entries,
        size,
        next,
        previous,
    })
}

/// The indexes of the entries of a page, and one more where there is.
fn find(asked: &Asked, asking: &Asking, range: std::ops::Range<u64>) -> Vec<u64> {
    let as_of = asked.now();
    let wanted = |position: &u64| {
        let entry = as_of.views.entries.get(*position);
        entry.is_some_and(|entry| asking.filter.matches(as_of, entry))
    };
    let many = asking.limit + 1;
    // What is about one thing is known without a look at all the others.
    if let Some(subject) = &asking.filter.subject {
        let about = as_of.views.subjects.history(subject);
        let about = about.filter(|position| range.contains(position));
        return match asking.backward {
            true => about.rev().filter(wanted).take(many).collect(),
            false => about.filter(wanted).take(many).collect(),
        };
    }
    match asking.backward {
        true => range.rev().filter(wanted).take(many).collect(),
        false => range.filter(wanted).take(many).collect(),
    }
}

type Place = Path<(String, String)>;

/// The entry of an index in an address.
fn at(asked: &Asked, index: &str) -> Result<u64, Problem> {
    let size = asked.published.head.size;
    let found = index
        .parse()
        .ok()
        .filter(|at: &u64| *at < size && at.to_string() == *index);
    found.ok_or_else(|| Problem::not_found("such entry"))
}

fn entry(asked: &Asked, index: &str) -> Result<StoredEntry, Problem> {
    Ok(asked.ledger.log.entry(at(asked, index)?)?)
}

async fn one(
    asked: Asked,
    Path((_, index)): Place,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let position = at(&asked, &index)?;
    let (ledger, reader) = (&asked.ledger, &asked.reader);
    let line = ledger
        .lines
        .one(ledger, &asked.published, reader, position)?;
    let known = match reader.knows_names() {
        true => "-names",
        false => "",
    };
    let tag = format!(
        "{}-{position}-{:?}{known}",
        asked.published.head.size, reader.level
    );
    let body = line.json.to_string();
    Ok(answer::tagged(
        &headers,
        reader,
        &tag,
        "application/json",
        body,
    ))
}

/// Bytes that never change.
fn bytes(asked: &Asked, media_type: &'static str, bytes: Vec<u8>) -> Response {
    let keep = match asked.reader.session {
        Some(_) => "private, no-cache",
        None => "no-cache",
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(media_type)),
        (header::CACHE_CONTROL, HeaderValue::from_static(keep)),
        (
            header::VARY,
            HeaderValue::from_static("Authorization, Cookie"),
        ),
    ];
    (headers, bytes).into_response()
}

async fn statement(asked: Asked, Path((_, index)): Place) -> Result<Response, Problem> {
    let entry = entry(&asked, &index)?;
    Ok(bytes(&asked, STATEMENT, entry.statement.bytes().to_vec()))
}

async fn disclosure(asked: Asked, Path((_, index)): Place) -> Result<Response, Problem> {
    let entry = entry(&asked, &index)?;
    let level = match &entry.content {
        Content::Event(event) => event.common.confidentiality,
        Content::Erased => return Err(erased()),
        Content::Withheld => return Err(withheld()),
    };
    let first = entry.record.disclosures.first().map(|part| &part.content);
    match first {
        Some(Held::Present(part)) if level <= asked.reader.level => {
            Ok(bytes(&asked, DISCLOSURE, part.clone()))
        }
        _ => Err(withheld()),
    }
}

async fn sealed(
    asked: Asked,
    Path((_, index, digest)): Path<(String, String, String)>,
) -> Result<Response, Problem> {
    let entry = entry(&asked, &index)?;
    if asked.reader.level < Confidentiality::Restricted {
        // Whether there is such a part is not said either.
        return Err(withheld());
    }
    let missing = || Problem::not_found("such sealed part");
    let digest: Digest = digest.parse().map_err(|_| missing())?;
    let mut parts = entry.record.disclosures.iter().skip(1);
    let part = parts
        .find(|part| part.digest == digest.0)
        .ok_or_else(missing)?;
    match &part.content {
        Held::Present(part) => Ok(bytes(&asked, DISCLOSURE, part.clone())),
        Held::Erased => Err(erased()),
        Held::Absent => Err(withheld()),
    }
}

fn withheld() -> Problem {
    Problem::new(Kind::Withheld, "this content is not for this reader")
}

fn erased() -> Problem {
    Problem::new(
        Kind::Erased,
        "this content was erased; its statement and proof stay",
    )
}

async fn receipt(asked: Asked, Path((_, index)): Place) -> Result<Response, Problem> {
    let receipt = asked.ledger.log.receipt(at(&asked, &index)?)?;
    Ok(bytes(&asked, RECEIPT, receipt))
}

async fn proof(asked: Asked, Path((_, index)): Place) -> Result<Response, Problem> {
    let proof = asked.ledger.log.tlog_proof(at(&asked, &index)?)?;
    Ok(bytes(
        &asked,
        "text/plain; charset=utf-8",
        proof.format().into_bytes(),
    ))
}
