"""What readings say of the jury: agreement, severity, drift from the computed levels, fairness. Pure; groups of fewer
than `FEW` are merged, and what is left of fewer is left out, so that no figure, nor a total less the others, tells of
one file or of one reading.

NumPy enters here, by the library that computes Krippendorff's alpha: only a worker imports this module."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from statistics import mean, median
from typing import Any, TypeVar

import krippendorff
import numpy as np

FEW = 5

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Reading:
    """One reading handed in. `computed`: the level of the declared score; `minutes`: spent writing, 0 when unknown."""

    file: int
    juror: int
    marks: Mapping[str, int]
    level: int
    computed: int | None
    minutes: float
    band: int
    region: str


@dataclass(frozen=True)
class Decided:
    """One decision: the level granted, and the examined one."""

    level: int
    examined: int


def figures(readings: Sequence[Reading], decisions: Sequence[Decided], *, axes: Sequence[str]) -> dict[str, Any]:
    """A JSON document: `public` may be published, `jurors` is for the chair. Means are rounded to hundredths."""
    return {
        "public": {
            "readings": len(readings),
            "files": len({reading.file for reading in readings}),
            "alpha": {
                "level": alpha(readings, lambda reading: reading.level),
                "axes": {axis: alpha(readings, partial(_mark, axis)) for axis in axes},
            },
            "minutes": _median(reading.minutes for reading in readings if reading.minutes),
            "decisions": _decisions(decisions),
            "bands": _gaps(sorted(readings, key=attrgetter("band")), attrgetter("band")),
            "regions": _gaps(sorted(readings, key=attrgetter("region")), attrgetter("region")),
        },
        "jurors": _jurors(readings),
    }


def _mark(axis: str, reading: Reading) -> int | None:
    return reading.marks.get(axis)


def alpha(readings: Sequence[Reading], value: Callable[[Reading], int | None]) -> float | None:
    """Krippendorff's alpha on an ordinal scale: 1 when readers agree, 0 when they might as well draw lots.

    None with too few files to which two readers gave a value, or when they never used a second one."""
    given: defaultdict[int, dict[int, int]] = defaultdict(dict)
    for reading in readings:
        if (one := value(reading)) is not None:
            given[reading.file][reading.juror] = one
    files = [by_juror for by_juror in given.values() if len(by_juror) > 1]
    if len(files) < FEW or len({one for by_juror in files for one in by_juror.values()}) < 2:
        return None
    jurors = sorted({juror for by_juror in files for juror in by_juror})
    table = np.array([[by_juror.get(juror, np.nan) for by_juror in files] for juror in jurors])
    return round(float(krippendorff.alpha(reliability_data=table, level_of_measurement="ordinal")), 2)


def _jurors(readings: Sequence[Reading]) -> list[dict[str, Any]]:
    """Severity: the level proposed less the mean of the other readers' of the file. Drift: less the computed one."""
    by_file = _by(readings, lambda reading: reading.file)
    rows = []
    for juror, own in _by(readings, lambda reading: reading.juror).items():
        others = [(one.level, [o.level for o in by_file[one.file] if o.juror != juror]) for one in own]
        rows.append(
            {
                "juror": juror,
                "readings": len(own),
                "severity": _mean(level - mean(theirs) for level, theirs in others if theirs),
                "drift": _mean(one.level - one.computed for one in own if one.computed is not None),
                "minutes": _median(one.minutes for one in own if one.minutes),
            }
        )
    return rows


def _gaps(readings: Sequence[Reading], group: Callable[[Reading], Hashable]) -> list[dict[str, Any]]:
    """Of each group of files, the mean of the levels proposed less the computed ones; None is the group of others."""
    rows = []
    for name, read in _merged(_by([one for one in readings if one.computed is not None], group)).items():
        gap = _mean(reading.level - reading.computed for reading in read if reading.computed is not None)
        rows.append({"group": name, "files": _files(read), "gap": gap})
    return rows


def _merged(groups: Mapping[Hashable, list[Reading]]) -> dict[Hashable | None, list[Reading]]:
    """The groups of too few files become one, with as many of the next smallest as that one needs; it comes last. None
    at all when there are too few files."""
    kept: dict[Hashable | None, list[Reading]] = dict(groups)
    others: list[Reading] = []
    for name, read in sorted(groups.items(), key=lambda item: _files(item[1])):
        if _files(read) < FEW or (others and _files(others) < FEW):
            others += kept.pop(name)
    return kept | {None: others} if _files(others) >= FEW else kept


def _files(readings: Iterable[Reading]) -> int:
    return len({reading.file for reading in readings})


def _decisions(decisions: Sequence[Decided]) -> dict[str, int] | None:
    if len(decisions) < FEW:
        return None
    return {
        "same": sum(one.level == one.examined for one in decisions),
        "up": sum(one.level > one.examined for one in decisions),
        "down": sum(one.level < one.examined for one in decisions),
    }


def _by(readings: Iterable[Reading], key: Callable[[Reading], Key]) -> dict[Key, list[Reading]]:
    groups: defaultdict[Key, list[Reading]] = defaultdict(list)
    for reading in readings:
        groups[key(reading)].append(reading)
    return dict(groups)


def _mean(values: Iterable[float]) -> float | None:
    known = list(values)
    return round(mean(known), 2) if len(known) >= FEW else None


def _median(values: Iterable[float]) -> float | None:
    known = list(values)
    return round(median(known)) if len(known) >= FEW else None
