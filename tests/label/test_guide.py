import re
from pathlib import Path

import pytest

GUIDE = Path(__file__).resolve().parents[2] / "docs/guide"
PICTURES = GUIDE.parent / "images/guide"
LINK = re.compile(r"\]\(([^)#]+)(?:#[^)]*)?\)")
HEAVIEST = 100_000

pytestmark = pytest.mark.once


def links(page):
    return [(page.parent / link).resolve() for link in LINK.findall(page.read_text()) if "://" not in link]


@pytest.mark.parametrize("page", sorted(GUIDE.glob("*.md")), ids=lambda page: page.stem)
def test_guide_leads_to_what_exists(page):
    assert [link for link in links(page) if not link.is_file()] == []


def test_guide_shows_every_picture_and_each_is_light():
    shown = {link for page in GUIDE.glob("*.md") for link in links(page) if link.parent == PICTURES}

    assert shown == set(PICTURES.iterdir())
    assert [path.name for path in shown if path.stat().st_size > HEAVIEST] == []
