//! A full disk gives a clear error, keeps what was acknowledged, and is over when space returns.
#![allow(clippy::unwrap_used)]

use std::process::Command;

#[test]
fn a_full_disk_loses_nothing_and_ends_when_space_returns() {
    let mount = tempfile::tempdir().unwrap();
    let script = r#"mount -t tmpfs -o size=24m tmpfs "$1" && exec "$2" "$1""#;
    let root = Command::new("id").arg("-u").output().unwrap().stdout == b"0\n";
    let own = if root {
        &["--mount"][..]
    } else {
        &["--user", "--map-root-user", "--mount"]
    };
    let output = Command::new("unshare")
        .args(own)
        .args(["sh", "-c", script, "sh"])
        .arg(mount.path())
        .arg(env!("CARGO_BIN_EXE_full-disk"))
        .output()
        .expect("unshare (util-linux) is needed to mount a small disk");
    let said = String::from_utf8_lossy(&output.stdout);
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\n{complained}");
    assert!(said.contains("recovered with"), "{said}\n{complained}");
    println!("{said}");
}
