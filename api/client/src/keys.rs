//! The two keys of a log, under which its answers count.

use minutebook_events::Seen;
use minutebook_keys::{PublicKey, VerifierKey};
use minutebook_ledger::author::Submission;
use minutebook_ledger::checkpoint::Checkpoint;
use minutebook_ledger::receipt::Receipt;
use minutebook_ledger::tree::TreeHead;

use crate::{Entered, Unproved};

/// The keys of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keys {
    /// Checks checkpoints and proofs; its name is the log's origin.
    pub vkey: VerifierKey,
    /// Checks receipts.
    pub receipt: PublicKey,
}

impl Keys {
    /// The checkpoint in a note, as what a signer has seen of the log.
    ///
    /// # Errors
    /// Where it is not signed with the log's key.
    pub fn seen(&self, note: &str) -> Result<Seen, Unproved> {
        let head = Checkpoint::open(note, &self.vkey)?.head;
        Ok(Seen {
            size: head.size,
            root: head.root.0,
        })
    }

    /// Checks that what was `sent` is in the log, as the answer says, and returns the tree's head that
    /// the log signed over it.
    ///
    /// # Errors
    /// What the answer does not prove.
    pub fn check(&self, entered: &Entered, sent: &[Submission]) -> Result<TreeHead, Unproved> {
        let head = Checkpoint::open(&entered.checkpoint, &self.vkey)?.head;
        let wrong = |what: String| Err(Unproved::Contradiction(what));
        if head != entered.head {
            return wrong("its checkpoint is over another tree than it says".into());
        }
        if entered.entries.len() != sent.len() {
            return wrong(format!(
                "{} entries are said to be in, of {} that were sent",
                entered.entries.len(),
                sent.len()
            ));
        }
        for (entry, sent) in entered.entries.iter().zip(sent) {
            let position = entry.position;
            if position >= head.size {
                return wrong(format!("entry {position} is not under its checkpoint"));
            }
            match &entry.receipt {
                Some(bytes) => self.check_receipt(bytes, position, head, &sent.statement)?,
                // The one tree that has no receipts.
                None if head.size == 1 => {}
                None => return wrong(format!("entry {position} comes without a receipt")),
            }
        }
        Ok(head)
    }

    fn check_receipt(
        &self,
        bytes: &[u8],
        position: u64,
        head: TreeHead,
        statement: &[u8],
    ) -> Result<(), Unproved> {
        let receipt = Receipt::parse(bytes)?;
        let covers = receipt.verify(&self.receipt, statement)?;
        // Others may have recorded something between the checkpoint and the receipt.
        let same = covers.size != head.size || covers == head;
        let origin = self.vkey.name().as_str();
        if receipt.proof.index != position || receipt.subject != origin || !same {
            return Err(Unproved::Contradiction(format!(
                "the receipt of entry {position} is for another place or tree"
            )));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::EnteredEntry;
    use minutebook_keys::{KeyName, NoteSigner, SigningKey};
    use minutebook_ledger::hash::leaf_hash;
    use minutebook_ledger::proof::prove_inclusion;
    use minutebook_ledger::tree::MemoryTree;

    const ORIGIN: &str = "board.example/nwl";

    fn signers(n: u8) -> (NoteSigner, SigningKey) {
        let origin = KeyName::new(ORIGIN.to_owned()).unwrap();
        let log = NoteSigner::new(origin, SigningKey::from_seed(&[n; 32]));
        (log, SigningKey::from_seed(&[n + 100; 32]))
    }

    fn sent(n: u8) -> Submission {
        Submission {
            statement: vec![n; 3],
            disclosures: vec![vec![n]],
        }
    }

    /// A log of the statements 0 to 4, and its answer to whoever sent 3 and 4.
    fn entered((log, receipt): &(NoteSigner, SigningKey), subject: &str) -> Entered {
        let tree = MemoryTree::from_leaves((0..5).map(|n| leaf_hash(&sent(n).statement)));
        let head = tree.head();
        let checkpoint = Checkpoint {
            origin: ORIGIN.into(),
            head,
        };
        let entries = [3, 4].map(|position| {
            let proof = prove_inclusion(&tree, position, 5).unwrap();
            let issued = Receipt::issue(receipt, ORIGIN, subject, 1, &proof, &head.root);
            EnteredEntry {
                position,
                recorded_at: 1,
                repeated: false,
                receipt: Some(issued.unwrap()),
            }
        });
        Entered {
            entries: entries.into(),
            head,
            checkpoint: checkpoint.sign(log).unwrap(),
        }
    }

    #[test]
    fn an_answer_counts_where_checkpoint_and_every_receipt_hold() {
        let signers = self::signers(1);
        let keys = Keys {
            vkey: signers.0.verifier(),
            receipt: signers.1.public(),
        };
        let (good, batch) = (entered(&signers, ORIGIN), [sent(3), sent(4)]);
        assert_eq!(keys.check(&good, &batch), Ok(good.head));
        assert_eq!(keys.seen(&good.checkpoint).unwrap().size, 5);

        let other = self::signers(2);
        let mut wrongs = vec![
            entered(&other, ORIGIN),
            entered(&signers, "board.example/swl"),
        ];
        let mut changed = |change: &dyn Fn(&mut Entered)| {
            let mut one = good.clone();
            change(&mut one);
            wrongs.push(one);
        };
        changed(&|one| one.head.size = 6);
        changed(&|one| one.head.root = leaf_hash(b"x"));
        changed(&|one| drop(one.entries.pop()));
        changed(&|one| one.entries[1].receipt = None);
        changed(&|one| one.entries[1].position = 2);
        changed(&|one| one.entries[1].position = 5);
        changed(&|one| one.entries.swap(0, 1));
        changed(&|one| one.checkpoint = entered(&other, ORIGIN).checkpoint);
        for (at, wrong) in wrongs.iter().enumerate() {
            assert!(keys.check(wrong, &batch).is_err(), "{at}");
        }
        let others = [sent(3), sent(9)];
        assert!(keys.check(&good, &others).is_err(), "another was sent");
    }
}
