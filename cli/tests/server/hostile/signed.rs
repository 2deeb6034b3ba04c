//! What is signed, and should not be taken: submissions and answers to challenges.

use minutebook_events::Role;
use minutebook_ledger::disclosure::{self, Disclosure};
use minutebook_ledger::{Statement, Submission};
use serde_json::Value;

use super::super::office::{LEDGER, ORIGIN, Office, milestone};
use super::super::signing::{Officer, ask_challenge, body, now, seen};
use super::{AT, ENTRIES, JSON, Target};

/// What the secretary signs, changed and signed again.
fn forged(officer: &Officer, sent: &Submission, content: Vec<u8>) -> Submission {
    let envelope = Disclosure {
        salt: [3; 32],
        content_type: disclosure::EVENT.into(),
        body: content,
    };
    let bytes = envelope.encode();
    let mut claims = Statement::parse(&sent.statement).unwrap().claims().clone();
    claims.digest = disclosure::digest(&bytes);
    let statement = Statement::sign(ORIGIN, &claims, &officer.key).unwrap();
    Submission {
        statement: statement.bytes().to_vec(),
        disclosures: vec![bytes],
    }
}

#[test]
fn submissions_that_nobody_should_make_are_refused_and_leave_no_trace() {
    let office = Office::open();
    office
        .desk
        .good("init --ledger other --origin board.example/other --unencrypted --key other.pem");
    let mut target = Target::of(&office, &[]);
    let (secretary, lead) = (office.secretary(), office.lead());
    let seen = seen(&mut target.good, LEDGER);
    let event = || milestone(Role::Secretary, "one");
    let good = secretary.sign(ORIGIN, event(), seen);

    let mut altered = good.clone();
    *altered.statement.last_mut().unwrap() ^= 1;
    let mut other_content = good.clone();
    other_content.disclosures[0][20] ^= 1;
    let mut more = good.clone();
    more.disclosures = vec![good.disclosures[0].clone(); 256];
    let mut larger = good.clone();
    larger.disclosures[0] = vec![1; (64 << 10) + 1];
    let stranger = Officer {
        person: secretary.person.clone(),
        key: minutebook_keys::SigningKey::from_seed(&[77; 32]),
    };
    let borrowed = Officer {
        person: lead.person.clone(),
        key: minutebook_keys::SigningKey::from_seed(&[78; 32]),
    };
    let nested = [vec![0x81; 60_000], vec![0x80]].concat();
    // Nested maps and tags, and arrays of a claimed length that never comes.
    let tagged = [vec![0xc1; 60_000], vec![0x00]].concat();
    let claimed = vec![0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
    for (what, sent, status, slug) in [
        (
            "another ledger's",
            secretary.sign("board.example/other", event(), seen),
            400,
            "wrong-ledger",
        ),
        ("altered", altered, 400, "bad-signature"),
        ("other content", other_content, 400, "malformed"),
        ("too many parts", more, 413, "too-large"),
        ("too large a part", larger, 413, "too-large"),
        ("deep", forged(secretary, &good, nested), 400, "malformed"),
        (
            "deep tags",
            forged(secretary, &good, tagged),
            400,
            "malformed",
        ),
        (
            "claimed length",
            forged(secretary, &good, claimed),
            400,
            "malformed",
        ),
        (
            "nothing",
            forged(secretary, &good, Vec::new()),
            400,
            "malformed",
        ),
        (
            "unknown key",
            stranger.sign(ORIGIN, event(), seen),
            403,
            "unknown-key",
        ),
        (
            "unknown key of another",
            borrowed.sign(ORIGIN, event(), seen),
            403,
            "unknown-key",
        ),
        (
            "another's role",
            lead.sign(ORIGIN, event(), seen),
            403,
            "not-authorised",
        ),
        (
            "long ago",
            secretary.sign_at(ORIGIN, event(), seen, now() - 5000),
            422,
            "stale",
        ),
        (
            "in the future",
            secretary.sign_at(ORIGIN, event(), seen, now() + 5000),
            422,
            "stale",
        ),
    ] {
        let alone = body([&sent]).to_string();
        let reply = target.refuses_post(ENTRIES, &[JSON], alone.as_bytes(), status, slug);
        assert_eq!(reply.json()["index"], 0, "{what}: {}", reply.text());
        // In a batch, the good one does not enter either, and the refusal says which it was.
        let both = body([&good, &sent]).to_string();
        let reply = target.refuses_post(ENTRIES, &[JSON], both.as_bytes(), status, slug);
        assert_eq!(reply.json()["index"], 1, "{what}: {}", reply.text());
    }
    let wrong = "/v1/ledgers/other/entries";
    let sent = body([&good]).to_string();
    target.refuses_post(wrong, &[JSON], sent.as_bytes(), 400, "wrong-ledger");

    assert_eq!(target.good.json(AT)["size"], seen.size, "something entered");
    let entered = target.good.post(ENTRIES, &body([&good]));
    assert_eq!(entered.status, 201, "{}", entered.text());
    let location = format!("{ENTRIES}/{}", seen.size);
    assert_eq!(entered.header("location"), Some(location.as_str()));
    let again = target.good.post(ENTRIES, &body([&good])).json();
    assert_eq!(again["entries"][0]["repeated"], true);
    target.served.end();
    office.desk.good("verify minutebook-data");
}

#[test]
fn a_sign_in_is_good_once_at_one_address_in_one_ledger() {
    let office = Office::open();
    office
        .desk
        .good("init --ledger other --origin board.example/other --unencrypted --key other.pem");
    let mut target = Target::of(&office, &[]);
    let (lead, mut client) = (office.lead(), target.served.client());
    let challenge = ask_challenge(&mut client, LEDGER);
    let elsewhere = ask_challenge(&mut client, "other");
    let here = challenge["addresses"][0].as_str().unwrap().to_owned();

    let mut passed_on = lead.answer(&challenge, "http://evil.example");
    let refusal = |target: &mut Target, answer: &Value, status, slug: &str| {
        let body = answer.to_string();
        target.refuses_post(
            &format!("{AT}/session"),
            &[JSON],
            body.as_bytes(),
            status,
            slug,
        )
    };
    refusal(&mut target, &passed_on, 401, "sign-in-refused");
    // What was signed for another address does not fit this one either.
    passed_on["address"] = here.clone().into();
    refusal(&mut target, &passed_on, 401, "sign-in-refused");
    refusal(
        &mut target,
        &lead.answer(&elsewhere, &here),
        401,
        "sign-in-refused",
    );
    let mut crossed = elsewhere.clone();
    crossed["origin"] = ORIGIN.into();
    refusal(
        &mut target,
        &lead.answer(&crossed, &here),
        401,
        "sign-in-refused",
    );
    let stranger = Officer {
        person: lead.person.clone(),
        key: minutebook_keys::SigningKey::from_seed(&[79; 32]),
    };
    refusal(
        &mut target,
        &stranger.answer(&challenge, &here),
        401,
        "sign-in-refused",
    );
    let good = lead.answer(&challenge, &here);
    for (field, value) in [("kid", "zz"), ("signature", "zz"), ("signature", "AAAA")] {
        let mut broken = good.clone();
        broken[field] = value.into();
        refusal(&mut target, &broken, 400, "malformed");
    }
    let mut broken = good.clone();
    broken["challenge"] = "A".repeat(100_000).into();
    refusal(&mut target, &broken, 401, "sign-in-refused");

    let reply = client.post(&format!("{AT}/session"), &good);
    assert_eq!(reply.status, 201, "{}", reply.text());
    refusal(&mut target, &good, 401, "sign-in-refused");
    // The session is good for this ledger alone.
    let token = reply.json()["token"].as_str().unwrap().to_owned();
    let bearer = format!("Authorization: Bearer {token}\r\n");
    target.refuses_get("/v1/ledgers/other", &bearer, 401, "sign-in-needed");
    client.token = Some(token);
    assert_eq!(client.json(&format!("{AT}/session"))["reads"], "public");
    target.served.end();
}
