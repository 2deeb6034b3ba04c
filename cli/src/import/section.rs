//! The sections of a seed file: what each is about, and which officer signs what comes of it.

use minutebook_events::{Kind, Role};

/// Which of a ledger's officers signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Signer {
    /// Organisations, bodies, people and posts.
    Registrar,
    /// Meetings, decisions, the plan and the import itself.
    Secretary,
    /// Milestones, their dates and how things stand.
    Lead,
}

impl Signer {
    /// The role that the officer acts in.
    pub fn role(self) -> Role {
        match self {
            Self::Registrar => Role::Registrar,
            Self::Secretary => Role::Secretary,
            Self::Lead => Role::Lead,
        }
    }
}

macro_rules! sections {
    ($($section:ident $name:literal $kind:ident $signer:ident)*) => {
        /// A section of a seed file, in the order in which records are imported: what others refer
        /// to first, and one officer's records together.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Section { $(#[doc = $name] $section,)* }

        impl Section {
            /// Every section.
            pub const ALL: &'static [Section] = &[$(Section::$section),*];

            /// The key in the file.
            pub fn name(self) -> &'static str {
                match self { $(Section::$section => $name,)* }
            }

            /// What its records are. A record of a section that only reports on something else
            /// names its subject itself; see [`Section::names_its_subject`].
            pub fn kind(self) -> Kind {
                match self { $(Section::$section => Kind::$kind,)* }
            }

            /// Who signs. One officer signs all the events of a record, so that they enter together
            /// or not at all.
            pub fn signer(self) -> Signer {
                match self { $(Section::$section => Signer::$signer,)* }
            }
        }
    };
}

sections! {
    Organisations "organisations" Organisation Registrar
    Bodies "bodies" Body Registrar
    People "people" Person Registrar
    Memberships "memberships" Post Registrar
    MembershipChanges "membership_changes" Body Registrar
    Meetings "meetings" Meeting Secretary
    Strategies "strategies" Strategy Secretary
    Aims "aims" Aim Secretary
    Outcomes "outcomes" Objective Secretary
    Objectives "objectives" Objective Secretary
    Commitments "commitments" Objective Secretary
    Evaluations "evaluations" Evaluation Secretary
    Agreements "agreements" Agreement Secretary
    SignOffs "sign_offs" SignOff Secretary
    Decisions "decisions" Decision Secretary
    Funding "funding" Funding Secretary
    Consultations "consultations" Consultation Secretary
    Risks "risks" Risk Secretary
    Milestones "milestones" Milestone Lead
    MilestoneChanges "milestone_changes" Milestone Lead
    StatusReports "status_reports" Milestone Lead
    Metrics "metrics" Metric Secretary
}

impl Section {
    /// The section of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|section| section.name() == name)
    }

    /// Whether its records speak of a subject that another record brought in.
    pub fn names_its_subject(self) -> bool {
        matches!(
            self,
            Self::MembershipChanges | Self::MilestoneChanges | Self::StatusReports
        )
    }
}
