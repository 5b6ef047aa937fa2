"""What is recorded of each page for each role: `pages.json`, beside this file.

A refactoring shows there which pages it changes: their title and headings, how many links, fields, buttons and tables
they hold, how many queries they take. Days, hours, numbers of certificates and hashes are left out: the
record holds whenever it is read again.

To write it anew, once what changed is what was meant:

    PAGES=write PAIR=servers python -m pytest tests/label/test_matrix.py -k recorded
"""

import json
import os
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from documents.french import MONTHS

FILE = Path(__file__).with_name("pages.json")
WRITE = os.environ.get("PAGES") == "write"
HEADINGS = ("title", "h1", "h2")
PARTS = {"a": "links", "input": "fields", "select": "fields", "textarea": "fields", "button": "buttons"}
PARTS |= {"table": "tables", "form": "forms"}
SPACE = r"[\s\u00a0\u202f]"
PASSING = re.compile(
    rf"\d{{1,2}}(er)?{SPACE}({'|'.join(MONTHS)})({SPACE}\d{{4}})?|\d{{1,2}}{SPACE}h({SPACE}\d{{2}})?|\d{{4}}-\d\d-\d\d"
    r"|\d{4}-[0-9A-Z]{8,}|\b[0-9a-f]{12}\b"
)
Record = dict[str, Any]
ALL = "all"


class Outline(HTMLParser):
    """The headings of a page, in order, and how much of each kind it holds."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.headings: list[str] = []
        self.parts: Counter[str] = Counter()
        self._inside = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        # A drawing has titles too.
        if tag in HEADINGS and not self._inside and not (tag == "title" and self.headings):
            self._inside = tag
            self.headings.append("")
        if tag in PARTS and ("type", "hidden") not in attrs:
            self.parts[PARTS[tag]] += 1

    def handle_endtag(self, tag: str) -> None:
        if tag == self._inside:
            self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.headings[-1] += data


def outline(text: str) -> Record:
    found = Outline(text)
    headings = [" ".join(PASSING.sub("…", heading).split()) for heading in found.headings]
    return {"title": headings[0] if headings else "", "headings": headings[1:], **dict(sorted(found.parts.items()))}


def by_roles(records: dict[str, Record]) -> dict[str, Record]:
    """What all roles are shown, then what is another's, those that are shown the same together."""
    if not records:
        return {}
    first, *others = records.values()
    common = {key: value for key, value in first.items() if all(other.get(key) == value for other in others)}
    alike: dict[str, list[str]] = {}
    for role, record in records.items():
        alike.setdefault(json.dumps({key: record[key] for key in record if key not in common}), []).append(role)
    return {ALL: common, **{" ".join(roles): json.loads(record) for record, roles in alike.items()}}


def recorded() -> dict[str, dict[str, Record]]:
    kept: dict[str, dict[str, Record]] = json.loads(FILE.read_text(encoding="utf-8"))
    return kept


def write(pages: dict[str, dict[str, Record]]) -> None:
    """One line a record, for whoever reads the difference."""
    lines = [
        f" {json.dumps(name)}: {{\n"
        + ",\n".join(f"  {json.dumps(roles)}: {json.dumps(kept, ensure_ascii=False)}" for roles, kept in rows.items())
        + "\n }"
        for name, rows in sorted(pages.items())
    ]
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
