"""On which axis each published result is the strongest: read from the public copies once for each state of what is
public, as they are long."""

from datetime import datetime
from fractions import Fraction
from threading import Lock
from typing import Any

from results import visibility
from results.queries.ideas import stamp

_lock = Lock()
_kept: tuple[object, dict[int, frozenset[str]]] | None = None


def strongest(*, now: datetime) -> dict[int, frozenset[str]]:
    """By key of a result in force, the axis of its greatest share, or several that are equal."""
    global _kept
    seen = stamp(now)
    with _lock:
        if _kept is None or _kept[0] != seen:
            rows = visibility.in_force(now=now).values_list("pk", "document__axes")
            _kept = seen, {pk: _best(axes) for pk, axes in rows.iterator(chunk_size=500)}
        return _kept[1]


def forget() -> None:
    """After rows were written otherwise than by an action."""
    global _kept
    with _lock:
        _kept = None


def _best(axes: list[dict[str, Any]]) -> frozenset[str]:
    shares = {axis["id"]: Fraction(axis["earned"], axis["possible"]) for axis in axes if axis["possible"]}
    best = max(shares.values(), default=Fraction(0))
    return frozenset(name for name, share in shares.items() if share == best and share)
