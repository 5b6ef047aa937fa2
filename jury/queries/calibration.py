"""Lectures d’essai: which files are proposed, who sees which of the round, how far each juror is from the median."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from statistics import mean, median
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from assessments.enums import State
from assessments.models import Application
from assessments.queries import applications
from jury import queries, visibility
from jury.models import Calibration, Juror, Panel, TrialReading

LEVEL = "level"
MOST = 5
PROPOSED = 12


def why_not_open(chosen: int) -> str | None:
    """Of a round of so many files."""
    return None if 1 <= chosen <= MOST else _("Choisissez de un à cinq dossiers.")


def of(panel: Panel) -> Calibration | None:
    return Calibration.objects.filter(panel=panel).first()


def choosable(panel: Panel) -> QuerySet[Application]:
    """Files of earlier editions whose results are public."""
    return applications().filter(state=State.PUBLISHED, edition__year__lt=panel.edition.year)


def proposed(chair: Juror) -> QuerySet[Any]:
    """Those to choose from, the latest edition first, spread over levels and bands. Each has the `level` decided."""
    standing = queries.standing_decisions().filter(application=OuterRef("pk"))
    files = choosable(chair.panel).exclude(visibility.files_hidden_from(chair))
    files = files.annotate(level=Subquery(standing.values("level")))
    latest = files.order_by("-edition__year", "pk").values_list("level", "territory__band", "pk")
    return files.filter(pk__in=spread(latest)).order_by("level", "territory__population", "pk")


def spread(files: Iterable[tuple[int, int, int]]) -> list[int]:
    """Of files given as (level, band, key), the keys of a dozen: one of a level and band, the first; levels and bands
    taken least come before the others."""
    cells: dict[tuple[int, int], int] = {}
    for level, band, key in files:
        cells.setdefault((level, band), key)
    levels: Counter[int] = Counter()
    bands: Counter[int] = Counter()
    chosen: list[int] = []
    while cells and len(chosen) < PROPOSED:
        level, band = min(cells, key=lambda cell: (levels[cell[0]], bands[cell[1]], cell))
        chosen.append(cells.pop((level, band)))
        levels[level] += 1
        bands[band] += 1
    return chosen


def files_for(calibration: Calibration, juror: Juror) -> QuerySet[Application]:
    """Those of the round from which this juror is not recused."""
    chosen = applications().filter(pk__in=calibration.files.values("pk"))
    return chosen.exclude(visibility.files_hidden_from(juror)).order_by("territory__sort_key", "pk")


def deviations(trials: Iterable[TrialReading]) -> dict[int, dict[str, float]]:
    """Of each juror by key: the mean, over the files read by two or more, of what they gave less the median of all. By
    axis, and `LEVEL`; negative, the juror is more severe."""
    by_file: defaultdict[int, list[TrialReading]] = defaultdict(list)
    for trial in trials:
        by_file[trial.application_id].append(trial)
    gaps: defaultdict[int, defaultdict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for together in by_file.values():
        if len(together) < 2:
            continue
        given = {trial.juror_id: {**trial.marks, LEVEL: trial.level} for trial in together}
        for name in {name for marks in given.values() for name in marks}:
            middle = median(marks[name] for marks in given.values() if name in marks)
            for juror, marks in given.items():
                if name in marks:
                    gaps[juror][name].append(marks[name] - middle)
    return {juror: {name: float(mean(values)) for name, values in by_name.items()} for juror, by_name in gaps.items()}
