//! The log as C2SP tlog-tiles has it.
#![allow(clippy::unwrap_used)]

mod common;

use common::{Api, milestone};
use minutebook_ledger::hash::leaf_hash;
use minutebook_ledger::tile::{EntriesId, TileId, decode_bundle};

/// Enough for one full tile and a partial one.
const MORE: usize = 260;

async fn grown() -> Api {
    let api = Api::new();
    let batch: Vec<_> = (0..MORE)
        .map(|n| api.sign(&api.secretary, milestone(&api, &format!("m{n}"))))
        .collect();
    api.enter(batch).await;
    api
}

async fn bytes(api: &Api, path: &str) -> Option<Vec<u8>> {
    let reply = api.get(&format!("/log/test/{path}")).await;
    if reply.status == 404 {
        assert_eq!(reply.problem(), "not-found");
        return None;
    }
    assert_eq!(reply.status, 200, "{path}: {reply:?}");
    assert_eq!(reply.header("content-type"), "application/octet-stream");
    assert_eq!(
        reply.header("cache-control"),
        "public, max-age=31536000, immutable"
    );
    assert_eq!(reply.header("content-encoding"), "");
    Some(reply.body)
}

#[tokio::test]
async fn the_checkpoint_is_a_note_that_is_asked_for_again_each_time() {
    let api = grown().await;
    let reply = api.get("/log/test/checkpoint").await;
    assert_eq!(reply.header("content-type"), "text/plain; charset=utf-8");
    assert_eq!(reply.header("cache-control"), "no-cache");
    let text = String::from_utf8(reply.body).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], minutebook_tests::ORIGIN);
    assert_eq!(lines[1], api.seen().size.to_string());
}

#[tokio::test]
async fn tiles_come_at_every_width_that_the_tree_has_and_at_no_other() {
    let api = grown().await;
    let size = api.seen().size;
    let (full, rest) = (size / 256, size % 256);
    assert!(full == 1 && rest > 0);
    for (index, most) in [(0, 256), (1, rest), (2, 0)] {
        let most = u16::try_from(most).unwrap();
        let widths = [
            1,
            2,
            3,
            9,
            most.saturating_sub(1),
            most,
            most + 1,
            100,
            255,
            256,
        ];
        let mut longest = Vec::new();
        for width in widths.into_iter().filter(|width| (1..=256).contains(width)) {
            let tile = TileId {
                level: 0,
                index,
                width,
            };
            let bundle = EntriesId { index, width };
            let (tile, bundle) = (
                bytes(&api, &tile.path()).await,
                bytes(&api, &bundle.path()).await,
            );
            assert_eq!(
                (tile.is_some(), bundle.is_some()),
                (width <= most, width <= most),
                "{index} {width}"
            );
            let (Some(tile), Some(bundle)) = (tile, bundle) else {
                continue;
            };
            let entries = decode_bundle(&bundle, width).unwrap();
            let hashes: Vec<u8> = entries
                .iter()
                .flat_map(|entry| leaf_hash(entry).0)
                .collect();
            assert_eq!(tile, hashes, "{index} {width}");
            if longest.len() < tile.len() {
                assert!(tile.starts_with(&longest));
                longest = tile;
            }
        }
    }
    // One hash over the first 256 leaves, and nothing above it.
    for (path, there) in [
        ("tile/1/000.p/1", true),
        ("tile/1/000.p/2", false),
        ("tile/1/000", false),
        ("tile/2/000.p/1", false),
        ("tile/0/000.p/256", false),
        ("tile/0/0", false),
        ("tile/00/000", false),
        ("tile/0/000/", false),
        ("tile/0/000?x=1", true),
        ("tile/-1/000", false),
    ] {
        assert_eq!(bytes(&api, path).await.is_some(), there, "{path}");
    }
}
