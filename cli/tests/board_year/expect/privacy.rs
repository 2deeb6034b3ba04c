//! What was said in private reaches no public answer, and what was erased reaches none at all.

use std::path::Path;

use super::same_bytes::ERASED;
use crate::office::{FORMS, Office};

/// Stands in every private entry and in no other.
const PRIVATE: &str = "quillfeather";

pub fn check(office: &Office) {
    answers(office);
    bundles(office);
    erased(office);
}

/// Every question with a reader, in every form; each tells the word to who may read part 2.
fn answers(office: &Office) {
    for (question, tells) in [
        ("changes --since 0 --until '31 March 2026'", true),
        (
            "changes --since meeting/board-2025-09 --until meeting/board-2025-11",
            true,
        ),
        (
            "changes --body body/board --since '1 September 2025' --by effective",
            true,
        ),
        (
            "changes --body body/board --since meeting/board-2025-11 --until '31 March 2026'",
            true,
        ),
        (
            "changes --body body/delivery --since 0 --until '31 March 2026'",
            false,
        ),
        (
            "changes --since '1 September 2025' --known-at '30 September 2025'",
            true,
        ),
        ("search pooled budget", true),
        ("search exchange contracts", true),
        ("search terms", true),
        ("search board --limit 200", false),
        ("search landlord", false),
    ] {
        // The first question in every form, and one that only finds private things.
        let forms = match question {
            "changes --since 0 --until '31 March 2026'" | "search pooled budget" => &FORMS[..],
            _ => &["text", "json"],
        };
        for form in forms {
            let asked = format!("{question} --format {form}");
            let public = office.good(&asked);
            assert!(
                !speaks(&public.out) && !speaks(&public.err),
                "{asked}\n{}",
                public.out
            );
            let part2 = office.good(&format!("{asked} --reader part2"));
            assert_eq!(speaks(&part2.out), tells, "{asked}\n{}", part2.out);
        }
    }
    // Mistakes are answered without help from what is private.
    for question in [
        "changes --body body/quill --since 0",
        "changes --since meeting/board-2025-10",
        "search budget --kind secret",
        "search budget --body body/none",
        "record ActionAssigned --key sam.pem",
        "record DecisionSuperseded --key sam.pem",
        "record PaperLodged --key sam.pem",
    ] {
        let said = office.run(question);
        assert!(
            !speaks(&said.out) && !speaks(&said.err),
            "{question}\n{}{}",
            said.out,
            said.err
        );
    }
}

/// A public bundle holds no byte of it; one with the private part does.
fn bundles(office: &Office) {
    let public = office.desk.path("public-bundle");
    assert!(!holds(&public, PRIVATE) && !holds(&public, "Quillfeather"));
    assert!(holds(&office.desk.path("whole-bundle"), "Quillfeather"));
}

fn erased(office: &Office) {
    for question in [
        "changes --since 0 --until '31 March 2026' --reader restricted",
        "changes --since 0 --until '31 March 2026' --known-at '30 September 2025'",
        "search Forty replies --reader restricted",
        "search 'Mill Lane' --known-at '1 September 2025' --reader restricted",
    ] {
        for form in ["text", "json"] {
            let said = office.good(&format!("{question} --format {form}"));
            assert!(!said.out.contains(ERASED), "{question}\n{}", said.out);
        }
    }
    // It was there before, and now is in neither bundle nor data folder.
    assert!(holds(&office.desk.path("before-erasure"), ERASED));
    assert!(!holds(&office.desk.path("whole-bundle"), ERASED));
    assert!(!holds(&office.desk.path("minutebook-data"), ERASED));
}

fn speaks(text: &str) -> bool {
    text.to_lowercase().contains(PRIVATE)
}

/// Whether any file under a folder holds these bytes.
fn holds(folder: &Path, word: &str) -> bool {
    std::fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            return holds(&path, word);
        }
        let bytes = std::fs::read(&path).unwrap();
        let found = bytes
            .windows(word.len())
            .any(|window| window == word.as_bytes());
        found || path.to_string_lossy().contains(word)
    })
}
