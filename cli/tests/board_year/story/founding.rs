//! April 2025: organisations, bodies and officers.

use crate::office::Office;

/// The 25 partners: id, name, and who signs for them.
pub const PARTNERS: [(&str, &str, &str); 25] = [
    ("icb", "Marches Integrated Care Board", "nina"),
    (
        "mental-health-trust",
        "Marches Mental Health NHS Foundation Trust",
        "nina",
    ),
    ("hospitals", "Royal Marches Hospitals NHS Trust", "nina"),
    (
        "community-trust",
        "Marches Community Health NHS Trust",
        "nina",
    ),
    ("ambulance", "Marches Ambulance Service NHS Trust", "nina"),
    ("police", "Marches Police", "paul"),
    ("fire", "Marches Fire and Rescue Service", "paul"),
    ("ashford", "Ashford Borough Council", "carl"),
    ("birchley", "Birchley Borough Council", "carl"),
    ("calder", "Calder Borough Council", "carl"),
    ("dunmore", "Dunmore Borough Council", "carl"),
    ("elmley", "Elmley Borough Council", "carol"),
    ("fairholm", "Fairholm Borough Council", "carol"),
    ("granby", "Granby Borough Council", "carol"),
    ("hadley", "Hadley Borough Council", "carol"),
    ("mind", "Marches Mind", "vera"),
    ("rethink", "Rethink in the Marches", "vera"),
    ("samaritans", "Marches Samaritans", "vera"),
    ("carers", "Marches Carers Network", "vera"),
    ("healthwatch", "Healthwatch Marches", "vera"),
    ("homes", "Border Homes Housing Association", "hugo"),
    ("recovery-college", "Marches Recovery College", "hugo"),
    ("citizens-advice", "Citizens Advice Marches", "hugo"),
    ("gp-federation", "Marches GP Federation", "hugo"),
    ("university", "University of the Marches", "hugo"),
];

pub fn record(office: &mut Office) {
    for (id, name, _) in PARTNERS {
        office.record(
            "ada",
            &format!("OrganisationRegistered --subject organisation/{id} --name '{name}'"),
        );
    }
    bodies(office);
    officers(office);
}

fn bodies(office: &mut Office) {
    office.record(
        "ada",
        "BodyEstablished --subject body/board --name 'Partnership Board' --public true \
         --quorum at_least=5,organisations=3",
    );
    office.record(
        "ada",
        "BodyEstablished --subject body/delivery --name 'Delivery Group' --parent body/board \
         --public true --quorum share={\"numerator\":1,\"denominator\":2}",
    );
    office.record(
        "ada",
        "BodyEstablished --subject body/audit --name 'Audit Committee' --parent body/board \
         --public true --quorum at_least=2,must_include=Chair",
    );
    // Half of these six posts have to be there for the Delivery Group to decide.
    for (post, organisation) in [
        ("Head of Crisis Care", "mental-health-trust"),
        ("Head of Emergency Care", "hospitals"),
        ("Head of Community Nursing", "community-trust"),
        ("Head of Adult Social Care", "ashford"),
        ("Mental Health Lead Officer", "police"),
        ("Services Manager", "mind"),
    ] {
        let id = post.to_lowercase().replace(' ', "-");
        office.record(
            "ada",
            &format!(
                "RoleAppointed --subject post/{id} --title '{post}' --of body/delivery \
                 --organisations organisation/{organisation} --voting true"
            ),
        );
    }
}

fn officers(office: &mut Office) {
    // While Ada is the only registrar, her word is enough for a second one.
    office.enrol("rex", "Rex Rahman", "registrar");
    office.record(
        "ada",
        "RoleAppointed --subject person/{rex} --role records-officer",
    );
    office.enrol("sam", "Sam Sokolov", "secretary");
    office.enrol("cora", "Cora Castellan", "chair of body/board");
    office.enrol("colin", "Colin Cho", "chair of body/audit");
    office.enrol("lena", "Lena Lindqvist", "lead");
    office.enrol("dev", "Dev Dhillon", "lead of body/delivery");
    office.enrol("tova", "Tova Thorne", "auditor");
    for (id, name) in [
        ("nina", "Nina Nakamura"),
        ("paul", "Paul Petrov"),
        ("carl", "Carl Carvalho"),
        ("carol", "Carol Conteh"),
        ("vera", "Vera Voss"),
        ("hugo", "Hugo Hartley"),
    ] {
        office.enrol(id, name, "");
        for (organisation, _, _) in PARTNERS.iter().filter(|(_, _, signs)| *signs == id) {
            office.record(
                "ada",
                &format!(
                    "RoleAppointed --subject person/{{{id}}} --role signatory \
                     --of organisation/{organisation}"
                ),
            );
        }
    }
}
