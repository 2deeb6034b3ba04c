//! How an answer goes out: its form, how long it may be kept, and whether the asker has it already.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use minutebook_papers::Form;
use serde::Serialize;

use crate::asked::Reader;
use crate::problem::{Kind, Problem};

/// A JSON answer that nobody is to keep.
pub fn json<T: Serialize>(status: StatusCode, answer: &T) -> Response {
    match serde_json::to_vec(answer) {
        Ok(bytes) => (
            status,
            [
                (
                    header::CONTENT_TYPE,
                    HeaderValue::from_static("application/json"),
                ),
                (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
            ],
            bytes,
        )
            .into_response(),
        Err(error) => Problem::internal(&error).into_response(),
    }
}

/// The form that an answer is wanted in: the one that is named, or the first of `Accept` that there
/// is, or JSON.
///
/// # Errors
/// [`Kind::NotAcceptable`] where none is.
pub fn form(named: Option<Form>, headers: &HeaderMap) -> Result<Form, Problem> {
    if let Some(form) = named {
        return Ok(form);
    }
    let accept = headers.get_all(header::ACCEPT).iter();
    let mut wanted: Vec<(f32, &str)> = accept
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(weighed)
        .collect();
    if wanted.is_empty() {
        return Ok(Form::Json);
    }
    wanted.sort_by(|one, other| other.0.total_cmp(&one.0));
    let found = wanted.iter().find_map(|(_, range)| form_of(range));
    found.ok_or_else(|| {
        let forms = Form::ALL.map(|form| essence(form.media_type()));
        Problem::new(
            Kind::NotAcceptable,
            format!("this address gives {}", forms.join(", ")),
        )
    })
}

/// A media range with its weight (RFC 9110 section 12.5.1); none where it is not wanted at all.
fn weighed(text: &str) -> Option<(f32, &str)> {
    let mut parts = text.split(';').map(str::trim);
    let range = parts.next().filter(|range| !range.is_empty())?;
    let weight = parts
        .find_map(|part| part.strip_prefix("q="))
        .map_or(Some(1.0), |weight| weight.parse::<f32>().ok())?;
    (weight > 0.0).then_some((weight, range))
}

fn form_of(range: &str) -> Option<Form> {
    if matches!(range, "*/*" | "application/*") {
        return Some(Form::Json);
    }
    // A browser lists text/html first; of the texts in general, the plain one.
    let forms = [
        Form::Json,
        Form::Text,
        Form::Markdown,
        Form::Csv,
        Form::Html,
    ];
    forms.into_iter().find(|form| {
        let media_type = essence(form.media_type());
        range.eq_ignore_ascii_case(media_type) || (range == "text/*" && *form == Form::Text)
    })
}

fn essence(media_type: &str) -> &str {
    media_type.split(';').next().unwrap_or(media_type)
}

/// An answer that stays the same until the record says more, with its tag.
pub fn tagged(
    headers: &HeaderMap,
    reader: &Reader,
    tag: &str,
    media_type: &'static str,
    body: impl Into<Body>,
) -> Response {
    // Packing an answer changes its bytes and not what it says, which is what a weak tag stands for.
    let tag = format!("W/\"{tag}\"");
    let same = is_known(headers, &tag);
    let mut response = match same {
        true => StatusCode::NOT_MODIFIED.into_response(),
        false => ([(header::CONTENT_TYPE, media_type)], body.into()).into_response(),
    };
    let keep = match reader.session {
        Some(_) => "private, no-cache",
        None => "no-cache",
    };
    let answer = response.headers_mut();
    answer.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    answer.insert(
        header::VARY,
        HeaderValue::from_static("Accept, Authorization, Cookie"),
    );
    if let Ok(tag) = HeaderValue::try_from(tag) {
        answer.insert(header::ETAG, tag);
    }
    response
}

/// Whether the asker has an answer of this tag (RFC 9110 section 13.1.2).
fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let known = headers.get_all(header::IF_NONE_MATCH).iter();
    known
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|one| one == "*" || one.trim_start_matches("W/") == tag.trim_start_matches("W/"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn asked(accept: &str) -> Result<Form, Kind> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, accept.parse().unwrap());
        form(None, &headers).map_err(|problem| problem.kind)
    }

    #[test]
    fn the_form_is_the_most_wanted_one_that_there_is() {
        assert_eq!(asked("*/*"), Ok(Form::Json));
        assert_eq!(asked("text/csv"), Ok(Form::Csv));
        assert_eq!(asked("text/csv;q=0.1, text/markdown"), Ok(Form::Markdown));
        assert_eq!(asked("image/png, application/json;q=0.5"), Ok(Form::Json));
        let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
        assert_eq!(asked(browser), Ok(Form::Html));
        assert_eq!(asked("image/png"), Err(Kind::NotAcceptable));
        assert_eq!(
            asked("application/json;q=0"),
            Ok(Form::Json),
            "nothing else is wanted either"
        );
        assert_eq!(form(Some(Form::Csv), &HeaderMap::new()), Ok(Form::Csv));
    }

    #[test]
    fn a_known_tag_needs_no_body() {
        let mut headers = HeaderMap::new();
        let status = |headers: &HeaderMap| {
            tagged(headers, &Reader::PUBLIC, "7-a", "text/plain", "body").status()
        };
        assert_eq!(status(&headers), StatusCode::OK);
        headers.insert(header::IF_NONE_MATCH, "\"6-a\", W/\"7-a\"".parse().unwrap());
        assert_eq!(status(&headers), StatusCode::NOT_MODIFIED);
        headers.insert(header::IF_NONE_MATCH, "W/\"8-a\"".parse().unwrap());
        assert_eq!(status(&headers), StatusCode::OK);
    }
}
