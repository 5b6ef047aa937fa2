"""The organiser's pages on editions: the list, a new one, its dates, and how its files go."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import SignedInRequest, organiser_required
from assessments import actions, forms, policies, queries
from assessments.enums import State
from assessments.models import Edition
from assessments.views.access import WRONG

PAGE = 50
PHASES = {
    policies.Phase.DRAFT: lazy("en préparation, invisible du public"),
    policies.Phase.UPCOMING: lazy("à venir"),
    policies.Phase.OPEN: lazy("candidatures ouvertes"),
    policies.Phase.CLOSED: lazy("candidatures closes"),
    policies.Phase.PUBLISHED: lazy("résultats publics"),
}


@require_safe
@organiser_required
def editions(request: SignedInRequest) -> HttpResponse:
    now = timezone.now()
    rows = [
        {"edition": edition, "phase": PHASES[policies.phase(edition, now)]}
        for edition in queries.editions_with_counts()
    ]
    return render(request, "assessments/editions.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_required
def create_edition(request: SignedInRequest) -> HttpResponse:
    form = forms.EditionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        edition = actions.create_edition(**form.cleaned_data, by=request.user, draft=True)
        messages.success(request, _("L’édition %(year)s est créée.") % {"year": edition.year})
        return redirect("assessments:edition", edition.year)
    status = WRONG if request.method == "POST" else 200
    return render(request, "assessments/edition_form.html", {"form": form}, status=status)


@require_safe
@organiser_required
def edition(request: SignedInRequest, year: int) -> HttpResponse:
    """Follow an edition: how many files in each state, then the files, filtered, fifty a page."""
    known = _edition(year)
    now = timezone.now()
    form = forms.FilterForm(request.GET)
    filters: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    counts = queries.counts_by_state(known)
    page = Paginator(queries.followed(known, **filters), PAGE).get_page(request.GET.get("page"))
    context = {
        "edition": known,
        "phase": policies.phase(known, now),
        "phase_words": PHASES[policies.phase(known, now)],
        "counts": [(state.label, counts.get(state, 0), state.value) for state in State],
        "total": sum(counts.values()),
        "page": page,
        "form": form,
        "query": urlencode({name: value for name, value in filters.items() if value}),
        "opens": policies.moment(known.opens_at),
        "closes": policies.moment(known.closes_at),
        "results": policies.moment(known.results_at),
    }
    return render(request, "assessments/edition.html", context)


@require_POST
@organiser_required
def open_now(request: SignedInRequest, year: int) -> HttpResponse:
    actions.open_now(edition=_edition(year), by=request.user, now=timezone.now())
    messages.success(request, _("Les candidatures sont ouvertes."))
    return redirect("assessments:edition", year)


@require_POST
@organiser_required
def close_now(request: SignedInRequest, year: int) -> HttpResponse:
    actions.close_now(edition=_edition(year), by=request.user, now=timezone.now())
    messages.success(request, _("Les candidatures sont closes."))
    return redirect("assessments:edition", year)


def _edition(year: int) -> Edition:
    return get_object_or_404(queries.editions(), year=year)
