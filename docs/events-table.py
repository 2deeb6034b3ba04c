#!/usr/bin/env python3
"""Writes the tables of events.md from the catalogue's source, between their marker lines.

    docs/events-table.py          writes
    docs/events-table.py --check  exits 1 where events.md is not what would be written
"""

import pathlib
import re
import sys

DOCS = pathlib.Path(__file__).resolve().parent
SOURCE = DOCS.parent / "ledger/events/src"
START, END = "<!-- tables: made by events-table.py -->", "<!-- end of tables -->"


def kinds():
    text = (SOURCE / "id.rs").read_text()
    return dict(re.findall(r'^    (\w+) "([a-z-]+)" "', text, re.M))


def meanings():
    found = {}
    for path in sorted((SOURCE / "catalogue").glob("*.rs")):
        for doc, name in re.findall(r"((?:^/// .*\n)+)(?:#\[.*\n)*pub struct (\w+)", path.read_text(), re.M):
            text = " ".join(line[4:].strip() for line in doc.splitlines())
            text = re.sub(r"\[`(\w+)`\]", r"`\1`", text)
            found[name] = re.match(r".*?[.](?= [A-Z]|$)", text).group(0)
    return found


def words(name):
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()


def tables():
    text = (SOURCE / "catalogue.rs").read_text()
    block = re.search(r"^catalogue! \{\n(.*?)^\}", text, re.M | re.S).group(1)
    kind, meaning, out = kinds(), meanings(), []
    for family, lines in re.findall(r'"([^"]+)" \{(.*?)\n    \}', block, re.S):
        out += [f"### {family}", "", "| event | about | who may sign | meaning |", "|---|---|---|---|"]
        entry = r"(\w+) (\d+) about \[([^\]]*)\] by\s+\[([^\]]*)\]( second)?;"
        for name, _, about, by, second in re.findall(entry, lines):
            about = [kind[one.strip()] for one in about.split(",") if one.strip()]
            by = [words(one.strip()) for one in by.split(",")]
            signers = "anyone with a role" if len(by) == 8 else ", ".join(by)
            signers += "; second person" if second else ""
            out.append(f"| `{name}` | {', '.join(about) or 'any'} | {signers} | {meaning[name]} |")
        out.append("")
    return "\n".join(out)


def main():
    path = DOCS / "events.md"
    text = path.read_text()
    before, rest = text.split(START)
    after = rest.split(END)[1]
    new = f"{before}{START}\n\n{tables()}\n{END}{after}"
    if "--check" in sys.argv[1:]:
        if new != text:
            sys.exit("docs/events.md differs from the catalogue: run docs/events-table.py")
    else:
        path.write_text(new)


if __name__ == "__main__":
    main()
