from xml.etree import ElementTree

import pytest

from documents import radar
from documents.radar import Spoke

SPOKES = [
    Spoke("Inclusion", 100, 50),
    Spoke("Souveraineté", 50, 50),
    Spoke("Écologie", 0, 50),
    Spoke("Services", 25, 50),
]
SVG = "{http://www.w3.org/2000/svg}"


def shape(name, spokes=SPOKES):
    return next(shape for shape in radar.shapes(spokes, 100) if shape.name == name)


def test_first_axis_goes_up_and_the_others_clockwise():
    assert shape("own").points == ((0, 100), (50, 0), (0, 0), (-25, 0))


def test_scale_is_fixed_whatever_the_results():
    low = [Spoke(spoke.name, spoke.share / 10) for spoke in SPOKES]
    outer = [s for s in radar.shapes(low, 100) if s.name == "ring"][-1]
    assert outer.points[0] == (0, 100)
    assert shape("own", low).points[0] == (0, 10)


def test_peers_are_dashed():
    assert shape("peers").dash
    assert not shape("own").dash


def test_peers_are_left_out_unless_every_axis_has_them():
    names = [shape.name for shape in radar.shapes([*SPOKES[:3], Spoke("Services", 25)], 100)]
    assert "peers" not in names


def test_each_axis_bears_its_name_and_value():
    label = radar.labels(SPOKES, 100)[1]
    assert (label.name, label.value, label.anchor) == ("Souveraineté", "50,0\u202f%", "start")


@pytest.mark.parametrize("count", [3, 4, 6])
def test_svg_draws_the_same_shapes(count):
    spokes = [Spoke(f"Axe {i} & <co>", 10 * i, 50) for i in range(count)]
    root = ElementTree.fromstring(radar.svg(spokes, 'Radar "essai"', radius=100))
    drawn = [polygon.get("points") for polygon in root.iter(f"{SVG}polygon")]
    expected = [" ".join(f"{x:g},{-y:g}" for x, y in s.points) for s in radar.shapes(spokes, 100)]
    assert drawn == expected
    assert root.get("aria-label") == 'Radar "essai"'


def test_svg_keeps_its_labels_in_view():
    root = ElementTree.fromstring(radar.svg(SPOKES, "Radar"))
    left, top, width, height = map(float, root.get("viewBox").split())
    for text in root.iter(f"{SVG}text"):
        assert left + 100 < float(text.get("x")) < left + width - 100
        assert top + 11 < float(text.get("y")) < top + height


def test_svg_obeys_a_strict_content_security_policy():
    assert "style" not in radar.svg(SPOKES, "Radar")
