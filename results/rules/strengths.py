"""Where a territory does well."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

STRENGTHS = 3
STRONG = Fraction(1, 2)


@dataclass(frozen=True)
class Part:
    """An axis or an issue: its points in hundredths."""

    id: str
    title: str
    earned: int
    possible: int

    @property
    def share(self) -> Fraction | None:
        """Exact; None without a point to earn."""
        return Fraction(self.earned, self.possible) if self.possible else None


def strengths(issues: Iterable[Part]) -> tuple[Part, ...]:
    """The best three issues, those under half of the points left aside."""
    strong = [(part.share, part) for part in issues if part.share is not None and part.share >= STRONG]
    return tuple(part for _share, part in sorted(strong, key=lambda pair: -pair[0])[:STRENGTHS])
