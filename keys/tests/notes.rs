//! Signed notes from outside the crate: published vectors, refusals, and what holds for any input.
#![allow(clippy::unwrap_used, clippy::panic)]

use minutebook_keys::{
    Cosigner, KeyName, NoteError, NoteSignature, NoteSigner, ParsedNote, SigningKey, VerifierKey,
    cosign, open_note,
};
use proptest::prelude::*;

const LOG: &str = "ledger.example/minutes+f7869443+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c";
const WITNESS: &str = "witness.example/w1+df1c0a35+BIE5dw6ofRdfVqNUZsNMfszLjYqRtO43ol32D1uPybOU";
const WITNESS_TIME: u64 = 1_800_000_100;
const TEXT: &str = "ledger.example/minutes\n5\nwj1bY2zGdaeoJKUCnDRHCQy3OUhMstLvu2M2UK5EE2Q=\n";

// Made by other software. If our bytes differ from these, auditors' tools refuse our checkpoints.
const LOG_LINE: &str = "— ledger.example/minutes 94aUQ6JBWJr1zlyt/VUX10qQKSajs2S7a8CnEra9fE0QUcJqLdQks8yJuuyEY0V2XVRXbiKl7guHC78Nnsra5KtphAI=\n";
const WITNESS_LINE: &str = "— witness.example/w1 3xwKNQAAAABrSdJk0kLYcumsN4cZqNGMI5SH3R/HjUXl12B15455bDakVTmkZTQxUQuSRBGAjqfonXVSoQ04ESI9eak2Mb+zEHLiDQ==\n";

fn checkpoint() -> String {
    format!("{TEXT}\n{LOG_LINE}{WITNESS_LINE}")
}

fn vkey(text: &str) -> VerifierKey {
    VerifierKey::parse(text).unwrap()
}

fn name(name: &str) -> KeyName {
    KeyName::new(name).unwrap()
}

fn log() -> NoteSigner {
    NoteSigner::new(
        name("ledger.example/minutes"),
        SigningKey::from_seed(&[1; 32]),
    )
}

fn witness() -> Cosigner {
    Cosigner::new(name("witness.example/w1"), SigningKey::from_seed(&[2; 32]))
}

#[test]
fn cosigned_checkpoint_opens_with_both_keys() {
    let opened = open_note(&checkpoint(), &[vkey(LOG), vkey(WITNESS)]).unwrap();
    assert_eq!(opened.text, TEXT);
    assert_eq!(
        opened.verified,
        [(vkey(LOG), None), (vkey(WITNESS), Some(WITNESS_TIME))]
    );
    assert_eq!(opened.unverified, []);
}

#[test]
fn signing_again_gives_the_same_lines() {
    assert_eq!(log().verifier(), vkey(LOG));
    assert_eq!(log().signature_line(TEXT).unwrap(), LOG_LINE);
    assert_eq!(
        log().sign_note(TEXT).unwrap(),
        format!("{TEXT}\n{LOG_LINE}")
    );
    assert_eq!(witness().verifier(), vkey(WITNESS));
    assert_eq!(
        cosign(TEXT, WITNESS_TIME, &witness()).unwrap(),
        WITNESS_LINE
    );
}

#[test]
fn one_altered_known_signature_refuses_the_note() {
    let known = [vkey(LOG), vkey(WITNESS)];
    // Altered below the base64, so that the refusal is never for the encoding.
    let parsed = ParsedNote::parse(&checkpoint()).unwrap();
    for line in 0..2 {
        for byte in 0..parsed.signatures[line].bytes.len() {
            let mut altered = parsed.clone();
            altered.signatures[line].bytes[byte] ^= 0x10;
            let error = open_note(&altered.to_string(), &known).unwrap_err();
            assert!(matches!(error, NoteError::BadSignature { .. }), "{error}");
        }
    }
}

