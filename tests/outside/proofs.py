"""proofs.py BUNDLE PROOFS: .tlog-proof files, read by hand and checked with aics-tlog.

PROOFS is a folder of proof files, each named by its entry: 7.tlog-proof.
"""

import base64
import binascii
from pathlib import Path

from aics_tlog.checkpoint import parse_checkpoint, verify_checkpoint
from aics_tlog.note import parse_note, parse_vkey, vkey_from_ed25519
from aics_tlog.tree import verify_leaf_inclusion
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bundle import Bundle, Failure, flip, main, passed, require


def parse(text):
    """c2sp.org/tlog-proof: a header, the index, the path from the leaf up, a blank line, a checkpoint."""
    head, blank, note = text.partition("\n\n")
    first, *lines = head.split("\n")
    require(first == "c2sp.org/tlog-proof@v1" and blank, "this is no tlog-proof file")
    if lines and lines[0].startswith("extra "):
        base64.b64decode(lines.pop(0).removeprefix("extra "), validate=True)
    require(lines and lines[0].startswith("index "), "the file has no index line")
    number = lines.pop(0).removeprefix("index ")
    require(number.isascii() and number.isdigit() and number == str(int(number)), f"index {number!r}")
    path = []
    for line in lines:
        try:
            path.append(base64.b64decode(line, validate=True))
        except binascii.Error as error:
            raise Failure(f"{line!r} is not base64") from error
        require(len(path[-1]) == 32, f"{line!r} is not a hash")
        require(base64.b64encode(path[-1]).decode() == line, f"{line!r} is not canonical base64")
    return int(number), path, note


def holds(entry, index, path, note, key):
    """Whether the log with this key says, by this proof, that it holds the entry at this index."""
    if not verify_checkpoint(parse_note(note), key).ok:
        return False
    head = parse_checkpoint(parse_note(note).text)
    return verify_leaf_inclusion(entry, index, head.size, path, head.root)


def check(folder, proofs):
    bundle = Bundle(folder)
    key = parse_vkey(bundle.vkey)
    other = vkey_from_ed25519(bundle.origin, Ed25519PrivateKey.generate().public_key())
    files = sorted(Path(proofs).glob("*.tlog-proof"))
    tried = 0
    for file in files:
        index, path, note = parse(file.read_bytes().decode())
        require(str(index) == file.stem, f"{file.name} is about entry {index}")
        require(note == bundle.text("checkpoint"), f"{file.name} leads to another checkpoint")
        entry = bundle.entries[index]
        require(holds(entry, index, path, note, key), f"aics-tlog rejects {file.name}")
        origin, size, rest = note.split("\n", 2)
        wrong = {
            "another entry": (bundle.entries[index - 1], index, path, note, key),
            "a damaged entry": (flip(entry, -1), index, path, note, key),
            "another place": (entry, index ^ 1, path, note, key),
            "a damaged path": (entry, index, [*path[:-1], flip(path[-1], 0)], note, key),
            "a path too short": (entry, index, path[:-1], note, key),
            "a path too long": (entry, index, [*path, path[0]], note, key),
            "another size": (entry, index, path, f"{origin}\n{int(size) + 1}\n{rest}", key),
            "another log key": (entry, index, path, note, other),
        }
        for what, proof in wrong.items():
            require(not holds(*proof), f"aics-tlog accepts {file.name} with {what}")
        tried += len(wrong)
    passed("aics-tlog accepts proof files with the entry and the log's key", len(files))
    passed("aics-tlog rejects them with anything else", tried)


main(check)
