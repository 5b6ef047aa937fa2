"""Lectures d’essai: the round of a panel, and one file of it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import SignedInRequest
from accounts.refusals import Refused
from assessments.queries import find_inspirations
from jury import actions, permissions, queries
from jury.actions import Reading
from jury.doors.examination import Examination, as_declared, examine
from jury.forms import CalibrationForm, posted_reading
from jury.models import Calibration, Juror, TrialReading
from jury.pages.trace import Trace
from jury.queries import calibration as rounds
from jury.views import sheets


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def calibration(request: SignedInRequest, year: int) -> HttpResponse:
    """What is left to read, then how far one is from the median; the chair opens the round and sees everyone."""
    juror = _seat(request, year)
    found = rounds.of(juror.panel)
    if request.method == "POST":
        permissions.check_chairs(juror)
    context: dict[str, Any] = {"year": year, "juror": juror, "calibration": found}
    if request.method == "POST" or (juror.is_chair and not found):
        form = context["form"] = CalibrationForm(request.POST or None, proposed=rounds.proposed(juror))
        if request.method == "POST" and form.is_valid():
            actions.open_calibration(files=form.cleaned_data["chosen"], by=juror, now=timezone.now())
            messages.success(request, _("Les lectures d’essai sont ouvertes à tout le jury."))
            return redirect("jury:calibration", year)
    if found:
        context |= _round(found, juror)
    return render(request, "jury/calibration.html", context, status=422 if request.method == "POST" else 200)


def _round(found: Calibration, juror: Juror) -> dict[str, Any]:
    trials = list(found.trials.all())
    mine = {trial.application_id: trial.level for trial in trials if trial.juror_id == juror.pk}
    files = list(rounds.files_for(found, juror))
    granted = dict(queries.standing_decisions().filter(application__in=list(mine)).values_list("application", "level"))
    context: dict[str, Any] = {"files": [(row, mine.get(row.pk), granted.get(row.pk)) for row in files]}
    if found.closed_at:
        gaps = rounds.deviations(trials)
        axes = {axis.id: axis.title["fr"] for row in files for axis in row.framework.parsed.axes}
        names = axes | {rounds.LEVEL: _("Niveau proposé")}
        own = gaps.get(juror.pk, {})
        context |= {"names": names.values(), "own": [(title, own.get(name)) for name, title in names.items()]}
        if juror.is_chair:
            context["everyone"] = [
                (one, [gaps[one.pk].get(name) for name in names])
                for one in queries.sitting(found.panel)
                if one.pk in gaps
            ]
    elif juror.is_chair:
        counts = found.trials.values("juror").annotate(n=Count("pk")).values_list("juror", "n")
        done = dict(counts)
        context["progress"] = [(one, done.get(one.pk, 0)) for one in queries.sitting(found.panel)]
    return context


@require_POST
@login_required
def close(request: SignedInRequest, year: int) -> HttpResponse:
    juror = _seat(request, year)
    found = get_object_or_404(Calibration, panel=juror.panel_id)
    actions.close_calibration(calibration=found, by=juror, now=timezone.now())
    messages.success(request, _("Les lectures d’essai sont closes : chacun voit son écart à la médiane."))
    return redirect("jury:calibration", year)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def trial(request: SignedInRequest, year: int, pk: int) -> HttpResponse:
    """A file of the round, with the same marks to give as for a true one; nothing of its decision is shown."""
    juror = _seat(request, year)
    found = get_object_or_404(Calibration, panel=juror.panel_id)
    application = get_object_or_404(rounds.files_for(found, juror), pk=pk)
    before = TrialReading.objects.filter(calibration=found, juror=juror, application=application).first()
    reading = Reading(marks=before.marks, proposed_level=before.level) if before else Reading()
    refusal, status = "", 200
    if request.method == "POST":
        reading = posted_reading(request.POST, application.framework.parsed)
        try:
            actions.try_reading(
                calibration=found, application=application, by=juror, reading=reading, now=timezone.now()
            )
        except Refused as error:
            refusal, status = error.reason, sheets.status_of(error)
        else:
            messages.success(request, _("Votre lecture d’essai est enregistrée."))
            return redirect("jury:calibration", year)
    examination = examine(application)
    if before is None:
        examination = as_declared(examination)
    # Links alone: a file of an earlier edition is not opened to a new panel.
    links = queries.proved(application).exclude(evidence__url="")
    find_inspirations(examination.sheet.initiatives)
    context = {
        "year": year,
        "calibration": found,
        "application": application,
        "examination": examination,
        "trace": Trace(application, examination, links),
        "whole": True,
        "refusal": refusal,
        "gap": _gap(before, examination) if before else None,
        **sheets.draft(application, reading, result=examination.examined),
    }
    return render(request, "jury/trial.html", context, status=status)


def _gap(own: TrialReading, examination: Examination) -> dict[str, Any]:
    """What one gave, beside what that jury had examined and granted: known only once one has marked."""
    decision = queries.standing_decisions().filter(application=own.application_id).first()
    granted = decision.level if decision else None
    return {
        "own": own.level,
        "examined": examination.examined.level,
        "granted": granted,
        "gap": None if granted is None else own.level - granted,
        "less": None if granted is None else granted - own.level,
    }


def _seat(request: SignedInRequest, year: int) -> Juror:
    juror = queries.seat_of(user=request.user, year=year)
    if juror is None:
        raise Http404
    permissions.check_sits(juror)
    return juror
