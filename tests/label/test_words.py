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


PLACES = re.compile(r"`((?!doors/)(?:[a-z]+/)+[a-z_0-9]+\.py)`")
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


@pytest.mark.parametrize("page", [page for page in PAGES if page.name != "CHANGELOG.md"], ids=lambda page: page.name)
def test_pages_name_files_that_are(page):
    gone = [place for place in PLACES.findall(page.read_text()) if not (ROOT / place).exists()]
    assert gone == []
