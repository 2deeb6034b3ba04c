//! Files with mistakes: refused whole, naming file, line and field.

use super::*;

/// Changes one line of a file and gives what is then said.
fn refused(file: (&str, &str), from: &str, to: &str) -> String {
    assert!(file.1.contains(from), "{from:?} stands in {}", file.0);
    let changed = file.1.replacen(from, to, 1);
    lines(&import(&Known::default(), (file.0, &changed)).unwrap_err())
}

fn line_of(file: (&str, &str), text: &str) -> usize {
    file.1[..file.1.find(text).unwrap()].lines().count() + usize::from(text.starts_with(' '))
}

#[test]
fn a_refusal_names_file_line_and_field() {
    let at = |text: &str| line_of(SWL, text);
    let said = refused(SWL, "    purpose: strategic", "    porpoise: strategic");
    let line = at("    purpose: strategic");
    assert!(
        said.starts_with(&format!(
            "swl-partnerships.yaml:{line}: bodies/swl-mh-pdg: porpoise: unknown key"
        )),
        "{said}"
    );

    let said = refused(
        SWL,
        "    organisation: swl-ics",
        "    organisation: swl-icz",
    );
    let line = at("    organisation: swl-ics");
    assert!(
        said.starts_with(&format!(
            "swl-partnerships.yaml:{line}: bodies/icp: organisation: \"swl-icz\" is no id"
        )),
        "{said}"
    );

    let said = refused(
        SWL,
        "    organisation: swl-ics",
        "    organisation: pdg-2025-03",
    );
    assert!(said.contains("meetings/pdg-2025-03 (line"), "{said}");

    let said = refused(
        SWL,
        "      to: 2025-03-31\n      precision: month",
        "      to: 2025-03-30\n      precision: month",
    );
    let line = at("      to: 2025-03-31\n      precision: month");
    assert!(
        said.starts_with(&format!(
            "swl-partnerships.yaml:{line}: meetings/pdg-2025-03: when."
        )),
        "{said}"
    );

    let said = refused(SWL, "  - id: slam", "  - id: swl-icb");
    assert!(said.contains("organisations/swl-icb: id: \"swl-icb\" is already the id of organisations/swl-icb (line"), "{said}");

    let said = refused(SWL, "  milestones: 5", "  milestones: 6");
    let line = at("  milestones: 5");
    assert!(
        said.starts_with(&format!(
            "swl-partnerships.yaml:{line}: record_counts.milestones: says 6; the file has 5"
        )),
        "{said}"
    );

    let said = refused(SWL, "    kind: slipped", "    kind: brought forward");
    assert!(
        said.contains("milestone_changes/mc-mhpc: kind: from 2024/25 to 25/26 is slipped"),
        "{said}"
    );

    let said = refused(SWL, "    state: made", "    state: hoped for");
    assert!(
        said.contains("decisions/dec-launch: state: \"hoped for\" is none of"),
        "{said}"
    );

    let said = refused(
        SWL,
        "format: minutebook-seed/1",
        "format: minutebook-seed/2",
    );
    assert!(
        said.starts_with("swl-partnerships.yaml:5: format:"),
        "{said}"
    );
}

#[test]
fn every_mistake_of_a_file_is_named() {
    let changed = SWL
        .1
        .replacen("    purpose: strategic", "    porpoise: strategic", 1)
        .replacen("  milestones: 5", "  milestones: 6", 1)
        .replacen("    organisation: swl-ics", "    organisation: swl-icz", 1)
        .replacen("    state: made", "    state: hoped for", 1);
    let errors = import(&Known::default(), (SWL.0, &changed)).unwrap_err();
    // The total agrees with the file, and the one wrong body is missing to those that refer to it.
    assert!(errors.len() >= 4, "{}", lines(&errors));
    assert!(errors.is_sorted_by_key(|error| error.line));
}

#[test]
fn what_refers_back_to_itself_is_refused() {
    let said = refused(
        SWL,
        "    title: Prevention and early support\n",
        "    title: Prevention and early support\n    parent: th-1-1\n",
    );
    assert!(said.contains("refers back"), "{said}");
}

mod properties {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

        /// Whatever one line becomes, the importer answers, and an error names a line of the file.
        #[test]
        fn a_changed_line_is_answered(
            file in 0usize..5,
            line in any::<prop::sample::Index>(),
            change in 0u8..6,
            junk in "[ -~\\n\\t:\\-#&*!|>{}\\[\\]'\"é]{0,12}",
        ) {
            let (name, text) = ALL[file];
            let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
            let at = line.index(lines.len());
            match change {
                0 => { lines.remove(at); }
                1 => { let again = lines[at].clone(); lines.insert(at, again); }
                2 => lines[at] = junk,
                3 => lines[at].push_str(&junk),
                4 => lines[at] = lines[at].trim_start().to_owned(),
                _ => { let half = lines[at].chars().count() / 2; lines[at] = lines[at].chars().take(half).collect(); }
            }
            let changed = lines.join("\n");
            if let Err(errors) = import(&Known::default(), (name, &changed)) {
                prop_assert!(!errors.is_empty());
                for error in errors {
                    prop_assert!(error.line >= 1 && error.line <= lines.len() as u64 + 14, "{}", error);
                }
            }
        }

        #[test]
        fn any_text_is_answered(text in "\\PC{0,200}") {
            prop_assert!(import(&Known::default(), ("any.yaml", &text)).is_err());
        }
    }
}
