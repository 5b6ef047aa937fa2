"""From an answer to a credit, an integer from 0 to 100."""

from bisect import bisect_right
from collections.abc import Callable
from typing import Any

from scoring.model import BOOLEAN, CHOICE, INITIATIVES, MATURITY, MULTIPLE, NUMBER, Question

FULL = 100
MATURITY_STEP = 25
HIGHEST_MATURITY = 4


def credit(question: Question, value: Any, *, evidence: bool) -> int:
    """The credit of a valid value; for initiatives the value is how many are eligible, and evidence is theirs."""
    full = _BY_KIND[question.kind](question, value)
    if evidence or question.unproven_credit == FULL:
        return full
    return full * question.unproven_credit // FULL


def attainable(question: Question) -> frozenset[int]:
    """Every credit that some answer gives, with or without evidence; 0 is always among them, for want of an answer."""
    full = _ATTAINABLE[question.kind](question)
    return frozenset({0} | full | {value * question.unproven_credit // FULL for value in full})


def _boolean(question: Question, value: bool) -> int:
    return FULL if value else 0


def _maturity(question: Question, value: int) -> int:
    return MATURITY_STEP * value


def _choice(question: Question, value: str) -> int:
    return question.credit_by_option[value]


def _multiple(question: Question, value: list[str]) -> int:
    return min(FULL, sum(question.credit_by_option[option] for option in set(value)))


def _number(question: Question, value: int) -> int:
    """Exact interpolation between the two neighbouring points, flat outside, then the floor."""
    scale = question.scale
    after = bisect_right(scale, value, key=lambda point: point[0])
    if after == 0:
        return scale[0][1]
    if after == len(scale):
        return scale[-1][1]
    (x0, y0), (x1, y1) = scale[after - 1], scale[after]
    return (y0 * (x1 - value) + y1 * (value - x0)) // (x1 - x0)


def _initiatives(question: Question, count: int) -> int:
    return question.credits[min(count, len(question.credits)) - 1] if count else 0


_BY_KIND: dict[str, Callable[[Question, Any], int]] = {
    BOOLEAN: _boolean,
    MATURITY: _maturity,
    CHOICE: _choice,
    MULTIPLE: _multiple,
    NUMBER: _number,
    INITIATIVES: _initiatives,
}


def _sums(question: Question) -> set[int]:
    sums = {0}
    for option in question.options:
        sums |= {min(FULL, before + option.credit) for before in sums}
    return sums


def _interpolated(question: Question) -> set[int]:
    """Where values are denser than credits every credit between two points is met; else each value is tried."""
    met = {question.scale[0][1]}
    for (x0, y0), (x1, y1) in zip(question.scale, question.scale[1:], strict=False):
        if x1 - x0 >= abs(y1 - y0):
            met |= set(range(min(y0, y1), max(y0, y1) + 1))
        else:
            met |= {_number(question, value) for value in range(x0, x1 + 1)}
    return met


_ATTAINABLE: dict[str, Callable[[Question], set[int]]] = {
    BOOLEAN: lambda question: {0, FULL},
    MATURITY: lambda question: {MATURITY_STEP * step for step in range(HIGHEST_MATURITY + 1)},
    CHOICE: lambda question: {option.credit for option in question.options},
    MULTIPLE: _sums,
    NUMBER: _interpolated,
    INITIATIVES: lambda question: {0, *question.credits},
}
