//! Everything verifies, and everyone's entries carry that person's key.

use std::collections::BTreeMap;

use crate::office::{LEDGER, Office};

pub fn check(office: &Office) {
    let data = format!("verify minutebook-data/{LEDGER}");
    for verified in [
        data.as_str(),
        "verify whole-bundle",
        "verify public-bundle",
        "verify before-erasure",
    ] {
        let said = office.good(verified);
        assert!(
            said.out.contains("everything checks out"),
            "{verified}: {}",
            said.out
        );
    }
    let said = office.json("verify whole-bundle --json");
    assert_eq!(said["good"], true);
    // Each entry, read back from the ledger: who signed it, with which key, and that it verifies.
    let mut by: BTreeMap<&str, u64> = BTreeMap::new();
    for recorded in &office.recorded {
        *by.entry(recorded.by).or_default() += 1;
    }
    for (name, officer) in &office.officers {
        let Some(one) = office.recorded.iter().rfind(|one| one.by == *name) else {
            panic!("{name} signed nothing");
        };
        let shown = office.json(&format!("show {} --json", one.entry));
        assert_eq!(shown["statement"]["kid"], officer.kid.as_str(), "{name}");
        assert_eq!(shown["signer"]["person"], officer.person.as_str(), "{name}");
        assert_eq!(shown["signature_verifies"], true, "{name}");
    }
    // 25 signatures of the concordat and five on data sharing: nina five and three, paul two and one,
    // vera five and one, the rest their own. Carol declined twice before.
    for (name, entries) in [
        ("nina", 5 + 3),
        ("paul", 2 + 1),
        ("carl", 4),
        ("carol", 4 + 2),
        ("vera", 5 + 1),
        ("hugo", 5),
        ("colin", 1),
        ("tova", 1),
        // The chair's action, the exclusion of the public, and three sets of minutes.
        ("cora", 5),
        // A hold placed and lifted, and an erasure.
        ("rex", 3),
    ] {
        assert_eq!(by.get(name), Some(&entries), "{name}");
    }
    signed_by_their_own(office);
}

/// In the record itself every entry has the signer that the story gave it.
fn signed_by_their_own(office: &Office) {
    let answer =
        office.json("changes --since 0 --until '31 March 2026' --reader restricted --format json");
    let groups = answer["data"]["groups"].as_array().unwrap();
    let items = groups
        .iter()
        .flat_map(|group| group["items"].as_array().unwrap());
    let mut checked = 0;
    for item in items {
        let (Some(entry), Some(signer)) = (item["entry"].as_u64(), item["signer"].as_str()) else {
            continue;
        };
        if let Some(recorded) = office.recorded.iter().find(|one| one.entry == entry) {
            assert_eq!(office.who(signer), recorded.by, "entry {entry}");
            checked += 1;
        }
    }
    // Calls to meetings that were held, older status reports and the like are told no more.
    assert!(
        checked * 10 > office.recorded.len() * 9,
        "{checked} of {}",
        office.recorded.len()
    );
}
