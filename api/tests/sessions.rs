//! How long a session lives, and what ends it sooner.
#![allow(clippy::unwrap_used)]

mod common;

use common::{AT, Api, event};
use minutebook_api::session::{CHALLENGE_SECONDS, SESSION_SECONDS};
use serde_json::json;

fn session() -> String {
    format!("{AT}/session")
}

#[tokio::test]
async fn a_challenge_and_a_session_end_by_the_clock() {
    let api = Api::new();
    let challenge = api.challenge().await;
    api.pass(CHALLENGE_SECONDS - 1);
    let reply = api.answer(&api.lead, &challenge).await;
    assert_eq!(reply.status, 201);
    let cookie = reply.header("set-cookie");
    for part in [
        "HttpOnly",
        "SameSite=Strict",
        "Secure",
        "Path=/",
        "Max-Age=3600",
    ] {
        assert!(cookie.contains(part), "{cookie}");
    }
    let token = reply.json()["token"].as_str().unwrap().to_owned();
    api.pass(SESSION_SECONDS - 1);
    let here = api.get_as(&token, &session()).await;
    assert_eq!(here.status, 200);
    assert!(here.json().get("token").is_none());
    api.pass(1);
    assert_eq!(
        api.get_as(&token, &session()).await.problem(),
        "sign-in-needed"
    );
    assert_eq!(
        api.get_as(&token, AT).await.problem(),
        "sign-in-needed",
        "a bearer is to know"
    );
    let cookie = format!("minutebook_session={token}");
    let page = api.ask("GET", AT, &[("cookie", cookie.as_str())], "").await;
    assert_eq!(
        page.status, 200,
        "a page goes on as for whoever is signed out"
    );

    let late = api.challenge().await;
    api.pass(CHALLENGE_SECONDS);
    assert_eq!(
        api.answer(&api.lead, &late).await.problem(),
        "sign-in-refused"
    );
}

#[tokio::test]
async fn signing_out_ends_the_session_at_once() {
    let api = Api::new();
    let token = api.sign_in(&api.lead).await;
    let bearer = format!("Bearer {token}");
    let out = api
        .ask(
            "DELETE",
            &session(),
            &[("authorization", bearer.as_str())],
            "",
        )
        .await;
    assert_eq!(out.status, 204);
    assert!(out.header("set-cookie").contains("Max-Age=0"));
    assert_eq!(api.get_as(&token, AT).await.problem(), "sign-in-needed");
    assert_eq!(api.ask("DELETE", &session(), &[], "").await.status, 204);
}

#[tokio::test]
async fn a_revoked_key_ends_its_sessions_and_signs_in_no_more() {
    let api = Api::new();
    let (theirs, mine) = (
        api.sign_in(&api.lead).await,
        api.sign_in(&api.secretary).await,
    );
    let revoked = json!({"type": "SigningKeyRevoked", "subject": api.lead.person.subject().to_string(),
        "kid": api.lead.key.kid().to_string(), "cause": "compromised", "reason": "stolen"});
    api.record(&api.registrar, event(&api.registrar, revoked))
        .await;
    assert_eq!(api.get_as(&theirs, AT).await.problem(), "sign-in-needed");
    assert_eq!(api.get_as(&mine, AT).await.status, 200);
    let reply = api.answer(&api.lead, &api.challenge().await).await;
    assert_eq!(reply.problem(), "sign-in-refused");
    // The figure that an alert watches.
    let figures = String::from_utf8(api.get("/metrics").await.body).unwrap();
    assert!(figures.contains("\nminutebook_sign_ins_refused_total 1\n"));
}

#[tokio::test]
async fn who_loses_a_role_reads_no_more_than_the_others_allow() {
    let api = Api::new();
    let hush = json!({"type": "DecisionForeseen", "subject": "decision/hush", "title": "Hush",
        "confidentiality": "part-2"});
    api.record(&api.secretary, event(&api.secretary, hush))
        .await;
    let token = api.sign_in(&api.secretary).await;
    let decision = format!("{AT}/decisions/hush");
    let told = api.get_as(&token, &decision).await;
    assert_eq!(told.status, 200, "{told:?}");
    assert_eq!(api.get(&decision).await.status, 404);
    let ended = json!({"type": "RoleEnded", "subject": api.secretary.person.subject().to_string(),
        "role": "secretary", "reason": "left"});
    api.record(&api.registrar, event(&api.registrar, ended))
        .await;
    let known = [
        ("authorization", format!("Bearer {token}")),
        ("if-none-match", told.header("etag").to_owned()),
    ];
    let known = known
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    assert_eq!(
        api.ask("GET", &decision, &known, "").await.problem(),
        "not-found"
    );
    assert_eq!(
        api.get_as(&token, &session()).await.json()["reads"],
        "public"
    );
}

#[tokio::test]
async fn tries_to_sign_in_are_limited_and_come_back_with_time() {
    let api = Api::new();
    let (target, nothing) = (format!("{AT}/challenges"), json!({}));
    let ask = || api.post(&target, &nothing);
    let mut given = 0;
    let refused = loop {
        let reply = ask().await;
        if reply.status != 201 {
            break reply;
        }
        given += 1;
        assert!(given < 100);
    };
    assert_eq!(
        (refused.status.as_u16(), refused.problem().as_str()),
        (429, "too-many-requests")
    );
    let wait: i64 = refused.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    assert_eq!(api.get(AT).await.status, 200, "reading goes on");
    api.pass(wait);
    assert_eq!(ask().await.status, 201);
    assert_eq!(ask().await.status, 429);
}
