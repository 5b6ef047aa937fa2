"""The embargo: one instant in the database, and the one door to what the public may read.

Every public page, call, file and count starts from these querysets, and from nothing else."""

import hashlib
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from assessments.models import Edition
from jury.models import PanelFigures
from results.models import Certificate, DataRelease, PublicState, PublishedInitiative, PublishedResult
from territories.models import Load


def announced_editions(*, now: datetime) -> QuerySet[Edition]:
    """Published whole by the organiser, and the instant of the announcement has come."""
    return Edition.objects.filter(published_at__isnull=False, results_at__lte=now)


def jury_figures(*, now: datetime) -> PanelFigures | None:
    """Of the latest edition announced, what a worker computed of its readings: aggregates, no juror among them."""
    rows = PanelFigures.objects.filter(panel__edition__in=announced_editions(now=now), content__isnull=False)
    return rows.select_related("panel__edition__framework").order_by("-panel__edition__year").first()


def _announced(now: datetime, path: str) -> Q:
    return Q(**{f"{path}published_at__isnull": False, f"{path}results_at__lte": now})


def public(*, now: datetime) -> QuerySet[PublishedResult]:
    """Everything announced, replaced and withdrawn results included: what a certificate is checked against."""
    return PublishedResult.objects.filter(_announced(now, "edition__"))


def in_force(*, now: datetime) -> QuerySet[PublishedResult]:
    """What is announced and stands, with an arobase at least: directory, pages, counts, files."""
    return public(now=now).filter(replaced_at=None, withdrawn_at=None, level__gte=1)


def initiatives(*, now: datetime) -> QuerySet[PublishedInitiative]:
    """Initiatives of the results in force."""
    return PublishedInitiative.objects.filter(
        _announced(now, "result__edition__"),
        result__replaced_at=None,
        result__withdrawn_at=None,
        result__level__gte=1,
    )


def certificates(*, now: datetime) -> QuerySet[Certificate]:
    """Certificates whose number may be known, whatever became of their result. None attests no arobase."""
    return Certificate.objects.filter(_announced(now, "result__edition__"), result__level__gte=1)


def dated(rows: QuerySet[PublishedResult], *, now: datetime) -> QuerySet[Any]:
    """Each with `expired_at`: the label of a year is past once the next edition is announced, though it is neither
    withdrawn nor replaced. None while it is current."""
    later = announced_editions(now=now).filter(year__gt=OuterRef("edition__year")).order_by("results_at")
    return rows.annotate(expired_at=Subquery(later.values("results_at")[:1]))


def state(*, now: datetime) -> str:
    """What tells one state of the open data from every other: what was published, withdrawn or corrected so far, which
    editions are announced and which questionnaires may be read."""
    version = PublicState.objects.values_list("version", flat=True).first()
    load = Load.objects.order_by("-pk").values_list("pk", flat=True).first()
    rows = Edition.objects.filter(draft=False).order_by("pk")
    editions = [
        (*row, opens_at <= now, results_at <= now)
        for *row, opens_at, results_at in rows.values_list("pk", "framework", "published_at", "opens_at", "results_at")
    ]
    return hashlib.sha256(repr((version, load, editions)).encode()).hexdigest()


def data(*, now: datetime) -> DataRelease | None:
    """The version of the open data that is true now; None while a worker makes it."""
    return DataRelease.objects.filter(state=state(now=now)).order_by("-number").first()
