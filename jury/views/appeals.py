"""Demandes de réexamen: the signatory's page, and those of the person who presides."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Role
from accounts.permissions import SignedInRequest, check_can_sign
from accounts.refusals import Refused
from accounts.rules import texts
from assessments import wording
from assessments.queries import file_of
from jury import actions, policies, queries
from jury.doors import examination
from jury.forms import AnswerForm, AppealForm
from jury.models import Appeal, Decision, Juror
from jury.views import sheets


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def appeal(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """Ask for a second look, follow it, read the answer. Colleagues read; a signatory files."""
    found = file_of(user=request.user, code=code, year=year)
    if found is None:
        raise Http404
    application, membership = found
    filed = Appeal.objects.filter(application=application).select_related("filed_by").first()
    now = timezone.now()
    form = AppealForm(request.POST or None)
    if request.method == "POST":
        check_can_sign(membership)
        if form.is_valid():
            grounds = form.cleaned_data["grounds"]
            actions.file_appeal(application=application, by=request.user, grounds=grounds, now=now)
            messages.success(request, _("Votre demande est déposée. La réponse du jury paraîtra sur cette page."))
            return redirect("jury:appeal", code, year)
    context = {
        "application": application,
        "appeal": filed,
        "form": form,
        "why_not": policies.why_not_appeal(application, already=filed is not None, now=now),
        "signs": membership.role == Role.SIGNATORY,
        "closes_at": policies.appeal_closes_at(application.edition),
    }
    if request.htmx:  # the line that the file's page shows
        return render(request, "jury/appeal.html#way", context)
    return render(request, "jury/appeal.html", context, status=422 if request.method == "POST" else 200)


@require_safe
@login_required
def appeals(request: SignedInRequest) -> HttpResponse:
    """Those that this person answers, the unanswered first; an empty page for a juror who presides nothing."""
    if not queries.is_juror(user=request.user):
        raise Http404
    return render(request, "jury/appeals.html", {"appeals": queries.appeals_for(user=request.user)})


@require_POST
@login_required
def read_anew(request: SignedInRequest, pk: int) -> HttpResponse:
    """The jurors ticked read the file of this appeal."""
    row = get_object_or_404(queries.appeals_for(user=request.user), pk=pk)
    juror = get_object_or_404(queries.seats_of(user=request.user), panel__edition=row.application.edition_id)
    panel = Juror.objects.filter(panel=juror.panel_id).select_related("user")
    ticked = panel.filter(pk__in=[texts.whole(value) for value in request.POST.getlist("juror")])
    given = actions.read_anew(appeal=row, jurors=ticked, by=juror, now=timezone.now())
    if not given:
        raise Refused(_("Choisissez qui relira le dossier."))
    words = ngettext("Le dossier est confié à %(who)s.", "Le dossier est confié à : %(who)s.", len(given))
    messages.success(request, words % {"who": ", ".join(str(one.juror) for one in given)})
    return redirect("jury:answer", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def answer(request: SignedInRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(queries.appeals_for(user=request.user), pk=pk)
    juror = queries.seat_of(user=request.user, year=row.application.edition.year)
    decision = queries.standing_decisions().filter(application=row.application).first()
    form = AnswerForm(request.POST or None, above=_above(row, decision))
    given = queries.read_anew(row)
    awaited = queries.readings_anew_awaited(row, given)
    context: dict[str, Any] = {
        "appeal": row,
        "form": form,
        "refusal": "",
        "why_not": policies.why_not_answer(row),
        "why_not_conclude": policies.why_not_conclude(awaited=awaited),
        "given": given,
        "lacking": max(0, awaited - sum(not queries.is_handed_in(one) for one in given)),
        "decision": decision,
    }
    if decision and not (context["why_not"] or context["why_not_conclude"]):
        examined = examination.decided(decision)
        context["raised_over"] = wording.raised_over(examined, (examined.level or 0) + 1)
    if context["lacking"]:
        context["able"] = queries.new_readers(row.application)
    if request.method != "POST" or juror is None:
        return render(request, "jury/answer.html", context)
    if form.is_valid():
        try:
            actions.answer_appeal(appeal=row, by=juror, now=timezone.now(), **form.cleaned_data)
        except Refused as error:
            context |= {"refusal": error.reason, "why_not": None}
            return render(request, "jury/answer.html", context, status=sheets.status_of(error))
        messages.success(request, _("Votre réponse est enregistrée : la collectivité la lit à la page de sa demande."))
        return redirect("jury:appeals")
    return render(request, "jury/answer.html", context, status=422)


def _above(row: Appeal, decision: Decision | None) -> list[int]:
    if decision is None:
        return []
    grades = row.application.framework.parsed.grades
    return policies.levels_above(decided=decision.level, examined=decision.examined_level, grades=grades)
