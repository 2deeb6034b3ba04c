//! People, roles, bodies and organisations; and the record about itself.

use minutebook_events::{EventType as E, Kind};

use super::governance::word;
use super::{Step, now};
use crate::changes::Group;
use crate::changes::item::Told;
use crate::people::Holding;

impl Step<'_, '_> {
    pub(super) fn keeping(&self) -> Option<(Group, Told)> {
        let (after, id) = (self.after, &*self.said.subject);
        Some(match self.said.event {
            E::LedgerOpened => (Group::Records, now("the ledger was opened")),
            E::OrganisationRegistered => {
                let organisation = after.get(&after.views.organisations, id)?;
                let count = organisation
                    .count()
                    .map(|count| format!("{count} organisations"));
                let mut notes: Vec<String> = count.into_iter().collect();
                if organisation.is_unnamed() {
                    notes.push("not named in the document".into());
                }
                let told = Told {
                    notes,
                    ..now("registered")
                };
                (Group::Bodies, told)
            }
            E::OrganisationSucceeded => {
                let organisation = after.get(&after.views.organisations, id)?;
                let succeeded = organisation.succeeded.as_ref()?;
                let old: Vec<String> = succeeded
                    .predecessors
                    .iter()
                    .map(|id| self.called(id))
                    .collect();
                let told = Told {
                    before: Some(old.join(", ")),
                    ..now("took their place")
                };
                (Group::Bodies, told)
            }
            E::BodyEstablished => (Group::Bodies, now("established")),
            E::BodyDissolved => (Group::Bodies, now("dissolved")),
            E::BodyTermsAmended => {
                let body = after.get(&after.views.bodies, id)?;
                (Group::Bodies, now(body.amended.newest()?.changes.clone()))
            }
            E::MembershipBroadened => {
                let body = after.get(&after.views.bodies, id)?;
                let added = body.broadened.newest()?.added.join("; ");
                (
                    Group::Members,
                    now(format!("membership broadened: {added}")),
                )
            }
            E::RoleAppointed => {
                let mut holdings = self.holdings()?.iter();
                let held = holdings.find(|held| held.since.0.tick == self.tick)?;
                (
                    Group::Members,
                    now(format!("appointed {}", self.role(held))),
                )
            }
            E::RoleEnded => {
                let mut holdings = self.holdings()?.iter();
                let ended = |held: &&Holding| {
                    held.until
                        .as_ref()
                        .is_some_and(|(at, _)| at.tick == self.tick)
                };
                (
                    Group::Members,
                    now(format!("no longer {}", self.role(holdings.find(ended)?))),
                )
            }
            E::AuthorityDelegated => {
                let authority = after.get(&after.views.authorities, id)?;
                let delegated = &authority.delegated;
                let to = self.called(&delegated.to);
                let to = match delegated.to.kind() {
                    Kind::Body | Kind::Organisation => {
                        format!("{} of {to}", word(&delegated.role))
                    }
                    _ => to,
                };
                let limit = delegated.limit.as_ref();
                let told = Told {
                    notes: limit
                        .map(|limit| format!("up to {}", limit.as_written))
                        .into_iter()
                        .collect(),
                    ..now(format!("delegated to {to}"))
                };
                (Group::Members, told)
            }
            E::AuthorityWithdrawn => (Group::Members, now("authority withdrawn")),
            E::PersonEnrolled => (Group::People, now("enrolled")),
            E::SigningKeyEnrolled => (Group::People, now("signing key enrolled")),
            E::SigningKeyRevoked => (Group::People, now("signing key revoked")),
            E::CorrectionRecorded | E::ContentErased | E::RecordDisposed => return self.remark(),
            E::HoldPlaced => (Group::Holds, now("placed")),
            E::HoldLifted => (Group::Holds, now("lifted")),
            E::Published => {
                let releases = after.get(&after.views.releases, id)?;
                let channel = &releases.published.newest()?.channel;
                (Group::Releases, now(format!("published: {channel}")))
            }
            E::Disclosed => {
                let releases = after.get(&after.views.releases, id)?;
                let disclosed = releases.disclosed.newest()?;
                let words = if disclosed.refused {
                    "refused"
                } else {
                    "disclosed"
                };
                (
                    Group::Releases,
                    now(format!("{words}: {}", disclosed.request)),
                )
            }
            E::DocumentImported => {
                let document = after.get(&after.views.records.documents, id)?;
                let made = document.records_made;
                (Group::Records, now(format!("imported, {made} records")))
            }
            _ => (Group::Records, now("approved")),
        })
    }

    fn remark(&self) -> Option<(Group, Told)> {
        let remarks = self
            .after
            .get(&self.after.views.records.remarks, &self.said.subject)?;
        Some(match self.said.event {
            E::CorrectionRecorded => {
                let correction = remarks.corrections.newest()?;
                let right = match &correction.value {
                    Some(value) => format!("{} should be: {value}", correction.field),
                    None => format!("{} should be left out", correction.field),
                };
                let told = Told {
                    before: Some(format!("entry {}", correction.entry)),
                    ..now(right)
                };
                (Group::Corrections, told)
            }
            E::ContentErased => {
                let basis = remarks.erased.newest()?.legal_basis.clone();
                let told = Told {
                    notes: vec![basis],
                    ..now("content erased")
                };
                (Group::Erasures, told)
            }
            _ => {
                let rule = remarks.disposed.newest()?.retention_rule.clone();
                let told = Told {
                    notes: vec![rule],
                    ..now("content disposed of")
                };
                (Group::Erasures, told)
            }
        })
    }

    fn holdings(&self) -> Option<&Vec<Holding>> {
        let people = &self.after.views.people;
        match self.said.subject.kind() {
            Kind::Person => {
                let person = self.after.get(&people.persons, &self.said.subject)?;
                Some(&person.holdings)
            }
            _ => self.after.get(&people.posts, &self.said.subject),
        }
    }

    fn role(&self, held: &Holding) -> String {
        let role = held.title.as_deref();
        let role = role
            .or(held.role.map(|role| role.name()))
            .unwrap_or_default();
        match &held.of {
            Some(of) => format!("{role} of {}", self.called(of)),
            None => role.to_owned(),
        }
    }
}
