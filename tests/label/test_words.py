"""docs/words.md names what exists."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROW = re.compile(r"^\| [^|]+ \| ([^|]+) \| `([^`|]+\.py)` \|$", re.MULTILINE)
ROWS = ROW.findall((ROOT / "docs/words.md").read_text())


@pytest.mark.parametrize(("names", "place"), ROWS, ids=[names for names, _place in ROWS])
def test_name_lives_where_the_glossary_says(names, place):
    first = re.findall(r"`(\w+)`", names)

    assert first
    assert [name for name in first if f"class {name}(" not in (ROOT / place).read_text()] == []


def test_glossary_has_its_rows():
    assert len(ROWS) >= 35
