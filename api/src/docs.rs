//! The description of the interface as a page: the same values as the OpenAPI document, for people.
//!
//! Plain HTML without scripts, so that it reads everywhere and in any policy. [`html`] escapes and
//! sets; [`routes`] shows the routes; [`schemas`] the forms of what is sent and given.

use std::fmt::Write as _;

use crate::openapi::Described;
use crate::openapi::refusals;
use crate::problem::Kind;

mod html;
mod routes;
mod schemas;

use html::{escaped, slug, words};

/// The style of the page.
pub const STYLE: &str = include_str!("docs/style.css");

/// The chapters that are written by hand.
const GUIDE: &str = include_str!("docs/guide.html");

/// Their headings, as the page's contents list them.
const CHAPTERS: &[(&str, &str)] = &[
    ("overview", "Overview"),
    ("signing-in", "Signing in"),
    ("submitting", "Submitting events"),
    ("clocks", "Two clocks"),
    ("paging", "Paging"),
    ("live", "Watching live"),
    ("problems", "Problems"),
];

/// The page.
pub fn page(described: &Described) -> String {
    let mut out = String::new();
    // Writing to a `String` cannot fail, here and below.
    let _ = write!(
        out,
        "<!doctype html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>The Minutebook API</title>\n\
         <link rel=\"icon\" href=\"data:,\">\n\
         <link rel=\"stylesheet\" href=\"/docs/style.css\">\n</head>\n<body>\n\
         <a class=\"skip\" href=\"#main\">Skip to the content</a>\n\
         <header class=\"top\">\n<h1>The Minutebook API</h1>\n\
         <p class=\"lead\">The signed record of partnership boards: submit events, ask the record, watch it \
         live.</p>\n\
         <p>Version {}. For programs: <a href=\"/openapi.json\">OpenAPI 3.1</a>.</p>\n",
        env!("CARGO_PKG_VERSION")
    );
    contents(&mut out, described);
    out.push_str("</header>\n<main id=\"main\" tabindex=\"-1\">\n");
    out.push_str(GUIDE);
    problems(&mut out);
    routes::write(&mut out, described);
    schemas::write(&mut out, described);
    out.push_str(
        "</main>\n<footer>\n<p>Made from the program that answers here. Apache License 2.0.</p>\n\
         </footer>\n</body>\n</html>\n",
    );
    out
}

fn contents(out: &mut String, described: &Described) {
    out.push_str("<nav aria-labelledby=\"contents\">\n<h2 id=\"contents\">Contents</h2>\n<ul>\n");
    let mut link = |id: &str, words: &str| {
        let _ = writeln!(out, "<li><a href=\"#{id}\">{}</a></li>", escaped(words));
    };
    for (id, words) in CHAPTERS {
        link(id, words);
    }
    for tag in routes::tags(described) {
        link(&format!("tag-{}", slug(tag)), &format!("Routes: {tag}"));
    }
    link("events", "Forms of events");
    link("schemas", "Forms of answers and requests");
    out.push_str("</ul>\n</nav>\n");
}

fn problems(out: &mut String) {
    out.push_str(
        "<section aria-labelledby=\"problems\">\n<h2 id=\"problems\">Problems</h2>\n\
         <p>Every refusal is <code>application/problem+json</code> (RFC 9457). Its <code>type</code> is stable; \
         <code>detail</code> says what is wrong this time, and is for people. What a reader may not know is \
         refused in the same words as what is not there.</p>\n",
    );
    for kind in Kind::ALL {
        // Text and numbers always have a JSON form.
        let example = serde_json::to_string_pretty(&refusals::example(*kind)).unwrap_or_default();
        let _ = write!(
            out,
            "<div class=\"problem\" id=\"problem-{slug}\">\n\
             <h3>{title} <span class=\"status\">{status} <code>{slug}</code></span></h3>\n\
             <p>{meaning}</p>\n\
             <details><summary>Example</summary>\n<pre tabindex=\"0\"><code>{example}</code></pre></details>\n\
             </div>\n",
            slug = kind.slug(),
            title = escaped(kind.title()),
            status = kind.status(),
            meaning = words(kind.meaning()),
            example = escaped(&example),
        );
    }
    out.push_str("</section>\n");
}

#[cfg(test)]
mod tests;
