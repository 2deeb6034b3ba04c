"""receipts.py BUNDLE PROOFS: statements and receipts, checked with scitt-cose and cwt.

PROOFS is a folder of receipts, each named by its entry: 7.receipt.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import cbor2
import cwt
from aics_tlog.tree import MerkleTree

from bundle import Bundle, Failure, decode, flip, main, passed, pem, require

TOOL = str(Path(sys.executable).with_name("scitt-cose"))


def scitt(scratch, statement, officer, receipt, log, leaf):
    """Runs scitt-cose: a statement by an officer, and the log's receipt for a leaf. Its report."""
    files = {"statement": statement, "statement-pubkey": pem(officer)}
    files |= {"receipt": receipt, "receipt-log-pubkey": pem(log)}
    command = [TOOL, "--json", "--leaf-entry-hex", leaf.hex()]
    for name, data in files.items():
        (scratch / name).write_bytes(data)
        command += [f"--{name}", str(scratch / name)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        report = json.loads(ran.stdout)
    except ValueError as error:
        raise Failure(f"scitt-cose says: {(ran.stdout + ran.stderr).strip()}") from error
    both = report["statement"]["signature_verified"] and report["receipt"]["ok"]
    require(bool(both) == (ran.returncode == 0), f"scitt-cose contradicts itself: {ran.stdout}")
    return report["statement"], report["receipt"]


def check_cwt(bundle):
    cose = cwt.COSE.new()

    def opens(data, kid, public):
        key = cwt.COSEKey.new({1: 1, -1: 6, -2: public, 2: kid, 3: -8})
        try:
            return cose.decode(data, key)
        except cwt.VerifyError:
            return None

    for entry in bundle.statements:
        payload = opens(entry.bytes, entry.kid, bundle.signer(entry))
        require(payload == entry.digest, f"cwt rejects entry {entry.index}")
    passed("cwt accepts statements, each by its signer's key", bundle.size)

    tried = 0
    for entry in bundle.sample(6):
        public = bundle.signer(entry)
        taken = opens(entry.bytes, entry.kid, bundle.receipt_key())
        require(taken is None, f"cwt accepts entry {entry.index} by another key")
        for part in (entry.header[15][7], entry.digest, entry.signature):
            damaged = flip(entry.bytes, entry.bytes.index(part))
            require(opens(damaged, entry.kid, public) is None, f"cwt accepts a damaged entry {entry.index}")
        tried += 4
    passed("cwt rejects flipped bits and another key", tried)


def check_receipts(bundle, receipts, scratch):
    log, tree = bundle.receipt_key(), MerkleTree(bundle.entries)
    for index, receipt in receipts.items():
        entry = bundle.statements[index]
        by = bundle.signer(entry)
        statement, answer = scitt(scratch, entry.bytes, by, receipt, log, entry.bytes)
        require(statement["signature_verified"], f"scitt-cose rejects the statement of entry {index}")
        require(answer["ok"], f"scitt-cose rejects the receipt of entry {index}: {answer['errors']}")
        require(statement["issuer"] == entry.claims[1], f"scitt-cose reads another issuer in {index}")
        require(statement["subject"] == bundle.origin, f"scitt-cose reads another subject in {index}")
        # The place in the receipt is not signed: the root at that size settles it.
        require(answer["leaf_index"] == index, f"the receipt of entry {index} names another place")
        root = tree.root(answer["tree_size"]).hex()
        require(answer["root"] == root, f"the receipt of entry {index} is of another tree")
    passed("scitt-cose accepts statements with their receipts", len(receipts))


def check_rejected(bundle, receipts, scratch):
    log, indices, tried = bundle.receipt_key(), list(receipts), 0
    for index, other in zip(indices, indices[1:] + indices[:1]):
        entry, receipt = bundle.statements[index], receipts[index]
        by = bundle.signer(entry)
        protected, unprotected, _, signature = decode(receipt, f"the receipt of entry {index}").value
        path = cbor2.loads(unprotected[396][-1][0])[2]
        kid = cbor2.loads(protected)[4]
        copies = {"another entry's receipt": receipts[other]}
        for name, part in {"name of the key": kid, "path": path[-1], "signature": signature}.items():
            copies[f"a receipt with a bit flipped in its {name}"] = flip(receipt, receipt.index(part))
        for what, copy in copies.items():
            statement, answer = scitt(scratch, entry.bytes, by, copy, log, entry.bytes)
            require(statement["signature_verified"] and not answer["ok"], f"scitt-cose accepts {what}")
        statement, answer = scitt(scratch, flip(entry.bytes, -1), by, receipt, log, entry.bytes)
        require(not statement["signature_verified"], f"scitt-cose accepts a damaged statement {index}")
        require(answer["ok"], f"scitt-cose rejects the receipt of {index} for its statement's damage")
        _, answer = scitt(scratch, entry.bytes, by, receipt, log, flip(entry.bytes, -1))
        require(not answer["ok"], f"scitt-cose accepts a receipt for a damaged entry {index}")
        _, answer = scitt(scratch, entry.bytes, by, receipt, by, entry.bytes)
        require(not answer["ok"], "scitt-cose accepts a receipt under another key")
        tried += len(copies) + 3
    passed("scitt-cose rejects others' receipts, flipped bits and other keys", tried)


def check(folder, proofs):
    bundle = Bundle(folder)
    receipts = {int(path.stem): path.read_bytes() for path in sorted(Path(proofs).glob("*.receipt"))}
    require(len(receipts) > 1, f"{proofs} does not hold at least two receipts")
    check_cwt(bundle)
    with tempfile.TemporaryDirectory() as scratch:
        check_receipts(bundle, receipts, Path(scratch))
        check_rejected(bundle, receipts, Path(scratch))


main(check)
