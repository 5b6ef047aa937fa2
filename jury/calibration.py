"""Lectures d’essai: who sees which files of the round, and how far each juror is from the median of all."""

from collections import defaultdict
from collections.abc import Iterable
from statistics import mean, median

from django.db.models import QuerySet

from assessments.enums import State
from assessments.models import Application
from assessments.queries import applications
from jury import conflicts
from jury.models import Calibration, Juror, Panel, Trial

LEVEL = "level"
MOST = 5


def of(panel: Panel) -> Calibration | None:
    return Calibration.objects.filter(panel=panel).first()


def choosable(panel: Panel) -> QuerySet[Application]:
    """Files of earlier editions whose results are public."""
    return applications().filter(state=State.PUBLISHED, edition__year__lt=panel.edition.year)


def files_for(calibration: Calibration, juror: Juror) -> QuerySet[Application]:
    """Those of the round from which this juror is not recused."""
    chosen = applications().filter(pk__in=calibration.files.values("pk"))
    return chosen.exclude(conflicts.files_hidden_from(juror)).order_by("territory__sort_key", "pk")


def deviations(trials: Iterable[Trial]) -> dict[int, dict[str, float]]:
    """Of each juror by key: the mean, over the files read by two or more, of what they gave less the median of all. By
    axis, and `LEVEL`; negative, the juror is more severe."""
    by_file: defaultdict[int, list[Trial]] = defaultdict(list)
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
