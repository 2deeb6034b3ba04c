//! The routes on the page, under their headings.

use std::fmt::Write as _;

use serde_json::Value;

use super::html::{escaped, fields, slug, words};
use super::schemas::form;
use crate::openapi::{Described, guide, path_of};
use crate::problem::{Kind, MEDIA_TYPE};
use crate::route::{Operation, Session};

/// The headings that have routes, in the document's order.
pub fn tags(described: &Described) -> impl Iterator<Item = &'static str> {
    let used = |tag: &str| described.routes.iter().any(|(_, one)| one.tag == tag);
    let tags = guide::TAGS.iter().map(|(tag, _)| *tag);
    tags.filter(move |tag| used(tag))
}

/// Writes all of them.
pub fn write(out: &mut String, described: &Described) {
    for (tag, about) in guide::TAGS {
        let id = format!("tag-{}", slug(tag));
        let _ = write!(
            out,
            "<section aria-labelledby=\"{id}\">\n<h2 id=\"{id}\">{}</h2>\n<p>{}</p>\n",
            escaped(tag),
            words(about)
        );
        for (route, operation) in described.routes.iter().filter(|(_, one)| one.tag == *tag) {
            one(out, described, route, operation);
        }
        out.push_str("</section>\n");
    }
}

fn one(out: &mut String, described: &Described, route: &str, operation: &Operation) {
    let (method, path) = route.split_once(' ').unwrap_or(("GET", route));
    let path = path_of(path);
    let who = match operation.session {
        Session::None => "",
        Session::Optional => "a session may show more",
        Session::Needed => "needs a session",
    };
    let _ = write!(
        out,
        "<h3 id=\"{id}\">{summary}</h3>\n<p class=\"call\"><b class=\"{class}\">{method}</b> <code>{path}</code> \
         <span class=\"who\">{who}</span></p>\n",
        id = escaped(&operation.id),
        summary = words(&operation.summary),
        class = method.to_ascii_lowercase(),
        path = escaped(&path),
    );
    if !operation.about.is_empty() {
        let _ = writeln!(out, "<p>{}</p>", words(operation.about));
    }
    let document = &described.document;
    let told = &document["paths"][&path][method.to_ascii_lowercase()];
    out.push_str("<details><summary>Parameters, answers, example</summary>\n");
    parameters(out, told);
    if let Some(content) = told["requestBody"]["content"].as_object() {
        for (media_type, body) in content {
            let _ = writeln!(
                out,
                "<h4>Body</h4>\n<p><code>{}</code>: {}</p>",
                escaped(media_type),
                form(&body["schema"])
            );
        }
    }
    answers(out, document, told);
    let _ = write!(
        out,
        "<h4>Example</h4>\n<pre tabindex=\"0\"><code>{}</code></pre>\n</details>\n",
        escaped(&curl(method, &path, operation, told))
    );
}

fn parameters(out: &mut String, told: &Value) {
    let all = told["parameters"].as_array().into_iter().flatten();
    let rows: Vec<[String; 3]> = all
        .map(|parameter| {
            let text = |name: &str| parameter[name].as_str().unwrap_or_default();
            let needed = match parameter["required"] == true {
                true => ", needed",
                false => "",
            };
            [
                format!(
                    "<code>{}</code> <span class=\"note\">in the {}{needed}</span>",
                    escaped(text("name")),
                    place(text("in"))
                ),
                form(&parameter["schema"]),
                words(text("description")),
            ]
        })
        .collect();
    fields(out, "Parameters", ["Name", "Form", "Meaning"], &rows);
}

fn place(place: &str) -> &str {
    match place {
        "path" => "address",
        other => other,
    }
}

fn answers(out: &mut String, document: &Value, told: &Value) {
    let none = serde_json::Map::new();
    let responses = told["responses"].as_object().unwrap_or(&none);
    let mut rows = Vec::new();
    for (status, response) in responses {
        let response = resolved(document, response);
        let content = response["content"].as_object().unwrap_or(&none);
        let given: Vec<(&str, &Value)> = content
            .iter()
            .filter(|(media_type, _)| *media_type != MEDIA_TYPE)
            .map(|(media_type, body)| (media_type.as_str(), body))
            .collect();
        if !given.is_empty() || !content.contains_key(MEDIA_TYPE) {
            let forms = given.iter().map(|(media_type, body)| {
                let plain = body["schema"]["type"] == "string";
                match plain {
                    true => format!("<code>{}</code>", escaped(media_type)),
                    false => format!(
                        "<code>{}</code>: {}",
                        escaped(media_type),
                        form(&body["schema"])
                    ),
                }
            });
            let forms: Vec<String> = forms.collect();
            let about = words(response["description"].as_str().unwrap_or_default());
            rows.push([status.clone(), forms.join("<br>"), about]);
        }
        if let Some(examples) = content.get(MEDIA_TYPE).map(|body| &body["examples"]) {
            let kinds = Kind::ALL
                .iter()
                .filter(|kind| examples.get(kind.slug()).is_some());
            let links: Vec<String> = kinds
                .map(|kind| {
                    let (slug, title) = (kind.slug(), escaped(kind.title()));
                    format!("<a href=\"#problem-{slug}\">{title}</a>")
                })
                .collect();
            rows.push([status.clone(), "a problem".into(), links.join("<br>")]);
        }
    }
    fields(out, "Answers", ["Status", "Form", "Meaning"], &rows);
}

/// What a reference leads to.
fn resolved<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    let target = value["$ref"]
        .as_str()
        .and_then(|path| path.strip_prefix('#'));
    target
        .and_then(|path| document.pointer(path))
        .unwrap_or(value)
}

/// A command that asks it.
fn curl(method: &str, path: &str, operation: &Operation, told: &Value) -> String {
    let mut address = path.to_owned();
    let mut query = Vec::new();
    for parameter in told["parameters"].as_array().into_iter().flatten() {
        let name = parameter["name"].as_str().unwrap_or_default();
        match parameter["in"].as_str() {
            Some("path") => {
                let example = match &parameter["example"] {
                    Value::String(text) => text.clone(),
                    Value::Null => name.to_uppercase(),
                    other => other.to_string(),
                };
                address = address.replace(&format!("{{{name}}}"), &example);
            }
            Some("query") if parameter["required"] == true => {
                query.push(format!("{name}={}", name.to_uppercase()));
            }
            _ => {}
        }
    }
    if !query.is_empty() {
        address = format!("{address}?{}", query.join("&"));
    }
    let mut command = String::from("curl");
    match method {
        "GET" => {}
        "POST" if operation.takes.is_some() => {}
        other => command.push_str(&format!(" --request {other}")),
    }
    if operation.session == Session::Needed || method == "DELETE" {
        command.push_str(" --header \"Authorization: Bearer $token\"");
    }
    match &told["requestBody"]["content"] {
        Value::Object(content) if content.contains_key("application/json") => {
            command.push_str(" --json @body.json");
        }
        Value::Object(_) => {
            command.push_str(
                " --header 'Content-Type: application/octet-stream' --data-binary @paper.pdf",
            );
        }
        _ => {}
    }
    let quoted = match address.contains('?') {
        true => format!("\"$server{address}\""),
        false => format!("$server{address}"),
    };
    format!("{command} {quoted}")
}
