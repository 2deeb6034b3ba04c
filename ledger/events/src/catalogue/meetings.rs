//! Meetings: called, prepared, held, and what members declare there.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Fields, distinct, reason_given, some};
use crate::digest::Digest;
use crate::document::DocumentRef;
use crate::event::{Common, Confidentiality};
use crate::id::{PersonId, SubjectId};
use crate::period::Period;

/// A meeting of a body, or another gathering that a document names.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MeetingCalled {
    /// The meeting in short, such as `Partnership Board, May 2025`.
    pub title: String,
    /// The body that meets.
    #[serde(default)]
    pub body: Option<SubjectId>,
    /// What sort of meeting it is, such as `conference`; absent for an ordinary meeting.
    #[serde(default)]
    pub kind: Option<String>,
    /// When it takes place.
    #[serde(default)]
    pub date: Option<Period>,
    /// The time of day, such as `14:00`.
    #[serde(default)]
    pub time: Option<String>,
    /// Where it takes place.
    #[serde(default)]
    pub place: Option<String>,
    /// Where to join it online.
    #[serde(default)]
    pub link: Option<String>,
    /// The organisation that holds it.
    #[serde(default)]
    pub organisation: Option<SubjectId>,
    /// The organisations that hold it together.
    #[serde(default)]
    pub jointly_led_by: Vec<SubjectId>,
    /// True where a private part is planned.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub part_2: bool,
}

impl Fields for MeetingCalled {}

/// A meeting will not take place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MeetingCancelled {
    /// The meeting called instead.
    #[serde(default)]
    pub replaced_by: Option<SubjectId>,
}

impl Fields for MeetingCancelled {
    fn check(&self, common: &Common) -> Result<(), String> {
        reason_given("cancelling a meeting", common)
    }
}

/// What an item asks of the meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ItemPurpose {
    /// To decide.
    Decision,
    /// To be assured.
    Assurance,
    /// To discuss.
    Discussion,
    /// To take note.
    Information,
}

/// An item of an agenda.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AgendaItem {
    /// The item's number, such as `7.2`.
    pub number: String,
    /// The item in short.
    pub title: String,
    /// What it asks of the meeting.
    #[serde(default)]
    pub purpose: Option<ItemPurpose>,
    /// The post of whoever presents it.
    #[serde(default)]
    pub presenter: Option<String>,
    /// Its papers, where they are lodged.
    #[serde(default)]
    pub papers: Vec<SubjectId>,
    /// SHA-256 of its papers.
    #[serde(default)]
    pub paper_digests: Vec<Digest>,
    /// True where it is taken in private.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub part_2: bool,
}

/// The agenda of a meeting, with the digests of its papers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AgendaPublished {
    /// The version, counted from 1.
    pub version: u32,
    /// The items, in order.
    pub items: Vec<AgendaItem>,
    /// The agenda as published.
    #[serde(default)]
    pub document: Option<DocumentRef>,
}

impl Fields for AgendaPublished {
    fn check(&self, _common: &Common) -> Result<(), String> {
        version_from_1(self.version)?;
        some("items", &self.items)?;
        distinct(
            "items: the number",
            self.items.iter().map(|item| &item.number),
        )
    }

    fn documents(&self) -> Vec<&DocumentRef> {
        self.document.iter().collect()
    }
}

/// What stands on a paper's front sheet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FrontSheet {
    /// The paper's number, such as `Paper 4`.
    #[serde(default)]
    pub number: Option<String>,
    /// What it asks of the meeting.
    #[serde(default)]
    pub purpose: Option<ItemPurpose>,
    /// The post of the author.
    #[serde(default)]
    pub author: Option<String>,
    /// The post of the executive who sponsors it.
    #[serde(default)]
    pub executive_sponsor: Option<String>,
    /// What the meeting is asked to do.
    #[serde(default)]
    pub recommendation: Option<String>,
    /// The paper in a few lines.
    #[serde(default)]
    pub summary: Option<String>,
}

/// A paper for a meeting.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PaperLodged {
    /// The paper's title.
    pub title: String,
    /// The paper.
    pub document: DocumentRef,
    /// The version, counted from 1.
    pub version: u32,
    /// The meeting that it is for.
    #[serde(default)]
    pub for_meeting: Option<SubjectId>,
    /// The agenda item, such as `7.2`.
    #[serde(default)]
    pub item: Option<String>,
    /// The exemption relied on where it is private, such as `FOIA s43`.
    #[serde(default)]
    pub exemption: Option<String>,
    /// The front sheet.
    #[serde(default)]
    pub front_sheet: Option<FrontSheet>,
}

impl Fields for PaperLodged {
    fn check(&self, common: &Common) -> Result<(), String> {
        version_from_1(self.version)?;
        if common.confidentiality == Confidentiality::Part2 && self.exemption.is_none() {
            return Err("a part 2 paper names the exemption relied on".into());
        }
        Ok(())
    }

    fn documents(&self) -> Vec<&DocumentRef> {
        vec![&self.document]
    }
}

