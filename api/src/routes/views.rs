//! The registers: each as a whole, one thing of it, and the history of that.

use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::Response;
use jiff::civil::Date;
use minutebook_events::SubjectId;
use minutebook_papers::Form;
use minutebook_reports::detail::detail;
use minutebook_reports::history::{History, Known, history};
use minutebook_reports::registers::{Cursor, Fit};
use minutebook_reports::{Context, Filter, Register, asking};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::asked::Asked;
use crate::extract::Query;
use crate::folds::recorded;
use crate::looking::{DateText, FormName, Looking, MomentText, Question, Sheet, Viewpoint, paper};
use crate::problem::{Kind, Problem};
use crate::route::{Route, Shape};

/// The most rows of a page of JSON.
const PAGE: u16 = 1000;

/// What of a register is shown, and from when it is looked at.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RegisterQuery {
    /// Only what belongs to this body, or to one below it: `body/board`.
    body: Option<SubjectId>,
    /// Only what stands so.
    state: Option<String>,
    /// Only what stands under this part of the plan: `objective/o-1`.
    under: Option<SubjectId>,
    /// Only what is overdue.
    overdue: Option<bool>,
    /// The day for which overdue is worked out.
    #[schemars(with = "Option<DateText>")]
    on: Option<String>,
    /// What the record said then: a meeting (`meeting/board-2025-05`), a date (`1 May 2024`), or
    /// after so many entries (`120`).
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
    /// How many rows a page of JSON has at most. Where nothing is said of pages, the answer is whole and
    /// in the order in which it is read, as the other forms always are.
    #[schemars(range(min = 1, max = 1000))]
    limit: Option<u16>,
    /// Only rows after this id, in order of the ids: `action/a-7`. For JSON.
    after: Option<SubjectId>,
    /// Only rows before this id, the nearest first. For JSON.
    before: Option<SubjectId>,
}

/// From when one thing is looked at.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OneQuery {
    /// The day for which overdue is worked out.
    #[schemars(with = "Option<DateText>")]
    on: Option<String>,
    /// What the record said then: a meeting (`meeting/board-2025-05`), a date (`1 May 2024`), or
    /// after so many entries (`120`).
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

impl OneQuery {
    fn looking(&self) -> Looking {
        Looking {
            known_at: self.known_at.clone(),
            effective_at: self.effective_at.clone(),
            format: self.format,
            width: self.width,
        }
    }
}

/// The forms that papers come in, JSON as `shape`.
pub fn forms(shape: Shape) -> impl Iterator<Item = (&'static str, Shape)> {
    Form::ALL.into_iter().map(move |form| match form {
        Form::Json => (form.media_type(), shape),
        _ => (form.media_type(), Shape::Text),
    })
}

/// What every question to the record may be refused for.
pub const ASKING: [Kind; 4] = [
    Kind::SignInNeeded,
    Kind::NotFound,
    Kind::NotAcceptable,
    Kind::Busy,
];

/// The routes of every register.
pub fn routes() -> Vec<Route> {
    Register::ALL.iter().flat_map(|one| of(*one)).collect()
}

