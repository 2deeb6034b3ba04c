//! Plain text fits, whatever it says.

mod any;

use minutebook_papers::text;
use proptest::prelude::*;
use unicode_width::UnicodeWidthStr as _;

proptest! {
    #[test]
    fn no_line_is_wider_than_the_page_but_for_a_word_that_is(
        paper in any::paper(),
        width in 24..100usize,
    ) {
        for line in text(&paper, width).lines() {
            let said = line.trim_start_matches([' ', '-']);
            let said = said.strip_prefix("Note: ").unwrap_or(said).trim();
            let is_word = !said.contains(' ');
            prop_assert!(line.width() <= width || is_word, "{width}: {line:?}");
        }
    }

    #[test]
    fn nothing_steers_the_terminal(paper in any::paper()) {
        let set = text(&paper, 80);
        prop_assert!(!set.chars().any(|c| c.is_control() && c != '\n'));
    }

    #[test]
    fn every_word_of_a_cell_is_there(paper in any::paper(), width in 24..100usize) {
        let set = text(&paper, width);
        for table in any::tables(&paper) {
            for cell in table.rows.iter().flat_map(|row| any::cells(table, row)) {
                for word in cell.text.split_whitespace().filter(|word| !word.contains('\u{1b}')) {
                    prop_assert!(set.contains(word), "{word:?} of {:?}", cell.text);
                }
            }
        }
    }
}
