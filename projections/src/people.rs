//! People and posts, and the roles they hold. Names stand in sealed parts and are not here.

use std::sync::Arc;

use minutebook_events::catalogue::RoleEnded;
use minutebook_events::digest::Thumbprint;
use minutebook_events::{Capacity, Digest, Kind, Payload, PersonId, Role, SubjectId};
use serde::{Deserialize, Serialize};

use crate::stated::At;
use crate::table::{Moment, Table};
use crate::under::Under;
use crate::{Id, Noted, Text, When};

/// A role or post that someone holds or held.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Holding {
    /// The role, which gives authority over the record.
    pub role: Option<Role>,
    /// The post, such as `Chief Executive`.
    pub title: Option<Text>,
    /// The body or organisation that it is held for; absent for the whole ledger.
    pub of: Option<SubjectId>,
    /// The organisations that the holder comes from or serves.
    pub organisations: Vec<SubjectId>,
    /// Whether the holder votes; absent where not stated.
    pub voting: Option<bool>,
    /// For how long it was given.
    pub term: Option<When>,
    /// The entry that appointed, and since when it was true in the world.
    pub since: (At, Option<When>),
    /// The entry that ended it, and since when that was true in the world.
    pub until: Option<(At, Option<When>)>,
    /// True for history that was imported. It gives no authority over this record.
    pub imported: bool,
}

impl Holding {
    /// Whether it is held now and gives authority.
    pub fn gives_authority(&self) -> bool {
        self.role.is_some() && self.until.is_none() && !self.imported
    }

    /// Whether it ends with this. Where a role is named it ends under whatever title it was given:
    /// nobody keeps authority by a difference in words.
    pub fn ends_with(&self, ended: &RoleEnded) -> bool {
        let named = match ended.role {
            Some(role) => self.role == Some(role),
            None => self.title.as_deref() == ended.title.as_deref(),
        };
        self.until.is_none() && self.of == ended.of && named
    }

    /// Whether it is this role, held for `of`; a role held for the whole ledger covers any `of`.
    fn covers(&self, role: Role, of: Option<&SubjectId>) -> bool {
        self.role == Some(role) && (self.of.is_none() || self.of.as_ref() == of)
    }
}

/// A person of the record.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Person {
    /// The entry that enrolled the person; absent for a founding officer who was not enrolled since.
    pub enrolled_at: Option<At>,
    /// The digests of the sealed parts that say who it is.
    pub identity: Vec<Digest>,
    /// The thumbprints of the person's keys, oldest first.
    pub keys: Vec<Thumbprint>,
    /// Every role and post, past ones too, oldest first.
    pub holdings: Vec<Holding>,
}

/// Everyone.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct People {
    /// Everyone, as `person/<id>`.
    pub persons: Table<Person>,
    /// The holders of posts who are not named.
    pub posts: Table<Vec<Holding>>,
    /// Who ever held something of each body and organisation.
    of: Under,
}

impl People {
    /// A person.
    pub fn get(&self, person: &PersonId) -> Option<&Person> {
        self.persons.get(&person.subject())
    }

