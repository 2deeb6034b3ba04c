//! All views together, and the judge that they are.

use std::sync::Arc;

use minutebook_events::{
    Content, Event, EventType, Judge, Kind, PersonId, Recorded, Refusal, SubjectId,
};
use minutebook_keys::{Kid, PublicKey};
use serde::{Deserialize, Serialize};

use crate::agreements::Agreements;
use crate::bodies::Bodies;
use crate::decisions::Decisions;
use crate::keyring::{Key, Keyring};
use crate::meetings::Meetings;
use crate::metrics::Metrics;
use crate::milestones::Milestones;
use crate::organisations::Organisations;
use crate::people::People;
use crate::plan::Plan;
use crate::records::Records;
use crate::register::Register;
use crate::signoffs::SignOffs;
use crate::status::Status;
use crate::subjects::Subjects;
use crate::touch::touch;
use crate::{Noted, rules, snapshot};

/// What the record says after the entries that were applied.
///
/// A clone costs a pointer a map: a batch is admitted against a clone and shown once it is durable.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Views {
    /// Everything the record speaks of, and which entries are about it.
    pub subjects: Subjects,
    /// Keys, and whose they are.
    pub keyring: Keyring,
    /// People, posts and roles.
    pub people: People,
    /// Organisations.
    pub organisations: Organisations,
    /// Bodies.
    pub bodies: Bodies,
    /// Meetings.
    pub meetings: Meetings,
    /// Decisions.
    pub decisions: Decisions,
    /// The plan as a tree.
    pub plan: Plan,
    /// Milestones and their dates.
    pub milestones: Milestones,
    /// Status reports.
    pub status: Status,
    /// Metrics.
    pub metrics: Metrics,
    /// Sign-offs.
    pub signoffs: SignOffs,
    /// Agreements.
    pub agreements: Agreements,
    /// Actions, risks, funding and others without a view of their own.
    pub register: Register,
    /// Counts, imports, corrections, approvals, erasures.
    pub records: Records,
}

/// The figures that a summary shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Entries, those without content here too.
    pub entries: u64,
    /// Milestones, met and withdrawn ones too.
    pub milestones: u64,
    /// Slips recorded.
    pub slipped: u64,
    /// Times that a milestone was brought forward.
    pub brought_forward: u64,
    /// Dates restated.
    pub restated: u64,
    /// Milestones completed, each time counted.
    pub completed: u64,
    /// Decisions made.
    pub decisions: u64,
    /// Sign-offs, attested ones too.
    pub sign_offs: u64,
    /// Signatures given in this record; attested totals are not among them.
    pub signatures: u64,
}

impl Views {
    /// Whether something is in the record: an entry, a person, or what an entry began.
    pub fn exists(&self, id: &SubjectId) -> bool {
        match id.kind() {
            Kind::Record => {
                let index = id.name().parse::<u64>();
                index.is_ok_and(|index| index < self.records.size())
            }
            Kind::Person => id
                .person()
                .is_some_and(|person| self.people.get(&person).is_some()),
            _ => self
                .subjects
                .get(id)
                .is_some_and(|subject| subject.begun.is_some()),
        }
    }

    /// The entries about a subject, oldest first.
    pub fn history(&self, id: &SubjectId) -> impl DoubleEndedIterator<Item = u64> + '_ {
        self.subjects.history(id)
    }

    /// A key by its thumbprint, usable or not.
    pub fn key_of(&self, kid: &Kid) -> Option<&Key> {
        self.keyring.get(kid)
    }

    /// The figures of a summary.
    pub fn summary(&self) -> Summary {
        let count = |event| self.records.count(event);
        Summary {
            entries: self.records.size(),
            milestones: self.milestones.len() as u64,
            slipped: count(EventType::MilestoneSlipped),
            brought_forward: count(EventType::MilestoneBroughtForward),
            restated: count(EventType::MilestoneDateRestated),
            completed: count(EventType::MilestoneCompleted),
            decisions: count(EventType::DecisionMade),
            sign_offs: self.signoffs.len() as u64,
            signatures: count(EventType::SignOffGiven),
        }
    }

    /// The signer as the views share the name.
    fn signer(&self, recorded: &Recorded<Content>) -> Arc<PersonId> {
        match self.keyring.person_of(&recorded.claims.kid) {
            Some(person) if **person == recorded.claims.signer => person.clone(),
            _ => Arc::new(recorded.claims.signer.clone()),
        }
    }
}

impl Judge for Views {
    fn admit(&self, candidate: &Recorded<Event>) -> Result<(), Refusal> {
        rules::admit(self, candidate)
    }

    fn apply(&mut self, recorded: &Recorded<Content>) {
        let position = recorded.position;
        self.records
            .fold_entry(position, recorded.recorded_at, &recorded.body);
        self.keyring.fold_claims(position, &recorded.claims);
        let Content::Event(event) = &recorded.body else {
            return;
        };
        let (common, payload) = (&event.common, &event.payload);

        let signer = self.signer(recorded);
        let touch = touch(event.event_type(), common.subject.kind());
        let id = self
            .subjects
            .note(&common.subject, touch, position, &signer);
        let noted = Noted {
            position,
            signer: &signer,
            id: &id,
            common,
        };

        self.keyring.fold(position, &id, payload);
        self.people.fold(&noted, payload);
        self.organisations.fold(&noted, payload);
        self.bodies.fold(&noted, payload);
        self.meetings.fold(&noted, payload);
        self.decisions.fold(&noted, payload);
        self.plan.fold(&noted, payload);
        self.milestones.fold(&noted, payload);
        self.status.fold(&noted, payload);
        self.metrics.fold(&noted, payload);
        self.signoffs.fold(&noted, payload);
        self.agreements.fold(&noted, payload);
        self.register.fold(&noted, payload);
        self.records.fold(&noted, payload);
    }

    fn key(&self, kid: &Kid) -> Option<PublicKey> {
        self.keyring.public(kid)
    }

    fn save(&self) -> Vec<u8> {
        snapshot::save(self)
    }

    fn load(bytes: &[u8]) -> Option<Self> {
        snapshot::load(bytes)
    }
}
