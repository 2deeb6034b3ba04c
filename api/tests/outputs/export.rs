//! The auditor's bundle as a stream.

use std::path::Path;

use axum::http::StatusCode;
use minutebook_ledger::bundle::{Bundle, Manifest};
use minutebook_tests::TestOfficer;

use crate::desk::{Answer, Desk, ledger};

fn unpacked(answer: &Answer, into: &Path) -> Manifest {
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
    let desk = Desk::over(ledger);
    let public = desk.get("export").await;
    assert_eq!(public.status, StatusCode::OK);
    assert_eq!(public.header("content-type"), "application/x-tar");
    let name = format!("attachment; filename=test-{size}.tar");
    assert_eq!(public.header("content-disposition"), name);
    let secret = b"Sell the land";
    let holds = |answer: &Answer| {
        answer
            .body
            .windows(secret.len())
            .any(|bytes| bytes == secret)
    };
    assert!(!holds(&public));
    let names = b"The secretary";
    assert!(!public.body.windows(names.len()).any(|bytes| bytes == names));
    let secretary = TestOfficer::from_seed(2, minutebook_events::Role::Secretary);
    let token = desk.signed_in(&secretary);
    let signed = desk.get_with("export", &[("authorization", &token)]).await;
    assert!(holds(&signed));
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let public = unpacked(&public, folders[0].path());
    let signed = unpacked(&signed, folders[1].path());
    assert_eq!(public.size, size);
    assert!(public.counts.withheld > signed.counts.withheld);
}

#[tokio::test]
async fn the_same_record_gives_the_same_archive_and_one_is_made_at_a_time() {
    let desk = Desk::over(ledger());
    let first = desk.get("export").await;
    assert!(desk.get("export").await.body == first.body);
    // An archive that is larger than what is on its way keeps its turn until it is taken.
    let held = desk.server.exports.clone().acquire_owned().await.unwrap();
    let busy = desk.get("export").await;
    assert_eq!(busy.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(busy.headers.contains_key("retry-after"));
    drop(held);
    assert_eq!(desk.get("export").await.status, StatusCode::OK);
}
