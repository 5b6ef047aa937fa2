"""Replay: every stored scorecard, computed again from its frozen inputs, must give the same bytes and hashes."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from assessments.doors import scorecards
from assessments.models import Scorecard
from scoring.hashing import canonical

CHUNK = 200


@dataclass(frozen=True)
class Replayed:
    """One scorecard after its replay: `differs` names what is not the same, nothing when all is."""

    scorecard: Scorecard
    differs: tuple[str, ...]


def replay(year: int | None = None) -> Iterator[Replayed]:
    """In the order of their freezing; all editions, or one."""
    rows = Scorecard.objects.select_related("application__framework", "application__territory", "application__edition")
    if year is not None:
        rows = rows.filter(application__edition__year=year)
    for row in rows.order_by("pk").iterator(chunk_size=CHUNK):
        yield Replayed(row, tuple(_differences(row)))


def _differences(row: Scorecard) -> Iterator[str]:
    result = scorecards.score(row.application, json.loads(row.inputs))
    again = {
        "framework_hash": result.framework.hash,
        "input_hash": result.input_hash,
        "result_hash": result.result_hash,
        "level": result.level,
        "result": canonical(result.as_document()).decode(),
    }
    for name, value in again.items():
        if getattr(row, name) != value:
            yield name
