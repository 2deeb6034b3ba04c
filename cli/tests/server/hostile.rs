//! Requests that mean harm, or are broken: each gets its answer, and the server goes on.

use std::io::{BufReader, Write as _};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::http::{Client, Reply, broken_off, connect, raw, read_reply};
use super::office::{LEDGER, Office};
use super::served::Served;

mod signed;

const AT: &str = "/v1/ledgers/live";
const ENTRIES: &str = "/v1/ledgers/live/entries";
const JSON: (&str, &str) = ("Content-Type", "application/json");

/// A server that is asked something bad, and something good after it.
struct Target {
    served: Served,
    good: Client,
}

impl Target {
    fn of(office: &Office, options: &[&str]) -> Self {
        let served = Served::start(&office.folder(), options);
        let good = served.client();
        Self { served, good }
    }

    fn address(&self) -> SocketAddr {
        self.served.address
    }

    /// The server answers as ever.
    fn goes_on(&mut self) {
        assert_eq!(self.good.get(AT).status, 200);
    }

    /// Bytes are refused in this way; an empty `slug` is a refusal by the HTTP layer, without a body.
    fn refuses(&mut self, request: impl AsRef<[u8]>, status: u16, slug: &str) -> Reply {
        let said = String::from_utf8_lossy(request.as_ref());
        let said: String = said.chars().take(200).collect();
        let reply = raw(self.address(), &request).unwrap_or_else(|error| panic!("{said}: {error}"));
        self.check(&said, &reply, status, slug);
        reply
    }

    fn refuses_get(&mut self, target: &str, headers: &str, status: u16, slug: &str) -> Reply {
        let head = format!("GET {target} HTTP/1.1\r\nHost: board.example\r\n{headers}\r\n");
        self.refuses(head, status, slug)
    }

    fn refuses_post(
        &mut self,
        target: &str,
        headers: &[(&str, &str)],
        body: &[u8],
        status: u16,
        slug: &str,
    ) -> Reply {
        let mut client = self.served.client();
        let reply = client.send("POST", target, headers, body).unwrap();
        let said: String = String::from_utf8_lossy(body).chars().take(200).collect();
        self.check(
            &format!("{target} {headers:?} {said}"),
            &reply,
            status,
            slug,
        );
        reply
    }

    fn check(&mut self, said: &str, reply: &Reply, status: u16, slug: &str) {
        assert_eq!(reply.status, status, "{said}\n{reply:?}\n{}", reply.text());
        if slug.is_empty() {
            assert!(reply.body.is_empty(), "{said}: {}", reply.text());
        } else {
            assert_eq!(reply.problem(), slug, "{said}: {}", reply.text());
            assert!(
                reply.body.len() < 2048,
                "{said}: it quotes too much: {}",
                reply.text()
            );
        }
        assert!(reply.header("x-evil").is_none(), "{said}");
        self.goes_on();
    }
}

#[test]
fn requests_that_come_slowly_or_never_whole_end_in_time() {
    let office = Office::open();
    let options = ["--head-timeout", "1", "--body-timeout", "1"];
    let mut target = Target::of(&office, &options);
    let post = |length: usize, body: &str| {
        format!(
            "POST {ENTRIES} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n\
             Content-Length: {length}\r\n\r\n{body}"
        )
    };
    let reply = broken_off(target.address(), &post(500, "{\"submissions\"")).unwrap();
    target.check("a body that breaks off", &reply, 400, "malformed");

    let began = Instant::now();
    let mut stream = connect(target.address()).unwrap();
    stream
        .write_all(post(500, "{\"submissions\"").as_bytes())
        .unwrap();
    let reply = read_reply(&mut BufReader::new(stream), "POST").unwrap();
    target.check("a slow body", &reply, 408, "too-slow");

    // A head that never ends, and a connection on which nothing comes, are closed.
    for head in ["GET /v1/ledgers HTTP/1.1\r\nHost: a\r\nX-Slow: ", ""] {
        let mut stream = connect(target.address()).unwrap();
        stream.write_all(head.as_bytes()).unwrap();
        let closed = read_reply(&mut BufReader::new(stream), "GET");
        assert!(
            closed.as_ref().map_or(true, |reply| reply.status == 408),
            "{head:?}: {closed:?}"
        );
        target.goes_on();
    }
    // Three times a second, and room for a machine that is busy.
    assert!(
        began.elapsed() < Duration::from_secs(20),
        "{:?}",
        began.elapsed()
    );
    target.served.end();
}

