//! From when and for whom a question is asked, and its answer as a paper: the one way by which every
//! view, register and report goes out.

use std::borrow::Cow;
use std::sync::Arc;

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use jiff::civil::Date;
use minutebook_events::PersonId;
use minutebook_papers::{Form, Paper};
use minutebook_projections::AsOf;
use minutebook_projections::effective::day_of;
use minutebook_reports::asking::{self, AskError};
use minutebook_reports::registers::Cursor;
use minutebook_reports::{Context, Moment};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;

use crate::answer;
use crate::answers::{Kept, Key};
use crate::asked::Asked;
use crate::folds::Told;
use crate::problem::{Kind, Problem};
use crate::server::Server;

/// What stands in a query as it is.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b'/')
    .remove(b':');

/// The columns of plain text, where none are asked for.
const WIDTH: u16 = 100;

/// A form by its name in a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FormName {
    /// Plain text.
    Text,
    /// Markdown.
    Md,
    /// Comma-separated values.
    Csv,
    /// JSON.
    Json,
    /// A page to read and to print.
    Html,
}

impl From<FormName> for Form {
    fn from(name: FormName) -> Self {
        match name {
            FormName::Text => Self::Text,
            FormName::Md => Self::Markdown,
            FormName::Csv => Self::Csv,
            FormName::Json => Self::Json,
            FormName::Html => Self::Html,
        }
    }
}

/// How a moment is written, for the description of a query.
pub struct MomentText;

/// How a date is written, for the description of a query.
pub struct DateText;

/// A date to the day. People's other ways to write one are read too; see
/// [`Period`](minutebook_events::Period).
fn date_schema() -> Schema {
    json_schema!({"format": "date"})
}

/// A date in words, to the day or the month.
const DATE_WORDS: &str = "^(((0?[1-9]|[12][0-9]|3[01]) )?(January|March|May|July|August|October|December)|\
                          ((0?[1-9]|[12][0-9]|30) )?(April|June|September|November)|\
                          ((0?[1-9]|1[0-9]|2[0-8]) )?February) (19|20)[0-9]{2}$";

impl JsonSchema for MomentText {
    fn schema_name() -> Cow<'static, str> {
        "Moment".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": "A meeting (`meeting/board-2025-05`), a number of entries (`120`), or a date, as \
                            `2025-05-31` or as people write it: `31 May 2025`, `May 2025`.",
            "anyOf": [
                {"pattern": "^meeting/[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"},
                {"pattern": "^(0|[1-9][0-9]{0,8})$"},
                date_schema(),
                {"pattern": DATE_WORDS}
            ]
        })
    }
}

impl JsonSchema for DateText {
    fn schema_name() -> Cow<'static, str> {
        "Date".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": "A date, as `2025-05-31` or as people write it: `31 May 2025`, `May 2025`.",
            "anyOf": [date_schema(), {"pattern": DATE_WORDS}]
        })
    }
}

/// From when the record is looked at, and in which form the answer is wanted.
#[derive(Debug, Clone, Default)]
pub struct Looking {
    /// What the record said then: a meeting, a date, or after so many entries.
    pub known_at: Option<String>,
    /// What was true then: a date.
    pub effective_at: Option<String>,
    /// The form.
    pub format: Option<FormName>,
    /// The columns of plain text.
    pub width: Option<u16>,
}

/// A question in its one spelling: the address with its parameters, in a fixed order, and last of
/// all which page of the answer is asked for.
#[derive(Debug, Clone)]
pub struct Question {
    address: String,
    parameters: Vec<(&'static str, String)>,
    page: Option<(&'static str, String)>,
}

impl Question {
    /// A question to an address below a ledger's, such as `decisions`.
    pub fn new(asked: &Asked, below: &str) -> Self {
        Self {
            address: format!("/v1/ledgers/{}/{below}", asked.ledger.name),
            parameters: Vec::new(),
            page: None,
        }
    }

    /// With a parameter, where there is one.
    #[must_use]
    pub fn with<T: ToString>(mut self, name: &'static str, value: Option<T>) -> Self {
        self.parameters
            .extend(value.map(|value| (name, value.to_string())));
        self
    }

    /// The page from a cursor on.
    #[must_use]
    pub fn at(mut self, cursor: &Cursor) -> Self {
        self.page = match cursor {
            Cursor::First => None,
            Cursor::After(id) => Some(("after", id.to_string())),
            Cursor::Before(id) => Some(("before", id.to_string())),
        };
        self
    }
}

impl std::fmt::Display for Question {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.address)?;
        let parameters = self.parameters.iter().chain(&self.page);
        for (at, (name, value)) in parameters.enumerate() {
            let mark = if at == 0 { '?' } else { '&' };
            write!(f, "{mark}{name}={}", utf8_percent_encode(value, PLAIN))?;
        }
        Ok(())
    }
}

/// The record as a question looks at it.
pub struct Viewpoint {
    /// Who asks.
    pub asked: Asked,
    /// How many entries are known.
    pub known: u64,
    /// The day that the answer is about, where the question names no other.
    pub day: Date,
    /// The day of the question.
    pub today: Date,
    told: Option<(Arc<Told>, Date)>,
    root: String,
}

