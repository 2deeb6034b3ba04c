#!/usr/bin/env python3
"""Makes the worked log of ../formats.md from nothing but what that file says.

Needs Python 3.9 and the package `cryptography`. Prints name, length and hex of every value, then the
texts. The program accepts these bytes, and makes the same checkpoint, receipt and proof file from them.
"""

import base64
import hashlib
import struct

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ORIGIN = "board.example/minutes"
PERSON = "00ff00ff00ff00ff"
EVENT = "application/vnd.minutebook.event+cbor"


def sha(data):
    return hashlib.sha256(data).digest()


def b64(data):
    return base64.b64encode(data).decode()


# Section 2: deterministic CBOR.


def head(major, n):
    if n < 24:
        return bytes([major << 5 | n])
    for info, length in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if n < 1 << (8 * length):
            return bytes([major << 5 | info]) + n.to_bytes(length, "big")
    raise ValueError("number out of range")


def cbor(value):
    if value is None:
        return b"\xf6"
    if isinstance(value, bool):
        return b"\xf5" if value else b"\xf4"
    if isinstance(value, int):
        return head(0, value) if value >= 0 else head(1, -1 - value)
    if isinstance(value, bytes):
        return head(2, len(value)) + value
    if isinstance(value, str):
        return head(3, len(value.encode())) + value.encode()
    if isinstance(value, list):
        return head(4, len(value)) + b"".join(map(cbor, value))
    pairs = sorted((cbor(key), cbor(item)) for key, item in value.items())
    return head(5, len(pairs)) + b"".join(key + item for key, item in pairs)


# Section 3: keys.


class Key:
    def __init__(self, seed):
        self.secret = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
        self.public = self.secret.public_key().public_bytes_raw()
        self.cose = {1: 1, -1: 6, -2: self.public}
        self.kid = sha(cbor(self.cose))

    def sign(self, message):
        return self.secret.sign(message)


LOG, OFFICER, SECOND, RECEIPT = Key(1), Key(3), Key(5), Key(6)
KEY_ID = sha(ORIGIN.encode() + b"\n\x01" + LOG.public)[:4]
VKEY = "+".join([ORIGIN, KEY_ID.hex(), b64(b"\x01" + LOG.public)])


# Sections 4 and 5: disclosure and statement. Salts and ids are random in real life.


def disclosure(i, body):
    return cbor(["minutebook.v1", sha(b"salt%d" % i), EVENT, body])


def sign1(key, protected, unprotected, payload, signed):
    signature = key.sign(cbor(["Signature1", protected, b"", signed]))
    parts = [protected, unprotected, payload, signature]
    return b"\xd2" + head(4, 4) + b"".join(map(cbor, parts))


def header(i, iat, seen, enrols=None):
    claims = {1: PERSON, 2: ORIGIN, 6: iat, 7: sha(b"cti%d" % i)[:16]}
    if enrols:
        claims[8] = {1: enrols.cose}
    return cbor({
        1: -8,
        4: OFFICER.kid,
        15: claims,
        16: "application/scitt-statement+cose",
        258: -16,
        259: "application/vnd.minutebook.disclosure+cbor",
        "seen": seen,
    })


# Section 7: entry 0, the genesis.

body0 = cbor({
    "type": "LedgerOpened",
    "v": 1,
    "subject": "ledger/minutes",
    "capacity": {"role": "registrar"},
    "confidentiality": "public",
    "origin": ORIGIN,
    "log_vkey": VKEY,
    "receipt_key": RECEIPT.cose,
    "officers": [{"person": PERSON, "roles": ["registrar"], "key": OFFICER.cose}],
    "read": "public",
    "freshness": 600,
    "witness_policy": "quorum none",
    "partnership": "Example Partnership",
})
disclosure0 = disclosure(0, body0)
digest0 = sha(disclosure0)
header0 = header(0, 1800000000, [0, sha(b"")])
entry0 = sign1(OFFICER, header0, {}, digest0, digest0)

# Section 10: the tree.


def leaf(entry):
    return sha(b"\x00" + entry)


def node(left, right):
    return sha(b"\x01" + left + right)


root1 = leaf(entry0)

# Section 8: entry 1 enrols the second key.

enrol = sha(b"minutebook.enrol.v1" + ORIGIN.encode() + SECOND.kid)
rotate = sha(b"minutebook.rotate.v1" + ORIGIN.encode() + OFFICER.kid + SECOND.kid)
proof = SECOND.sign(enrol)
body1 = cbor({
    "type": "SigningKeyEnrolled",
    "v": 1,
    "subject": "person/" + PERSON,
    "capacity": {"role": "registrar"},
    "confidentiality": "public",
    "key": SECOND.cose,
    "proof": proof,
})
disclosure1 = disclosure(1, body1)
digest1 = sha(disclosure1)
header1 = header(1, 1800000060, [1, root1], SECOND)
entry1 = sign1(OFFICER, header1, {}, digest1, digest1)
root2 = node(leaf(entry0), leaf(entry1))

# Sections 12 to 14: checkpoint, receipt and proof file.

text = f"{ORIGIN}\n2\n{b64(root2)}\n"
checkpoint = f"{text}\n\u2014 {ORIGIN} {b64(KEY_ID + LOG.sign(text.encode()))}\n"
receipt_header = cbor({1: -8, 4: RECEIPT.kid, 15: {1: ORIGIN, 2: ORIGIN, 6: 1800000120}, 395: 1})
path = cbor([2, 1, [leaf(entry0)]])
receipt = sign1(RECEIPT, receipt_header, {396: {-1: [path]}}, None, root2)
proof_file = f"c2sp.org/tlog-proof@v1\nindex 1\n{b64(leaf(entry0))}\n\n{checkpoint}"

# Section 17: the journal's frame for entry 0.


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


permanent = struct.pack(">H", len(entry0)) + entry0 + b"\x01" + digest0
permanent += struct.pack(">I", len(disclosure0))
start = b"MBFRAME\x01" + struct.pack(">QIII", 0, 1, len(permanent), len(disclosure0))
start += root1 + bytes(32) + struct.pack(">I", crc32c(disclosure0))
frame = start + struct.pack(">I", crc32c(start + permanent)) + permanent + disclosure0

if __name__ == "__main__":
    values = {
        "log public key": LOG.public,
        "officer public key": OFFICER.public,
        "officer kid": OFFICER.kid,
        "second public key": SECOND.public,
        "second kid": SECOND.kid,
        "receipt public key": RECEIPT.public,
        "receipt kid": RECEIPT.kid,
        "body 0": body0,
        "disclosure 0": disclosure0,
        "digest 0": digest0,
        "header 0": header0,
        "entry 0": entry0,
        "leaf hash 0, root 1": root1,
        "enrolment challenge": enrol,
        "rotation challenge": rotate,
        "proof": proof,
        "body 1": body1,
        "disclosure 1": disclosure1,
        "digest 1": digest1,
        "header 1": header1,
        "Sig_structure 1": cbor(["Signature1", header1, b"", digest1]),
        "entry 1": entry1,
        "leaf hash 1": leaf(entry1),
        "root 2": root2,
        "receipt": receipt,
        "frame of entry 0": frame,
    }
    for name, value in values.items():
        print(f"{name} ({len(value)} bytes)\n  {value.hex()}")
    for name, value in {"vkey": VKEY, "checkpoint": checkpoint, "proof file": proof_file}.items():
        print(f"{name}\n{value}")
