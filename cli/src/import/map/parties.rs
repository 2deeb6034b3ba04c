//! Organisations, bodies, people and posts.

use minutebook_events::catalogue::bodies::{BodyEstablished, MembershipBroadened};
use minutebook_events::catalogue::organisations::OrganisationRegistered;
use minutebook_events::catalogue::people::{PersonEnrolled, RoleAppointed};
use minutebook_events::{Event, Kind, SubjectId};

use super::{Rec, open, remark};
use crate::import::node::Node;
use crate::import::section::Section;
use crate::import::seed;

const ORGANISATIONS: &[Kind] = &[Kind::Organisation];
const PARTIES: &[Kind] = &[Kind::Organisation, Kind::Body];

pub(super) fn organisation(r: &Rec<'_>, o: seed::Organisation) -> Vec<Event> {
    let established = r.date("established", &o.established);
    let payload = OrganisationRegistered {
        name: o.name,
        short_name: o.short_name,
        kind: o.kind,
        count: o.count,
        named: o.named.unwrap_or(true),
        members: r.refer_all("members", &o.members, ORGANISATIONS),
        boroughs: r.refer_all("boroughs", &o.boroughs, ORGANISATIONS),
        established: established.clone(),
    };
    let unnamed = !payload.named;
    vec![r.event(payload, |common| {
        common.effective = established;
        open(common, "name", unnamed);
    })]
}

pub(super) fn body(r: &Rec<'_>, b: seed::Body) -> Vec<Event> {
    let payload = BodyEstablished {
        name: b.name,
        short_name: b.short_name,
        kind: b.kind,
        parent: r.refer_to("parent", &b.parent, super::PLAN),
        organisation: r.refer_to("organisation", &b.organisation, ORGANISATIONS),
        organisations: r.refer_all("organisations", &b.organisations, ORGANISATIONS),
        members: r.refer_all("members", &b.members, ORGANISATIONS),
        jointly_led_by: r.refer_all("jointly_led_by", &b.jointly_led_by, PARTIES),
        purpose: b.purpose,
        // Who chairs it is said by the person's own record, as an appointment to this body.
        chair: None,
        count: b.count,
        terms_of_reference: None,
        quorum: None,
        public: None,
        operating_for: b.operating_for,
        established: None,
        status: b.status,
    };
    if let Some(chair) = &b.chair
        && !r
            .m
            .ids
            .get(chair.as_str())
            .is_some_and(|index| r.m.persons.contains_key(index))
    {
        r.fail("chair", format!("{chair:?} is no person of this file"));
    }
    vec![r.event(payload, |_| {})]
}

/// A person: the name sealed, the posts open. A post gives no authority over the record.
pub(super) fn person(r: &Rec<'_>, p: seed::Person) -> Vec<Event> {
    r.seal(&p.name);
    let mut events = vec![r.event(
        PersonEnrolled {
            attested_by: None,
            attestation: None,
        },
        |common| {
            remark(common, "named by the document; holds no key");
        },
    )];
    let organisation = r.refer_to("organisation", &p.organisation, PARTIES);
    let mut chaired: Vec<_> = bodies_chaired_by(r).collect();
    let appoint = |title: String, of: Option<SubjectId>| {
        let payload = RoleAppointed {
            role: None,
            title: Some(title),
            statement: None,
            of,
            organisations: organisation.iter().cloned().collect(),
            voting: None,
            term: None,
            decision: None,
        };
        r.event(payload, |common| open(common, "term", true))
    };
    for title in p.roles {
        let of = match chaired.iter().position(|(_, name)| title.contains(name)) {
            Some(at) => r.refer("roles", chaired.remove(at).0, PARTIES),
            None => organisation.clone(),
        };
        events.push(appoint(title, of));
    }
    for (id, _) in chaired {
        events.push(appoint("Chair".into(), r.refer("roles", id, PARTIES)));
    }
    events
}

/// The bodies whose record says that this person chairs them: id and name.
fn bodies_chaired_by<'m>(r: &Rec<'m>) -> impl Iterator<Item = (&'m str, &'m str)> {
    let (file, id) = (r.file(), r.id());
    file.records
        .iter()
        .filter(move |other| other.section == Section::Bodies)
        .filter(move |other| other.own.get("chair").and_then(Node::text) == Some(id))
        .filter_map(|other| Some((other.shared.id.as_str(), other.own.get("name")?.text()?)))
}

/// A post whose holder is not named.
pub(super) fn membership(r: &Rec<'_>, m: seed::Membership) -> Vec<Event> {
    let mut organisations: Vec<_> = r
        .refer_to("organisation", &m.organisation, ORGANISATIONS)
        .into_iter()
        .collect();
    organisations.extend(r.refer_all("organisations", &m.organisations, ORGANISATIONS));
    let payload = RoleAppointed {
        role: None,
        title: Some(m.role),
        statement: Some(m.title),
        of: r.refer_to("body", &m.body, PARTIES),
        organisations,
        voting: None,
        term: None,
        decision: None,
    };
    vec![r.event(payload, |common| {
        open(common, "holder", true);
        open(common, "term", true);
    })]
}

pub(super) fn membership_change(r: &Rec<'_>, m: seed::MembershipChange) -> Vec<Event> {
    if m.kind != "broadened" {
        r.fail(
            "kind",
            format!(
                "{:?} is no change of membership known here (broadened)",
                m.kind
            ),
        );
    }
    let Some(body) = r.refer("body", &m.body, &[Kind::Body]) else {
        return Vec::new();
    };
    let when = r.date("when", &m.when);
    let note = m.when.and_then(|when| when.note);
    let payload = MembershipBroadened {
        added: m.added,
        title: Some(m.title),
        members: vec![],
        decision: None,
    };
    vec![r.event_about(body, payload, |common| {
        common.effective = when;
        if let Some(note) = note {
            remark(common, &note);
        }
    })]
}
