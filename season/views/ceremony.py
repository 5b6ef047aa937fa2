"""The ceremony: who comes, what is printed, which signs are made. The organiser’s alone."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import SignedInRequest, organiser_required
from assessments.models import Edition
from assessments.queries import editions
from assessments.views import downloads
from season import queries
from season.actions import ceremony as actions
from season.pages import exports

MOST_PEOPLE = 500


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_required
def ceremony(request: SignedInRequest, year: int) -> HttpResponse:
    """Every result that stands, with who comes; the POST keeps the numbers that changed."""
    edition = _edition(year)
    rows = queries.guests_of_honour(edition)
    if request.method == "POST":
        given = {row.territory_id: _given(request, row.territory.code) for row in rows}
        changed = {
            row.territory_id: given[row.territory_id]
            for row in rows
            if given[row.territory_id] != (row.people or 0, row.names or "")
        }
        actions.set_attendance(edition=edition, people=changed, by=request.user)
        messages.success(request, _("Les présences sont enregistrées."))
        return redirect("season:ceremony", year)
    context = {
        "edition": edition,
        "rows": rows,
        "coming": sum(row.people or 0 for row in rows),
        "print_file": edition.print_files.select_related("file").first(),
    }
    return render(request, "season/ceremony.html", context)


def _given(request: SignedInRequest, code: str) -> tuple[int, str]:
    """What is no number counts as nobody."""
    number = request.POST.get(f"people-{code}", "")
    people = min(int(number), MOST_PEOPLE) if number.isascii() and number.isdigit() and len(number) < 6 else 0
    return people, request.POST.get(f"names-{code}", "").strip()[:300]


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_required
def print_file(request: SignedInRequest, year: int) -> HttpResponseBase:
    """Ask for it, then download the last one made."""
    edition = _edition(year)
    if request.method == "POST":
        actions.ask_print_file(edition=edition, by=request.user, now=timezone.now())
        messages.success(request, _("Le fichier à imprimer se prépare : il paraîtra sur cette page."))
        return redirect("season:ceremony", year)
    found = edition.print_files.filter(file__isnull=False).select_related("file").first()
    if found is None or found.file is None:
        raise Http404
    return downloads.attachment(found.file, f"attestations-{year}.pdf")


@require_safe
@organiser_required
def signs(request: SignedInRequest, year: int) -> HttpResponse:
    """For whoever makes the road signs: each territory, its level, who to write to."""
    rows = queries.guests_of_honour(_edition(year))
    response = HttpResponse(exports.as_csv(exports.signs_table(rows)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="panneaux-{year}.csv"'
    return response


def _edition(year: int) -> Edition:
    return get_object_or_404(editions(), year=year)
