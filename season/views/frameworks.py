"""Questionnaires: those that are loaded, one more from a file, and what its authors must judge before it serves."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import SignedInRequest, organiser_required
from assessments import actions
from assessments.doors import frameworks as door
from assessments.forms import SizeForm
from assessments.models import Framework
from assessments.queries import framework_of
from scoring import framework as engine
from scoring.framework import FrameworkError
from season import forms, queries
from season.actions import frameworks as approvals
from season.pages import questionnaires
from season.rules.approval import holds_from

WRONG = 422


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_required
def frameworks(request: SignedInRequest) -> HttpResponse:
    """Every version; the POST is one more. A faulty one is not kept: its faults are shown, each in its place."""
    form = forms.FrameworkForm(request.POST or None, request.FILES or None)
    faults: list[questionnaires.Located] = []
    if request.method == "POST" and form.is_valid():
        source = form.cleaned_data["file"]
        try:
            row = actions.add_framework(source=source, by=request.user)
        except FrameworkError as error:
            faults = questionnaires.located(error.faults, source)
        else:
            return _loaded(request, row)
    context = {"form": form, "faults": faults, "rows": queries.frameworks(), "shipped": door.shipped()}
    return render(request, "season/frameworks.html", context, status=WRONG if request.method == "POST" else 200)


@require_POST
@organiser_required
def load_shipped(request: SignedInRequest, year: int) -> HttpResponse:
    if year not in door.shipped():
        raise Http404
    return _loaded(request, actions.add_framework(source=door.shipped_source(year), by=request.user))


def _loaded(request: SignedInRequest, row: Framework) -> HttpResponse:
    messages.success(request, _("Le référentiel %(year)s est chargé.") % {"year": row.year})
    return redirect("season:framework", row.hash)


@require_safe
@organiser_required
def framework(request: SignedInRequest, hash: str) -> HttpResponse:
    """One version: what it holds, and what it changes since the one before."""
    row = get_object_or_404(queries.frameworks(), hash=hash)
    known, before = row.parsed, queries.framework_before(row)
    given = queries.approvals(row)
    context = {
        "row": row,
        "approvals": given,
        "approved": any(approval.by_id == request.user.pk for approval in given),
        "since": holds_from([approval.at for approval in given]),
        "preview": SizeForm(),
        "framework": known,
        "issues": questionnaires.issues(known),
        "before": before,
        "differences": questionnaires.differences(before.parsed, known) if before else None,
    }
    return render(request, "season/framework.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_required
def words(request: SignedInRequest, hash: str, part: str) -> HttpResponse:
    """The texts of an issue, or of the facts asked first, to correct; what is posted makes one more version."""
    row = get_object_or_404(Framework, hash=hash)
    found = questionnaires.part(row.parsed, part)
    if found is None:
        raise Http404
    title, ids = found
    form = forms.WordingsForm(
        request.POST or None, wordings=[one for one in engine.wordings(row.document) if one.of in ids]
    )
    if request.method == "POST" and form.is_valid():
        if not form.texts:
            messages.info(request, _("Aucun texte n’a changé."))
            return redirect("season:framework", hash)
        try:
            made = approvals.reword(framework=row, texts=form.texts, by=request.user)
        except FrameworkError as error:
            for fault in error.faults:
                form.add_error(None, str(fault))
        else:
            messages.success(request, _("Une nouvelle version porte vos corrections : relisez ce qui change."))
            return redirect("season:framework", made.hash)
    context = {"row": row, "title": title, "form": form}
    return render(request, "season/wordings.html", context, status=WRONG if form.errors else 200)


@require_POST
@organiser_required
def approve(request: SignedInRequest, hash: str) -> HttpResponse:
    approvals.approve(framework=get_object_or_404(Framework, hash=hash), by=request.user, now=timezone.now())
    messages.success(request, _("Votre accord est noté."))
    return redirect("season:framework", hash)


@require_POST
@organiser_required
def remove(request: SignedInRequest, hash: str) -> HttpResponse:
    approvals.remove(framework=get_object_or_404(Framework, hash=hash), by=request.user)
    messages.success(request, _("La version est retirée de la liste."))
    return redirect("season:frameworks")


@require_safe
@organiser_required
def preview(request: SignedInRequest, hash: str) -> HttpResponse:
    """The questions as a territory of this kind and size would meet them, before it has told anything."""
    row = get_object_or_404(queries.frameworks(), hash=hash)
    form = SizeForm(request.GET or None)
    context: dict[str, object] = {"row": row, "form": form}
    if form.is_valid():
        context["parts"] = questionnaires.met_by(row.parsed, **form.cleaned_data)
        context["printed"] = framework_of(row.year) == row
    return render(request, "season/preview.html", context)


@require_safe
@organiser_required
def judged(request: SignedInRequest, hash: str) -> HttpResponse:
    """What only its authors can judge: some seconds of work, so it is asked for."""
    row = get_object_or_404(Framework, hash=hash)
    before = queries.framework_before(row)
    faults = engine.check(row.document, since=before.parsed if before else None, strict=True)
    context = {"row": row, "faults": questionnaires.located(faults, row.document)}
    return render(request, "season/judged.html", context)
