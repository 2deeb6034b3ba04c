//! An end in good order: what was begun is finished, and nothing is left to be put right.

use std::sync::mpsc::channel;

use minutebook_events::Role;
use minutebook_ledger::store::Store as _;
use minutebook_ledger::store::sled::SledStore;

use super::http::{Client, Tail};
use super::office::{LEDGER, ORIGIN, Office, milestone};
use super::served::Served;
use super::signing::{body, seen};

const AT: &str = "/v1/ledgers/live";

/// After so many answers the server is told to end, in the middle of more.
const ANSWERS: usize = 40;

#[test]
fn a_server_that_is_told_to_end_finishes_what_it_began() {
    let office = Office::open();
    let served = Served::start(&office.folder(), &[]);
    let address = served.address;
    let first = seen(&mut served.client(), LEDGER).size;
    let mut tail = Tail::open(address, &format!("{AT}/events"), &[]).unwrap();
    let (tell, told) = channel();
    let acknowledged = std::thread::scope(|scope| {
        let mut hands = Vec::new();
        for (role, officer) in [
            (Role::Secretary, office.secretary()),
            (Role::Lead, office.lead()),
        ] {
            let tell = tell.clone();
            hands.push(scope.spawn(move || {
                let mut client = Client::new(address);
                let seen = seen(&mut client, LEDGER);
                let mut done = Vec::new();
                loop {
                    let event = milestone(role, &format!("{}-{}", role.name(), done.len()));
                    let sent = officer.sign(ORIGIN, event, seen);
                    // An answer is whole, or there is none.
                    let Ok(reply) = client.try_post(&format!("{AT}/entries"), &body([&sent]))
                    else {
                        return done;
                    };
                    assert_eq!(reply.status, 201, "{}", reply.text());
                    let place = reply.json()["entries"][0]["position"].as_u64().unwrap();
                    done.push((place, sent.statement));
                    let _ = tell.send(());
                }
            }));
        }
        for _ in 0..ANSWERS {
            told.recv().unwrap();
        }
        served.ask_to_end();
        let hands = hands.into_iter().flat_map(|hand| hand.join().unwrap());
        hands.collect::<Vec<_>>()
    });
    // The tail ends as a whole, after all or some of the entries.
    let mut watched = first;
    while let Some(event) = tail.next().unwrap() {
        assert_eq!(event.id, watched.to_string());
        watched += 1;
    }
    assert!(watched > first);
    let (status, log) = served.ended();
    assert_eq!(status.code(), Some(0), "{log}");

    let (store, notices) = SledStore::open(&office.desk.path("minutebook-data/live")).unwrap();
    assert!(notices.is_empty(), "{notices:?}");
    for (place, statement) in &acknowledged {
        let record = store.read(*place..*place + 1).unwrap().remove(0);
        assert_eq!(record.entry, *statement);
    }
    assert!(acknowledged.len() >= ANSWERS);
    drop(store);
    office.desk.good("verify minutebook-data");
}
