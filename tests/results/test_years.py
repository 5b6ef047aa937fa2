import pytest

from results.pages import years


def marks(ours, others, **size):
    return years.chart(ours, others, **{"width": 820, "every": 2} | size)


@pytest.mark.parametrize(("ours", "others"), [({}, {}), ({2026: 3}, {}), ({}, {2012: 5})])
def test_one_year_is_no_chart(ours, others):
    assert marks(ours, others) is None


def test_higher_levels_stand_higher_and_later_years_further():
    low, high = marks({2026: 5, 2025: 1}, {}).marks

    assert (low.level, high.level) == (1, 5)
    assert low.y > high.y
    assert low.x < high.x


def test_every_mark_stands_on_the_line_of_its_level():
    found = marks({2026: 4}, {2012: 2, 2019: 5})

    assert all(mark.y == dict(found.lines)[mark.level] for mark in found.marks)


@pytest.mark.parametrize("width", [330, 820])
def test_years_stay_inside_the_drawing(width):
    found = marks({2027: 1}, {2000: 5}, width=width)

    assert [found.years[0].name, found.years[-1].name] == [2000, 2027]
    assert all(20 < year.x < width - 20 for year in found.years)


def test_a_year_without_a_level_is_told_as_unknown():
    found = marks({2026: 4}, {2012: 2})

    assert [year.name for year in found.years if year.known] == [2012, 2026]


def test_the_last_year_is_labelled():
    assert marks({2027: 4}, {2012: 2}, every=5).years[-1].labelled