fn of(register: Register) -> Vec<Route> {
    let (name, id) = (register.name(), camel(register.name()));
    let at = format!("/v1/ledgers/{{ledger}}/{name}");
    let unfit = [
        (Fit::Body, "body"),
        (Fit::State, "state"),
        (Fit::Under, "under"),
        (Fit::Overdue, "overdue"),
    ];
    let unfit = unfit
        .into_iter()
        .filter(|(fit, _)| !register.fits().contains(fit));
    let paging = ["limit", "after", "before"];
    let mut routes = vec![
        Route::get(&at, format!("list{id}"), move |asked, headers, query| {
            list(register, asked, headers, query)
        })
        .about(
            "Views",
            format!("{}: all of it", register.title()),
            register.about(),
        )
        .query::<RegisterQuery>()
        .without(unfit.map(|(_, name)| name))
        .without(
            paging
                .iter()
                .copied()
                .filter(|_| register.kinds().is_empty()),
        )
        .gives(
            200,
            "The register as a paper; as JSON also a page of it, in the order of the ids",
            forms(Shape::Register(register, false)),
        )
        .with_header("ETag", "Changes when the answer may")
        .with_header(
            "Link",
            "The pages beside it, of the same answer whatever is recorded meanwhile",
        )
        .refuses(&ASKING),
    ];
    if register.kinds().is_empty() {
        return routes;
    }
    routes.push(
        Route::get(
            format!("{at}/{{id}}"),
            format!("get{id}"),
            move |asked, path, headers, query| one(register, asked, path, headers, query),
        )
        .about(
            "Views",
            format!("{}: one of them", register.title()),
            ABOUT_ONE,
        )
        .query::<OneQuery>()
        .gives(
            200,
            "All that is said of it",
            forms(Shape::Register(register, true)),
        )
        .with_header("ETag", "Changes when the answer may")
        .refuses(&ASKING),
    );
    routes.push(
        Route::get(
            format!("{at}/{{id}}/history"),
            format!("get{id}History"),
            move |asked, path, headers, query| past(register, asked, path, headers, query),
        )
        .about(
            "Views",
            format!("{}: the history of one", register.title()),
            ABOUT_ONE,
        )
        .query::<OneQuery>()
        .gives(
            200,
            "Every entry about it, oldest first",
            forms(Shape::History),
        )
        .with_header("ETag", "Changes when the answer may")
        .refuses(&ASKING),
    );
    routes
}

const ABOUT_ONE: &str = "The id is the part of the subject after the slash: `m-key-worker` of \
                         `milestone/m-key-worker`.";

fn camel(name: &str) -> String {
    let words = name.split('-');
    words
        .map(|word| {
            let (first, rest) = word.split_at(1);
            first.to_uppercase() + rest
        })
        .collect()
}

