"""What a tired operator copies from docs/operate.md exists."""

import re
from http import HTTPStatus
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class
from django.urls import resolve

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "operate.md").read_text()
COMMANDS = sorted(set(re.findall(r"manage\.py (\w+)", TEXT)))
PAGES = sorted(set(re.findall(r"`(/(?:[\w-]+/)+)(?:\?[^`]*)?`", TEXT)))
OPTIONS = sorted(set(re.findall(r"`(--[a-z]+)[ `]", TEXT)))
PROBES = {"/sante/", "/sante/vivant/"}  # answered before the routes


def test_there_is_much_to_check():
    assert min(len(COMMANDS), len(PAGES)) > 5


@pytest.mark.parametrize("name", COMMANDS)
def test_command_exists(name):
    assert name in get_commands()


@pytest.mark.parametrize("option", OPTIONS)
def test_option_is_one_of_theirs(option):
    parsers = [load_command_class(get_commands()[name], name).create_parser("manage.py", name) for name in COMMANDS]

    assert any(option in action.option_strings for parser in parsers for action in parser._actions)


@pytest.mark.parametrize("page", sorted(set(PAGES) - PROBES))
def test_page_exists(page, client, db):
    """And is opened by a visit: 405 is an address that only takes forms."""
    assert resolve(page)
    assert client.get(page).status_code != HTTPStatus.METHOD_NOT_ALLOWED


@pytest.mark.parametrize("anchor", re.findall(r"\]\(#([\w-]+)\)", TEXT))
def test_link_within_the_page_leads_somewhere(anchor):
    titles = {title.lower().replace(" ", "-") for title in re.findall(r"^#+ (.+)$", TEXT, re.MULTILINE)}

    assert anchor in titles
