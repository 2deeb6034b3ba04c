//! Prints the example of the tests in a form: `cargo run -p minutebook-papers --example changes --
//! html`. This is how the files in `tests/golden` are made again.

#[path = "../tests/example/mod.rs"]
mod example;

use minutebook_papers::Form;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let form: Form = arguments.next().as_deref().unwrap_or("text").parse()?;
    let width = arguments.next().as_deref().unwrap_or("80").parse()?;
    print!("{}", example::changes().set(form, width));
    Ok(())
}
