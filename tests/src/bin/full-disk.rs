//! The child of the full-disk test: fills the tmpfs named by its argument.

fn main() {
    match std::env::args().nth(1) {
        Some(mount) => minutebook_tests::full_disk::fill_and_recover(mount.as_ref()),
        None => std::process::exit(2),
    }
}
