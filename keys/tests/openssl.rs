//! Key files and signatures exchanged with the real `openssl`, which auditors and officers have.
//!
//! These tests need `openssl` 3 on the path and fail without it: a promise that is not run is not
//! kept.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::{fs, path::Path, process::Command};

use minutebook_keys::{
    BadSignature, KeyError, PublicKey, SigningKey, rand_core::OsRng, read_secret_file,
    write_secret_file,
};
use tempfile::TempDir;

const PASSPHRASE: &str = "correct horse battery staple";
const PASS: &str = "pass:correct horse battery staple";

/// Runs `openssl` in `folder` and gives its standard output; `Err` with its standard error.
fn try_openssl(folder: &Path, arguments: &[&str]) -> Result<String, String> {
    let output = Command::new("openssl")
        .current_dir(folder)
        .args(arguments)
        .output()
        .unwrap_or_else(|error| panic!("openssl 3 is needed on the path: {error}"));
    if output.status.success() {
        Ok(String::from_utf8(output.stdout).unwrap())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

fn openssl(folder: &Path, arguments: &[&str]) -> String {
    try_openssl(folder, arguments).unwrap_or_else(|error| panic!("openssl {arguments:?}: {error}"))
}

/// A folder with `ours.pem`, a new secret key written by us, and that key.
fn with_our_key(write: impl Fn(&SigningKey) -> String) -> (TempDir, SigningKey) {
    let folder = tempfile::tempdir().unwrap();
    let key = SigningKey::generate(&mut OsRng);
    write_secret_file(&folder.path().join("ours.pem"), &write(&key)).unwrap();
    (folder, key)
}

fn read_key(
    folder: &TempDir,
    file: &str,
    passphrase: Option<&str>,
) -> Result<SigningKey, KeyError> {
    let pem = read_secret_file(&folder.path().join(file)).unwrap();
    SigningKey::from_pem(&pem, passphrase.map(str::as_bytes))
}

#[test]
fn openssl_is_of_a_version_we_promise() {
    let version = openssl(Path::new("."), &["version"]);
    assert!(version.starts_with("OpenSSL 3."), "{version}");
}

#[test]
fn openssl_reads_our_encrypted_key() {
    let (folder, key) = with_our_key(|key| {
        let pem = key
            .to_encrypted_pem(PASSPHRASE.as_bytes(), &mut OsRng)
            .unwrap();
        assert!(pem.starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"));
        assert!(pem.ends_with("-----END ENCRYPTED PRIVATE KEY-----\n"));
        pem.to_string()
    });
    let public = openssl(
        folder.path(),
        &["pkey", "-in", "ours.pem", "-passin", PASS, "-pubout"],
    );
    assert_eq!(public, key.public().to_spki_pem());
    let wrong = [
        "pkey",
        "-in",
        "ours.pem",
        "-passin",
        "pass:wrong",
        "-pubout",
    ];
    assert!(try_openssl(folder.path(), &wrong).is_err());

    // The parameters promised in the documentation, as openssl understands them.
    let structure = openssl(folder.path(), &["asn1parse", "-in", "ours.pem"]);
    for part in [
        "PBES2",
        "PBKDF2",
        "hmacWithSHA256",
        "aes-256-cbc",
        ":0927C0",
    ] {
        assert!(structure.contains(part), "{part} in\n{structure}");
    }
    let same = read_key(&folder, "ours.pem", Some(PASSPHRASE)).unwrap();
    assert_eq!(same.public(), key.public());
}

#[test]
fn openssl_reads_our_plain_key() {
    let (folder, key) = with_our_key(|key| key.to_plain_pem().unwrap().to_string());
    let public = openssl(folder.path(), &["pkey", "-in", "ours.pem", "-pubout"]);
    assert_eq!(public, key.public().to_spki_pem());
    // Byte for byte what openssl itself would write.
    let rewritten = openssl(folder.path(), &["pkey", "-in", "ours.pem"]);
    assert_eq!(rewritten, *key.to_plain_pem().unwrap());
    let same = read_key(&folder, "ours.pem", None).unwrap();
    assert_eq!(same.public(), key.public());
}

#[test]
fn we_read_what_openssl_writes() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &str| {
        let arguments: Vec<&str> = arguments
            .split(' ')
            .map(|argument| if argument == "PASS" { PASS } else { argument })
            .collect();
        openssl(folder.path(), &arguments)
    };
    run("genpkey -algorithm ed25519 -out plain.pem");
    run("genpkey -algorithm ed25519 -aes-256-cbc -pass PASS -out genpkey.pem");
    run("pkcs8 -topk8 -in plain.pem -passout PASS -out pkcs8.pem");
    run(
        "pkcs8 -topk8 -in plain.pem -v2 aes-128-cbc -v2prf hmacWithSHA512 -iter 9000 -passout PASS -out sha512.pem",
    );
    run("pkcs8 -topk8 -in plain.pem -scrypt -passout PASS -out scrypt.pem");
    for (file, passphrase) in [
        ("plain.pem", None),
        ("plain.pem", Some(PASSPHRASE)),
        ("genpkey.pem", Some(PASSPHRASE)),
        ("pkcs8.pem", Some(PASSPHRASE)),
        ("sha512.pem", Some(PASSPHRASE)),
        ("scrypt.pem", Some(PASSPHRASE)),
    ] {
        let key = read_key(&folder, file, passphrase).unwrap();
        let public = run(&format!("pkey -in {file} -passin PASS -pubout"));
        assert_eq!(key.public().to_spki_pem(), public, "{file}");
        assert_eq!(
            PublicKey::from_spki_pem(&public),
            Ok(key.public()),
            "{file}"
        );
    }
    for file in ["genpkey.pem", "pkcs8.pem", "scrypt.pem"] {
        let read = |passphrase| read_key(&folder, file, passphrase).map(|key| key.kid());
        assert_eq!(read(None), Err(KeyError::PassphraseNeeded));
        assert_eq!(read(Some("wrong")), Err(KeyError::WrongPassphrase));
        assert_eq!(read(Some("")), Err(KeyError::WrongPassphrase));
    }
}

#[test]
fn keys_of_other_algorithms_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    openssl(
        path,
        &["genpkey", "-algorithm", "x25519", "-out", "x25519.pem"],
    );
    openssl(
        path,
        &[
            "pkcs8",
            "-topk8",
            "-in",
            "x25519.pem",
            "-passout",
            PASS,
            "-out",
            "enc.pem",
        ],
    );
    let expected = KeyError::NotEd25519 {
        oid: "1.3.101.110".into(),
    };
    for file in ["x25519.pem", "enc.pem"] {
        assert_eq!(
            read_key(&folder, file, Some(PASSPHRASE)).unwrap_err(),
            expected
        );
    }
    let public = openssl(path, &["pkey", "-in", "x25519.pem", "-pubout"]);
    assert_eq!(PublicKey::from_spki_pem(&public), Err(expected));
    // A valid passphrase for an old scheme is not called a wrong one.
    openssl(
        path,
        &[
            "pkcs8",
            "-topk8",
            "-in",
            "x25519.pem",
            "-v2prf",
            "hmacWithSHA1",
            "-passout",
            PASS,
            "-out",
            "sha1.pem",
        ],
    );
    assert!(matches!(
        read_key(&folder, "sha1.pem", Some(PASSPHRASE)),
        Err(KeyError::UnsupportedEncryption { .. })
    ));
}

#[test]
fn openssl_accepts_our_signature() {
    let folder = tempfile::tempdir().unwrap();
    let key = SigningKey::generate(&mut OsRng);
    let write = |file: &str, bytes: &[u8]| fs::write(folder.path().join(file), bytes).unwrap();
    write("public.pem", key.public().to_spki_pem().as_bytes());
    write("message", b"the minutes of the ninth meeting\n");
    write("other", b"the minutes of the tenth meeting\n");
    write(
        "signature",
        &key.sign(b"the minutes of the ninth meeting\n"),
    );
    let verify = |message| {
        let arguments = [
            "pkeyutl",
            "-verify",
            "-pubin",
            "-inkey",
            "public.pem",
            "-rawin",
            "-in",
            message,
            "-sigfile",
            "signature",
        ];
        try_openssl(folder.path(), &arguments)
    };
    assert!(verify("message").unwrap().contains("Verified Successfully"));
    assert!(verify("other").is_err());
}

#[test]
fn we_accept_the_signature_of_openssl() {
    let (folder, key) = with_our_key(|key| key.to_plain_pem().unwrap().to_string());
    let message = b"the minutes of the ninth meeting\n";
    fs::write(folder.path().join("message"), message).unwrap();
    openssl(
        folder.path(),
        &[
            "pkeyutl",
            "-sign",
            "-inkey",
            "ours.pem",
            "-rawin",
            "-in",
            "message",
            "-out",
            "signature",
        ],
    );
    let signature = fs::read(folder.path().join("signature")).unwrap();
    let signature: [u8; 64] = signature.try_into().unwrap();
    assert_eq!(signature, key.sign(message), "Ed25519 is deterministic");
    assert_eq!(key.public().verify_strict(message, &signature), Ok(()));
    assert_eq!(
        key.public().verify_strict(b"other", &signature),
        Err(BadSignature)
    );
}
