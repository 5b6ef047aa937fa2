"""Evidence: the list, a piece to add, a file to download, a piece to remove."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.doors.limits import UPLOADS, limited
from accounts.models import User
from accounts.permissions import SignedInRequest
from accounts.refusals import Refused
from accounts.rules import texts
from assessments import actions, forms, policies, queries
from assessments.models import Application, Evidence, EvidenceUse, Initiative
from assessments.pages import questionnaire
from assessments.views import downloads
from assessments.views.access import (
    WRONG,
    file_context,
    file_or_404,
    file_to_write,
    say_on_form,
    sheet_and_score,
    why_read_only,
)
from documents.pages import DRAWN
from scoring import parts
from scoring.model import Question


@require_safe
@login_required
def evidence(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """Every piece of the file, with what it proves."""
    file, membership = file_or_404(request, code, year)
    sheet, result = sheet_and_score(file)
    now = timezone.now()
    known = file.framework.parsed.question_by_id
    titles = {row.pk: row.title for row in sheet.initiatives}
    rows = [
        {
            "piece": piece,
            "questions": [known[use.question_id] for use in piece.uses.all() if use.question_id in known],
            "initiatives": [titles[use.initiative_id] for use in piece.uses.all() if use.initiative_id in titles],
            "removed": [use.initiative for use in piece.uses.all() if use.initiative and use.initiative.removed_at],
            "publishable": _publishable(piece, known),
            "closed": policies.why_not_change_piece(file, now, piece.uses.all()),
        }
        for piece in queries.evidence(file).prefetch_related("uses__initiative")
    ]
    return render(request, "assessments/evidence.html", file_context(file, membership, sheet, result, rows=rows))


def _publishable(piece: Evidence, known: Mapping[str, Question]) -> bool:
    """May its commune show it to the public?"""
    names = [use.question_id for use in piece.uses.all() if use.question_id in known]
    shown = piece.file is None or piece.file.content_type in DRAWN
    return bool(names) and shown and not any(known[name].confidential for name in names)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@limited(UPLOADS)
def add_evidence(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """Join a file or a link to a question (`?question=`) or to an initiative (`?initiative=`); to what the form says
    when the address does not."""
    file, membership = file_or_404(request, code, year)
    question, initiative = _target(request.GET.get("question", ""), request.GET.get("initiative", ""), file)
    named = question is not None or initiative is not None
    choices = None if named else questionnaire.provable(*sheet_and_score(file))
    existing = _reusable(file, question, initiative) if named else None
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = forms.EvidenceForm(*posted, existing=existing, proves=choices)
    reason = why_read_only(file, membership, **_proves(question, initiative))
    if not form.is_valid():
        return _form(request, file, question, initiative, form, read_only=None if form.is_bound else reason)
    if not named:
        kind, _colon, pk = form.cleaned_data["proves"].rpartition(":")
        question, initiative = _target("" if kind else pk, pk if kind else "", file)
    now = timezone.now()
    try:
        file, _membership = file_to_write(request, code, year)
        piece = _write(file, question, initiative, form, by=request.user, now=now)
    except Refused as refusal:
        say_on_form(form, refusal)
        return _form(request, file, None if not named else question, None if not named else initiative, form)
    if piece.added_at < now:
        messages.success(
            request,
            _("Cette preuve était déjà dans le dossier, sous l’intitulé « %(title)s » : elle appuie aussi ceci.")
            % {"title": piece.title},
        )
    else:
        messages.success(request, _("La preuve est jointe au dossier."))
    return redirect(
        _back(request, file, question, initiative) if named else reverse("assessments:evidence", args=[code, year])
    )


def _back(request: SignedInRequest, file: Application, question: Question | None, initiative: Initiative | None) -> str:
    """Where the person came from: the initiative, or the question on the page (`?retour=`) that showed it."""
    place = [file.territory.code, file.edition.year]
    if initiative:
        return reverse("assessments:initiative", args=[*place, initiative.pk])
    if question is None:
        return reverse("assessments:evidence", args=place)
    part = parts.part(file.framework.parsed, request.GET.get("retour", ""))
    shown = part.id if part and question in part.questions else question.issue
    return f"{reverse('assessments:questions', args=[*place, shown])}#{question.id}"


def _proves(question: Question | None, initiative: Initiative | None) -> dict[str, Any]:
    """What would change with the new piece."""
    return {"questions": [question.id] if question else [], "initiatives": [initiative] if initiative else []}


def _write(
    file: Application,
    question: Question | None,
    initiative: Initiative | None,
    form: forms.EvidenceForm,
    *,
    by: User,
    now: datetime,
) -> Evidence:
    """A new piece, or one more thing proven by a piece that is there."""
    fields = form.cleaned_data
    piece: Evidence | None = fields.get("existing")
    if piece:
        piece.application = file
        actions.reuse_evidence(
            evidence=piece, question_id=question.id if question else "", initiative=initiative, by=by, now=now
        )
        return piece
    return actions.add_evidence(
        application=file,
        title=fields["title"],
        url=fields["url"],
        upload=_content(fields["upload"]),
        questions=[question.id] if question else [],
        initiative=initiative,
        public=fields["public"],
        by=by,
        now=now,
    )


def _reusable(file: Application, question: Question | None, initiative: Initiative | None) -> QuerySet[Evidence] | None:
    """The pieces of the file that do not prove this yet; None when there is none."""
    uses = EvidenceUse.objects.filter(question_id=question.id if question else "", initiative=initiative)
    pieces = Evidence.objects.filter(application=file, removed_at=None).exclude(pk__in=uses.values("evidence"))
    return pieces if pieces.exists() else None


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@limited(UPLOADS)
def replace_evidence(request: SignedInRequest, code: str, year: int, pk: int) -> HttpResponse:
    """Another file or link in the place of this piece, for all that it proves."""
    file, membership = file_or_404(request, code, year)
    piece = Evidence.objects.filter(application=file, pk=pk, removed_at=None).first()
    if piece is None:
        raise Http404
    piece.application = file
    form = forms.EvidenceForm(request.POST or None, request.FILES or None)
    # The new piece is as public as the one that it replaces.
    del form.fields["public"]
    if form.is_valid() and _replace(request, piece, form):
        messages.success(request, _("La preuve est remplacée. L’ancienne n’est plus lisible par personne."))
        return redirect("assessments:evidence", code, year)
    context = {
        "application": file,
        "territory": file.territory,
        "edition": file.edition,
        "piece": piece,
        "form": form,
        "back": reverse("assessments:evidence", args=[code, year]),
        "read_only": why_read_only(file, membership)
        or policies.why_not_change_piece(file, timezone.now(), piece.uses.select_related("initiative")),
    }
    status = WRONG if request.method == "POST" else 200
    return render(request, "assessments/evidence_form.html", context, status=status)


def _replace(request: SignedInRequest, piece: Evidence, form: forms.EvidenceForm) -> bool:
    """Was it replaced? Else the form says why not."""
    territory, edition = piece.application.territory, piece.application.edition
    try:
        file, _membership = file_to_write(request, territory.code, edition.year)
        piece.application = file
        actions.replace_evidence(
            evidence=piece,
            title=form.cleaned_data["title"],
            url=form.cleaned_data["url"],
            upload=_content(form.cleaned_data["upload"]),
            by=request.user,
            now=timezone.now(),
        )
    except Refused as refusal:
        say_on_form(form, refusal)
        return False
    return True


@require_safe
@login_required
def download(request: SignedInRequest, code: str, year: int, pk: int) -> FileResponse:
    file, _membership = file_or_404(request, code, year)
    piece = queries.evidence(file).filter(pk=pk, url="").first()
    if piece is None or piece.file is None:
        raise Http404
    return downloads.attachment(piece.file, piece.file_name)


@require_POST
@login_required
def publish_evidence(request: SignedInRequest, code: str, year: int, pk: int) -> HttpResponse:
    file, _membership = file_to_write(request, code, year)
    piece = get_object_or_404(queries.evidence(file), pk=pk)
    piece.application = file
    actions.publish_evidence(evidence=piece, by=request.user, now=timezone.now())
    messages.success(request, _("Le public verra cette preuve après l’annonce des résultats."))
    return redirect("assessments:evidence", code, year)


@require_POST
@login_required
def remove_evidence(request: SignedInRequest, code: str, year: int, pk: int) -> HttpResponse:
    file, _membership = file_to_write(request, code, year)
    piece = Evidence.objects.filter(application=file, pk=pk).first()
    if piece is None:
        raise Http404
    piece.application = file
    actions.remove_evidence(evidence=piece, by=request.user, now=timezone.now())
    messages.success(request, _("La preuve est retirée du dossier : plus personne ne peut la lire."))
    return redirect("assessments:evidence", code, year)


def _target(question_id: str, pk: str, file: Application) -> tuple[Question | None, Initiative | None]:
    """What the new piece proves, nothing when neither is given; 404 when it is nothing of this file."""
    if not question_id and not pk:
        return None, None
    question = file.framework.parsed.question_by_id.get(question_id)
    initiative = Initiative.objects.filter(application=file, pk=texts.whole(pk) or 0, removed_at=None).first()
    if (question is None) == (initiative is None):
        raise Http404
    return question, initiative


def _content(upload: UploadedFile[Any] | None) -> tuple[str, bytes] | None:
    return (upload.name or "", upload.read()) if upload else None


def _form(
    request: SignedInRequest,
    file: Application,
    question: Question | None,
    initiative: Initiative | None,
    form: forms.EvidenceForm,
    *,
    read_only: str | None = None,
) -> HttpResponse:
    context = {
        "application": file,
        "territory": file.territory,
        "edition": file.edition,
        "question": question,
        "initiative": initiative,
        "form": form,
        "read_only": read_only,
        "back": _back(request, file, question, initiative),
    }
    return render(request, "assessments/evidence_form.html", context, status=WRONG if form.is_bound else 200)
