"""The spread of a measure over groups, drawn to size: from the first quartile to the third, the median as a tick."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from results.rules.distributions import Group
from scoring import display
from scoring.benchmark import FEWEST, Node
from scoring.display import percentage

LINE, TOP = 34, 26


@dataclass(frozen=True)
class Bar:
    """Numbers of the drawing are text: a page in French would write them with a comma."""

    name: str
    size: int
    y: int
    start: str
    width: str
    median: str
    words: str


@dataclass(frozen=True)
class Chart:
    width: int
    height: int
    left: int
    bars: list[Bar]
    grid: list[tuple[str, int]]


@dataclass(frozen=True)
class Row:
    """A line of the table: three percentages, or none when they are fewer than five."""

    name: str
    size: int
    quartiles: Sequence[object] = ()


def rows(groups: Sequence[Group], node: Node) -> list[Row]:
    return [
        Row(group.key[1], group.size, spread.quartiles if (spread := group.spreads.get(node)) else ())
        for group in groups
    ]


def chart(groups: Sequence[Group], node: Node, *, width: int, left: int) -> Chart | None:
    """None when no group has five. `left`: what the names take; 0 writes them above their bar."""
    shown = [group for group in groups if node in group.spreads]
    if not shown:
        return None
    scale = (width - left - 48) / 100
    line = LINE if left else LINE + 14
    bars = []
    for number, group in enumerate(shown):
        first, median, third = (float(percentage(each) or 0) for each in group.spreads[node].quartiles)
        bars.append(
            Bar(
                name=group.key[1],
                size=group.spreads[node].size,
                y=TOP + line * number + (0 if left else 14),
                start=f"{left + first * scale:.1f}",
                width=f"{max((third - first) * scale, 1):.1f}",
                median=f"{left + median * scale:.1f}",
                words=display.decimal(round(median * 10)),
            )
        )
    grid = [(f"{left + share * scale:.1f}", share) for share in (0, 25, 50, 75, 100)]
    return Chart(width, TOP + line * len(shown) + 6, left, bars, grid)


def hidden(groups: Sequence[Group]) -> list[str]:
    """Those of whom too few are published to tell anything."""
    return [group.key[1] for group in groups if group.size < FEWEST]


def measures(axes: Mapping[str, str], issues: Mapping[str, str], overall: str) -> dict[str, tuple[Node, str]]:
    """What may be measured, by its name in an address: « ensemble », « axe-… », « enjeu-… »."""
    found: dict[str, tuple[Node, str]] = {"ensemble": (("overall", ""), overall)}
    found |= {f"axe-{name}": (("axis", name), title) for name, title in axes.items()}
    return found | {f"enjeu-{name}": (("issue", name), title) for name, title in issues.items()}
