from itertools import product

import pytest

from scoring import programme
from scoring.aim import Aim
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
    aim = Aim(result(load(*asked, axes=axes(a=2, b=1), levels=LEVELS), begun), 2)
    assert len(aim.minima) == 3
    tried = product(*[[None, *each] for each in aim.improvements])
    sets = [[improvement for improvement in chosen if improvement] for chosen in tried]
    monkeypatch.setattr(programme, "BLOCK", block)
    found = next(keys(aim, programme.sets(aim)))
    assert found == min(keys(aim, filter(aim.reached, sets)))


def test_programme_without_improvements_gives_no_set():
    aim = Aim(result(load(question("A", "initiatives", credits=[10])), initiatives={"i": 1}), 2)
    assert list(programme.sets(aim)) == []
