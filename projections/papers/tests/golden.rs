//! The example in every form, to the byte. A paper that was printed must be made again from the same
//! record, so a change here is one that people will notice: say it in the changelog. The files are
//! made again with `cargo run -p minutebook-papers --example changes -- FORM [WIDTH]`.

mod example;

use minutebook_papers::Form;

fn assert_golden(form: Form, width: usize, golden: &str) {
    let made = example::changes().set(form, width);
    let lines = made.lines().zip(golden.lines()).enumerate();
    for (i, (made, golden)) in lines {
        assert_eq!(made, golden, "line {} of the {} form", i + 1, form.name());
    }
    assert_eq!(made, golden);
}

#[test]
fn plain_text_fits_80_columns() {
    assert_golden(Form::Text, 80, include_str!("golden/changes.txt"));
}

#[test]
fn plain_text_fits_40_columns() {
    assert_golden(Form::Text, 40, include_str!("golden/changes-40.txt"));
}

#[test]
fn markdown_has_tables_that_are_readable_as_they_are() {
    assert_golden(Form::Markdown, 80, include_str!("golden/changes.md"));
}

#[test]
fn csv_has_one_header_over_all_tables() {
    assert_golden(Form::Csv, 80, include_str!("golden/changes.csv"));
}

#[test]
fn json_has_the_answer_with_its_types() {
    assert_golden(Form::Json, 80, include_str!("golden/changes.json"));
}

#[test]
fn html_stands_on_its_own() {
    let golden = include_str!("golden/changes.html");
    assert_golden(Form::Html, 80, golden);
    for fetched in [
        "http:", "https:", "url(", "@import", "<script", "<link", "<img", " src=", " on",
    ] {
        let (head, _) = golden.split_once("<body>").expect("the page has a body");
        assert!(!head.contains(fetched), "{fetched} in the head");
    }
}
