"""Reading again, submitting, the receipt; and where every point of the score comes from."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import actions as people
from accounts.doors.limits import MAILS, limited
from accounts.models import Role
from accounts.permissions import SignedInRequest
from accounts.refusals import Refused
from assessments import actions, forms, policies, queries, wording
from assessments.doors import reading as readings
from assessments.doors import scorecards
from assessments.jobs import benchmarks, dossiers, receipts
from assessments.models import Application
from assessments.pages import complements, panels, tracing
from assessments.pages.news import news
from assessments.rules import eligibility
from assessments.views import downloads
from assessments.views.access import file_context, file_or_404, file_to_write, gaps, sheet_and_score, signing


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def submission(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """The list of what lacks, with links; then the statement and the button of the person who signs."""
    if request.method == "POST":
        file, _membership = file_to_write(request, code, year)
        if request.POST.get("statement") != "yes":
            raise Refused(_("Cochez la déclaration pour déposer le dossier."))
        actions.submit(application=file, by=request.user, now=timezone.now())
        messages.success(request, _("La candidature est déposée."))
        return redirect("assessments:receipt", code, year)
    file, membership = file_or_404(request, code, year)
    sheet, result = sheet_and_score(file)
    now = timezone.now()
    read_at = queries.last_reading(file, user=request.user)
    terms = scorecards.terms(file)
    counted = sum(
        eligibility.counts(row, terms, proven=row.pk in sheet.proven_initiatives) for row in sheet.initiatives
    )
    context = file_context(
        file,
        membership,
        sheet,
        result,
        gaps=gaps(file, result),
        context_words=[wording.asked(result.framework, name) for name in gaps(file, result).context],
        too_late=policies.why_not_submit(file, now),
        unanswered=result.answered[1] - result.answered[0],
        initiatives=len(sheet.initiatives),
        counted=counted,
        evidence_count=queries.evidence(file).count(),
        **signing(file, membership),
        deadline=policies.deadline(file),
        read_at=read_at,
        since_reading=news(file, user=request.user, since=read_at),
        leads=[] if file.complement else panels.leads(result, most=3),
    )
    return render(request, "assessments/submission.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def reading(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """The whole file on one page, to read and to print. A post says that it was read, as it stood when it was drawn."""
    file, membership = file_or_404(request, code, year)
    now = timezone.now()
    if request.method == "POST":
        seen = forms.read_moment(request.POST.get("seen", ""))
        actions.mark_read(application=file, seen=seen, by=request.user, now=now)
        messages.success(request, _("C’est noté : nous vous dirons ce qui change après cette relecture."))
        return redirect(
            "assessments:submission" if policies.why_not_edit(file, now) is None else "assessments:application",
            code,
            year,
        )
    sheet, result = sheet_and_score(file)
    queries.find_inspirations(sheet.initiatives)
    whole = readings.reading(
        file, sheet, result, evidence=queries.evidence(file), pictures=queries.pictures(file).exclude(file=None)
    )
    read_at = queries.last_reading(file, user=request.user)
    context = file_context(
        file,
        membership,
        sheet,
        result,
        reading=whole,
        **_paper(file, sheet),
        now=now,
        read_at=read_at,
        since_reading=news(file, user=request.user, since=read_at),
        # Who signs has read: what they press is here, when they may.
        deadline=policies.deadline(file)
        if membership.role == Role.SIGNATORY and policies.why_not_submit(file, now) is None
        else None,
        gaps=gaps(file, result),
    )
    return render(request, "assessments/reading.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def dossier(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """The whole file as a PDF: where it stands; a post asks for it. A fragment of the page that has all of it."""
    file, _membership = file_or_404(request, code, year)
    sheet = queries.sheet(file)
    if request.method == "POST":
        dossiers.ask(file, sheet)
    if not request.htmx:
        return redirect(f"{reverse('assessments:reading', args=[code, year])}#pdf")
    return render(
        request,
        "assessments/_dossier.html",
        _paper(file, sheet) | {"territory": file.territory, "edition": file.edition},
    )


@require_safe
@login_required
def dossier_file(request: SignedInRequest, code: str, year: int) -> FileResponse:
    file, _membership = file_or_404(request, code, year)
    made, _making = dossiers.current(file, queries.sheet(file))
    if made is None:
        raise Http404
    return downloads.attachment(made.file, dossiers.file_name(file))


def _paper(file: Application, sheet: queries.Sheet) -> dict[str, Any]:
    made, making = dossiers.current(file, sheet)
    return {"dossier": made, "making": making}


@require_POST
@login_required
@limited(MAILS)
def invite_signatory(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """One field: whoever will sign gets a link, reads, signs."""
    file, _membership = file_or_404(request, code, year)
    form = forms.SignatoryForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Donnez l’adresse électronique de la personne qui signera."))
    else:
        email = form.cleaned_data["email"]
        people.invite(territory=file.territory, email=email, role=Role.SIGNATORY, by=request.user, now=timezone.now())
        messages.success(request, _("L’invitation à signer est écrite pour %(email)s.") % {"email": email})
    asked_at_the_start = request.POST.get("retour") == "contexte"
    return redirect("assessments:context" if asked_at_the_start else "assessments:submission", code, year)


@require_safe
@login_required
def exchange(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """What the jury asked each time, what was changed, and when the file came back."""
    file, membership = file_or_404(request, code, year)
    sheet, result = sheet_and_score(file)
    context = file_context(file, membership, sheet, result, rounds=complements.rounds(file))
    return render(request, "assessments/complements.html", context)


@require_safe
@login_required
def receipt(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """When the file was submitted, by whom, and its fingerprint; the paper as soon as the worker has made it. Those of
    the submissions before it, when the jury gave the file back."""
    file, _membership = file_or_404(request, code, year)
    scorecard, *earlier = queries.declared_scorecards(file) or [None]
    if scorecard is None:
        raise Http404
    context = {
        "earlier": earlier,
        "application": file,
        "territory": file.territory,
        "edition": file.edition,
        "scorecard": scorecard,
        "declared": (declared := scorecards.replayed(file, scorecard)),
        "if_accepted": panels.if_accepted(file, declared),
        "when": policies.moment(scorecard.frozen_at),
        "results_day": policies.moment(file.edition.results_at),
        **_paper(file, queries.sheet(file)),
    }
    template = "assessments/receipt.html#paper" if request.htmx else "assessments/receipt.html"
    return render(request, template, context)


@require_safe
@login_required
def receipt_file(request: SignedInRequest, code: str, year: int) -> FileResponse:
    file, _membership = file_or_404(request, code, year)
    scorecard = queries.declared_scorecard(file)
    if scorecard is None or scorecard.receipt is None:
        raise Http404
    return downloads.attachment(scorecard.receipt, receipts.file_name(file))


@require_safe
@login_required
def submitted_file(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """All that was submitted, byte for byte: its SHA-256 is the fingerprint of the receipt.

    `?depot=`: which submission, counted from 1; the last one otherwise."""
    file, _membership = file_or_404(request, code, year)
    wanted = request.GET.get("depot", "")
    made = queries.declared_scorecards(file)
    scorecard = (
        made.filter(round=int(wanted)) if wanted.isascii() and wanted.isdigit() and len(wanted) < 5 else made
    ).first()
    if scorecard is None or not scorecard.submitted:
        raise Http404
    response = HttpResponse(scorecard.submitted.encode(), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="depot-{code}-{year}.json"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
@login_required
def trace(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """« D’où vient ce score »: every question, its answer, its evidence, its points, its rule, its source."""
    file, membership = file_or_404(request, code, year)
    sheet, result = sheet_and_score(file)
    context = file_context(
        file,
        membership,
        sheet,
        result,
        axes=tracing.axes(result, sheet),
        levels=file.framework.parsed.levels,
        level_words=tracing.level_reached(result),
        hash=result.input_hash,
        comparison=benchmarks.of_framework(queries.benchmark_of(file), result.framework),
    )
    return render(request, "assessments/trace.html", context)
