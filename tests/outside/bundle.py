"""Reads an auditor's bundle, from the description of the format alone.

Nothing here is shared with the program that wrote the bundle: bytes come out of
the files, CBOR out of cbor2, keys out of cryptography.
"""

import hashlib
import json
import sys
from dataclasses import dataclass
from pathlib import Path

import cbor2
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

HEADERS = [1, 4, 15, 16, 258, 259, "seen"]
CLAIMS = [1, 2, 6, 7]
CNF = 8
EVENT = "application/vnd.minutebook.event+cbor"


class Failure(Exception):
    """A check that did not hold."""


def require(condition, message):
    """Like assert, but never compiled away."""
    if not condition:
        raise Failure(message)


def passed(what, count):
    """One line for one check. A check that looked at nothing has not passed."""
    require(count > 0, f"{what}: there was nothing to check")
    print(f"  ok {count:6}  {what}", flush=True)


def main(check):
    """Runs check(*arguments of the command line) and says clearly how it ended."""
    try:
        check(*sys.argv[1:])
    except Failure as failure:
        sys.exit(f"  FAILED: {Path(sys.argv[0]).name} {' '.join(sys.argv[1:])}: {failure}")


def decode(data, what):
    """Decodes CBOR that must be deterministic, with nothing after it."""
    try:
        value = cbor2.loads(data)
    except Exception as error:
        raise Failure(f"{what} is not CBOR: {error}") from error
    require(cbor2.dumps(value, canonical=True) == data, f"{what} is not deterministic CBOR")
    return value


def flip(data, at):
    """A copy with one bit of one byte changed."""
    changed = bytearray(data)
    changed[at] ^= 1
    return bytes(changed)


def cose_key(key, what):
    """The 32 bytes of an Ed25519 COSE_Key, which holds nothing else."""
    require(isinstance(key, dict) and set(key) == {1, -1, -2}, f"{what} is not the expected COSE_Key")
    require(key[1] == 1 and key[-1] == 6 and len(key[-2]) == 32, f"{what} is not an Ed25519 key")
    return key[-2]


def thumbprint(public):
    """RFC 9679: the key's name is the SHA-256 of its deterministic COSE_Key."""
    return hashlib.sha256(cbor2.dumps({1: 1, -1: 6, -2: public}, canonical=True)).digest()


def pem(public):
    """A public key as openssl and others read it."""
    return Ed25519PublicKey.from_public_bytes(public).public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


@dataclass
class Statement:
    """One entry, taken apart."""

    index: int
    bytes: bytes
    protected: bytes
    header: dict
    digest: bytes
    signature: bytes

    @property
    def kid(self):
        return self.header[4]

    @property
    def claims(self):
        return self.header[15]

    @property
    def signed(self):
        """The Sig_structure of RFC 9052 section 4.4: what the officer's key signed."""
        return cbor2.dumps(["Signature1", self.protected, b"", self.digest], canonical=True)


def statement(index, data):
    """Takes entry `index` apart, and refuses any shape but the one that the format has."""
    what = f"entry {index}"
    tag = decode(data, what)
    require(isinstance(tag, cbor2.CBORTag) and tag.tag == 18, f"{what} is not a COSE_Sign1")
    protected, unprotected, digest, signature = tag.value
    header = decode(protected, f"the header of {what}")
    require(list(header) == HEADERS, f"{what} has the header labels {list(header)}")
    claims = header[15]
    require(list(claims) in (CLAIMS, [*CLAIMS, CNF]), f"{what} has the claims {list(claims)}")
    require(unprotected == {}, f"{what} has unprotected headers")
    require(header[1] in (-8, -19) and header[258] == -16, f"{what} uses other algorithms")
    require(len(header[4]) == 32 and len(digest) == 32, f"{what} has a digest of another length")
    require(len(signature) == 64 and len(claims[7]) == 16, f"{what} has fields of another length")
    return Statement(index, data, protected, header, digest, signature)


class Bundle:
    """A bundle folder. Reading it checks shapes, not signatures."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.vkey = self.text("log.vkey").removesuffix("\n")
        self.manifest = json.loads(self.text("MANIFEST.json"))
        self.origin, size, *_ = self.text("checkpoint").split("\n")
        self.size = int(size)
        self.entries = list(self._entries())
        require(len(self.entries) == self.size, f"{len(self.entries)} entries, not {size}")
        self.statements = [statement(i, data) for i, data in enumerate(self.entries)]
        self.genesis = self.body(self.statements[0])
        self._keys = self._find_keys()

    def bytes(self, name):
        try:
            return (self.folder / name).read_bytes()
        except OSError as error:
            raise Failure(f"{name}: {error.strerror}") from error

    def text(self, name):
        return self.bytes(name).decode()

    def _entries(self):
        """C2SP tlog-tiles: files of 256 entries, each behind its length as two bytes."""
        for number in range((self.size + 255) // 256):
            require(number < 1000, "more entries than this reader was written for")
            width = min(256, self.size - 256 * number)
            data = self.bytes(f"tile/entries/{number:03}" + (f".p/{width}" if width < 256 else ""))
            while data:
                length = int.from_bytes(data[:2], "big")
                require(len(data) >= 2 + length, f"entry file {number} ends within an entry")
                yield data[2 : 2 + length]
                data = data[2 + length :]

    def disclosure_path(self, digest):
        return self.folder / "disclosures" / digest.hex()

    def body(self, entry):
        """The event behind an entry, from its disclosure, which must be in the bundle."""
        what = f"the disclosure of entry {entry.index}"
        data = self.bytes(f"disclosures/{entry.digest.hex()}")
        version, salt, content_type, body = decode(data, what)
        require(version == "minutebook.v1" and len(salt) == 32, f"{what} is of another kind")
        require(content_type == EVENT, f"{what} holds {content_type}")
        return decode(body, f"the event of entry {entry.index}")

    def _find_keys(self):
        """Every key by its thumbprint, and the first entry that it may sign."""
        keys = {}
        for officer in self.genesis["officers"]:
            public = cose_key(officer["key"], "a founding officer's key")
            keys[thumbprint(public)] = (0, public)
        for entry in self.statements:
            if CNF in entry.claims:
                what = f"the key that entry {entry.index} enrols"
                public = cose_key(entry.claims[CNF][1], what)
                keys.setdefault(thumbprint(public), (entry.index + 1, public))
        return keys

    def signer(self, entry):
        """The public key that must have signed an entry."""
        first, public = self._keys.get(entry.kid, (None, None))
        require(public, f"entry {entry.index} names a key that was never enrolled")
        require(first <= entry.index, f"entry {entry.index} is signed before its key is enrolled")
        return public

    def receipt_key(self):
        """The key of the log's receipts, which the genesis entry must name too."""
        key = decode(self.bytes("receipt.cosekey"), "receipt.cosekey")
        require(key == self.genesis["receipt_key"], "receipt.cosekey is not the genesis entry's key")
        return cose_key(key, "receipt.cosekey")

    def sample(self, count):
        """Genesis, last, the first enrolment, each signer's first entry, and others in between."""
        last = self.size - 1
        enrolments = [entry.index for entry in self.statements if CNF in entry.claims]
        require(enrolments, "no entry enrols a key")
        firsts = {}
        for entry in self.statements:
            firsts.setdefault(entry.kid, entry.index)
        spread = {last * step // max(1, count - 1) for step in range(count)}
        return [self.statements[i] for i in sorted({0, last, enrolments[0], *firsts.values(), *spread})]
