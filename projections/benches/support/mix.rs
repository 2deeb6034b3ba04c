//! A realistic mix of entries over 200 bodies, month after month: what a region's boards would record.
//!
//! Every body meets once a month. A meeting is called, held and minuted; it decides, hands out
//! actions, hears how earlier ones stand, sets milestones and moves them, and is told what was
//! measured. About one entry in a hundred is for the private part. The same mix each time.

use std::collections::VecDeque;
use std::sync::Arc;

use jiff::ToSpan as _;
use jiff::civil::Date;
use minutebook_events::catalogue::milestones::Standing;
use minutebook_events::catalogue::{Officer, example};
use minutebook_events::quantity::Quantity;
use minutebook_events::{
    Claims, Confidentiality, Content, CoseKey, Digest, Event, EventType, Payload, Period, PersonId,
    Recorded, Role, Seen, SubjectId,
};
use minutebook_keys::{Kid, PublicKey, SigningKey};
use serde_json::{Value, json};

/// How many bodies meet.
pub const BODIES: usize = 200;

/// How many organisations give signatures.
const ORGANISATIONS: usize = 40;

/// Metrics of each body.
const METRICS: usize = 6;

/// The second in which the ledger is opened: 1 April 2010.
const OPENED: i64 = 1_270_080_000;

/// Seconds between two entries.
const PACE: i64 = 480;

/// A signer.
struct Secretary {
    person: PersonId,
    key: PublicKey,
    kid: Kid,
}

/// What a body has open.
#[derive(Default)]
struct Open {
    actions: VecDeque<SubjectId>,
    milestones: VecDeque<(SubjectId, Period)>,
    risks: VecDeque<SubjectId>,
    minutes: Option<SubjectId>,
}

/// Entries without an end.
pub struct Mix {
    secretaries: Vec<Secretary>,
    open: Vec<Open>,
    templates: Templates,
    queue: VecDeque<(usize, Event)>,
    /// The body that meets next, and the month, counted from the first.
    body: usize,
    month: i32,
    position: u64,
    random: u64,
}

impl Mix {
    /// From the first entry on.
    pub fn new() -> Self {
        let secretaries = (0..BODIES).map(|n| {
            let mut seed = [7; 32];
            seed[..8].copy_from_slice(&(n as u64).to_be_bytes());
            let key = SigningKey::from_seed(&seed).public();
            let mut id = [3; 16];
            id[..8].copy_from_slice(&(n as u64 * 0x9e37_79b9).to_be_bytes());
            Secretary {
                person: PersonId::from_random(id),
                kid: key.kid(),
                key,
            }
        });
        let mut mix = Self {
            secretaries: secretaries.collect(),
            open: (0..BODIES).map(|_| Open::default()).collect(),
            templates: Templates::new(),
            queue: VecDeque::new(),
            body: 0,
            month: 0,
            position: 0,
            random: 0x2545_f491_4f6c_dd1d,
        };
        mix.found();
        mix
    }

