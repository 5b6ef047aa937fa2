"""Last year's answers and initiatives, each to confirm, change or leave."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.permissions import SignedInRequest
from assessments import actions, policies, queries
from assessments.models import Application
from assessments.pages import carrying
from assessments.pages.carrying import INITIATIVES, Carried, Group, Proposals
from assessments.policies import CONTEXT
from assessments.queries import Sheet
from assessments.views.access import file_context, file_or_404, file_to_write, sheet_and_score
from scoring.engine import Result


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def carry(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """Nothing of last year counts before it is confirmed here, a group at a time."""
    if request.method == "POST":
        return _take(request, code, year)
    file, membership = file_or_404(request, code, year)
    sheet, result = sheet_and_score(file)
    previous, proposals = _proposals(file, sheet, result)
    context = file_context(file, membership, sheet, result, previous=previous, proposals=proposals)
    context["read_only"] = context["read_only"] or policies.why_not_carry(file, timezone.now())
    return render(request, "assessments/carry.html", context)


def _take(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    file, _membership = file_to_write(request, code, year)
    policies.check_can_carry(file, timezone.now())
    sheet, result = sheet_and_score(file)
    _previous, proposals = _proposals(file, sheet, result)
    group = proposals.group(request.POST.get("group", ""))
    taken = _chosen(request, group) if group else []
    if group and taken:
        kept = Group(group.id, group.title, taken)
        seen = {item.name: _standing(file, sheet, group, item) for item in taken if group.id != INITIATIVES}
        actions.fill(application=file, document=_document(kept), seen=seen, by=request.user, now=timezone.now())
    words = ngettext("%(n)d reprise dans ce dossier.", "%(n)d reprises dans ce dossier.", len(taken))
    messages.success(request, words % {"n": len(taken)})
    return redirect("assessments:carry", code, year)


def _chosen(request: SignedInRequest, group: Group) -> list[Carried]:
    """What is ticked, or all that needs no reading."""
    if request.POST.get("all"):
        return group.unchanged
    names = set(request.POST.getlist("take"))
    return [item for item in group.items if item.name in names and item.document is not None]


def _standing(file: Application, sheet: Sheet, group: Group, item: Carried) -> Any:
    """What the file says already: a colleague may say otherwise meanwhile."""
    return file.declared_context.get(item.name) if group.id == CONTEXT else sheet.version(item.name)


def _document(group: Group) -> dict[str, Any]:
    """The group as the bulk action takes it."""
    if group.id == INITIATIVES:
        return {"initiatives": [item.document for item in group.items]}
    return {"context" if group.id == CONTEXT else "answers": {item.name: item.document for item in group.items}}


def _proposals(file: Application, sheet: Sheet, result: Result) -> tuple[Application, Proposals]:
    previous = queries.previous_file(file)
    if previous is None:
        raise Http404
    old_sheet = queries.sheet(previous)
    queries.find_inspirations(old_sheet.initiatives)
    return previous, carrying.proposals(
        old=previous,
        old_framework=previous.framework.parsed,
        old_sheet=old_sheet,
        new=file,
        sheet=sheet,
        result=result,
    )
