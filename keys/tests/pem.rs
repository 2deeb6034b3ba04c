//! Key files without any other tool: round trips, refusals, and what holds for any input.
#![allow(clippy::unwrap_used, clippy::panic)]

use base64::{Engine as _, engine::general_purpose::STANDARD};
use minutebook_keys::{KeyError, PublicKey, SigningKey, rand_core::OsRng};
use pkcs8::{EncryptedPrivateKeyInfo, LineEnding, SecretDocument, pkcs5::pbes2};
use proptest::prelude::*;

// RFC 8410 section 10.3: the same seed without and with its public key, and section 10.1's public key.
const RFC_8410_V1: &str = "-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
-----END PRIVATE KEY-----
";
const RFC_8410_V2: &str = "-----BEGIN PRIVATE KEY-----
MHICAQEwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
oB8wHQYKKoZIhvcNAQkJFDEPDA1DdXJkbGUgQ2hhaXJzgSEAGb9ECWmEzf6FQbrB
Z9w7lshQhqowtrbLDFw4rXAxZuE=
-----END PRIVATE KEY-----
";
const RFC_8410_PUBLIC: &str = "-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=
-----END PUBLIC KEY-----
";

#[test]
fn examples_of_rfc_8410() {
    let public = PublicKey::from_spki_pem(RFC_8410_PUBLIC).unwrap();
    assert_eq!(public.to_spki_pem(), RFC_8410_PUBLIC);
    for pem in [RFC_8410_V1, RFC_8410_V2] {
        let key = SigningKey::from_pem(pem, None).unwrap();
        assert_eq!(key.public(), public);
        assert_eq!(*key.to_plain_pem().unwrap(), RFC_8410_V1);
    }
}

#[test]
fn encrypted_key_needs_its_passphrase() {
    let key = SigningKey::from_seed(&[3; 32]);
    let pem = key
        .to_encrypted_pem("pässword ✓".as_bytes(), &mut OsRng)
        .unwrap();
    let read =
        |passphrase: Option<&[u8]>| SigningKey::from_pem(&pem, passphrase).map(|key| key.kid());
    assert_eq!(read(Some("pässword ✓".as_bytes())), Ok(key.kid()));
    assert_eq!(read(None), Err(KeyError::PassphraseNeeded));
    assert_eq!(read(Some(b"password")), Err(KeyError::WrongPassphrase));
    // Salt and vector are fresh each time.
    assert_ne!(
        pem,
        key.to_encrypted_pem("pässword ✓".as_bytes(), &mut OsRng)
            .unwrap()
    );
}

#[test]
fn empty_passphrase_protects_nothing() {
    let key = SigningKey::from_seed(&[3; 32]);
    assert_eq!(
        key.to_encrypted_pem(b"", &mut OsRng),
        Err(KeyError::EmptyPassphrase)
    );
}

/// An encrypted key with these parameters and 64 bytes that decrypt to nothing.
fn encrypted_der(parameters: pbes2::Parameters<'_>) -> SecretDocument {
    let info = EncryptedPrivateKeyInfo {
        encryption_algorithm: parameters.into(),
        encrypted_data: &[0; 64],
    };
    SecretDocument::encode_msg(&info).unwrap()
}

fn encrypted_with(parameters: pbes2::Parameters<'_>) -> String {
    let pem = encrypted_der(parameters).to_pem("ENCRYPTED PRIVATE KEY", LineEnding::LF);
    pem.unwrap().to_string()
}

fn scrypt(n: u64, r: u16, p: u16) -> pbes2::Parameters<'static> {
    let kdf = pbes2::ScryptParams {
        salt: &[1; 16],
        cost_parameter: n,
        block_size: r,
        parallelization: p,
        key_length: None,
    };
    pbes2::Parameters {
        kdf: kdf.into(),
        encryption: pbes2::EncryptionScheme::Aes256Cbc { iv: &[2; 16] },
    }
}

#[test]
fn a_wrong_passphrase_is_one_whatever_it_decrypts_to() {
    // One round, many passphrases: a few leave valid padding, and all must read the same.
    let parameters = pbes2::Parameters::pbkdf2_sha256_aes256cbc(1, &[1; 16], &[2; 16]).unwrap();
    let pem = encrypted_with(parameters);
    for guess in 0_u16..2000 {
        assert_eq!(
            SigningKey::from_pem(&pem, Some(&guess.to_be_bytes())).unwrap_err(),
            KeyError::WrongPassphrase
        );
    }
}