    /// A number below `end`.
    fn below(&mut self, end: u64) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        self.random % end
    }

    fn say(&mut self, body: usize, event: Event) {
        self.queue.push_back((body, event));
    }

    fn found(&mut self) {
        let mut genesis = example(EventType::LedgerOpened);
        if let Payload::LedgerOpened(opened) = &mut genesis.payload {
            let officers = &mut Arc::make_mut(opened).officers;
            let officer = |secretary: &Secretary| Officer {
                person: secretary.person.clone(),
                roles: vec![Role::Registrar, Role::Secretary],
                key: CoseKey(secretary.key),
            };
            *officers = self.secretaries.iter().map(officer).collect();
        }
        self.say(0, genesis);
        for n in 0..ORGANISATIONS {
            let name = json!({"name": format!("Community Health Trust {n}")});
            self.say(
                n,
                event("OrganisationRegistered", &organisation(n).to_string(), name),
            );
        }
        for n in 0..BODIES {
            let name = format!("Partnership Delivery Group {n}");
            self.say(
                n,
                event(
                    "BodyEstablished",
                    &body(n).to_string(),
                    json!({ "name": name }),
                ),
            );
            let fields = json!({"title": format!("Five-year strategy of group {n}"),
                "owner": body(n).to_string()});
            self.say(
                n,
                event("StrategyAdopted", &strategy(n).to_string(), fields),
            );
            for metric in 0..METRICS {
                let fields = json!({"title": format!("Days from referral to first contact, place {metric}"),
                    "unit": "days", "direction": "down", "target": "14",
                    "target_kind": "absolute", "strategy": strategy(n).to_string()});
                self.say(
                    n,
                    event("MetricDefined", &format!("metric/mt-{n}-{metric}"), fields),
                );
            }
        }
    }

    /// All that one meeting brings.
    fn meet(&mut self) {
        let (n, month) = (self.body, self.month);
        let day = month_start(month).saturating_add((i64::from(n as i32 % 20)).days());
        let date = Period::day(day);
        let name = format!("{n:03}-{month:04}");
        let meeting = id("meeting", &name);
        let minutes = id("minutes", &name);
        let scene = Scene {
            meeting: &meeting,
            date: &date,
        };

        let called = self.templates.event("MeetingCalled", &meeting, |payload| {
            if let Payload::MeetingCalled(f) = payload {
                let f = Arc::make_mut(f);
                f.title = format!("Meeting {month} of Partnership Delivery Group {n}");
                (f.body, f.date) = (Some(body(n)), Some(date.clone()));
            }
        });
        self.say(n, called);
        let held = self.templates.event("MeetingHeld", &meeting, |_| ());
        self.say(n, scene.minuted(held, 1));
        if let Some(before) = self.open[n].minutes.take() {
            let approved = self.templates.event("MinutesApproved", &before, |_| ());
            self.say(n, scene.minuted(approved, 2));
        }

        let first = self.queue.len();
        for item in 0..3 {
            let decision = id("decision", &format!("{name}-{item}"));
            let made = self.templates.event("DecisionMade", &decision, |payload| {
                if let Payload::DecisionMade(f) = payload {
                    let f = Arc::make_mut(f);
                    f.title = format!("Agree item {item} of month {month} for place {n}");
                    f.text = Some(format!(
                        "The group agreed proposal {item} as set out in paper {name}, subject to \
                         funding being confirmed by each partner."
                    ));
                    f.body = Some(body(n));
                }
            });
            self.say(n, scene.minuted(made, 10 + item));
            let action = id("action", &format!("{name}-{item}"));
            let assigned = self.templates.event("ActionAssigned", &action, |payload| {
                if let Payload::ActionAssigned(f) = payload {
                    let f = Arc::make_mut(f);
                    f.text = format!("Bring a costed proposal on item {item} of {name} back");
                    f.due = Some(Period::day(day.saturating_add(60.days())));
                    (f.body, f.decision) = (Some(body(n)), Some(decision.clone()));
                }
            });
            self.say(n, scene.minuted(assigned, 10 + item));
            self.open[n].actions.push_back(action);
        }
        self.hear_of_actions(n, &scene, day);
        self.hear_of_milestones(n, &scene, &name, day);
        self.hear_of_the_rest(n, &scene, &name);
        let drafted = self.templates.event("MinutesDrafted", &minutes, |payload| {
            if let Payload::MinutesDrafted(f) = payload {
                let f = Arc::make_mut(f);
                f.minutes_of = meeting.clone();
            }
        });
        self.say(n, drafted);
        self.open[n].minutes = Some(minutes);

        for at in first..self.queue.len() {
            if self.below(100) == 0 {
                self.queue[at].1.common.confidentiality = Confidentiality::Part2;
            }
        }
        self.body = (n + 1) % BODIES;
        self.month += i32::from(self.body == 0);
    }

    fn hear_of_actions(&mut self, n: usize, scene: &Scene<'_>, day: Date) {
        for item in 0..3 {
            let Some(action) = self.open[n].actions.pop_front() else {
                return;
            };
            let progress = self
                .templates
                .event("ActionProgressReported", &action, |payload| {
                    if let Payload::ActionProgressReported(f) = payload {
                        let f = Arc::make_mut(f);
                        f.narrative = format!(
                            "Partners were consulted on {day}; the proposal is with finance."
                        );
                    }
                });
            self.say(n, scene.minuted(progress, 20 + item));
            if self.below(3) == 0 {
                let later = self
                    .templates
                    .event("ActionDueChanged", &action, |payload| {
                        if let Payload::ActionDueChanged(f) = payload {
                            let f = Arc::make_mut(f);
                            f.to = Period::day(day.saturating_add(90.days()));
                        }
                    });
                let why = "Finance leads were not available before the end of the quarter.";
                self.say(n, because(scene.minuted(later, 20 + item), why));
                self.open[n].actions.push_back(action);
            } else {
                let done = self.templates.event("ActionCompleted", &action, |_| ());
                self.say(n, scene.minuted(done, 20 + item));
            }
        }
    }

    fn hear_of_milestones(&mut self, n: usize, scene: &Scene<'_>, name: &str, day: Date) {
        let milestone = id("milestone", name);
        let due = Period::day(day.saturating_add(180.days()));
        let set = self.templates.event("MilestoneSet", &milestone, |payload| {
            if let Payload::MilestoneSet(f) = payload {
                let f = Arc::make_mut(f);
                f.title = format!("Open the neighbourhood hub named in {name}");
                (f.strategy, f.due) = (Some(strategy(n)), Some(due.clone()));
            }
        });
        self.say(n, scene.minuted(set, 30));
        self.open[n].milestones.push_back((milestone, due));
        for _ in 0..2 {
            let Some((milestone, due)) = self.open[n].milestones.pop_front() else {
                return;
            };
            let status = self
                .templates
                .event("StatusReported", &milestone, |payload| {
                    if let Payload::StatusReported(f) = payload {
                        let f = Arc::make_mut(f);
                        f.report = format!("st-{name}");
                        f.narrative = format!(
                            "Recruitment to the hub stands at four in five on {day}; the lease is \
                             being negotiated and the partners expect to sign within the quarter."
                        );
                        f.period = Some(scene.date.clone());
                    }
                });
            self.say(n, scene.minuted(status, 31));
            match self.below(10) {
                0..5 => {
                    let to = Period::day(due.to.unwrap_or(day).saturating_add(91.days()));
                    let slipped = self
                        .templates
                        .event("MilestoneSlipped", &milestone, |payload| {
                            if let Payload::MilestoneSlipped(f) = payload {
                                let f = Arc::make_mut(f);
                                (f.from, f.to) = (due.clone(), to.clone());
                                (f.standing, f.agreed_by) = (Standing::Reported, None);
                            }
                        });
                    let why = format!("Capacity in estates, and the landlord's terms of {day}.");
                    self.say(n, because(scene.minuted(slipped, 31), &why));
                    self.open[n].milestones.push_back((milestone, to));
                }
                5 => {
                    let to = Period::day(due.to.unwrap_or(day).saturating_sub(30.days()));
                    let forward =
                        self.templates
                            .event("MilestoneBroughtForward", &milestone, |payload| {
                                if let Payload::MilestoneBroughtForward(f) = payload {
                                    let f = Arc::make_mut(f);
                                    (f.from, f.to) = (due.clone(), to.clone());
                                }
                            });
                    let why = "The landlord finished the works before time.";
                    self.say(n, because(scene.minuted(forward, 31), why));
                    self.open[n].milestones.push_back((milestone, to));
                }
                _ => {
                    let done = self
                        .templates
                        .event("MilestoneCompleted", &milestone, |_| ());
                    self.say(n, scene.minuted(done, 31));
                }
            }
        }
    }

    fn hear_of_the_rest(&mut self, n: usize, scene: &Scene<'_>, name: &str) {
        for _ in 0..3 {
            let metric = id("metric", &format!("mt-{n}-{}", self.below(METRICS as u64)));
            let value = (10 + self.below(30)).to_string();
            let measured = self.templates.event("MetricMeasured", &metric, |payload| {
                if let Payload::MetricMeasured(f) = payload {
                    let f = Arc::make_mut(f);
                    f.value = Quantity::from_words(&value);
                    f.period = Some(scene.date.clone());
                }
            });
            self.say(n, scene.minuted(measured, 40));
        }
        if self.below(4) == 0 {
            let risk = id("risk", name);
            let raised = self.templates.event("RiskRaised", &risk, |payload| {
                if let Payload::RiskRaised(f) = payload {
                    let f = Arc::make_mut(f);
                    f.title = format!("Partners withdraw from {name}");
                }
            });
            self.say(n, scene.minuted(raised, 50));
            self.open[n].risks.push_back(risk);
        }
        if let Some(risk) = self.open[n].risks.pop_front() {
            let rescored = self.templates.event("RiskRescored", &risk, |_| ());
            self.say(
                n,
                because(scene.minuted(rescored, 50), "Mitigation is in place."),
            );
            if self.below(3) > 0 {
                self.open[n].risks.push_back(risk);
            }
        }
        if self.below(4) == 0 {
            let sign_off = id("sign-off", name);
            let requested = self
                .templates
                .event("SignOffRequested", &sign_off, |payload| {
                    if let Payload::SignOffRequested(f) = payload {
                        let f = Arc::make_mut(f);
                        f.title = format!("Memorandum {name}");
                        (f.text, f.document) = (Digest::of(name.as_bytes()), None);
                    }
                });
            self.say(n, scene.minuted(requested, 60));
            for _ in 0..3 {
                let of = organisation(self.below(ORGANISATIONS as u64) as usize);
                let mut given = self.templates.event("SignOffGiven", &sign_off, |payload| {
                    if let Payload::SignOffGiven(f) = payload {
                        let f = Arc::make_mut(f);
                        f.text = Digest::of(name.as_bytes());
                    }
                });
                given.common.capacity.role = Role::Signatory;
                given.common.capacity.of = Some(of);
                self.say(n, given);
            }
        }
    }
}

