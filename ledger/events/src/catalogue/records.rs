//! Record keeping: corrections, approvals, publication, holds, erasure and imports.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Fields, distinct, reason_given, some};
use crate::digest::Digest;
use crate::document::DocumentRef;
use crate::event::{Common, Confidentiality};
use crate::id::{PersonId, SubjectId};
use crate::period::Period;

/// An entry holds a mistake. The original stays visible beside the right value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectionRecorded {
    /// The index of the entry that holds the mistake.
    pub entry: u64,
    /// The field that is wrong, such as `title`.
    pub field: String,
    /// The right value as text; absent where nothing should have stood there.
    #[serde(default)]
    pub value: Option<String>,
}

impl Fields for CorrectionRecorded {
    fn check(&self, common: &Common) -> Result<(), String> {
        reason_given("a correction", common)
    }
}

/// A second person approves what needs two, by naming its digest. It is about the entry or the person
/// that is approved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ApprovalGiven {
    /// SHA-256 of the disclosure that is approved, as its statement names it.
    pub digest: Digest,
}

impl Fields for ApprovalGiven {}

/// Something of the record is published.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Published {
    /// The published text.
    #[serde(default)]
    pub document: Option<DocumentRef>,
    /// SHA-256 of what was published, where there is no document.
    #[serde(default)]
    pub digest: Option<Digest>,
    /// Where it is published, such as a web address.
    pub channel: String,
    /// What was left out, and under which exemption.
    #[serde(default)]
    pub redactions: Vec<String>,
    /// The decision that released it, which a part 2 record needs.
    #[serde(default)]
    pub decision: Option<SubjectId>,
}

impl Fields for Published {
    fn check(&self, _common: &Common) -> Result<(), String> {
        if self.document.is_none() && self.digest.is_none() {
            return Err("what was published is missing: give document or digest".into());
        }
        Ok(())
    }

    fn documents(&self) -> Vec<&DocumentRef> {
        self.document.iter().collect()
    }
}

/// Something of the record is given out on request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Disclosed {
    /// The request's reference, such as `FOI 2025-017`. No name of the requester.
    pub request: String,
    /// What was given out.
    #[serde(default)]
    pub document: Option<DocumentRef>,
    /// The exemptions relied on for what was held back, such as `s40(2)`.
    #[serde(default)]
    pub exemptions: Vec<String>,
    /// True where nothing was given out.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub refused: bool,
    /// When it was answered.
    #[serde(default)]
    pub answered: Option<Period>,
}

impl Fields for Disclosed {
    fn check(&self, _common: &Common) -> Result<(), String> {
        if self.refused && (self.document.is_some() || self.exemptions.is_empty()) {
            return Err("a refusal gives nothing out, and names the exemptions relied on".into());
        }
        Ok(())
    }

    fn documents(&self) -> Vec<&DocumentRef> {
        self.document.iter().collect()
    }
}

/// Why records must be kept for now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum HoldGround {
    /// A public inquiry.
    Inquiry,
    /// A claim or a case in court.
    Litigation,
    /// A request for information that is not answered yet.
    OpenRequest,
    /// Something else, said in `reason`.
    Other,
}

/// Records must not be erased or disposed of until the hold is lifted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HoldPlaced {
    /// The hold in short.
    pub title: String,
    /// What it covers; empty for the whole ledger.
    #[serde(default)]
    pub scope: Vec<SubjectId>,
    /// What sort of hold it is.
    pub ground: HoldGround,
    /// The reference of the inquiry, case or request.
    #[serde(default)]
    pub request: Option<String>,
}

impl Fields for HoldPlaced {
    fn check(&self, common: &Common) -> Result<(), String> {
        reason_given("a hold", common)
    }
}

/// A hold ends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HoldLifted {
    /// The decision that lifted it.
    #[serde(default)]
    pub decision: Option<SubjectId>,
}

impl Fields for HoldLifted {
    fn check(&self, common: &Common) -> Result<(), String> {
        reason_given("lifting a hold", common)
    }
}

