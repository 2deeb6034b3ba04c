//! One route as the document describes it.

use minutebook_events::Kind as EventKind;
use serde_json::{Map, Value, json};

use crate::openapi::refusals;
use crate::openapi::schemas::Schemas;
use crate::problem::{Kind, MEDIA_TYPE};
use crate::route::{Answer, Body, Operation, Route, Session};

/// What each header says, by its name. `required` is whether an answer that may have it always does.
const HEADERS: &[(&str, bool, &str, &str)] = &[
    (
        "X-Request-Id",
        true,
        "^[0-9a-f]{16}$",
        "The request's id, under which the server logs it.",
    ),
    (
        "ETag",
        true,
        "^W/\".+\"$",
        "A tag of the answer: sent back in If-None-Match, it saves the answer.",
    ),
    ("Location", true, "^/", "The address of what was made."),
    (
        "Link",
        false,
        "rel=\"(next|prev)\"",
        "The pages beside it, where there are some (RFC 8288).",
    ),
    (
        "Retry-After",
        true,
        "^[0-9]+$",
        "How many seconds to wait before the same request again.",
    ),
    (
        "WWW-Authenticate",
        true,
        "^Bearer",
        "How to sign in: with a session's token.",
    ),
    (
        "Allow",
        true,
        "[A-Z]",
        "The methods that the address takes.",
    ),
    (
        "Set-Cookie",
        true,
        "^minutebook_session=",
        "The session, for pages of this server.",
    ),
    ("Cache-Control", true, "", "How long it may be kept."),
    (
        "Content-Disposition",
        true,
        "^attachment",
        "The document's file name.",
    ),
];

/// The headers that answers refer to.
pub fn headers() -> Value {
    let all = HEADERS.iter().map(|(name, required, pattern, about)| {
        let mut schema = json!({"type": "string"});
        if !pattern.is_empty() {
            schema["pattern"] = json!(pattern);
        }
        let header = json!({"description": about, "required": required, "schema": schema});
        ((*name).to_owned(), header)
    });
    Value::Object(all.collect())
}

/// A reference to a header.
pub fn header(name: &str) -> Value {
    json!({"$ref": format!("#/components/headers/{name}")})
}

/// The headers of every answer.
pub fn always() -> Value {
    json!({"X-Request-Id": header("X-Request-Id")})
}

/// A route in the words of OpenAPI.
pub fn described(route: &Route, schemas: &mut Schemas) -> Value {
    let operation = &route.operation;
    let mut described = json!({
        "operationId": operation.id,
        "tags": [operation.tag],
        "summary": operation.summary,
    });
    if !operation.about.is_empty() {
        described["description"] = json!(operation.about);
    }
    let parameters = parameters(&route.path, operation, schemas);
    if !parameters.is_empty() {
        described["parameters"] = json!(parameters);
    }
    if let Some(body) = operation.takes {
        described["requestBody"] = json!({
            "required": true,
            "content": {media_type(&body): {"schema": schemas.taken(body.shape)}},
        });
    }
    described["security"] = security(operation.session);
    described["responses"] = Value::Object(responses(route, schemas));
    described
}

/// Who may ask: an empty requirement is nobody in particular.
fn security(session: Session) -> Value {
    match session {
        Session::None => json!([]),
        Session::Optional => json!([{}, {"bearer": []}, {"cookie": []}]),
        Session::Needed => json!([{"bearer": []}, {"cookie": []}]),
    }
}

/// The parameters: of the address, of the query, of the header.
pub fn parameters(path: &str, operation: &Operation, schemas: &mut Schemas) -> Vec<Value> {
    let mut all: Vec<Value> = names_in(path).map(|name| of_path(path, name)).collect();
    if let Some(query) = operation.query {
        all.extend(of_query(&schemas.request(query), &operation.without));
    }
    for (name, about) in &operation.headers {
        all.push(json!({
            "name": name, "in": "header", "description": about, "schema": header_schema(name),
        }));
    }
    if has_tag(operation) {
        all.push(json!({
            "name": "If-None-Match", "in": "header",
            "description": "Tags of answers that are here already; 304 says that one of them still holds.",
            "schema": {"type": "string"},
        }));
    }
    all
}

fn header_schema(name: &str) -> Value {
    match name {
        "Last-Event-ID" => json!({"type": "integer", "minimum": 0}),
        _ => json!({"type": "string"}),
    }
}

/// The names of the parts of an address that stand in braces.
pub fn names_in(path: &str) -> impl Iterator<Item = &str> {
    let parts = path.split('/');
    parts.filter_map(|part| {
        let name = part.strip_prefix('{')?.strip_suffix('}')?;
        Some(name.trim_start_matches('*'))
    })
}

fn of_path(path: &str, name: &str) -> Value {
    let digest = json!({"type": "string", "pattern": "^[0-9a-f]{64}$"});
    let (about, schema) = match name {
        "ledger" => (
            "The ledger's name, as `GET /v1/ledgers` gives it.",
            json!({"type": "string", "pattern": "^[A-Za-z0-9._-]+$"}),
        ),
        "index" => (
            "The entry's index in the log, counted from 0.",
            json!({"type": "integer", "minimum": 0}),
        ),
        "blake3" => ("BLAKE3 of the document's bytes, in lower-case hex.", digest),
        "digest" => (
            "SHA-256 of the part's disclosure, as the entry lists it.",
            digest,
        ),
        "kind" => (
            "The kind of thing: the part of its subject before the slash.",
            json!({"type": "string", "enum": EventKind::ALL.iter().map(|kind| kind.name()).collect::<Vec<_>>()}),
        ),
        "path" => (
            "The tile's place, of several parts with slashes between: `0/000`, `entries/000.p/82`.",
            json!({"type": "string", "pattern": "^[a-z0-9./]+$"}),
        ),
        "slug" => (
            "The last part of the problem's type.",
            json!({"type": "string", "enum": Kind::ALL.iter().map(|kind| kind.slug()).collect::<Vec<_>>()}),
        ),
        // A name of a subject (docs/formats.md, section 6).
        _ => (
            "The part of the subject after the slash: `m-key-worker` of `milestone/m-key-worker`.",
            json!({"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"}),
        ),
    };
    let mut parameter = json!({
        "name": name, "in": "path", "required": true, "description": about, "schema": schema,
    });
    if let Some(example) = example(path, name) {
        parameter["example"] = json!(example);
    }
    parameter
}

