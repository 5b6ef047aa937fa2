import pytest
from hypothesis import given
from hypothesis import strategies as st

from jury.rules import counting

CHOICES = st.lists(st.sampled_from([2, 3, 4, None]), max_size=12)


def counted(choices, *, chair=None, able=9, quorum=3):
    return counting.count(choices, chair=chair, able=able, quorum=quorum)


@pytest.mark.parametrize(
    ("choices", "chair", "outcome"),
    [
        ([3, 3, 4], 4, 3),
        ([3, 4], 4, 4),
        ([3, 4], 3, 3),
        ([3, 4, None], None, None),
        ([2, 2, 3, 3, 4], 4, None),
        ([None, None], None, None),
        ([0, 1, 1], 0, 1),
        ([], None, None),
    ],
)
def test_most_voices_win_and_the_chair_decides_between_equals(choices, chair, outcome):
    assert counted(choices, chair=chair).outcome == outcome


@pytest.mark.parametrize(
    ("cast", "able", "quorum", "reached"),
    [(3, 9, 3, True), (2, 9, 3, False), (2, 2, 3, True), (1, 2, 3, False)],
)
def test_quorum_is_never_more_than_those_who_may_vote(cast, able, quorum, reached):
    assert counted([3] * cast, able=able, quorum=quorum).has_quorum == reached


def test_an_abstention_counts_for_the_quorum_alone():
    count = counted([3, None, None])
    assert (count.has_quorum, count.outcome, count.abstentions) == (True, 3, 2)


@given(CHOICES, st.sampled_from([2, 3, 4, None]))
def test_no_choice_with_fewer_voices_wins(choices, chair):
    count = counted(choices, chair=chair)
    if count.outcome is not None:
        assert choices.count(count.outcome) == max(choices.count(choice) for choice in (2, 3, 4))


@given(CHOICES)
def test_the_order_of_voices_changes_nothing(choices):
    assert counted(choices, chair=3) == counted(sorted(choices, key=str), chair=3)


@pytest.mark.parametrize(
    ("examined", "honour", "choices"),
    [(3, "", [2, 3, 4]), (1, "", [1, 2]), (5, "", [4, 5]), (3, "Accueil", [1, 0])],
)
def test_choices_are_the_examined_level_and_its_neighbours_or_yes_and_no(examined, honour, choices):
    assert counting.choices_of(examined=examined, honour=honour, grades=range(1, 6)) == choices
