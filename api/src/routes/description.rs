//! The interface about itself: its description for programs and for people.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use schemars::{Schema, SchemaGenerator, json_schema};

use crate::answer;
use crate::asked::Reader;
use crate::docs;
use crate::openapi;
use crate::problem::{Kind, Problem};
use crate::route::{Route, Session, Shape};

const TAG: &str = "This interface";

/// The page loads its style sheet from here, and nothing else from anywhere.
const POLICY: &str = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The routes.
pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/openapi.json", "getOpenapi", document)
            .about(
                TAG,
                "Its description in OpenAPI 3.1",
                "Made from the routes themselves.",
            )
            .gives(
                200,
                "The document",
                [("application/json", Shape::Json(any_object))],
            )
            .with_header("ETag", "Changes with the program")
            .session(Session::None),
        Route::get("/docs", "getDocs", page)
            .about(
                TAG,
                "The same to read",
                "A page without scripts and without requests to elsewhere.",
            )
            .gives(200, "The page", [("text/html; charset=utf-8", Shape::Text)])
            .with_header("ETag", "Changes with the program")
            .session(Session::None),
        Route::get("/docs/style.css", "getDocsStyle", style)
            .about(TAG, "The style of that page", "")
            .gives(
                200,
                "The style sheet",
                [("text/css; charset=utf-8", Shape::Text)],
            )
            .with_header("ETag", "Changes with the program")
            .session(Session::None),
        Route::get("/problems/{slug}", "getProblem", problem)
            .about(
                TAG,
                "What a problem means",
                "The type of every problem is an address of this form.",
            )
            .gives(303, "The page, where it is described", [])
            .with_header("Location", "The place on the page")
            .session(Session::None),
    ]
}

fn any_object(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "object"})
}

/// A text that is part of the program, with its tag.
struct Fixed {
    text: String,
    tag: String,
}

impl Fixed {
    fn new(text: String) -> Self {
        let tag = blake3::hash(text.as_bytes()).to_hex()[..16].to_owned();
        Self { text, tag }
    }

    fn answer(&'static self, headers: &HeaderMap, media_type: &'static str) -> Response {
        answer::tagged(
            headers,
            &Reader::PUBLIC,
            &self.tag,
            media_type,
            self.text.as_str(),
        )
    }
}

static DOCUMENT: LazyLock<Fixed> = LazyLock::new(|| Fixed::new(openapi::described().json.clone()));
static PAGE: LazyLock<Fixed> = LazyLock::new(|| Fixed::new(docs::page(openapi::described())));
static STYLE: LazyLock<Fixed> = LazyLock::new(|| Fixed::new(docs::STYLE.to_owned()));

async fn document(headers: HeaderMap) -> Response {
    DOCUMENT.answer(&headers, "application/json")
}

async fn page(headers: HeaderMap) -> Response {
    let mut response = PAGE.answer(&headers, "text/html; charset=utf-8");
    let policy = HeaderValue::from_static(POLICY);
    response
        .headers_mut()
        .insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}

async fn style(headers: HeaderMap) -> Response {
    STYLE.answer(&headers, "text/css; charset=utf-8")
}

async fn problem(Path(slug): Path<String>) -> Result<Response, Problem> {
    let kind = Kind::ALL.iter().find(|kind| kind.slug() == slug);
    let kind = kind.ok_or_else(|| Problem::not_found("such problem"))?;
    let place = format!("/docs#problem-{}", kind.slug());
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, place)]).into_response())
}
