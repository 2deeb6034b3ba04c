//! The same question has the same answer, to the byte: twice, from another copy of the folder, and
//! a year later by the command that stands in its stamp.

use super::privacy_in_registers::REGISTERS;
use crate::office::{FORMS, LEDGER, Office, SHORT_FORMS};

/// The carer whose name was erased in October.
pub const ERASED: &str = "Wetherbysloane";

pub fn twice_and_from_a_copy(office: &Office) {
    office.copy_folder("copy");
    for question in [
        "changes --body body/board --since meeting/board-2025-07 --until meeting/board-2025-09",
        "changes --since meeting/board-2025-05 --until '31 March 2026' --by effective",
        "search concordat --kind sign-off",
    ] {
        for form in FORMS {
            let asked = format!("{question} --format {form}");
            let once = office.good(&asked).out;
            assert_eq!(once, office.good(&asked).out, "{asked}");
            let copy = office
                .good(&format!("{asked} --dir copy --ledger {LEDGER}"))
                .out;
            assert_eq!(once, copy, "{asked}");
        }
    }
}

/// Answers that were printed between July and March, asked for again now that the record has grown.
pub fn by_the_stamp(office: &Office) {
    let mut erased = 0;
    for answer in &office.kept {
        let command = answer.command.strip_prefix("minutebook ").unwrap();
        let again = office
            .good(&format!("{command} --format {}", answer.form))
            .out;
        if answer.printed.contains(ERASED) {
            // The one thing that a later answer may leave out is what was erased in between.
            erased += 1;
            assert!(!again.contains(ERASED), "{command}");
        } else {
            assert_eq!(answer.printed, again, "{command} --format {}", answer.form);
        }
    }
    // Nine questions of what changed; in September every register, and three others.
    let registers = REGISTERS.len() + 3;
    assert_eq!(
        office.kept.len(),
        9 * FORMS.len() + registers * SHORT_FORMS.len()
    );
    assert_eq!(
        erased,
        FORMS.len() + SHORT_FORMS.len(),
        "only the Board's question of September told it, and the action log"
    );
}
