"""The files of an edition as the organiser follows them: the list, one file, its export."""

from datetime import datetime
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import wording as trail
from accounts.permissions import Right, SignedInRequest, may, organiser_required, right_required
from accounts.queries import team
from accounts.refusals import Refused
from accounts.rules import texts
from assessments import policies, wording
from assessments.doors import scorecards
from assessments.enums import State
from assessments.models import Application, Edition
from assessments.queries import counts_by_state, editions, sheet
from assessments.views.organising import PHASES
from season import forms
from season.actions import following as actions
from season.pages import exports
from season.queries import following

PAGE = 50


@require_safe
@right_required(Right.FIGURES)
def files(request: SignedInRequest, year: int) -> HttpResponse:
    """The list, filtered and sorted, fifty a page."""
    edition, now = get_object_or_404(editions(), year=year), timezone.now()
    form = forms.FilesForm(request.GET)
    page = Paginator(_found(edition, form.filters, now=now), PAGE).get_page(request.GET.get("page"))
    counts = counts_by_state(edition)
    answered = scorecards.answered(list(page))
    context = {
        "edition": edition,
        "phase": policies.phase(edition, now),
        "phase_words": PHASES[policies.phase(edition, now)],
        "form": form,
        "page": page,
        "rows": [(file, answered[file.pk]) for file in page],
        "counts": [(state, counts[state]) for state in State if counts.get(state)],
        "total": sum(counts.values()),
        "query": urlencode({name: value for name, value in request.GET.items() if name != "page" and value}),
    }
    return render(request, "season/files.html", context)


def _found(edition: Edition, filters: following.Filters, *, now: datetime) -> QuerySet[Application] | list[Application]:
    rows = following.files(edition, filters, now=now)
    if filters.order != "reponses":
        return rows
    answered = scorecards.answered(found := list(rows))
    return sorted(found, key=lambda file: -answered[file.pk])


@require_safe
@right_required(Right.FIGURES)
def export(request: SignedInRequest, year: int, kind: str) -> HttpResponse:
    """What the filters leave, or the files ticked among them (`?dossier=`), with their contacts for
    whoever sees people elsewhere too: figures alone open no address."""
    edition = get_object_or_404(editions(), year=year)
    if kind not in ("csv", "xlsx"):
        raise Http404
    chosen = {texts.whole(text) for text in request.GET.getlist("dossier")}
    if None in chosen:
        raise Refused(_("Un des dossiers cochés n’existe pas : revenez à la liste, cochez-les, puis exportez."))
    rows = _found(edition, forms.FilesForm(request.GET).filters, now=timezone.now())
    found = [row for row in rows if not chosen or row.pk in chosen]
    contacts = following.contacts(found) if may(request.user, Right.PEOPLE) else None
    table = exports.files_table(found, contacts, scorecards.answered(found))
    if kind == "csv":
        response = HttpResponse(exports.as_csv(table), content_type="text/csv; charset=utf-8")
    else:
        content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        title = _("Dossiers %(year)s") % {"year": year}
        response = HttpResponse(exports.as_workbook(title, table), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="dossiers-{year}.{kind}"'
    return response


@require_safe
@right_required(Right.HELP)
def file(request: SignedInRequest, year: int, code: str) -> HttpResponse:
    """One file from outside: its people, its history, the notes, the billing."""
    known = _file(year, code)
    billing = following.billing_of(known)
    context = {
        "file": known,
        "closing": policies.closing_of(known),
        "team": team(territory=known.territory),
        "history": [(trail.done(entry.verb), entry) for entry in following.history(known)],
        "notes": known.support_notes.select_related("by"),
        "note": forms.NoteForm(),
        "billing": forms.BillingForm(initial={"status": billing.status, "purchase_order": billing.purchase_order}),
    }
    return render(request, "season/file.html", context)


@require_POST
@right_required(Right.HELP)
def read(request: SignedInRequest, year: int, code: str) -> HttpResponse:
    """The whole file, to read. A post, for it leaves a trace that its people may ask for."""
    known = _file(year, code)
    actions.note_reading(application=known, by=request.user)
    framework, said = known.framework.parsed, sheet(known)
    parts = [
        (
            issue.title["fr"],
            [
                (question.text["fr"], wording.answer(question, said.answers.get(question.id)))
                for question in framework.questions
                if question.issue == issue.id and question.id in said.answers
            ],
        )
        for issue in framework.issues
    ]
    context = {"file": known, "parts": [part for part in parts if part[1]], "initiatives": said.initiatives}
    return render(request, "season/read.html", context)


@require_POST
@right_required(Right.HELP)
def note(request: SignedInRequest, year: int, code: str) -> HttpResponse:
    form = forms.NoteForm(request.POST)
    if form.is_valid():
        actions.add_note(application=_file(year, code), **form.cleaned_data, by=request.user, now=timezone.now())
        messages.success(request, _("La note est gardée."))
    else:
        messages.error(request, _("Écrivez la note, en 4 000 caractères au plus."))
    return redirect("season:file", year, code)


@require_POST
@organiser_required
def billing(request: SignedInRequest, year: int, code: str) -> HttpResponse:
    form = forms.BillingForm(request.POST)
    if form.is_valid():
        actions.set_billing(application=_file(year, code), **form.cleaned_data, by=request.user, now=timezone.now())
        messages.success(request, _("La facturation est enregistrée."))
    else:
        messages.error(request, _("Choisissez un état de facturation ; le bon de commande tient en 60 caractères."))
    return redirect("season:file", year, code)


def _file(year: int, code: str) -> Application:
    rows = Application.objects.select_related("edition", "framework", "territory__department__region", "started_by")
    return get_object_or_404(rows.defer("framework__document"), edition__year=year, territory__code=code)
