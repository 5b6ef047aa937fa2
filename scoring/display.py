"""Exact numbers as they are shown. The only place where anything is rounded: down, so that a threshold that reads as
reached is reached, and up where it tells what lacks."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import ceil

NARROW_SPACE = "\u202f"


def tenths(value: Fraction) -> int:
    """The whole tenths in a value of 0 or more."""
    return int(value * 10)


def tenths_up(value: Fraction) -> int:
    """The fewest tenths that a value of 0 or more fits in: for what lacks."""
    return ceil(value * 10)


def decimal(count: int) -> str:
    """A number of tenths written in French: 613 is « 61,3 »."""
    return f"{count // 10},{count % 10}"


def percent(ratio: Fraction) -> str:
    """A ratio from 0 to 1 as a percentage with one decimal, rounded down: « 61,3 % »."""
    return f"{decimal(tenths(ratio * 100))}{NARROW_SPACE}%"


def percentage(ratio: Fraction | None) -> Decimal | None:
    """The same number on its own, for a table or an attribute: 61.3; None of nothing."""
    return None if ratio is None else Decimal(tenths(ratio * 100)) / 10


def points(hundredths: int) -> str:
    """Hundredths of a point as points with one decimal, on their own; parts of a total go through `parts`."""
    return decimal(tenths(Fraction(hundredths, 100)))


def parts(values: Sequence[Fraction]) -> list[int]:
    """Values of 0 or more, each in tenths, so that they sum to their total in tenths.

    Each is rounded down, then the largest remainders get one more tenth, the earlier first among equals.
    """
    floors = [int(value * 10) for value in values]
    lacking = tenths(sum(values, Fraction())) - sum(floors)
    by_remainder = sorted(range(len(values)), key=lambda index: floors[index] - values[index] * 10)
    for index in by_remainder[:lacking]:
        floors[index] += 1
    return floors


def grouped(value: int) -> str:
    """A whole number in French: « 34 969 »."""
    return f"{value:,}".replace(",", NARROW_SPACE)


def fixed(value: int, decimals: int) -> str:
    """A number counted in units of 10^-`decimals`, in French: 673 is « 67,3 » when `decimals` is 1."""
    if not decimals:
        return grouped(value)
    whole, rest = divmod(abs(value), 10**decimals)
    written = f"{grouped(whole)},{rest:0{decimals}d}".rstrip("0").rstrip(",")
    return f"-{written}" if value < 0 else written