#[test]
fn addresses_queries_and_headers_that_make_no_sense_are_refused() {
    let office = Office::open();
    let mut target = Target::of(&office, &[]);
    let long = "a".repeat(5000);
    for (address, status, slug) in [
        ("/v1/ledgers/..%2f..%2fetc%2fpasswd", 404, "not-found"),
        ("/v1/ledgers/../../etc/passwd", 404, "not-found"),
        ("/v1/ledgers/%00", 404, "not-found"),
        ("/v1/ledgers/%ff%fe", 400, "malformed"),
        (
            "/v1/ledgers/live/decisions/..%2f..%2fboard",
            404,
            "not-found",
        ),
        ("/v1/ledgers/live/decisions/%00", 404, "not-found"),
        ("/v1/ledgers/live/decisions/%ff", 400, "malformed"),
        (
            "/v1/ledgers/live/decisions/a%0d%0aX-Evil:%201",
            404,
            "not-found",
        ),
        (
            "/v1/ledgers/live/history/decision/a%0d%0aX-Evil:%201",
            404,
            "not-found",
        ),
        ("/v1/ledgers/live/history/nonsense/a", 404, "not-found"),
        ("/v1/ledgers/live/entries/-1", 404, "not-found"),
        ("/v1/ledgers/live/entries/00", 404, "not-found"),
        (
            "/v1/ledgers/live/entries/99999999999999999999",
            404,
            "not-found",
        ),
        ("/v1/ledgers/live/entries/0/sealed/zz", 403, "withheld"),
        (
            "/v1/ledgers/live/documents/by-digest/..%2fledger.json",
            404,
            "not-found",
        ),
        ("/v1/ledgers/live/documents/by-digest/zz", 404, "not-found"),
        ("/log/live/tile/..%2f..%2fledger.json", 404, "not-found"),
        ("/log/live/tile/../../../keys/log.pem", 404, "not-found"),
        ("/log/live/tile/0/%00", 404, "not-found"),
        ("/log/live/tile/0/%ff", 400, "malformed"),
        ("/log/live/tile/0/x000/000", 404, "not-found"),
        ("/log/live/tile/64/000", 404, "not-found"),
        ("/log/live/tile/0/000.p/0", 404, "not-found"),
        ("/log/live/tile/0/000.p/256", 404, "not-found"),
        (
            "/log/live/tile/entries/18446744073709551615",
            404,
            "not-found",
        ),
        ("/nowhere", 404, "not-found"),
        ("/v1/ledgers/live/decisions?nonsense=1", 400, "malformed"),
        (
            "/v1/ledgers/live/decisions?limit=1&limit=2",
            400,
            "malformed",
        ),
        ("/v1/ledgers/live/decisions?limit=0", 400, "malformed"),
        (
            "/v1/ledgers/live/decisions?limit=99999999999999999999",
            400,
            "malformed",
        ),
        ("/v1/ledgers/live/decisions?limit=-1", 400, "malformed"),
        ("/v1/ledgers/live/decisions?format=exe", 400, "malformed"),
        (
            "/v1/ledgers/live/decisions?body=body/a%0d%0aX-Evil:%201",
            400,
            "malformed",
        ),
        ("/v1/ledgers/live/decisions?body=%ff", 400, "malformed"),
        ("/v1/ledgers/live/decisions?known_at=%ff", 400, "malformed"),
        (
            "/v1/ledgers/live/decisions?effective_at=99999-01-01",
            400,
            "malformed",
        ),
        (
            "/v1/ledgers/live/decisions?on=yesterday%0d%0aX-Evil:1",
            400,
            "malformed",
        ),
        ("/v1/ledgers/live/decisions?width=70000", 400, "malformed"),
        ("/v1/ledgers/live/search", 400, "malformed"),
        (
            "/v1/ledgers/live/search?q=a&kind=nonsense",
            400,
            "malformed",
        ),
        (
            "/v1/ledgers/live/entries?after=1&before=2",
            400,
            "malformed",
        ),
        ("/v1/ledgers/live/entries?signer=%0d%0a", 400, "malformed"),
        ("/v1/ledgers/live/entries?type=Nonsense", 400, "malformed"),
        ("/v1/ledgers/live/events?after=x", 400, "malformed"),
        (
            "/v1/ledgers/live/events?after=18446744073709551615",
            400,
            "malformed",
        ),
    ] {
        target.refuses_get(address, "", status, slug);
    }
    target.refuses_get(&format!("/v1/ledgers/{long}"), "", 404, "not-found");
    target.refuses_get(&format!("{AT}/decisions/{long}"), "", 404, "not-found");
    target.refuses_get(
        &format!("{AT}/decisions?known_at={long}"),
        "",
        400,
        "malformed",
    );
    for (header, status, slug) in [
        ("Last-Event-ID: abc\r\n", 400, "malformed"),
        ("Last-Event-ID: -1\r\n", 400, "malformed"),
        ("Last-Event-ID: 99999999999999999999\r\n", 400, "malformed"),
        ("Last-Event-ID: 4000000000\r\n", 400, "malformed"),
        ("Authorization: Bearer nonsense\r\n", 401, "sign-in-needed"),
    ] {
        target.refuses_get(&format!("{AT}/events"), header, status, slug);
    }
    target.refuses_get(
        &format!("{AT}/decisions"),
        "Accept: image/png\r\n",
        406,
        "not-acceptable",
    );
    // What says nothing is as if it were not there.
    for header in ["Accept: ;;;,,\r\n", "Cookie: ;=;minutebook_session=\r\n"] {
        let head = format!("GET {AT}/decisions HTTP/1.1\r\nHost: a\r\n{header}\r\n");
        assert_eq!(raw(target.address(), head).unwrap().status, 200, "{header}");
    }
    let head = [
        b"GET /v1/ledgers/live/decisions HTTP/1.1\r\nHost: a\r\nAccept: \xff\xfe\r\n\
                  If-None-Match: \xff\r\nAuthorization: Bearer \xff\r\n\r\n" as &[u8],
    ];
    assert_eq!(raw(target.address(), head.concat()).unwrap().status, 200);
    target.served.end();
}

