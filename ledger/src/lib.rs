//! Signed statements in a Merkle log on an embedded store.

pub mod checkpoint;
pub mod hash;
pub mod proof;
pub mod receipt;
pub mod tile;
pub mod tlog_proof;
pub mod tree;

#[cfg(test)]
mod vectors;