#[test]
fn altered_text_is_refused() {
    let altered = checkpoint().replace("\n5\n", "\n6\n");
    assert!(matches!(
        open_note(&altered, &[vkey(LOG)]),
        Err(NoteError::BadSignature { .. })
    ));
}

#[test]
fn unknown_pairs_are_ignored_even_if_half_known() {
    let opened = open_note(&checkpoint(), &[vkey(LOG)]).unwrap();
    assert_eq!(opened.verified, [(vkey(LOG), None)]);
    assert_eq!(opened.unverified.len(), 1);
    assert_eq!(opened.unverified[0].to_string(), WITNESS_LINE);

    let parsed = ParsedNote::parse(&checkpoint()).unwrap();
    let mut other_id = parsed.clone();
    other_id.signatures[1].key_id[0] ^= 1;
    let mut other_name = parsed;
    other_name.signatures[1].name = name("witness.example/w2");
    for half in [other_id, other_name] {
        let opened = open_note(&half.to_string(), &[vkey(LOG), vkey(WITNESS)]).unwrap();
        assert_eq!(opened.verified, [(vkey(LOG), None)]);
        assert_eq!(opened.unverified, half.signatures[1..]);
    }
}

#[test]
fn a_note_of_strangers_is_refused() {
    let stranger = NoteSigner::new(name("elsewhere.example"), SigningKey::from_seed(&[9; 32]));
    for known in [vec![], vec![stranger.verifier()]] {
        assert_eq!(
            open_note(&checkpoint(), &known),
            Err(NoteError::NoKnownSignature)
        );
    }
}

#[test]
fn a_repeated_signer_counts_once_and_must_be_good_twice() {
    let later = cosign(TEXT, WITNESS_TIME + 60, &witness()).unwrap();
    let twice = format!("{}{later}", checkpoint());
    let known = [vkey(WITNESS), vkey(LOG), vkey(WITNESS)];
    let opened = open_note(&twice, &known).unwrap();
    assert_eq!(
        opened.verified,
        [(vkey(LOG), None), (vkey(WITNESS), Some(WITNESS_TIME))]
    );
    let forged = cosign("other\n", WITNESS_TIME, &witness()).unwrap();
    assert!(matches!(
        open_note(&format!("{}{forged}", checkpoint()), &known),
        Err(NoteError::BadSignature { .. })
    ));
}

#[test]
fn two_known_keys_of_one_name_and_id_are_told_apart_by_refusing() {
    // Found by trying 80 000 seeds: ids have 32 bits.
    let twin = |number: u32| {
        let mut seed = [0; 32];
        seed[..4].copy_from_slice(&number.to_be_bytes());
        NoteSigner::new(name("twins.example"), SigningKey::from_seed(&seed))
    };
    let (one, other) = (twin(16_608), twin(78_628));
    assert_eq!(one.verifier().key_id(), other.verifier().key_id());
    let note = one.sign_note("text\n").unwrap();
    assert!(open_note(&note, &[one.verifier(), one.verifier()]).is_ok());
    assert!(matches!(
        open_note(&note, &[other.verifier()]),
        Err(NoteError::BadSignature { .. })
    ));
    assert!(matches!(
        open_note(&note, &[one.verifier(), other.verifier()]),
        Err(NoteError::AmbiguousKey { .. })
    ));
}

#[test]
fn a_plain_signature_does_not_pass_as_a_cosignature() {
    // The same key and name under both kinds: only the ids differ.
    let key = SigningKey::from_seed(&[2; 32]);
    let plain = NoteSigner::new(name("witness.example/w1"), key);
    let note = plain.sign_note(TEXT).unwrap();
    assert_eq!(
        open_note(&note, &[vkey(WITNESS)]),
        Err(NoteError::NoKnownSignature)
    );
}

// C2SP signed-note, "Verifier keys", example.
#[test]
fn example_of_the_specification() {
    let key = vkey("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k");
    let note = "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";
    let opened = open_note(note, &[key]).unwrap();
    assert_eq!(opened.text, "This is an example message.\n");
}

