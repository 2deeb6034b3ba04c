//! The questions that are no register: what changed, what a search finds, how the plan stands, and the
//! history of anything.

use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::Response;
use minutebook_events::{Kind as EventKind, SubjectId};
use minutebook_projections::changes::Changes;
use minutebook_projections::effective::start_of;
use minutebook_projections::search::Query as Words;
use minutebook_reports::asking::{self, ChangesAsked, ChangesQuestion};
use minutebook_reports::history::history;
use minutebook_reports::{Context, changes, found, status};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::asked::Asked;
use crate::extract::Query;
use crate::looking::{
    DateText, FormName, Looking, MomentText, Question, Viewpoint, a_day, moment, paper,
};
use crate::problem::{Kind, Problem};
use crate::route::{Route, Shape};
use crate::routes::views::{ASKING, forms, history_of};

const TAG: &str = "Questions";

/// On which clock changes are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum By {
    /// When it became known.
    #[default]
    Recorded,
    /// When it was true.
    Effective,
}

/// What changed: since when, until when, for whom.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangesQuery {
    /// From when: a meeting, a date, or a number of entries. Without it, the last meeting held.
    #[schemars(with = "Option<MomentText>")]
    since: Option<String>,
    /// Until when. Without it, today.
    #[schemars(with = "Option<MomentText>")]
    until: Option<String>,
    /// The body whose changes are asked for, with those below it: `body/board`.
    body: Option<SubjectId>,
    /// On which clock.
    by: Option<By>,
    /// Only what was known then: a meeting, a date, or after so many entries.
    #[schemars(with = "Option<MomentText>")]
    known_at: Option<String>,
    /// The form of the answer. Goes before `Accept`.
    format: Option<FormName>,
    /// The columns of plain text.
    #[schemars(range(min = 40, max = 400))]
    width: Option<u16>,
}

/// What to search for.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SearchQuery {
    /// The words. All have to occur; a word also finds longer ones that begin with it, and words in
    /// quotation marks are found as they stand.
    #[schemars(length(min = 1), regex(pattern = "\\S"))]
    q: String,
    /// Only things of these kinds, with commas between: `decision,milestone`.
    #[schemars(extend("pattern" = kinds_pattern()))]
    kind: Option<String>,
    /// Only what belongs to this body or one below it: `body/board`.
    body: Option<SubjectId>,
    /// Only entries recorded from this day on.
    #[schemars(with = "Option<DateText>")]
    from: Option<String>,
    /// Only entries recorded up to this day.
    #[schemars(with = "Option<DateText>")]
    to: Option<String>,
    /// How many things to show at most.
    #[schemars(range(min = 1, max = 1000))]
    limit: Option<u16>,
    /// What the record said then: a meeting, a date, or after so many entries.
    #[schemars(with = "Option<MomentText>")]
    known_at: Option<String>,
    /// What was true then, as far as known: a date.
    #[schemars(with = "Option<DateText>")]
    effective_at: Option<String>,
    /// The form of the answer. Goes before `Accept`.
    format: Option<FormName>,
    /// The columns of plain text.
    #[schemars(range(min = 40, max = 400))]
    width: Option<u16>,
}

/// Names of kinds with commas between.
fn kinds_pattern() -> String {
    let names: Vec<&str> = EventKind::ALL.iter().map(|kind| kind.name()).collect();
    let one = format!("({})", names.join("|"));
    format!("^{one}(,{one})*$")
}

/// Of what part of the plan, and from when.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StatusQuery {
    /// Only this part of the plan and what stands under it: `objective/o-1`.
    under: Option<SubjectId>,
    /// The day for which overdue is worked out.
    #[schemars(with = "Option<DateText>")]
    on: Option<String>,
    /// What the record said then: a meeting, a date, or after so many entries.
    #[schemars(with = "Option<MomentText>")]
    known_at: Option<String>,
    /// What was true then, as far as known: a date.
    #[schemars(with = "Option<DateText>")]
    effective_at: Option<String>,
    /// The form of the answer. Goes before `Accept`.
    format: Option<FormName>,
    /// The columns of plain text.
    #[schemars(range(min = 40, max = 400))]
    width: Option<u16>,
}