#[test]
fn what_is_no_http_is_refused_and_what_is_unusual_is_answered() {
    let office = Office::open();
    let mut target = Target::of(&office, &[]);
    let many = (0..100)
        .map(|n| format!("X-{n}: 1\r\n"))
        .collect::<String>();
    for (request, status) in [
        ("\x16\x03\x01\x02\x00\x01\x00\x01\r\n\r\n".to_owned(), 400),
        ("GET / HTTP/9.9\r\n\r\n".to_owned(), 400),
        ("GET /a b HTTP/1.1\r\nHost: a\r\n\r\n".to_owned(), 400),
        (
            "GET / HTTP/1.1\r\nHost: a\r\nBad Header: 1\r\n\r\n".to_owned(),
            400,
        ),
        (
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef"
                .to_owned(),
            400,
        ),
        (
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n".to_owned(),
            400,
        ),
        (format!("GET / HTTP/1.1\r\nHost: a\r\n{many}\r\n"), 431),
        (
            format!("GET /?{} HTTP/1.1\r\nHost: a\r\n\r\n", "q".repeat(20_000)),
            431,
        ),
    ] {
        target.refuses(request, status, "");
    }
    let reply = raw(target.address(), format!("GET {AT} HTTP/1.0\r\n\r\n")).unwrap();
    assert_eq!(reply.status, 200);

    // Two requests in one piece get two answers, in their order.
    let mut stream = connect(target.address()).unwrap();
    let get = |address: &str| format!("GET {address} HTTP/1.1\r\nHost: a\r\n\r\n");
    stream
        .write_all(format!("{}{}", get("/healthz"), get(AT)).as_bytes())
        .unwrap();
    let mut stream = BufReader::new(stream);
    assert_eq!(read_reply(&mut stream, "GET").unwrap().text(), "ok\n");
    assert_eq!(
        read_reply(&mut stream, "GET").unwrap().json()["name"],
        LEDGER
    );

    let got = target.good.get(AT);
    let head = target.good.send("HEAD", AT, &[], b"").unwrap();
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert_eq!(head.header("etag"), got.header("etag"));
    for method in ["OPTIONS", "PUT", "PATCH", "TRACE", "BREW", "DELETE"] {
        let request = format!("{method} {AT} HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
        let reply = target.refuses(request, 405, "method-not-allowed");
        assert_eq!(reply.header("allow"), Some("GET,HEAD"), "{method}");
    }
    target.served.end();
}

#[test]
fn bodies_that_are_too_much_or_not_json_are_refused() {
    let office = Office::open();
    let mut target = Target::of(&office, &[]);
    let empty = json!({"statement": "", "disclosures": []});
    let sent = |one: Value| json!({ "submissions": [one] }).to_string();
    let of = |bytes: usize| STANDARD.encode(vec![7; bytes]);
    let plain = ("Content-Type", "text/plain");
    for (headers, status, slug) in [
        (vec![], 415, "unsupported-type"),
        (vec![plain], 415, "unsupported-type"),
        (
            vec![("Content-Type", "application/json\u{e9}")],
            415,
            "unsupported-type",
        ),
        (
            vec![JSON, ("Content-Encoding", "gzip")],
            415,
            "unsupported-type",
        ),
        (
            vec![JSON, ("Content-Encoding", "br, identity")],
            415,
            "unsupported-type",
        ),
    ] {
        // The beginning of a gzip file: a bomb is not even looked at.
        target.refuses_post(ENTRIES, &headers, b"\x1f\x8b\x08\x00bomb", status, slug);
    }
    let deep = format!("{{\"submissions\":{}", "[".repeat(100_000));
    let deep_value = format!("{{\"x\":{}", "[".repeat(100_000));
    for body in [
        "[".repeat(100_000).as_str(),
        deep.as_str(),
        deep_value.as_str(),
        "{\"submissions\":[],\"submissions\":[]}",
        "{\"submissions\":[],\"more\":1}",
        "{\"submissions\":[]}",
        "{\"submissions\":[{\"statement\":\"\",\"disclosures\":[],\"x\":1}]}",
        "{\"submissions\":[{\"statement\":\"\",\"statement\":\"\",\"disclosures\":[]}]}",
        "{\"submissions\":[{\"statement\":\"\"}]}",
        "{\"submissions\":{}}",
        "null",
        "",
        "{\"submissions\":[{\"statement\":\"\u{0}\",\"disclosures\":[]}]}",
        sent(json!({"statement": "%%%", "disclosures": []})).as_str(),
        sent(json!({"statement": of(64), "disclosures": [of(64)]})).as_str(),
        sent(empty.clone()).as_str(),
    ] {
        target.refuses_post(ENTRIES, &[JSON], body.as_bytes(), 400, "malformed");
    }
    let not_utf8 = b"{\"submissions\":[{\"statement\":\"\xff\xfe\",\"disclosures\":[]}]}";
    target.refuses_post(ENTRIES, &[JSON], not_utf8, 400, "malformed");
    let batch = json!({"submissions": vec![empty; 1001]}).to_string();
    for body in [
        batch.as_str(),
        sent(json!({"statement": of(5000), "disclosures": [of(64)]})).as_str(),
    ] {
        target.refuses_post(ENTRIES, &[JSON], body.as_bytes(), 413, "too-large");
    }
    // The length is believed before anything has come, and not needed where it is not told.
    let head = format!("POST {ENTRIES} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n");
    target.refuses(
        format!("{head}Content-Length: 99999999999\r\n\r\n"),
        413,
        "too-large",
    );
    let mut chunked = format!("{head}Transfer-Encoding: chunked\r\n\r\n").into_bytes();
    for _ in 0..16 {
        chunked.extend_from_slice(b"100000\r\n");
        chunked.resize(chunked.len() + (1 << 20), b' ');
        chunked.extend_from_slice(b"\r\n");
    }
    chunked.extend_from_slice(b"1\r\n \r\n");
    target.refuses(chunked, 413, "too-large");
    target.served.end();
}
