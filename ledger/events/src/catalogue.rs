//! Everything that can be recorded: one line an event, one definition each.
//!
//! A line names the type, its version, what it is about and the roles that may sign it. The type's
//! struct, in the file of its family, gives fields, checks and JSON Schema. Nothing else in the
//! project lists events.

use std::collections::BTreeSet;
use std::fmt::Display;

use ciborium::Value;
use schemars::{JsonSchema, generate::SchemaSettings};

use crate::authority::{Authority, Role};
use crate::document::DocumentRef;
use crate::event::{COMMON_FIELDS, Common};
use crate::id::Kind;
use crate::limits;

pub mod actions;
pub mod agreements;
pub mod bodies;
pub mod decisions;
pub mod engagement;
pub mod evaluation;
pub mod examples;
pub mod funding;
pub mod ledger;
pub mod lift;
pub mod meetings;
pub mod metrics;
pub mod milestones;
pub mod minutes;
pub mod organisations;
pub mod people;
pub mod plan;
pub mod records;
pub mod risks;
pub mod signoffs;
pub mod status;

pub use actions::*;
pub use agreements::*;
pub use bodies::*;
pub use decisions::*;
pub use engagement::*;
pub use evaluation::*;
pub use funding::*;
pub use ledger::*;
pub use meetings::*;
pub use metrics::*;
pub use milestones::*;
pub use minutes::*;
pub use organisations::*;
pub use people::*;
pub use plan::*;
pub use records::*;
pub use risks::*;
pub use signoffs::*;
pub use status::*;

pub use examples::example;

/// The fields of one type of event.
pub trait Fields: serde::Serialize + serde::de::DeserializeOwned + JsonSchema {
    /// Checks what the types alone do not say.
    ///
    /// # Errors
    /// What is wrong, in plain words.
    fn check(&self, _common: &Common) -> Result<(), String> {
        Ok(())
    }

    /// What this very event asks of its signer, where that depends on its fields; `general` is what
    /// its type asks.
    fn authority(&self, general: Authority) -> Authority {
        general
    }

    /// The documents that it names.
    fn documents(&self) -> Vec<&DocumentRef> {
        Vec::new()
    }
}

/// Checks that the common reason is given.
fn reason_given(what: &str, common: &Common) -> Result<(), String> {
    match &common.reason {
        Some(_) => Ok(()),
        None => Err(format!("{what} needs a reason")),
    }
}

/// Checks that a list is not empty. The wire leaves empty lists out, so that reading one back would
/// fail with a less helpful message.
fn some<T>(field: &str, items: &[T]) -> Result<(), String> {
    if items.is_empty() {
        Err(format!("{field} is empty; at least one is needed"))
    } else {
        Ok(())
    }
}

/// Checks that nothing stands twice.
fn distinct<T: Ord + Display>(
    what: &str,
    items: impl IntoIterator<Item = T>,
) -> Result<(), String> {
    let mut seen = BTreeSet::new();
    for item in items {
        if let Some(twice) = seen.replace(item) {
            return Err(format!("{what} {twice} stands twice"));
        }
    }
    Ok(())
}

/// For flags that are true unless said otherwise.
fn yes() -> bool {
    true
}

fn is_yes(flag: &bool) -> bool {
    *flag
}

