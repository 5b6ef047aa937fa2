"""What is shipped is listed as it is locked, under licences that go with ours."""

import importlib.util
import re
from importlib.machinery import SourceFileLoader

import pytest
from django.conf import settings

loader = SourceFileLoader("inventory", str(settings.BASE_DIR / "scripts" / "inventory"))
inventory = importlib.util.module_from_spec(importlib.util.spec_from_loader("inventory", loader))
loader.exec_module(inventory)

COMPATIBLE = re.compile(
    r"MIT|BSD|Apache|Python Software Foundation|PSF|MPL|Mozilla|LGPL|GPL-3\.0-or-later|zlib|Zlib|CC0|Zope|ISC|Unlicense"
)
ROWS = re.findall(r"^\| ([\w.-]+) \| [\d.\w]+ \| (.*) \|$", inventory.page(), re.MULTILINE)[1:]


def test_page_says_what_is_locked():
    assert inventory.PAGE.read_text() == inventory.page(), "run scripts/inventory"


@pytest.mark.parametrize(("name", "licence"), ROWS)
def test_licence_goes_with_ours(name, licence):
    parts = re.split(r" AND |, ", licence)
    assert all(any(COMPATIBLE.search(choice) for choice in part.split(" OR ")) for part in parts)
