import re
import shutil
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.contrib.staticfiles import finders
from django.urls import resolve

from label import guide
from label.guide import pages

GUIDE = Path(__file__).resolve().parents[2] / "docs/guide"
PICTURES = GUIDE.parent / "images/guide"
LINK = re.compile(r"\]\(([^)#]+)(?:#[^)]*)?\)")
HEAVIEST = 100_000

ROOT = GUIDE.parents[1]


def links(page):
    return [(page.parent / link).resolve() for link in LINK.findall(page.read_text()) if "://" not in link]


@pytest.mark.parametrize("page", sorted(GUIDE.glob("*.md")), ids=lambda page: page.stem)
def test_guide_leads_to_what_exists(page):
    assert [link for link in links(page) if not link.is_file()] == []


def test_guide_shows_every_picture_and_each_is_light():
    shown = {link for page in GUIDE.glob("*.md") for link in links(page) if link.parent == PICTURES}

    assert shown == set(PICTURES.iterdir())
    assert [path.name for path in shown if path.stat().st_size > HEAVIEST] == []


def test_guide_in_the_service_has_every_page():
    assert {path.stem for path in GUIDE.glob("*.md")} == set(pages())


@pytest.mark.parametrize("name", pages())
def test_guide_in_the_service_leads_to_what_exists(name):
    for address in re.findall(r' (?:href|src)="([^"]*)"', pages()[name].html):
        path, _sharp, anchor = unquote(address).partition("#")
        if path.startswith("/static/"):
            assert finders.find(path.removeprefix("/static/"))
        else:
            found = resolve(path)
        if anchor:
            assert f'id="{anchor}"' in pages()[found.kwargs.get("name", guide.INDEX)].html


@pytest.mark.parametrize("name", pages())
def test_guide_in_the_service_is_no_source(name):
    assert not re.search(r"\]\(|^#|\.md", pages()[name].html, re.MULTILINE)


def test_guide_is_in_the_image():
    dockerfile = (ROOT / "Dockerfile").read_text()

    assert "COPY docs/guide docs/guide\n" in dockerfile
    assert "COPY docs/images/guide docs/images/guide\n" in dockerfile


@pytest.mark.django_db
def test_guide_goes_without_a_picture_that_lacks(client, organiser, sign_in, tmp_path, monkeypatch):
    (tmp_path / "guide").mkdir()
    for path in GUIDE.glob("*.md"):
        shutil.copy(path, tmp_path / "guide")
    monkeypatch.setattr(guide, "FOLDER", tmp_path / "guide")
    guide.page.cache_clear()
    guide.pages.cache_clear()
    try:
        assert sign_in(organiser).get("/organisation/").status_code == 200
        found = [client.get(page.address) for page in pages().values()]
    finally:
        guide.page.cache_clear()
        guide.pages.cache_clear()

    assert {answer.status_code for answer in found} == {200}
    assert not any("images/guide" in answer.content.decode() for answer in found)