/// From when something's history is looked at.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HistoryQuery {
    /// What the record said then: a meeting, a date, or after so many entries.
    #[schemars(with = "Option<MomentText>")]
    known_at: Option<String>,
    /// The form of the answer. Goes before `Accept`.
    format: Option<FormName>,
    /// The columns of plain text.
    #[schemars(range(min = 40, max = 400))]
    width: Option<u16>,
}

/// The routes.
pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/v1/ledgers/{ledger}/changes", "getChanges", what_changed)
            .about(
                TAG,
                "What changed since the last meeting",
                "Decided, slipped, brought forward, signed, overdue, and why; grouped, in the order in \
                 which a board reads. On the recorded clock it is what became known; by=effective, what \
                 became true as known now, which is the right question for history that was imported in \
                 one go.",
            )
            .query::<ChangesQuery>()
            .gives(200, "What changed, as a paper", forms(Shape::Changes))
            .with_header("ETag", "Changes when the answer may")
            .refuses(&ASKING),
        Route::get("/v1/ledgers/{ledger}/search", "search", search)
            .about(TAG, "Search the record by words", "")
            .query::<SearchQuery>()
            .gives(200, "What was found, as a paper", forms(Shape::Found))
            .with_header("ETag", "Changes when the answer may")
            .refuses(&ASKING),
        Route::get("/v1/ledgers/{ledger}/status", "getStatus", how_it_stands)
            .about(TAG, "How the plan stands", "")
            .query::<StatusQuery>()
            .gives(200, "The plan and its state, as a paper", forms(Shape::Status))
            .with_header("ETag", "Changes when the answer may")
            .refuses(&ASKING),
        Route::get("/v1/ledgers/{ledger}/history/{kind}/{name}", "getHistory", past)
            .about(TAG, "The history of anything", "Kind and name are the two parts of its subject.")
            .query::<HistoryQuery>()
            .gives(200, "Every entry about it, oldest first", forms(Shape::History))
            .with_header("ETag", "Changes when the answer may")
            .refuses(&ASKING),
    ]
}

async fn what_changed(
    asked: Asked,
    headers: HeaderMap,
    Query(query): Query<ChangesQuery>,
) -> Result<Response, Problem> {
    let since = query.since.as_deref().map(|text| moment("since", text));
    let until = query.until.as_deref().map(|text| moment("until", text));
    let asking = ChangesAsked {
        since: since.transpose()?,
        until: until.transpose()?,
        body: query.body,
    };
    let by = query.by.unwrap_or_default();
    let looking = Looking {
        known_at: query.known_at,
        format: query.format,
        width: query.width,
        ..Looking::default()
    };
    // What was left out is filled in before the answer is made, so that it can be asked again.
    let question = Question::new(&asked, "changes")
        .with("body", asking.body.as_ref())
        .with("since", query.since.as_ref())
        .with("until", query.until.as_ref())
        .with("by", (by == By::Effective).then_some("effective"));
    let fill = move |viewpoint: &Viewpoint, context: &Context<'_>, _| {
        let (found, question) = count(viewpoint, &asking, by)?;
        let words = Question::new(&viewpoint.asked, "changes")
            .with("body", asking.body.as_ref())
            .with("since", Some(&question.since))
            .with("until", Some(&question.until))
            .with("by", (by == By::Effective).then_some("effective"))
            .with("known_at", Some(viewpoint.known))
            .to_string();
        let context = Context {
            question: &words,
            ..*context
        };
        Ok(changes(&context, &found))
    };
    paper(asked, &headers, &looking, None, question, fill).await
}

fn count(
    viewpoint: &Viewpoint,
    asked: &ChangesAsked,
    by: By,
) -> Result<(Changes, ChangesQuestion), Problem> {
    let (recorded, today) = (viewpoint.recorded(), viewpoint.today);
    Ok(match by {
        By::Recorded => {
            let question = asking::changes_question(recorded, asked, today)?;
            let found = Changes::recorded(recorded.views, question.question.clone());
            (found, question)
        }
        By::Effective => {
            let told = viewpoint.told()?;
            let effective = &told.effective;
            let question = asking::effective_changes_question(effective, recorded, asked, today)?;
            let found = Changes::effective(effective, question.question.clone());
            (found, question)
        }
    })
}

