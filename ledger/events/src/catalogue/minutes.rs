//! Minutes: drafted, amended and approved against an exact text.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Fields;
use super::meetings::version_from_1;
use crate::digest::Digest;
use crate::document::DocumentRef;
use crate::event::Common;
use crate::id::{PersonId, SubjectId};

/// A draft of a meeting's minutes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MinutesDrafted {
    /// The meeting that they record.
    pub minutes_of: SubjectId,
    /// The draft.
    pub document: DocumentRef,
    /// The version, counted from 1.
    pub version: u32,
}

impl Fields for MinutesDrafted {
    fn check(&self, _common: &Common) -> Result<(), String> {
        version_from_1(self.version)
    }

    fn documents(&self) -> Vec<&DocumentRef> {
        vec![&self.document]
    }
}

/// A change to a draft, or to approved minutes by a correction minuted at a later meeting.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MinutesAmended {
    /// What changes.
    pub changes: String,
    /// The post of whoever asked for it.
    #[serde(default)]
    pub asked_by: Option<String>,
    /// The person who asked for it, by opaque id.
    #[serde(default)]
    pub asked_by_person: Option<PersonId>,
    /// The new text, where there is one already.
    #[serde(default)]
    pub document: Option<DocumentRef>,
    /// The new text's version.
    #[serde(default)]
    pub version: Option<u32>,
}

impl Fields for MinutesAmended {
    fn check(&self, _common: &Common) -> Result<(), String> {
        match self.version {
            Some(_) if self.document.is_none() => Err("a version needs its document".into()),
            Some(version) => version_from_1(version),
            None => Ok(()),
        }
    }

    fn documents(&self) -> Vec<&DocumentRef> {
        self.document.iter().collect()
    }
}

/// A later meeting approves the minutes, word for word. The approving meeting stands in `meeting`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MinutesApproved {
    /// SHA-256 of the exact text approved.
    pub text: Digest,
    /// The corrections made before approval, as minuted.
    #[serde(default)]
    pub corrections: Vec<String>,
}

impl Fields for MinutesApproved {
    fn check(&self, common: &Common) -> Result<(), String> {
        if common.meeting.is_none() {
            return Err("approval names the approving meeting in meeting".into());
        }
        Ok(())
    }
}
