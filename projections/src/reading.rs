//! Who may read what is not public: a matter of the roles that someone holds now.
//!
//! An entry is public, part 2 (the private part of meetings) or restricted. The record keeps these
//! three levels for the whole ledger and not for each body, so a role that is held for one body opens
//! the private part only where every body of the ledger stands under that one. Nobody reads another
//! body's private business by sitting on their own.

use minutebook_events::{Confidentiality, PersonId, Role, SubjectId};

use crate::Views;

/// Roles that read the private part of meetings.
const PART_2: [Role; 4] = [Role::Auditor, Role::Secretary, Role::Chair, Role::Member];

/// Roles that read everything: who keeps people and keys, and who places holds and erases.
const RESTRICTED: [Role; 2] = [Role::Registrar, Role::RecordsOfficer];

/// The most confidential sort of entry that a person may read, by the roles held now.
pub fn reading_level(views: &Views, person: &PersonId) -> Confidentiality {
    let now = views.now(Confidentiality::Restricted);
    let bodies = views.bodies.len();
    let covers_all = |of: &SubjectId| bodies > 0 && now.body_and_below(of).len() >= bodies;
    let holdings = views.people.get(person).into_iter();
    let roles = holdings
        .flat_map(|person| &person.holdings)
        .filter(|holding| holding.gives_authority())
        .filter(|holding| holding.of.as_ref().is_none_or(covers_all))
        .filter_map(|holding| holding.role);
    roles
        .map(|role| match role {
            role if RESTRICTED.contains(&role) => Confidentiality::Restricted,
            role if PART_2.contains(&role) => Confidentiality::Part2,
            _ => Confidentiality::Public,
        })
        .max()
        .unwrap_or(Confidentiality::Public)
}