    /// Everyone, in order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = (PersonId, &Person)> {
        self.persons
            .iter()
            .filter_map(|(id, person)| Some((id.person()?, person)))
    }

    /// The roles with authority that a person holds now, each once, in the order in which they were
    /// given.
    pub fn capacities(&self, person: &PersonId) -> Vec<Capacity> {
        let mut held = Vec::new();
        let holdings = self.get(person).map_or(&[][..], |person| &person.holdings);
        for holding in holdings.iter().filter(|holding| holding.gives_authority()) {
            let capacity = holding.role.map(|role| Capacity {
                role,
                of: holding.of.clone(),
            });
            held.extend(capacity.filter(|capacity| !held.contains(capacity)));
        }
        held
    }

    /// Whether a person holds a role for `of` now. A role held for the whole ledger covers any `of`;
    /// an imported appointment gives no authority.
    pub fn holds(&self, person: &PersonId, role: Role, of: Option<&SubjectId>) -> bool {
        self.holding(person, role, of).is_some()
    }

    /// The holding by which a person holds a role for `of` now.
    pub fn holding<'a>(
        &'a self,
        person: &PersonId,
        role: Role,
        of: Option<&'a SubjectId>,
    ) -> Option<&'a Holding> {
        let mut holdings = self.holdings_of(person, role, of);
        holdings.find(|holding| holding.gives_authority())
    }

    /// Every time that a person held a role for `of`, past ones too, oldest first. None of them is
    /// imported.
    pub fn holdings_of<'a>(
        &'a self,
        person: &PersonId,
        role: Role,
        of: Option<&'a SubjectId>,
    ) -> impl Iterator<Item = &'a Holding> {
        let holdings = self.get(person).map_or(&[][..], |person| &person.holdings);
        holdings
            .iter()
            .filter(move |holding| !holding.imported && holding.covers(role, of))
    }

    /// Those who hold a role with authority now, each with the holdings that give it.
    pub fn officers(&self) -> impl Iterator<Item = (PersonId, Vec<&Holding>)> {
        self.iter().filter_map(|(id, person)| {
            let held: Vec<_> = person
                .holdings
                .iter()
                .filter(|h| h.gives_authority())
                .collect();
            (!held.is_empty()).then_some((id, held))
        })
    }

    /// Those who hold a voting place on a body at a moment.
    pub fn voters<'a>(
        &'a self,
        body: &'a SubjectId,
        moment: Moment,
    ) -> impl Iterator<Item = (&'a SubjectId, &'a Holding)> {
        self.holders(body, moment)
            .filter(|(_, holding)| holding.voting == Some(true))
    }

    /// Everyone who holds something of a body or organisation at a moment: each person, or post
    /// without a name, with each thing held.
    pub fn holders<'a>(
        &'a self,
        of: &'a SubjectId,
        moment: Moment,
    ) -> impl Iterator<Item = (&'a SubjectId, &'a Holding)> {
        self.of.of(of).flat_map(move |id| {
            let holdings = match id.kind() {
                Kind::Person => self.persons.at(id, moment).map(|one| &one.holdings),
                _ => self.posts.at(id, moment),
            };
            let holdings = holdings.into_iter().flatten();
            holdings
                .filter(|held| held.until.is_none() && held.of.as_ref() == Some(of))
                .map(move |held| (id, held))
        })
    }

    /// Those who hold the role registrar now. Costs a look at everyone.
    pub fn registrars(&self) -> impl Iterator<Item = (PersonId, &Person)> {
        let registrar =
            |holding: &Holding| holding.gives_authority() && holding.role == Some(Role::Registrar);
        self.iter()
            .filter(move |(_, person)| person.holdings.iter().any(registrar))
    }

    pub(crate) fn fold(&mut self, noted: &Noted<'_>, payload: &Payload) {
        match payload {
            Payload::LedgerOpened(genesis) => {
                for officer in &genesis.officers {
                    self.person(noted, &Arc::new(officer.person.subject()), |person| {
                        person.keys.push(officer.key.kid().into());
                        for role in &officer.roles {
                            person.holdings.push(founding(*role, noted));
                        }
                    });
                }
            }
            Payload::PersonEnrolled(_) => {
                self.person(noted, noted.id, |person| {
                    person.enrolled_at.get_or_insert(noted.at());
                    person.identity.extend(&noted.common.sealed);
                });
            }
            Payload::SigningKeyEnrolled(fields) => {
                let kid = Thumbprint::from(fields.key.kid());
                self.person(noted, noted.id, |person| {
                    if !person.keys.contains(&kid) {
                        person.keys.push(kid);
                    }
                });
            }
            Payload::RoleAppointed(fields) => {
                let holding = Holding {
                    role: fields.role,
                    title: fields.title.as_deref().map(Arc::from),
                    of: fields.of.clone(),
                    organisations: fields.organisations.clone(),
                    voting: fields.voting,
                    term: fields.term.clone().map(Arc::new),
                    since: (noted.at(), noted.effective()),
                    until: None,
                    imported: noted.common.imported,
                };
                if let Some(of) = &fields.of
                    && self.of.of(of).all(|id| id != &**noted.id)
                {
                    self.of.add(of, noted.id);
                }
                self.holdings(noted, |holdings| holdings.push(holding.clone()));
            }
            Payload::RoleEnded(fields) => {
                let until = (noted.at(), noted.effective());
                self.holdings(noted, |holdings| {
                    for holding in holdings.iter_mut() {
                        if holding.ends_with(fields) {
                            holding.until = Some(until.clone());
                        }
                    }
                });
            }
            _ => {}
        }
    }

    fn person(&mut self, noted: &Noted<'_>, id: &Id, edit: impl Fn(&mut Person)) {
        if id.kind() != Kind::Person {
            return;
        }
        self.persons.update(noted, id, |old| {
            let mut person = old.cloned().unwrap_or_default();
            edit(&mut person);
            Some(person)
        });
    }

    /// Changes the holdings of the person or of the post that the entry is about.
    fn holdings(&mut self, noted: &Noted<'_>, edit: impl Fn(&mut Vec<Holding>)) {
        match noted.id.kind() {
            Kind::Person => self.person(noted, noted.id, |person| edit(&mut person.holdings)),
            Kind::Post => self.posts.upsert(noted, edit),
            _ => {}
        }
    }
}

fn founding(role: Role, noted: &Noted<'_>) -> Holding {
    Holding {
        role: Some(role),
        title: None,
        of: None,
        organisations: Vec::new(),
        voting: None,
        term: None,
        since: (noted.at(), noted.effective()),
        until: None,
        imported: false,
    }
}