macro_rules! catalogue {
    ($($family:literal { $(
        $event:ident $version:literal about [$($kind:ident),*] by [$($role:ident),+] $($second:ident)?;
    )+ })+) => {
        /// A type of event.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum EventType { $($(
            #[doc = concat!("See [`", stringify!($event), "`].")]
            $event,
        )+)+ }

        /// The fields of an event, by its type. Copies share them: whoever folds events keeps the
        /// fields and copies nothing.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Payload { $($(
            #[doc = concat!("See [`struct@", stringify!($event), "`].")]
            $event(std::sync::Arc<$event>),
        )+)+ }

        impl EventType {
            /// Every type, in the order of the catalogue.
            pub const ALL: &'static [EventType] = &[$($(EventType::$event,)+)+];

            /// The name that stands in events.
            pub fn name(self) -> &'static str {
                match self { $($(EventType::$event => stringify!($event),)+)+ }
            }

            /// The newest version, which is the one written.
            pub fn version(self) -> u64 {
                match self { $($(EventType::$event => $version,)+)+ }
            }

            /// The family it belongs to, as a heading.
            pub fn family(self) -> &'static str {
                match self { $($(EventType::$event => $family,)+)+ }
            }

            /// The kinds of subject it may be about; empty for any.
            pub fn about(self) -> &'static [Kind] {
                match self { $($(EventType::$event => &[$(Kind::$kind),*],)+)+ }
            }

            /// What it asks of its signer.
            pub fn authority(self) -> Authority {
                match self { $($(EventType::$event => Authority {
                    roles: &[$(Role::$role),+],
                    second_person: catalogue!(@second $($second)?),
                },)+)+ }
            }

            fn fields_schema(self, generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                match self { $($(
                    EventType::$event => generator.root_schema_for::<$event>(),
                )+)+ }
            }
        }

        impl Payload {
            /// The type.
            pub fn event_type(&self) -> EventType {
                match self { $($(Payload::$event(_) => EventType::$event,)+)+ }
            }

            /// What this very event asks of its signer: its type's authority, changed where the fields
            /// ask for more (appointing a registrar) or for another role (rotating one's own key).
            pub fn authority(&self) -> Authority {
                let general = self.event_type().authority();
                match self { $($(Payload::$event(fields) => fields.authority(general),)+)+ }
            }

            /// The documents that it names, whose bytes are kept apart from the record.
            pub fn documents(&self) -> Vec<&DocumentRef> {
                match self { $($(Payload::$event(fields) => fields.documents(),)+)+ }
            }

            pub(crate) fn check(&self, common: &Common) -> Result<(), String> {
                match self { $($(Payload::$event(fields) => fields.check(common),)+)+ }
            }

            pub(crate) fn to_value(&self) -> Result<Value, ciborium::value::Error> {
                match self { $($(Payload::$event(fields) => Value::serialized(&**fields),)+)+ }
            }

            pub(crate) fn from_value(
                event: EventType,
                version: u64,
                fields: Value,
            ) -> Result<Self, ciborium::value::Error> {
                let fields = lift::lift(lift::LIFTS, event, version, fields);
                match event { $($(
                    EventType::$event => {
                        fields.deserialized::<$event>().map(Payload::from)
                    }
                )+)+ }
            }

            pub(crate) fn to_json(&self) -> serde_json::Result<serde_json::Value> {
                match self { $($(Payload::$event(fields) => serde_json::to_value(&**fields),)+)+ }
            }

            pub(crate) fn from_json(
                event: EventType,
                fields: serde_json::Value,
            ) -> serde_json::Result<Self> {
                match event { $($(
                    EventType::$event => {
                        serde_json::from_value::<$event>(fields).map(Payload::from)
                    }
                )+)+ }
            }
        }

        $($(
            impl From<$event> for Payload {
                fn from(fields: $event) -> Self {
                    Payload::$event(std::sync::Arc::new(fields))
                }
            }
        )+)+
    };
    (@second) => { false };
    (@second second) => { true };
}