impl Viewpoint {
    /// The record as it is looked at.
    pub fn as_of(&self) -> AsOf<'_> {
        match &self.told {
            Some((told, day)) => told.effective.on(*day, self.asked.reader.level),
            None => self.recorded(),
        }
    }

    /// The record as it was known, in its own order.
    pub fn recorded(&self) -> AsOf<'_> {
        let views = &self.asked.published.views;
        views.as_of(self.known, self.asked.reader.level)
    }

    /// What is known in the order in which it was true.
    ///
    /// # Errors
    /// Where an entry cannot be read.
    pub fn told(&self) -> Result<Arc<Told>, Problem> {
        if let Some((told, _)) = &self.told {
            return Ok(told.clone());
        }
        let ledger = &self.asked.ledger;
        Ok(ledger.folds.effective(&ledger.log, self.known)?)
    }

    /// Whether the record is looked at as it was true.
    pub fn is_effective(&self) -> bool {
        self.told.is_some()
    }
}

/// An answer, or a page of it.
pub struct Sheet {
    /// The paper.
    pub paper: Paper,
    /// Where the page after this one begins, the same way; where there is one.
    pub next: Option<Cursor>,
    /// Where the page before this one begins, the other way; where there is one.
    pub previous: Option<Cursor>,
}

impl From<Paper> for Sheet {
    fn from(paper: Paper) -> Self {
        Self {
            paper,
            next: None,
            previous: None,
        }
    }
}

