"""Counting a vote. Pure: choices in, outcome out, so that the rule can be read and tested by itself.

The choice with the most voices wins; abstentions count for the quorum only; between equals, the voice of the person who
presides decides."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

YES, NO = 1, 0


@dataclass(frozen=True)
class Count:
    """`votes` of each choice; `able`: how many may vote, the recused left out; `quorum`: how many must."""

    votes: dict[int, int]
    abstentions: int
    able: int
    quorum: int
    chair: int | None

    @property
    def cast(self) -> int:
        return sum(self.votes.values()) + self.abstentions

    @property
    def has_quorum(self) -> bool:
        return self.cast >= self.quorum

    @property
    def leading(self) -> list[int]:
        """The choices with the most voices: one, or several equals; none when everybody abstains."""
        most = max(self.votes.values(), default=0)
        return sorted(choice for choice, voices in self.votes.items() if voices == most)

    @property
    def outcome(self) -> int | None:
        """None when equals are left that the chair has not decided between."""
        leading = self.leading
        if len(leading) == 1:
            return leading[0]
        return self.chair if self.chair in leading else None

    def as_document(self) -> dict[str, object]:
        return {
            "votes": {str(choice): voices for choice, voices in sorted(self.votes.items())},
            "abstentions": self.abstentions,
            "able": self.able,
            "quorum": self.quorum,
            "by_chair": len(self.leading) > 1,
        }


def count(choices: Iterable[int | None], *, chair: int | None, able: int, quorum: int) -> Count:
    """`choices` of everyone who voted, None for an abstention, the chair's included; `chair`: the chair's own.

    Nobody is asked for more voices than there are jurors who may vote."""
    cast = list(choices)
    return Count(
        votes=dict(Counter(choice for choice in cast if choice is not None)),
        abstentions=cast.count(None),
        able=able,
        quorum=min(quorum, able),
        chair=chair,
    )


def choices_of(*, examined: int, honour: str, grades: Sequence[int]) -> list[int]:
    """What may be voted for: the examined level and its neighbours, or yes and no."""
    if honour:
        return [YES, NO]
    return [level for level in (examined - 1, examined, examined + 1) if level in grades]
