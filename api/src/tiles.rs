//! Full tiles and bundles of entries that were read before. They never change, and everyone who
//! follows a log asks for the same ones.

use axum::body::Bytes;
use quick_cache::Weighter;
use quick_cache::sync::Cache;

/// How many bytes of them are kept for one ledger: two thousand tiles, or some hundred bundles.
const BYTES: u64 = 16 << 20;

#[derive(Debug, Clone)]
struct ByBytes;

impl Weighter<String, Bytes> for ByBytes {
    fn weight(&self, path: &String, bytes: &Bytes) -> u64 {
        (path.len() + bytes.len()) as u64
    }
}

/// Full tiles and bundles, by their path.
pub struct Tiles(Cache<String, Bytes, ByBytes>);

impl Default for Tiles {
    fn default() -> Self {
        Self(Cache::with_weighter(2048, BYTES, ByBytes))
    }
}

impl Tiles {
    /// What lies at a path, where it was read before.
    pub fn get(&self, path: &str) -> Option<Bytes> {
        self.0.get(path)
    }

    /// Keeps what lies at a path for good.
    pub fn keep(&self, path: String, bytes: Bytes) {
        self.0.insert(path, bytes);
    }
}
