"""Two files side by side, for who may see both."""

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.permissions import SignedInRequest
from assessments.models import Application
from jury import permissions, queries
from jury.models import Juror
from jury.pages.side_by_side import axes
from jury.views import sheets
from jury.views.reading import seated

SIDES = 2


@require_safe
@login_required
def side_by_side(request: SignedInRequest, year: int) -> HttpResponse:
    """`?file=` twice, axis by axis; with less, the page asks for the files. Each is looked up through the person's
    seat: one that may not be seen is not found."""
    juror = queries.seat_of(user=request.user, year=year)
    if juror is None:
        raise Http404
    permissions.check_sits(juror)
    codes = list(dict.fromkeys(filter(None, request.GET.getlist("file"))))[:SIDES]
    seats = [seated(request, code, year) for code in codes]
    sides = [sheets.beside(seat) for seat in seats] if len(seats) == SIDES else []
    context = {
        "year": year,
        "chosen": [*codes, "", ""][:SIDES],
        "files": _offered(juror, [seat.application for seat in seats]),
        "sides": sides,
        "axes": axes(sides) if sides else [],
        "others": any(side.others for side in sides),
    }
    return render(request, "jury/side_by_side.html", context)


def _offered(juror: Juror, chosen: list[Application]) -> list[tuple[str, str]]:
    """Those that this juror reads, and, of those that they preside, the ones of the size of those chosen: a list to
    choose from, where the board finds any."""
    read = queries.assignments_of(juror).values("application")
    bands = [application.territory.band for application in chosen]
    presided = queries.files_presided(juror).filter(territory__band__in=bands).values("pk")
    files = Application.objects.filter(Q(pk__in=read) | Q(pk__in=presided)).select_related("territory")
    return [(row.territory.code, str(row.territory)) for row in files.order_by("territory__sort_key", "pk")]
