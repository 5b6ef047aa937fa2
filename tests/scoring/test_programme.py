from itertools import product

import pytest

from scoring import programme
from scoring.target import Target
from tests.scoring.builders import axes, load, proven, question, result
from tests.scoring.test_knapsack import keys

LEVELS = [{"level": 1, "min_overall": 0}, {"level": 2, "min_overall": 50, "min_axis": 40}]


@pytest.mark.parametrize("block", [1, 2, 50])
def test_programme_reaches_several_minima_whatever_the_blocks(block, monkeypatch):
    asked = [
        question(f"{axis}-{rank}", points=1 + rank // 2, effort=1 + rank // 3, axis=axis)
        for axis in "ab"
        for rank in range(4)
    ]
    asked += [question("a-begun", "maturity", axis="a"), question("b-begun", "maturity", axis="b")]
    begun = {"a-begun": proven(1), "b-begun": proven(2)}
    target = Target(result(load(*asked, axes=axes(a=2, b=1), levels=LEVELS), begun), 2)
    assert len(target.minima) == 3
    tried = product(*[[None, *each] for each in target.improvements])
    sets = [[improvement for improvement in chosen if improvement] for chosen in tried]
    monkeypatch.setattr(programme, "BLOCK", block)
    found = next(keys(target, programme.sets(target)))
    assert found == min(keys(target, filter(target.reached, sets)))


def test_programme_without_improvements_gives_no_set():
    target = Target(result(load(question("A", "initiatives", credits=[10])), initiatives={"i": 1}), 2)
    assert list(programme.sets(target)) == []
