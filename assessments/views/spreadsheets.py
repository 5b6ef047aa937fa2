"""Paper and spreadsheets: the questionnaire for anyone, one's answers to a spreadsheet, and back after a preview."""

import json
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.doors.limits import UPLOADS, limited
from accounts.permissions import SignedInRequest
from accounts.refusals import NotNow, Refused
from assessments import actions, forms, policies, queries
from assessments.actions import StaleFilling
from assessments.doors import spreadsheets
from assessments.doors.spreadsheets import Change, Preview, Proposal, Reading
from assessments.models import Application
from assessments.models import Framework as FrameworkRow
from assessments.pages import paper as papers
from assessments.views import downloads
from assessments.views.access import WRONG, file_context, file_or_404, file_to_write, sheet_and_score, why_read_only
from documents import workbook
from outbox.models import StoredFile
from scoring.framework import Framework


@require_safe
def questionnaire_pdf(request: HttpRequest, year: int) -> FileResponse:
    return _published(_framework(year).pdf, f"questionnaire-{year}.pdf")


@require_safe
def questionnaire_workbook(request: HttpRequest, year: int) -> FileResponse:
    return _published(_framework(year).workbook, f"questionnaire-{year}.xlsx")


@require_safe
def paper_of_a_size(request: HttpRequest, year: int) -> HttpResponse:
    """The questions that a territory of this kind and size is asked, to print, before it has a file."""
    row = _framework(year)
    form = forms.SizeForm(request.GET or None)
    context: dict[str, Any] = {"year": year, "form": form}
    if form.is_valid():
        context["paper"] = papers.of_a_size(row.parsed, **form.cleaned_data)
    return render(request, "assessments/paper_of_a_size.html", context, status=WRONG if form.errors else 200)


def _framework(year: int) -> FrameworkRow:
    row = queries.framework_of(year)
    if row is None:
        raise Http404
    return row


def _published(stored: StoredFile | None, name: str) -> FileResponse:
    if stored is None:
        raise NotNow(_("Ce document est en cours de fabrication : revenez dans une minute."))
    return downloads.published(stored, name)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@limited(UPLOADS)
def spreadsheet(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """Take one's answers away as a workbook; send one back to see what it would change."""
    file, membership = file_or_404(request, code, year)
    framework = file.framework.parsed
    if request.method != "POST":
        return _page(request, file, forms.WorkbookForm(), read_only=why_read_only(file, membership))
    form = forms.WorkbookForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, file, form, status=WRONG)
    upload = form.cleaned_data["workbook"]
    try:
        reading = spreadsheets.receive(framework, upload.name or "", upload.read(), code=code)
    except Refused as refusal:
        form.add_error("workbook", refusal.reason)
        return _page(request, file, form, status=WRONG)
    return _preview(request, file, reading)


@require_safe
@login_required
def answers_file(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """One's answers as a workbook, made while the person waits: it takes a tenth of a second."""
    file, _membership = file_or_404(request, code, year)
    sheet, result = sheet_and_score(file)
    response = HttpResponse(spreadsheets.filled(file, sheet, result), content_type=workbook.CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="reponses-{code}-{year}.xlsx"'
    return response


@require_safe
@login_required
def paper(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """The questions of this file alone, to print and to tick with a pen."""
    file, membership = file_or_404(request, code, year)
    sheet, result = sheet_and_score(file)
    shown = papers.of(result, official=file.official_context, told=file.declared_context)
    return render(request, "assessments/paper.html", file_context(file, membership, sheet, result, paper=shown))


@require_POST
@login_required
def apply_workbook(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """Write what the person kept of the preview, all or nothing; a file that moved meanwhile is previewed again."""
    try:
        file, _membership = file_to_write(request, code, year)
        framework = file.framework.parsed
        proposals = _posted(framework, request.POST.get("proposals", ""))
        kept = {name: each for name, each in proposals.items() if name in request.POST.getlist("take")}
        context = {name: each.document["value"] for name, each in kept.items() if name in framework.context}
        answers = {name: each.document for name, each in kept.items() if name not in framework.context}
        actions.fill(
            application=file,
            document={"context": context, "answers": answers},
            seen={name: each.seen for name, each in kept.items()},
            by=request.user,
            now=timezone.now(),
        )
    except StaleFilling as stale:
        messages.warning(request, stale.reason)
        return _preview(request, file, Reading(_as_from_a_sheet(framework.context, proposals), []), status=409)
    words = ngettext("%(n)d réponse est enregistrée.", "%(n)d réponses sont enregistrées.", len(kept))
    messages.success(request, words % {"n": len(kept)})
    return redirect("assessments:application", code, year)


def _preview(request: SignedInRequest, file: Application, reading: Reading, *, status: int = 200) -> HttpResponse:
    """What would change, with the proposals themselves: nothing is kept here until the person confirms."""
    file, membership = file_or_404(request, file.territory.code, file.edition.year)
    sheet, result = sheet_and_score(file)
    preview = spreadsheets.preview(
        result.framework,
        reading.proposals,
        sheet=sheet,
        declared=file.declared_context,
        is_open=lambda name: _is_open(file, name),
    )
    context = file_context(
        file,
        membership,
        sheet,
        result,
        preview=preview,
        faults=reading.faults,
        proposals=json.dumps(_standing(file, preview, sheet.version)),
    )
    return render(request, "assessments/spreadsheet_preview.html", context, status=status)


def _is_open(file: Application, name: str) -> bool:
    """May this question, or this name of the context, change now?"""
    parts: dict[str, Any] = {"context": True} if name in file.framework.parsed.context else {"questions": [name]}
    return policies.why_not_change(file, timezone.now(), **parts) is None


def _standing(file: Application, preview: Preview, version: Any) -> dict[str, list[Any]]:
    """Each proposal with what stands now, as the person will have seen it: [document, version or value, cell]."""
    context = file.framework.parsed.context
    changes: list[Change] = [*preview.changes, *preview.conflicts]
    return {
        each.name: [
            each.proposal.document,
            file.declared_context.get(each.name) if each.name in context else version(each.name),
            each.proposal.place,
        ]
        for each in changes
    }


def _posted(framework: Framework, text: str) -> dict[str, Proposal]:
    """The proposals as the preview wrote them. The action checks their content."""
    try:
        proposals = {
            name: Proposal(dict(each), seen, str(place)[:8]) for name, (each, seen, place) in json.loads(text).items()
        }
        if all(
            "value" in each.document if name in framework.context else name in framework.question_by_id
            for name, each in proposals.items()
        ):
            return proposals
    except (ValueError, TypeError, AttributeError, RecursionError):
        pass
    raise Refused(_("Cette page a été abîmée en route : envoyez le classeur à nouveau."))


def _as_from_a_sheet(context: Mapping[str, str], proposals: Mapping[str, Proposal]) -> dict[str, Proposal]:
    """A value of the context as a hidden cell says it, so that the second preview sees what moved."""
    return {
        name: each._replace(seen=spreadsheets.context_said(each.seen)) if name in context else each
        for name, each in proposals.items()
    }


def _page(
    request: SignedInRequest,
    file: Application,
    form: forms.WorkbookForm,
    *,
    read_only: str | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "application": file,
        "territory": file.territory,
        "edition": file.edition,
        "form": form,
        "read_only": read_only,
    }
    return render(request, "assessments/spreadsheet.html", context, status=status)
