"""c2sp.py BUNDLE [EARLIER_CHECKPOINT]: a bundle is a C2SP log, says aics-tlog.

Its command line checks checkpoint, inclusion and consistency, its library audits every tile; and both
must reject copies in which one thing is wrong.
"""

import base64
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from aics_tlog.checkpoint import Checkpoint, sign_checkpoint
from aics_tlog.note import format_vkey, vkey_from_ed25519
from aics_tlog.tiles import (
    FileSystemTileReader, TileMissingError, TileVerificationError, build_entry_bundle,
    consistency_proof_from_tiles, materialise_tiles,
)
from aics_tlog.tree import verify_consistency
from aics_tlog.verified import VerifiedTileReader, audit_tiles
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bundle import Bundle, Failure, flip, main, passed, require

TOOL = str(Path(sys.executable).with_name("aics-tlog"))


def aics(*arguments):
    """Runs the command line tool, which answers in JSON."""
    ran = subprocess.run([TOOL, *map(str, arguments)], capture_output=True, text=True, check=False)
    try:
        answer = json.loads(ran.stdout)
    except ValueError as error:
        raise Failure(f"aics-tlog says: {(ran.stdout + ran.stderr).strip()}") from error
    require(answer["ok"] == (ran.returncode == 0), f"aics-tlog contradicts itself: {ran.stdout}")
    return answer


def accepts(what, *arguments):
    answer = aics(*arguments)
    require(answer["ok"], f"aics-tlog rejects {what}: {answer.get('error')}")
    return answer


def rejects(what, reason, *arguments):
    """A rejection counts only for the reason that it must have."""
    answer = aics(*arguments)
    require(not answer["ok"], f"aics-tlog accepts {what}")
    require(reason in answer["error"], f"aics-tlog rejects {what}, but because: {answer['error']}")


def audit(bundle, folder):
    """Every tile and entry against the root of the checkpoint; None, or why not."""
    root = bytes.fromhex(bundle.manifest["root"])
    try:
        report = audit_tiles(FileSystemTileReader(folder), bundle.size, root)
    except (TileMissingError, TileVerificationError) as error:
        return str(error)
    require(report.size == bundle.size, "the audit is of another size")
    return None


def check_command_line(bundle, key, scratch):
    note = bundle.folder / "checkpoint"
    head = accepts("the checkpoint", "verify-checkpoint", "--note", note, "--origin", bundle.origin, *key)
    require(head["size"] == bundle.size == bundle.manifest["size"], "the sizes differ")
    root = base64.b64decode(head["root"]).hex()
    require(root == bundle.manifest["root"], "MANIFEST.json has another root than the checkpoint")
    passed("aics-tlog verify-checkpoint accepts the checkpoint", 1)

    tiles = ("--tiles", bundle.folder, "--checkpoint", note, *key)
    leaf, entries = scratch / "leaf", bundle.sample(6)
    for entry in entries:
        leaf.write_bytes(entry.bytes)
        accepts(f"entry {entry.index}", "verify-inclusion", "--leaf", leaf, "--index", entry.index, *tiles)
    passed("aics-tlog verify-inclusion accepts entries at their place", len(entries))
    elsewhere = bundle.size - 2
    rejects("the last entry one place off", "not included", "verify-inclusion", "--leaf", leaf,
            "--index", elsewhere, *tiles)
    leaf.write_bytes(flip(bundle.entries[-1], -1))
    rejects("a damaged entry", "not included", "verify-inclusion", "--leaf", leaf,
            "--index", bundle.size - 1, *tiles)
    passed("aics-tlog verify-inclusion rejects other places and bytes", 2)
    return tiles