impl Default for Mix {
    fn default() -> Self {
        Self::new()
    }
}

impl Iterator for Mix {
    type Item = Recorded<Content>;

    fn next(&mut self) -> Option<Recorded<Content>> {
        while self.queue.is_empty() {
            self.meet();
        }
        let (by, event) = self.queue.pop_front()?;
        let secretary = &self.secretaries[by];
        let position = self.position;
        let iat = OPENED + position as i64 * PACE;
        self.position += 1;
        Some(Recorded {
            position,
            recorded_at: iat,
            claims: Claims {
                signer: secretary.person.clone(),
                kid: secretary.kid,
                iat,
                cti: [0; 16],
                digest: Digest::of(&position.to_be_bytes()),
                enrols: None,
                seen: Seen {
                    size: position,
                    root: [0; 32],
                },
            },
            body: Content::Event(Box::new(read(&event))),
        })
    }
}

/// The event as it comes out of the store: checked, and with texts that take what they need.
fn read(event: &Event) -> Event {
    Event::decode(&event.encode().unwrap()).unwrap()
}

/// The meeting that something is said in.
struct Scene<'a> {
    meeting: &'a SubjectId,
    date: &'a Period,
}

impl Scene<'_> {
    fn minuted(&self, mut event: Event, minute: u32) -> Event {
        let common = &mut event.common;
        common.meeting = Some(self.meeting.clone());
        common.minute = Some(format!("{}.{}", minute / 10 + 1, minute % 10));
        common.effective = Some(self.date.clone());
        event
    }
}

