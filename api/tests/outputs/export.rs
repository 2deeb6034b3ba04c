//! The auditor's bundle as a stream.

use std::path::Path;

use axum::http::StatusCode;
use minutebook_ledger::bundle::{Bundle, Manifest};

use crate::common::{Api, Reply};
use crate::desk::ledger;

fn unpacked(answer: &Reply, into: &Path) -> Manifest {
    tar::Archive::new(&answer.body[..]).unpack(into).unwrap();
    let mut folders = std::fs::read_dir(into).unwrap();
    let folder = folders.next().unwrap().unwrap();
    assert!(
        folders.next().is_none(),
        "one folder, and nothing beside it"
    );
    Bundle::open(&folder.path()).unwrap();
    let manifest = std::fs::read(folder.path().join("MANIFEST.json")).unwrap();
    serde_json::from_slice(&manifest).unwrap()
}

#[tokio::test]
async fn each_reader_is_given_what_they_may_read() {
    let ledger = ledger();
    let size = ledger.log.published().head.size;
    let desk = Api::over(ledger);
    let public = desk.get("/v1/ledgers/test/export").await;
    assert_eq!(public.status, StatusCode::OK);
    assert_eq!(public.header("content-type"), "application/x-tar");
    let name = format!("attachment; filename=test-{size}.tar");
    assert_eq!(public.header("content-disposition"), name);
    let secret = b"Sell the land";
    let holds = |answer: &Reply| {
        answer
            .body
            .windows(secret.len())
            .any(|bytes| bytes == secret)
    };
    assert!(!holds(&public));
    let names = b"The secretary";
    assert!(!public.body.windows(names.len()).any(|bytes| bytes == names));
    let token = desk.sign_in(&desk.secretary).await;
    let signed = desk.get_as(&token, "/v1/ledgers/test/export").await;
    assert!(holds(&signed));
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let public = unpacked(&public, folders[0].path());
    let signed = unpacked(&signed, folders[1].path());
    assert_eq!(public.size, size);
    assert!(public.counts.withheld > signed.counts.withheld);
}

#[tokio::test]
async fn the_same_record_gives_the_same_archive_and_one_is_made_at_a_time() {
    let desk = Api::over(ledger());
    let first = desk.get("/v1/ledgers/test/export").await;
    assert!(desk.get("/v1/ledgers/test/export").await.body == first.body);
    // An archive that is larger than what is on its way keeps its turn until it is taken.
    let held = desk.server.exports.clone().acquire_owned().await.unwrap();
    let busy = desk.get("/v1/ledgers/test/export").await;
    assert_eq!(busy.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(busy.headers.contains_key("retry-after"));
    drop(held);
    assert_eq!(
        desk.get("/v1/ledgers/test/export").await.status,
        StatusCode::OK
    );
}