/// Someone at a meeting, or sending apologies.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Attendance {
    /// The person, by opaque id.
    #[serde(default)]
    pub person: Option<PersonId>,
    /// The post, where no person is enrolled or the document names none.
    #[serde(default)]
    pub post: Option<String>,
    /// The organisation that the person came from.
    #[serde(default)]
    pub organisation: Option<SubjectId>,
    /// True for a voting member.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub voting: bool,
    /// When the person joined, where it was late, such as `item 4`.
    #[serde(default)]
    pub joined: Option<String>,
    /// When the person left, where it was early, such as `14:30`.
    #[serde(default)]
    pub left: Option<String>,
}

/// Whether the meeting was quorate for an item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ItemQuorum {
    /// The item's number.
    pub item: String,
    /// True where it was quorate for this item.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub quorate: bool,
    /// How many voting members were there.
    #[serde(default)]
    pub voting: Option<u32>,
    /// Who did not count for this item, because of an interest.
    #[serde(default)]
    pub excluded: Vec<PersonId>,
}

/// A meeting took place: who was there, and whether it could decide.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MeetingHeld {
    /// The members present.
    #[serde(default)]
    pub present: Vec<Attendance>,
    /// Others present.
    #[serde(default)]
    pub in_attendance: Vec<Attendance>,
    /// Who sent apologies.
    #[serde(default)]
    pub apologies: Vec<Attendance>,
    /// Who took the chair: a person or a post.
    #[serde(default)]
    pub chaired_by: Option<SubjectId>,
    /// Whether it was quorate; absent where not stated.
    #[serde(default)]
    pub quorate: Option<bool>,
    /// The result for each item.
    #[serde(default)]
    pub quorum: Vec<ItemQuorum>,
    /// How many members of the public were there.
    #[serde(default)]
    pub public_present: Option<u32>,
}

impl Fields for MeetingHeld {
    fn check(&self, _common: &Common) -> Result<(), String> {
        let all = self
            .present
            .iter()
            .chain(&self.in_attendance)
            .chain(&self.apologies);
        if all
            .clone()
            .any(|one| one.person.is_none() && one.post.is_none() && one.organisation.is_none())
        {
            return Err("everyone listed needs a person, a post or an organisation".into());
        }
        distinct("the person", all.filter_map(|one| one.person.as_ref()))?;
        distinct(
            "quorum: the item",
            self.quorum.iter().map(|item| &item.item),
        )
    }
}

/// What sort of interest it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum InterestKind {
    /// Money or its worth.
    Financial,
    /// Professional standing.
    NonFinancialProfessional,
    /// A personal matter.
    NonFinancialPersonal,
    /// Through someone close.
    Indirect,
}

/// What was done about a declared interest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum InterestHandling {
    /// Noted; the person took part and voted.
    Noted,
    /// The person stayed and did not vote.
    StayedWithoutVote,
    /// The person left for the item.
    Left,
}

/// Someone declares an interest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InterestDeclared {
    /// Whose interest it is, by opaque id.
    pub person: PersonId,
    /// The interest; left out where it stands only in the sealed part.
    #[serde(default)]
    pub interest: Option<String>,
    /// What sort of interest it is.
    #[serde(default)]
    pub kind: Option<InterestKind>,
    /// The agenda item that it bears on; absent for a standing interest.
    #[serde(default)]
    pub item: Option<String>,
    /// The organisation that it concerns.
    #[serde(default)]
    pub organisation: Option<SubjectId>,
    /// What was done about it.
    pub handling: InterestHandling,
    /// When it ended or will end.
    #[serde(default)]
    pub ends: Option<Period>,
}

impl Fields for InterestDeclared {
    fn check(&self, common: &Common) -> Result<(), String> {
        if self.interest.is_none() && common.sealed.is_empty() {
            return Err("the interest is missing: give it openly or in sealed".into());
        }
        if self.handling != InterestHandling::Noted
            && (common.meeting.is_none() || self.item.is_none())
        {
            return Err(
                "an interest that keeps someone from voting names the meeting and the item".into(),
            );
        }
        Ok(())
    }
}

/// The meeting resolves to exclude the public for named items.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PublicExcluded {
    /// The resolution as passed.
    pub resolution: String,
    /// The law relied on, such as `Public Bodies (Admission to Meetings) Act 1960 s1(2)`.
    pub statutory_reason: String,
    /// The paragraphs of Schedule 12A relied on, for councils.
    #[serde(default)]
    pub paragraphs: Vec<String>,
    /// The numbers of the items taken in private.
    pub items: Vec<String>,
}

impl Fields for PublicExcluded {
    fn check(&self, _common: &Common) -> Result<(), String> {
        some("items", &self.items)?;
        distinct("items: the item", self.items.iter())
    }
}

pub(super) fn version_from_1(version: u32) -> Result<(), String> {
    if version == 0 {
        Err("versions are counted from 1".into())
    } else {
        Ok(())
    }
}
