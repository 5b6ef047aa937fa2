"""The organiser's home: the season on one page."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.permissions import Right, SignedInRequest, right_required
from assessments import policies
from assessments.models import Edition
from assessments.queries import editions
from assessments.views.organising import PHASES
from instance import queries as instance
from season import queries
from season.pages import calendar, charts, exports, home
from season.queries import following
from season.queries.following import Facts, Health
from season.rules import figures


@require_safe
@right_required(Right.FIGURES)
def season(request: SignedInRequest) -> HttpResponse:
    now = timezone.now()
    edition, before = following.current_edition(now=now)
    if edition is None:
        return render(request, "season/empty.html", {"building": queries.building()})
    facts, health = following.facts(edition, now=now), following.health(now=now)
    context = {
        "edition": edition,
        "before": before,
        "building": queries.building(),
        "phase_words": PHASES[policies.phase(edition, now)],
        "line": calendar.line(edition, queries.milestones(edition), now=now),
        "facts": facts,
        "decisions": home.decisions(edition, before, facts, health, instance.current(), now=now),
        "alerts": home.alerts(health),
        **_figures(edition, before, facts, health, now=now),
    }
    return render(request, "season/home.html", context)


@require_safe
@right_required(Right.FIGURES)
def download(request: SignedInRequest, year: int, name: str) -> HttpResponse:
    """The table of a chart as CSV: « depots » for the submissions, else the name of a chart."""
    edition, now = get_object_or_404(editions(), year=year), timezone.now()
    before = editions().filter(year__lt=year).order_by("-year").first()
    found = _figures(edition, before, following.facts(edition, now=now), following.health(now=now), now=now)
    if name == "depots":
        table: Iterable[Sequence[str]] = exports.submissions_table(found["submissions"])
    elif name in found["charts"]:
        table = charts.as_table(found["charts"][name])
    else:
        raise Http404
    response = HttpResponse(exports.as_csv(table), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}-{year}.csv"'
    return response


def _figures(
    edition: Edition, before: Edition | None, facts: Facts, health: Health, *, now: datetime
) -> dict[str, Any]:
    rows = following.figures([edition, before] if before else [edition], now=now)
    own, last, today = _span(edition), _span(before) if before else None, timezone.localdate(now)
    drawn = [
        charts.shares("tailles", _("Par taille"), _("Taille"), figures.by_size(rows, own, last, today=today)),
        charts.shares("regions", _("Par région"), _("Région"), figures.by_region(rows, own, last, today=today)),
        charts.shares("sortes", _("Par sorte"), _("Sorte"), figures.by_kind(rows, own, last, today=today)),
        charts.jury(facts),
        charts.mails(health.mails),
    ]
    return {
        "submissions": figures.submissions(rows, own, last, today=today),
        "narrow": figures.submissions(rows, own, last, today=today, width=figures.NARROW),
        "charts": {chart.name: chart for chart in drawn},
    }


def _span(edition: Edition) -> figures.Season:
    return figures.Season(edition.year, timezone.localdate(edition.opens_at), timezone.localdate(edition.closes_at))
