"""Initiatives: the list with what each still lacks, and their form."""

from typing import Any, overload

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect, replace_url, reselect, retarget

from accounts.models import Role
from accounts.permissions import SignedInRequest
from accounts.refusals import Refused
from accounts.rules import texts
from assessments import actions, forms, policies, queries, wording
from assessments.actions import StaleInitiative
from assessments.doors import scorecards
from assessments.models import Application, Initiative
from assessments.pages.initiatives import differences, listed, versions
from assessments.rules import eligibility
from assessments.views.access import WRONG, file_context, file_or_404, file_to_write, sheet_and_score, why_read_only


@require_safe
@login_required
def initiatives(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """Every initiative of the file, or those that hold the words of `?q=`: does it count, and else what it lacks."""
    file, membership = file_or_404(request, code, year)
    sheet, result = sheet_and_score(file)
    query = request.GET.get("q", "")[:80]
    found = listed(sheet.initiatives, query, scorecards.terms(file), proven=sheet.proven_initiatives)
    removed = queries.removed_initiatives(file)
    context = file_context(file, membership, sheet, result, listed=found, query=query, removed=removed)
    return render(request, "assessments/initiatives.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def initiative(request: SignedInRequest, code: str, year: int, pk: int | None = None) -> HttpResponse:
    """Write a new initiative, or change one."""
    if request.method == "POST":
        return _save(request, code, year, pk)
    file, membership = file_or_404(request, code, year)
    row = _row(file, pk)
    issue = request.GET.get("issue", "")
    initial = {"seen": row.version if row else 0, "issues": row.issues if row else [issue] if issue else []}
    form = forms.InitiativeForm(file.framework.parsed, instance=row, initial=initial)
    new = Initiative(issues=initial["issues"] or policies.issues_asked(file))
    read_only = why_read_only(file, membership, initiatives=[row or new])
    return _page(request, file, row, form, read_only=read_only, writes=membership.role != Role.READER)


def _save(request: SignedInRequest, code: str, year: int, pk: int | None) -> HttpResponse:
    """By its button, or, with a script, as it is typed: then only a line of the page changes."""
    try:
        file, _membership = file_to_write(request, code, year)
        row = _row(file, pk, removed=True)
        instance = _row(file, pk, removed=True)
        form = forms.InitiativeForm(file.framework.parsed, request.POST, instance=instance)
        if form.is_valid():
            fields = dict(form.cleaned_data)
            if row and "aside" in request.POST:
                return _set_aside(request, row, fields)
            saved = actions.save_initiative(
                application=file,
                initiative=row,
                seen=fields.pop("seen"),
                fields=fields,
                by=request.user,
                now=timezone.now(),
            )
    except StaleInitiative as stale:
        # Sent again, the form follows the version that this page shows.
        posted = request.POST.copy()
        posted["seen"] = str(stale.current.version)
        form.data = posted
        return _page(request, file, stale.current, form, stale=stale, status=409)
    except Refused as refusal:
        if refusal.status != 400:
            raise
        form.add_error(None, refusal.reason)
    as_typed = bool(request.htmx) and "done" not in request.POST
    if form.errors:
        if as_typed:
            fault = next(iter(form.errors.values()))[0]
            return render(request, "assessments/initiative.html#saved", {"fault": fault}, status=WRONG)
        return _page(request, file, row, form, status=WRONG)
    terms = scorecards.terms(file)
    lacks = eligibility.what_lacks(saved, terms, proven=queries.is_proven(saved))
    nowhere = [place.issue for place in eligibility.places(saved, terms.framework) if place.question is None]
    card = reverse("assessments:initiative", args=[code, year, saved.pk])
    if as_typed:
        context = {"initiative": saved, "lacks": lacks, "card": card}
        return replace_url(render(request, "assessments/initiative.html#saved", context), card)
    if lacks:
        messages.info(
            request, _("Enregistré. Pour compter, il lui manque encore : %(lacks)s.") % {"lacks": ", ".join(lacks)}
        )
    elif len(nowhere) == len(saved.issues):
        messages.warning(
            request,
            _("Enregistré. Aucune question ne compte cet enjeu pour l’axe choisi : changez l’un des deux."),
        )
    else:
        messages.success(request, _("Enregistré : cette initiative compte dans votre score."))
    return HttpResponseClientRedirect(card) if request.htmx else redirect(card)


def _set_aside(request: SignedInRequest, row: Initiative, fields: dict[str, Any]) -> HttpResponse:
    """What stands is kept, after a conflict; one's own text goes into the history."""
    del fields["seen"]
    actions.set_aside(initiative=row, fields=fields, by=request.user, now=timezone.now())
    messages.success(request, _("La version enregistrée reste. Votre texte est dans l’historique de l’initiative."))
    file = row.application
    page = "assessments:initiative_history" if row.removed_at else "assessments:initiative"
    place = reverse(page, args=[file.territory.code, file.edition.year, row.pk])
    return HttpResponseClientRedirect(place) if request.htmx else redirect(place)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def history(request: SignedInRequest, code: str, year: int, pk: int) -> HttpResponse:
    """Every version, the latest first, of an initiative that may be removed; a post says one of them again."""
    if request.method == "POST":
        return _restore(request, code, year, pk)
    file, membership = file_or_404(request, code, year)
    row = _row(file, pk, removed=True)
    kept = list(queries.initiative_versions(row))
    places = queries.inspirations(kept)
    past = [(each, Initiative(**actions.told(each, places))) for each in kept]
    context = {
        "application": file,
        "territory": file.territory,
        "edition": file.edition,
        "initiative": row,
        "versions": versions(row, past, _titles(file)),
        "read_only": why_read_only(file, membership, initiatives=[row]),
    }
    return render(request, "assessments/initiative_history.html", context)


def _restore(request: SignedInRequest, code: str, year: int, pk: int) -> HttpResponse:
    version = request.POST.get("version", "")
    seen, key = forms.read_seen(request.POST), texts.whole(version)
    file, _membership = file_to_write(request, code, year)
    row = _row(file, pk, removed=True)
    kept = queries.initiative_versions(row).filter(pk=key).first() if key is not None else None
    if version and kept is None:
        raise Http404
    actions.restore_initiative(initiative=row, version=kept, seen=seen, by=request.user, now=timezone.now())
    messages.success(request, _("L’initiative est rétablie."))
    return redirect("assessments:initiative", code, year, pk)


@require_POST
@login_required
def preview_initiative(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """The description as readers will see it. Nothing is written."""
    file_or_404(request, code, year)
    text = texts.composed(request.POST.get("description", ""))[: texts.LONGEST]
    return render(request, "assessments/initiative.html#preview", {"text": text})


@require_POST
@login_required
def remove_initiative(request: SignedInRequest, code: str, year: int, pk: int) -> HttpResponse:
    file, _membership = file_to_write(request, code, year)
    row = Initiative.objects.filter(application=file, pk=pk).first()
    if row is None:
        raise Http404
    row.application = file
    seen = texts.whole(request.POST.get("seen", "")) or 0
    actions.remove_initiative(initiative=row, seen=seen, by=request.user, now=timezone.now())
    messages.success(request, _("L’initiative est retirée du dossier."))
    return redirect("assessments:initiatives", code, year)


def _titles(file: Application) -> dict[str, str]:
    """Those of issues and axes, by id."""
    framework = file.framework.parsed
    axes = {axis.id: axis.title["fr"] for axis in framework.axes}
    return axes | {issue.id: issue.title["fr"] for issue in framework.issues}


@overload
def _row(file: Application, pk: int, *, removed: bool = False) -> Initiative: ...
@overload
def _row(file: Application, pk: int | None, *, removed: bool = False) -> Initiative | None: ...
def _row(file: Application, pk: int | None, *, removed: bool = False) -> Initiative | None:
    """None for a new one. `removed`: even one that was removed."""
    if pk is None:
        return None
    row = Initiative.objects.filter(application=file, pk=pk).select_related("updated_by", "inspired_by").first()
    if row is None or (row.removed_at is not None and not removed):
        raise Http404
    row.application = file
    return row


def _page(
    request: SignedInRequest,
    file: Application,
    row: Initiative | None,
    form: forms.InitiativeForm,
    *,
    stale: StaleInitiative | None = None,
    read_only: str | None = None,
    writes: bool = True,
    status: int = 200,
) -> HttpResponse:
    terms = scorecards.terms(file)
    context = {
        "application": file,
        "territory": file.territory,
        "edition": file.edition,
        "initiative": row,
        "form": form,
        "stale": stale,
        "differences": differences(stale.current, stale.proposed, _titles(file)) if stale else [],
        "pictures": queries.pictures(file).filter(initiative=row) if row else [],
        "evidence": queries.evidence(file).filter(uses__initiative=row) if row else [],
        "read_only": read_only,
        "writes": writes,
        "terms": terms,
        "lacks": eligibility.what_lacks(row, terms, proven=queries.is_proven(row)) if row else [],
        "places": eligibility.places(row, terms.framework) if row else [],
        "facts": wording.described(row, _titles(file)) if row and read_only else [],
    }
    response = render(request, "assessments/initiative.html", context, status=status)
    # To a script, what is wrong or was written meanwhile takes the place of the form.
    return reselect(retarget(response, "#main"), "#main") if request.htmx else response
