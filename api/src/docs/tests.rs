#![allow(clippy::unwrap_used)]

use super::*;
use crate::openapi::described;
use crate::problem::Kind;
use crate::routes;

#[test]
fn the_page_shows_every_route_and_every_problem() {
    let page = page(described());
    for route in routes::all() {
        assert!(page.contains(&route.operation.id), "{}", route.operation.id);
    }
    for kind in Kind::ALL {
        assert!(
            page.contains(&format!("id=\"problem-{}\"", kind.slug())),
            "{kind:?}"
        );
    }
}

#[test]
fn the_page_asks_nothing_of_anyone_else() {
    let page = page(described());
    assert!(!page.contains("<script"));
    for outside in ["src=\"http", "href=\"http", "url(http", "@import"] {
        assert!(
            !page.contains(outside) && !STYLE.contains(outside),
            "{outside}"
        );
    }
}

#[test]
fn every_link_within_the_page_has_its_place() {
    let page = page(described());
    let mut links = 0;
    for part in page.split("href=\"#").skip(1) {
        let place = part.split('"').next().unwrap();
        assert!(page.contains(&format!("id=\"{place}\"")), "{place}");
        links += 1;
    }
    assert!(links > 20, "{links}");
}
