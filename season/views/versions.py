"""The organiser's pages on the versions of a questionnaire: what another one would change, and the move to it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import SignedInRequest, organiser_required
from accounts.rules import texts
from assessments import actions, queries, wording
from assessments import policies as rules
from assessments.models import Edition, Framework, FrameworkImpact
from scoring.framework import Framework as EngineFramework
from season import policies
from season.actions import frameworks as approved
from season.queries import approvals
from season.wording import keys_in_words


@require_safe
@organiser_required
def versions(request: SignedInRequest, year: int) -> HttpResponse:
    edition = _edition(year)
    rows = queries.versions_of(edition)
    return render(request, "season/versions.html", {"edition": edition, "versions": rows})


@require_safe
@organiser_required
def impact(request: SignedInRequest, year: int, hash: str) -> HttpResponse:
    """What the version would change, once a worker has measured it; and the form that moves the edition."""
    edition, framework = _both(year, hash)
    measured = queries.impact(edition, framework)
    given = [approval.at for approval in approvals(framework)]
    context: dict[str, Any] = {
        "edition": edition,
        "framework": framework,
        "measured": measured,
        "job": queries.measuring(edition, framework),
        "current": edition.framework_id == framework.pk and not queries.drafts_elsewhere(edition, framework).exists(),
        "refusal": rules.why_not_change_framework(queries.states(edition), measured),
        "unapproved": policies.why_not_follow(edition, given, at=timezone.now()),
    }
    if measured:
        context |= _told(measured, framework.parsed)
    return render(request, "season/impact.html", context)


def _told(measured: FrameworkImpact, framework: EngineFramework) -> dict[str, Any]:
    titles = {axis.id: axis.title["fr"] for axis in framework.axes}
    document = measured.document
    return {
        "told": document,
        "rest": keys_in_words(document["rest"]),
        "changed": [question | {"words": keys_in_words(question["keys"])} for question in document["changed"]],
        "moved": [
            file
            | {
                "parts": [
                    (titles[name], *(wording.percent(wording.share((sums[0], sums[1]))) for sums in pair))
                    for name, pair in file["axes"].items()
                ],
                "lines": [
                    change | {"points": [wording.points(change[when][0]) for when in ("before", "after")]}
                    for change in file["changes"]
                ],
            }
            for file in document["moved"]
        ],
    }


@require_POST
@organiser_required
def measure(request: SignedInRequest, year: int, hash: str) -> HttpResponse:
    edition, framework = _both(year, hash)
    actions.measure_impact(edition=edition, framework=framework, by=request.user)
    messages.success(request, _("La mesure est lancée : cette page en montrera le résultat."))
    return redirect("season:impact", year, hash)


@require_POST
@organiser_required
def change_framework(request: SignedInRequest, year: int, hash: str) -> HttpResponse:
    edition, framework = _both(year, hash)
    reason = texts.taken(request.POST.get("reason", ""))
    approved.follow(edition=edition, framework=framework, reason=reason, by=request.user, now=timezone.now())
    messages.success(request, _("L’édition suit ce référentiel ; les dossiers en préparation aussi."))
    return redirect("season:versions", year)


def _edition(year: int) -> Edition:
    return get_object_or_404(queries.editions(), year=year)


def _both(year: int, hash: str) -> tuple[Edition, Framework]:
    edition = _edition(year)
    return edition, get_object_or_404(queries.versions_of(edition), hash=hash)