def check_history(bundle, tiles):
    """The tree heads that officers signed as seen are heads of this log, none of them rewritten."""
    heads = {tuple(entry.header["seen"]): entry.index for entry in bundle.statements}
    heads = sorted((size, root, index) for (size, root), index in heads.items() if size > 0)
    new_root = bytes.fromhex(bundle.manifest["root"])
    reader = VerifiedTileReader(FileSystemTileReader(bundle.folder), bundle.size, new_root)
    for size, root, index in heads:
        proof = consistency_proof_from_tiles(reader, size, bundle.size)
        good = verify_consistency(size, bundle.size, root, new_root, proof)
        require(good, f"entry {index} has seen another history at size {size}")
        bad = verify_consistency(size, bundle.size, flip(root, 0), new_root, proof)
        require(not bad, f"any root passes at size {size}")
    passed("tree heads that signers had seen are consistent with the log", len(heads))

    size, root, _ = heads[len(heads) // 2]
    old = ("verify-consistency", "--old-size", size, "--old-root")
    accepts(f"the head of size {size}", *old, base64.b64encode(root).decode(), *tiles)
    other = base64.b64encode(flip(root, 0)).decode()
    rejects("another head of that size", "history was rewritten", *old, other, *tiles)
    passed("aics-tlog verify-consistency accepts a seen head, rejects another", 2)


def check_earlier(bundle, earlier, key, tiles):
    head = accepts("the earlier checkpoint", "verify-checkpoint", "--note", earlier, *key)
    require(0 < head["size"] < bundle.size, f"a checkpoint of size {head['size']} is not earlier")
    accepts("the log since", "verify-consistency", "--old-checkpoint", earlier, *tiles)
    passed("aics-tlog verify-consistency accepts what followed a published checkpoint", 1)


def check_other_keys(bundle, key, scratch):
    """The same name with another key, and a checkpoint that the other key signed."""
    other = Ed25519PrivateKey.generate()
    other_vkey = scratch / "other.vkey"
    other_vkey.write_text(format_vkey(vkey_from_ed25519(bundle.origin, other.public_key())) + "\n")
    note, forged, damaged = bundle.folder / "checkpoint", scratch / "forged", scratch / "damaged"
    head = Checkpoint(bundle.origin, bundle.size, bytes.fromhex(bundle.manifest["root"]))
    forged.write_bytes(sign_checkpoint(head, other, bundle.origin).to_bytes())
    check_note = ("verify-checkpoint", "--note")
    accepts("its own forgery, to show that only the key is wrong", *check_note, forged,
            "--vkey-file", other_vkey)
    rejects("the log under another key", "signature", *check_note, note, "--vkey-file", other_vkey)
    rejects("a checkpoint by another key", "signature", *check_note, forged, *key)
    origin, size, rest = bundle.text("checkpoint").split("\n", 2)
    damaged.write_text(f"{origin}\n{int(size) - 1}\n{rest}")
    rejects("a checkpoint of another size", "signature", *check_note, damaged, *key)
    passed("aics-tlog rejects other log keys and altered checkpoints", 3)


def check_tiles(bundle, scratch):
    made = materialise_tiles(bundle.entries)
    files = [path for path in bundle.folder.joinpath("tile").rglob("*") if path.is_file()]
    names = {path.relative_to(bundle.folder).as_posix() for path in files}
    require(names == set(made), f"other files than the log has: {sorted(names ^ set(made))}")
    for name, data in made.items():
        require(bundle.bytes(name) == data, f"{name} is not what aics-tlog makes of the entries")
    passed("tile files are those that aics-tlog makes of the entries", len(made))

    reason = audit(bundle, bundle.folder)
    require(reason is None, f"aics-tlog's audit fails: {reason}")
    passed("tile files pass aics-tlog's audit of the whole tree", len(made))

    copy = scratch / "copy"
    shutil.copytree(bundle.folder / "tile", copy / "tile")
    require(audit(bundle, copy) is None, "a plain copy does not pass")

    def caught(what, name, data):
        (copy / name).write_bytes(data)
        require(audit(bundle, copy), f"aics-tlog's audit accepts {name} with {what}")
        (copy / name).write_bytes(made[name])

    flips = 0
    for name, data in made.items():
        for at in {0, len(data) // 2, len(data) - 1}:
            caught(f"a bit flipped in byte {at}", name, flip(data, at))
            flips += 1
    passed("copies with one flipped bit in a tile or entry file fail the audit", flips)
    for name, data in made.items():
        caught("its last byte missing", name, data[:-1])
        caught("its last 32 bytes missing", name, data[:-32])
    passed("copies with a truncated tile or entry file fail the audit", 2 * len(made))
    swaps = 0
    for number, name in enumerate(name for name in made if name.startswith("tile/entries/")):
        entries = bundle.entries[256 * number : 256 * number + 256]
        if len(entries) > 1:
            middle = len(entries) // 2
            entries[middle - 1], entries[middle] = entries[middle], entries[middle - 1]
            caught("two entries swapped", name, build_entry_bundle(entries))
            swaps += 1
    passed("copies with two entries swapped fail the audit", swaps)


def check(folder, earlier=None):
    bundle = Bundle(folder)
    with tempfile.TemporaryDirectory() as scratch:
        scratch = Path(scratch)
        # The key must come from elsewhere: aics-tlog refuses one that lies beside the tiles.
        (scratch / "log.vkey").write_text(bundle.genesis["log_vkey"] + "\n")
        key = ("--vkey-file", scratch / "log.vkey")
        tiles = check_command_line(bundle, key, scratch)
        check_history(bundle, tiles)
        if earlier:
            check_earlier(bundle, earlier, key, tiles)
        check_other_keys(bundle, key, scratch)
        check_tiles(bundle, scratch)


main(check)
