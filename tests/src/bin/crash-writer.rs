//! The child of the crash tests: records into the folder named by its argument until it is killed.

fn main() {
    let folder = std::env::args().nth(1).map(std::path::PathBuf::from);
    match folder {
        Some(folder) => minutebook_tests::crash::record_until_killed(&folder),
        None => std::process::exit(2),
    }
}
