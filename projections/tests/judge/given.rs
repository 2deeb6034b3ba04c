//! Given these entries, when someone records this, then it is in or it is refused.

use std::sync::Arc;

use minutebook_events::catalogue::{Officer, example};
use minutebook_events::{
    Claims, CoseKey, Digest, Event, EventType, Judge, Payload, PersonId, Recorded, Refusal, Role,
    Seen, SubjectId,
};
use minutebook_keys::{PublicKey, SigningKey};
use minutebook_projections::Views;
use serde_json::{Value, json};

/// The second in which the ledger of these tests is opened: 14 May 2025, noon.
pub const NOON: i64 = 1_747_224_000;

/// Someone with a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Who {
    person: u8,
    key: u8,
}

pub const ANNA: Who = Who { person: 1, key: 1 };
pub const BEN: Who = Who { person: 2, key: 2 };
pub const CARA: Who = Who { person: 3, key: 3 };
pub const DAN: Who = Who { person: 4, key: 4 };

impl Who {
    pub fn id(self) -> PersonId {
        PersonId::from_random([self.person; 16])
    }

    pub fn subject(self) -> String {
        self.id().subject().to_string()
    }

    pub fn key(self) -> PublicKey {
        SigningKey::from_seed(&[self.key; 32]).public()
    }

    /// The same person with another key.
    pub fn with_key(self, key: u8) -> Self {
        Self { key, ..self }
    }
}

/// An event in the form in which people write it. `capacity` is a role, and what it is held for:
/// `lead organisation/trust`.
pub fn say(kind: &str, subject: &str, capacity: &str, fields: Value) -> Event {
    let mut words = capacity.split(' ');
    let mut held = json!({"role": words.next()});
    if let Some(of) = words.next() {
        held["of"] = of.into();
    }
    let mut event = json!({"type": kind, "subject": subject, "capacity": held});
    event
        .as_object_mut()
        .unwrap()
        .extend(fields.as_object().unwrap().clone());
    Event::from_json(event).unwrap()
}

/// A key's enrolment. The proof is the log's to check, not the judge's.
pub fn enrolment(who: Who, capacity: &str, replaces: Option<PublicKey>) -> Event {
    let mut fields = json!({
        "key": serde_json::to_value(CoseKey(who.key())).unwrap(),
        "proof": "5a".repeat(64),
    });
    if let Some(old) = replaces {
        fields["replaces"] = old.kid().to_string().into();
    }
    say("SigningKeyEnrolled", &who.subject(), capacity, fields)
}

/// The ledger as it stands.
#[derive(Clone, Default)]
pub struct Given {
    pub views: Views,
    pub entries: Vec<Recorded<Event>>,
}

/// What became of an event that asked to enter.
pub struct Then(Result<(), Refusal>);

impl Given {
    /// A ledger with these founding officers, opened by the first.
    pub fn opened_by(officers: &[(Who, &[Role])]) -> Self {
        Self::default().and(officers[0].0, genesis(officers))
    }

    /// A ledger that Anna and Ben keep as registrars; Anna is secretary, too, and Ben looks after
    /// records. Cara chairs.
    pub fn opened() -> Self {
        Self::opened_by(&[
            (ANNA, &[Role::Registrar, Role::Secretary]),
            (BEN, &[Role::Registrar, Role::RecordsOfficer]),
            (CARA, &[Role::Secretary, Role::Chair]),
        ])
    }

    pub fn size(&self) -> u64 {
        self.entries.len() as u64
    }

    /// The event as `who` would sign it now, having seen everything.
    pub fn signed(&self, who: Who, event: Event) -> Recorded<Event> {
        let position = self.size();
        let enrols = match &event.payload {
            Payload::SigningKeyEnrolled(fields) => Some(fields.key.0),
            _ => None,
        };
        Recorded {
            position,
            recorded_at: NOON + position as i64,
            claims: Claims {
                signer: who.id(),
                kid: who.key().kid(),
                iat: NOON + position as i64,
                cti: [0; 16],
                digest: Digest::of(&position.to_be_bytes()),
                enrols,
                seen: Seen {
                    size: position,
                    root: [0; 32],
                },
            },
            body: event,
        }
    }

    /// And then `who` records this.
    pub fn and(self, who: Who, event: Event) -> Self {
        let entry = self.signed(who, event);
        self.and_entry(entry)
    }