#[test]
fn texts_with_empty_lines_are_split_at_the_last() {
    for text in [
        "\n",
        "\n\n",
        "a\n\n",
        "a\n\nb\n",
        "\n\na\n",
        "— a b\n\n— a Zm9vYmFy\n",
    ] {
        let note = log().sign_note(text).unwrap();
        assert_eq!(ParsedNote::parse(&note).unwrap().text, text);
        assert_eq!(open_note(&note, &[log().verifier()]).unwrap().text, text);
    }
}

#[test]
fn malformed_notes_are_refused() {
    let bad_line = |what: &str, note: &str| match ParsedNote::parse(note) {
        Err(NoteError::BadLine { what: found, .. }) => assert!(found.contains(what), "{found}"),
        other => panic!("{note:?}: {other:?}"),
    };
    bad_line("em dash", "text\n\n- a Zm9vYmFy\n");
    bad_line("em dash", "text\n\n— a Zm9vYmFy\nmore\n");
    bad_line("em dash", "text\n\n—\u{a0}a Zm9vYmFy\n");
    bad_line("name and a signature", "text\n\n— a\n");
    bad_line("base64", "text\n\n— a Zm9vYmF\n");
    bad_line("base64", "text\n\n— a Zm9vYmE\n");
    bad_line("base64", "text\n\n— a Zm9vYmF=\n");
    bad_line("base64", "text\n\n— a Zm9vYmFy extra\n");
    bad_line("too short", "text\n\n— a \n");
    bad_line("too short", "text\n\n— a Zm9vYg==\n");
    for (note, error) in [
        ("", NoteError::NoSignatures),
        ("text\n", NoteError::NoSignatures),
        ("text\n\n", NoteError::NoSignatures),
        ("\n— a Zm9vYmFy\n", NoteError::NoSignatures),
        ("text\n\n— a Zm9vYmFy", NoteError::NoFinalNewline),
        (
            "te\rxt\n\n— a Zm9vYmFy\n",
            NoteError::ControlByte { byte: 13 },
        ),
        (
            "text\n\n— a Zm9vYmFy\r\n",
            NoteError::ControlByte { byte: 13 },
        ),
        (
            "text\0\n\n— a Zm9vYmFy\n",
            NoteError::ControlByte { byte: 0 },
        ),
    ] {
        assert_eq!(ParsedNote::parse(note), Err(error), "{note:?}");
    }
    for note in [
        "text\n\n—  Zm9vYmFy\n",
        "text\n\n— a+b Zm9vYmFy\n",
        "text\n\n— a\u{3000}b Zm9vYmFy\n",
    ] {
        assert!(matches!(
            ParsedNote::parse(note),
            Err(NoteError::BadName { line: 1, .. })
        ));
    }
}

#[test]
fn sizes_are_bounded() {
    let line = "— a Zm9vYmFy\n";
    assert!(ParsedNote::parse(&format!("text\n\n{}", line.repeat(100))).is_ok());
    assert_eq!(
        ParsedNote::parse(&format!("text\n\n{}", line.repeat(101))),
        Err(NoteError::TooManySignatures { count: 101 })
    );
    let room = (1 << 20) - 1 - LOG_LINE.len();
    let largest = "a".repeat(room - 1) + "\n";
    let note = log().sign_note(&largest).unwrap();
    assert_eq!(note.len(), 1 << 20);
    assert!(open_note(&note, &[vkey(LOG)]).is_ok());
    assert!(matches!(
        log().sign_note(&format!("a{largest}")),
        Err(NoteError::TooLarge { .. })
    ));
    assert!(matches!(
        ParsedNote::parse(&format!("a{note}")),
        Err(NoteError::TooLarge { .. })
    ));
}

