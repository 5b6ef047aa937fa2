import pytest

from scoring.framework import parse_document
from scoring.target import Target
from tests.scoring.builders import axes, load, proven, question, result, two


def aimed(min_axis=0, **answers):
    """At level 2: 60 % in all, of two axes where the first one counts for twice the second."""
    asked = [question("A", "maturity"), question("B"), question("C", axis="b")]
    levels = [{"level": 1, "min_overall": 0}, {"level": 2, "min_overall": 60, "min_axis": min_axis}]
    given = {name: proven(value) for name, value in answers.items()}
    return Target(result(load(*asked, axes=axes(a=2, b=1), levels=levels), given), 2)


def test_improvements_add_to_what_a_file_has():
    target = aimed(A=1)
    assert target.axes([]) == {"a": (25, 200), "b": (0, 100)}
    assert target.axes([each[-1] for each in target.improvements]) == {"a": (200, 200), "b": (100, 100)}


def test_gain_towards_each_minimum():
    target = aimed(min_axis=40, A=1)
    maturity, other, of_b = (each[-1] for each in target.improvements)
    overall, of_axis_a, of_axis_b = target.minima
    assert [overall.gain(each) for each in (maturity, other, of_b)] == pytest.approx([25, 100 / 3, 100 / 3])
    assert [of_axis_a.gain(each) for each in (maturity, other, of_b)] == [37.5, 50, 0]
    assert [of_axis_b.gain(each) for each in (maturity, other, of_b)] == [0, 0, 100]
    assert [each.lacking for each in target.minima] == pytest.approx([60 - 25 / 3, 27.5, 40])


@pytest.mark.parametrize(("min_axis", "missed"), [(50, 0), (51, 1)])
def test_minimum_is_missed_from_one_unit_below(min_axis, missed):
    assert len(aimed(min_axis, B=True, C=True).minima) == missed


def test_set_reaches_the_level_exactly_or_not():
    target = aimed(A=4)
    _, of_b = (each[-1] for each in target.improvements)
    assert target.reached([of_b])
    assert not target.reached([])


def test_obligations_that_lack_are_a_minimum_of_the_target():
    levels = [{"level": 1, "min_overall": 10}, {"level": 2, "min_overall": 20, "min_obligations": 60}]
    duties = [question(f"O{n}", nature="obligation", unproven_credit=50) for n in range(3)]
    aim = Target(result(parse_document(two(*duties, levels=levels)), {"O0": proven(True)}), 2)
    [minimum] = aim.minima
    assert minimum.lacking == 1
    assert [[minimum.gain(each) for each in steps] for steps in aim.improvements] == [[0, 1], [0, 1]]