#[test]
fn a_file_cannot_demand_endless_work() {
    let slow = pbes2::Parameters::pbkdf2_sha256_aes256cbc(10_000_001, &[1; 16], &[2; 16]).unwrap();
    for greedy in [slow, scrypt(1 << 21, 8, 1), scrypt(1 << 62, u16::MAX, 9)] {
        let error = SigningKey::from_pem(&encrypted_with(greedy), Some(b"x")).unwrap_err();
        assert!(matches!(error, KeyError::ExcessiveWork { .. }), "{error}");
    }
    for nonsense in [
        scrypt(0, 8, 1),
        scrypt(3, 8, 1),
        scrypt(16, 0, 1),
        scrypt(16, 8, 0),
    ] {
        let error = SigningKey::from_pem(&encrypted_with(nonsense), Some(b"x")).unwrap_err();
        assert!(matches!(error, KeyError::Malformed { .. }), "{error}");
    }
}

#[test]
fn no_altered_byte_makes_reading_panic_or_stall() {
    let pbkdf2 = pbes2::Parameters::pbkdf2_sha256_aes256cbc(1, &[1; 16], &[2; 16]).unwrap();
    let plain = SecretDocument::from_pem(RFC_8410_V2).unwrap().1;
    for (label, document) in [
        ("ENCRYPTED PRIVATE KEY", encrypted_der(pbkdf2)),
        ("ENCRYPTED PRIVATE KEY", encrypted_der(scrypt(2, 1, 1))),
        ("PRIVATE KEY", plain),
    ] {
        for at in 0..document.as_bytes().len() {
            for value in 0..=u8::MAX {
                let mut der = document.as_bytes().to_vec();
                der[at] = value;
                let body = STANDARD.encode(der);
                let lines: Vec<&str> = (0..body.len())
                    .step_by(64)
                    .map(|start| &body[start..body.len().min(start + 64)])
                    .collect();
                let body = lines.join("\n");
                let pem = format!("-----BEGIN {label}-----\n{body}\n-----END {label}-----\n");
                let _ = SigningKey::from_pem(&pem, Some(b"x"));
            }
        }
    }
}

#[test]
fn text_around_the_key_does_not_matter() {
    let crlf = RFC_8410_V1.replace('\n', "\r\n");
    let kid = SigningKey::from_pem(RFC_8410_V1, None).unwrap().kid();
    for pem in [
        crlf,
        RFC_8410_V1.trim_end().to_owned(),
        format!("{RFC_8410_V1}\n\n \t\n"),
        format!("key of the officer\n{RFC_8410_V1}"),
    ] {
        assert_eq!(
            SigningKey::from_pem(&pem, None).unwrap().kid(),
            kid,
            "{pem:?}"
        );
    }
}

#[test]
fn other_files_are_named_for_what_they_are() {
    assert_eq!(
        SigningKey::from_pem(RFC_8410_PUBLIC, None).unwrap_err(),
        KeyError::WrongLabel {
            expected: "PRIVATE KEY",
            found: "PUBLIC KEY".into()
        }
    );
    assert_eq!(
        PublicKey::from_spki_pem(RFC_8410_V1),
        Err(KeyError::WrongLabel {
            expected: "PUBLIC KEY",
            found: "PRIVATE KEY".into()
        })
    );
    let mismatched = RFC_8410_V2.replace("Z9w7lsh", "Z9w7lsi");
    assert_eq!(
        SigningKey::from_pem(&mismatched, None).unwrap_err(),
        KeyError::Mismatch
    );
    for text in [
        "",
        "secret",
        "-----BEGIN PRIVATE KEY-----\n",
        &RFC_8410_V1.replace("MC4", "MC5"),
        &"a".repeat(70_000),
    ] {
        let error = SigningKey::from_pem(text, None).unwrap_err();
        assert!(matches!(error, KeyError::Malformed { .. }), "{error}");
    }
}

#[test]
fn weak_public_keys_are_refused() {
    let zeros = RFC_8410_PUBLIC.replace(
        "AGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    );
    let error = PublicKey::from_spki_pem(&zeros).unwrap_err();
    assert!(matches!(error, KeyError::WeakKey { .. }), "{error}");
}

proptest! {
    #[test]
    fn any_text_is_refused_without_a_panic(text: String, body in "[A-Za-z0-9+/\n]{0,200}={0,2}") {
        let framed = format!("-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n");
        for text in [text, framed.replace("PRIVATE", "PUBLIC"), framed] {
            let _ = SigningKey::from_pem(&text, None);
            prop_assert!(PublicKey::from_spki_pem(&text).is_err());
        }
    }

    #[test]
    fn any_key_comes_back(seed: [u8; 32]) {
        let key = SigningKey::from_seed(&seed);
        let same = SigningKey::from_pem(&key.to_plain_pem().unwrap(), None).unwrap();
        prop_assert_eq!(same.public(), key.public());
        prop_assert_eq!(PublicKey::from_spki_pem(&key.public().to_spki_pem()), Ok(key.public()));
    }
}
