"""The organiser's pages on editions: the list, a new one, its dates, and how its files go."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import SignedInRequest, organiser_required
from accounts.refusals import Refused
from assessments import actions, forms, policies, queries
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
        try:
            edition = actions.create_edition(**form.cleaned_data, by=request.user, draft=True)
        except Refused as refusal:
            form.add_error(None, refusal.reason)
        else:
            messages.success(request, _("L’édition %(year)s est créée.") % {"year": edition.year})
            return redirect("season:calendar", edition.year)
    status = WRONG if request.method == "POST" else 200
    return render(request, "assessments/edition_form.html", {"form": form}, status=status)


@require_POST
@organiser_required
def close_now(request: SignedInRequest, year: int) -> HttpResponse:
    actions.close_now(edition=_edition(year), by=request.user, now=timezone.now())
    messages.success(request, _("Les candidatures sont closes."))
    return redirect("season:calendar", year)


def _edition(year: int) -> Edition:
    return get_object_or_404(queries.editions(), year=year)