async fn search(
    asked: Asked,
    headers: HeaderMap,
    Query(query): Query<SearchQuery>,
) -> Result<Response, Problem> {
    if query.q.trim().is_empty() {
        return Err(Problem::malformed("q: there is no word to search for"));
    }
    let wrong =
        |what: &str, error: &dyn std::fmt::Display| Problem::malformed(format!("{what}: {error}"));
    let mut words = Words::parse(&query.q).map_err(|error| wrong("q", &error))?;
    for kind in query.kind.iter().flat_map(|kinds| kinds.split(',')) {
        let found = EventKind::ALL.iter().find(|one| one.name() == kind);
        let found =
            found.ok_or_else(|| Problem::malformed(format!("kind: no kind is called {kind:?}")))?;
        words.kinds.push(*found);
    }
    let limit = query.limit.unwrap_or(20);
    if !(1..=1000).contains(&limit) {
        return Err(Problem::malformed("limit: 1 to 1000"));
    }
    words.limit = usize::from(limit);
    let from = query
        .from
        .as_deref()
        .map(|text| moment("from", text))
        .transpose()?;
    let from = from.map(|one| {
        one.dates()
            .ok_or_else(|| Problem::malformed("from: give a date"))
    });
    words.from = from.transpose()?.map(|(first, _)| start_of(first));
    let to = query
        .to
        .as_deref()
        .map(|text| a_day("to", text))
        .transpose()?;
    words.before = to.map(|day| day.tomorrow().map_or(i64::MAX, start_of));
    let looking = Looking {
        known_at: query.known_at,
        effective_at: query.effective_at,
        format: query.format,
        width: query.width,
    };
    let question = Question::new(&asked, "search")
        .with("q", Some(&query.q))
        .with("kind", query.kind.as_ref())
        .with("body", query.body.as_ref())
        .with("from", query.from.as_ref())
        .with("to", query.to.as_ref())
        .with("limit", Some(words.limit));
    let fill = move |viewpoint: &Viewpoint, context: &Context<'_>, _| {
        let as_of = viewpoint.as_of();
        let mut words = words;
        if let Some(body) = &query.body {
            asking::check_body(as_of, body)?;
            words.bodies = as_of.body_and_below(body).into_iter().cloned().collect();
        }
        let ledger = &viewpoint.asked.ledger;
        let hits = match viewpoint.is_effective() {
            true => viewpoint.told()?.search(&ledger.log)?.search(as_of, &words),
            false => ledger
                .folds
                .search
                .up_to_date(&ledger.log)?
                .0
                .search(as_of, &words),
        };
        Ok(found(context, &query.q, &hits))
    };
    paper(asked, &headers, &looking, None, question, fill).await
}

async fn how_it_stands(
    asked: Asked,
    headers: HeaderMap,
    Query(query): Query<StatusQuery>,
) -> Result<Response, Problem> {
    let looking = Looking {
        known_at: query.known_at,
        effective_at: query.effective_at,
        format: query.format,
        width: query.width,
    };
    let question = Question::new(&asked, "status").with("under", query.under.as_ref());
    let fill = move |viewpoint: &Viewpoint, context: &Context<'_>, _| {
        let (as_of, under) = (viewpoint.as_of(), query.under.as_ref());
        if let Some(under) = under {
            asking::check_part(as_of, under)?;
        }
        let found = status::Status::new(as_of, viewpoint.day, under);
        Ok(status::status(context, &found))
    };
    paper(
        asked,
        &headers,
        &looking,
        query.on.as_deref(),
        question,
        fill,
    )
    .await
}

async fn past(
    asked: Asked,
    Path((_, kind, name)): Path<(String, String, String)>,
    headers: HeaderMap,
    Query(query): Query<HistoryQuery>,
) -> Result<Response, Problem> {
    let id: SubjectId = format!("{kind}/{name}")
        .parse()
        .map_err(|_| Problem::new(Kind::NotFound, "no subject is called that"))?;
    let looking = Looking {
        known_at: query.known_at,
        format: query.format,
        width: query.width,
        ..Looking::default()
    };
    let question = Question::new(&asked, &format!("history/{id}"));
    let fill =
        move |viewpoint: &Viewpoint, context: &Context<'_>, _| match history_of(viewpoint, &id)? {
            Some(found) => Ok(history(context, &found)),
            None => Err(Problem::from(asking::nothing(viewpoint.as_of(), &id))),
        };
    paper(asked, &headers, &looking, None, question, fill).await
}
