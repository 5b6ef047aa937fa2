import re
import subprocess
import sys
from xml.etree import ElementTree

import pytest

from documents import arobase


def points(path):
    return [tuple(map(int, pair)) for pair in re.findall(r"(-?\d+) (-?\d+)", path)]


def test_mark_stays_in_its_square():
    assert all(0 <= value <= arobase.UNITS for point in points(arobase.MARK) for value in point)


def test_pdf_path_is_the_same_drawing_turned_over():
    assert points(arobase.pdf_path()) == [(x, arobase.UNITS - y) for x, y in points(arobase.MARK)]


@pytest.mark.parametrize("level", range(6))
def test_row_fills_what_was_earned(level):
    root = ElementTree.fromstring(arobase.row_svg(level))
    fills = [path.get("fill") for path in root]
    assert fills == ["currentColor"] * level + ["none"] * (5 - level)


def test_row_says_its_level():
    label = ElementTree.fromstring(arobase.row_svg(3)).get("aria-label")
    assert label.split() == ["3", "arobases", "sur", "5"]


@pytest.mark.parametrize("level", [-1, 6])
def test_row_refuses_an_impossible_level(level):
    with pytest.raises(ValueError, match="no such level"):
        arobase.row_svg(level)


def test_mark_alone_is_hidden_from_screen_readers():
    assert ElementTree.fromstring(arobase.svg()).get("aria-hidden") == "true"


def test_svg_obeys_a_strict_content_security_policy():
    assert "style" not in arobase.svg() + arobase.row_svg(3)


@pytest.mark.parametrize("module", ["arobase", "french", "palette", "radar"])
def test_pages_may_use_a_drawing_without_the_pdf_toolkit(module):
    code = f"import sys, documents.{module}; print({{'reportlab', 'pyhanko', 'PIL', 'fontTools'}} & {{*sys.modules}})"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said == "set()\n"
