from itertools import islice
from random import Random

import pytest

from scoring import knapsack, programme
from scoring.target import Target
from tests.scoring.builders import axes, load, proven, question, result


def keys(target, sets):
    """What orders sets: cost, questions changed, and which, those of the document first, where it is spent."""
    ranks = {improvements[0].question.id: rank for rank, improvements in enumerate(target.improvements)}
    for chosen in sets:
        changed = [ranks[improvement.question.id] for improvement in chosen]
        late = sum(improvement.cost * rank for improvement, rank in zip(chosen, changed, strict=True))
        yield sum(improvement.cost for improvement in chosen), len(chosen), changed, late


@pytest.mark.parametrize("seed", range(8))
def test_knapsack_and_programme_give_the_same_sets_in_the_same_order(seed):
    drawn = Random(seed)
    kinds = [drawn.choice(["boolean", "maturity", "choice", "initiatives"]) for _ in range(6)]
    asked = [
        question(f"Q-{rank}", kind, points=drawn.choice([1, 3, 8]), effort=drawn.randint(1, 3), axis=drawn.choice("ab"))
        for rank, kind in enumerate(kinds)
    ]
    levels = [{"level": 1, "min_overall": 0}, {"level": 2, "min_overall": drawn.randint(45, 75)}]
    begun = {each["id"]: proven(1) for each in asked if each["kind"] == "maturity" and drawn.random() < 0.5}
    scored = result(load(*asked, axes=axes(a=3, b=2), levels=levels), begun, initiatives={"i": drawn.randint(0, 1)})
    target = Target(scored, 2)
    first = list(keys(target, islice(knapsack.sets(target), 3)))
    assert len(first) == 3
    assert first == sorted(first)
    assert first == list(keys(target, islice(programme.sets(target), 3)))