fn example(path: &str, name: &str) -> Option<Value> {
    Some(match name {
        "ledger" => json!("swl"),
        "index" => json!(0),
        "kind" => json!("milestone"),
        "path" => json!("entries/000"),
        "name" => json!("m-mhpc-in-place"),
        "id" if path.contains("/milestones/") => json!("m-mhpc-in-place"),
        _ => return None,
    })
}

/// The fields of the query's type.
fn of_query(schema: &Value, without: &[&str]) -> Vec<Value> {
    let none = Map::new();
    let fields = schema["properties"].as_object().unwrap_or(&none);
    let required: Vec<&str> = schema["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let taken = fields
        .iter()
        .filter(|(name, _)| !without.contains(&name.as_str()));
    taken
        .map(|(name, schema)| {
            let mut schema = without_null(schema.clone());
            let about = match &mut schema {
                Value::Object(fields) => fields.remove("description"),
                _ => None,
            };
            let mut parameter = json!({"name": name, "in": "query", "schema": schema});
            if let Some(about) = about {
                parameter["description"] = about;
            }
            if required.contains(&name.as_str()) {
                parameter["required"] = json!(true);
            }
            parameter
        })
        .collect()
}

/// A parameter is left out, and never null.
fn without_null(mut schema: Value) -> Value {
    let null = json!({"type": "null"});
    let Some(fields) = schema.as_object_mut() else {
        return schema;
    };
    fields.remove("default");
    if let Some(Value::Array(types)) = fields.get("type") {
        let mut types = types.iter().filter(|one| *one != "null");
        if let (Some(only), None) = (types.next().cloned(), types.next()) {
            fields.insert("type".into(), only);
        }
    }
    if let Some(Value::Array(any)) = fields.get_mut("anyOf") {
        any.retain(|one| *one != null);
        if let [Value::Object(only)] = &mut any[..] {
            let only = std::mem::take(only);
            fields.remove("anyOf");
            for (name, value) in only {
                fields.entry(name).or_insert(value);
            }
        }
    }
    schema
}

fn has_tag(operation: &Operation) -> bool {
    let headers = operation.answers.iter().flat_map(|answer| &answer.headers);
    headers.into_iter().any(|(name, _)| *name == "ETag")
}

/// A media type without its parameters, by which others look it up.
pub fn media_type(body: &Body) -> &'static str {
    let essence = body.media_type.split(';').next();
    essence.unwrap_or(body.media_type).trim()
}

fn responses(route: &Route, schemas: &mut Schemas) -> Map<String, Value> {
    let operation = &route.operation;
    let mut all = Map::new();
    for answer in &operation.answers {
        all.insert(answer.status.to_string(), given(answer, schemas));
    }
    if has_tag(operation) {
        let mut headers = always();
        headers["ETag"] = header("ETag");
        all.insert(
            "304".into(),
            json!({"description": "What the asker has still holds.", "headers": headers}),
        );
    }
    let kinds = refusals::of(route);
    let mut statuses: Vec<u16> = kinds.iter().map(|kind| kind.status()).collect();
    statuses.dedup();
    for status in statuses {
        let of_status: Vec<Kind> = kinds
            .iter()
            .copied()
            .filter(|kind| kind.status() == status)
            .collect();
        let refusal = refusal(&of_status, schemas);
        match all.get_mut(&status.to_string()) {
            // An answer of its own at this status, as of `readyz`: either may come.
            Some(own) => own["content"][MEDIA_TYPE] = refusal["content"][MEDIA_TYPE].clone(),
            None => {
                all.insert(status.to_string(), refusal);
            }
        }
    }
    all
}

fn given(answer: &Answer, schemas: &mut Schemas) -> Value {
    let mut headers = always();
    for (name, _) in &answer.headers {
        headers[*name] = header(name);
    }
    let mut response = json!({"description": answer.about, "headers": headers});
    let mut content = Map::new();
    for body in &answer.bodies {
        let schema = schemas.given(body.shape);
        content.insert(media_type(body).to_owned(), json!({"schema": schema}));
    }
    if !content.is_empty() {
        response["content"] = Value::Object(content);
    }
    response
}

/// Refusals of one status: one as it stands among the components, several put together.
fn refusal(kinds: &[Kind], schemas: &mut Schemas) -> Value {
    if let [only] = kinds {
        return json!({"$ref": format!("#/components/responses/{}", only.slug())});
    }
    let details =
        schemas.answer(schemars::SchemaGenerator::subschema_for::<crate::problem::Details>);
    let mut headers = always();
    let mut examples = Map::new();
    let mut about = String::new();
    for kind in kinds {
        for name in refusals::headers(*kind) {
            headers[*name] = header(name);
        }
        about.push_str(&format!("- `{}`: {}.\n", kind.slug(), kind.title()));
        examples.insert(
            kind.slug().to_owned(),
            json!({"summary": kind.title(), "value": refusals::example(*kind)}),
        );
    }
    json!({
        "description": about,
        "headers": headers,
        "content": {MEDIA_TYPE: {"schema": details, "examples": examples}},
    })
}
