//! The feeds: a calendar, and the changes for a feed reader.

use axum::http::HeaderMap;
use axum::response::Response;
use jiff::civil::Date;
use minutebook_events::SubjectId;
use minutebook_reports::asking;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::answer;
use crate::answers::Key;
use crate::asked::Asked;
use crate::extract::Query;
use crate::feeds::{Feed, atom, calendar};
use crate::looking::{Made, Question, kept};
use crate::problem::{Kind, Problem};
use crate::route::{Route, Shape};

const TAG: &str = "Feeds";
const CALENDAR: &str = "text/calendar; charset=utf-8";
const ATOM: &str = "application/atom+xml; charset=utf-8";

/// Whose calendar.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CalendarQuery {
    /// Only what belongs to this body, or to one below it: `body/board`.
    body: Option<SubjectId>,
}

/// Whose changes, and from where on.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AtomQuery {
    /// Only what is about something that belongs to this body, or to one below it: `body/board`.
    body: Option<SubjectId>,
    /// Only entries before this index. The link `next` of a page has it.
    before: Option<u64>,
}

/// The routes.
pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/v1/ledgers/{ledger}/calendar.ics", "getCalendar", of_days)
            .about(
                TAG,
                "The calendar: meetings, and when milestones and actions are due",
                "iCalendar (RFC 5545), to subscribe to. A meeting that is cancelled stays, with \
                 STATUS:CANCELLED. What is due within a month or a year stands on its last day. A \
                 calendar program signs in nowhere, so it is given what is public.",
            )
            .query::<CalendarQuery>()
            .gives(200, "The calendar", [(CALENDAR, Shape::Text)])
            .with_header("ETag", "Changes when the answer may")
            .refuses(&[Kind::SignInNeeded, Kind::NotFound, Kind::Busy]),
        Route::get(
            "/v1/ledgers/{ledger}/changes.atom",
            "getChangesFeed",
            of_changes,
        )
        .about(
            TAG,
            "What changed, as a feed",
            "Atom (RFC 4287), to subscribe to: an entry for each entry of the log that this reader \
                 may read, the newest first, 100 a page; the link `next` (RFC 5005) leads to older \
                 ones. The author is the role that was acted in.",
        )
        .query::<AtomQuery>()
        .gives(200, "The feed", [(ATOM, Shape::Text)])
        .with_header("ETag", "Changes when the answer may")
        .refuses(&[Kind::SignInNeeded, Kind::NotFound, Kind::Busy]),
    ]
}

async fn of_days(
    asked: Asked,
    headers: HeaderMap,
    Query(query): Query<CalendarQuery>,
) -> Result<Response, Problem> {
    let question = Question::new(&asked, "calendar.ics").with("body", query.body.as_ref());
    let write = |feed: &Feed<'_>, _: &Asked| Ok(calendar::calendar(feed));
    fed(
        asked,
        &headers,
        (CALENDAR, "ics"),
        question,
        query.body,
        write,
    )
    .await
}

async fn of_changes(
    asked: Asked,
    headers: HeaderMap,
    Query(query): Query<AtomQuery>,
) -> Result<Response, Problem> {
    let question = Question::new(&asked, "changes.atom")
        .with("body", query.body.as_ref())
        .with("before", query.before);
    let write = move |feed: &Feed<'_>, asked: &Asked| {
        Ok(atom::changes(feed, &asked.ledger.log, query.before)?)
    };
    fed(asked, &headers, (ATOM, "atom"), question, query.body, write).await
}

async fn fed(
    asked: Asked,
    headers: &HeaderMap,
    (media_type, form): (&'static str, &'static str),
    question: Question,
    body: Option<SubjectId>,
    write: impl FnOnce(&Feed<'_>, &Asked) -> Result<String, Problem> + Send + 'static,
) -> Result<Response, Problem> {
    if let Some(body) = &body {
        asking::check_body(asked.now(), body)?;
    }
    let key = Key {
        ledger: asked.ledger.name.as_str().into(),
        known: asked.published.head.size,
        erasures: asked.published.views.records.erasures(),
        // No feed depends on the day, nor names people.
        day: Date::default(),
        level: asked.reader.level,
        names: false,
        form,
        question: question.to_string().into(),
    };
    let (server, reader) = (asked.server.clone(), asked.reader.clone());
    let work = move || {
        let feed = Feed::new(&asked, body.as_ref());
        Ok(Made {
            body: write(&feed, &asked)?.into(),
            links: None,
        })
    };
    let kept = kept(&server, &key, work).await?;
    Ok(answer::tagged(
        headers, &reader, &kept.tag, media_type, kept.body,
    ))
}
