"""The organiser's home: the season on one page."""

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.permissions import SignedInRequest, right_required
from accounts.rules.rights import Right
from assessments import policies
from assessments.models import Edition
from assessments.queries import editions
from assessments.views.organising import PHASES
from instance import queries as instance
from season import queries
from season.pages import calendar, exports, home
from season.queries import following
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
        "decisions": home.decisions(edition, facts, health, instance.current(), now=now),
        "alerts": home.alerts(health),
        **vars(_figures(edition, before)),
    }
    return render(request, "season/home.html", context)


@require_safe
@right_required(Right.FIGURES)
def download(request: SignedInRequest, year: int, name: str) -> HttpResponse:
    """A table of figures as CSV: « depots », « tailles » or « regions »."""
    edition = get_object_or_404(editions(), year=year)
    found = _figures(edition, editions().filter(year__lt=year).order_by("-year").first())
    tables = {
        "depots": lambda: exports.submissions_table(found.submissions),
        "tailles": lambda: exports.shares_table(_("Taille"), found.sizes),
        "regions": lambda: exports.shares_table(_("Région"), found.regions),
    }
    if name not in tables:
        raise Http404
    response = HttpResponse(exports.as_csv(tables[name]()), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}-{year}.csv"'
    return response


@dataclass(frozen=True)
class _Figures:
    submissions: figures.Submissions
    sizes: list[figures.Row]
    regions: list[figures.Row]


def _figures(edition: Edition, before: Edition | None) -> _Figures:
    rows = following.figures([edition, before] if before else [edition])
    own, last, today = _span(edition), _span(before) if before else None, timezone.localdate()
    return _Figures(
        submissions=figures.submissions(rows, own, last, today=today),
        sizes=figures.by_size(rows, own, last, today=today),
        regions=figures.by_region(rows, own, last, today=today),
    )


def _span(edition: Edition) -> figures.Season:
    return figures.Season(edition.year, timezone.localdate(edition.opens_at), timezone.localdate(edition.closes_at))