fn because(mut event: Event, why: &str) -> Event {
    event.common.reason = Some(why.to_owned());
    event
}

fn month_start(month: i32) -> Date {
    let year = 2010 + (3 + month) / 12;
    jiff::civil::date(year as i16, ((3 + month) % 12 + 1) as i8, 1)
}

fn id(kind: &str, name: &str) -> SubjectId {
    format!("{kind}/{name}").parse().unwrap()
}

/// A body of the mix.
pub fn body(n: usize) -> SubjectId {
    id("body", &format!("group-{n}"))
}

fn organisation(n: usize) -> SubjectId {
    id("organisation", &format!("trust-{n}"))
}

fn strategy(n: usize) -> SubjectId {
    id("strategy", &format!("plan-{n}"))
}

fn event(kind: &str, subject: &str, mut fields: Value) -> Event {
    let object = fields.as_object_mut().unwrap();
    object.insert("type".into(), kind.into());
    object.insert("subject".into(), subject.into());
    object.insert("capacity".into(), json!({"role": "secretary"}));
    Event::from_json(fields).unwrap()
}

/// An event of each type to begin from: reading one from JSON each time would take most of the time.
struct Templates(Arc<[(&'static str, Event)]>);

impl Templates {
    fn new() -> Self {
        let all = EventType::ALL.iter().map(|event| {
            let mut example = example(*event);
            let subject = example.common.subject.clone();
            example.common = minutebook_events::Common::new(
                subject,
                minutebook_events::Capacity::ledger_wide(Role::Secretary),
            );
            (event.name(), example)
        });
        Self(all.collect())
    }

    fn event(&self, kind: &str, subject: &SubjectId, edit: impl FnOnce(&mut Payload)) -> Event {
        let (_, template) = self.0.iter().find(|(name, _)| *name == kind).unwrap();
        let mut event = template.clone();
        event.common.subject = subject.clone();
        edit(&mut event.payload);
        event
    }
}
