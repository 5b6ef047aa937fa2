import re
from datetime import datetime
from pathlib import Path

import pytest
from django.utils import timezone

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "security.md").read_text()
LINKS = sorted(set(re.findall(r"\[([^\]]+)\]\(\.\./([^)#]+)\)", TEXT)))


# ASVS 5.0: how many requirements of levels 1 and 2 each section has; they are the first ones of it.
SECTIONS = """
1.1:2 1.2:9 1.3:11 1.4:3 1.5:2 2.1:3 2.2:3 2.3:4 2.4:1 3.2:2 3.3:4 3.4:6 3.5:5 3.7:2 4.1:3 4.2:1 4.3:2 4.4:4 5.1:1 5.2:3
5.3:2 5.4:3 6.1:3 6.2:12 6.3:4 6.4:4 6.5:5 6.6:3 6.8:4 7.1:3 7.2:4 7.3:2 7.4:5 7.5:2 7.6:2 8.1:2 8.2:3 8.3:1 8.4:1 9.1:3
9.2:4 10.1:2 10.2:2 10.3:4 10.4:11 10.5:5 10.6:2 10.7:3 11.1:2 11.2:3 11.3:3 11.4:4 11.5:1 11.6:1 12.1:3 12.2:2 12.3:4
13.1:1 13.2:5 13.3:2 13.4:5 14.1:2 14.2:4 14.3:3 15.1:3 15.2:3 15.3:7 16.1:1 16.2:5 16.3:4 16.4:3 16.5:3 17.1:1 17.2:4
17.3:2
"""
STATES = ("met", "argued", "none here", "the operator’s")


def rows():
    for line in TEXT.splitlines():
        if found := re.match(r"\| (\d+\.\d+\.\d+[^|]*) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", line):
            yield found.groups()


def numbers(cell):
    """« 1.2.6–1.2.8, 1.3.1 »: each of them."""
    for part in cell.split(", "):
        first, _dash, last = part.partition("–")
        section, low = first.rsplit(".", 1)
        yield from (f"{section}.{n}" for n in range(int(low), int((last or first).rsplit(".", 1)[1]) + 1))


def test_every_requirement_has_one_row():
    counts = [part.split(":") for part in SECTIONS.split()]
    wanted = [f"{section}.{n + 1}" for section, count in counts for n in range(int(count))]
    level_3 = {number for cell, what, *_ in rows() if what.startswith("(level 3)") for number in numbers(cell)}
    found = [number for cell, *_ in rows() for number in numbers(cell) if number not in level_3]

    assert len(wanted) == 253
    assert sorted(found) == sorted(wanted)


def test_every_requirement_is_met_or_argued():
    assert [cell for cell, _what, state, _by in rows() if not state.startswith(STATES)] == []


@pytest.mark.parametrize(("name", "path"), LINKS)
def test_every_proof_that_is_named_exists(name, path):
    text = (ROOT / path).read_text()

    assert not name.startswith("test_") or name.endswith(".py") or f"def {name}(" in text


def test_no_row_is_held_by_a_whole_file_of_tests():
    """An auditor asks which test fails when the row is no longer true."""
    assert [cell for cell, _what, _state, by in rows() if re.search(r"\[test_\w+\.py\]", by)] == []


@pytest.mark.django_db
def test_security_txt_says_where_to_write_and_until_when(client):
    answer = client.get("/.well-known/security.txt")

    fields = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert fields["Contact"].startswith("mailto:")
    assert datetime.fromisoformat(fields["Expires"]) > timezone.now()
    assert fields["Preferred-Languages"] == "fr, en"
