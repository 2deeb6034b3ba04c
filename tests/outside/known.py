"""What schemathesis cannot guess: names that a ledger knows, as more of its configuration (see api.toml).

    known.py http://127.0.0.1:8080 swl [TOKEN]

Most requests then ask for things that there are, so that answers are held against their schemas and not only
refusals.
"""

import json
import sys
import urllib.request


def main(server, ledger, token=None):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    at = f"/v1/ledgers/{ledger}"

    def get(path):
        request = urllib.request.Request(server + path, headers=headers)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    of_one = [path for path in get("/openapi.json")["paths"] if path.endswith("/{id}")]
    ids = {}
    for path in of_one:
        register = path.split("/")[4]
        ids[register] = [row["id"] for row in get(f"{at}/{register}")["data"]["rows"]]
    subjects = [id for some in ids.values() for id in some]
    of_kind = lambda *kinds: [id for id in subjects if id.split("/")[0] in kinds]
    values = {
        "ledger": [ledger],
        "index": list(range(get(at)["size"])),
        "path": ["0/000.p/1", "entries/000.p/1", "entries/000.p/2"],
        "moment": ["40", "2030-05-31", "May 2030", "28 May 2030"],
        "subject": subjects,
        "body": of_kind("body"),
        "under": of_kind("strategy", "aim", "objective"),
        "word": ["partnership", "board", '"mental health"'],
        "kind": ["milestone"],
        "name": [id.split("/", 1)[1] for id in of_kind("milestone")],
    }
    values |= {register: [id.split("/", 1)[1] for id in some] for register, some in ids.items()}
    of_all = {f"path.{name}": name for name in ("ledger", "index", "path", "kind", "name")}
    of_all |= {f"query.{name}": name for name in ("body", "under", "subject")}
    of_all |= {f"query.{name}": "moment" for name in ("known_at", "since", "until")}
    of_all["query.q"] = "word"

    def bound(parameter, dictionary):
        # Strings and numbers of JSON are those of TOML.
        return f'{json.dumps(parameter)} = {{ dictionary = "{dictionary}", probability = 0.9 }}'

    print("\n[parameters]")
    for parameter, dictionary in of_all.items():
        if values[dictionary]:
            print(bound(parameter, dictionary))
    for name, some in values.items():
        if some:
            print(f"\n[dictionaries.{name}]\nvalues = {json.dumps(some)}")
    for path in of_one:
        register = path.split("/")[4]
        if ids[register]:
            for place in (path, path + "/history"):
                print(f"\n[[operations]]\ninclude-path = {json.dumps(place)}")
                print(f"parameters = {{ {bound('path.id', register)} }}")


main(*sys.argv[1:])