catalogue! {
    "Ledger and people" {
        LedgerOpened 1 about [Ledger] by [Registrar];
        OrganisationRegistered 1 about [Organisation] by [Registrar];
        OrganisationSucceeded 1 about [Organisation] by [Registrar];
        BodyEstablished 1 about [Body] by [Registrar];
        BodyTermsAmended 1 about [Body] by [Registrar, Secretary];
        BodyDissolved 1 about [Body] by [Registrar];
        PersonEnrolled 1 about [Person] by [Registrar];
        SigningKeyEnrolled 1 about [Person] by [Registrar];
        SigningKeyRevoked 1 about [Person] by [Registrar];
        RoleAppointed 1 about [Person, Post] by [Registrar];
        RoleEnded 1 about [Person, Post] by [Registrar];
        MembershipBroadened 1 about [Body] by [Registrar, Secretary];
        AuthorityDelegated 1 about [Authority] by [Registrar, Secretary, Chair];
        AuthorityWithdrawn 1 about [Authority] by [Registrar, Secretary, Chair];
    }
    "Meetings and minutes" {
        MeetingCalled 1 about [Meeting] by [Secretary, Chair];
        MeetingCancelled 1 about [Meeting] by [Secretary, Chair];
        AgendaPublished 1 about [Meeting] by [Secretary];
        PaperLodged 1 about [Paper] by [Secretary, Lead];
        MeetingHeld 1 about [Meeting] by [Secretary];
        InterestDeclared 1 about [Interest] by
            [Registrar, Secretary, Chair, Member, Lead, Signatory, Auditor, RecordsOfficer];
        PublicExcluded 1 about [Meeting] by [Secretary, Chair];
        MinutesDrafted 1 about [Minutes] by [Secretary];
        MinutesAmended 1 about [Minutes] by [Secretary, Chair, Member];
        MinutesApproved 1 about [Minutes] by [Chair];
    }
    "Decisions and actions" {
        DecisionForeseen 1 about [Decision] by [Secretary, Chair];
        DecisionMade 1 about [Decision] by [Secretary, Chair];
        DecisionSuperseded 1 about [Decision] by [Secretary, Chair];
        DecisionRescinded 1 about [Decision] by [Secretary, Chair];
        ActionAssigned 1 about [Action] by [Secretary, Chair];
        ActionProgressReported 1 about [Action] by [Secretary, Lead];
        ActionDueChanged 1 about [Action] by [Secretary, Lead];
        ActionCompleted 1 about [Action] by [Lead, Secretary];
        ActionClosed 1 about [Action] by [Secretary, Chair];
    }
    "Strategy and delivery" {
        StrategyAdopted 1 about [Strategy] by [Secretary];
        StrategyRefreshed 1 about [Strategy] by [Secretary];
        AimSet 1 about [Aim] by [Secretary];
        ObjectiveSet 1 about [Objective] by [Secretary];
        ObjectiveWithdrawn 1 about [Aim, Objective] by [Secretary];
        MilestoneSet 1 about [Milestone] by [Secretary, Lead];
        MilestoneSlipped 1 about [Milestone] by [Secretary, Lead];
        MilestoneBroughtForward 1 about [Milestone] by [Secretary, Lead];
        MilestoneDateRestated 1 about [Milestone] by [Secretary, Lead];
        MilestoneCompleted 1 about [Milestone] by [Secretary, Lead];
        MilestoneReopened 1 about [Milestone] by [Secretary, Lead];
        MilestoneWithdrawn 1 about [Milestone] by [Secretary];
        StatusReported 1 about [] by [Secretary, Lead];
        MetricDefined 1 about [Metric] by [Secretary, Lead];
        BaselineAgreed 1 about [Metric] by [Secretary];
        TargetRevised 1 about [Metric] by [Secretary];
        MetricMeasured 1 about [Metric] by [Secretary, Lead];
        RiskRaised 1 about [Risk] by [Secretary, Lead];
        RiskRescored 1 about [Risk] by [Secretary, Lead];
        RiskClosed 1 about [Risk] by [Secretary];
        AssuranceRecorded 1 about [Assurance] by [Secretary, Lead, Auditor];
    }
    "Sign-off, agreements, money, engagement" {
        SignOffRequested 1 about [SignOff] by [Secretary, Chair];
        SignOffGiven 1 about [SignOff] by [Signatory];
        SignOffDeclined 1 about [SignOff] by [Signatory];
        SignOffWithdrawn 1 about [SignOff] by [Signatory];
        SignOffCancelled 1 about [SignOff] by [Secretary, Chair];
        SignOffAttested 1 about [SignOff] by [Secretary];
        AgreementMade 1 about [Agreement] by [Secretary];
        AgreementVaried 1 about [Agreement] by [Secretary];
        PartyJoined 1 about [Agreement] by [Secretary];
        PartyLeft 1 about [Agreement] by [Secretary];
        AgreementEnded 1 about [Agreement] by [Secretary];
        FundingApplied 1 about [Funding] by [Secretary, Lead];
        FundingAwarded 1 about [Funding] by [Secretary, Lead];
        FundingRefused 1 about [Funding] by [Secretary, Lead];
        EvaluationCommissioned 1 about [Evaluation] by [Secretary, Lead];
        EvaluationReported 1 about [Evaluation] by [Secretary, Lead];
        ConsultationOpened 1 about [Consultation] by [Secretary, Lead];
        ConsultationResponded 1 about [Consultation] by [Secretary, Lead];
        ConsultationClosed 1 about [Consultation] by [Secretary, Lead];
    }
    "Record keeping" {
        CorrectionRecorded 1 about [] by [Registrar, Secretary, Chair, Lead, RecordsOfficer];
        ApprovalGiven 1 about [Record, Person] by [Registrar, Secretary, Chair, RecordsOfficer];
        Published 1 about [] by [Secretary, RecordsOfficer];
        Disclosed 1 about [] by [Secretary, RecordsOfficer];
        HoldPlaced 1 about [Hold] by [RecordsOfficer];
        HoldLifted 1 about [Hold] by [RecordsOfficer];
        ContentErased 1 about [Record] by [RecordsOfficer] second;
        RecordDisposed 1 about [Record] by [RecordsOfficer] second;
        DocumentImported 1 about [Document] by [Registrar, Secretary];
    }
}

impl EventType {
    /// The type of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|event| event.name() == name)
    }

    /// The JSON Schema (draft 2020-12) of the flat JSON form: common fields and own fields.
    pub fn schema(self) -> serde_json::Value {
        let mut generator = SchemaSettings::draft2020_12().into_generator();
        let common = generator.root_schema_for::<Common>().to_value();
        let mut schema = self.fields_schema(&mut generator).to_value();
        let mut properties = serde_json::Map::new();
        properties.insert("type".into(), serde_json::json!({"const": self.name()}));
        properties.insert("v".into(), serde_json::json!({"const": self.version()}));
        let mut required = vec![serde_json::Value::from("type")];
        let mut defs = serde_json::Map::new();
        for part in [&schema, &common] {
            if let Some(own) = part["properties"].as_object() {
                properties.extend(own.clone());
            }
            if let Some(own) = part["required"].as_array() {
                required.extend(own.iter().cloned());
            }
            if let Some(own) = part["$defs"].as_object() {
                defs.extend(own.clone());
            }
        }
        schema["title"] = self.name().into();
        schema["type"] = "object".into();
        schema["properties"] = properties.into();
        schema["required"] = required.into();
        schema["$defs"] = defs.into();
        schema["additionalProperties"] = false.into();
        limits::describe(&mut schema);
        schema
    }

    /// The names of the fields that are this type's own.
    pub fn own_fields(self) -> Vec<String> {
        let schema = self.schema();
        let names = schema["properties"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, _)| name);
        names
            .filter(|name| {
                !COMMON_FIELDS.contains(&name.as_str()) && *name != "type" && *name != "v"
            })
            .cloned()
            .collect()
    }
}
