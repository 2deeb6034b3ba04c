//! `minutebook record --list`: what can be recorded.

use minutebook_events::{EventType, Role};
use serde_json::{Value, json};

use super::super::Context;
use crate::failure::Failure;
use crate::fields;

/// Prints the families and types of events, what each means and who may sign it.
///
/// # Errors
/// Where standard output cannot be written.
pub fn run(context: &Context) -> Result<(), Failure> {
    let mut page = context.out.page();
    let mut json: Vec<Value> = Vec::new();
    let mut families: Vec<&str> = EventType::ALL.iter().map(|event| event.family()).collect();
    families.dedup();
    for family in families {
        page.line(family).line("=".repeat(family.chars().count()));
        let mut rows = Vec::new();
        for event in EventType::ALL.iter().filter(|event| event.family() == family) {
            let authority = event.authority();
            let meaning = fields::meaning(*event);
            rows.push((event.name(), format!("{meaning} Signed by: {}.", roles(authority.roles))));
            let kinds: Vec<&str> = event.about().iter().map(|kind| kind.name()).collect();
            let roles: Vec<&str> = authority.roles.iter().map(|role| role.name()).collect();
            json.push(json!({
                "type": event.name(), "family": family, "meaning": meaning, "about": kinds,
                "roles": roles, "second_person": authority.second_person,
            }));
        }
        page.fields(2, rows).blank();
    }
    page.line("`minutebook record TYPE --help` shows a type's fields, with an example.");
    context.out.answer(&json.into(), &page)
}

fn roles(roles: &[Role]) -> String {
    if roles.len() == Role::ALL.len() {
        return "any officer".into();
    }
    roles.iter().map(|role| role.name()).collect::<Vec<_>>().join(", ")
}
