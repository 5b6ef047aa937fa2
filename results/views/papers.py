"""The papers of a territory: its certificate, its evaluation report. For those who act for it, once announced."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import SignedInRequest
from assessments import queries
from assessments.models import Application
from assessments.views import downloads
from documents import evaluation, radar
from documents.evaluation import ReportData
from results import actions, policies
from results.jobs import kits, reports
from results.models import Kit, PublishedResult, Report
from results.queries import papers as papers_of


@require_safe
@login_required
def papers(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """What is ready, what is being made; before the announcement, when it comes."""
    file, result = _found(request, code, year)
    template = "results/papers.html#list" if request.htmx else "results/papers.html"
    return render(request, template, _context(file, result))


@require_safe
@login_required
def report(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """The evaluation report as a page: the same data as the paper."""
    file, result = _found(request, code, year)
    row = _made(result)
    data = evaluation.read(row.content or {})
    context = {"report": data, "radar": _radar(data), "command": evaluation.COMMAND, "replay": evaluation.REPLAY}
    return render(request, "results/report.html", _context(file, result) | context)


@require_safe
@login_required
def report_file(request: SignedInRequest, code: str, year: int) -> FileResponse:
    row = _made(_found(request, code, year)[1])
    assert row.file is not None  # noqa: S101 -- see `_made`
    return downloads.attachment(row.file, reports.file_name(row.result))


@require_safe
@login_required
def replay_file(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """The answers as the jury examined them, to compute the result again."""
    file, result = _found(request, code, year)
    _made(result)
    answer = HttpResponse(reports.replay_file(file), content_type="application/json")
    answer["Content-Disposition"] = 'attachment; filename="dossier.json"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_POST
@login_required
def withhold_proof(request: SignedInRequest, code: str, year: int, pk: int) -> HttpResponse:
    """Out of what the public reads, before the announcement or after it."""
    file, _result = _found(request, code, year)
    piece = get_object_or_404(queries.evidence(file), pk=pk)
    piece.application = file
    actions.withhold_proof(evidence=piece, by=request.user)
    messages.success(request, _("Le public ne voit plus cette preuve."))
    return redirect("assessments:evidence", code, year)


@require_POST
@login_required
def withdraw_picture(request: SignedInRequest, code: str, year: int, pk: int) -> HttpResponse:
    """Of a file that no longer changes: out of it, and out of what the public reads."""
    file, _result = _found(request, code, year)
    picture = get_object_or_404(queries.pictures(file), pk=pk)
    picture.initiative.application = file
    actions.withdraw_picture(picture=picture, by=request.user, now=timezone.now())
    messages.success(request, _("L’image est effacée : plus personne ne la voit."))
    return redirect("assessments:initiative", code, year, picture.initiative_id)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def kit(request: SignedInRequest, code: str, year: int) -> HttpResponseBase:
    """Ask for the road sign and the logos, then download them."""
    _file, result = _found(request, code, year)
    if result is None:
        raise Http404
    if request.method == "POST":
        actions.ask_kit(result=result, by=request.user, now=timezone.now())
        return redirect("results:papers", code, year)
    policies.check_can_have_kit(result)
    made: Kit | None = getattr(result, "kit", None)
    if made is None or made.file is None:
        raise Http404
    return downloads.attachment(made.file, kits.file_name(result))


def _found(request: SignedInRequest, code: str, year: int) -> tuple[Application, PublishedResult | None]:
    found = queries.file_of(user=request.user, code=code, year=year)
    if found is None:
        raise Http404
    return found[0], papers_of(found[0], now=timezone.now())


def _made(result: PublishedResult | None) -> Report:
    """The report, once it is there."""
    report: Report | None = getattr(result, "report", None)
    if report is None or report.file is None:
        raise Http404
    return report


def _context(file: Application, result: PublishedResult | None) -> dict[str, object]:
    return {
        "application": file,
        "territory": file.territory,
        "edition": file.edition,
        "result": result,
        "evaluation": getattr(result, "report", None),
        "kit": getattr(result, "kit", None),
    }


def _radar(data: ReportData) -> str:
    spokes = [radar.Spoke(axis.name, axis.share or 0, axis.peers) for axis in data.axes]
    return mark_safe(radar.svg(spokes, evaluation.RADAR, radius=80))  # noqa: S308 -- escaped by `radar`
