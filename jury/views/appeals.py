"""Demandes de réexamen: the signatory's page, and those of the person who presides."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Role
from accounts.permissions import SignedInRequest, check_can_sign
from accounts.refusals import Refused
from assessments.queries import file_of
from jury import actions, policies, queries
from jury.forms import AnswerForm, AppealForm
from jury.models import Appeal, Decision
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
            messages.success(request, _("Votre demande est déposée. La réponse du jury vous sera envoyée."))
            return redirect("jury:appeal", code, year)
    context = {
        "application": application,
        "appeal": filed,
        "form": form,
        "why_not": policies.why_not_appeal(application, already=filed is not None, now=now),
        "signs": membership.role == Role.SIGNATORY,
        "closes_at": policies.appeal_closes_at(application.edition),
    }
    return render(request, "jury/appeal.html", context, status=422 if request.method == "POST" else 200)


@require_safe
@login_required
def appeals(request: SignedInRequest) -> HttpResponse:
    """Those that this person answers, the unanswered first; an empty page for a juror who presides nothing."""
    if not queries.is_juror(user=request.user):
        raise Http404
    return render(request, "jury/appeals.html", {"appeals": queries.appeals_for(user=request.user)})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def answer(request: SignedInRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(queries.appeals_for(user=request.user), pk=pk)
    juror = queries.seat_of(user=request.user, year=row.application.edition.year)
    form = AnswerForm(request.POST or None)
    context: dict[str, Any] = {"appeal": row, "form": form, "refusal": "", "why_not": policies.why_not_answer(row)}
    context["decision"] = Decision.objects.filter(application=row.application, reopened_at=None).first()
    if request.method != "POST" or juror is None:
        return render(request, "jury/answer.html", context)
    if form.is_valid():
        try:
            actions.answer_appeal(appeal=row, by=juror, now=timezone.now(), **form.cleaned_data)
        except Refused as error:
            context |= {"refusal": error.reason, "why_not": None}
            return render(request, "jury/answer.html", context, status=sheets.status_of(error))
        messages.success(request, _("Votre réponse est envoyée à la collectivité."))
        return redirect("jury:appeals")
    return render(request, "jury/answer.html", context, status=422)
