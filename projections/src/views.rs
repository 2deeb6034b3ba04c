//! All views together, and the judge that they are.

use minutebook_events::{
    Bytes, Confidentiality, Content, Digest, Event, EventType, Judge, Kind, Recorded, Refusal,
    SubjectId,
};
use minutebook_keys::{Kid, PublicKey};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::actions::{self, Action};
use crate::agreements::{self, Agreement};
use crate::as_of::AsOf;
use crate::authorities::{self, Delegation};
use crate::belonging::Belonging;
use crate::bodies::{self, Body};
use crate::consultations::{self, Consultation};
use crate::decisions::{self, Decision};
use crate::entries::Entries;
use crate::evaluations::{self, Evaluation};
use crate::funding::{self, Funding};
use crate::holds::{self, Hold};
use crate::interests::Interests;
use crate::keyring::{Key, Keyring};
use crate::meetings::{self, Meeting};
use crate::metrics::Metrics;
use crate::milestones::{self, Milestone};
use crate::minutes::AllMinutes;
use crate::organisations::{self, Organisation};
use crate::papers::Papers;
use crate::people::People;
use crate::plan::Plan;
use crate::records::Records;
use crate::releases::{self, Releases};
use crate::risks::Risks;
use crate::signoffs::{self, SignOff};
use crate::status::{self, Report};
use crate::subjects::{Subject, Subjects};
use crate::table::{Moment, Table};
use crate::touch::touch;
use crate::under::Under;
use crate::{Noted, naming, rules, snapshot};

/// What the record says after the entries that were applied.
///
/// A clone costs a pointer a map: a batch is admitted against a clone and shown once it is durable.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Views {
    /// Every entry, in the order of the fold.
    pub entries: Entries,
    /// Everything the record speaks of, and which entries are about it.
    pub subjects: Subjects,
    /// Which body everything belongs to.
    pub belonging: Belonging,
    /// For each decision, part of the plan, agreement and body, what names it: hints, as in [`Under`].
    pub naming: Under,
    /// Keys, and whose they are.
    pub keyring: Keyring,
    /// People, posts and roles.
    pub people: People,
    /// Organisations.
    pub organisations: Table<Organisation>,
    /// Bodies.
    pub bodies: Table<Body>,
    /// Delegated authorities.
    pub authorities: Table<Delegation>,
    /// Meetings.
    pub meetings: Table<Meeting>,
    /// Papers for them.
    pub papers: Papers,
    /// Their minutes.
    pub minutes: AllMinutes,
    /// Interests declared.
    pub interests: Interests,
    /// Decisions.
    pub decisions: Table<Decision>,
    /// Actions.
    pub actions: Table<Action>,
    /// The plan as a tree.
    pub plan: Plan,
    /// Milestones and their dates.
    pub milestones: Table<Milestone>,
    /// The newest status report about each thing.
    pub status: Table<Report>,
    /// The report that last declared a scale for each thing.
    pub scales: Table<Report>,
    /// Metrics.
    pub metrics: Metrics,
    /// Risks and assurance.
    pub risks: Risks,
    /// Sign-offs.
    pub signoffs: Table<SignOff>,
    /// Agreements.
    pub agreements: Table<Agreement>,
    /// Applications for money.
    pub funding: Table<Funding>,
    /// Evaluations.
    pub evaluations: Table<Evaluation>,
    /// Consultations and promises.
    pub consultations: Table<Consultation>,
    /// Holds on erasure and disposal.
    pub holds: Table<Hold>,
    /// What was published or given out.
    pub releases: Table<Releases>,
    /// Counts, imports, corrections, approvals, erasures.
    pub records: Records,
}

