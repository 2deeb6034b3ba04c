//! The interface described in OpenAPI 3.1.1, made from the routes themselves.
//!
//! Each [`Route`] says beside its handler what it takes and gives; here that becomes one document.
//! [`schemas`] makes the JSON Schema of everything that is named, [`refusals`] says how each route may
//! refuse, [`operation`] describes a route, and [`guide`] holds the words for people.

use std::sync::LazyLock;

use serde_json::{Map, Value, json};

use crate::problem::{Details, Kind, MEDIA_TYPE};
use crate::route::{Operation, Route};
use crate::routes;

pub mod guide;
pub mod operation;
pub mod refusals;
pub mod schemas;

use schemas::Schemas;

/// The routes that the document describes, and the document.
pub struct Described {
    /// The routes, in the order in which they are listed.
    pub routes: Vec<(String, Operation)>,
    /// The document.
    pub document: Value,
    /// The same as JSON, as it is served.
    pub json: String,
}

static DESCRIBED: LazyLock<Described> = LazyLock::new(|| Described::of(routes::all()));

/// The description of this server's interface, made once.
pub fn described() -> &'static Described {
    &DESCRIBED
}

impl Described {
    fn of(all: Vec<Route>) -> Self {
        let mut schemas = Schemas::new();
        let mut paths = Map::new();
        let mut routes = Vec::with_capacity(all.len());
        for route in all {
            let described = operation::described(&route, &mut schemas);
            let method = route.method.as_str().to_ascii_lowercase();
            let path = paths
                .entry(path_of(&route.path))
                .or_insert_with(|| json!({}));
            path[&method] = described;
            routes.push((format!("{} {}", route.method, route.path), route.operation));
        }
        let details = schemas.answer(schemars::SchemaGenerator::subschema_for::<Details>);
        let document = json!({
            "openapi": "3.1.1",
            "info": {
                "title": "Minutebook",
                "version": env!("CARGO_PKG_VERSION"),
                "summary": "The signed record of partnership boards",
                "description": guide::markdown(),
                "license": {"name": "Apache License 2.0", "identifier": "Apache-2.0"},
            },
            "servers": [{"url": "/", "description": "The server that gives this document"}],
            "tags": guide::TAGS
                .iter()
                .map(|(name, about)| json!({"name": name, "description": about}))
                .collect::<Vec<_>>(),
            "paths": paths,
            "components": {
                "securitySchemes": security_schemes(),
                "headers": operation::headers(),
                "responses": responses(&details),
                "schemas": schemas.definitions(),
            },
        });
        // Text and numbers always have a JSON form.
        let json = serde_json::to_string(&document).unwrap_or_default();
        Self {
            routes,
            document,
            json,
        }
    }
}

/// An address of the router as the document writes it: a rest of several parts is a parameter too.
pub fn path_of(path: &str) -> String {
    path.replace("{*", "{")
}

fn security_schemes() -> Value {
    json!({
        "bearer": {
            "type": "http",
            "scheme": "bearer",
            "description": "The token of a session, which `signIn` gives for a signed challenge.",
        },
        "cookie": {
            "type": "apiKey",
            "in": "cookie",
            "name": crate::asked::COOKIE,
            "description": "The same session, for pages of this server.",
        },
    })
}

/// How an answer of each status refuses, with an example of each sort, by the names under which
/// operations refer to them.
fn responses(details: &Value) -> Map<String, Value> {
    let mut responses = Map::new();
    for kind in Kind::ALL {
        let mut headers = operation::always();
        for name in refusals::headers(*kind) {
            headers[*name] = operation::header(name);
        }
        responses.insert(
            kind.slug().to_owned(),
            json!({
                "description": format!("{}. {}", kind.title(), kind.meaning()),
                "headers": headers,
                "content": {MEDIA_TYPE: {
                    "schema": details,
                    "examples": {kind.slug(): {
                        "summary": kind.title(),
                        "value": refusals::example(*kind),
                    }},
                }},
            }),
        );
    }
    responses
}

#[cfg(test)]
mod tests;
