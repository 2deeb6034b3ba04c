//! What a spreadsheet reads is what the cells say, and nothing that it would run.

mod any;

use minutebook_papers::csv;
use proptest::prelude::*;

fn read(text: &str) -> Vec<Vec<String>> {
    let mut reader = ::csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(text.as_bytes());
    // A line of another length than the first is an error.
    let lines = reader
        .records()
        .map(|line| line.expect("lines of one length"));
    lines
        .map(|line| line.iter().map(str::to_owned).collect())
        .collect()
}

/// Whether a field says this, if need be behind an apostrophe.
fn says(field: &str, text: &str) -> bool {
    field == text || field.strip_prefix('\'') == Some(text)
}

proptest! {
    #[test]
    fn cells_are_read_back_as_they_are(paper in any::paper()) {
        let lines = read(&csv(&paper));
        let mut lines = lines.iter().skip(1);
        for table in any::tables(&paper) {
            for row in &table.rows {
                let line = lines.next().expect("a line for each row");
                let cells = any::cells(table, row);
                prop_assert!(says(&line[1], &cells[0].text), "{:?} in {line:?}", cells[0].text);
                for cell in cells {
                    for said in [cell.text, cell.notes.join("; ")] {
                        let found = line.iter().any(|field| says(field, &said));
                        prop_assert!(said.is_empty() || found, "{said:?} in {line:?}");
                    }
                }
            }
        }
        prop_assert!(lines.all(|line| line[0] == "About this paper"));
    }

    #[test]
    fn nothing_begins_as_a_formula_does(paper in any::paper()) {
        for field in read(&csv(&paper)).iter().flatten() {
            let first = field.trim_start_matches(' ').chars().next();
            if first.is_some_and(|first| "=+-@\t\r\n".contains(first)) {
                let number = field[1..].trim_end_matches('%').replace(',', "");
                prop_assert!(number.parse::<f64>().is_ok(), "{field:?}");
                prop_assert!(field[1..].starts_with(|c: char| c.is_ascii_digit()), "{field:?}");
            }
        }
    }

    #[test]
    fn lines_end_as_rfc_4180_asks(paper in any::paper()) {
        prop_assert!(csv(&paper).ends_with("\r\n"));
    }
}
