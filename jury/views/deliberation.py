"""The pages of the person who presides: the board of an edition, the decision on a file."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import SignedInRequest
from accounts.refusals import Refused
from jury import actions, permissions, queries
from jury import board as boards
from jury.forms import DecisionForm, ReasonForm, asked_filters
from jury.views import sheets
from jury.views.reading import seated


@require_safe
@login_required
def board(request: SignedInRequest, year: int) -> HttpResponse:
    """The files that this person decides, filtered; nobody else has this page."""
    juror = queries.seat_of(user=request.user, year=year)
    if juror is None:
        raise Http404
    facets = boards.facets(juror)
    if not juror.is_chair and not facets.total:
        raise Http404
    filters = asked_filters(request.GET)
    rows, more = boards.page(juror, filters)
    context = {
        "juror": juror,
        "year": year,
        "facets": facets,
        "states": [(state.value, state.label, count) for state, count in facets.states.items()],
        "filters": filters,
        "rows": rows,
        "more": more,
        "levels": range(1, 6),
        "orders": boards.ORDER_LABELS.items(),
    }
    return render(request, "jury/board.html", context)


@require_POST
@login_required
def decide(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    application, juror, facts = seated(request, code, year)
    permissions.check_can_preside(juror, application)
    form = DecisionForm(request.POST)
    refusal, status = "", 422
    if form.is_valid():
        try:
            actions.decide(application=application, by=juror, now=timezone.now(), **form.cleaned_data)
        except Refused as error:
            refusal, status = error.reason, sheets.status_of(error)
        else:
            messages.success(request, _("Le niveau est décidé. Il restera secret jusqu’à l’annonce."))
            return redirect("jury:board", year)
    context = sheets.file(application, juror, facts) | {"form": form, "decision_refusal": refusal}
    return render(request, "jury/file.html", context, status=status)


@require_POST
@login_required
def reopen(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    application, juror, _facts = seated(request, code, year)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Dites pourquoi vous rouvrez ce dossier."))
    actions.reopen(application=application, by=juror, reason=form.cleaned_data["reason"], now=timezone.now())
    messages.success(request, _("Le dossier est rouvert : la décision précédente est gardée."))
    return redirect("jury:file", code, year)
