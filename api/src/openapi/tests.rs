#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::sync::Arc;

use super::*;

fn walk(value: &Value, each: &mut impl FnMut(&Map<String, Value>)) {
    match value {
        Value::Object(fields) => {
            each(fields);
            fields.values().for_each(|field| walk(field, each));
        }
        Value::Array(items) => items.iter().for_each(|item| walk(item, each)),
        _ => {}
    }
}

#[test]
fn every_reference_leads_somewhere() {
    let document = &described().document;
    let mut references = 0;
    walk(document, &mut |fields| {
        if let Some(Value::String(target)) = fields.get("$ref") {
            let pointer = target.strip_prefix('#').unwrap();
            assert!(document.pointer(pointer).is_some(), "{target}");
            references += 1;
        }
    });
    assert!(references > 1000, "{references}");
}

#[test]
fn every_route_is_in_it_under_a_name_of_its_own() {
    let document = &described().document;
    let mut ids = BTreeSet::new();
    for route in routes::all() {
        let method = route.method.as_str().to_ascii_lowercase();
        let operation = &document["paths"][path_of(&route.path)][&method];
        assert_eq!(
            operation["operationId"],
            route.operation.id.as_str(),
            "{}",
            route.path
        );
        assert!(
            ids.insert(route.operation.id.clone()),
            "{}",
            route.operation.id
        );
        assert!(
            !operation["summary"].as_str().unwrap().is_empty(),
            "{}",
            route.path
        );
        let described = guide::TAGS
            .iter()
            .any(|(tag, _)| *tag == route.operation.tag);
        assert!(described, "{} of {}", route.operation.tag, route.path);
    }
    let listed = document["paths"].as_object().unwrap().values();
    let listed: usize = listed.map(|path| path.as_object().unwrap().len()).sum();
    assert_eq!(listed, ids.len());
}

#[test]
fn every_event_and_every_problem_is_described() {
    let document = &described().document;
    for event in minutebook_events::EventType::ALL {
        let name = format!("event.{}", event.name());
        assert!(
            document["components"]["schemas"].get(&name).is_some(),
            "{name}"
        );
    }
    for kind in Kind::ALL {
        let example = format!(
            "/components/responses/{}/content/application~1problem+json/examples/{}/value/type",
            kind.slug(),
            kind.slug()
        );
        assert_eq!(document.pointer(&example).unwrap(), &kind.uri());
    }
}

#[test]
fn what_is_taken_and_given_alike_is_described_alike() {
    let mut schemas = Schemas::new();
    for route in routes::all() {
        operation::described(&route, &mut schemas);
    }
    assert_eq!(schemas.at_odds(), Vec::<String>::new());
}

/// Held against the router as it answers, and not against the list from which both are made.
#[tokio::test]
async fn each_address_takes_the_methods_that_are_described_and_no_others() {
    use axum::body::Body;
    use axum::http::{Request, StatusCode, header};
    use tower::ServiceExt as _;

    let server = crate::Server::new(Vec::new(), crate::Settings::default(), Arc::new(|| 0));
    let router = crate::router(server);
    for (path, methods) in described().document["paths"].as_object().unwrap() {
        let place = path.replace(['{', '}'], "");
        let request = Request::builder().method("TRACE").uri(&place);
        let request = request.body(Body::empty()).unwrap();
        let answer = router.clone().oneshot(request).await.unwrap();
        assert_eq!(answer.status(), StatusCode::METHOD_NOT_ALLOWED, "{path}");
        let allowed = answer.headers()[header::ALLOW].to_str().unwrap().split(',');
        let allowed: BTreeSet<String> = allowed.map(str::to_ascii_lowercase).collect();
        let mut described: BTreeSet<String> =
            methods.as_object().unwrap().keys().cloned().collect();
        if described.contains("get") {
            described.insert("head".into());
        }
        assert_eq!(allowed, described, "{path}");
    }
}
