"""Signs in at a server with an officer's key file, and prints the session's token.

    session.py http://127.0.0.1:8080 swl registrar.pem PASSPHRASE
"""

import base64
import hashlib
import json
import sys
import urllib.request

from cryptography.hazmat.primitives import serialization


def post(url, body=b""):
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def main(server, ledger, key_file, passphrase):
    with open(key_file, "rb") as file:
        key = serialization.load_pem_private_key(file.read(), passphrase.encode())
    raw = serialization.Encoding.Raw, serialization.PublicFormat.Raw
    public = key.public_key().public_bytes(*raw)
    # RFC 9679: SHA-256 of {1: 1, -1: 6, -2: public key} as deterministic CBOR.
    kid = hashlib.sha256(bytes.fromhex("a301012006215820") + public).hexdigest()
    at = f"{server}/v1/ledgers/{ledger}"
    asked = post(f"{at}/challenges")
    lines = ["minutebook.session.v1", asked["origin"], server, asked["challenge"]]
    signed = key.sign("".join(line + "\n" for line in lines).encode())
    answer = {
        "kid": kid,
        "challenge": asked["challenge"],
        "address": server,
        "signature": base64.b64encode(signed).decode(),
    }
    print(post(f"{at}/session", json.dumps(answer).encode())["token"])


main(*sys.argv[1:])
