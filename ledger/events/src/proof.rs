//! What a new key signs to show that its owner holds it.

use sha2::{Digest as _, Sha256};

use crate::digest::Thumbprint;

/// The 32 bytes that a newly enrolled key signs:
/// SHA-256(`minutebook.enrol.v1` || origin || kid).
pub fn enrol_challenge(origin: &str, kid: Thumbprint) -> [u8; 32] {
    let hash = Sha256::new_with_prefix("minutebook.enrol.v1");
    hash.chain_update(origin)
        .chain_update(kid.0)
        .finalize()
        .into()
}

/// The 32 bytes that the new key signs in a rotation, whose statement the old key signs:
/// SHA-256(`minutebook.rotate.v1` || origin || old kid || new kid).
pub fn rotate_challenge(origin: &str, old: Thumbprint, new: Thumbprint) -> [u8; 32] {
    let hash = Sha256::new_with_prefix("minutebook.rotate.v1");
    hash.chain_update(origin)
        .chain_update(old.0)
        .chain_update(new.0)
        .finalize()
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::Digest;

    #[test]
    fn challenges_are_the_hash_of_the_parts_in_a_row() {
        let (old, new) = (Thumbprint([1; 32]), Thumbprint([2; 32]));
        let enrol = [
            b"minutebook.enrol.v1board.example/nlmhp".as_slice(),
            &[2; 32],
        ]
        .concat();
        assert_eq!(
            enrol_challenge("board.example/nlmhp", new),
            Digest::of(&enrol).0
        );
        let rotate = [
            b"minutebook.rotate.v1board.example/nlmhp".as_slice(),
            &[1; 32],
            &[2; 32],
        ]
        .concat();
        assert_eq!(
            rotate_challenge("board.example/nlmhp", old, new),
            Digest::of(&rotate).0
        );
    }
}