/// The figures that a summary shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
    /// The record as it stood when the entries with ticks below `ticks` were known, to a reader who
    /// may read up to this sort of entry.
    pub fn as_of(&self, ticks: u64, reader: Confidentiality) -> AsOf<'_> {
        let ticks = ticks.min(self.entries.ticks());
        AsOf {
            views: self,
            moment: Moment { ticks, reader },
        }
    }

    /// The record as it stands now.
    pub fn now(&self, reader: Confidentiality) -> AsOf<'_> {
        self.as_of(u64::MAX, reader)
    }

    /// Whether something is in the record: an entry, a person, or what an entry began.
    pub fn exists(&self, id: &SubjectId) -> bool {
        self.is_there(id, || self.subjects.get(id))
    }

    /// As [`Views::exists`], for a caller who may know what the table of subjects has on it.
    pub(crate) fn is_there<'a>(
        &self,
        id: &SubjectId,
        known: impl FnOnce() -> Option<&'a Subject>,
    ) -> bool {
        match id.kind() {
            Kind::Record => {
                let index = id.name().parse::<u64>();
                index.is_ok_and(|index| index < self.records.size())
            }
            Kind::Person => id
                .person()
                .is_some_and(|person| self.people.get(&person).is_some()),
            _ => known().is_some_and(|subject| subject.begun.is_some()),
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
}

impl Judge for Views {
    fn admit(&self, candidate: &Recorded<Event>) -> Result<(), Refusal> {
        rules::admit(self, candidate)
    }

    fn apply(&mut self, recorded: &Recorded<Content>) {
        let position = recorded.position;
        let tick = self.entries.ticks();
        self.records
            .fold_entry(position, recorded.recorded_at, &recorded.body);
        let signer = self.keyring.fold_claims(position, &recorded.claims);
        let Content::Event(event) = &recorded.body else {
            self.entries.note(recorded, &signer, None);
            return;
        };
        let (common, payload) = (&event.common, &event.payload);

        let touch = touch(event.event_type(), common.subject.kind());
        let level = common.confidentiality;
        let id = self
            .subjects
            .note(&common.subject, touch, position, &signer, level);
        let about = Some((&id, &self.subjects));
        let entry = self.entries.note(recorded, &signer, about);
        let Some(said) = &entry.said else { return };
        let noted = Noted {
            position,
            tick,
            signer: &signer,
            id: &id,
            common,
            said,
        };

        self.belonging.fold(&noted, payload);
        naming::fold(&mut self.naming, &noted, payload);
        self.keyring.fold(position, &id, payload);
        self.people.fold(&noted, payload);
        organisations::fold(&mut self.organisations, &noted, payload);
        bodies::fold(&mut self.bodies, &noted, payload);
        authorities::fold(&mut self.authorities, &noted, payload);
        meetings::fold(&mut self.meetings, &noted, payload);
        self.papers.fold(&noted, payload);
        self.minutes.fold(&noted, payload);
        self.interests.fold(&noted, payload);
        decisions::fold(&mut self.decisions, &noted, payload);
        actions::fold(&mut self.actions, &noted, payload);
        self.plan.fold(&noted, payload);
        milestones::fold(&mut self.milestones, &noted, payload);
        status::fold(&mut self.status, &mut self.scales, &noted, payload);
        self.metrics.fold(&noted, payload);
        self.risks.fold(&noted, payload);
        signoffs::fold(&mut self.signoffs, &noted, payload);
        agreements::fold(&mut self.agreements, &noted, payload);
        funding::fold(&mut self.funding, &noted, payload);
        evaluations::fold(&mut self.evaluations, &noted, payload);
        consultations::fold(&mut self.consultations, &noted, payload);
        holds::fold(&mut self.holds, &noted, payload);
        releases::fold(&mut self.releases, &noted, payload);
        self.records.fold(&noted, payload);
    }

    fn erasing_entries(&self) -> u64 {
        self.records.erasing_entries()
    }

    fn erasures(&self) -> Vec<(u64, Digest)> {
        self.records.erased_contents()
    }

    fn key(&self, kid: &Kid) -> Option<PublicKey> {
        self.keyring.public(kid)
    }

    fn save(&self) -> Vec<u8> {
        snapshot::save(self)
    }

    fn load(bytes: Bytes) -> Option<Self> {
        snapshot::load(bytes)
    }
}
