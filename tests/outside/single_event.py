"""single_event.py BUNDLE: single events, checked with openssl and sha256sum alone.

What anyone can do by hand with one entry: rebuild what was signed, find the signer's public key in the
ledger, and ask openssl and sha256sum.
"""

import subprocess
import tempfile
from pathlib import Path

from bundle import Bundle, Failure, flip, main, passed, pem, require, thumbprint


def openssl_accepts(folder, public, signed, signature):
    """Asks openssl. A refusal is only one if openssl says that it is about the signature."""
    for name, data in (("key.pem", pem(public)), ("signed", signed), ("signature", signature)):
        (folder / name).write_bytes(data)
    command = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "key.pem", "-rawin", "-in", "signed"]
    command += ["-sigfile", "signature"]
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    said = ran.stdout + ran.stderr
    if ran.returncode == 0 and "Signature Verified Successfully" in said:
        return True
    if ran.returncode == 1 and "Signature Verification Failure" in said:
        return False
    raise Failure(f"openssl neither accepts nor rejects: {said.strip()}")


def sha256sum(path):
    ran = subprocess.run(["sha256sum", path], capture_output=True, text=True, check=True)
    return ran.stdout.split()[0].removeprefix("\\")


def check_signatures(bundle, entries, folder):
    for entry in entries:
        public = bundle.signer(entry)
        require(thumbprint(public) == entry.kid, f"the key of entry {entry.index} has another name")
        accepted = openssl_accepts(folder, public, entry.signed, entry.signature)
        require(accepted, f"openssl rejects the signature of entry {entry.index}")
    passed("openssl accepts signatures, by keys found in the ledger", len(entries))

    damaged = 0
    for entry in entries[:3]:
        public = bundle.signer(entry)
        copies = [(flip(entry.signed, at), entry.signature) for at in (15, -1)]
        copies += [(entry.signed, flip(entry.signature, at)) for at in (0, 40)]
        for signed, signature in copies:
            accepted = openssl_accepts(folder, public, signed, signature)
            require(not accepted, f"openssl accepts a damaged copy of entry {entry.index}")
            damaged += 1
    passed("openssl rejects copies with one flipped bit", damaged)


def check_digests(bundle, entries, folder):
    disclosed = [entry for entry in entries if bundle.disclosure_path(entry.digest).exists()]
    for entry in disclosed:
        found = sha256sum(bundle.disclosure_path(entry.digest))
        require(found == entry.digest.hex(), f"sha256sum of entry {entry.index}'s content is {found}")
        bundle.body(entry)
    passed("sha256sum of the content is what the entry signs", len(disclosed))

    copy = folder / "copy"
    for entry in disclosed:
        data = bundle.disclosure_path(entry.digest).read_bytes()
        copy.write_bytes(flip(data, len(data) // 2))
        require(sha256sum(copy) != entry.digest.hex(), f"a damaged copy of {entry.index} passes")
    passed("sha256sum tells copies with one flipped bit", len(disclosed))

    names = sorted(path.name for path in (bundle.folder / "disclosures").iterdir())
    listing = "".join(f"{name}  {name}\n" for name in names)
    ran = subprocess.run(
        ["sha256sum", "--check", "--strict", "--quiet"],
        input=listing, cwd=bundle.folder / "disclosures", capture_output=True, text=True, check=False,
    )
    require(ran.returncode == 0, f"sha256sum --check: {(ran.stdout + ran.stderr).strip()}")
    passed("files in disclosures/ have the digest that names them", len(names))
    return set(names)


def check_complete(bundle, given):
    """Every committed digest is in exactly one of: the folder, withheld, erased."""
    withheld, erased = set(bundle.manifest["withheld"]), set(bundle.manifest["erased"])
    committed = {entry.digest.hex() for entry in bundle.statements}
    require(len(committed) == bundle.size, "two entries commit to the same digest")
    for entry in bundle.statements:
        if entry.digest.hex() in given:
            event = bundle.body(entry)
            committed |= {digest.hex() for digest in event.get("sealed", [])}
    for digest in committed:
        places = [digest in place for place in (given, withheld, erased)]
        require(sum(places) == 1, f"{digest} is in {sum(places)} places")
    # What a withheld event seals is listed, but nobody can tell of which event it is a part.
    require(given <= committed, f"files that no entry commits to: {sorted(given - committed)}")
    counts = {"entries": bundle.size, "disclosed": len(given)}
    counts |= {"withheld": len(withheld), "erased": len(erased)}
    said = {name: bundle.manifest["counts"][name] for name in counts}
    require(said == counts, f"MANIFEST.json counts {said}, there are {counts}")
    passed("committed digests are each given, withheld or erased", len(committed))


def check(folder):
    bundle = Bundle(folder)
    require(bundle.genesis["origin"] == bundle.origin, "the genesis entry is of another ledger")
    require(bundle.genesis["log_vkey"] == bundle.vkey, "log.vkey is not the genesis entry's key")
    for entry in bundle.statements:
        bundle.signer(entry)
        require(entry.claims[2] == bundle.origin, f"entry {entry.index} is of another ledger")
    passed("entries are deterministic CBOR of this ledger, by keys it enrolled", bundle.size)
    entries = bundle.sample(12)
    with tempfile.TemporaryDirectory() as scratch:
        check_signatures(bundle, entries, Path(scratch))
        given = check_digests(bundle, entries, Path(scratch))
    check_complete(bundle, given)


main(check)