#[test]
fn text_that_could_not_be_opened_is_not_signed() {
    for (text, error) in [
        ("", NoteError::NoFinalNewline),
        ("text", NoteError::NoFinalNewline),
        ("te\txt\n", NoteError::ControlByte { byte: 9 }),
    ] {
        assert_eq!(log().sign_note(text), Err(error.clone()));
        assert_eq!(log().signature_line(text), Err(error));
    }
}

/// Notes of the right shape with parts that are often wrong, so that both outcomes are common.
fn note_like() -> impl Strategy<Value = String> {
    let line = (
        "(— |— |-)",
        "[a-zé+ ./]{0,4}",
        "( | |\n)",
        "([A-Za-z0-9+/]{4}){0,3}[A-Za-z=]{0,4}",
        "\n{0,2}",
    );
    let line = line.prop_map(|(dash, name, space, b64, end)| dash + &name + &space + &b64 + &end);
    (
        "[a-z—\n\t]{0,6}",
        "\n{0,2}",
        prop::collection::vec(line, 0..3),
    )
        .prop_map(|(text, gap, lines)| text + "\n" + &gap + &lines.concat())
}

/// Texts that can be signed.
fn signable() -> impl Strategy<Value = String> {
    "([^\\x00-\\x1f]|\n|\n\n|— ){0,20}".prop_map(|text| text + "\n")
}

proptest! {
    #[test]
    fn any_string_is_refused_or_prints_back(note in prop_oneof![any::<String>(), note_like()]) {
        if let Ok(parsed) = ParsedNote::parse(&note) {
            prop_assert_eq!(parsed.to_string(), note.clone());
        }
        if let Ok(lines) = NoteSignature::parse_lines(&note) {
            prop_assert_eq!(lines.iter().map(ToString::to_string).collect::<String>(), note.clone());
        }
        prop_assert!(open_note(&note, &[vkey(LOG), vkey(WITNESS)]).is_err());
    }

    #[test]
    fn any_bytes_are_refused_or_print_back(bytes: Vec<u8>, at: prop::sample::Index) {
        // Bytes dropped into a good note reach further than bytes alone.
        let good = checkpoint().into_bytes();
        let at = at.index(good.len());
        for note in [bytes.clone(), [&good[..at], &bytes, &good[at..]].concat()] {
            if let Ok(note) = String::from_utf8(note)
                && let Ok(parsed) = ParsedNote::parse(&note)
            {
                prop_assert_eq!(parsed.to_string(), note);
            }
        }
    }

    #[test]
    fn any_vkey_is_refused_or_prints_back(
        text in prop_oneof![any::<String>(), "[a-z é]{0,3}\\+[0-9a-fA-F]{8}\\+[AB][A-Za-z0-9+/]{43}"],
        at: prop::sample::Index,
        character: char,
    ) {
        let mut altered: Vec<char> = LOG.chars().collect();
        let at = at.index(altered.len());
        altered[at] = character;
        for text in [text, altered.into_iter().collect()] {
            if let Ok(key) = VerifierKey::parse(&text) {
                prop_assert_eq!(key.to_string(), text);
            }
        }
    }

    #[test]
    fn what_is_signed_opens(seed: [u8; 32], time: u64, text in signable(), called in "[a-z./é]{1,20}") {
        let signer = NoteSigner::new(name(&called), SigningKey::from_seed(&seed));
        let cosigner = Cosigner::new(name(&called), SigningKey::from_seed(&seed));
        let note = signer.sign_note(&text).unwrap() + &cosign(&text, time, &cosigner).unwrap();
        let opened = open_note(&note, &[signer.verifier(), cosigner.verifier()]).unwrap();
        prop_assert_eq!(opened.text, text);
        prop_assert_eq!(
            opened.verified,
            [(signer.verifier(), None), (cosigner.verifier(), Some(time))]
        );
        for key in [signer.verifier(), cosigner.verifier()] {
            prop_assert_eq!(VerifierKey::parse(&key.to_string()), Ok(key));
        }
    }
}
