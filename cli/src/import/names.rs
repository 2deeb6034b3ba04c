//! People's names, which must not stand in the open record.
//!
//! A document names people in passing ("Quotation, Norman Lamb"). Who they are goes into the sealed
//! part of `PersonEnrolled` alone, which can be erased; everywhere else the post stands for the name.

use super::node::Node;

/// The names of a file's people, each with what stands in its place.
#[derive(Debug, Default)]
pub struct Names(Vec<(String, String)>);

impl Names {
    /// The names in the file's people section, with and without what stands in front of them, such
    /// as a rank. Longer ones come first, so that no part of a name is left over.
    pub fn of(root: &Node) -> Self {
        let people = root.get("people").and_then(Node::items).unwrap_or_default();
        let mut names = Vec::new();
        for person in people {
            let Some(name) = person.get("name").and_then(Node::text) else {
                continue;
            };
            let post = person
                .get("roles")
                .and_then(Node::items)
                .and_then(|roles| roles.first()?.text())
                .unwrap_or("a person whom the document names");
            let words: Vec<&str> = name.split_whitespace().collect();
            for first in 0..words.len().saturating_sub(1) {
                names.push((words[first..].join(" "), post.to_owned()));
            }
            if words.len() == 1 {
                names.push((name.to_owned(), post.to_owned()));
            }
        }
        names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        Self(names)
    }

    /// Puts the post in the place of every name, but where a person's own record gives it. How many
    /// texts were changed.
    pub fn replace_in(&self, root: &mut Node) -> usize {
        let mut changed = 0;
        let mut edit = |text: &mut String| {
            let mut found = false;
            for (name, post) in &self.0 {
                if let Some(without) = replace_words(text, name, post) {
                    *text = without;
                    found = true;
                }
            }
            changed += usize::from(found);
        };
        if let super::node::Value::Map(pairs) = &mut root.value {
            for pair in pairs {
                let except = if pair.key == "people" { "name" } else { "" };
                pair.node.edit_texts(except, &mut edit);
            }
        }
        changed
    }
}

/// Replaces `words` where they stand by themselves; `None` where they do not stand in the text.
fn replace_words(text: &str, words: &str, with: &str) -> Option<String> {
    let (mut result, mut rest, mut found) = (String::new(), text, false);
    while let Some(at) = rest.find(words) {
        let (before, after) = (&rest[..at], &rest[at + words.len()..]);
        let joined = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        result.push_str(before);
        if joined(result.chars().next_back()) || joined(after.chars().next()) {
            result.push_str(words);
        } else {
            result.push_str(with);
            found = true;
        }
        rest = after;
    }
    result.push_str(rest);
    found.then_some(result)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn names_are_whole_words() {
        assert_eq!(
            replace_words("Al and Alma", "Al", "Chair").as_deref(),
            Some("Chair and Alma")
        );
        assert_eq!(replace_words("Alma", "Al", "Chair"), None);
    }

    #[test]
    fn the_post_stands_for_the_name() {
        let mut root = Node::parse(
            "people:\n  - name: Dr Ada Example\n    roles: [Chair of Trustees]\n    note: Dr Ada Example chairs\n\
             decisions:\n  - title: Ada Example was thanked\n  - title: All were thanked\n",
        )
        .unwrap();
        assert_eq!(Names::of(&root).replace_in(&mut root), 2);
        let text = |section: &str, index: usize, key: &str| {
            root.get(section).unwrap().items().unwrap()[index]
                .get(key)
                .unwrap()
                .text()
                .unwrap()
                .to_owned()
        };
        assert_eq!(text("people", 0, "name"), "Dr Ada Example");
        assert_eq!(text("people", 0, "note"), "Chair of Trustees chairs");
        assert_eq!(
            text("decisions", 0, "title"),
            "Chair of Trustees was thanked"
        );
        assert_eq!(text("decisions", 1, "title"), "All were thanked");
    }
}
