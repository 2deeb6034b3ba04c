//! Ten thousand connections on which nothing comes.

use std::io::Read as _;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use super::http::{Client, connect};
use super::office::Office;
use super::served::Served;

/// How many connections are tried, where the system lets a process have so many.
const MANY: usize = 10_000;

/// Open files that the test itself needs beside them.
const OTHERS: usize = 600;

/// The most memory that they may cost, each, in KiB.
const EACH: u64 = 32;

/// How many connections this process may have open, after it asked for as many as it may.
fn room() -> usize {
    let limit = getrlimit(Resource::Nofile);
    let most = limit.maximum.unwrap_or(1 << 20);
    let raised = Rlimit {
        current: Some(most),
        maximum: limit.maximum,
    };
    setrlimit(Resource::Nofile, raised).unwrap();
    MANY.min(usize::try_from(most).unwrap().saturating_sub(OTHERS))
}

#[test]
fn connections_that_say_nothing_cost_little_and_are_limited() {
    let many = room();
    assert!(
        many >= 400,
        "only {many} open files are allowed here: too few to see anything"
    );
    let office = Office::open();
    let limit = many.to_string();
    let options = ["--connections", limit.as_str(), "--head-timeout", "100"];
    let served = Served::start(&office.folder(), &options);
    let mut client = served.client();
    assert_eq!(client.get("/healthz").status, 200);
    let before = served.resident();

    // One place is the client's own.
    let idle: Vec<TcpStream> = (1..many)
        .map(|_| connect(served.address).unwrap())
        .collect();
    // A connection is taken a moment after it is made; the server's own count says when.
    wait_until(&mut client, |open| open >= many as u64);
    let cost = served.resident().saturating_sub(before);
    assert!(
        cost < EACH * many as u64,
        "{cost} KiB for {many} connections"
    );
    assert_eq!(client.get("/v1/ledgers/live").status, 200);

    // The next ones are closed without an answer.
    for _ in 0..20 {
        let mut refused = connect(served.address).unwrap();
        refused
            .set_read_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        let closed = refused.read(&mut [0; 8]);
        assert!(
            matches!(&closed, Ok(0))
                || closed
                    .as_ref()
                    .is_err_and(|error| error.kind() == std::io::ErrorKind::ConnectionReset),
            "{closed:?}"
        );
    }
    // Places that come free are given again.
    drop(idle);
    wait_until(&mut client, |open| open <= 1);
    assert_eq!(served.client().get("/v1/ledgers/live").status, 200);
    drop(client);
    served.end();
}

/// Asks until the server counts so many connections. Whoever waits too long fails the test.
fn wait_until(client: &mut Client, enough: impl Fn(u64) -> bool) {
    let began = Instant::now();
    while !enough(gauge(&client.get("/metrics").text())) {
        assert!(
            began.elapsed() < Duration::from_secs(60),
            "the count stays as it is"
        );
    }
}

/// How many connections the server counts.
fn gauge(metrics: &str) -> u64 {
    let line = metrics
        .lines()
        .find(|line| line.starts_with("minutebook_connections "));
    let number = line.and_then(|line| line.rsplit(' ').next());
    number
        .unwrap_or_else(|| panic!("{metrics}"))
        .parse()
        .unwrap()
}