/// Answers a question with a paper, or with the one that was made before.
///
/// `on` is a day that the question names. `fill` works the answer out; it runs on a thread of its own,
/// since it may read the whole record.
///
/// # Errors
/// Where there is no such moment, form, or thing.
pub async fn paper<S: Into<Sheet>>(
    asked: Asked,
    headers: &HeaderMap,
    looking: &Looking,
    on: Option<&str>,
    question: Question,
    fill: impl FnOnce(&Viewpoint, &Context<'_>, Form) -> Result<S, Problem> + Send + 'static,
) -> Result<Response, Problem> {
    let form = answer::form(looking.format.map(Form::from), headers)?;
    let known_at = looking
        .known_at
        .as_deref()
        .map(|text| moment("known_at", text));
    let known_at = known_at.transpose()?;
    let effective_at = looking.effective_at.as_deref();
    let effective_at = effective_at
        .map(|text| a_day("effective_at", text))
        .transpose()?;
    let known = asking::known(asked.now(), known_at.as_ref())?;
    let recorded = asked.published.views.as_of(known, asked.reader.level);
    let today = day_of(asked.server.now()).unwrap_or_default();
    let day = match on {
        Some(text) => a_day("on", text)?,
        None => asking::day(recorded, known_at.as_ref(), effective_at, today),
    };
    let width = looking.width.unwrap_or(WIDTH);
    if !(40..=400).contains(&width) {
        return Err(Problem::malformed("width: 40 to 400"));
    }
    let question = question
        .with("on", Some(day))
        .with("known_at", Some(known))
        .with("effective_at", effective_at)
        .with("width", (form == Form::Text).then_some(width));
    let key = Key {
        ledger: asked.ledger.name.as_str().into(),
        known,
        erasures: asked.published.views.records.erasures(),
        day,
        level: asked.reader.level,
        names: asked.reader.knows_names(),
        form: form.name(),
        question: question.to_string().into(),
    };
    let (server, reader) = (asked.server.clone(), asked.reader.clone());
    let work = move || {
        let viewpoint = viewpoint(asked, known, day, today, effective_at)?;
        make(&viewpoint, &question, form, width, fill)
    };
    let kept = kept(&server, &key, work).await?;
    let media_type = form.media_type();
    let mut response = answer::tagged(headers, &reader, &kept.tag, media_type, kept.body);
    if let Some(links) = kept.links
        && let Ok(links) = HeaderValue::try_from(&*links)
    {
        response.headers_mut().insert(header::LINK, links);
    }
    Ok(response)
}

/// An answer as it was worked out.
pub struct Made {
    /// Its bytes.
    pub body: Bytes,
    /// The `Link` to the pages beside it, where there are some.
    pub links: Option<Arc<str>>,
}

/// The answer that a key stands for: the one that was worked out before, or else what `work` makes, on
/// a thread of its own and once there is a turn for it.
///
/// # Errors
/// As `work`, and where no turn comes in time.
pub async fn kept(
    server: &Server,
    key: &Key,
    work: impl FnOnce() -> Result<Made, Problem> + Send + 'static,
) -> Result<Kept, Problem> {
    if let Some(kept) = server.answers.get(key) {
        return Ok(kept);
    }
    let _turn = server.turn().await?;
    let made = match tokio::task::spawn_blocking(work).await {
        Ok(made) => made?,
        Err(error) => return Err(Problem::internal(&error)),
    };
    let kept = Kept {
        body: made.body,
        tag: key.tag().into(),
        links: made.links,
    };
    server.answers.keep(key.clone(), kept.clone());
    Ok(kept)
}

fn viewpoint(
    asked: Asked,
    known: u64,
    day: Date,
    today: Date,
    effective_at: Option<Date>,
) -> Result<Viewpoint, Problem> {
    let log = &asked.ledger.log;
    let told = match effective_at {
        Some(at) => Some((asked.ledger.folds.effective(log, known)?, at)),
        None => None,
    };
    let root = match known == asked.published.head.size {
        true => asked.published.head.root,
        false => log.root_at(known)?,
    };
    Ok(Viewpoint {
        root: root.to_string(),
        asked,
        known,
        day,
        today,
        told,
    })
}

fn make<S: Into<Sheet>>(
    viewpoint: &Viewpoint,
    question: &Question,
    form: Form,
    width: u16,
    fill: impl FnOnce(&Viewpoint, &Context<'_>, Form) -> Result<S, Problem>,
) -> Result<Made, Problem> {
    let (asked, ledger) = (&viewpoint.asked, &viewpoint.asked.ledger);
    let names = asked.reader.names(ledger);
    let name = |person: &PersonId| names.and_then(|names| names.of(&ledger.log, person));
    let entries = &asked.published.views.entries;
    let newest = viewpoint
        .known
        .checked_sub(1)
        .and_then(|at| entries.get(at));
    let words = question.to_string();
    let context = Context {
        ledger: &ledger.name,
        origin: ledger.log.origin(),
        as_of: viewpoint.as_of(),
        entries: viewpoint.known,
        root: &viewpoint.root,
        recorded_at: newest.map(|entry| entry.recorded_at),
        effective_at: viewpoint.told.as_ref().map(|(_, day)| *day),
        question: &words,
        names: &name,
    };
    let sheet: Sheet = fill(viewpoint, &context, form)?.into();
    Ok(Made {
        body: sheet.paper.set(form, usize::from(width)).into(),
        links: links(question, sheet.next.as_ref(), sheet.previous.as_ref()),
    })
}

/// The addresses of the pages beside one (RFC 8288). They say what was known and the day, so that they
/// belong to the same answer whatever is recorded meanwhile.
fn links(
    question: &Question,
    next: Option<&Cursor>,
    previous: Option<&Cursor>,
) -> Option<Arc<str>> {
    let link = |at: &Cursor, rel| format!("<{}>; rel=\"{rel}\"", question.clone().at(at));
    let next = next.map(|at| link(at, "next"));
    let previous = previous.map(|at| link(at, "prev"));
    let links: Vec<String> = next.into_iter().chain(previous).collect();
    (!links.is_empty()).then(|| links.join(", ").into())
}

/// A moment in a parameter.
///
/// # Errors
/// Where it is none.
pub fn moment(parameter: &str, text: &str) -> Result<Moment, Problem> {
    text.parse()
        .map_err(|error| Problem::malformed(format!("{parameter}: {error}")))
}

/// A day in a parameter: the last of a month or year.
///
/// # Errors
/// Where it is none.
pub fn a_day(parameter: &str, text: &str) -> Result<Date, Problem> {
    let moment = moment(parameter, text)?;
    asking::last_day(&moment).map_err(|error| Problem::malformed(format!("{parameter}: {error}")))
}

impl From<AskError> for Problem {
    fn from(error: AskError) -> Self {
        let kind = match &error {
            AskError::NotADay | AskError::OutOfOrder | AskError::NoMeetingHeld => Kind::Malformed,
            AskError::Moment(_)
            | AskError::NoBody(_)
            | AskError::NoPart(_)
            | AskError::NotAmong { .. }
            | AskError::Nothing { .. } => Kind::NotFound,
        };
        let problem = Self::new(kind, error.to_string());
        match &error {
            AskError::NoMeetingHeld => problem.instead("say from when, such as since=0"),
            AskError::Nothing { some, .. } if !some.is_empty() => {
                let some: Vec<String> = some.iter().map(ToString::to_string).collect();
                problem.instead(format!("the record has, for one, {}", some.join(", ")))
            }
            _ => problem,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn pages_beside_one_are_of_the_same_answer() {
        let action = |name: &str| format!("action/{name}").parse().unwrap();
        let here = Cursor::Before(action("a-9"));
        let question = Question {
            address: "/v1/ledgers/l/actions".to_owned(),
            parameters: vec![("limit", "2".to_owned()), ("known_at", "40".to_owned())],
            page: None,
        };
        let question = question.at(&here);
        let asked = "/v1/ledgers/l/actions?limit=2&known_at=40&before=action/a-9";
        assert_eq!(question.to_string(), asked);
        let next = here.onward(action("a-7"));
        let previous = here.back(action("a-8"));
        let both = "</v1/ledgers/l/actions?limit=2&known_at=40&before=action/a-7>; rel=\"next\", \
                    </v1/ledgers/l/actions?limit=2&known_at=40&after=action/a-8>; rel=\"prev\"";
        let found = links(&question, Some(&next), Some(&previous));
        assert_eq!(found.as_deref(), Some(both));
        assert_eq!(links(&question, None, None), None);
    }
}