    /// As if `who` had recorded this, whatever the rules say: for what only reads the record.
    pub fn said(mut self, who: Who, event: Event) -> Self {
        let entry = self.signed(who, event);
        self.views.apply(&entry.clone().into_content());
        self.entries.push(entry);
        self
    }

    /// And then this enters.
    pub fn and_entry(mut self, entry: Recorded<Event>) -> Self {
        if let Err(refusal) = self.views.admit(&entry) {
            panic!(
                "{}: {refusal} ({})",
                entry.body.event_type().name(),
                refusal.rule
            );
        }
        self.views.apply(&entry.clone().into_content());
        self.entries.push(entry);
        self
    }

    pub fn when(&self, who: Who, event: Event) -> Then {
        self.when_entry(&self.signed(who, event))
    }

    /// When `who` records this, having seen only the first `seen` entries.
    pub fn when_seen(&self, who: Who, seen: u64, event: Event) -> Then {
        let mut entry = self.signed(who, event);
        entry.claims.seen.size = seen;
        self.when_entry(&entry)
    }

    pub fn when_entry(&self, entry: &Recorded<Event>) -> Then {
        Then(self.views.admit(entry))
    }

    // Short ways to say what many tests need.

    pub fn milestone(self, id: &str, due: Option<&str>) -> Self {
        let fields = match due {
            Some(due) => json!({"title": "Crisis line", "due": due}),
            None => json!({"title": "Crisis line"}),
        };
        self.and(ANNA, say("MilestoneSet", id, "secretary", fields))
    }

    pub fn organisation(self, id: &str) -> Self {
        let fields = json!({"name": "North Mental Health Trust"});
        self.and(ANNA, say("OrganisationRegistered", id, "registrar", fields))
    }

    pub fn body(self, id: &str) -> Self {
        let fields = json!({"name": "Partnership Delivery Group"});
        self.and(ANNA, say("BodyEstablished", id, "registrar", fields))
    }

    /// A meeting that took place on this day and was quorate, says its record.
    pub fn met(self, id: &str, body: Option<&str>, day: &str) -> Self {
        let mut fields = json!({"title": "Partnership Delivery Group", "date": day});
        if let Some(body) = body {
            fields["body"] = body.into();
        }
        let held = json!({"quorate": true, "effective": day});
        self.and(ANNA, say("MeetingCalled", id, "secretary", fields))
            .and(ANNA, say("MeetingHeld", id, "secretary", held))
    }

    /// `who` is enrolled with a key, and appointed to a role for `of`.
    pub fn person(self, who: Who, role: &str, of: Option<&str>) -> Self {
        self.enrolled(who)
            .and(ANNA, enrolment(who, "registrar", None))
            .and(ANNA, appointment(who, role, of))
    }

    pub fn enrolled(self, who: Who) -> Self {
        let fields = json!({"sealed": ["11".repeat(32)]});
        self.and(
            ANNA,
            say("PersonEnrolled", &who.subject(), "registrar", fields),
        )
    }
}

impl Then {
    #[track_caller]
    pub fn accepted(self) {
        if let Err(refusal) = self.0 {
            panic!("refused: {refusal} ({}, {:?})", refusal.rule, refusal.kind);
        }
    }

    #[track_caller]
    pub fn refused(self, rule: &str) -> Refusal {
        let refusal = self.0.expect_err("it was accepted");
        assert_eq!(refusal.rule, rule, "{refusal}");
        refusal
    }
}

pub fn appointment(who: Who, role: &str, of: Option<&str>) -> Event {
    let mut fields = json!({"role": role});
    if let Some(of) = of {
        fields["of"] = of.into();
    }
    say("RoleAppointed", &who.subject(), "registrar", fields)
}

pub fn genesis(officers: &[(Who, &[Role])]) -> Event {
    let mut event = example(EventType::LedgerOpened);
    if let Payload::LedgerOpened(opened) = &mut event.payload {
        Arc::make_mut(opened).officers = officers
            .iter()
            .map(|(who, roles)| Officer {
                person: who.id(),
                roles: roles.to_vec(),
                key: CoseKey(who.key()),
            })
            .collect();
    }
    event.common.capacity.role = officers[0].1[0];
    event
}

pub fn id(text: &str) -> SubjectId {
    text.parse().unwrap()
}