async fn list(
    register: Register,
    asked: Asked,
    headers: HeaderMap,
    Query(query): Query<RegisterQuery>,
) -> Result<Response, Problem> {
    let filter = Filter {
        body: query.body,
        state: query.state,
        under: query.under,
        overdue: query.overdue.unwrap_or_default(),
    };
    check_fit(register, &filter)?;
    let looking = Looking {
        known_at: query.known_at,
        effective_at: query.effective_at,
        format: query.format,
        width: query.width,
    };
    let paged = query.limit.is_some() || query.after.is_some() || query.before.is_some();
    if paged && register.kinds().is_empty() {
        return Err(Problem::malformed(format!(
            "the query: {} are given whole",
            register.name()
        )));
    }
    let limit = query.limit.unwrap_or(PAGE);
    if !(1..=PAGE).contains(&limit) {
        return Err(Problem::malformed(format!("limit: 1 to {PAGE}")));
    }
    let at = match (query.after, query.before) {
        (None, None) => Cursor::First,
        (Some(id), None) => Cursor::After(id),
        (None, Some(id)) => Cursor::Before(id),
        (Some(_), Some(_)) => {
            return Err(Problem::malformed("give one of after and before"));
        }
    };
    let question = Question::new(&asked, register.name())
        .with("body", filter.body.as_ref())
        .with("state", filter.state.as_ref())
        .with("under", filter.under.as_ref())
        .with("overdue", filter.overdue.then_some(true))
        .with("limit", query.limit)
        .at(&at);
    let fill = move |viewpoint: &Viewpoint, context: &Context<'_>, form| {
        asking::check_filter(viewpoint.as_of(), &filter)?;
        Ok(match form {
            Form::Json if paged => page(register, context, viewpoint.day, &filter, &at, limit),
            _ => register.paper(context, viewpoint.day, &filter).into(),
        })
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

fn check_fit(register: Register, filter: &Filter) -> Result<(), Problem> {
    let asked = [
        (Fit::Body, "body", filter.body.is_some()),
        (Fit::State, "state", filter.state.is_some()),
        (Fit::Under, "under", filter.under.is_some()),
        (Fit::Overdue, "overdue", filter.overdue),
    ];
    let unfit = asked
        .iter()
        .find(|(fit, _, asked)| *asked && !register.fits().contains(fit));
    match unfit {
        None => Ok(()),
        Some((_, name, _)) => Err(Problem::malformed(format!(
            "the query: {} cannot be asked by {name}",
            register.name()
        ))),
    }
}

/// A page, with where those beside it begin.
fn page(
    register: Register,
    context: &Context<'_>,
    day: Date,
    filter: &Filter,
    at: &Cursor,
    limit: u16,
) -> Sheet {
    let page = register.page(context.as_of, day, filter, at, usize::from(limit));
    Sheet {
        paper: register.page_paper(context, &page),
        next: page.next.map(|id| at.onward(id)),
        previous: page.previous.map(|id| at.back(id)),
    }
}

/// The thing that is asked for: of the kinds that the register has, the first of which the record has
/// one of this name.
fn named(register: Register, viewpoint: &Viewpoint, name: &str) -> Result<SubjectId, Problem> {
    let known = Known::new(viewpoint.as_of());
    let ids = register
        .kinds()
        .iter()
        .filter_map(|kind| SubjectId::new(*kind, name).ok());
    let mut ids = ids.peekable();
    let first = ids.peek().cloned();
    let found = ids.find(|id| !known.about(id).is_empty());
    match (found, first) {
        (Some(id), _) => Ok(id),
        (None, Some(id)) => Err(asking::nothing(viewpoint.as_of(), &id).into()),
        (None, None) => Err(Problem::not_found(format_args!(
            "such id among the {}",
            register.name()
        ))),
    }
}

async fn one(
    register: Register,
    asked: Asked,
    Path((_, name)): Path<(String, String)>,
    headers: HeaderMap,
    Query(query): Query<OneQuery>,
) -> Result<Response, Problem> {
    let question = Question::new(&asked, &below(register, &name, ""));
    let fill = move |viewpoint: &Viewpoint, context: &Context<'_>, _| {
        let id = named(register, viewpoint, &name)?;
        let history = history_of(viewpoint, &id)?;
        detail(context, register, viewpoint.day, &id, history)
            .ok_or_else(|| asking::nothing(viewpoint.as_of(), &id).into())
    };
    let looking = query.looking();
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
    register: Register,
    asked: Asked,
    Path((_, name)): Path<(String, String)>,
    headers: HeaderMap,
    Query(query): Query<OneQuery>,
) -> Result<Response, Problem> {
    let question = Question::new(&asked, &below(register, &name, "/history"));
    let fill = move |viewpoint: &Viewpoint, context: &Context<'_>, _| {
        let id = named(register, viewpoint, &name)?;
        match history_of(viewpoint, &id)? {
            Some(found) => Ok(history(context, &found)),
            None => Err(Problem::from(asking::nothing(viewpoint.as_of(), &id))),
        }
    };
    let looking = query.looking();
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

fn below(register: Register, name: &str, rest: &str) -> String {
    let name = percent_encoding::utf8_percent_encode(name, percent_encoding::NON_ALPHANUMERIC);
    // Names of subjects have nothing that needs encoding, but for dots, hyphens and underscores.
    let name = name
        .to_string()
        .replace("%2D", "-")
        .replace("%2E", ".")
        .replace("%5F", "_");
    format!("{}/{name}{rest}", register.name())
}

/// The history of a thing, from the entries about it that may be read.
pub fn history_of(viewpoint: &Viewpoint, id: &SubjectId) -> Result<Option<History>, Problem> {
    let as_of = viewpoint.as_of();
    let mut entries = Vec::new();
    for position in Known::new(as_of).about(id) {
        entries.extend(recorded(
            &viewpoint.asked.ledger.log,
            position..position + 1,
        )?);
    }
    Ok(History::new(as_of, id, &entries))
}