/// The content of an entry is erased, as the law asks. That it stood there, and that it verified,
/// stays. This event is itself public.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ContentErased {
    /// SHA-256 of the disclosure that is erased.
    pub digest: Digest,
    /// The law that asks for it, such as `UK GDPR Art 17(1)(d)`.
    pub legal_basis: String,
    /// Who brought the request into the record, by opaque id.
    pub requester: PersonId,
    /// Who approved it: another person.
    pub approver: PersonId,
    /// SHA-256 of a redacted disclosure that takes its place.
    #[serde(default)]
    pub replacement: Option<Digest>,
}

impl Fields for ContentErased {
    fn check(&self, common: &Common) -> Result<(), String> {
        public_record(common)?;
        if self.replacement == Some(self.digest) {
            return Err("the replacement is the erased content itself".into());
        }
        two_people(&self.requester, &self.approver)
    }
}

/// A record's content is disposed of at the end of its retention. Its digest stays.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordDisposed {
    /// SHA-256 of the disclosures that are disposed of.
    pub digests: Vec<Digest>,
    /// The rule that sets how long it was kept.
    pub retention_rule: String,
    /// Why it is not kept longer, or where it was transferred to.
    pub appraisal: String,
    /// Who proposed it, by opaque id.
    pub requester: PersonId,
    /// Who approved it: another person.
    pub approver: PersonId,
    /// The decision that mandated it.
    pub decision: SubjectId,
}

impl Fields for RecordDisposed {
    fn check(&self, common: &Common) -> Result<(), String> {
        public_record(common)?;
        some("digests", &self.digests)?;
        distinct("digests: the digest", self.digests.iter())?;
        two_people(&self.requester, &self.approver)
    }
}

/// What removes content must itself be readable by everyone, or a gap could not be explained.
fn public_record(common: &Common) -> Result<(), String> {
    if common.confidentiality == Confidentiality::Public {
        Ok(())
    } else {
        Err("erasure and disposal are recorded in public".into())
    }
}

fn two_people(requester: &PersonId, approver: &PersonId) -> Result<(), String> {
    if requester == approver {
        return Err("requester and approver must be two people".into());
    }
    Ok(())
}

/// How many records of one sort a document gave.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordCount {
    /// The sort, such as `milestones`.
    pub section: String,
    /// How many.
    pub count: u64,
}

/// A document was read into the record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DocumentImported {
    /// The document's title.
    pub title: String,
    /// The document itself, or the file that its facts were taken from.
    pub document: DocumentRef,
    /// What sort of document it is, such as `annual report chapter`.
    #[serde(default)]
    pub kind: Option<String>,
    /// Its date; absent where it has none.
    #[serde(default)]
    pub date: Option<Period>,
    /// A remark on the date, such as `undated; written as "today"`.
    #[serde(default)]
    pub date_note: Option<String>,
    /// The year that it reports on.
    #[serde(default)]
    pub reporting_year: Option<Period>,
    /// To whom it was presented.
    #[serde(default)]
    pub presented_to: Option<String>,
    /// Where it was spoken, for a speech.
    #[serde(default)]
    pub spoken_at: Option<String>,
    /// The name of the file that the document came in.
    #[serde(default)]
    pub seed_file: Option<String>,
    /// How many records were made from it.
    pub records_made: u64,
    /// How many of each sort.
    #[serde(default)]
    pub record_counts: Vec<RecordCount>,
    /// What was left out on purpose, and why.
    #[serde(default)]
    pub not_carried: Vec<String>,
    /// Who checked the import against the document, by opaque id.
    #[serde(default)]
    pub reviewer: Option<PersonId>,
}

impl Fields for DocumentImported {
    fn check(&self, _common: &Common) -> Result<(), String> {
        distinct(
            "record_counts: the section",
            self.record_counts.iter().map(|one| &one.section),
        )?;
        let sum = self
            .record_counts
            .iter()
            .try_fold(0u64, |sum, one| sum.checked_add(one.count));
        if !self.record_counts.is_empty() && sum != Some(self.records_made) {
            return Err(format!(
                "record_counts do not add up to records_made ({})",
                self.records_made
            ));
        }
        Ok(())
    }

    fn documents(&self) -> Vec<&DocumentRef> {
        vec![&self.document]
    }
}
