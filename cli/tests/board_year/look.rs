//! The answer of `minutebook changes`, one line for each change, for expectations to be held against.

use serde_json::Value;

use crate::office::Office;

/// What changed, as `--format json` tells it.
pub struct Changed {
    pub asked: String,
    groups: Vec<(String, Vec<String>)>,
    pub undated: u64,
    pub private_entries: u64,
}

impl Changed {
    /// Asks, at the clock's time.
    pub fn ask(office: &Office, options: &str) -> Self {
        let asked = format!("changes {options}");
        let answer = office.json(&format!("{asked} --format json"));
        let data = &answer["data"];
        let groups = data["groups"].as_array().unwrap();
        let group = |group: &Value| {
            let items = group["items"].as_array().unwrap();
            let lines = items.iter().map(|item| line(office, item)).collect();
            (group["group"].as_str().unwrap().to_owned(), lines)
        };
        Self {
            groups: groups.iter().map(group).collect(),
            undated: data["undated"].as_array().unwrap().len() as u64,
            private_entries: data["private_entries"].as_u64().unwrap(),
            asked,
        }
    }

    /// Holds the sorts of change, in order, with how many there are of each, against the story.
    pub fn has(&self, expected: &[(&str, usize)]) -> &Self {
        let found: Vec<(&str, usize)> = self
            .groups
            .iter()
            .map(|(group, lines)| (group.as_str(), lines.len()))
            .collect();
        assert_eq!(found, expected, "{}", self.asked);
        self
    }

    /// How many changes there are of one sort.
    pub fn count(&self, group: &str) -> usize {
        let found = self.groups.iter().find(|(name, _)| name == group);
        found.map_or(0, |(_, lines)| lines.len())
    }

    /// Holds the changes of one sort against the story: all of them, in order.
    pub fn says(&self, group: &str, expected: &[&str]) -> &Self {
        let found = self.groups.iter().find(|(name, _)| name == group);
        let found = found.map_or(&[][..], |(_, lines)| lines);
        let (found, expected) = (found.join("\n"), expected.join("\n"));
        assert_eq!(found, expected, "{}: {group}", self.asked);
        self
    }
}

/// `subject | before -> after | how far | why: reason | notes | missing | minute | when | late | by`,
/// without what is not said.
fn line(office: &Office, item: &Value) -> String {
    let text = |name: &str| item[name].as_str();
    let list = |name: &str, before: &str| {
        let items: Vec<&str> = item[name]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one.as_str().unwrap())
            .collect();
        (!items.is_empty()).then(|| format!("{before}{}", items.join("; ")))
    };
    let change = match (text("before"), text("after")) {
        (Some(before), Some(after)) => Some(format!("{before} -> {after}")),
        (None, after) => after.map(str::to_owned),
        (Some(before), None) => Some(format!("was {before}")),
    };
    let parts = [
        text("subject").map(str::to_owned),
        change,
        text("moved").map(str::to_owned),
        text("in_all").map(str::to_owned),
        text("reason").map(|reason| format!("why: {reason}")),
        list("notes", ""),
        list("missing", "missing: "),
        text("minute").map(|minute| format!("minute {minute}")),
        item["effective"]["as_written"]
            .as_str()
            .map(|when| format!("when: {when}")),
        (item["late"] == true).then(|| "late".to_owned()),
        text("signer").map(|person| office.who(person).to_owned()),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" | ")
}
