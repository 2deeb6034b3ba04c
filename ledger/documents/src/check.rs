//! Reading everything that is kept, to find damage before someone needs it.

use minutebook_events::Blake3;

use crate::{DocumentError, Documents, Usage};

/// What is wrong with what is kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CheckReport {
    /// How much was read.
    pub usage: Usage,
    /// Documents whose bytes are not those that their name says, or cannot be read, in order.
    pub damaged: Vec<Blake3>,
    /// Paths that are no document's place, in order. Nothing reads what lies there.
    pub misplaced: Vec<String>,
}

impl CheckReport {
    /// Whether nothing is wrong.
    pub fn is_sound(&self) -> bool {
        self.damaged.is_empty() && self.misplaced.is_empty()
    }
}

impl Documents {
    /// Reads every document and says which are damaged, and what lies beside them. One that is removed
    /// meanwhile is no fault.
    ///
    /// # Errors
    /// Where the store cannot be listed.
    pub async fn check(&self) -> Result<CheckReport, DocumentError> {
        let (documents, misplaced) = self.walk().await?;
        let mut report = CheckReport {
            misplaced,
            ..CheckReport::default()
        };
        for (blake3, size) in documents {
            let checked = match self.get(&blake3).await {
                Ok(Some(document)) => document.verify().await,
                Ok(None) => continue,
                Err(error) => Err(error),
            };
            report.usage.documents += 1;
            report.usage.bytes += size;
            if checked.is_err() {
                report.damaged.push(blake3);
            }
        }
        Ok(report)
    }
}
