"""The session of the jury, followed on several screens: what is put to the vote, who has voted, what it gave."""

import hashlib
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import SignedInRequest
from accounts.refusals import Refused
from jury import actions, queries
from jury.forms import BallotForm, ReasonForm, VoteForm
from jury.models import Ballot, Juror
from jury.queries import ballots as votes
from jury.views.reading import seated


def _seat(request: SignedInRequest, year: int) -> Juror:
    juror = queries.seat_of(user=request.user, year=year)
    if juror is None:
        raise Http404
    return juror


@require_safe
@login_required
def session(request: SignedInRequest, year: int) -> HttpResponse:
    """For everyone who sits; each sees the ballots of the files from which they are not recused."""
    return render(request, "jury/session.html", _context(_seat(request, year)))


@require_safe
@login_required
def ballots(request: SignedInRequest, year: int) -> HttpResponse:
    """The small fragment that every screen asks again; 304 when nothing moved."""
    context = _context(_seat(request, year))
    seen = [
        (row.pk, row.able, row.cast, row.voted, row.mine, row.presided, row.closed_at, row.set_aside_at, row.roll)
        for row in context["ballots"]
    ]
    etag = f'"{hashlib.sha256(repr(seen).encode()).hexdigest()[:32]}"'
    unchanged: HttpResponse | None = get_conditional_response(request, etag=etag)
    if unchanged is not None:
        return unchanged
    answer = render(request, "jury/session.html#ballots", context)
    answer["ETag"], answer["Cache-Control"] = etag, "private, no-cache"
    return answer


def _context(juror: Juror) -> dict[str, Any]:
    return {"juror": juror, "year": juror.panel.edition.year, "ballots": votes.of_session(juror)}


@require_POST
@login_required
def open_ballot(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    seat = seated(request, code, year)
    form = BallotForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Une mention tient en 80 caractères ; un vote qui se clôt seul a son jour et son heure."))
    actions.open_ballot(application=seat.application, by=seat.juror, now=timezone.now(), **form.cleaned_data)
    messages.success(
        request, _("Le vote est ouvert : il paraît sur l’écran de chaque membre du jury, à qui un courriel est écrit.")
    )
    return redirect("jury:session", year)


@require_POST
@login_required
def vote(request: SignedInRequest, pk: int) -> HttpResponse:
    ballot, juror = _ballot(request, pk)
    form = VoteForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Ce choix ne fait pas partie du vote."))
    actions.vote(ballot=ballot, choice=form.cleaned_data["choice"], by=juror, now=timezone.now())
    if Ballot.objects.filter(pk=pk, closed_at=None).exists():
        messages.success(request, _("Votre voix est enregistrée : vous pouvez la changer tant que le vote est ouvert."))
    else:
        messages.success(request, _("Votre voix est enregistrée. Le quorum est atteint : le vote est clos."))
    return redirect("jury:session", juror.panel.edition.year)


@require_POST
@login_required
def close_ballot(request: SignedInRequest, pk: int) -> HttpResponse:
    ballot, juror = _ballot(request, pk)
    actions.close_ballot(ballot=ballot, by=juror, now=timezone.now())
    messages.success(request, _("Le vote est clos."))
    return redirect("jury:session", juror.panel.edition.year)


@require_POST
@login_required
def call_off(request: SignedInRequest, pk: int) -> HttpResponse:
    ballot, juror = _ballot(request, pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Dites pourquoi vous annulez ce vote, en 300 caractères au plus : le jury le lira."))
    actions.call_off(ballot=ballot, reason=form.cleaned_data["reason"], by=juror, now=timezone.now())
    messages.success(request, _("Le vote est annulé."))
    return redirect("jury:session", juror.panel.edition.year)


def _ballot(request: SignedInRequest, pk: int) -> tuple[Ballot, Juror]:
    """Through the person's seat: a ballot on a file from which they are recused does not exist for them."""
    year = Ballot.objects.filter(pk=pk).values_list("application__edition__year", flat=True).first()
    juror = queries.seat_of(user=request.user, year=year) if year else None
    if juror is None:
        raise Http404
    return get_object_or_404(votes.for_juror(juror), pk=pk), juror
