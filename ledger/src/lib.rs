//! Signed statements in a Merkle log on an embedded store.

pub mod hash;
pub mod proof;
pub mod store;
pub mod tile;
pub mod tree;

#[cfg(test)]
mod vectors;
