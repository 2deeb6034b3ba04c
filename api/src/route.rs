//! A route with its description: what a handler takes and what it gives, stated beside it.
//!
//! The router and the OpenAPI document are both made from one list of these, so neither has an
//! address that the other does not know.

use std::sync::Arc;

use axum::handler::Handler;
use axum::http::Method;
use axum::routing::{MethodFilter, MethodRouter, on};
use schemars::{JsonSchema, Schema, SchemaGenerator};

use crate::problem::Kind;
use crate::server::Server;

/// Makes the schema of a type.
pub type SchemaOf = fn(&mut SchemaGenerator) -> Schema;

/// How a body is described.
#[derive(Clone, Copy)]
pub enum Shape {
    /// JSON of a schema.
    Json(SchemaOf),
    /// Of a register: the paper of a page, or that of one thing.
    Register(minutebook_reports::Register, bool),
    /// The paper of something's history.
    History,
    /// The paper of what changed.
    Changes,
    /// The paper of what a search found.
    Found,
    /// The paper of how the plan stands.
    Status,
    /// Text, in UTF-8.
    Text,
    /// Bytes.
    Bytes,
}

/// A body that is taken or given.
#[derive(Clone, Copy)]
pub struct Body {
    /// Its media type.
    pub media_type: &'static str,
    /// What it is.
    pub shape: Shape,
}

/// An answer that is no refusal.
#[derive(Clone)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// What it means.
    pub about: &'static str,
    /// Its body in each form that it comes in.
    pub bodies: Vec<Body>,
    /// Headers that go with it, each with what it says.
    pub headers: Vec<(&'static str, &'static str)>,
}

/// What a route is for.
#[derive(Clone)]
pub struct Operation {
    /// Its name in programs made from the document.
    pub id: String,
    /// The heading that it stands under.
    pub tag: &'static str,
    /// What it does, in a line.
    pub summary: String,
    /// More on that.
    pub about: &'static str,
    /// The parameters of its query.
    pub query: Option<SchemaOf>,
    /// Parameters of that type that it does not take.
    pub without: Vec<&'static str>,
    /// Request headers that it heeds, each with what it does.
    pub headers: Vec<(&'static str, &'static str)>,
    /// The body that it takes.
    pub takes: Option<Body>,
    /// What it answers.
    pub answers: Vec<Answer>,
    /// How it refuses, beside the ways that every route has.
    pub problems: Vec<Kind>,
    /// Whether a session widens what it gives, or is needed.
    pub session: Session,
}

/// What a session does for a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Session {
    /// Nothing.
    None,
    /// It may give more to whoever has one.
    Optional,
    /// Nothing is done without one.
    Needed,
}

/// A route.
pub struct Route {
    /// The method.
    pub method: Method,
    /// The address, with its parts in braces.
    pub path: String,
    /// What it is for.
    pub operation: Operation,
    /// What answers.
    pub handler: MethodRouter<Arc<Server>>,
}

impl Route {
    fn new<H, T>(method: Method, path: impl Into<String>, id: impl Into<String>, handler: H) -> Self
    where
        H: Handler<T, Arc<Server>>,
        T: 'static,
    {
        let filter = match method {
            Method::POST => MethodFilter::POST,
            Method::DELETE => MethodFilter::DELETE,
            _ => MethodFilter::GET,
        };
        Self {
            method,
            path: path.into(),
            operation: Operation {
                id: id.into(),
                tag: "",
                summary: String::new(),
                about: "",
                query: None,
                without: Vec::new(),
                headers: Vec::new(),
                takes: None,
                answers: Vec::new(),
                problems: Vec::new(),
                session: Session::Optional,
            },
            handler: on(filter, handler),
        }
    }

    /// A route that reads.
    pub fn get<H, T>(path: impl Into<String>, id: impl Into<String>, handler: H) -> Self
    where
        H: Handler<T, Arc<Server>>,
        T: 'static,
    {
        Self::new(Method::GET, path, id, handler)
    }

    /// A route that adds.
    pub fn post<H, T>(path: impl Into<String>, id: impl Into<String>, handler: H) -> Self
    where
        H: Handler<T, Arc<Server>>,
        T: 'static,
    {
        Self::new(Method::POST, path, id, handler)
    }

    /// A route that ends something.
    pub fn delete<H, T>(path: impl Into<String>, id: impl Into<String>, handler: H) -> Self
    where
        H: Handler<T, Arc<Server>>,
        T: 'static,
    {
        Self::new(Method::DELETE, path, id, handler)
    }

    /// The heading, a line, and more.
    #[must_use]
    pub fn about(
        mut self,
        tag: &'static str,
        summary: impl Into<String>,
        about: &'static str,
    ) -> Self {
        self.operation.tag = tag;
        self.operation.summary = summary.into();
        self.operation.about = about;
        self
    }

    /// The type that its query is read as.
    #[must_use]
    pub fn query<Q: JsonSchema>(mut self) -> Self {
        self.operation.query = Some(Q::json_schema);
        self
    }

    /// Parameters of the query's type that it does not take.
    #[must_use]
    pub fn without(mut self, names: impl IntoIterator<Item = &'static str>) -> Self {
        self.operation.without.extend(names);
        self
    }

    /// A request header that it heeds.
    #[must_use]
    pub fn heeds(mut self, name: &'static str, about: &'static str) -> Self {
        self.operation.headers.push((name, about));
        self
    }

    /// The JSON that it takes.
    #[must_use]
    pub fn takes_json<B: JsonSchema>(mut self) -> Self {
        self.operation.takes = Some(Body {
            media_type: "application/json",
            shape: Shape::Json(SchemaGenerator::subschema_for::<B>),
        });
        self
    }

    /// The body that it takes.
    #[must_use]
    pub fn takes(mut self, media_type: &'static str, shape: Shape) -> Self {
        self.operation.takes = Some(Body { media_type, shape });
        self
    }

    /// An answer in JSON.
    #[must_use]
    pub fn gives_json<B: JsonSchema>(self, status: u16, about: &'static str) -> Self {
        let shape = Shape::Json(SchemaGenerator::subschema_for::<B>);
        self.gives(status, about, [("application/json", shape)])
    }

    /// An answer in one or more forms.
    #[must_use]
    pub fn gives(
        mut self,
        status: u16,
        about: &'static str,
        bodies: impl IntoIterator<Item = (&'static str, Shape)>,
    ) -> Self {
        let body = |(media_type, shape)| Body { media_type, shape };
        self.operation.answers.push(Answer {
            status,
            about,
            bodies: bodies.into_iter().map(body).collect(),
            headers: Vec::new(),
        });
        self
    }

    /// A header of the answer stated last.
    #[must_use]
    pub fn with_header(mut self, name: &'static str, about: &'static str) -> Self {
        if let Some(answer) = self.operation.answers.last_mut() {
            answer.headers.push((name, about));
        }
        self
    }

    /// How it refuses, beside the ways that every route has.
    #[must_use]
    pub fn refuses(mut self, problems: &[Kind]) -> Self {
        self.operation.problems.extend_from_slice(problems);
        self
    }

    /// What a session does for it.
    #[must_use]
    pub fn session(mut self, session: Session) -> Self {
        self.operation.session = session;
        self
    }
}
